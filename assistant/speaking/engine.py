"""What every voice engine can do. It renders; it never plays (law 7)."""

from __future__ import annotations

from typing import Protocol

from assistant.sound import Sound


class VoiceEngine(Protocol):
    """Text in, `Sound` out. Used from one worker thread."""

    @property
    def name(self) -> str:
        """Short and stable, as in `--tts`."""
        ...

    @property
    def voice(self) -> str:
        """Which voice it speaks with; part of the cache's key."""
        ...

    def render(self, text: str, words_per_minute: int) -> Sound:
        """The whole of `text`, within a bounded time. Raises EngineError, whose hint holds no words."""
        ...

    def close(self) -> None:
        """Give everything back. May be called twice."""
        ...

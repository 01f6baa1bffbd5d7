"""What every voice engine can do. It renders; it never plays (law 7)."""

from __future__ import annotations

from typing import Protocol

from assistant.errors import EngineError
from assistant.sound import Sound


class DeclinedLineError(EngineError):
    """A line that is not this engine's to speak, though nothing is broken: the next one speaks it."""

    def __init__(self) -> None:
        super().__init__("voice-line-declined", "This voice does not speak this line; another one does.")


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


class KeptVoice:
    """An engine whose lines were rendered before, here or on another machine: they are read, and none is made."""

    def __init__(self, name: str, voice: str) -> None:
        self.name = name
        self.voice = voice

    def render(self, text: str, words_per_minute: int) -> Sound:
        """Raises DeclinedLineError, always."""
        raise DeclinedLineError

    def close(self) -> None:
        """There is nothing to give back."""

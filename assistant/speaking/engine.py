"""What every voice engine can do. It renders; it never plays (law 7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from numpy import float32
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """Mono samples, -1 to 1, at `rate` Hz."""

    samples: NDArray[float32]
    rate: int

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.samples) / self.rate


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

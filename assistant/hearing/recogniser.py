"""What every recogniser can do. Engines return data; they start nothing and stop nothing."""

from __future__ import annotations

from typing import Protocol

from numpy import float32
from numpy.typing import NDArray

from assistant.core.commands import Answer
from assistant.safety.transcript import Transcript

RATE = 16_000
"""Hz. Silero, Whisper and pocketsphinx all take 16 kHz mono."""


class Recogniser(Protocol):
    """Speech in, a `Transcript` out. Used from one worker thread."""

    @property
    def name(self) -> str:
        """Short and stable, as in `--stt`."""
        ...

    def warm_up(self) -> None:
        """Pay the first call's price before a person is waiting. Raises EngineError."""
        ...

    def transcribe(self, samples: NDArray[float32], expected: Answer = Answer.ANYTHING) -> Transcript:
        """`samples`: mono at `RATE`, -1 to 1, one turn; never written into. Raises EngineError, without words in it.

        `expected`: what was asked for. It may help to choose between words that sound alike, and must not hide others.
        """
        ...

    def close(self) -> None:
        """Give everything back. May be called twice."""
        ...

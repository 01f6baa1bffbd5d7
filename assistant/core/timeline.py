"""What is to be heard, as data: the player lays it out sample by sample, so pauses are exact whatever Python does."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Speech:
    """`text` said aloud. `pace` multiplies the configured rate; `gain_db` is added to the level.

    `quoted`: the person's own words. Their sound is kept in no file, and no other computer makes it.
    """

    text: str
    pace: float = 1.0
    gain_db: float = 0.0
    quoted: bool = False

    def __repr__(self) -> str:
        # Law 9: the person's words never reach a log or a traceback by way of a repr.
        text = f"<{len(self.text.split())} words of the person>" if self.quoted else repr(self.text)
        return f"Speech({text}, {self.pace}, {self.gain_db})"


@dataclass(frozen=True, slots=True)
class Pause:
    """Exactly so many seconds of silence."""

    seconds: float


class ToneName(StrEnum):
    """Breath cues: unlike each other by ear, so that nobody loses track of which is which."""

    BREATHE_IN = "breathe_in"
    BREATHE_OUT = "breathe_out"


@dataclass(frozen=True, slots=True)
class Tone:
    """A breath cue stretched over exactly so many seconds."""

    name: ToneName
    seconds: float


@dataclass(frozen=True, slots=True)
class Chime:
    """A sound from `audio/NAME.wav`."""

    name: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """A line recorded beforehand in `audio/<lang>/NAME.wav`; it needs no voice engine. `text` is its caption."""

    name: str
    text: str


Segment = Speech | Pause | Tone | Chime | Recorded


@dataclass(frozen=True, slots=True)
class Timeline:
    """Segments in order. `gain_db` holds for all of them; 0 is the configured loudness."""

    segments: tuple[Segment, ...]
    gain_db: float = 0.0

    def captions(self) -> tuple[str, ...]:
        """The words, in order, as a person reads them."""
        return tuple(s.text for s in self.segments if isinstance(s, Speech | Recorded))

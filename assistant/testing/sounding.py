"""What sounds in the virtual room: the person, the voice, and what of it is still to come."""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant.core.ids import UtteranceId
from assistant.core.timeline import Timeline
from assistant.safety.transcript import Trust


@dataclass(frozen=True, slots=True)
class Sounding:
    """A stretch in which the microphone hears the person. No words: a cough, or noise."""

    start: float
    end: float
    words: str
    probability: float
    trust: Trust


@dataclass(slots=True)
class Heard:
    """What came out of the speaker: one segment of speech."""

    start: float
    text: str
    end: float | None = None
    cut: bool = False


@dataclass(slots=True)
class Playing:
    """One utterance, and the segment of it that is being heard."""

    utterance: UtteranceId
    timeline: Timeline
    current: int = 0
    put_off: list[tuple[float, int, tuple[str, int, int]]] = field(default_factory=list)
    """What was planned of it when it began to wait for somebody, by the seconds that were left."""

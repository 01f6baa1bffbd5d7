"""What an ear believes it heard."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Trust(StrEnum):
    """How far a transcript may be acted on. Doubt may escalate to a question; it never dismisses."""

    TRUSTED = "trusted"
    DOUBTFUL = "doubtful"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Transcript:
    """`confidence` is 0 to 1, as far as the engine can tell. `text` is empty exactly when `trust` is EMPTY."""

    text: str
    trust: Trust
    confidence: float
    engine: str

    def __post_init__(self) -> None:
        if (self.trust is Trust.EMPTY) != (not self.text.strip()):
            raise ValueError("a transcript is EMPTY exactly when it has no words")

    def __repr__(self) -> str:
        # Law 9: the person's words never reach a log or a traceback by way of a repr.
        return f"Transcript({len(self.text.split())} words, {self.trust}, {self.confidence:.2f}, {self.engine})"


def nothing_heard(engine: str) -> Transcript:
    """A transcript of no words."""
    return Transcript("", Trust.EMPTY, 0.0, engine)


def readable(text: str) -> str:
    """`text` with a space for whatever is no letter and no sign: what moves a terminal's cursor, and bytes that were no
    text. No file, no screen and no engine takes those.
    """
    return "".join(letter if letter.isprintable() else " " for letter in text)

"""What the screen can say of a text: how strong the signal is, of what kind, and which evidence raised it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Level(IntEnum):
    """Ordered, so that fusing verdicts is `max`."""

    NONE = 0
    SOFT = 1
    """Pause and ask one plain question, with a number ready."""
    HARD = 2
    """Stop, and give human support."""


class Kind(StrEnum):
    """What the signal is about."""

    SUICIDE = "suicide"
    SELF_HARM = "self_harm"
    HARM_TO_OTHERS = "harm_to_others"
    ABUSE = "abuse"
    MEDICAL = "medical"
    PSYCHOSIS = "psychosis"
    OVERWHELM = "overwhelm"
    THIRD_PERSON = "third_person"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`kind` is None exactly when `level` is NONE. `evidence` holds ids of rules or estimators, never words."""

    level: Level = Level.NONE
    kind: Kind | None = None
    evidence: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if (self.level is Level.NONE) != (self.kind is None):
            raise ValueError("a verdict above NONE names its kind, and only then")


CLEAR = Verdict()

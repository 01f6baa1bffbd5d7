"""What earlier exercises and check-ins came to: numbers and names, never words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from assistant.core.states import State


@dataclass(frozen=True, slots=True)
class PastExercise:
    """`ended`: with its time zone. `worse`: the person said so, or the number after was higher."""

    ended: datetime
    exercise: str
    """Id of an exercise or of a check-in format."""
    state: State
    before: float | None
    after: float | None
    worse: bool
    stopped: bool


Past = tuple[PastExercise, ...]
"""Oldest first."""


class Forgetting(StrEnum):
    """How much: the entry that was written last, all since midnight, or all that the program wrote."""

    THAT = "that"
    TODAY = "today"
    EVERYTHING = "everything"

"""What is wrong with a file someone wrote, and where: collected, so that all of it is told at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Severity(StrEnum):
    """A warning is told; a fault makes `grounding check` fail."""

    FAULT = "fault"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Fault:
    """`line` and `column` count from 1. `what` happened, and the `mend`: what to change."""

    path: Path
    line: int
    column: int
    what: str
    mend: str
    severity: Severity = Severity.FAULT

    def __str__(self) -> str:
        warning = "warning: " if self.severity is Severity.WARNING else ""
        return f"{self.path}:{self.line}:{self.column}: {warning}{self.what}, {self.mend}"

    @property
    def order(self) -> tuple[str, int, int]:
        """As a reader goes through files."""
        return (str(self.path), self.line, self.column)


def nearest(word: str, known: Iterable[str], count: int = 1) -> list[str]:
    """The known words most like `word`, best first; none when nothing is like it."""
    by_lower = {name.lower(): name for name in known}
    return [by_lower[name] for name in difflib.get_close_matches(word.lower(), by_lower, count, cutoff=0.5)]


def listed(faults: Iterable[Fault]) -> str:
    """One fault a line, in reading order."""
    return "\n".join(str(fault) for fault in sorted(faults, key=lambda fault: fault.order))

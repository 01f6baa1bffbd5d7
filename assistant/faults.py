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


CLOSE = 0.75
"""How alike two spellings are when one is most likely the other, mistyped: "numbr" and "number", not "nothing" and
"humming"."""


def close(word: str, known: Iterable[str], count: int = 3) -> list[str]:
    """The known words that `word` was most likely meant to be, best first; those that hold it whole come last."""
    by_lower = {name.lower(): name for name in known}
    spelled = difflib.get_close_matches(word.lower(), by_lower, count, cutoff=CLOSE)
    holding = [name for name in by_lower if len(word) > 2 and word.lower() in name and name not in spelled]
    return [by_lower[name] for name in [*spelled, *holding][:count]]


def did_you_mean(word: str, known: Iterable[str], all_of_them: str) -> str:
    """The end of a sentence about a name that nobody knows. `all_of_them`: the command that lists them."""
    likely = close(word, known)
    asked = f" Did you mean {' or '.join(likely)}?" if likely else ""
    return f"{asked} They are listed by: {all_of_them}"


def listed(faults: Iterable[Fault]) -> str:
    """One fault a line, in reading order."""
    return "\n".join(str(fault) for fault in sorted(faults, key=lambda fault: fault.order))

"""What a person said in a flow, on a page: handed on when they ask for it, and gone otherwise."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

BLANK = "_" * 40
"""Room to write what was only thought, or not understood."""


@dataclass(frozen=True, slots=True)
class Page:
    """`rows`: (label, the person's words); no words: there is room to write. Its words are in no repr (law 9)."""

    title: str
    rows: tuple[tuple[str, str], ...] = field(repr=False)
    for_person: bool = False

    def text(self) -> str:
        """As it is shown, kept or exported."""
        return "\n".join((self.title, "", *(f"{label} {words or BLANK}" for label, words in self.rows)))


class Place(StrEnum):
    """Where a page goes: an encrypted note, the screen, or the file that the person named."""

    NOTE = "note"
    SCREEN = "screen"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class HandOver:
    """The person asked for it: the page goes there, and nowhere else."""

    page: Page
    place: Place

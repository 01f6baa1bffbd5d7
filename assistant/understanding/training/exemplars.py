"""The exemplars: what people in distress, and people who only sound like it, say. One file a voice, written by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from assistant.errors import ContentError
from assistant.safety.verdict import Kind, Level

FOLDER: Final = Path(__file__).parent.parent / "exemplars"

EVERYDAY: Final = frozenset({"everyday", "rating", "command"})
"""Sorts of harmless lines that are ordinary talk with the program; all others are hard negatives."""
SORTS: Final = (
    "twin", "panic", "distress", "grief", "past", "fiction", "idiom", "quote", "senses", "boundary", *sorted(EVERYDAY)
)  # fmt: skip
"""Sorts of harmless lines, as `exemplars/README.md` tells them."""


@dataclass(frozen=True, slots=True)
class Exemplar:
    """`kind` is a `Kind` for a dangerous line, and a sort for a harmless one."""

    voice: str
    line: int
    level: Level
    kind: str
    text: str

    @property
    def harmless(self) -> bool:
        """Whether stopping this person would be wrong."""
        return self.level is Level.NONE

    @property
    def everyday(self) -> bool:
        """Ordinary talk, nothing that could sound like danger."""
        return self.kind in EVERYDAY


def read_voices(folder: Path = FOLDER) -> dict[str, list[Exemplar]]:
    """Every voice by its name. Raises ContentError naming each line that cannot be read."""
    faults: list[str] = []
    voices = {path.stem: list(_read(path, faults)) for path in sorted(folder.glob("*.tsv"))}
    if faults:
        raise ContentError("exemplars-broken", "\n".join(faults))
    return voices


def _read(path: Path, faults: list[str]) -> Iterable[Exemplar]:
    for number, row in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if row.startswith("#"):
            continue
        exemplar = _exemplar(path.stem, number, row.split("\t"))
        if exemplar is None:
            faults.append(f"{path.name}:{number}: not level, kind and text with one tab between: see README.md there")
        else:
            yield exemplar


_LEVELS: Mapping[str, Level] = {level.name.lower(): level for level in Level}
_KINDS = frozenset(kind.value for kind in Kind)


def _exemplar(voice: str, number: int, fields: list[str]) -> Exemplar | None:
    if len(fields) != 3 or not fields[2].strip() or fields[0] not in _LEVELS:
        return None
    level = _LEVELS[fields[0]]
    known = frozenset(SORTS) if level is Level.NONE else _KINDS
    return Exemplar(voice, number, level, fields[1], fields[2].strip()) if fields[1] in known else None

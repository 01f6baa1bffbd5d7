"""Notes the person asked to keep. Their words are encrypted in the file, and in no repr, log or exception."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from assistant.errors import StoreError, UsageError
from assistant.memory.key import Key, find_key, make_key, seal, unseal
from assistant.memory.store import FILE, Store

LONGEST = 10_000
"""Characters: three minutes of speech are some 3,000."""


class NoteKind(StrEnum):
    """A reflection is for oneself; a bookmark is meant to be talked about."""

    REFLECTION = "reflection"
    BOOKMARK = "bookmark"


@dataclass(frozen=True, slots=True)
class Note:
    """`number`: how it is named when it is removed, or put into a report."""

    number: int
    written: datetime
    kind: NoteKind
    text: str = field(repr=False)


def add_note(folder: Path, text: str, kind: NoteKind, now: datetime) -> tuple[int, Key]:
    """Its number, and the key it was sealed with. Raises UsageError for no text, or too much."""
    text = text.strip()
    if not text or len(text) > LONGEST:
        what = "is empty" if not text else f"is longer than {LONGEST} characters"
        raise UsageError("note-unfit", f"The note {what}; nothing was kept.")
    with Store.open(folder, now) as store:
        key = _key(folder, store) or make_key(folder)
        return store.add_sealed(now, kind.value, seal(key, text)), key


def notes(folder: Path, now: datetime, numbers: Collection[int] | None = None) -> list[Note]:
    """All, or those of `numbers`, oldest first. Raises UsageError for a number there is none of."""
    if not (folder / FILE).exists():
        return _known([], numbers)
    with Store.open(folder, now) as store:
        sealed = store.sealed()
        key = _key(folder, store)
    _known([number for number, *_ in sealed], numbers)
    if key is None:
        return []
    return [
        Note(number, written, NoteKind(kind), unseal(key, text))
        for number, written, kind, text in sealed
        if numbers is None or number in numbers
    ]


def remove_note(folder: Path, number: int, now: datetime) -> None:
    """Gone from the file, and from the copies made before migrations. Raises UsageError for one there is not."""
    if not (folder / FILE).exists():
        _known([], [number])
    with Store.open(folder, now) as store:
        if not store.forget_note(number):
            _known([], [number])


def _key(folder: Path, store: Store) -> Key | None:
    """None: there is no note yet. A new key beside notes of a lost one would hide that they are lost."""
    there = store.sealed()
    key = find_key(folder)
    if key is None and there:
        raise StoreError(
            "notes-key-missing",
            "The key of the notes is gone, so they cannot be read, and no new ones are added to them. Put it back, or "
            "remove them: grounding forget everything",
        )
    if key is not None and there:
        unseal(key, there[-1][3])  # another key is told before anything is written
    return key


def _known(there: list[int], wanted: Collection[int] | None) -> list[Note]:
    missing = [number for number in wanted or () if number not in there]
    if missing:
        raise UsageError("note-unknown", f"There is no note {missing[0]}; see: grounding note list")
    return []

"""Notes the person asked to keep. Their words are encrypted in the file, and in no repr, log or exception."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from assistant.errors import StoreError, UsageError
from assistant.memory.key import Key, find_key, make_key, seal, unseal
from assistant.memory.store import Store

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


def fitting(text: str) -> str:
    """As it is kept. Raises UsageError for no text, or too much."""
    text = text.strip()
    wrong = "is empty" if not text else f"is longer than {LONGEST} characters" if len(text) > LONGEST else ""
    try:
        text.encode()
    except UnicodeEncodeError:  # bytes that were no text, as a terminal without UTF-8 hands them on
        wrong = "is not UTF-8 text"
    if wrong:
        raise UsageError("note-unfit", f"The note {wrong}; nothing was kept.")
    return text


def add_notes(store: Store, written: Sequence[tuple[datetime, NoteKind, str]]) -> tuple[int, Key]:
    """Moment, kind and words, all of them or none: the number of the last, and the key they were sealed with."""
    fit = [(moment, kind.value, fitting(text)) for moment, kind, text in written]
    key = _key(store) or make_key(store.path.parent)
    return store.add_sealed((moment, kind, seal(key, text)) for moment, kind, text in fit), key


def notes(store: Store, numbers: Collection[int] | None = None) -> list[Note]:
    """All, or those of `numbers`, oldest first. Raises UsageError for a number there is none of."""
    sealed = store.sealed()
    key = _key(store)
    known([number for number, *_ in sealed], numbers)
    if key is None:
        return []
    return [
        Note(number, written, _KINDS.get(kind, NoteKind.REFLECTION), unseal(key, text))
        for number, written, kind, text in sealed
        if numbers is None or number in numbers
    ]


def remove_note(store: Store, number: int) -> None:
    """Gone from the file, and from the copies made before migrations. Raises UsageError for one there is not."""
    if not store.forget_note(number):
        known([], [number])


def known(there: Collection[int], wanted: Collection[int] | None) -> None:
    """Raises UsageError for a note that is wanted and not there."""
    missing = [number for number in wanted or () if number not in there]
    if missing:
        raise UsageError("note-unknown", f"There is no note {missing[0]}; see: grounding note list")


_KINDS = {kind.value: kind for kind in NoteKind}


def _key(store: Store) -> Key | None:
    """None: there is no note yet. A new key beside notes of a lost one would hide that they are lost."""
    there = store.sealed()
    key = find_key(store.path.parent)
    if key is None and there:
        raise StoreError(
            "notes-key-missing",
            "The key of the notes is gone, so they cannot be read, and no new ones are added to them. Put it back, or "
            "remove them: grounding forget everything",
        )
    if key is not None and there:
        unseal(key, there[-1][3])  # another key is told before anything is written
    return key

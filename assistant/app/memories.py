"""The commands that look at what is remembered, carry it elsewhere, and forget it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.app.places import memory_folder
from assistant.core.past import Forgetting, Past
from assistant.errors import StoreError
from assistant.memory.store import FILE, Store

if TYPE_CHECKING:
    from assistant.memory.notes import Note
    from assistant.memory.transfer import Written
    from assistant.settings import Settings


def here_and_now() -> datetime:
    """The time of day, with its zone."""
    return datetime.now().astimezone()


def past(days: int | None, tell: Callable[[str], None]) -> Past:
    """What is remembered; of so many days up to the newest entry, or all. Makes no file where there is none."""
    if not (memory_folder() / FILE).exists():
        return ()
    with _open(tell) as store:
        found = store.past()
    if days is None:
        return found
    from assistant.memory.history import since

    return since(found, days)


def report(
    days: int | None, numbers: Collection[int], as_pdf: bool, settings: Settings, tell: Callable[[str], None]
) -> bytes:
    """The page of the last so many days, as HTML or PDF. Exercises have their titles where they are still known."""
    from assistant.app.parts import load_library
    from assistant.memory.report import USUAL_DAYS, Line, sheet, to_html

    lines = [Line(note.written.date(), note.text) for note in notes(numbers, tell)]
    titles = {name: script.title for name, script in load_library(settings).repertoire.scripts.items()}
    page = sheet(past(None, tell), here_and_now().date(), days or USUAL_DAYS, titles, lines)
    if not as_pdf:
        return to_html(page).encode()
    from assistant.memory.report_pdf import to_pdf

    return to_pdf(page)


def last_written() -> str | None:
    """What `forget that` takes away, in words: which exercise or that it is a note, and when. Makes no file."""
    if not (memory_folder() / FILE).exists():
        return None
    with _open(lambda told: None) as store:  # told by `forget`
        last = store.last()
    if last is None:
        return None
    return f"{last.exercise or 'a note'} of {last.moment:%Y-%m-%d %H:%M}"


def forget(what: str) -> tuple[str, list[Path]]:
    """What is gone, as a sentence, and damaged files that may hold it still."""
    from assistant.memory.forgetting import forget as forgotten
    from assistant.memory.forgetting import set_aside

    asked = Forgetting(what)
    last = last_written() if asked is Forgetting.THAT else None
    gone = forgotten(memory_folder(), asked, here_and_now())
    if not gone:
        return "There was nothing to forget.", set_aside(memory_folder())
    if asked is Forgetting.EVERYTHING:
        return "Everything is forgotten.", []
    if asked is Forgetting.TODAY:
        return f"Everything since midnight is forgotten, {gone} in all.", set_aside(memory_folder())
    return f"Forgotten: {last}.", set_aside(memory_folder())


def add_note(text: str, tell: Callable[[str], None], *, for_therapist: bool) -> str:
    """What became of it, and where its key is, plainly."""
    from assistant.memory import key
    from assistant.memory.notes import NoteKind, add_notes, fitting

    kind = NoteKind.BOOKMARK if for_therapist else NoteKind.REFLECTION
    text = fitting(text)  # before a file is made
    with _open(tell) as store:
        number, sealed_with = add_notes(store, [(here_and_now(), kind, text)])
    if sealed_with.in_keyring:
        return f"Kept as note {number}, encrypted; its key is in the keyring of this system."
    return (
        f"Kept as note {number}, encrypted. Its key lies beside it, in {memory_folder() / key.FILE}, readable only by "
        "you: who can read your files can read your notes. With a keyring: pip install 'grounding-assistant[keyring]'"
    )


def notes(numbers: Collection[int] | None, tell: Callable[[str], None]) -> list[Note]:
    """All, or those of `numbers`. Makes no file where there is none."""
    from assistant.memory.notes import known, notes

    if not (memory_folder() / FILE).exists():
        known((), numbers)
        return []
    with _open(tell) as store:
        return notes(store, numbers)


def remove_note(number: int, tell: Callable[[str], None]) -> None:
    """For good."""
    from assistant.memory.notes import known, remove_note

    if not (memory_folder() / FILE).exists():
        known((), [number])
    with _open(tell) as store:
        remove_note(store, number)


def remember(text: str, tell: Callable[[str], None]) -> tuple[int, int, int]:
    """How many exported entries are new, how many were known, and how many notes are new."""
    from assistant.memory.transfer import read, unseen

    entries, written = read(text)
    with _open(tell) as store:
        added = _add_notes(store, written) if written else 0  # first: without their key nothing is changed
        new = unseen(entries, store.past())
        store.add(new)
    return len(new), len(entries) - len(new), added


def _add_notes(store: Store, written: Sequence[Written]) -> int:
    """Encrypted as any note; what is there already is not added twice."""
    from assistant.memory.notes import NoteKind, add_notes, notes

    there = {(int(note.written.timestamp()), note.text) for note in notes(store)}
    new = [note for note in written if (int(note.written.timestamp()), note.text) not in there]
    if new:
        add_notes(store, [(note.written, NoteKind(note.kind), note.text) for note in new])
    return len(new)


def _open(tell: Callable[[str], None]) -> Store:
    """For a command; `tell` shows what was found damaged."""
    store = Store.open(memory_folder(), here_and_now())
    if store.set_aside is not None:
        tell(damage_told(store))
    return store


def damage_told(store: Store) -> str:
    """What became of a damaged file."""
    assert store.set_aside is not None
    return f"{store.path} was damaged. It is kept as {store.set_aside.name} beside it, and a new one begins."


def memory_findings() -> list[dict[str, object]]:
    """For `doctor`: what is remembered, where, and who keeps the key of the notes. Makes no file."""
    from importlib.util import find_spec

    folder = memory_folder()
    pdf = find_spec("fpdf") is not None
    report: dict[str, object] = {"name": "reports", "state": "ok", "detail": f"HTML{' and PDF' if pdf else ''}"}
    mend = "" if pdf else "for PDF: pip install 'grounding-assistant[pdf]'"
    return [_memory_finding(folder), report | {"mend": mend}]


def _try_to_write(folder: Path) -> None:
    """Where `folder` is, or would be made: a file with no name, that nobody ever sees. Raises StoreError."""
    from tempfile import TemporaryFile

    from assistant.memory.troubles import told

    with told(folder / FILE):
        there = next(path for path in (folder, *folder.parents) if path.exists())
        with TemporaryFile(dir=there):
            pass


def _memory_finding(folder: Path) -> dict[str, object]:
    from assistant.memory.forgetting import set_aside
    from assistant.memory.key import find_key

    found: dict[str, object] = {"name": "memory", "state": "ok", "mend": ""}
    if not (folder / FILE).exists():
        try:
            _try_to_write(folder)
        except StoreError as error:
            return found | {"state": "degraded", "detail": "nothing can be remembered", "mend": error.hint}
        return found | {"detail": f"nothing is remembered yet; it would be in {folder}"}
    try:
        with Store.open(folder, here_and_now()) as store:
            entries, notes = len(store.past()), len(store.sealed())
        key = find_key(folder) if notes else None
    except StoreError as error:
        return found | {"state": "degraded", "detail": "cannot be used", "mend": error.hint}
    kept = f"entries: {entries}, notes: {notes}, in {folder}"
    if key is not None:
        kept += "; the notes' key is in the system's keyring" if key.in_keyring else "; the notes' key lies beside them"
    if aside := set_aside(folder):
        return found | {
            "state": "degraded",
            "detail": f"{kept}; {len(aside)} damaged file{'' if len(aside) == 1 else 's'} set aside",
            "mend": f"look at {aside[0]}, or remove all: grounding forget everything",
        }
    return found | {"detail": kept}

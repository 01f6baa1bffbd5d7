"""The conversation hands on what is to be noted, and goes on whatever becomes of it."""

from __future__ import annotations

import sys
import threading
from datetime import datetime
from pathlib import Path

import pytest

from assistant.core.commands import Command, End, EndReason, Forget, KeepNote, Record
from assistant.core.events import Event, Trouble
from assistant.core.pages import HandOver, Page, Place
from assistant.core.past import Forgetting
from assistant.errors import StoreError
from assistant.memory.notes import Note, NoteKind, notes
from assistant.memory.store import FILE, Store
from assistant.memory.worker import MemoryWorker

from .entries import NOON

RECORD = Record("feet-on-floor", "panic", 7.0, 8.0, stopped=True, worse=True)


def worked(folder: Path, *commands: Command) -> list[Event]:
    """All of it, to the worker's end; what it posted."""
    posted: list[Event] = []
    worker = MemoryWorker(folder, lambda: NOON, posted.append)
    worker.start()
    for command in commands:
        worker.command(command, 0.0, "closing")
    worker.close()
    worker._thread.join()  # on a slow machine it writes for longer than a program that ends waits
    return posted


def kept(folder: Path) -> list[Note]:
    with Store.open(folder, NOON) as store:
        return notes(store)


def test_a_record_is_kept_with_its_moment_and_its_worse(tmp_path: Path) -> None:
    assert worked(tmp_path, RECORD, RECORD) == []
    with Store.open(tmp_path, NOON) as store:
        (one, _) = store.past()
    assert (one.ended, one.before, one.after, one.worse, one.stopped) == (NOON, 7.0, 8.0, True, True)


def test_forgetting_comes_after_what_was_said_before_it(tmp_path: Path) -> None:
    assert worked(tmp_path, RECORD, RECORD, Forget(Forgetting.THAT)) == []
    with Store.open(tmp_path, NOON) as store:
        assert len(store.past()) == 1


def test_what_cannot_be_noted_is_told_and_what_can_be_is_noted(tmp_path: Path) -> None:
    (tmp_path / "memory").write_text("a file where the folder has to be")
    assert worked(tmp_path / "memory", RECORD) == [Trouble("memory-unusable")]
    assert worked(tmp_path / "memory", Forget(Forgetting.TODAY)) == []
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / FILE).write_bytes(b"no database" * 900)
    assert worked(tmp_path / "damaged", RECORD, RECORD) == [Trouble("memory-damaged")]
    with Store.open(tmp_path / "damaged", NOON) as store:
        assert len(store.past()) == 2


def test_a_failure_is_told_once_and_after_the_end_on_the_screen(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    assert worked(tmp_path, RECORD, RECORD) == [Trouble("memory-unusable")]
    afterwards: list[str] = []
    worker = MemoryWorker(tmp_path, lambda: NOON, lambda event: None, afterwards.append)
    worker.command(RECORD, 0.0, "closing")
    worker.command(End(EndReason.FINISHED), 0.0, "closing")
    worker.start()
    worker.close()
    assert afterwards == ["memory-unusable"]


def test_what_cannot_be_forgotten_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    assert worked(tmp_path, Forget(Forgetting.TODAY)) == [Trouble("memory-not-forgotten")]


@pytest.mark.parametrize("what", [Forgetting.THAT, Forgetting.TODAY])
def test_that_a_damaged_file_may_hold_still_what_was_forgotten_is_told_each_time(
    tmp_path: Path, what: Forgetting
) -> None:
    (tmp_path / FILE).write_bytes(b"no database" * 900)
    told = worked(tmp_path, RECORD, Forget(what), RECORD, Forget(what), Forget(Forgetting.EVERYTHING))
    assert told == [Trouble("memory-damaged"), *[Trouble("memory-aside")] * 2]
    assert list(tmp_path.iterdir()) == [], "and forgetting everything takes it along"


def test_damage_that_a_note_meets_is_told_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    (tmp_path / FILE).write_bytes(b"no database" * 900)
    assert worked(tmp_path, KeepNote("the zanzibar exam", bookmark=True)) == [Trouble("memory-damaged")]
    assert len(kept(tmp_path)) == 1


def test_a_disk_that_hangs_keeps_nobody_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hangs, released = threading.Event(), threading.Event()

    def hang(folder: Path, now: datetime) -> Store:
        hangs.set()
        released.wait(10.0)
        raise StoreError("memory-unusable", "it came back")

    monkeypatch.setattr(Store, "open", hang)
    monkeypatch.setattr("assistant.memory.worker.CLOSE_SECONDS", 0.01)
    posted: list[Event] = []
    worker = MemoryWorker(tmp_path, lambda: NOON, posted.append)
    worker.start()
    worker.command(RECORD, 0.0, "closing")
    assert hangs.wait(10.0)
    worker.command(RECORD, 0.0, "closing")
    worker.close()
    released.set()
    worker._thread.join(10.0)


@pytest.mark.parametrize(("for_person", "kind"), [(False, NoteKind.REFLECTION), (True, NoteKind.BOOKMARK)])
def test_a_page_is_kept_as_a_note_that_only_its_key_opens(tmp_path: Path, for_person: bool, kind: NoteKind) -> None:
    page = Page("a thought", (("The worry:", "the zanzibar exam"), ("My step:", "")), for_person)
    elsewhere = [HandOver(page, place) for place in (Place.SCREEN, Place.FILE)]
    assert worked(tmp_path, HandOver(page, Place.NOTE), *elsewhere) == []
    (note,) = kept(tmp_path)
    assert note.kind is kind and "The worry: the zanzibar exam" in note.text and "My step: ____" in note.text
    assert not any(b"zanzibar" in path.read_bytes() for path in tmp_path.iterdir())


def test_a_note_that_cannot_be_kept_is_told_each_time(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    page = HandOver(Page("a thought", (("The worry:", "it"),)), Place.NOTE)
    assert worked(tmp_path, page, page) == [Trouble("note-not-kept")] * 2
    long = HandOver(Page("a thought", (("The worry:", "x" * 20_000),)), Place.NOTE)
    assert worked(tmp_path / "whole", long) == [Trouble("note-not-kept")]


def test_a_note_is_kept_encrypted_and_where_its_key_is_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    shown: list[str] = []
    worker = MemoryWorker(tmp_path, lambda: NOON, lambda event: None, shown.append)
    worker.start()
    worker.command(KeepNote("the zanzibar exam", bookmark=True), 0.0, "noting")
    worker.close()
    (note,) = kept(tmp_path)
    assert (note.text, note.kind) == ("the zanzibar exam", NoteKind.BOOKMARK) and shown == ["note-key-beside"]
    assert all(b"zanzibar" not in path.read_bytes() for path in tmp_path.iterdir())


def test_a_note_that_cannot_be_kept_is_told_each_time_without_its_words(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    note = KeepNote("the zanzibar exam", bookmark=False)
    posted = worked(tmp_path, note, note)
    assert posted == [Trouble("note-not-kept")] * 2 and "zanzibar" not in repr(posted)

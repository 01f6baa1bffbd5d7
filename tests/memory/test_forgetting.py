"""Forgotten means gone from every byte of every file in the folder."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from assistant.core.past import Forgetting
from assistant.errors import StoreError
from assistant.memory.forgetting import forget
from assistant.memory.store import FILE, Store

from .entries import NOON, entry

MARK = "a-marked-exercise"


def found(folder: Path, mark: str = MARK) -> list[str]:
    """Files that hold the mark."""
    return [path.name for path in folder.rglob("*") if path.is_file() and mark.encode() in path.read_bytes()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A week of entries, then a marked one; in the file, and in a copy as a migration leaves it."""
    folder = tmp_path / "memory"
    with Store.open(folder, NOON) as store:
        store.add(entry(f"kept-{day}", days=day) for day in range(-7, 0))
        store.add([entry(MARK)])
        assert any("-wal" in name for name in found(folder)), "the log is searched too"
        with closing(sqlite3.connect(folder / "before-version-9.sqlite3")) as copy:
            store._database.backup(copy)
    assert len(found(folder)) == 2
    return folder


@pytest.mark.parametrize("what", list(Forgetting))
def test_what_is_forgotten_is_in_no_file(folder: Path, what: Forgetting) -> None:
    assert forget(folder, what, NOON) >= 1
    assert found(folder) == []


@pytest.mark.parametrize("what", [Forgetting.THAT, Forgetting.TODAY])
def test_what_is_not_meant_stays(folder: Path, what: Forgetting) -> None:
    forget(folder, what, NOON)
    with Store.open(folder, NOON) as store:
        assert [one.exercise for one in store.past()] == [f"kept-{day}" for day in range(-7, 0)]


def test_everything_leaves_an_empty_folder_whatever_was_in_it(folder: Path) -> None:
    (folder / FILE).write_bytes(b"no database at all, but " + MARK.encode())
    (folder / "damaged-2026-01-01-000000.sqlite3").write_bytes(MARK.encode())
    assert forget(folder, Forgetting.EVERYTHING, NOON) == len([FILE, "the copy", "the damaged one"])
    assert list(folder.iterdir()) == []


OURS = [f"{FILE}{end}" for end in ("-wal", "-shm", "-journal")]
OURS += [
    "before-version-2.sqlite3-journal",
    "damaged-2026-01-01-000000-2.sqlite3",
    "damaged-2026-01-01-000000.sqlite3-wal",
]
THEIRS = ["thesis.txt", ".hidden", "memory.txt", "damaged-car.jpg", "before-version-2.odt", "my-memory.sqlite3"]


@pytest.mark.parametrize("what", list(Forgetting))
def test_a_folder_that_a_person_named_keeps_what_is_their_own(folder: Path, what: Forgetting) -> None:
    for name in (*OURS, *THEIRS) if what is Forgetting.EVERYTHING else THEIRS:
        (folder / name).write_text("years of work")
    forget(folder, what, NOON)
    assert {path.name: path.read_text() for path in folder.iterdir() if path.name != FILE} == dict.fromkeys(
        THEIRS, "years of work"
    )
    assert found(folder) == [] and (folder / FILE).exists() is (what is not Forgetting.EVERYTHING)


def test_today_begins_at_midnight_where_the_person_is(folder: Path) -> None:
    with Store.open(folder, NOON) as store:
        store.add([entry("last-night", days=-0.51), entry("this-morning", days=-0.49)])
    assert forget(folder, Forgetting.TODAY, NOON) == 2
    assert (found(folder, "last-night"), found(folder, "this-morning")) == ([FILE], [])


@pytest.mark.parametrize(("night", "day"), [(1, 2), (2, 1)])
def test_on_a_day_on_which_clocks_change_today_is_the_whole_day(night: int, day: int, tmp_path: Path) -> None:
    """Hours east of Greenwich, before the change and after it."""
    before, after = timezone(timedelta(hours=night)), timezone(timedelta(hours=day))
    with Store.open(tmp_path, NOON) as store:
        for name, moment in (("yesterday", "2026-03-28T23:59:59"), ("today", "2026-03-29T00:00:01")):
            store.add([replace(entry(name), ended=datetime.fromisoformat(moment).replace(tzinfo=before))])
    assert forget(tmp_path, Forgetting.TODAY, datetime(2026, 3, 29, 20, 0, tzinfo=after)) == 1
    with Store.open(tmp_path, NOON) as store:
        assert [one.exercise for one in store.past()] == ["yesterday"]


def test_who_else_reads_the_file_is_told_since_something_may_be_left(folder: Path) -> None:
    with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM exercises").fetchone()
        with Store.open(folder, NOON, wait=0.01) as store, pytest.raises(StoreError) as raised:
            store.forget_last()
        assert raised.value.code == "memory-locked"
    assert forget(folder, Forgetting.THAT, NOON) == 1
    assert found(folder) == []


def test_the_file_is_written_anew_and_holds_no_room_where_something_was(tmp_path: Path) -> None:
    with Store.open(tmp_path, NOON) as store:
        store.add([entry("kept", days=-1)])
        store.add(entry(MARK) for _ in range(5000))
    large = (tmp_path / FILE).stat().st_size
    assert forget(tmp_path, Forgetting.TODAY, NOON) == 5000
    assert (tmp_path / FILE).stat().st_size < large / 10


def test_with_nothing_to_forget_no_file_is_made(tmp_path: Path) -> None:
    assert [forget(tmp_path / "memory", what, NOON) for what in Forgetting] == [0, 0, 0]
    assert list(tmp_path.iterdir()) == []

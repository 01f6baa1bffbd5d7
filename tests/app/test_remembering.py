"""A sitting is noted in numbers and names; a guest's changes no file; and whatever is wrong with memory, help comes."""

from __future__ import annotations

import io
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.app.memories import here_and_now, memory_findings
from assistant.app.places import memory_folder
from assistant.cli.main import main
from assistant.core.past import Past
from assistant.errors import StoreError
from assistant.memory.store import FILE, Store
from tests.memory.entries import NOON, entry

MARKED = "panicking about the zanzibar exam"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Everything that could be written lies in it."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def sits(monkeypatch: pytest.MonkeyPatch, *lines: str, options: tuple[str, ...] = ()) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
    return main(["run", "--mic", "none", "--speaker", "none", *options])


def remembered() -> Past:
    with Store.open(memory_folder(), datetime.now(UTC)) as store:
        return store.past()


def files(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_sitting_is_noted_without_a_word_of_it(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    assert sits(monkeypatch, MARKED, "eight", "four", "no") == 0
    (one,) = remembered()
    assert (one.state, one.before, one.after, one.worse) == ("panic", 8.0, 4.0, False)
    assert abs((datetime.now(UTC) - one.ended).total_seconds()) < 120 and one.ended.tzinfo is not None
    assert all(b"zanzibar" not in content for content, _ in files(home).values())


def test_a_guests_sitting_changes_no_file(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    assert sits(monkeypatch, MARKED, "eight") == 0
    before = files(home)
    assert any(FILE in name for name in before), "this would have been changed"
    assert sits(monkeypatch, "i'm so angry", "eight", "something else", options=("--guest",)) == 0
    assert sits(monkeypatch, "i want to kill myself", options=("--guest",)) == 0
    assert files(home) == before


def test_with_memory_off_nothing_is_noted(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    own = home / "xdg_config_home" / "grounding-assistant" / "config.yaml"
    own.parent.mkdir(parents=True)
    own.write_text("memory: off\n")
    assert sits(monkeypatch, MARKED, "eight") == 0
    assert not memory_folder().exists()


def spoilt(path: Path) -> None:
    path.write_bytes(b"no database" * 900)


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version = 99")


def unusable(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (spoilt, "My memory file was damaged."),
        (newer, "A newer version of me made the memory file."),
        (unusable, "I can't use my memory file."),
    ],
)
def test_whatever_is_wrong_with_memory_is_said_and_help_comes(
    harm: Callable[[Path], None], said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    memory_folder().mkdir(parents=True)
    harm(memory_folder() / FILE)
    assert sits(monkeypatch, MARKED, "eight") == 0
    shown = capsys.readouterr().out
    assert shown.count(said) == 1 and "Let your feet find the floor." in shown


def test_while_another_program_holds_memory_that_is_said_and_help_comes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Store.open(memory_folder(), NOON) as store:
        store.add([entry()])
    with closing(sqlite3.connect(memory_folder() / FILE, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert sits(monkeypatch, MARKED, "eight") == 0
        other.execute("ROLLBACK")
    shown = capsys.readouterr().out
    assert shown.count("Another program holds my memory file.") == 1 and "Let your feet find the floor." in shown
    assert len(remembered()) == 1, "what was there is as it was"


def test_a_full_disk_is_said_and_help_comes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Store.open(memory_folder(), NOON) as store:
        store.add([entry()])

    def full(self: Store, entries: object) -> int:
        raise StoreError("memory-full", "The disk is full.")

    monkeypatch.setattr(Store, "add", full)
    assert sits(monkeypatch, MARKED, "eight") == 0
    shown = capsys.readouterr().out
    assert "so I can't note how this went" in shown and "Let your feet find the floor." in shown
    assert len(remembered()) == 1


def test_doctor_says_what_is_remembered_and_what_was_set_aside() -> None:
    assert "nothing is remembered yet" in str(memory_findings()[0]["detail"]) and not memory_folder().exists()
    with Store.open(memory_folder(), NOON) as store:
        store.add([entry()])
    assert "entries: 1, notes: 0" in str(memory_findings()[0]["detail"])
    spoilt(memory_folder() / FILE)
    assert memory_findings()[0]["state"] == "degraded"
    newer(memory_folder() / FILE)
    assert "newer version" in str(memory_findings()[0]["mend"])


def test_a_clock_that_jumps_back_a_day_in_a_sitting_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sits(monkeypatch, MARKED, "eight", "four", "no") == 0
    monkeypatch.setattr("assistant.app.remembering.here_and_now", lambda: here_and_now() - timedelta(days=1))
    assert sits(monkeypatch, "i'm so angry", "six", "four", "no") == 0
    assert sorted(str(one.state) for one in remembered()) == ["anger", "panic"]


def test_a_note_whose_key_is_another_is_told_not_kept_and_the_sitting_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert sits(monkeypatch, "note for my therapist", MARKED, "yes", "goodbye") == 0
    before = (memory_folder() / FILE).read_bytes()
    (memory_folder() / "notes.key").write_text("not a key\n")
    capsys.readouterr()
    assert sits(monkeypatch, "note for my therapist", "another one", "yes", MARKED, "eight") == 0
    shown = capsys.readouterr().out
    assert "I couldn't keep that note." in shown and "Let your feet find the floor." in shown
    assert (memory_folder() / FILE).read_bytes()[:100] == before[:100] and b"another one" not in before

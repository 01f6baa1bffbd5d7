"""A sitting is noted in numbers and names; a guest's changes no file; and whatever is wrong with memory, help comes."""

from __future__ import annotations

import io
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from assistant.app.memories import here_and_now, memory_findings
from assistant.app.places import memory_folder
from assistant.cli.main import main
from assistant.core.past import Past
from assistant.errors import StoreError
from assistant.memory.store import FILE, Store
from tests.memory.entries import NOON, entry
from tests.memory.ordinary import ordinary

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


def contents(folder: Path) -> set[bytes]:
    return {path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (spoilt, "My memory file was damaged."),
        (newer, "A newer version of me made the memory file."),
        (unusable, "I can't use my memory file."),
    ],
)
def test_whatever_is_wrong_with_memory_is_said_and_help_comes_and_nothing_is_overwritten(
    harm: Callable[[Path], None], said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    memory_folder().mkdir(parents=True)
    harm(memory_folder() / FILE)
    before = contents(memory_folder())
    assert sits(monkeypatch, MARKED, "eight") == 0
    shown = capsys.readouterr().out
    assert shown.count(said) == 1 and "Let your feet find the floor." in shown
    assert before <= contents(memory_folder())


def file_alone(folder: Path) -> None:
    (folder / FILE).chmod(0o400)


def folder_with_a_file(folder: Path) -> None:
    folder.chmod(0o500)


def empty_folder(folder: Path) -> None:
    (folder / FILE).unlink()
    folder.chmod(0o500)


class Meanwhile:
    """Lines that a person types; before the one at `after`, something happens."""

    def __init__(self, lines: tuple[str, ...], after: int, happens: Callable[[], None]) -> None:
        self._lines, self._after, self._happens = lines, after, happens

    def __iter__(self) -> Iterator[str]:
        for number, line in enumerate(self._lines):
            if number == self._after:
                self._happens()
            yield f"{line}\n"

    def isatty(self) -> bool:
        return False


@pytest.mark.parametrize("harm", [file_alone, folder_with_a_file, empty_folder])
@pytest.mark.parametrize("after", [0, 2])
def test_a_memory_that_cannot_be_written_from_some_moment_on_is_told_once_and_the_sitting_goes_on(
    harm: Callable[[Path], None], after: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Store.open(memory_folder(), NOON) as store:
        store.add([entry()])
    before = contents(memory_folder())
    lines = (MARKED, "eight", "four", "yes", "six", "five", "no")
    with ordinary():
        if not after:
            harm(memory_folder())
        monkeypatch.setattr("sys.stdin", Meanwhile(lines, after or -1, lambda: harm(memory_folder())))
        assert main(["run", "--mic", "none", "--speaker", "none"]) == 0
    shown = capsys.readouterr().out
    assert shown.count("I can't write my memory file. We go on, and nothing is noted.") == 1
    assert "Let your feet find the floor." in shown and "We'll stop here." in shown
    memory_folder().chmod(0o700)
    assert contents(memory_folder()) <= before, "nothing is overwritten, and nothing is left beside it"


@pytest.mark.parametrize(
    ("harm", "what"), [(file_alone, "today"), (file_alone, "everything"), (folder_with_a_file, "today")]
)
def test_what_cannot_be_forgotten_by_voice_is_said_as_often_as_it_is_asked_for(
    harm: Callable[[Path], None], what: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Store.open(memory_folder(), NOON) as store:
        store.add([entry()])
    harm(memory_folder())
    with ordinary():
        assert sits(monkeypatch, "hello", *(f"forget {what}", "yes") * 2) == 0
    shown = capsys.readouterr().out
    memory_folder().chmod(0o700)
    assert shown.count("I couldn't forget that just now. It may still be in the file.") >= 2
    assert len(remembered()) == 1


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


@pytest.mark.parametrize("place", ["a file", "a file/memory", "/proc/nowhere/memory"])
def test_doctor_says_that_nothing_could_be_remembered_where_nothing_can_be_written(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a file").touch()
    monkeypatch.setenv("GROUNDING_MEMORY", str(tmp_path / place))
    finding = memory_findings()[0]
    assert (finding["state"], finding["detail"]) == ("degraded", "nothing can be remembered")
    assert str(tmp_path / place) in str(finding["mend"])


def at(monkeypatch: pytest.MonkeyPatch, *moments: str) -> None:
    """What the clock on the wall shows each time it is looked at; the last one from then on."""
    shown = [datetime.fromisoformat(moment) for moment in moments]
    monkeypatch.setattr("assistant.app.remembering.here_and_now", lambda: shown.pop(0) if len(shown) > 1 else shown[0])


@pytest.mark.parametrize(
    "moments",
    [
        ("2026-10-25T02:50:00+02:00", "2026-10-25T02:59:00+02:00", "2026-10-25T02:05:00+01:00"),
        ("2026-03-29T01:50:00+01:00", "2026-03-29T01:59:00+01:00", "2026-03-29T03:05:00+02:00"),
    ],
)
def test_a_time_change_in_a_sitting_loses_nothing_and_keeps_the_order(
    moments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Store.open(memory_folder(), NOON):
        pass
    at(monkeypatch, *moments)
    assert sits(monkeypatch, MARKED, "eight", "four", "yes", "three", "no") == 0
    first, second = remembered()
    assert [one.ended.isoformat() for one in (first, second)] == list(moments[1:])
    assert [(one.before, one.after) for one in (first, second)] == [(8, 4), (4, 3)]
    monkeypatch.setattr("assistant.app.memories.here_and_now", lambda: second.ended)
    capsys.readouterr()
    assert main(["history"]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert [row[:16] for row in rows[:2]] == [one.ended.strftime("%Y-%m-%d %H:%M") for one in (first, second)]
    assert main(["forget", "today", "--yes"]) == 0 and remembered() == ()


def test_a_clock_that_jumps_back_a_day_in_a_sitting_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sits(monkeypatch, MARKED, "eight", "four", "no") == 0
    monkeypatch.setattr("assistant.app.remembering.here_and_now", lambda: here_and_now() - timedelta(days=1))
    assert sits(monkeypatch, "i'm so angry", "six", "four", "no") == 0
    assert sorted(str(one.state) for one in remembered()) == ["anger", "panic"]


@pytest.mark.parametrize("key", ["not a key\n", None, "another"])
def test_a_note_whose_key_is_another_is_told_not_kept_and_the_sitting_goes_on(
    key: str | None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert sits(monkeypatch, "note for my therapist", MARKED, "yes", "goodbye") == 0
    path = memory_folder() / "notes.key"
    right = path.read_bytes()
    if key is None:
        path.unlink()
    else:
        path.write_bytes(Fernet.generate_key() if key == "another" else key.encode())
    capsys.readouterr()
    assert sits(monkeypatch, "note for my therapist", "another one", "yes", MARKED, "eight") == 0
    shown = capsys.readouterr().out
    assert "I couldn't keep that note." in shown and "Let your feet find the floor." in shown
    assert ("key of the notes is gone" if key is None else "put") in shown
    path.write_bytes(right)
    assert main(["note", "list"]) == 0
    listed = capsys.readouterr().out
    assert MARKED in listed and "another one" not in listed, "nothing was overwritten"

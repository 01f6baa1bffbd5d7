"""Notes are kept because they were asked for, and their words are read only with their key."""

from __future__ import annotations

import errno
import io
import stat
import sys
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.app.places import latch_path, memory_folder
from assistant.cli.main import main
from assistant.core.past import Forgetting
from assistant.errors import AssistantError, StoreError, UsageError
from assistant.memory import key as keys
from assistant.memory import notes as noted
from assistant.memory.forgetting import forget
from assistant.memory.key import Key, seal, unseal
from assistant.memory.notes import LONGEST, Note, NoteKind, add_notes, fitting
from assistant.memory.store import Store
from assistant.safety.verdict import Kind, Level, Verdict
from assistant.settings_files import own_settings_file
from assistant.understanding.learned import LearnedScreen

from .entries import NOON, entry

MARK = "the zanzibar exam"


class RealKeyring:
    """As a desktop has one: `locked` gives no answer."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, account: str) -> str | None:
        self._answer()
        return self.kept.get((service, account))

    def set_password(self, service: str, account: str, secret: str) -> None:
        self._answer()
        self.kept[service, account] = secret

    def delete_password(self, service: str, account: str) -> None:
        self._answer()
        del self.kept[service, account]

    def _answer(self) -> None:
        if self.locked:
            raise RuntimeError("no prompt here")


def with_backend(monkeypatch: pytest.MonkeyPatch, backend: object) -> None:
    module = ModuleType("keyring")
    module.get_keyring = lambda: backend  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", module)


@pytest.fixture(autouse=True)
def _no_keyring_of_whoever_runs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)


@pytest.fixture
def desktop(monkeypatch: pytest.MonkeyPatch) -> RealKeyring:
    backend = RealKeyring()
    monkeypatch.setattr(RealKeyring, "__module__", "keyring.backends.SecretService")
    with_backend(monkeypatch, backend)
    return backend


def add_note(folder: Path, text: str, kind: NoteKind, now: datetime) -> tuple[int, Key]:
    with Store.open(folder, now) as store:
        return add_notes(store, [(now, kind, text)])


def notes(folder: Path, now: datetime, numbers: list[int] | None = None) -> list[Note]:
    with Store.open(folder, now) as store:
        return noted.notes(store, numbers)


def remove_note(folder: Path, number: int, now: datetime) -> None:
    with Store.open(folder, now) as store:
        noted.remove_note(store, number)


def files_with(folder: Path, mark: bytes) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file() and mark in path.read_bytes()]


def test_a_note_comes_back_and_its_words_are_in_no_file(tmp_path: Path) -> None:
    with Store.open(tmp_path, NOON):  # so that the log stays, and is searched too
        add_note(tmp_path, f"  {MARK}\n", NoteKind.BOOKMARK, NOON)
        assert files_with(tmp_path, MARK.encode()) == []
    (note,) = notes(tmp_path, NOON)
    assert (note.text, note.kind, note.written, note.number) == (MARK, NoteKind.BOOKMARK, NOON, 1)
    assert MARK not in repr(note)


def test_without_a_keyring_the_key_is_a_file_nobody_else_can_read(tmp_path: Path) -> None:
    _, key = add_note(tmp_path, MARK, NoteKind.REFLECTION, NOON)
    assert not key.in_keyring
    assert stat.S_IMODE((tmp_path / keys.FILE).stat().st_mode) == 0o600
    assert key.secret.decode() not in repr(key)


def test_with_a_keyring_no_file_has_the_key(tmp_path: Path, desktop: RealKeyring) -> None:
    _, key = add_note(tmp_path, MARK, NoteKind.REFLECTION, NOON)
    assert key.in_keyring and files_with(tmp_path, key.secret) == []
    assert [note.text for note in notes(tmp_path, NOON)] == [MARK]
    assert forget(tmp_path, Forgetting.EVERYTHING, NOON) == 2
    assert desktop.kept == {}


def test_two_memories_have_a_key_each_and_forgetting_one_leaves_the_other(tmp_path: Path, desktop: RealKeyring) -> None:
    here, there, moved = tmp_path / "here", tmp_path / "there", tmp_path / "moved"
    for folder in (here, there):
        add_note(folder, MARK, NoteKind.REFLECTION, NOON)
    assert len(desktop.kept) == 2
    assert forget(there, Forgetting.EVERYTHING, NOON) and len(desktop.kept) == 1
    here.rename(moved)
    assert [note.text for note in notes(moved, NOON)] == [MARK], "and a folder that is moved keeps its own"


def test_a_keyring_that_has_lost_the_key_of_no_notes_is_given_a_new_one(tmp_path: Path, desktop: RealKeyring) -> None:
    number, _ = add_note(tmp_path, MARK, NoteKind.REFLECTION, NOON)
    remove_note(tmp_path, number, NOON)
    desktop.kept.clear()
    add_note(tmp_path, MARK, NoteKind.REFLECTION, NOON)
    assert [note.text for note in notes(tmp_path, NOON)] == [MARK] and len(desktop.kept) == 1


def test_what_a_locked_keyring_keeps_is_forgotten_once_it_is_open(tmp_path: Path, desktop: RealKeyring) -> None:
    add_note(tmp_path, MARK, NoteKind.REFLECTION, NOON)
    desktop.locked = True
    with pytest.raises(StoreError, match="unlock"):
        forget(tmp_path, Forgetting.EVERYTHING, NOON)
    desktop.locked = False
    assert forget(tmp_path, Forgetting.EVERYTHING, NOON) == 1
    assert desktop.kept == {} and list(tmp_path.glob("*")) == []


@pytest.mark.parametrize("module", ["keyring.backends.fail", "keyring.backends.null", "keyrings.alt.file"])
def test_a_keyring_that_keeps_nothing_or_in_plain_text_is_not_used(
    module: str, tmp_path: Path, desktop: RealKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RealKeyring, "__module__", module)
    _, key = add_note(tmp_path, MARK, NoteKind.REFLECTION, NOON)
    assert not key.in_keyring and desktop.kept == {}


def test_a_locked_keyring_is_told_and_makes_no_second_key(tmp_path: Path, desktop: RealKeyring) -> None:
    add_note(tmp_path, MARK, NoteKind.REFLECTION, NOON)
    desktop.locked = True
    for ask in (lambda: notes(tmp_path, NOON), lambda: add_note(tmp_path, "more", NoteKind.REFLECTION, NOON)):
        with pytest.raises(StoreError) as raised:
            ask()
        assert raised.value.code == "keyring-locked"
    desktop.locked = False
    assert [note.text for note in notes(tmp_path, NOON)] == [MARK]


@pytest.mark.parametrize(
    "content", [b"no key at all", keys._fernet().generate_key(), None], ids=["no key", "another", "none"]
)
def test_a_lost_or_other_key_is_told_and_nothing_is_overwritten(content: bytes | None, tmp_path: Path) -> None:
    add_note(tmp_path, MARK, NoteKind.REFLECTION, NOON)
    right = (tmp_path / keys.FILE).read_bytes()
    if content is None:
        (tmp_path / keys.FILE).unlink()
    else:
        (tmp_path / keys.FILE).write_bytes(content)
    for ask in (lambda: notes(tmp_path, NOON), lambda: add_note(tmp_path, "more", NoteKind.REFLECTION, NOON)):
        with pytest.raises(StoreError) as raised:
            ask()
        assert raised.value.code == ("notes-key-missing" if content is None else "notes-other-key")
        assert MARK not in raised.value.hint and "put" in raised.value.hint.lower()
    (tmp_path / keys.FILE).write_bytes(right)
    assert [note.text for note in notes(tmp_path, NOON)] == [MARK]


def test_a_disk_that_is_full_while_the_key_is_made_costs_that_note_and_no_later_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with Store.open(tmp_path, NOON) as store, monkeypatch.context() as disk:
        disk.setattr("os.fsync", full)
        with pytest.raises(StoreError) as raised:
            add_notes(store, [(NOON, NoteKind.REFLECTION, MARK)])
    assert raised.value.code == "memory-full" and not (tmp_path / keys.FILE).exists()
    add_note(tmp_path, MARK, NoteKind.REFLECTION, NOON)
    assert [note.text for note in notes(tmp_path, NOON)] == [MARK]


def test_an_empty_file_is_no_key_since_nothing_was_sealed_with_it(tmp_path: Path) -> None:
    """The machine went off while the key was written."""
    (tmp_path / keys.FILE).touch(mode=0o600)
    add_note(tmp_path, MARK, NoteKind.REFLECTION, NOON)
    assert [note.text for note in notes(tmp_path, NOON)] == [MARK]


@given(text=st.text(min_size=1), byte=st.integers(0))
def test_a_changed_byte_is_noticed(text: str, byte: int) -> None:
    key = Key(keys._fernet().generate_key(), in_keyring=False)
    try:
        sealed = bytearray(seal(key, text))
    except UnicodeEncodeError:
        return  # half of a letter, which no terminal gives
    assert unseal(key, bytes(sealed)) == text
    at = byte % (len(sealed) - 4)  # the last four letters of base 64 may hold bits that nobody reads
    sealed[at] = ord("A") if sealed[at] != ord("A") else ord("B")
    with pytest.raises(StoreError):
        unseal(key, bytes(sealed))


@pytest.mark.parametrize("text", ["", "  \n", "a" * (LONGEST + 1), "half a letter \udce9"])
def test_nothing_and_too_much_are_told_and_no_file_is_made(
    text: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(UsageError, match="nothing was kept"):
        fitting(text)
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    assert main(["note", "add"]) == 2
    assert "nothing was kept" in capsys.readouterr().err and not memory_folder().exists()


def test_a_removed_note_is_in_no_file(tmp_path: Path) -> None:
    first, _ = add_note(tmp_path, "one", NoteKind.REFLECTION, NOON)
    with Store.open(tmp_path, NOON) as store:
        ((_, _, _, sealed),) = store.sealed()
    add_note(tmp_path, "two", NoteKind.REFLECTION, NOON)
    assert files_with(tmp_path, sealed) != []
    remove_note(tmp_path, first, NOON)
    assert files_with(tmp_path, sealed) == []
    assert [note.text for note in notes(tmp_path, NOON)] == ["two"]


@pytest.mark.parametrize("there", [True, False])
def test_a_note_that_is_not_there_is_told(there: bool, tmp_path: Path) -> None:
    if there:
        add_note(tmp_path, MARK, NoteKind.REFLECTION, NOON)
    for ask in (lambda: remove_note(tmp_path, 7, NOON), lambda: notes(tmp_path, NOON, [7])):
        with pytest.raises(AssistantError, match="no note 7"):
            ask()


def test_that_is_whichever_was_written_last(tmp_path: Path) -> None:
    with Store.open(tmp_path, NOON) as store:
        store.add([entry("earlier", days=-1)])
        add_note(tmp_path, MARK, NoteKind.REFLECTION, NOON)
        store.add([entry("later", days=1)])
    later = NOON + timedelta(days=1)
    left = []
    for _ in range(4):
        forget(tmp_path, Forgetting.THAT, later)
        with Store.open(tmp_path, later) as store:
            left.append((len(store.past()), len(store.sealed())))
    assert left == [(1, 1), (1, 0), (0, 0), (0, 0)]


@pytest.mark.parametrize("note_first", [True, False])
def test_that_is_what_was_written_last_even_where_the_clock_jumped_back_a_day(note_first: bool, tmp_path: Path) -> None:
    for is_note in (note_first, not note_first):
        moment = NOON if is_note is note_first else NOON - timedelta(days=1)
        if is_note:
            add_note(tmp_path, MARK, NoteKind.REFLECTION, moment)
        else:
            with Store.open(tmp_path, moment) as store:
                store.add([entry(days=(moment - NOON) / timedelta(days=1))])
    forget(tmp_path, Forgetting.THAT, NOON)
    with Store.open(tmp_path, NOON) as store:
        assert (len(store.past()), len(store.sealed())) == ((0, 1) if note_first else (1, 0))


def test_in_a_file_of_an_earlier_version_that_is_the_newest(tmp_path: Path) -> None:
    with Store.open(tmp_path, NOON) as store:
        store.add([entry(days=1), entry(days=-1)])
        store.add_sealed([(NOON, "bookmark", b"sealed")])
        store._database.execute("UPDATE exercises SET sequence = NULL")
        store._database.execute("UPDATE notes SET sequence = NULL")
        left = []
        for _ in range(3):
            store.forget_last()
            left.append((len(store.past()), len(store.sealed())))
    assert left == [(1, 1), (1, 0), (0, 0)]


def test_today_forgets_todays_notes(tmp_path: Path) -> None:
    add_note(tmp_path, "old", NoteKind.REFLECTION, NOON - timedelta(days=1))
    add_note(tmp_path, "new", NoteKind.REFLECTION, NOON)
    assert forget(tmp_path, Forgetting.TODAY, NOON) == 1
    assert [note.text for note in notes(tmp_path, NOON)] == ["old"]


@pytest.mark.parametrize(
    ("stdin", "said"),
    [(io.TextIOWrapper(io.BytesIO(b"caf\xe9 \xff"), encoding="utf-8"), "not UTF-8"), (None, "is empty")],
)
def test_what_is_no_text_is_told_and_not_kept(
    stdin: io.TextIOWrapper | None, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", stdin)
    assert main(["note", "add"]) == 2
    assert said in capsys.readouterr().err and not memory_folder().exists()


@pytest.mark.parametrize(
    ("there", "answer", "kept"), [(False, "", False), (True, "", False), (True, "later", False), (True, "yes", True)]
)
def test_danger_in_a_note_shows_people_first_and_it_is_kept_only_if_that_is_still_wanted(
    there: bool, answer: str, kept: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own_settings_file().parent.mkdir(parents=True)
    own_settings_file().write_text("country: GB\nturnn: 1\n", encoding="utf-8")
    plea = "I want to die and I have the pills here"
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{plea}\n"))
    shown: list[str] = []

    def asked(question: str) -> str:
        shown.append(capsys.readouterr().out)
        return plea if question == "Your note: " else answer

    monkeypatch.setattr("sys.stdin.isatty", lambda: there, raising=False)
    monkeypatch.setattr("builtins.input", asked)
    assert main(["note", "add"]) == (0 if kept else 1)
    said = capsys.readouterr()
    assert "call 999" in (shown[1] if there else said.out), "before anything is asked"
    assert ("Kept as note 1" in said.out) is kept
    assert ("the note is not kept" in said.err) is not kept
    assert memory_folder().exists() is kept and latch_path().is_file()


def test_a_faint_sign_in_a_note_shows_people_and_it_is_kept(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    faint = Verdict(Level.SOFT, Kind.OVERWHELM, ("encoder",))
    monkeypatch.setattr(LearnedScreen, "estimate", lambda self, text: faint)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{MARK}\n"))
    assert main(["note", "add"]) == 0
    shown = capsys.readouterr().out
    assert 0 < shown.index("people come first") < shown.index("in danger, call") < shown.index("Kept as note 1")


def test_notes_by_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["note", "list"]) == 0 and "There are no notes." in capsys.readouterr().out
    for words, options in (("for me", []), (MARK, ["--for-therapist"])):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{words}\n"))
        assert main(["note", "add", *options]) == 0
        assert "readable only by you: who can read your files can read your notes" in capsys.readouterr().out
    page = tmp_path / "page.html"
    assert main(["report", str(page), "--note", "2"]) == 0
    assert MARK in page.read_text() and "for me" not in page.read_text(), "line by line, as chosen"
    assert main(["report", str(page), "--note", "9"]) == 2
    assert main(["note", "remove", "1"]) == 0
    capsys.readouterr()
    assert main(["note", "list"]) == 0
    shown = capsys.readouterr().out
    assert MARK in shown and "for me" not in shown

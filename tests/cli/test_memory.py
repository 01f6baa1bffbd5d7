"""The commands that look at what is remembered, carry it elsewhere, and forget it."""

from __future__ import annotations

import io
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.app.places import memory_folder
from assistant.cli.main import main
from assistant.memory.store import FILE, Store
from tests.memory.entries import NOON, entry

Out = pytest.CaptureFixture[str]


@pytest.fixture
def remembered() -> None:
    with Store.open(memory_folder(), NOON) as store:
        store.add([entry(days=-40), entry("name-objects", days=-1, before=4, after=6.5, worse=True), entry()])


def ran(capsys: Out, *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    shown = capsys.readouterr()
    return code, shown.out, shown.err


@pytest.mark.usefixtures("remembered")
def test_history_shows_each_time_and_hides_no_worse_one(capsys: Out) -> None:
    code, out, _ = ran(capsys, "history")
    assert code == 0 and "\033" not in out and "\u25a0" not in out, "plain where no terminal is"
    rows = out.splitlines()
    assert rows[1] == "2026-11-25 12:00  name-objects      4 -> 6.5   worse"
    assert rows[2] == "2026-11-26 12:00  feet-on-floor     7 -> 4"
    assert "feet-on-floor: 2 times; of 2 with both numbers 2 lower" in out
    assert "name-objects: 1 time; of 1 with both numbers 1 higher; 1 worse" in out


@pytest.mark.usefixtures("remembered")
def test_history_on_a_terminal_has_bars(capsys: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("NO_COLOR", "1")
    _, out, _ = ran(capsys, "history")
    assert "\u25a0" * 7 + "       7 -> 4    " + "\u25a0" * 4 in out


@pytest.mark.usefixtures("remembered")
def test_history_as_json_is_every_entry_and_days_count_back_from_the_newest(capsys: Out) -> None:
    _, out, _ = ran(capsys, "history", "--json")
    assert [row["exercise"] for row in json.loads(out)] == ["feet-on-floor", "name-objects", "feet-on-floor"]
    _, out, _ = ran(capsys, "history", "--json", "--days", "7")
    assert len(json.loads(out)) == 2
    with pytest.raises(SystemExit) as left:
        main(["history", "--days", "many"])
    assert left.value.code == 2 and "write a number of days" in capsys.readouterr().err


def test_with_nothing_remembered_no_command_makes_a_file(capsys: Out) -> None:
    assert ran(capsys, "history") == (0, "Nothing is remembered.\n", "")
    assert ran(capsys, "history", "--json") == (0, "[]\n", "")
    assert ran(capsys, "forget", "everything", "--yes") == (0, "There was nothing to forget.\n", "")
    assert ran(capsys, "export", "--csv")[0] == 0
    assert not memory_folder().exists()


@pytest.mark.usefixtures("remembered")
@pytest.mark.parametrize("form", ["--json", "--csv"])
def test_what_is_exported_comes_back_once(form: str, tmp_path: Path, capsys: Out) -> None:
    file = tmp_path / "memory.out"
    assert ran(capsys, "export", form, str(file))[1] == f"3 entries are in {file}.\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    _, before, _ = ran(capsys, "history", "--json")
    assert ran(capsys, "import", str(file))[1] == "0 entries are new. 3 were there already.\n"
    assert ran(capsys, "forget", "that", "--yes")[1].startswith("Forgotten: feet-on-floor of 20")
    assert ran(capsys, "import", str(file))[1] == "1 entry is new. 2 were there already.\n"
    assert ran(capsys, "history", "--json")[1] == before


@pytest.mark.usefixtures("remembered")
@pytest.mark.parametrize(
    ("name", "options", "begins"),
    [
        ("m.csv", (), "ended,"),
        ("M.CSV", (), "ended,"),
        ("m.json", (), "{"),
        ("m", (), "{"),
        ("m.txt", ("--csv",), "ended,"),
    ],
)
def test_an_export_is_what_its_file_is_called(
    name: str, options: tuple[str, ...], begins: str, tmp_path: Path, capsys: Out
) -> None:
    assert ran(capsys, "export", str(tmp_path / name), *options)[0] == 0
    assert (tmp_path / name).read_text(encoding="utf-8").startswith(begins)


@pytest.mark.usefixtures("remembered")
@pytest.mark.parametrize("command", ["export mine.json", "export mine.csv", "report mine.html"])
def test_a_file_that_is_there_is_written_over_only_when_that_is_asked_for(
    command: str, tmp_path: Path, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    there = tmp_path / command.split()[1]
    there.write_text("mine", encoding="utf-8")
    code, out, told = ran(capsys, *command.split())
    assert (code, out) == (1, "") and "not written over" in told and "--force" in told
    assert there.read_text(encoding="utf-8") == "mine"
    assert ran(capsys, *command.split(), "--force")[0] == 0
    assert there.read_text(encoding="utf-8") != "mine"


@pytest.mark.usefixtures("remembered")
@pytest.mark.parametrize(("content", "code"), [(b"\xff\xfe", 2), (b"{", 1)])
def test_a_file_that_cannot_be_imported_changes_nothing(content: bytes, code: int, tmp_path: Path, capsys: Out) -> None:
    (tmp_path / "bad").write_bytes(content)
    before = (memory_folder() / FILE).read_bytes()
    got, out, told = ran(capsys, "import", str(tmp_path / "bad"))
    assert (got, out) == (code, "") and told.count("\n") == 1
    assert (memory_folder() / FILE).read_bytes() == before


@pytest.mark.usefixtures("remembered")
@pytest.mark.parametrize(("name", "begins"), [("page.html", b"<!doctype html>"), ("page.PDF", b"%PDF")])
def test_a_report_is_written_for_nobody_else_to_read(name: str, begins: bytes, tmp_path: Path, capsys: Out) -> None:
    code, out, _ = ran(capsys, "report", str(tmp_path / name), "--days", "3660")
    assert code == 0 and "It is sent nowhere" in out
    assert (tmp_path / name).read_bytes().startswith(begins)
    assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_a_report_of_another_form_or_place_is_told(tmp_path: Path, capsys: Out) -> None:
    assert ran(capsys, "report", "page.docx")[::2] == (
        2,
        "grounding: page.docx is neither .html nor .pdf; name one that is.\n",
    )
    code, _, told = ran(capsys, "report", str(tmp_path / "missing" / "page.html"))
    assert code == 1 and "cannot be written" in told


@pytest.mark.usefixtures("remembered")
@pytest.mark.parametrize("command", ["export .", "export ", "export pipe", "export link.html", "report link.html"])
def test_what_is_no_file_is_not_written_to_and_stays_as_open_as_it_was(
    command: str, capsys: Out, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    monkeypatch.chdir(home)
    os.mkfifo("pipe", 0o644)
    Path("link.html").symlink_to(".")
    before = {path: path.stat().st_mode for path in (Path(), Path("pipe"))}
    code, out, told = ran(capsys, *command.split(" "))
    assert (code, out) == (1, "") and ", no file; choose another place." in told and told.count("\n") == 1
    assert {path: path.stat().st_mode for path in before} == before


@pytest.mark.usefixtures("remembered")
def test_forgetting_asks_once(capsys: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    code, _, told = ran(capsys, "forget", "everything")
    assert code == 2 and "with --yes" in told
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    for answer, said in (("", "Nothing was forgotten."), ("yes", "Everything is forgotten.")):
        monkeypatch.setattr("builtins.input", lambda question, answer=answer: answer)
        assert said in ran(capsys, "forget", "everything")[1]
    assert list(memory_folder().iterdir()) == []


@pytest.mark.usefixtures("remembered")
def test_what_was_written_last_is_named_before_it_is_forgotten_and_a_note_is_called_one(
    capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever forgets a note by mistake has lost it."""
    monkeypatch.setitem(sys.modules, "keyring", None)
    monkeypatch.setattr("sys.stdin", io.StringIO("the zanzibar exam\n"))
    assert ran(capsys, "note", "add")[0] == 0
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda question: "yes")
    for what in ("a note of 20", "feet-on-floor of 2026-11-26 12:00"):
        _, out, _ = ran(capsys, "forget", "that")
        asked, said = out.splitlines()
        assert asked.startswith(f"This removes {what}") and said.startswith(f"Forgotten: {what}")
    assert ran(capsys, "forget", "everything")[0] == 0
    assert ran(capsys, "forget", "that")[1] == "There was nothing to forget.\n"


def test_the_end_of_input_is_no_yes_and_no_note(capsys: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    def ended(question: str) -> str:
        raise EOFError

    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", ended)
    assert ran(capsys, "forget", "everything")[:2] == (
        0,
        "This removes every entry, every note and every copy. It cannot be undone.\nNothing was forgotten.\n",
    )
    assert ran(capsys, "note", "add")[::2] == (2, "grounding: The note is empty; nothing was kept.\n")


@pytest.mark.usefixtures("remembered")
@pytest.mark.parametrize(
    "command", ["history", "note list", "note remove 1", "export", "report page.html", "report page.html --note 1"]
)
def test_whichever_command_meets_a_damaged_file_tells_where_it_is_kept(
    command: str, capsys: Out, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    (memory_folder() / FILE).write_bytes(b"no database" * 900)
    told = ran(capsys, *command.split())[2]
    assert "was damaged. It is kept as damaged-" in told and len(list(memory_folder().glob("damaged-*"))) == 1


@pytest.mark.usefixtures("remembered")
def test_a_damaged_file_is_told_and_that_it_may_hold_what_is_forgotten(capsys: Out) -> None:
    (memory_folder() / FILE).write_bytes(b"no database" * 900)
    code, out, told = ran(capsys, "history")
    assert (code, out) == (0, "Nothing is remembered.\n") and "was damaged. It is kept as damaged-" in told
    assert "'grounding forget everything' removes it" in ran(capsys, "forget", "today", "--yes")[2]


NOT_NEEDED = (
    "numpy", "pydantic", "yaml", "onnxruntime", "sounddevice", "fpdf", "keyring", "socket",
    "assistant.core.understanding", "assistant.core.commands", "assistant.safety.rules", "assistant.config",
    "assistant.cli.run", "assistant.memory.report",
)  # fmt: skip
"""What takes long to load, and what only a conversation needs."""


@pytest.mark.parametrize(
    ("command", "also_not"),
    [
        ("history", ("cryptography", "csv", "assistant.memory.notes")),
        ("history --json", ("cryptography", "assistant.memory.notes")),
        ("export", ("cryptography", "assistant.memory.notes")),
        ("import memory.json", ("cryptography", "assistant.memory.notes")),
        ("forget that --yes", ("csv",)),
        ("note list", ("csv", "assistant.memory.history")),
    ],
)
@pytest.mark.usefixtures("remembered")
def test_a_command_loads_no_more_than_it_needs(command: str, also_not: tuple[str, ...], tmp_path: Path) -> None:
    """So that it answers at once: a clock would measure the machine."""
    main(["export", str(tmp_path / "memory.json")])
    arguments = command.replace("memory.json", str(tmp_path / "memory.json")).split()
    unwanted = {*NOT_NEEDED, *also_not}
    code = (
        f"import sys; from assistant.cli.main import main; code = main({arguments}); "
        f"print(code, sorted({unwanted} & set(sys.modules)), file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stderr.splitlines()[-1] == "0 []"


def test_notes_are_exported_only_when_asked_for_and_come_back_encrypted(
    capsys: Out, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    monkeypatch.setattr("sys.stdin", io.StringIO("the zanzibar exam\n"))
    assert ran(capsys, "note", "add", "--for-therapist")[0] == 0
    plain, open_to_all = tmp_path / "plain.json", tmp_path / "all.json"
    assert ran(capsys, "export", str(plain))[0] == 0 and "zanzibar" not in plain.read_text()
    assert "no longer encrypted" in ran(capsys, "export", "--notes", str(open_to_all))[2]
    assert "zanzibar" in open_to_all.read_text() and stat.S_IMODE(open_to_all.stat().st_mode) == 0o600
    assert ran(capsys, "export", "--notes", "--csv")[0] == 2
    assert "note" not in ran(capsys, "import", str(open_to_all))[1], "what is there is not added twice"
    assert main(["forget", "everything", "--yes"]) == 0
    assert "1 note is new, and encrypted." in ran(capsys, "import", str(open_to_all))[1]
    (row,) = json.loads(ran(capsys, "note", "list", "--json")[1])
    assert (row["kind"], row["text"]) == ("bookmark", "the zanzibar exam")
    assert all(b"zanzibar" not in path.read_bytes() for path in memory_folder().iterdir())


@pytest.mark.parametrize(
    "notes",
    ["7", "[7]", '[{"written": "2026-11-26T20:15:00+01:00", "kind": "secret", "text": "zanzibar"}]',
     '[{"written": "yesterday", "kind": "bookmark", "text": "zanzibar"}]',
     '[{"written": "2026-11-26T20:15:00+01:00", "kind": "bookmark", "text": ""}]'],
)  # fmt: skip
def test_notes_that_do_not_fit_change_nothing_and_are_not_repeated(notes: str, capsys: Out, tmp_path: Path) -> None:
    file = tmp_path / "memory.json"
    file.write_text(f'{{"format": "grounding-memory", "edition": 1, "entries": [], "notes": {notes}}}')
    code, _, error = ran(capsys, "import", str(file))
    assert code == 1 and "nothing was changed" in error and "zanzibar" not in error
    assert not memory_folder().exists()

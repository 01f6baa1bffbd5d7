"""`grounding flow`: held, listed, and written only where somebody says."""

from __future__ import annotations

import io
import json
import stat
from pathlib import Path

import pytest

from assistant.cli.main import main

TYPED = "the exam\nit is on monday\ni may fail\nread one page\nyes\nno\n"


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(TYPED))


def untangle(*options: str) -> int:
    return main(["flow", "untangle", "--mic", "none", "--speaker", "none", "--country", "GB", *options])


def test_without_a_name_they_are_listed_with_how_to_begin_each(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["flow"]) == 0
    assert 'untangling a thought: "untangle my thoughts"' in capsys.readouterr().out
    assert main(["flow", "--json"]) == 0
    flows = json.loads(capsys.readouterr().out)
    assert {"untangle", "prepare", "message", "reflection"} <= {flow["id"] for flow in flows}
    assert {flow["review"] for flow in flows} == {"draft"}


@pytest.mark.usefixtures("typed")
def test_by_default_nothing_is_written_anywhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert untangle() == 0
    assert "Nothing of it is kept." in capsys.readouterr().out
    assert not any(b"exam" in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


@pytest.mark.usefixtures("typed")
def test_with_out_it_is_text_in_a_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    assert untangle("--out", str(page)) == 0
    assert "The worry: the exam\nWhat I know: it is on monday\n" in page.read_text(encoding="utf-8")
    assert stat.S_IMODE(page.stat().st_mode) == 0o600


def test_bytes_that_are_no_text_are_left_out_and_end_no_flow(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pasted line of an older system, in a terminal that reads UTF-8."""
    typed = TYPED.encode().replace(b"exam", b"caf\xe9")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(typed), "utf-8"))
    events = tmp_path / "events.jsonl"
    assert untangle("--events", str(events), "--with-words") == 0
    assert "You: the caf\n" in capsys.readouterr().out
    assert '"text": "the caf"' in events.read_text(encoding="utf-8")


def test_bad_places_and_names_are_one_clear_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    there = tmp_path / "there.txt"
    there.write_text("mine")
    for options, code, says in (
        (["untangle", "--out", str(there)], 1, "not written over"),
        (["untangle", "--out", str(tmp_path / "no" / "page.txt")], 1, "Nothing can be written in"),
        (["untagle"], 2, "no flow 'untagle'. Did you mean untangle? They are listed by: grounding flow"),
        (["--out", "page.txt"], 2, "name one"),
    ):
        assert main(["flow", *options, *(["--mic", "none", "--speaker", "none"])]) == code
        captured = capsys.readouterr()
        assert says in captured.err and len(captured.err.splitlines()) == 1
    assert there.read_text() == "mine"


@pytest.mark.usefixtures("typed")
def test_a_file_that_fails_at_the_end_leaves_the_words_on_the_screen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, page: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("assistant.runtime.page_file.write_page", full)
    assert untangle("--out", str(tmp_path / "page.txt")) == 0
    out = capsys.readouterr().out
    assert "I couldn't write that file." in out and "The worry: the exam" in out

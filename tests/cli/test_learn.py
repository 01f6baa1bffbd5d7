"""`grounding learn`: a card for a question, people for a plea."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant.app.places import latch_path
from assistant.cli.main import main
from assistant.settings_files import own_settings_file


def learned(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    assert main(["learn", *arguments, "--json", "--country", "GB"]) == 0
    value: dict[str, object] = json.loads(capsys.readouterr().out)
    return value


def test_a_question_is_answered_from_a_card_with_how_sure_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["learn", "why does my chest get tight"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("why the chest gets tight\n") and "Are you sure?" in out
    assert "grounding preview breath-long-out" in out and "No clinician has signed" in out


def test_a_question_needs_no_quotes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["learn", "why", "does", "my", "chest", "get", "tight"]) == 0
    assert capsys.readouterr().out.startswith("why the chest gets tight\n")


@pytest.mark.parametrize("command", ["learn", "screen"])
def test_it_loads_what_a_question_needs_and_no_conversation(command: str) -> None:
    """So that it answers at once: a clock would measure the machine."""
    unwanted = {"sounddevice", "assistant.core.conversation", "assistant.hearing.listener", "assistant.speaking.player"}
    code = (
        f"import sys; from assistant.cli.main import main; code = main(['{command}', 'what is panic']); "
        f"print(code, sorted({unwanted} & set(sys.modules)), file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stderr.splitlines()[-1] == "0 []"


def test_nothing_fits_is_said_with_whom_to_ask(capsys: pytest.CaptureFixture[str]) -> None:
    found = learned(capsys, "how do i boil an egg")
    assert found["card"] is None and found["support"] is None
    assert isinstance(found["said"], Sequence) and "someone you trust" in " ".join(found["said"])


def test_a_plea_is_given_people_and_no_card_and_the_next_question_begins_with_people(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = learned(capsys, "what is panic, i want to kill myself")
    assert found["level"] == "hard" and found["card"] is None and found["may_fit"] is None
    assert isinstance(found["support"], dict) and found["support"]["emergency"] == "999"
    said = " ".join(str(line) for line in found["said"] if line) if isinstance(found["said"], list) else ""
    assert "nine nine nine" in said
    assert "Say again" not in said and "You can say yes" not in said, "nobody is listening when a command has ended"
    assert latch_path().is_file() and latch_path().read_bytes() == b""
    after = learned(capsys, "grief")
    assert after["support"] is not None and after["card"] is not None
    assert isinstance(after["said"], list) and "needed a person" in after["said"][0]


@pytest.mark.parametrize("mistake", ["turnn: 1", "language: xx", "cautions: [", "version: 99"])
def test_a_plea_is_given_people_whatever_the_settings_say(mistake: str, capsys: pytest.CaptureFixture[str]) -> None:
    own = own_settings_file()
    own.parent.mkdir(parents=True)
    own.write_text(f"country: GB\n{mistake}\n", encoding="utf-8")
    assert main(["learn", "i want to die"]) == 3
    out, told = capsys.readouterr()
    assert (" call 112" if mistake == "version: 99" else " call 999") in out and str(own) in told
    assert main(["screen", "i want to die"]) == 3
    out, told = capsys.readouterr()
    assert out.startswith("hard") and str(own) in told


def test_people_that_come_first_stand_before_the_card_and_not_amid_it(capsys: pytest.CaptureFixture[str]) -> None:
    learned(capsys, "i want to kill myself")
    assert main(["learn", "grief", "--country", "GB"]) == 0
    out = capsys.readouterr().out
    assert out.index("in danger, call 999") < out.index("Grief follows the loss") < out.index("Are you sure?")
    assert "Samaritans" not in out[out.index("Grief follows the loss") :]


def test_a_faint_sign_names_people_first_and_the_card_is_not_read(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from assistant.safety.verdict import Kind, Level, Verdict
    from assistant.understanding.learned import LearnedScreen

    faint = Verdict(Level.SOFT, Kind.OVERWHELM, ("encoder",))
    monkeypatch.setattr(LearnedScreen, "estimate", lambda self, text: faint)
    found = learned(capsys, "why do i get panic attacks")
    assert found["level"] == "soft" and found["card"] is None and found["support"] is not None
    assert found["may_fit"] == {"id": "panic", "title": "what panic is"}
    assert learned(capsys, "panic")["card"] is not None, "a title is a plain request, so that nobody goes in a circle"


@pytest.mark.parametrize("told", ["am I dying", "i can't breathe", "I'm panicking", "help me", "my heart is racing"])
def test_whoever_tells_of_themselves_now_is_shown_people_and_the_way_to_an_exercise_and_no_card_is_read(
    capsys: pytest.CaptureFixture[str], told: str
) -> None:
    """ "am I dying" was answered with the card on grief."""
    found = learned(capsys, told)
    assert found["card"] is None and isinstance(found["support"], dict) and found["support"]["emergency"] == "999"
    assert isinstance(found["said"], list) and "type: grounding" in found["said"][0]
    assert found["may_fit"] is None or "grief" not in str(found["may_fit"])
    assert not latch_path().exists(), "no sign of danger, so the next question begins as ever"


def test_the_card_that_may_fit_what_is_told_of_now_is_named_by_its_title(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["learn", "i'm", "panicking", "--country", "GB"]) == 0
    out = capsys.readouterr().out
    assert "what panic is: grounding learn panic" in out and "The heart pounds" not in out
    assert learned(capsys, "panic")["card"] is not None


@pytest.mark.parametrize("asked", ["why do i panic", "are you a robot", "is a panic attack dangerous", "numbness"])
def test_a_question_about_a_thing_is_no_cry_for_help(capsys: pytest.CaptureFixture[str], asked: str) -> None:
    assert learned(capsys, asked)["card"] is not None


def test_without_a_question_the_titles_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["learn"]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert len(rows) >= 24 and any(row.startswith("tight-chest ") for row in rows)
    assert main(["learn", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == len(rows)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["grief", "--aloud", "--json"], "leave out --aloud"),
        (["--aloud"], "what to read aloud"),
        (["grief", "--speaker", "x.wav"], "--speaker is for --aloud"),
    ],
)
def test_what_cannot_be_done_together_is_said(
    capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert main(["learn", *arguments]) == 2
    assert told in capsys.readouterr().err


def test_a_card_is_read_aloud_through_the_player(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "card.wav"
    assert main(["learn", "grief", "--aloud", "--speaker", str(out)]) == 0
    assert out.stat().st_size > 500_000
    assert "Grief follows the loss" in capsys.readouterr().out

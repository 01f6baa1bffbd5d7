"""Live levels and push to talk where there is no terminal, no microphone, no speaker: one clear line, and a code."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from assistant import devices
from assistant.app.levels import Level
from assistant.cli.hear import row
from assistant.cli.main import COMMANDS, main
from assistant.settings_files import own_settings_file
from tests.cli.test_bad_input import PLEA, grounding


class NoSound:
    """PortAudio on a machine without a sound card."""

    class default:  # noqa: N801  # sounddevice's name
        device = (-1, -1)

    @staticmethod
    def query_devices() -> list[object]:
        return []


@pytest.fixture
def no_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "_portaudio", NoSound)


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["hear"], 2, "this is none; name a WAV file, or add: --live --json --seconds 5"),
        (["hear", "--live"], 2, "this is none; name a WAV file, or add: --live --json --seconds 5"),
        (["hear", "--live", str(PLEA)], 2, "you named a file; leave one of them out"),
        (["hear", str(PLEA), "--seconds", "2"], 2, "--seconds is for --live"),
        (["hear", "--live", "--json"], 2, "say when that is: --seconds 5"),
        (["hear", "--json"], 2, "say when that is: --seconds 5"),
        (["hear", "--live", "--json", "--seconds", "-1"], 2, "--seconds -1 cannot be"),
        (["hear", "--live", "--json", "--seconds", "nan"], 2, "--seconds nan cannot be"),
        (["run", "--push-to-talk"], 2, "needs a terminal with a space bar"),
        (["run", "--push-to-talk", "--mic", "none"], 2, "--mic none is none"),
        (["--push-to-talk", "--mic", str(PLEA)], 2, "leave one out"),
    ],
)
def test_what_cannot_be_gets_one_line_and_a_code(tmp_path: Path, arguments: list[str], code: int, told: str) -> None:
    ran = grounding(tmp_path, *arguments)
    assert (ran.returncode, ran.stdout) == (code, "")
    assert told in ran.stderr and len(ran.stderr.splitlines()) == 1


@pytest.mark.usefixtures("no_sound")
def test_levels_without_a_microphone_are_one_line_and_a_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hear", "--live", "--json", "--seconds", "1"]) == 1
    said = capsys.readouterr()
    assert said.out == "" and said.err == "grounding: This machine has no microphone that can be used; plug one in.\n"


@pytest.mark.usefixtures("no_sound")
@pytest.mark.parametrize(
    ("arguments", "what"), [("--speaker nope --mic none", "speaker"), ("--mic /tmp --speaker none", "microphone")]
)
def test_a_device_that_nothing_here_is_called_is_told_once_by_its_name(
    arguments: str, what: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("quit\n"))
    monkeypatch.setattr("assistant.app.live._wait_for", lambda over: None)  # it ends before anything is said
    monkeypatch.setattr("assistant.app.live._last_words", lambda *_: None)
    main(["run", *arguments.split()])
    shown = capsys.readouterr().out
    assert shown.count(f"No {what} matches") == 1 and "none that can be used." in shown
    assert f"no {what} that can be used" not in shown


@pytest.mark.usefixtures("no_sound")
def test_a_doctor_who_is_to_listen_without_a_microphone_says_so_among_the_rest(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["doctor", "--live", "--loopback", "--json"])
    findings = {finding["name"]: finding for finding in json.loads(capsys.readouterr().out)}
    assert findings["what is heard"]["state"] == "degraded"
    assert "plug one in" in findings["what is heard"]["mend"]
    assert "echo" not in findings and "echo canceller" in findings


@pytest.mark.usefixtures("no_sound")
def test_a_doctor_tells_faults_in_the_settings_among_the_rest(capsys: pytest.CaptureFixture[str]) -> None:
    own = own_settings_file()
    own.parent.mkdir(parents=True)
    own.write_text("country: GB\nturnn: 1\n", encoding="utf-8")
    assert main(["doctor", "--json"]) == 3
    said = capsys.readouterr()
    findings = {finding["name"]: finding for finding in json.loads(said.out)}
    assert said.err == "" and "Left out until then: turnn." in findings["settings"]["detail"]
    assert findings["people to reach"]["state"] == "ok", "the country is known"


@pytest.mark.usefixtures("no_sound")
def test_the_demonstration_writes_a_file_of_its_own_and_over_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where everybody may write, a name that is known may be somebody's link to a file of the person's."""
    thesis = tmp_path / "thesis.txt"
    thesis.write_text("years of work")
    everybodys = tmp_path / "tmp"
    everybodys.mkdir()
    (everybodys / "grounding-demonstration.wav").symlink_to(thesis)
    monkeypatch.setattr("tempfile.tempdir", str(everybodys))
    assert main(["run"]) == 0
    assert thesis.read_text() == "years of work"
    (answer,) = (path for path in everybodys.rglob("*.wav") if not path.is_symlink())
    assert str(answer) in "".join(capsys.readouterr().out.split()) and answer.stat().st_size > 500_000
    assert answer.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("command", ["run", "hear", "doctor"])
def test_help_has_an_example(tmp_path: Path, command: str) -> None:
    told = grounding(tmp_path, command, "--help").stdout
    assert {"run": "--push-to-talk", "hear": "--live", "doctor": "--loopback"}[command] in told.partition("examples:")[
        2
    ]


@pytest.mark.parametrize("command", COMMANDS)
def test_each_example_of_help_stands_whole_on_a_line_of_its_own(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """To be copied; a narrow terminal broke them, and "or" ran on between two of them."""
    monkeypatch.setenv("COLUMNS", "50")
    with pytest.raises(SystemExit):
        main([command, "--help"])
    examples = capsys.readouterr().out.partition("\nexamples:\n")[2].splitlines()
    assert examples and all(line.startswith("  grounding ") and len(line) <= 80 for line in examples)
    for line in examples:
        command_line, _, meant = line.partition("  # ")
        assert command_line.count("grounding ") == 1 and (meant or "  " not in command_line.strip())


@pytest.mark.parametrize(("level_db", "bars"), [(-200.0, 0), (-90.0, 0), (-45.0, 15), (0.0, 30), (6.0, 30)])
def test_a_row_stays_within_a_narrow_terminal(level_db: float, bars: int) -> None:
    shown = row(Level(level_db, -70.0, 0.5, speech=True))
    assert shown.count("#") == bars and len(shown) < 80


def test_push_to_talk_is_a_setting_too(tmp_path: Path) -> None:
    ran = grounding(tmp_path, "check", settings=b"microphone:\n  push_to_talk: sometimes\n")
    assert ran.returncode == 3 and "push_to_talk" in ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("command", "instead"),
    [("preview feet-on-floor", "--fast prints it"), ("learn --aloud grief", "leave out --aloud")],
)
def test_where_there_is_no_speaker_it_is_told_how_to_do_without_one(
    command: str, instead: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Over SSH nothing can be plugged in."""
    assert main(command.split()) == 1
    told = capsys.readouterr().err
    assert "This machine has no speaker" in told and instead in told and "--speaker out.wav" in told


def test_bench_says_first_what_it_measures_and_how_long_that_takes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A minute of nothing but dots looks like a fault."""
    told: list[str] = []

    def measured(settings: object) -> dict[str, object]:
        told.append(capsys.readouterr().err)
        return {"machine": "", "figures": [], "engines": [], "not measured": []}

    monkeypatch.setattr("assistant.app.bench", measured)
    assert main(["bench", "--json"]) == 0
    assert "about a minute" in told[0] and "falls silent" in told[0]
    json.loads(capsys.readouterr().out)

"""Bad input and missing parts: one clear line with the mend, the exit code of the contract, and never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
import wave
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
PLEA = CHECKOUT / "audio" / "demo-panic-short.wav"


def grounding(
    folder: Path, *arguments: str, settings: bytes | None = None, out: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """The program as a person would start it, at home in `folder`, with no terminal. `out`: a shell's redirection."""
    folder.mkdir(exist_ok=True)
    own = folder / ".config" / "grounding-assistant" / "config.yaml"
    if settings is not None:
        own.parent.mkdir(parents=True)
        own.write_bytes(settings)
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("XDG_", "GROUNDING_"))}
    inherited["PYTHONPATH"] = str(CHECKOUT)
    shell = ["sh", "-c", f'exec "$@" {out}', "sh"] if out else []
    return subprocess.run(
        [*shell, sys.executable, "-m", "assistant", *arguments], env={**inherited, "HOME": str(folder), **environment},
        cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True,
    )  # fmt: skip


def answered(
    folder: Path, *arguments: str, settings: bytes | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """A recorded plea in, a recorded answer out."""
    speaker = str(folder / "out.wav")
    return grounding(
        folder, "run", "--mic", str(PLEA), "--speaker", speaker, *arguments, settings=settings, **environment
    )


def wav(path: Path, *, rate: int, width: int, channels: int, seconds: float = 1.0) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(bytes(int(rate * seconds) * width * channels))
    return path


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["run", "--country", "QQ"], 2, "no list of people to reach for 'QQ'"),
        (["run", "--lang", "xx"], 2, "there is no content in 'xx' yet"),
        (["resources", "QQ"], 2, "no list of people to reach for 'QQ'"),
        (
            ["preview", "feet-on-flor"],
            2,
            "'feet-on-flor'. Did you mean feet-on-floor? They are listed by: grounding scr",
        ),
        (["preview", "feet"], 2, "Did you mean feet-on-floor?"),
        (["preview", "nothing"], 2, "There is no exercise 'nothing'. They are listed by: grounding scripts"),
        (["checkin", "numbr"], 2, "Did you mean number? They are listed by: grounding checkin --list"),
        (["checkin", "qqq"], 2, "There is no check-in 'qqq'. They are listed by: grounding checkin --list"),
        (["evaluate", "missing.jsonl"], 2, "missing.jsonl cannot be read"),
        (["dance"], 2, "invalid choice: 'dance'"),
        (["flow", "untangle", "--json"], 2, "leave out 'untangle'"),
        (["flow", "--markdown", "untangle"], 2, "leave out 'untangle'"),
        (["checkin", "number", "--json"], 2, "leave out 'number'"),
        (["checkin", "--list", "number"], 2, "leave out 'number'"),
        (["learn", "--markdown", "what is panic"], 2, "--markdown shows all cards"),
        (["run", "--mic", "none", "--speaker", "none", "--with-words"], 2, "--with-words is for --events"),
        (["export", "memory.csv", "--json"], 2, "--json and memory.csv do not go together"),
        (["export", "memory.JSON", "--csv"], 2, "--csv and memory.JSON do not go together"),
        (["export", "memory.csv", "--notes"], 2, "notes fit into JSON alone"),
        (["run", "--mic", "missing.wav", "--speaker", "out.wav"], 1, "no file missing.wav"),
        (["run", "--mic", str(PLEA), "--speaker", "missing/out.wav"], 1, "missing/out.wav cannot be written"),
        (["run", "--mic", str(PLEA), "--speaker", "out.wav", "--stt", "siri"], 2, "no recogniser 'siri'"),
        (["run", "--mic", str(PLEA), "--speaker", "out.wav", "--tts", "siri"], 2, "no voice engine 'siri'"),
    ],
)
def test_a_wrong_argument_gets_one_line_and_a_code(tmp_path: Path, arguments: list[str], code: int, told: str) -> None:
    ran = grounding(tmp_path, *arguments)
    assert (ran.returncode, ran.stdout) == (code, "")
    assert told in ran.stderr.splitlines()[-1]
    assert "Traceback" not in ran.stderr


def test_one_text_is_one_text_and_a_line_without_a_number_stands_without_a_colon(tmp_path: Path) -> None:
    labelled = '{"text": "i want to kill myself", "kind": "suicide", "expect": "hard"}\n'
    tmp_path.joinpath("one.jsonl").write_text(labelled)
    assert grounding(tmp_path, "evaluate", "one.jsonl").stdout.startswith("1 text; shares")
    ran = subprocess.run(
        [sys.executable, "-m", "assistant", "run", "--mic", "none", "--speaker", "none", "--guest"],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)}, cwd=tmp_path, input="h\n", capture_output=True, text=True,
    )  # fmt: skip
    assert "  findahelpline.com (as listed there)\n" in ran.stdout, ran.stdout


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "heard.wav is empty"),
        (b"what I said", "heard.wav is not a WAV file"),
        (b"RIFF\x24\x00\x00\x00WAVE", "heard.wav holds no sound"),
    ],
)
def test_a_recording_that_is_none_is_told(tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / "heard.wav").write_bytes(content)
    ran = grounding(tmp_path, "run", "--mic", "heard.wav", "--speaker", "out.wav")
    assert (ran.returncode, told in ran.stderr) == (1, True), ran.stderr


def test_a_recording_that_is_not_there_is_told_before_anything_is_begun(tmp_path: Path) -> None:
    ran = grounding(tmp_path, "run", "--mic", "missing.wav", "--speaker", "default")
    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (1, "", 1)
    assert "no file missing.wav" in ran.stderr


@pytest.mark.parametrize("link", ["heard.wav", "./heard.wav", "soft.wav", "hard.wav"])
def test_the_answer_is_not_written_over_the_recording(tmp_path: Path, link: str) -> None:
    heard = wav(tmp_path / "heard.wav", rate=16_000, width=2, channels=1)
    (tmp_path / "soft.wav").symlink_to("heard.wav")
    (tmp_path / "hard.wav").hardlink_to(heard)
    before = heard.read_bytes()
    ran = grounding(tmp_path, "run", "--mic", "heard.wav", "--speaker", link)
    assert (ran.returncode, ran.stdout) == (2, "") and "would be written over what --mic hears" in ran.stderr
    assert heard.read_bytes() == before


@pytest.mark.parametrize(("rate", "width", "channels"), [(8_000, 1, 1), (44_100, 2, 2), (96_000, 3, 6), (11_025, 4, 1)])
def test_a_recording_of_any_shape_is_heard(tmp_path: Path, rate: int, width: int, channels: int) -> None:
    heard = wav(tmp_path / "heard.wav", rate=rate, width=width, channels=channels)
    ran = grounding(tmp_path, "run", "--mic", str(heard), "--speaker", "out.wav")
    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (b"qxqxqx: 3\n", "1:1: qxqxqx is not a key known here, remove it"),
        (b"country: [en\n", "this is not YAML"),
        (b"- a\n", "this holds no settings"),
        (b"speech_to_text: {threads: many}\n", "speech_to_text.threads"),
        (b"country: Norway\n", "this is not a country's code"),
        (b"\xff\xfe\x00", "it is not UTF-8 text"),
    ],
)
def test_settings_with_a_fault_are_told_and_support_is_still_given(tmp_path: Path, settings: bytes, told: str) -> None:
    ran = grounding(tmp_path, "resources", settings=settings)
    assert (ran.returncode, told in ran.stderr) == (0, True), ran.stderr
    assert "findahelpline.com" in ran.stdout


@pytest.mark.parametrize("command", [("scripts",), ("learn",), ("checkin", "--list"), ("flow",)])
def test_a_list_needs_no_setting_but_the_language_and_tells_what_is_wrong_with_that(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    elsewhere = grounding(tmp_path / "a", *command, settings=b"language: en\nturn: {patient: perhaps}\n")
    assert (elsewhere.returncode, elsewhere.stderr) == (0, "")
    assert len(elsewhere.stdout.splitlines()) > 3
    unknown = grounding(tmp_path / "b", *command, settings=b"language: [en]\n")
    assert (unknown.returncode, unknown.stdout) == (3, "")
    assert "language" in unknown.stderr
    other = grounding(tmp_path / "d", *command, settings=b"language: xx\n")
    assert (other.returncode, other.stdout) == (2, "")
    assert "there is no content in 'xx' yet" in other.stderr
    newer = grounding(tmp_path / "c", *command, settings=b"version: 99\nlanguage: en\n")
    assert (newer.returncode, newer.stdout) == (3, "")
    assert "written for a newer version of this program" in newer.stderr


def test_a_mistake_in_the_settings_is_told_and_said_and_keeps_nobody_from_help(tmp_path: Path) -> None:
    ran = answered(tmp_path, settings=b"qxqxqx: 3\n")
    assert ran.returncode == 3
    assert "qxqxqx is not a key known here" in ran.stderr
    assert "Your settings have a mistake." in ran.stdout
    assert "Let your feet find the floor." in ran.stdout


def test_check_finds_settings_that_are_no_file(tmp_path: Path) -> None:
    own = tmp_path / ".config" / "grounding-assistant" / "config.yaml"
    own.mkdir(parents=True)
    folder = grounding(tmp_path, "check")
    assert (folder.returncode, "config.yaml:1:1: this is a folder" in folder.stdout) == (3, True)
    own.rmdir()
    own.symlink_to("nowhere")
    dangling = grounding(tmp_path, "check")
    assert (dangling.returncode, "config.yaml:1:1: the file is missing" in dangling.stdout) == (3, True)


def test_one_mistake_costs_no_other_setting(tmp_path: Path) -> None:
    mine = b"country: GB\nturnn: 1\ntrusted_person: {name: Sam, number: 12}\n"
    listed = grounding(tmp_path / "a", "resources", settings=mine)
    assert listed.returncode == 0 and "call 999" in listed.stdout
    assert "Left out until then: trusted_person.number, turnn." in listed.stderr
    ran = answered(tmp_path / "b", settings=b"language: xx\ncaptions: false\n")
    assert ran.returncode == 3 and "language: there is none of the name 'xx', write en" in ran.stderr
    assert "Let your feet find the floor." not in ran.stdout, "the captions are off, as it was asked for"


def test_a_model_that_is_not_whole_is_told_with_what_it_lacks(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    ran = answered(tmp_path, "--stt", "faster-whisper", GROUNDING_MODEL=str(tmp_path / "model"))
    assert ran.returncode == 1
    assert "lacks model.bin, config.json, tokenizer.json, vocabulary.json" in ran.stderr
    (tmp_path / "model" / "model.bin").write_bytes(b"no model")
    for name in ("config.json", "tokenizer.json", "vocabulary.json"):
        (tmp_path / "model" / name).write_text("{}")
    ran = answered(tmp_path, "--stt", "faster-whisper", GROUNDING_MODEL=str(tmp_path / "model"))
    assert "Traceback" not in ran.stderr


def test_a_home_that_cannot_be_written_costs_the_cache_and_nothing_else(tmp_path: Path) -> None:
    ran = answered(tmp_path, HOME="/proc/nowhere")
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.count("I can't keep sounds on this disk.") == 1, "it is said once"
    assert "Let your feet find the floor." in ran.stdout


def test_a_full_disk_is_told_and_the_help_goes_on(tmp_path: Path) -> None:
    ran = answered(tmp_path, "--events", "/dev/full")
    assert ran.returncode == 0, ran.stderr
    assert "The disk is full" in ran.stdout
    assert "Let your feet find the floor." in ran.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such device")
@pytest.mark.parametrize(("out", "why"), [(">/dev/full", "No space left on device"), (">&-", "it is closed")])
def test_output_that_cannot_be_written_is_told_and_the_voice_speaks_on(tmp_path: Path, out: str, why: str) -> None:
    told = f"grounding: what is shown cannot be written: {why}.\n"
    for command in ("history", "history --json", "resources GB"):
        ran = grounding(tmp_path, *command.split(), out=out)
        assert (ran.returncode, ran.stderr) == (1, told)
    usual, unseen = (tmp_path / name for name in ("usual.wav", "unseen.wav"))
    for speaker, at in ((usual, ""), (unseen, out)):
        ran = grounding(tmp_path, "run", "--guest", "--mic", str(PLEA), "--speaker", str(speaker), out=at)
        assert (ran.returncode, ran.stderr) == (0, told if at else ""), ran.stderr
    assert unseen.stat().st_size == usual.stat().st_size > 1_000_000


def test_a_terminal_that_is_not_utf8_loses_letters_and_no_help(tmp_path: Path) -> None:
    ran = answered(tmp_path, PYTHONIOENCODING="ascii", LC_ALL="C")
    assert ran.returncode == 0, ran.stderr
    assert "Let your feet find the floor." in ran.stdout


def test_no_colours_and_no_terminal(tmp_path: Path) -> None:
    assert "\033" not in answered(tmp_path).stdout

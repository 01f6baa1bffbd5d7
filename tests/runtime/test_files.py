"""`run` on sound files and piped lines, through the real recogniser, screen and voice; and bad input of every kind."""

from __future__ import annotations

import io
import json
import struct
from pathlib import Path

import numpy as np
import pytest

from assistant.cli.main import main
from assistant.content.root import content_root
from assistant.sound import Sound, parse_wav, read_wav, wav_header, write_wav

DEMO = content_root() / "audio" / "demo-panic.wav"


def lines_of(path: Path) -> list[dict[str, object]]:
    return [json.loads(row) for row in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def test_a_recorded_plea_is_answered_with_an_exercise_that_fits_panic(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, events = tmp_path / "out.wav", tmp_path / "e.jsonl"
    code = main(["run", "--mic", str(DEMO), "--speaker", str(out), "--events", str(events), "--country", "GB"])
    assert code == 0
    exercises = [row.get("exercise") for row in lines_of(events) if row["type"] == "scene"]
    assert "feet-on-floor" in exercises
    assert "Let your feet find the floor." in capsys.readouterr().out
    sound = read_wav(out)
    assert sound.seconds > 60 and float(np.max(np.abs(sound.samples))) < 0.95
    assert "attack" not in events.read_text(encoding="utf-8"), "words only when asked for"


def test_the_same_file_gives_the_same_conversation(tmp_path: Path) -> None:
    logs = []
    for name in ("one", "two"):
        events = tmp_path / f"{name}.jsonl"
        main(["run", "--mic", str(DEMO), "--speaker", "none", "--events", str(events), "--guest"])
        logs.append([(row["type"], row.get("segment")) for row in lines_of(events)])
    assert logs[0] == logs[1]


def test_piped_lines_are_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("everything is too much\nseven\nno\n"))
    assert main(["run", "--mic", "none", "--speaker", "none", "--events", str(tmp_path / "e.jsonl")]) == 0
    shown = capsys.readouterr().out
    assert "find the floor" in shown and "Seven. Thank you." in shown


def test_a_piped_h_is_the_key_that_gives_people_and_m_is_told_that_there_is_no_microphone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("m\nh\n"))
    assert main(["run", "--mic", "none", "--speaker", "none", "--guest", "--country", "GB"]) == 0
    shown = capsys.readouterr().out
    assert "no microphone here" in shown and "People you can reach" in shown
    assert "You: " not in shown, "a key is no word"


def test_a_typed_crisis_is_met_with_support_on_screen_and_in_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("i want to kill myself\n"))
    assert main(["run", "--mic", "none", "--speaker", "none", "--country", "GB"]) == 0
    shown = capsys.readouterr().out
    assert "Samaritans: 116 123" in shown and "one one six, one two three" in shown and "999" in shown
    assert "feet" not in shown.lower()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, "There is no file"),
        (b"", "is empty"),
        (b"hello, this is no sound at all", "is not a WAV file"),
        (wav_header(16_000, 0), "holds no sound"),
        (b"RIFF\x00\x00\x00\x00WAVE", "holds no sound"),
    ],
)
def test_a_bad_sound_file_gets_one_clear_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, code: str
) -> None:
    path = tmp_path / "plea.wav"
    if content is not None:
        path.write_bytes(content)
    assert main(["run", "--mic", str(path), "--speaker", "none"]) == 1
    said = capsys.readouterr().err.strip()
    assert code in said and "\n" not in said and "Traceback" not in said


@pytest.mark.parametrize("rate", [8_000, 11_025, 44_100, 96_000])
@pytest.mark.parametrize("channels", [1, 2, 6])
@pytest.mark.parametrize(("kind", "bits"), [(1, 8), (1, 16), (1, 24), (1, 32), (3, 32), (3, 64)])
def test_wav_files_of_every_kind_are_read(rate: int, channels: int, kind: int, bits: int) -> None:
    tone = 0.5 * np.sin(np.arange(rate // 10) * 0.05)
    frames = np.repeat(tone[:, None], channels, axis=1).ravel()
    match kind, bits:
        case 1, 8:
            data = ((frames * 127) + 128).astype(np.uint8).tobytes()
        case 1, 24:
            data = b"".join(struct.pack("<i", int(x * 8388607))[:3] for x in frames)
        case 1, _:
            data = (frames * (2 ** (bits - 1) - 1)).astype(f"<i{bits // 8}").tobytes()
        case _:
            data = frames.astype(f"<f{bits // 8}").tobytes()
    width = bits // 8 * channels
    header = struct.pack(
        "<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(data), b"WAVE", b"fmt ", 16, kind, channels, rate, rate * width, width,
        bits, b"data", len(data),
    )  # fmt: skip
    sound = parse_wav(header + data, "test")
    assert sound.rate == rate and len(sound.samples) == len(tone)
    assert np.max(np.abs(sound.samples - tone)) < 0.02
    half = parse_wav((header + data)[: 44 + len(data) // 2 + 1], "test")
    assert 0 < len(half.samples) <= len(tone) // 2 + 1, "a truncated file gives what is there"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["run", "--country", "XX"], 2, "XX"),
        (["run", "--lang", "tlh"], 2, "tlh"),
        (["run", "--mic", "none", "--speaker", "none", "--events", "/no/such/folder/e.jsonl"], 1, "cannot be written"),
        (["run", "--mic", str(DEMO), "--speaker", "/no/such/folder/out.wav"], 1, "cannot be written"),
        (["run", "--mic", str(DEMO), "--speaker", "none", "--stt", "magic"], 2, "magic"),
        (["run", "--mic", str(DEMO), "--speaker", "none", "--stt", "faster-whisper"], 1, "lacks"),
        (["run", "--mic", str(DEMO), "--speaker", "none", "--tts", "magic"], 2, "magic"),
        (["preview", "no-such-exercise"], 2, "no-such-exercise"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_an_exit_code(
    capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, said: str
) -> None:
    assert main(arguments) == code
    shown = capsys.readouterr().err.strip()
    assert said in shown and "\n" not in shown and "Traceback" not in shown


def test_hear_says_what_was_heard_and_how_far_it_can_be_trusted(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hear", str(DEMO), "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert set(row) == {"file", "text", "engine", "trust", "confidence", "audio_s", "took_s"}


@pytest.mark.parametrize("seconds", [0.0, 3.0, 4.0])
def test_hear_hears_a_file_as_a_conversation_does_whatever_silence_is_before_the_words(
    seconds: float, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plea = read_wav(DEMO)
    later = np.concatenate([np.zeros(round(seconds * plea.rate), dtype=np.float32), plea.samples])
    with (tmp_path / "later.wav").open("wb") as file:
        write_wav(file, Sound(later, plea.rate))
    assert main(["hear", str(tmp_path / "later.wav"), "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert "panic attack" in row["text"] and row["trust"] == "trusted"


def test_two_turns_are_heard_both_and_a_file_without_speech_has_no_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plea = read_wav(DEMO.with_name("demo-answer.wav"))
    quiet = np.zeros(5 * plea.rate, dtype=np.float32)
    for name, parts in (("twice", [plea.samples, quiet, plea.samples]), ("never", [quiet])):
        with (tmp_path / f"{name}.wav").open("wb") as file:
            write_wav(file, Sound(np.concatenate(parts), plea.rate))
    assert main(["hear", str(tmp_path / "twice.wav"), str(tmp_path / "never.wav"), "--json"]) == 0
    twice, never = json.loads(capsys.readouterr().out)
    assert twice["text"].count("panicking") == 2
    assert (never["text"], never["trust"], never["confidence"]) == ("", "empty", 0.0) and never["engine"]


def test_preview_writes_an_exercise_with_its_chime(tmp_path: Path) -> None:
    out = tmp_path / "feet.wav"
    assert main(["preview", "feet-on-floor", "--speaker", str(out)]) == 0
    assert 60 < read_wav(out).seconds < 140


def test_an_exercise_is_read_with_its_times_and_ones_own_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "script", "my-window"]) == 0
    assert main(["scripts"]) == 0
    assert "(practice), yours" in capsys.readouterr().out
    assert main(["preview", "my-window", "--fast"]) == 0
    assert capsys.readouterr().out.startswith("0:00.0  Find one thing near you.")
    assert main(["preview", "my-window", "--vtt"]) == 0
    assert capsys.readouterr().out.startswith("WEBVTT\n\n00:00:00.000 --> ")


@pytest.mark.parametrize("name", ["my-window", "feet-on-floor"])
def test_one_with_a_fault_is_refused_with_its_line_and_others_are_heard(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """One that stands in for a shipped one too: who asks to hear theirs is not given the other."""
    assert main(["new", "script", name]) == 0
    path = tmp_path / "xdg_config_home" / "grounding-assistant" / "scripts" / "en" / "exercises" / f"{name}.yaml"
    path.write_text(path.read_text().replace("Find one thing near you.", "Take a deep breath."))
    capsys.readouterr()
    assert main(["preview", name, "--fast"]) == 3
    assert f"{name}.yaml:25:" in capsys.readouterr().err
    assert main(["preview", "push-wall", "--fast"]) == 0


def own_settings(tmp_path: Path, text: str) -> None:
    path = tmp_path / "xdg_config_home" / "grounding-assistant" / "config.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")


def test_the_soft_bed_lies_under_the_exercise_alone(tmp_path: Path) -> None:
    own_settings(tmp_path, "voice: {bed: soft}\n")
    out = tmp_path / "out.wav"
    assert main(["run", "--mic", str(DEMO), "--speaker", str(out)]) == 0
    sound = read_wav(out)
    tenths = sound.samples[: len(sound.samples) // 2400 * 2400].reshape(-1, 2400)
    levels = 20 * np.log10(np.maximum(np.sqrt(np.mean(np.square(tenths), axis=1)), 1e-7))
    bed = (levels > -51) & (levels < -45)
    assert np.sum(bed) > 300, "its pauses are filled"
    assert not np.any(bed[:80]), "the greeting has none, and nor has listening"


def test_without_chimes_an_exercise_just_ends(tmp_path: Path) -> None:
    own_settings(tmp_path, "voice: {chimes: false}\n")
    lengths = []
    for name in ("without", "with"):
        out = tmp_path / f"{name}.wav"
        assert main(["preview", "feet-on-floor", "--speaker", str(out)]) == 0
        lengths.append(read_wav(out).seconds)
        (tmp_path / "xdg_config_home" / "grounding-assistant" / "config.yaml").unlink(missing_ok=True)
    assert lengths[1] - lengths[0] == pytest.approx(2.2, abs=0.2)


def test_captions_can_be_off_and_people_to_reach_never(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own_settings(tmp_path, "captions: false\n")
    monkeypatch.setattr("sys.stdin", io.StringIO("i want to kill myself\n"))
    assert main(["run", "--mic", "none", "--speaker", "none", "--country", "GB"]) == 0
    shown = capsys.readouterr().out
    assert "Samaritans: 116 123" in shown and "I'm here." not in shown

"""`grounding setup --aloud` through PortAudio: a question is heard in the room, and a voice in the room answers it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from assistant.testing.bench import wait_until
from assistant.testing.sound_card import SoundCard

from .terminal import terminal

pytestmark = pytest.mark.sound_card


def said(card: SoundCard, folder: Path, words: str) -> None:
    """By a synthetic voice, into the microphone."""
    path = folder / "said.wav"
    subprocess.run(["espeak-ng", "-v", "en-us", "-s", "135", "-w", str(path), words], check=True)
    card.play(path).wait()


def test_a_question_is_read_and_a_spoken_yes_is_kept(card: SoundCard, tmp_path: Path) -> None:
    places = {f"XDG_{name}_HOME": str(tmp_path) for name in ("CONFIG", "DATA", "STATE")}
    with card.listening() as recording, terminal(card, "setup", "--again", "patient", "--aloud", **places) as shown:
        wait_until(lambda: recording.level(0.3) > 0.01, "the question")
        wait_until(lambda: recording.level(1.2) < 1e-3, "its end", 40.0)
        said(card, tmp_path, "yes please")
        wait_until(lambda: shown.process.poll() is not None, "its end", 20.0)
        assert shown.process.returncode == 0 and not shown.shows("Traceback")
    kept = (tmp_path / "grounding-assistant" / "config.yaml").read_text(encoding="utf-8")
    assert kept.endswith("turn:\n  patient: true\n")


def test_a_cry_for_help_ends_the_questions_and_is_met_with_people(card: SoundCard, tmp_path: Path) -> None:
    places = {f"XDG_{name}_HOME": str(tmp_path) for name in ("CONFIG", "DATA", "STATE")}
    with card.listening() as recording, terminal(card, "setup", "--again", "patient", "--aloud", **places) as shown:
        wait_until(lambda: recording.level(0.3) > 0.01, "the question")
        wait_until(lambda: recording.level(1.2) < 1e-3, "its end", 40.0)
        said(card, tmp_path, "i want to kill myself")
        wait_until(lambda: shown.shows("To go on from here: grounding setup"), "the end of the questions", 20.0)
        wait_until(lambda: shown.shows("People you can reach"), "people")
        wait_until(lambda: recording.level(0.3) > 0.01, "the voice")
    assert (tmp_path / "grounding-assistant" / "support-given").is_file()

"""The real program as a process, through PortAudio on a virtual sound card; what is heard is read off the sound."""

from __future__ import annotations

import subprocess
from functools import partial
from pathlib import Path

import pytest

from assistant.errors import EngineError
from assistant.testing.bench import running, stop_to_silence, wait_for_voice, wait_until
from assistant.testing.sound_card import SoundCard

from .conftest import has

pytestmark = pytest.mark.sound_card


def said(path: Path, words: str) -> Path:
    subprocess.run(["espeak-ng", "-v", "en-us", "-s", "135", "-w", str(path), words], check=True)
    return path


def test_a_spoken_plea_is_answered_with_an_exercise(card: SoundCard, tmp_path: Path) -> None:
    plea = said(tmp_path / "plea.wav", "i'm having a panic attack")
    with running(card, "--stt", "pocketsphinx") as process:
        wait_until(partial(has, process, "playback_finished"), "the end of the greeting")
        card.play(plea).wait()
        wait_until(partial(has, process, "scene", exercise="feet-on-floor"), "the exercise")


def test_a_spoken_cry_for_help_is_met_with_support_and_killing_the_program_does_not_wipe_it(
    card: SoundCard, tmp_path: Path
) -> None:
    cry = said(tmp_path / "cry.wav", "i want to kill myself")
    with running(card, "--stt", "pocketsphinx", state=tmp_path) as process:
        wait_until(partial(has, process, "playback_finished"), "the end of the greeting")
        card.play(cry).wait()
        wait_until(partial(has, process, "scene", name="interrupt"), "the interrupt")
        wait_until(partial(has, process, "show_resources"), "support")
        process.signal(9)
    with card.listening() as recording, running(card, "--mic", "none", state=tmp_path) as process:
        wait_for_voice(recording, process)
        wait_until(partial(has, process, "show_resources"), "support, again")
        assert not has(process, "scene", name="greeting")


@pytest.mark.parametrize("how", ["key", "SIGUSR1", "SIGINT"])
def test_a_stop_is_heard_at_the_speaker(card: SoundCard, how: str) -> None:
    assert len(stop_to_silence(card, how, 1).trials) == 1


@pytest.mark.parametrize("part", ["conversation", "recogniser", "voice"])
def test_a_stop_is_silence_while_a_part_hangs(card: SoundCard, part: str) -> None:
    with card.listening() as recording, running(card, hang=part) as process:
        wait_for_voice(recording, process)
        process.press_a_key()
        wait_until(lambda: recording.level(0.3) < 1e-4, "silence", 5.0)
        if part == "voice":
            wait_until(partial(has, process, "speak", utterance_id=2), "the line after a stop, wanted")
            with pytest.raises(EngineError, match="in vain"):
                wait_until(partial(has, process, "playback_started", utterance_id=2), "it to be heard", 2.0)


def test_silence_from_the_person_leads_to_an_exercise(card: SoundCard) -> None:
    with running(card, "--stt", "pocketsphinx") as process:
        wait_until(partial(has, process, "scene", exercise="feet-on-floor"), "the exercise", 40.0)


def test_ctrl_c_leaves_kindly_and_a_broken_conversation_ends_in_a_recorded_line(card: SoundCard) -> None:
    with card.listening() as recording, running(card, "--mic", "none") as process:
        wait_for_voice(recording, process)
        process.signal(2)
        assert process.process.wait(5) == 0
    with card.listening() as recording, running(card, "--mic", "none", hang="break") as process:
        wait_until(lambda: process.process.poll() is not None, "the end", 30.0)
        assert process.process.returncode == 1
        assert recording.samples[-48_000 * 4 :].std() > 0.001, "it did not end in silence"

"""Levels and the echo of a real sound card, as a person would ask for them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from assistant.content.root import content_root
from assistant.errors import EngineError
from assistant.testing.bench import running, wait_for_voice, wait_until
from assistant.testing.sound_card import SoundCard

from .conftest import has
from .terminal import terminal

pytestmark = pytest.mark.sound_card


@pytest.fixture(scope="module")
def echoing(card: SoundCard) -> Iterator[SoundCard]:
    with SoundCard(echo_db=-12) as card:
        yield card


def examined(card: SoundCard) -> tuple[int, dict[str, dict[str, object]]]:
    ran = subprocess.run(
        [sys.executable, "-m", "assistant", "doctor", "--live", "--loopback", "--json"],
        env=card.environment, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    return ran.returncode, {finding["name"]: finding for finding in json.loads(ran.stdout)}


def test_the_doctor_measures_how_loud_and_how_late_the_speaker_is_heard(echoing: SoundCard) -> None:
    code, found = examined(echoing)
    assert code == 0
    echo, delay = found["echo"]["echo_db"], found["echo"]["delay_ms"]
    assert isinstance(echo, float) and abs(echo - -12.0) <= 3.0
    assert isinstance(delay, int) and 40 <= delay <= 250, "the card's own 40 ms, and the buffers of two devices"
    assert found["echo"]["state"] == found["what is heard"]["state"] == "ok"


def test_the_doctor_says_that_there_is_no_echo_and_that_nothing_was_heard(card: SoundCard) -> None:
    _, found = examined(card)
    assert found["echo"]["echo_db"] is None and str(found["echo"]["detail"]).startswith("none")
    assert found["what is heard"]["muted"] is True and found["what is heard"]["state"] == "degraded"


PLEA = content_root() / "audio" / "demo-panic-short.wav"


def test_a_voice_moves_the_level_and_ctrl_c_ends_it_kindly(card: SoundCard) -> None:
    with terminal(card, "hear") as shown:
        wait_until(lambda: shown.shows("dBFS"), "a level")
        assert shown.shows("quiet") and not shown.shows("speech")
        card.play(PLEA).wait()
        wait_until(lambda: shown.shows("speech"), "speech")
        shown.process.send_signal(signal.SIGINT)
        # Read on meanwhile: a terminal that nobody reads holds up whoever writes to it.
        wait_until(lambda: shown.shows("Traceback") or shown.process.poll() is not None, "its end")
        assert shown.process.returncode == 0 and not shown.shows("Traceback")


def test_levels_as_one_object(card: SoundCard) -> None:
    command = [sys.executable, "-m", "assistant", "hear", "--live", "--json", "--seconds", "4"]
    process = subprocess.Popen(command, env=card.environment, stdout=subprocess.PIPE, text=True)
    card.play(PLEA).wait()
    told, _ = process.communicate(timeout=30)
    heard = json.loads(told)
    assert process.returncode == 0
    assert heard["seconds"] == pytest.approx(4.0, abs=1.0)
    assert heard["muted"] is False and heard["peak_db"] > -40.0


def test_by_key_a_plea_is_heard_only_from_one_press_to_the_next(card: SoundCard, tmp_path: Path) -> None:
    with running(card, "--stt", "pocketsphinx", "--push-to-talk", state=tmp_path) as process:
        wait_until(partial(has, process, "playback_finished"), "the end of the greeting")
        card.play(PLEA).wait()
        assert not has(process, "user_started_speaking")
        os.write(process._keyboard, b" ")
        wait_until(partial(has, process, "user_started_speaking"), "the key's turn")
        card.play(PLEA).wait()
        assert not has(process, "user_stopped_speaking")
        os.write(process._keyboard, b" ")
        wait_until(partial(has, process, "user_stopped_speaking"), "its end", 2.0)
        wait_until(partial(has, process, "transcript_ready", trust="trusted"), "its words")
        assert not has(process, "stop_requested")


def test_space_over_the_voice_is_silence_and_then_the_microphone_is_open(card: SoundCard) -> None:
    with card.listening() as recording, running(card, "--stt", "pocketsphinx", "--push-to-talk") as process:
        wait_for_voice(recording, process)
        os.write(process._keyboard, b" ")
        wait_until(lambda: recording.level(0.3) < 1e-4, "silence", 5.0)
        wait_until(partial(has, process, "stop_requested"), "the stop")
        wait_until(partial(has, process, "user_started_speaking"), "the key's turn")


def test_a_spoken_stop_over_the_voice_stops_it_though_nobody_pressed_a_key(card: SoundCard, tmp_path: Path) -> None:
    word = tmp_path / "stop.wav"
    subprocess.run(["espeak-ng", "-v", "en-us", "-s", "135", "-w", str(word), "stop"], check=True)
    with card.listening() as recording, running(card, "--stt", "pocketsphinx", "--push-to-talk") as process:
        wait_until(partial(has, process, "scene", exercise="feet-on-floor"), "the exercise")
        for _ in range(3):  # as anybody would who was not heard in a pause of the voice
            wait_until(lambda: recording.level(0.15) > 0.01, "the voice")
            card.play(word).wait()
            with suppress(EngineError):
                wait_until(partial(has, process, "stop_requested", source="stop word"), "the stop", 3.0)
                break
        assert has(process, "stop_requested", source="stop word")
        assert not has(process, "user_started_speaking") and not has(process, "transcript_ready")

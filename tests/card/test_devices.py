"""Devices that leave and come back while somebody is being helped."""

from __future__ import annotations

from functools import partial

import pytest

from assistant.testing.bench import Process, running, wait_until
from assistant.testing.sound_card import SoundCard

from .conftest import has

pytestmark = pytest.mark.slow


def count(process: Process, kind: str) -> int:
    return sum(event["type"] == kind for event in process.events())


def test_a_card_that_is_pulled_out_and_put_back_is_used_again(card: SoundCard) -> None:
    with running(card, "--stt", "pocketsphinx") as process:
        wait_until(partial(has, process, "playback_started"), "the greeting")
        card.unplug()
        wait_until(partial(has, process, "microphone_lost"), "the loss of the microphone")
        wait_until(partial(has, process, "speaker_lost"), "the loss of the speaker")
        heard = count(process, "playback_progressed")
        wait_until(lambda: count(process, "playback_progressed") > heard, "captions without a speaker", 40.0)
        card.plug_in()
        wait_until(partial(has, process, "speaker_returned"), "the speaker")
        wait_until(partial(has, process, "microphone_returned"), "the microphone")
        with card.listening() as recording:
            wait_until(lambda: recording.level(0.15) > 0.01, "the voice")
        assert process.process.poll() is None


def test_a_microphone_that_goes_quiet_is_said_once_and_the_voice_goes_on(card: SoundCard) -> None:
    with card.listening() as recording, running(card, "--stt", "pocketsphinx") as process:
        wait_until(partial(has, process, "playback_finished"), "the end of the greeting")
        card.suspend("virtmic")
        wait_until(partial(has, process, "microphone_lost"), "the loss")
        wait_until(partial(has, process, "scene", exercise="feet-on-floor"), "the exercise", 40.0)
        wait_until(lambda: recording.level(0.15) > 0.01, "the voice")
        assert count(process, "microphone_lost") == 1
        assert not has(process, "microphone_returned"), "it opens, but it gives no sound"
        card.suspend("virtmic", until_resumed=False)
        wait_until(partial(has, process, "microphone_returned"), "the microphone", 40.0)


def test_a_device_of_an_unknown_name_is_told_and_the_default_is_used(card: SoundCard) -> None:
    with card.listening() as recording, running(card, "--mic", "none", "--speaker", "Gramophone") as process:
        wait_until(lambda: recording.level(0.15) > 0.01, "the voice")
        process.signal(2)
        assert process.process.wait(5) == 0

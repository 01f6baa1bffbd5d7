"""Devices that leave and come back while somebody is being helped."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from assistant.content.root import content_root
from assistant.testing.bench import Process, running, wait_until
from assistant.testing.sound_card import SoundCard, TwoCards

from .conftest import has

pytestmark = pytest.mark.sound_card
BACK_SECONDS = 4.0
"""Twice what is promised: this is no measurement (`benchmarks/unplugging.py` is), and other tests may run."""


@pytest.fixture(scope="module")
def cards(card: SoundCard) -> Iterator[TwoCards]:
    with TwoCards() as cards:
        yield cards


def count(process: Process, kind: str) -> int:
    return sum(event["type"] == kind for event in process.events())


def more(process: Process, kind: str, than: int) -> bool:
    return count(process, kind) > than


def inside(process: Process) -> tuple[int, int]:
    """How many threads it has, and how many open files."""
    home = Path("/proc") / str(process.process.pid)
    return len(list((home / "task").iterdir())), len(list((home / "fd").iterdir()))


def is_back_in_time(process: Process, card: SoundCard, name: str, before: int = 0) -> None:
    wait_until(partial(more, process, f"{name}_returned", before), f"the return of the {name}", 40.0)
    assert time.monotonic() - card.plugged_in < BACK_SECONDS


def test_a_card_that_is_pulled_out_and_put_back_is_used_again(card: SoundCard) -> None:
    with running(card, "--stt", "pocketsphinx") as process:
        wait_until(partial(has, process, "playback_started"), "the greeting")
        card.unplug()
        wait_until(partial(has, process, "microphone_lost"), "the loss of the microphone")
        wait_until(partial(has, process, "speaker_lost"), "the loss of the speaker")
        heard = count(process, "playback_progressed")
        wait_until(lambda: count(process, "playback_progressed") > heard, "captions without a speaker", 40.0)
        card.plug_in()
        is_back_in_time(process, card, "speaker")
        is_back_in_time(process, card, "microphone")
        with card.listening() as recording:
            wait_until(lambda: recording.level(0.15) > 0.01, "the voice")
        assert process.process.poll() is None


def test_a_microphone_alone_is_used_again_and_nothing_is_left_behind(cards: TwoCards) -> None:
    with running(cards, "--stt", "pocketsphinx", "--mic", "microphone", "--speaker", "speaker") as process:
        wait_until(partial(has, process, "scene", exercise="feet-on-floor"), "the exercise", 40.0)
        before = inside(process)
        for already in range(2):
            cards.microphone.unplug()
            wait_until(partial(more, process, "microphone_lost", already), "the loss")
            cards.microphone.plug_in()
            is_back_in_time(process, cards.microphone, "microphone", already)
        assert count(process, "microphone_lost") == count(process, "microphone_returned") == 2
        assert not has(process, "speaker_lost")
        wait_until(lambda: inside(process) <= before, "threads and files as before")


def test_a_speaker_alone_is_used_again_and_captions_go_on_meanwhile(cards: TwoCards) -> None:
    with running(cards, "--stt", "pocketsphinx", "--mic", "microphone", "--speaker", "speaker") as process:
        wait_until(partial(has, process, "scene", exercise="feet-on-floor"), "the exercise", 40.0)
        before = inside(process)
        cards.unplug()
        wait_until(partial(has, process, "speaker_lost"), "the loss")
        read = count(process, "playback_progressed")
        wait_until(lambda: count(process, "playback_progressed") > read, "captions without a speaker")
        cards.plug_in()
        is_back_in_time(process, cards, "speaker")
        with cards.listening() as recording:
            wait_until(lambda: recording.level(0.15) > 0.01, "the voice")
        assert not has(process, "microphone_lost")
        wait_until(lambda: inside(process) <= before, "threads and files as before")


def test_a_speaker_that_wakes_slowly_is_given_the_time(cards: TwoCards) -> None:
    with running(cards, "--stt", "pocketsphinx", "--mic", "microphone", "--speaker", "speaker") as process:
        wait_until(partial(has, process, "playback_started"), "the greeting")
        cards.unplug()
        wait_until(partial(has, process, "speaker_lost"), "the loss")
        cards.plug_in(asleep=True)
        try:
            wait_until(partial(has, process, "speaker_returned"), "the return of the speaker", 40.0)
        finally:
            cards.unplug()
            cards.plug_in()


def test_devices_that_were_not_there_at_the_start_are_used_when_they_appear(card: SoundCard) -> None:
    card.unplug()
    try:
        with running(card, "--stt", "pocketsphinx", "--mic", "default", "--speaker", "default") as process:
            wait_until(partial(has, process, "playback_progressed"), "captions without a speaker", 40.0)
            card.plug_in()
            is_back_in_time(process, card, "speaker")
            is_back_in_time(process, card, "microphone")
            assert not has(process, "speaker_lost") and not has(process, "microphone_lost")
    finally:
        card.unplug()
        card.plug_in()


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


def test_a_speaker_that_takes_nothing_more_is_replaced_by_captions_until_it_does(card: SoundCard) -> None:
    with running(card, "--mic", "none") as process:
        wait_until(partial(has, process, "playback_started"), "the voice")
        card.suspend("spk")
        wait_until(partial(has, process, "speaker_lost"), "the loss")
        read = count(process, "playback_progressed")
        wait_until(lambda: count(process, "playback_progressed") > read + 1, "captions without a speaker", 40.0)
        assert not has(process, "speaker_returned"), "it opens, but it takes no sound"
        card.suspend("spk", until_resumed=False)
        wait_until(partial(has, process, "speaker_returned"), "the speaker", 40.0)


def test_a_device_of_an_unknown_name_is_told_and_the_default_is_used(card: SoundCard) -> None:
    with card.listening() as recording, running(card, "--mic", "none", "--speaker", "Gramophone") as process:
        wait_until(lambda: recording.level(0.15) > 0.01, "the voice")
        process.signal(2)
        assert process.process.wait(5) == 0


RESTING_SOON = """\
import sys
from assistant.app import streams
from assistant.cli.main import main
streams.REST_AFTER_SECONDS = 0.3
sys.exit(main())
"""


def rests(card: SoundCard) -> bool:
    """Whether PulseAudio waits for nothing from the program."""
    shown = subprocess.run(["pactl", "list", "sink-inputs"], env=card.environment, capture_output=True, text=True)
    return any("ALSA plug-in" in one and "Corked: yes" in one for one in shown.stdout.split("Sink Input #"))


def test_a_speaker_that_rests_while_it_waits_is_heard_when_somebody_speaks(card: SoundCard, tmp_path: Path) -> None:
    command = ["run", "--wait", "--country", "GB", "--stt", "pocketsphinx"]
    own = {"GROUNDING_MEMORY": str(tmp_path / "memory"), "XDG_STATE_HOME": str(tmp_path)}
    process = subprocess.Popen(
        [sys.executable, "-c", RESTING_SOON, *command], env=card.environment | own, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_until(partial(rests, card), "the rest")
        with card.listening() as recording:
            card.play(content_root() / "audio" / "demo-panic-short.wav").wait()
            wait_until(lambda: recording.level(0.15) > 0.01, "the voice")
            assert not rests(card)
    finally:
        process.terminate()
        process.wait(10.0)

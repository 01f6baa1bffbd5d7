"""The two streams of a session: a speaker that rests, and what it lacked."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from threading import Event as Flag
from typing import Any, ClassVar

import numpy as np
import pytest

from assistant.app.streams import REST_AFTER_SECONDS, Streams
from assistant.config import load_settings
from assistant.content.root import content_root
from assistant.core.events import (
    Called,
    Event,
    PlaybackFinished,
    Trouble,
    UserStartedSpeaking,
    UserStoppedSpeaking,
)
from assistant.core.ids import UtteranceId
from assistant.devices import Device
from assistant.errors import DeviceError
from assistant.runtime.events_file import EventsFile
from assistant.runtime.watchdog import LOST_SECONDS
from assistant.speaking.output import SpeakerStream
from assistant.speaking.player import Part


class Asked(SpeakerStream):
    """A speaker whose device is told, and asks for nothing by itself."""

    did: ClassVar[list[str]] = []

    def open(self, *, waiting: bool = False) -> None:
        self.did.clear()

    def rest(self) -> None:
        self.resting = True
        self.did.append("rest")

    def wake(self) -> None:
        self.resting = False
        self.did.append("wake")


@pytest.fixture
def resting(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Streams, Callable[[float], list[str]]]]:
    """Streams to a speaker, and what it was told when the watchdog looked at a moment."""
    now = [0.0]
    monkeypatch.setattr("assistant.app.streams.SpeakerStream", Asked)
    speaker = Device(0, "a speaker", 48_000.0, 0, 2, default=True)
    monkeypatch.setattr("assistant.app.streams.find_device", lambda name, direction: speaker)
    settings = load_settings([content_root() / "config.yaml"])
    streams = Streams(settings, "default", None, lambda event: None, clock=lambda: now[0])
    streams.open_speaker()

    def looked(at: float) -> list[str]:
        now[0] = at
        Asked.did.clear()
        streams.speaker_beat()
        return list(Asked.did)

    yield streams, looked
    streams.close()


def test_a_speaker_to_which_nothing_is_played_rests_and_is_awake_at_once_for_the_next_word(
    resting: tuple[Streams, Callable[[float], list[str]]],
) -> None:
    streams, looked = resting
    wanted: list[None] = []
    streams.watched_by(lambda: wanted.append(None))
    assert looked(REST_AFTER_SECONDS - 1) == [] and looked(REST_AFTER_SECONDS + 1) == ["rest"]
    assert looked(5000.0) == []
    streams.player.play(UtteranceId(1), streams.player.stops)
    assert len(wanted) == 1, "the watchdog does not wait for its next look"
    assert looked(5000.1) == ["wake"]
    assert looked(5000.0 + 2 * REST_AFTER_SECONDS) == [], "as long as something is played"


def test_a_speaker_that_rests_is_asked_for_a_moment_every_minute_whether_it_is_still_there(
    resting: tuple[Streams, Callable[[float], list[str]]],
) -> None:
    """Pulled out at night it is missed within a minute, and not only when it is wanted."""
    _, looked = resting
    told = [(second, did) for second in range(301) for did in looked(float(second))]
    assert [did for _, did in told] == ["rest", *["wake", "rest"] * 4, "wake"]
    awake = [begun for begun, did in told if did == "wake"]
    assert [later - sooner for sooner, later in pairwise(awake)] == [60] * 4
    for begun, ended in zip(awake, [second for second, did in told if did == "rest"][1:], strict=False):
        assert ended - begun > LOST_SECONDS, "long enough for the watchdog"


def test_it_is_awake_before_somebody_who_speaks_is_answered(
    resting: tuple[Streams, Callable[[float], list[str]]],
) -> None:
    streams, looked = resting
    wanted: list[None] = []
    streams.watched_by(lambda: wanted.append(None))
    assert looked(REST_AFTER_SECONDS + 1) == ["rest"]
    heard: list[Event] = [UserStartedSpeaking(), Called("wake word")]
    for number, event in enumerate(heard, start=1):
        streams._heard(event)
        assert len(wanted) == number and looked(1000.0 * number) == ["wake"]
        assert looked(1000.0 * number + REST_AFTER_SECONDS + 1) == ["rest"], "and rests again"
    streams._heard(UserStoppedSpeaking(None))
    assert looked(9000.0) == []


def test_what_is_stopped_while_the_speaker_rests_is_reported(
    resting: tuple[Streams, Callable[[float], list[str]]],
) -> None:
    """Nobody may wait for words that were refused."""
    streams, looked = resting
    told: list[Event] = []
    streams.player.on_event(told.append)
    assert looked(REST_AFTER_SECONDS + 1) == ["rest"]
    streams.player.play(UtteranceId(1), streams.player.stops)
    streams.player.mute()
    assert looked(REST_AFTER_SECONDS + 1.1) == ["wake"]
    streams.player.fill(np.zeros(512, dtype=np.float32))
    assert told == [PlaybackFinished(UtteranceId(1), 0, interrupted=True)]


def test_how_often_the_speaker_ran_dry_is_counted_and_what_it_put_in_is_told_to_the_player(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An echo is looked for where it is then; and the last line of `--events` says how often."""
    told: list[Callable[[float], None]] = []

    class Dry(SpeakerStream):
        def __init__(self, *given: Any) -> None:
            super().__init__(*given)
            told.append(given[3])

        def open(self, *, waiting: bool = False) -> None:
            """No device is there."""

    monkeypatch.setattr("assistant.app.streams.SpeakerStream", Dry)
    speaker = Device(0, "a speaker", 48_000.0, 0, 2, default=True)
    monkeypatch.setattr("assistant.app.streams.find_device", lambda name, direction: speaker)
    streams = Streams(load_settings([content_root() / "config.yaml"]), "default", None, lambda event: None)
    streams.open_speaker()
    before = streams.player.written.count
    for _ in range(3):
        told[0](0.01)
    assert streams.ran_dry == 3 and streams.player.written.count == before + 3 * 480
    streams.close()
    file = io.StringIO()
    EventsFile(file, lambda event: None, with_words=False).ran_dry(streams.ran_dry, 2.0)
    assert json.loads(file.getvalue()) == {"t": 2.0, "type": "ran_dry", "times": 3}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_disk_that_fills_up_under_the_sound_file_is_told_once_and_what_is_said_goes_on_in_time(
    tmp_path: Path,
) -> None:
    full, told, over = tmp_path / "heard.wav", list[Event](), Flag()
    full.symlink_to("/dev/full")

    def post(event: Event) -> None:
        told.append(event)
        if isinstance(event, PlaybackFinished):
            over.set()

    streams = Streams(load_settings([content_root() / "config.yaml"]), str(full), None, post)
    streams.open_speaker()
    playout = streams.player.play(UtteranceId(1), streams.player.stops)
    playout.append(Part(0, round(0.3 * streams.player.rate)))
    playout.finish()
    assert over.wait(20.0)
    assert told.count(Trouble("disk-full")) == 1 and told[-1] == PlaybackFinished(UtteranceId(1), 0, interrupted=False)
    with pytest.raises(DeviceError, match="cannot be written"):  # in the end: the file is not whole
        streams.close()

"""What listens may break: that is told as what it is, once, and no news of a microphone that never was away."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from threading import Semaphore

import numpy as np
import pytest
from numpy import float32
from numpy.typing import NDArray

from assistant.app import streams as module
from assistant.app.streams import DEAF_SECONDS, OFTEN_SECONDS, Streams
from assistant.config import load_settings
from assistant.content.root import content_root
from assistant.core.events import (
    Event,
    InputEnded,
    MicrophoneLost,
    MicrophoneReturned,
    Trouble,
    UserStartedSpeaking,
    UserStoppedSpeaking,
)
from assistant.core.ids import AudioId
from assistant.devices import Device
from assistant.errors import EngineError
from assistant.hearing.listener import Listener
from assistant.hearing.microphone import FileBlocks
from assistant.hearing.recogniser import RATE
from assistant.hearing.voice_activity import FRAME
from assistant.runtime.ears import Hearers
from assistant.runtime.watchdog import Watchdog
from assistant.sound import Sound, write_wav
from tests.app.test_mute import Stream

VOICE, SILENCE = 10, 50
"""Frames of 32 ms: a turn, and what ends one."""
MICROPHONE = frozenset({"microphone"})


class Speaking(Stream):
    """Somebody speaks twice into every one that is opened; silence is noise the other way up."""

    def blocks(self) -> Iterator[NDArray[float32]]:
        for level in (*[0.1] * VOICE, *[-0.001] * SILENCE, *[0.1] * VOICE):
            yield np.full(FRAME, level, dtype=float32)
        yield from super().blocks()


class AtOnce(FileBlocks):
    """A recording that is heard as fast as it can be."""

    def blocks(self) -> Iterator[NDArray[float32]]:
        while not self._file.ended:
            yield self._file.take(FRAME)
        self._post(InputEnded())
        self._closed.wait()


class Model:
    """Hears a voice until it breaks after `holds` frames of it; it never does where that is negative."""

    def __init__(self, holds: int) -> None:
        self._holds = holds

    def probability(self, frame: NDArray[float32]) -> float:
        if frame[0] < 0:
            return 0.0
        if self._holds == 0:
            raise RuntimeError("the model broke")
        self._holds -= 1
        return 1.0

    def reset(self) -> None:
        """Nothing is kept."""


class Recogniser:
    """Asked in each pause."""

    def speculate(self, audio_id: AudioId, samples: NDArray[float32]) -> None:
        """Nothing comes of it."""


class Unmoved:
    """No stop word is said."""

    def said_alone(self, samples: NDArray[float32]) -> bool:
        return False


class Hearing:
    """A session's streams whose voice activity models hold for so many frames, one after the other."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, microphone: str = "default") -> None:
        self.now = 1000.0
        Stream.open_now, Stream.broken = 0, False
        monkeypatch.setattr(module, "Microphone", Speaking)
        monkeypatch.setattr(module, "FileBlocks", AtOnce)
        monkeypatch.setattr(Speaking, "beat", lambda microphone: self.now)
        monkeypatch.setattr(module, "refresh_devices", self._look_afresh)
        monkeypatch.setattr(Streams, "_find", lambda self, direction: Device(0, "test", 16_000.0, 1, 0))
        self.posted: list[Event] = []
        self.afresh = 0
        self.models: list[Model | None] = []
        settings = load_settings([content_root() / "config.yaml"])
        self.turns = Semaphore(0)
        """One for each that has ended."""
        self.input_ended = Semaphore(0)
        self.streams = Streams(settings, "none", microphone, self._post, clock=lambda: self.now)
        hearers = Hearers(Recogniser(), Unmoved(), lambda source: None)  # type: ignore[arg-type]
        self.lacks_a_part = False
        self.streams.hear_with(self._listener, self._over_voice, hearers)  # type: ignore[arg-type]

    def _post(self, event: Event) -> None:
        self.posted.append(event)
        if isinstance(event, UserStoppedSpeaking):
            self.turns.release()
        if isinstance(event, InputEnded):
            self.input_ended.release()

    def _look_afresh(self) -> None:
        self.afresh += 1

    def _listener(self) -> Listener:
        model = self.models.pop(0)
        if model is None:
            raise EngineError("voice-activity-missing", "test")
        return Listener(model)

    def _over_voice(self) -> None:
        if self.lacks_a_part:
            raise EngineError("voice-activity-missing", "test")

    def opens(self, *holds: int | None) -> None:
        self.models += [None if one is None else Model(one) for one in holds]
        self.streams.open_microphone()
        self.have_heard()

    def have_heard(self) -> None:
        """Wait until those ears have broken; those that hold go on by themselves."""
        ears = self.streams._ears
        if ears is not None and not self.models:
            return
        assert ears is not None
        ears._thread.join(10.0)


@pytest.fixture
def hearing(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hearing]:
    made = Hearing(monkeypatch)
    yield made
    made.streams.close()


def test_ears_that_break_are_made_anew_at_once_and_the_microphone_was_never_lost(hearing: Hearing) -> None:
    hearing.opens(0, -1)
    assert hearing.streams.microphone_beat() == hearing.now and Stream.open_now == 1
    assert hearing.posted[:1] == [Trouble("hearing-broke")]
    assert not {MicrophoneLost(), MicrophoneReturned()} & set(hearing.posted)
    assert hearing.streams.reopen(MICROPHONE, afresh=False) == MICROPHONE, "and not again for every device"


def test_what_was_being_said_when_they_broke_is_no_turn(hearing: Hearing) -> None:
    hearing.opens(VOICE - 1, -1)
    hearing.streams.microphone_beat()
    assert hearing.posted[:3] == [UserStartedSpeaking(), Trouble("hearing-broke"), UserStoppedSpeaking(None)]


def test_the_next_turn_has_another_number_and_the_one_before_can_still_be_had(hearing: Hearing) -> None:
    hearing.opens(VOICE, -1)
    streams = hearing.streams
    said = streams.turn_audio(AudioId(1))
    assert hearing.turns.acquire(timeout=10.0) and len(said)
    streams.microphone_beat()
    assert np.array_equal(streams.turn_audio(AudioId(1)), said)
    assert hearing.turns.acquire(timeout=10.0)
    assert UserStoppedSpeaking(AudioId(2)) in hearing.posted, "a guess at the first would else be taken for it"


def test_ears_that_break_again_within_a_minute_rest_for_some_and_are_tried_again(hearing: Hearing) -> None:
    hearing.opens(0, 0, -1)
    hearing.streams.microphone_beat()
    hearing.have_heard()
    hearing.now += OFTEN_SECONDS - 1
    assert hearing.streams.microphone_beat() == -math.inf and Stream.open_now == 0
    hearing.now += DEAF_SECONDS - 1
    assert hearing.streams.reopen(MICROPHONE, afresh=False) == set(), "not yet"
    hearing.now += 1
    assert hearing.streams.reopen(MICROPHONE, afresh=False) == MICROPHONE
    assert hearing.streams.microphone_beat() == hearing.now


def test_ears_that_break_once_an_hour_are_mended_each_time(hearing: Hearing) -> None:
    hearing.opens(*[0] * 5, -1)
    for _ in range(5):
        assert hearing.streams.microphone_beat() == hearing.now
        hearing.have_heard()
        hearing.now += 3600.0
    assert hearing.posted.count(Trouble("hearing-broke")) == 5, "the conversation tells it once"


def test_ears_that_always_break_tell_so_once_in_five_minutes_and_not_every_second(hearing: Hearing) -> None:
    hearing.opens(*[0] * 100)
    streams = hearing.streams
    watchdog = Watchdog(
        streams.speaker_beat, streams.microphone_beat, streams.reopen, lambda: True, hearing.posted.append,
        clock=lambda: hearing.now,
    )  # fmt: skip
    for _ in range(1200):
        hearing.now += 0.5
        watchdog.look()
        if streams._ears is not None:
            streams._ears._thread.join(10.0)
    assert hearing.posted.count(MicrophoneLost()) == 1, "in ten minutes, and it was never back"
    assert MicrophoneReturned() not in hearing.posted
    assert not hearing.afresh, "and nothing that works was closed for it"
    assert hearing.posted.count(Trouble("hearing-broke")) == 3, "twice at first, and once when it was tried again"


def test_ears_that_cannot_be_made_again_leave_a_lost_microphone_and_a_watchdog_that_goes_on(hearing: Hearing) -> None:
    hearing.opens(0, None, -1)
    assert hearing.streams.microphone_beat() == -math.inf
    assert hearing.streams.reopen(MICROPHONE, afresh=False) == MICROPHONE


def test_a_microphone_that_nobody_can_listen_to_is_not_left_open_as_if_it_worked(hearing: Hearing) -> None:
    hearing.opens(0, -1)
    hearing.lacks_a_part = True
    assert hearing.streams.microphone_beat() == -math.inf and Stream.open_now == 0
    hearing.lacks_a_part = False
    assert hearing.streams.reopen(MICROPHONE, afresh=False) == MICROPHONE
    assert hearing.streams.microphone_beat() == hearing.now


@pytest.fixture
def recording(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Hearing]:
    """Two turns in a sound file."""
    turn = [0.1] * VOICE + [-0.001] * SILENCE
    path = tmp_path / "said.wav"
    with path.open("wb") as file:
        write_wav(file, Sound(np.repeat(np.array(turn * 2, dtype=float32), FRAME), RATE))
    made = Hearing(monkeypatch, str(path))
    yield made
    made.streams.close()


def test_a_recording_goes_on_where_it_was_when_its_ears_broke(recording: Hearing) -> None:
    recording.opens(VOICE, -1)
    assert recording.streams.microphone_beat() is None
    assert recording.input_ended.acquire(timeout=10.0)
    started, first, second = UserStartedSpeaking(), UserStoppedSpeaking(AudioId(1)), UserStoppedSpeaking(AudioId(2))
    assert recording.posted == [started, first, Trouble("hearing-broke"), started, second, InputEnded()]


def test_a_recording_has_ended_when_its_ears_break_again_as_nobody_looks_for_it(recording: Hearing) -> None:
    recording.opens(0, 0, -1)
    recording.streams.microphone_beat()
    recording.have_heard()
    assert not recording.input_ended.acquire(blocking=False)
    recording.streams.microphone_beat()
    assert recording.input_ended.acquire(blocking=False)


def test_a_recording_has_ended_when_its_ears_cannot_be_made_again(recording: Hearing) -> None:
    recording.opens(0, None)
    recording.streams.microphone_beat()
    assert recording.input_ended.acquire(blocking=False)

"""A mute that is real: the stream is closed, by whoever owns it, and opens only by hand."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event as Flag

import pytest
from numpy import float32
from numpy.typing import NDArray

from assistant.app import streams as module
from assistant.app.streams import Streams
from assistant.config import load_settings
from assistant.content.root import content_root
from assistant.core.events import Event, MicrophoneLost, MicrophoneMuted, MicrophoneUnmuted
from assistant.devices import Device
from assistant.errors import DeviceError
from assistant.hearing.listener import Listener
from assistant.runtime.ears import Hearers
from assistant.runtime.mute import MuteSwitch
from assistant.runtime.watchdog import Watchdog


class Stream:
    """A microphone that hears nothing, and counts how many of them are open."""

    open_now = 0
    broken = False

    def __init__(self, device: object) -> None:
        self._closed = Flag()
        self._open = False

    def open(self) -> None:
        if Stream.broken:
            raise DeviceError("microphone-busy", "test")
        self._open = True
        Stream.open_now += 1

    def close(self) -> None:
        Stream.open_now -= self._open
        self._open = False
        self._closed.set()

    def beat(self) -> float:
        return 100.0

    def works(self) -> bool:
        return True

    def blocks(self) -> Iterator[NDArray[float32]]:
        self._closed.wait(10.0)
        yield from ()


class NoVoice:
    def probability(self, frame: NDArray[float32]) -> float:
        return 0.0

    def reset(self) -> None:
        """Nothing is kept."""


class Muted:
    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, file: Path | None = None) -> None:
        Stream.open_now, Stream.broken = 0, False
        monkeypatch.setattr(module, "Microphone", Stream)
        monkeypatch.setattr(Streams, "_find", lambda self, direction: Device(0, "test", 16_000.0, 1, 0))
        self.posted: list[Event] = []
        self.mute = MuteSwitch(file, self.posted.append)
        settings = load_settings([content_root() / "config.yaml"])
        self.streams = Streams(settings, "none", "default", self.posted.append, self.mute)
        hearers = Hearers(None, None, lambda source: None)  # type: ignore[arg-type]
        self.streams.hear_with(lambda: Listener(NoVoice()), lambda: None, hearers)  # type: ignore[arg-type,return-value]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Muted]]:
    rooms: list[Muted] = []

    def make(file: Path | None = None) -> Muted:
        rooms.append(Muted(monkeypatch, file=file))
        return rooms[-1]

    yield make
    for room in rooms:
        room.streams.close()


def test_muted_the_stream_is_closed_and_there_is_nothing_to_watch(made: Callable[..., Muted]) -> None:
    room = made()
    room.streams.open_microphone()
    assert Stream.open_now == 1 and room.streams.microphone_beat() == 100.0
    room.mute.toggle()
    assert room.streams.microphone_beat() is None and Stream.open_now == 0
    assert room.posted == [MicrophoneMuted()]
    assert room.streams.microphone_beat() is None and len(room.posted) == 1, "told once"
    room.mute.toggle()
    assert room.streams.microphone_beat() == 100.0 and Stream.open_now == 1
    assert room.posted == [MicrophoneMuted(), MicrophoneUnmuted()]


def test_no_restart_and_no_watchdog_opens_a_muted_microphone(made: Callable[..., Muted], tmp_path: Path) -> None:
    (tmp_path / "muted").touch()
    room = made(tmp_path / "muted")
    room.streams.open_microphone()
    assert Stream.open_now == 0
    now = [0.0]
    watchdog = Watchdog(
        room.streams.speaker_beat, room.streams.microphone_beat, room.streams.reopen, lambda: True, room.posted.append,
        ["microphone"], lambda: now[0],
    )  # fmt: skip
    for _ in range(200):
        now[0] += 0.5
        watchdog.look()
    assert Stream.open_now == 0 and room.posted == [MicrophoneMuted()], "neither opened nor told to be lost"


def test_a_microphone_that_is_away_when_it_is_unmuted_is_lost_and_looked_for(made: Callable[..., Muted]) -> None:
    room = made()
    room.mute.set(True)
    room.streams.open_microphone()
    room.streams.microphone_beat()
    Stream.broken = True
    room.mute.set(False)
    assert room.streams.microphone_beat() == -math.inf
    now = [0.0]
    watchdog = Watchdog(
        room.streams.speaker_beat, room.streams.microphone_beat, lambda lost, *, afresh: (), lambda: True,
        room.posted.append, clock=lambda: now[0],
    )  # fmt: skip
    watchdog.look()
    assert room.posted[-1] == MicrophoneLost()


def test_where_only_a_button_wakes_it_nothing_is_said_of_a_microphone_that_rests(made: Callable[..., Muted]) -> None:
    room = made()
    room.mute.resting = True
    room.streams.open_microphone()
    assert room.streams.microphone_beat() is None and Stream.open_now == 0
    room.mute.resting = False
    assert room.streams.microphone_beat() == 100.0 and Stream.open_now == 1 and room.posted == []

"""What systemd is told: that it is ready, that the conversation comes round, and nothing of anybody."""

from __future__ import annotations

import io
import os
import socket
import sys
from collections.abc import Iterable
from pathlib import Path
from threading import Event as Flag

import pytest

from assistant.core.commands import Command, Speak
from assistant.core.events import (
    Event,
    MicrophoneLost,
    MicrophoneMuted,
    MicrophoneUnmuted,
    PlaybackFinished,
    PlaybackProgressed,
    StopRequested,
    TranscriptReady,
    Trouble,
)
from assistant.core.ids import UtteranceId
from assistant.core.scenes.waiting import Waiting
from assistant.core.timeline import Speech, Timeline
from assistant.runtime.heartbeat import Heartbeat, beat_seconds, to_systemd
from assistant.runtime.loop import Loop
from assistant.runtime.service_log import ServiceLog
from assistant.safety.support import Support
from assistant.safety.transcript import Transcript, Trust
from assistant.testing.bench import wait_until
from assistant.testing.supervisor import Supervisor
from tests.core.stories import KeyedPhrases, a_conversation


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no Unix sockets here")
@pytest.mark.parametrize("abstract", [False, True])
def test_a_state_is_one_datagram_and_a_system_that_does_not_read_holds_nobody_up(
    tmp_path: Path, abstract: bool
) -> None:
    name = f"@grounding-{os.getpid()}" if abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as system:
        system.bind(f"\0{name[1:]}" if abstract else name)
        tell = to_systemd({"NOTIFY_SOCKET": name})
        tell("READY=1")
        assert system.recv(100) == b"READY=1"
        for _ in range(10_000):
            tell("WATCHDOG=1")
    tell("WATCHDOG=1")


def test_without_a_system_nothing_is_told() -> None:
    to_systemd({})("READY=1")
    assert beat_seconds({}) is None
    assert beat_seconds({"WATCHDOG_USEC": "30000000"}) == 10.0
    assert beat_seconds({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"}) is None, "meant for another process"
    assert beat_seconds({"WATCHDOG_USEC": "nonsense"}) is None


class Told:
    """What was told, on a clock that is set."""

    def __init__(self) -> None:
        self.now = 0.0
        self.states: list[str] = []
        self.heart = Heartbeat(self.states.append, 10.0, lambda name: name, lambda: self.now)


def test_beats_are_as_many_as_are_asked_for_however_much_happens() -> None:
    told = Told()
    for _ in range(300):
        told.heart.beat("waiting")
        told.now += 0.1
    assert told.states.count("WATCHDOG=1") == 4 and told.states.count("STATUS=status_waits") == 1


def test_the_state_says_that_somebody_is_there_and_not_what_for() -> None:
    told = Told()
    told.heart.beat("waiting")
    told.heart.command(Speak(UtteranceId(1), Timeline(()), interruptible=True), 0.0, "interrupt")
    told.heart.event(MicrophoneMuted(), 0.0)
    told.heart.beat("interrupt")
    told.heart.event(MicrophoneUnmuted(), 0.0)
    told.heart.beat("waiting")
    states = [state for state in told.states if state.startswith("STATUS=")]
    assert states == ["STATUS=status_waits", "STATUS=status_talks", "STATUS=microphone_muted", "STATUS=status_waits"]


class Patient:
    """A stage that does nothing, and a clock on which nothing takes time but waiting."""

    def perform(self, command: Command, now: float) -> None:
        """Nothing."""


@pytest.mark.real_clock
def test_the_loop_beats_while_it_waits_an_hour_for_somebody() -> None:
    loop = Loop(a_conversation(opening=Waiting()), lambda: 0.0)
    scenes: list[str] = []

    def beat(scene: str) -> None:
        scenes.append(scene)
        if len(scenes) == 5:
            loop.post(StopRequested("test", leave=True))

    loop.beat(0.01, beat)
    loop.run(Patient())
    assert set(scenes) == {"waiting"} and loop.scene == "waiting"


@pytest.mark.real_clock
def test_a_beat_is_not_taken_for_the_end_of_a_silence() -> None:
    """Eight seconds are left for an answer, and the loop comes round many times in them."""

    class Heard:
        def perform(self, command: Command, now: float) -> None:
            if isinstance(command, Speak):
                last = len(command.timeline.segments) - 1
                loop.post(PlaybackFinished(command.utterance_id, last, interrupted=False))

    loop = Loop(a_conversation(), lambda: 0.0)
    scenes: list[str] = []

    def beat(scene: str) -> None:
        scenes.append(scene)
        if len(scenes) == 8:
            loop.post(StopRequested("test", leave=True))

    loop.beat(0.01, beat)
    loop.run(Heard())
    assert set(scenes) == {"greeting"}


def test_a_conversation_that_hangs_beats_no_more() -> None:
    """The beat is the loop's own: there is no other thread that could go on telling that all is well."""
    hangs, goes = Flag(), Flag()

    class Hanging:
        def perform(self, command: Command, now: float) -> None:
            hangs.set()
            goes.wait(10.0)

    from threading import Thread

    loop = Loop(a_conversation(), lambda: 0.0)
    beats: list[str] = []
    loop.beat(0.001, beats.append)
    thread = Thread(target=loop.run, args=(Hanging(),), daemon=True)
    thread.start()
    assert hangs.wait(10.0)
    loop.post(StopRequested("test", leave=True))
    assert beats == []
    goes.set()
    thread.join(10.0)


# The log --------------------------------------------------------------------------------------------------------------

SECRET = "i was at the bridge again"


def logged(events: Iterable[Event], commands: Iterable[Command] = ()) -> str:
    out = io.StringIO()
    log = ServiceLog(out, KeyedPhrases())
    for command in commands:
        log.command(command, 0.0, "exercise:feet")
    for event in events:
        log.event(event, 0.0)
    log.support(Support("GB", "United Kingdom", "999", (), "unreviewed"))
    return out.getvalue()


def test_a_services_log_holds_no_word_and_not_that_anybody_was_there() -> None:
    speak = Speak(UtteranceId(1), Timeline((Speech(SECRET),)), interruptible=True)
    heard = TranscriptReady(None, Transcript(SECRET, Trust.TRUSTED, 1.0, "test"))
    assert logged([heard, PlaybackProgressed(UtteranceId(1), 0), StopRequested("button")], [speak]) == ""


def test_a_services_log_tells_what_fails() -> None:
    told = logged([MicrophoneLost(), Trouble("disk-full"), MicrophoneMuted()])
    assert told.split() == ["failures.microphone-lost", "failures.disk-full", "failures.microphone-muted"]


# The supervisor that stands in for systemd ----------------------------------------------------------------------------

BEATS = """
import os, socket, sys, threading
told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
told.connect(os.environ["NOTIFY_SOCKET"])
told.send(b"READY=1")
told.send(b"STATUS=here")
while sys.argv[1] == "well":
    told.send(b"WATCHDOG=1")
    threading.Event().wait(0.02)
threading.Event().wait(60)
"""
UNIT = "[Service]\nExecStart={python} {script} {how}\nRestart=always\nRestartSec=0.01\nWatchdogSec={watchdog}\n"


@pytest.mark.real_clock
@pytest.mark.skipif(sys.platform != "linux", reason="Unix sockets")
@pytest.mark.parametrize(("how", "watchdog"), [("well", 5), ("hangs", 0.2)])
def test_what_stands_in_for_systemd_kills_what_gives_no_beat_and_nothing_else(
    tmp_path: Path, how: str, watchdog: float
) -> None:
    script = tmp_path / "beats.py"
    script.write_text(BEATS, encoding="utf-8")
    unit = UNIT.format(python=sys.executable, script=script, how=how, watchdog=watchdog)
    with Supervisor(unit, os.environ) as supervisor:
        if how == "well":
            wait_until(lambda: supervisor.beats > 20, "beats")
            assert supervisor.status == "here"
        else:
            wait_until(lambda: supervisor.starts > 1, "another start")
    assert supervisor.hung == (0 if how == "well" else supervisor.starts - 1) or how == "hangs"
    assert (supervisor.hung > 0) is (how == "hangs")

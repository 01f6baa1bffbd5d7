"""A device that has gone is noticed, tried with patience, and back when it works: on a clock that tests turn."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, field
from threading import Event as Flag

import pytest

from assistant.core.events import Event, MicrophoneLost, MicrophoneReturned, SpeakerLost, SpeakerReturned
from assistant.runtime.watchdog import (
    AFRESH_LATER_SECONDS,
    LATER_SECONDS,
    LISTED_SECONDS,
    LOOK_WHILE_LOST_SECONDS,
    LOST_SECONDS,
    LOUD_SECONDS,
    PATIENCE_SECONDS,
    Watchdog,
)

BOTH = ("speaker", "microphone")
FIRST = 100.0
LIMIT = 5.0
LOST: dict[str, Event] = {"speaker": SpeakerLost(), "microphone": MicrophoneLost()}
RETURNED: dict[str, Event] = {"speaker": SpeakerReturned(), "microphone": MicrophoneReturned()}


@dataclass
class World:
    """Two devices, and what PortAudio would do. `listed`: whether the frozen list still leads to them."""

    now: float = FIRST
    working: set[str] = field(default_factory=lambda: set(BOTH))
    plugged: set[str] = field(default_factory=lambda: set(BOTH))
    open: set[str] = field(default_factory=lambda: set(BOTH))
    listed: bool = True
    quiet: bool = True
    stopped: dict[str, float] = field(default_factory=dict)
    heard: list[tuple[float, Event]] = field(default_factory=list)
    tries: list[tuple[float, frozenset[str], bool]] = field(default_factory=list)
    watched: Collection[str] = BOTH
    missing: Collection[str] = ()
    list_holds: bool = False

    def __post_init__(self) -> None:
        self.dog = Watchdog(
            lambda: self.beat("speaker"), lambda: self.beat("microphone"), self.reopen, lambda: self.quiet,
            lambda event: self.heard.append((self.now, event)), self.missing, lambda: self.now,
            list_holds=self.list_holds,
        )  # fmt: skip

    def beat(self, name: str) -> float | None:
        if name not in self.watched:
            return None
        if name not in self.open:
            return -math.inf
        return self.now if name in self.working else self.stopped.get(name, FIRST)

    def reopen(self, lost: frozenset[str], *, afresh: bool) -> Collection[str]:
        self.tries.append((self.now, lost, afresh))
        self.open -= lost
        opened = lost & self.plugged if self.listed or afresh else frozenset()
        self.open |= opened
        self.stopped |= dict.fromkeys(opened, self.now)
        return opened

    def unplug(self, *names: str) -> None:
        for name in names:
            self.working.discard(name)
            self.plugged.discard(name)
            self.stopped[name] = self.now

    def plug_in(self, *names: str) -> None:
        self.plugged |= set(names)
        self.working |= set(names)

    def pass_seconds(self, seconds: float) -> None:
        end = self.now + seconds
        while self.now < end:
            self.now += LOOK_WHILE_LOST_SECONDS
            self.dog.look()

    def times(self, event: Event) -> list[float]:
        return [when for when, heard in self.heard if heard == event]


def test_devices_that_work_are_left_alone() -> None:
    world = World()
    world.pass_seconds(60)
    assert not world.heard and not world.tries


@pytest.mark.parametrize("away", [0.0, 0.3, 0.9, 2.0, 7.7, 65.0, 3600.0])
@pytest.mark.parametrize("names", [("speaker",), BOTH])
def test_a_device_is_back_within_two_seconds_of_its_return_and_told_once(names: tuple[str, ...], away: float) -> None:
    world = World(listed=False)
    world.unplug(*names)
    world.pass_seconds(LOST_SECONDS + away + 0.2)
    back = world.now
    world.plug_in(*names)
    world.pass_seconds(AFRESH_LATER_SECONDS + 3)
    for name in names:
        lost, returned = world.times(LOST[name]), world.times(RETURNED[name])
        assert len(lost) == 1 and len(returned) == 1
        later = names != BOTH and away > LATER_SECONDS - 5
        assert returned[0] - back < (AFRESH_LATER_SECONDS + 1.0 if later else 2.0)


@pytest.mark.parametrize("away", [0.0, 5.0, LISTED_SECONDS - 2.0])
@pytest.mark.parametrize("name", BOTH)
def test_what_the_list_still_leads_to_is_opened_without_disturbing_the_other(name: str, away: float) -> None:
    world = World(list_holds=True)
    world.unplug(name)
    world.pass_seconds(LOST_SECONDS + away)
    back = world.now
    world.plug_in(name)
    world.pass_seconds(5.0)
    assert [when - back < 2.0 for when in world.times(RETURNED[name])] == [True]
    assert not any(afresh for _, _, afresh in world.tries), "everything was closed"


def test_a_device_that_comes_back_under_another_name_is_found_too() -> None:
    world = World(list_holds=True, listed=False)
    world.unplug("microphone")
    world.pass_seconds(2.0)
    world.plug_in("microphone")
    world.pass_seconds(LISTED_SECONDS + 4.0)
    assert len(world.times(MicrophoneReturned())) == 1


def test_when_both_were_looked_for_afresh_the_list_leads_to_neither_and_is_not_trusted() -> None:
    world = World(list_holds=True, listed=False)
    world.unplug(*BOTH)
    world.pass_seconds(5.0)
    world.plug_in("speaker")
    world.pass_seconds(5.0)
    back = world.now
    world.plug_in("microphone")
    world.pass_seconds(5.0)
    assert [when - back < 2.0 for when in world.times(MicrophoneReturned())] == [True]


def test_a_sentence_is_not_cut_to_look_for_a_microphone_but_it_is_looked_for_in_the_next_pause() -> None:
    world = World(listed=False, quiet=False)
    world.unplug("microphone")
    world.pass_seconds(LOST_SECONDS + 0.3)
    assert world.tries and not any(afresh for _, _, afresh in world.tries)
    world.quiet = True
    world.pass_seconds(LOOK_WHILE_LOST_SECONDS)
    assert any(afresh for _, _, afresh in world.tries)


def test_a_voice_that_never_pauses_is_not_waited_for_for_ever() -> None:
    world = World(listed=False, quiet=False)
    world.unplug("microphone")
    world.pass_seconds(LOST_SECONDS + LOUD_SECONDS + 0.2)
    assert [afresh for _, _, afresh in world.tries].count(True) == 1


def test_a_device_that_opens_but_does_not_work_is_not_back() -> None:
    world = World()
    world.working.discard("microphone")
    world.stopped["microphone"] = world.now
    world.pass_seconds(30)
    assert len(world.times(MicrophoneLost())) == 1
    assert not world.times(MicrophoneReturned())
    assert len(world.tries) <= 30 / PATIENCE_SECONDS + 1, "it was closed before it could begin"
    world.working.add("microphone")
    world.pass_seconds(PATIENCE_SECONDS + 1)
    assert len(world.times(MicrophoneReturned())) == 1


@pytest.mark.parametrize("list_holds", [True, False])
def test_a_speaker_that_was_never_there_is_not_said_to_be_lost_but_used_when_it_appears(list_holds: bool) -> None:
    there = {"microphone"}
    world = World(
        plugged=set(there), open=set(there), working=there, listed=False, missing=["speaker"], list_holds=list_holds
    )
    world.pass_seconds(5)
    assert not world.heard
    world.plug_in("speaker")
    world.pass_seconds(2)
    assert [event for _, event in world.heard] == [SpeakerReturned()]


def test_a_lost_device_beside_one_that_works_is_looked_for_less_often_after_a_while() -> None:
    world = World(listed=False)
    world.unplug("microphone")
    world.pass_seconds(LATER_SECONDS + 1)
    early = [when for when, _, afresh in world.tries if afresh]
    world.pass_seconds(60)
    late = [when for when, _, afresh in world.tries if afresh][len(early) :]
    assert len(late) <= 60 / AFRESH_LATER_SECONDS + 1 < len(early)


def test_what_is_no_device_is_not_watched() -> None:
    world = World(watched=("speaker",))
    world.unplug("microphone")
    world.pass_seconds(30)
    assert not world.heard


def test_it_ends_when_it_is_closed() -> None:
    world = World()
    world.dog.start()
    world.dog.close()
    assert not world.heard


def test_it_looks_at_once_when_something_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.runtime.watchdog.LOOK_SECONDS", LIMIT * 10)
    looked = Flag()

    def speaker() -> None:
        looked.set()

    dog = Watchdog(speaker, lambda: None, World().reopen, lambda: True, lambda event: None)
    dog.start()
    assert not looked.is_set()
    dog.look_soon()
    assert looked.wait(LIMIT)
    dog.close()
    assert not dog._thread.is_alive()

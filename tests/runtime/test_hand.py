"""A press stops first and asks later; a long one gives people to reach; and none of it needs the conversation."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.core.commands import Answered, End, EndReason, Knocked, Mute
from assistant.core.events import Called, Event, StopRequested, SupportRequested, Trouble
from assistant.runtime.hand import HOLD_SECONDS, Hand
from assistant.runtime.mute import MuteSwitch, Muting
from assistant.runtime.stop_switch import StopSwitch


class Desk:
    """A button, and everything that happened, in order."""

    def __init__(self, scene: str, *, speaking: bool = False, muted: bool = False) -> None:
        self.scene, self.speaking = scene, speaking
        self.log: list[str] = []
        self.then: Callable[[], None] | None = None
        self.mute = MuteSwitch(None, self._post)
        self.mute.muted = muted
        switch = StopSwitch(lambda: self.log.append("mute voice"), self._post)
        self.hand = Hand(switch, self.mute, self._post, lambda: self.scene, lambda: self.speaking, self._timer)

    def _post(self, event: Event) -> None:
        self.log.append(type(event).__name__)

    def _timer(self, seconds: float, then: Callable[[], None]) -> Desk:
        assert seconds == HOLD_SECONDS
        self.then = then
        return self

    def start(self) -> None:
        """As a timer."""

    def cancel(self) -> None:
        """As a timer."""
        self.then = None

    def holds(self) -> None:
        assert self.then is not None
        self.then()


STOP = ["mute voice", StopRequested.__name__]


@pytest.mark.parametrize("scene", ["greeting", "exercise:feet", "choosing", "check-in:number", "concern", "closing"])
def test_a_press_is_a_stop_before_the_finger_has_left(scene: str) -> None:
    desk = Desk(scene)
    desk.hand.down()
    assert desk.log == STOP
    desk.hand.up()
    assert desk.log == STOP


def test_a_press_while_it_waits_begins_to_talk_when_the_finger_leaves() -> None:
    desk = Desk("waiting")
    desk.hand.down()
    assert desk.log == STOP, "harmless there"
    desk.hand.up()
    assert desk.log == [*STOP, Called.__name__]


@pytest.mark.parametrize("scene", ["waiting", "exercise:feet", "stopped", "interrupt", "knock"])
def test_a_long_press_gives_people_to_reach_wherever_it_is_and_is_nothing_else(scene: str) -> None:
    desk = Desk(scene)
    desk.hand.down()
    before = list(desk.log)
    desk.holds()
    desk.hand.up()
    assert desk.log == [*before, SupportRequested.__name__]


@pytest.mark.parametrize("scene", ["stopped", "interrupt", "knock"])
def test_where_a_stop_would_end_it_a_long_press_is_waited_for(scene: str) -> None:
    """A stop there ends the sitting, and with it, without --wait, the program that the long press is to reach."""
    desk = Desk(scene)
    desk.hand.down()
    assert desk.log == []
    desk.hand.up()
    assert desk.log == STOP


def test_but_a_voice_that_sounds_is_stopped_at_once_there_too() -> None:
    desk = Desk("stopped", speaking=True)
    desk.hand.down()
    assert desk.log == STOP
    desk.hand.up()
    assert desk.log == STOP, "once"


def test_contacts_that_bounce_and_keys_that_repeat_are_one_press() -> None:
    desk = Desk("exercise:feet")
    for _ in range(5):
        desk.hand.down()
    desk.hand.up()
    desk.hand.up()
    assert desk.log == STOP


def test_two_inputs_of_one_hand_may_come_at_the_same_moment() -> None:
    """A finger leaves the button while a key of another keyboard goes down."""
    desk = Desk("waiting")
    post = desk._post
    leaves = iter([desk.hand.up])

    def meanwhile(event: Event) -> None:
        post(event)
        for up in leaves:
            up()

    desk.hand._switch = StopSwitch(lambda: desk.log.append("mute voice"), meanwhile)
    desk.hand.down()
    assert desk.log == [*STOP, Called.__name__]
    desk.hand.up()
    assert desk.log == [*STOP, Called.__name__], "that press is over"


def test_a_press_to_talk_opens_a_muted_microphone_and_a_press_to_stop_does_not() -> None:
    for scene, muted in (("waiting", False), ("exercise:feet", True)):
        desk = Desk(scene, muted=True)
        desk.hand.down()
        desk.hand.up()
        assert desk.mute.muted is muted


def test_the_second_button_closes_the_microphone_and_opens_it() -> None:
    desk = Desk("waiting")
    desk.hand.mute()
    assert desk.mute.closed
    desk.hand.mute()
    assert not desk.mute.closed and desk.log == []


def test_a_mute_outlasts_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "state" / "muted"
    MuteSwitch(file, lambda event: None).toggle()
    again = MuteSwitch(file, lambda event: None)
    assert again.muted and file.stat().st_size == 0 and file.stat().st_mode & 0o777 == 0o600
    again.set(False)
    assert not MuteSwitch(file, lambda event: None).muted


def test_a_full_disk_leaves_no_microphone_open(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    posted: list[Event] = []
    mute = MuteSwitch(tmp_path / "file" / "muted", posted.append)
    mute.set(True)
    assert mute.closed and posted == [Trouble("mute-unwritable")]


def test_what_the_person_says_closes_it_and_nothing_said_opens_it() -> None:
    mute = MuteSwitch(None, lambda event: None)
    muting = Muting(mute, by_button=False)
    muting.command(Mute(), 0.0, "waiting")
    assert mute.muted
    for command in (Mute(), Answered(), Knocked(), End(EndReason.ASKED)):
        muting.command(command, 0.0, "greeting")
        assert mute.closed


def test_where_only_a_button_wakes_it_the_microphone_is_closed_between_sittings() -> None:
    mute = MuteSwitch(None, lambda event: None)
    muting = Muting(mute, by_button=True)
    assert mute.closed and not mute.muted
    muting.command(Answered(), 0.0, "waiting")
    assert not mute.closed
    muting.command(End(EndReason.ASKED), 0.0, "closing")
    assert mute.closed
    muting.command(Knocked(), 0.0, "knock")
    assert not mute.closed, "a reminder is a question"

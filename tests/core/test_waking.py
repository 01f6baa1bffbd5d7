"""How it is woken, and how its microphone is closed: each way wakes as it says, and danger is heard in every one."""

from __future__ import annotations

import pytest

from assistant.core.commands import Command, Mute, Speak
from assistant.core.events import (
    Called,
    MicrophoneMuted,
    MicrophoneUnmuted,
    StopRequested,
    SupportRequested,
    TranscriptReady,
)
from assistant.core.scenes.waiting import Waiting
from assistant.core.timeline import Chime
from assistant.core.waking import Wake
from assistant.safety.transcript import Transcript, Trust
from assistant.testing.room import Room
from tests.core.stories import a_conversation


class Waits(Room):
    """A room in which it waits, so."""

    def __init__(self, wake: Wake = Wake.SPEECH, *, support_given: bool = False) -> None:
        super().__init__(a_conversation(opening=Waiting(wake), support_given=support_given))
        self.mutes = 0

    def perform(self, command: Command, now: float) -> None:
        self.mutes += isinstance(command, Mute)
        super().perform(command, now)


def woken(wake: Wake, said: str, trust: Trust = Trust.TRUSTED) -> list[str]:
    room = Waits(wake)
    room.says(said, at=50.0, trust=trust)
    room.run(until=55.0)
    return room.words


GREETED, MET = ["greeting.hello"], ["checkin.opening", "choosing.lead.panic"]


@pytest.mark.parametrize(
    ("wake", "said", "first"),
    [
        (Wake.SPEECH, "wake", GREETED), (Wake.SPEECH, "call", GREETED), (Wake.SPEECH, "i'm panicking", MET),
        (Wake.SPEECH, "pass the salt", []),
        (Wake.PHRASE, "call", GREETED), (Wake.PHRASE, "wake", []), (Wake.PHRASE, "i'm panicking", []),
        (Wake.PHRASE, "call i'm panicking", MET),
        (Wake.WORD, "call", []), (Wake.WORD, "i'm panicking", []), (Wake.BUTTON, "wake", []),
        (Wake.ALWAYS, "pass the salt", GREETED), (Wake.ALWAYS, "i'm panicking", MET),
    ],
)  # fmt: skip
def test_each_way_wakes_as_it_says(wake: Wake, said: str, first: list[str]) -> None:
    assert woken(wake, said)[: len(first) or None] == first


@pytest.mark.parametrize("wake", list(Wake))
def test_danger_and_a_call_for_help_are_heard_in_every_way(wake: Wake) -> None:
    assert "interrupt.acknowledge" in woken(wake, "i want to die")
    assert "support.asked" in woken(wake, "help")


@pytest.mark.parametrize("wake", [Wake.SPEECH, Wake.PHRASE, Wake.WORD, Wake.BUTTON])
def test_words_that_are_doubtful_wake_it_only_where_anything_does(wake: Wake) -> None:
    assert woken(wake, "call", Trust.DOUBTFUL) == []
    assert woken(Wake.ALWAYS, "call", Trust.DOUBTFUL)[:1] == GREETED


@pytest.mark.parametrize("wake", list(Wake))
def test_a_button_or_a_wake_word_wakes_it_with_a_chime_before_a_word(wake: Wake) -> None:
    room = Waits(wake)
    room.happens(Called("button"), at=10.0)
    room.run(until=14.0)
    assert room.words[:1] == GREETED
    chime, hello = (next(i for i, line in enumerate(room.log) if what in line) for what in ("CHIME", "greeting.hello"))
    assert chime < hello


def test_called_twice_it_greets_once_and_a_call_into_a_sitting_is_nothing() -> None:
    room = Waits()
    for at in (10.0, 10.2, 13.0):
        room.happens(Called("button"), at=at)
    room.run(until=17.0)
    assert room.words.count("greeting.hello") == 1


def test_whoever_goes_on_after_the_wake_word_is_waited_for_and_answered_to_that() -> None:
    room = Waits(Wake.WORD)
    room.says("okay something i'm panicking", at=10.0, lasting=3.0)
    room.happens(Called("wake word"), at=11.0)
    room.run(until=20.0)
    assert room.words[:2] == MET and "greeting.hello" not in room.words
    room = Waits(Wake.WORD)
    room.says("okay something", at=10.0, lasting=2.0)
    room.happens(Called("wake word"), at=11.0)
    room.run(until=16.0)
    assert room.words[:1] == GREETED, "the word alone"


def test_after_support_a_call_opens_with_support() -> None:
    room = Waits(support_given=True)
    room.happens(Called("button"), at=10.0)
    room.run(until=20.0)
    assert room.words[0] == "interrupt.reopened"


def test_a_long_press_wakes_it_with_people_to_reach() -> None:
    room = Waits(Wake.BUTTON)
    room.happens(SupportRequested("button"), at=10.0)
    room.run(until=20.0)
    assert "support.asked" in room.words


# The microphone -------------------------------------------------------------------------------------------------------


def test_said_to_close_the_microphone_it_does_whatever_goes_on() -> None:
    room = Waits()
    room.says("mute", at=10.0)
    room.run(until=20.0)
    assert room.mutes == 1 and room.words == []


def test_doubtful_words_close_no_microphone() -> None:
    room = Waits()
    room.says("mute", at=10.0, trust=Trust.DOUBTFUL)
    room.run(until=20.0)
    assert room.mutes == 0


def test_that_it_is_closed_and_open_again_is_said_even_while_it_waits() -> None:
    room = Waits()
    room.happens(MicrophoneMuted(), at=10.0)
    room.happens(MicrophoneUnmuted(), at=20.0)
    room.run(until=30.0)
    assert room.words == ["failures.microphone-muted", "failures.microphone-unmuted"]


def test_opened_while_it_is_still_saying_that_it_is_closed_it_says_the_newer_alone() -> None:
    room = Waits()
    room.happens(MicrophoneMuted(), at=10.0)
    room.happens(MicrophoneUnmuted(), at=10.2)
    room.run(until=20.0)
    assert room.words[-1] == "failures.microphone-unmuted" and room.heard[0].cut


def test_in_an_exercise_it_is_said_in_between_and_the_exercise_goes_on() -> None:
    room = Room(a_conversation())
    room.says("i'm panicking", at=3.0)
    room.happens(MicrophoneMuted(), at=12.0)
    room.run(until=40.0)
    at = room.words.index("failures.microphone-muted")
    assert room.words[at + 1 :], "and goes on"


def test_nothing_is_said_into_the_silence_that_was_asked_for() -> None:
    room = Room(a_conversation())
    room.happens(StopRequested("key"), at=1.0)
    room.happens(MicrophoneMuted(), at=8.0)
    room.run(until=12.0)
    assert "failures.microphone-muted" not in room.words


def test_a_call_chimes_in_the_same_breath_as_its_greeting() -> None:
    conversation = a_conversation(opening=Waiting())
    conversation.start(0.0)
    (speak,) = [one for one in conversation.receive(Called("button"), 1.0) if isinstance(one, Speak)]
    assert speak.timeline.segments[0] == Chime("start")
    assert conversation.scene == "greeting"
    conversation.receive(TranscriptReady(None, Transcript("mute", Trust.TRUSTED, 1.0, "test")), 2.0)

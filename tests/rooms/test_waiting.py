"""It waits in silence for somebody to speak to it, and knocks gently: nothing personal before a yes."""

from __future__ import annotations

import pytest

from assistant.core.commands import Answered, Command, EndReason, Knocked
from assistant.core.conversation import Conversation
from assistant.core.events import MicrophoneLost, ReminderDue, StopRequested
from assistant.core.scenes.waiting import Waiting
from assistant.safety.transcript import Trust
from assistant.testing.room import Room
from tests.core.stories import a_conversation

PERSONAL = (
    "number?",
    "evening",
    "rate.",
    "choosing",
    "checkin.",
    "greeting",
    "limits",
    "support",
    "interrupt",
    "about",
)


class WaitingRoom(Room):
    """What was noted of knocks."""

    def __init__(self, conversation: Conversation) -> None:
        super().__init__(conversation)
        self.noted: list[str] = []

    def perform(self, command: Command, now: float) -> None:
        if isinstance(command, Knocked | Answered):
            self.noted.append(type(command).__name__)
        super().perform(command, now)


def waiting(*, support_given: bool = False) -> WaitingRoom:
    return WaitingRoom(a_conversation(opening=Waiting(), support_given=support_given))


def knocked() -> WaitingRoom:
    room = waiting()
    room.happens(ReminderDue("evening"), at=100.0)
    return room


@pytest.mark.parametrize(
    "said", ["the bus was late again", "pass the salt", "no", "stop", "pause", "thanks", "yes", "louder"]
)
def test_what_is_said_in_the_room_to_somebody_else_is_not_answered(said: str) -> None:
    room = waiting()
    for at in (5.0, 500.0, 4000.0):
        room.says(said, at=at)
    room.run(until=8000)
    assert room.words == [] and room.ended is None


def test_devices_that_fail_are_not_told_to_an_empty_room() -> None:
    room = waiting()
    room.happens(MicrophoneLost(), at=50.0)
    room.run(until=200)
    assert room.words == []


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("wake", ["greeting.hello"]), ("go on", ["greeting.hello"]), ("who are you", ["greeting.hello"]),
        ("i'm panicking", ["checkin.opening", "choosing.lead.panic"]), ("check in", ["checkin.opening", "number?"]),
        ("help", ["checkin.opening", "support.asked"]),
    ],
)  # fmt: skip
def test_whoever_speaks_to_it_is_met_and_told_what_speaks(said: str, first: list[str]) -> None:
    room = waiting()
    room.says(said, at=3700.0)
    room.run(until=3720)
    assert room.words[: len(first)] == first
    assert room.noted == ["Answered"]


def test_words_heard_badly_in_the_room_wake_nobody() -> None:
    room = waiting()
    room.says("i'm panicking", at=50.0, trust=Trust.DOUBTFUL)
    room.run(until=100)
    assert room.words == []


def test_danger_is_heard_while_it_waits() -> None:
    room = waiting()
    room.says("i want to die", at=50.0)
    room.run()
    assert "interrupt.acknowledge" in room.words and room.ended is EndReason.SUPPORT_GIVEN


def test_a_wait_is_no_use_and_brings_no_pause() -> None:
    room = waiting()
    room.says("i'm panicking", at=7000.0)
    room.answers("four", to="rate.before")
    room.answers("three", to="rate.after")
    room.run(until=7200)
    assert "closing.offer" in room.words and "limits.long" not in room.words


def test_a_knock_tells_a_room_nothing_and_without_an_answer_it_is_quiet_again() -> None:
    room = knocked()
    room.run(until=200)
    assert room.words == ["knock.say"] and room.ended is EndReason.SILENCE
    assert any("CHIME start" in line for line in room.log)
    assert room.noted == ["Knocked"]


@pytest.mark.parametrize("said", ["the bus was late", "mm", "seven", "a lamp"])
def test_nothing_personal_is_said_before_a_yes(said: str) -> None:
    room = knocked()
    room.answers(said, to="knock.say")
    room.run(until=200)
    assert room.words == ["knock.say"]


def test_a_yes_begins_the_check_in_and_says_what_speaks() -> None:
    room = knocked()
    room.answers("yes", to="knock.say")
    room.run()
    assert room.words[:3] == ["knock.say", "checkin.opening", "number?"] and room.words[-1] == "checkin.goodbye"
    assert room.noted == ["Knocked", "Answered"]


@pytest.mark.parametrize("said", ["no", "pause", "skip", "goodbye", "stop"])
def test_a_no_is_fine_and_counts_as_an_answer(said: str) -> None:
    room = knocked()
    room.answers(said, to="knock.say")
    room.run(until=200)
    assert room.ended is not None and not any(words.startswith(PERSONAL) for words in room.words)
    assert room.noted == ["Knocked", "Answered"]


def test_a_key_ends_a_knock_without_another_word() -> None:
    room = knocked()
    room.happens(StopRequested("key"), at=100.5)
    room.run()
    assert room.ended is EndReason.ASKED and room.said_after(100.6) == []


def test_it_never_knocks_into_an_exercise_nor_over_somebody() -> None:
    room = waiting()
    room.says("i'm panicking", at=10.0)
    room.happens(ReminderDue("evening"), at=20.0)
    room.run(until=300)
    assert "knock.say" not in room.words
    room = waiting()
    room.says("we were talking about the garden and then", at=98.0, lasting=5.0)
    room.happens(ReminderDue("evening"), at=100.0)
    room.run(until=200)
    assert room.words == []


def test_a_check_in_that_is_gone_is_the_usual_one() -> None:
    room = waiting()
    room.happens(ReminderDue("no-such"), at=100.0)
    room.answers("yes", to="knock.say")
    room.run()
    assert "number?" in room.words and "evening rest" not in room.words


@pytest.mark.parametrize("knock", [True, False])
def test_after_support_it_waits_in_silence_and_opens_with_support_when_it_is_spoken_to(knock: bool) -> None:
    room = waiting(support_given=True)
    if knock:
        room.happens(ReminderDue("evening"), at=100.0)
        room.answers("yes", to="knock.say")
    else:
        room.says("wake", at=100.0)
    room.run(until=130)
    opened = [words for words in room.words if words != "knock.say"]
    assert opened[0] == "interrupt.reopened"

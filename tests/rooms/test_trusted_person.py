"""The trusted person in the virtual room: their number, and a message that only a clear yes sends."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.core.commands import EndReason
from assistant.core.events import StopRequested
from assistant.core.trusted import NOBODY, Sending, TrustedPerson
from assistant.safety.transcript import Trust
from assistant.testing.room import Room
from tests.core.stories import a_conversation

MAYA = TrustedPerson("Maya", "07700 900123", "it is me, please ring", reachable=True)
NUMBER = "trusted.number Maya zero seven seven zero zero, nine zero zero one two three"
ASKED = "trusted.ask Maya"


def in_an_exercise(trusted: TrustedPerson = MAYA) -> Room:
    """In the first words of one at 19 s."""
    room = Room(a_conversation(trusted=trusted))
    room.answers("i'm panicking", to="greeting.hello")
    return room


def in_danger(trusted: TrustedPerson = MAYA, words: str = "i want to die") -> Room:
    room = Room(a_conversation(trusted=trusted))
    room.answers(words, to="greeting.hello")
    return room


def test_their_number_is_said_slowly_and_shown_and_what_was_going_on_goes_on() -> None:
    room = in_an_exercise()
    room.says("their number", at=19.0)
    room.run(until=60)
    told = room.words.index(NUMBER)
    assert any("SHOWS the number 07700 900123" in row for row in room.log)
    assert "feet question?" in room.words[told + 1 :], "the exercise goes on"
    slow, plain = room.heard[told], room.heard[0]
    assert (slow.end or 0) - slow.start > len(NUMBER.split()) * 0.5 > 0 and plain.end is not None


def test_it_is_said_again_as_often_as_that_is_asked_for() -> None:
    room = in_an_exercise()
    room.says("their number", at=19.0)
    room.answers("again", to=NUMBER)
    room.answers("again", to=NUMBER)
    room.run(until=120)
    assert room.words.count(NUMBER) == 3


def test_a_yes_sends_the_words_they_chose_and_it_is_said_when_the_server_took_it() -> None:
    room = in_an_exercise()
    room.says("send message", at=19.0)
    room.answers("yes", to=ASKED)
    room.run(until=60)
    assert room.sent == ["it is me, please ring"]
    told = room.words.index("failures.message-sent")
    assert room.words.index("trusted.sending") < told and "feet question?" in room.words[told:]


def test_who_chose_no_words_sends_a_few_plain_ones() -> None:
    room = in_an_exercise(replace(MAYA, message=""))
    room.says("send message", at=19.0)
    room.answers("yes", to=ASKED)
    assert room.run(until=60).sent == ["please call me"]


@pytest.mark.parametrize("answer", ["no", "a lamp and a chair", "send message", "i'm angry", "goodbye", "help", None])
def test_all_but_a_yes_sends_nothing(answer: str | None) -> None:
    room = in_an_exercise()
    room.says("send message", at=19.0)
    if answer is not None:
        room.answers(answer, to=ASKED)
    room.run()
    assert room.sent == [] and ASKED in room.words
    if answer in ("no", None):
        assert "trusted.kept" in room.words


def test_a_yes_that_was_heard_badly_sends_nothing() -> None:
    room = in_an_exercise()
    room.says("send message", at=19.0)
    room.answers("yes", to=ASKED, trust=Trust.DOUBTFUL)
    assert room.run(until=60).sent == []


def test_danger_in_the_answer_is_heard_before_the_yes() -> None:
    room = in_an_exercise()
    room.says("send message", at=19.0)
    room.answers("yes i want to die", to=ASKED)
    room.run(until=60)
    assert room.sent == [] and room.latched


@pytest.mark.parametrize("ending", [Sending.FAILED, Sending.UNSURE, None])
def test_a_failure_is_said_as_it_is_and_their_number_with_it(ending: Sending | None) -> None:
    room = in_an_exercise()
    room.message_ending = ending
    room.says("send message", at=19.0)
    room.answers("yes", to=ASKED)
    room.run(until=90)
    told = room.words.index(f"failures.{ending or Sending.UNSURE}")
    assert room.words[told + 1] == NUMBER and "failures.message-sent" not in room.words


def test_a_stop_at_the_question_sends_nothing_and_a_yes_after_it_neither() -> None:
    room = in_an_exercise()
    room.says("send message", at=19.0)
    room.presses_stop(at=21.5)
    room.says("yes", at=24.0)
    room.run(until=60)
    assert ASKED in room.words and room.sent == []


@pytest.mark.parametrize("after", [0.2, 3.0])
def test_a_stop_while_it_is_sent_is_silence_and_what_became_of_it_is_told_by_the_screen_alone(after: float) -> None:
    room = in_an_exercise()
    room.message_seconds = 6.0
    room.says("send message", at=19.0)
    room.answers("yes", to=ASKED)
    room.run(until=40.0)
    sent = next(float(row.split()[0]) for row in room.log if "SENDS" in row)
    stopped = in_an_exercise()
    stopped.message_seconds = 6.0
    stopped.says("send message", at=19.0)
    stopped.answers("yes", to=ASKED)
    stopped.presses_stop(at=sent + after)
    stopped.run()
    assert stopped.sent, "it had been confirmed"
    assert stopped.said_after(sent + after) == ["stopped.said_once"]
    assert "failures.message-sent" in room.words, "without the stop it is said"


def test_whoever_goes_on_to_something_else_meanwhile_is_told_there() -> None:
    room = in_an_exercise()
    room.message_seconds = 8.0
    room.says("send message", at=19.0)
    room.answers("yes", to=ASKED)
    room.answers("i'm angry", to="trusted.sending")
    room.run(until=80)
    assert room.words.count("failures.message-sent") == 1
    assert room.words.index("choosing.lead.anger") < room.words.index("failures.message-sent")


def test_after_a_stop_nothing_goes_on_by_itself() -> None:
    room = in_an_exercise()
    room.presses_stop(at=19.0)
    room.answers("send message", to="stopped.said_once")
    room.answers("yes", to=ASKED)
    room.run(until=120)
    assert room.sent and "feet press one" not in room.said_after(20.0)


@pytest.mark.parametrize("trusted", [NOBODY, TrustedPerson("Maya", "07700 900123")])
def test_without_a_channel_that_is_said_and_whom_to_call_instead(trusted: TrustedPerson) -> None:
    room = in_an_exercise(trusted)
    room.says("send message", at=19.0)
    room.run(until=60)
    told = room.words.index("trusted.no_message")
    instead = room.words[told + 1]
    assert instead == NUMBER if trusted.number else instead == "support.asked" and "GB" in room.support_shown
    assert ASKED not in room.words and "feet question?" in room.words


def test_where_nobody_is_known_people_to_reach_are_named() -> None:
    room = in_an_exercise(NOBODY)
    room.says("their number", at=19.0)
    room.run(until=60)
    told = room.words.index("trusted.no_number")
    assert room.words[told + 1] == "support.asked"


@pytest.mark.parametrize("words", ["their number", "send message", "note", "forget today"])
@pytest.mark.parametrize("other", ["their number", "send message", "note"])
def test_one_after_the_other_always_comes_to_an_end(words: str, other: str) -> None:
    conversation = a_conversation(trusted=MAYA)
    conversation.session.remembers = True
    room = Room(conversation)
    room.answers("i'm panicking", to="greeting.hello")
    room.says(words, at=19.0)
    room.says(other, at=23.0)
    room.says(words, at=30.0)
    room.run()
    assert room.ended is not None


def test_while_it_waits_it_says_first_what_speaks() -> None:
    from assistant.core.scenes.waiting import Waiting

    room = Room(a_conversation(trusted=MAYA, opening=Waiting()))
    room.says("send message", at=5.0)
    room.answers("yes", to=ASKED)
    room.run(until=60)
    assert room.words[:2] == ["checkin.opening", ASKED] and room.sent


# Inside the interrupt -------------------------------------------------------------------------------------------------


def test_support_ends_with_the_offer_of_a_message_and_a_yes_leads_to_the_question() -> None:
    room = in_danger()
    room.answers("yes", to="interrupt.stay")
    room.answers("yes", to=ASKED)
    room.run(until=120)
    assert "interrupt.barrier_message Maya" in room.words and "interrupt.trusted_number" in room.words
    assert room.sent == ["it is me, please ring"] and "failures.message-sent" in room.words
    assert room.conversation.latched, "support stays"


def test_in_support_one_yes_alone_sends_nothing() -> None:
    room = in_danger()
    room.answers("yes", to="interrupt.stay")
    room.run(until=120)
    assert ASKED in room.words and room.sent == [] and "trusted.kept" in room.words
    assert room.conversation.latched


def test_in_support_it_is_asked_for_in_words_and_their_number_too() -> None:
    room = in_danger()
    room.answers("their number", to="interrupt.stay")
    room.answers("again", to=NUMBER)
    room.answers("send message", to=NUMBER)
    room.answers("yes", to=ASKED)
    room.run(until=200)
    assert room.words.count(NUMBER) == 2 and len(room.sent) == 1


def test_in_support_a_failure_is_said_with_their_number_and_support_stays() -> None:
    room = in_danger()
    room.message_ending = Sending.FAILED
    room.answers("send message", to="interrupt.stay")
    room.answers("yes", to=ASKED)
    room.run(until=150)
    told = room.words.index("failures.message-failed")
    assert room.words[told + 1] == NUMBER and room.conversation.latched


def test_in_support_a_stop_ends_the_question_for_good() -> None:
    room = in_danger()
    room.answers("send message", to="interrupt.stay")
    room.run(until=60)
    asked = next(heard for heard in room.heard if heard.text == ASKED)
    again = in_danger()
    again.answers("send message", to="interrupt.stay")
    again.presses_stop(at=asked.start + 0.3)
    again.says("yes", at=asked.start + 3.0)
    again.run(until=120)
    assert again.sent == []


def test_in_support_a_stop_while_it_is_sent_keeps_silence() -> None:
    def sending() -> Room:
        room = in_danger()
        room.message_seconds = 6.0
        room.answers("send message", to="interrupt.stay")
        room.answers("yes", to=ASKED)
        return room

    room = sending()
    room.run(until=100)
    said = next(heard for heard in room.heard if heard.text == "trusted.sending")
    stopped = sending()
    stopped.presses_stop(at=said.start + 0.2)
    stopped.run(until=said.start + 40.0)
    assert "failures.message-sent" in room.words
    assert stopped.sent and stopped.said_after(said.start + 0.2) == []


def test_in_support_with_nobody_known_the_offer_is_to_write_to_the_line() -> None:
    room = in_danger(NOBODY)
    room.answers("send message", to="interrupt.stay")
    room.run(until=120)
    assert "trusted.no_message" in room.words and room.words.count("trusted.no_number") == 1
    assert not any(words.startswith("interrupt.barrier_message") for words in room.words)


def test_after_support_nothing_but_support_and_what_was_asked_for_is_said() -> None:
    room = in_danger()
    room.answers("send message", to="interrupt.stay")
    room.answers("yes", to=ASKED)
    room.run()
    after = room.words[room.words.index("interrupt.acknowledge") :]
    assert all(words.startswith(("interrupt.", "trusted.", "failures.message", "closing.goodbye")) for words in after)
    assert room.ended is EndReason.SUPPORT_GIVEN


def test_nothing_is_ever_sent_by_itself() -> None:
    """Danger, silence, stops and time: without the two words no message goes."""
    for words in ("i want to die", "no point in living", "taken too many", "help", "i'm panicking"):
        room = in_danger(words=words)
        room.happens(StopRequested("key"), at=90.0)
        assert room.run().sent == []

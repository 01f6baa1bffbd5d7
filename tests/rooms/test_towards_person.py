"""After "worse", and after a number that is high or rose: a person is asked about, with time to answer, and what comes
then is simple.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.core.commands import EndReason
from assistant.core.understanding import State
from assistant.testing.room import Room
from tests.core.stories import a_conversation


def after_nine(*answers: str, begins: str = "i'm panicking") -> Room:
    """Somebody for whom it is worse, at nine, with this to say to the question whether there is a person."""
    conversation = a_conversation()
    session = conversation.session
    order = {**session.repertoire.order, State.ANGER: ("breath", "words", "feet")}
    session.repertoire = replace(session.repertoire, order=order)
    room = Room(conversation)
    room.answers(begins, to="greeting.hello")
    room.says("worse", at=20.0)
    room.answers("nine", to="rate.after")
    for answer in answers:
        room.answers(answer, to="rate.towards_person")
    return room.run()


def began(room: Room, words: str) -> float:
    return next(heard.start for heard in room.heard if heard.text == words)


def ended(room: Room, words: str) -> float:
    return next(heard.end for heard in room.heard if heard.text == words and heard.end is not None)


def test_the_question_for_a_person_is_not_trodden_on_by_the_next_one() -> None:
    room = after_nine()
    assert room.support_shown[0] == "GB"
    assert began(room, "closing.offer") - ended(room, "rate.towards_person") >= 12.0
    assert room.ended is EndReason.FINISHED


@pytest.mark.parametrize("answer", ["no", "there is nobody i can think of"])
def test_who_has_nobody_hears_whom_they_can_reach(answer: str) -> None:
    words = after_nine(answer).words
    said = words[words.index("rate.towards_person") + 1 :]
    assert said[:2] == ["support.asked", "interrupt.line Samaritans one one six, one two three"]
    assert "closing.offer" in words


def test_a_yes_is_a_kind_end_and_nothing_more_is_offered() -> None:
    room = after_nine("yes")
    assert room.words[-1] == "closing.goodbye" and "closing.offer" not in room.words
    assert room.ended is EndReason.ASKED


@pytest.mark.parametrize("answer", ["something else", "go on"])
def test_what_comes_after_worse_is_simple_whatever_was_going_on(answer: str) -> None:
    """In anger the next on the list would be one more of its own."""
    room = after_nine(answer, begins="i'm angry")
    begun = [words for words in room.words if words.endswith("press one")]
    assert begun[:2] == ["breath press one", "feet press one"]


def test_a_number_that_was_just_given_is_not_asked_for_again() -> None:
    room = Room(a_conversation())
    room.answers("i'm panicking", to="greeting.hello")
    room.answers("worse", to="feet press two")
    room.answers("five", to="rate.after")
    room.answers("yes", to="closing.offer")
    room.run()
    assert "rate.before" not in room.words[room.words.index("senses press one") :]
    assert room.records[-1].before == 5.0


def test_who_was_just_told_that_exercises_may_not_fit_is_offered_none() -> None:
    room = Room(a_conversation())
    room.answers("i'm panicking", to="greeting.hello")
    for name in ("feet", "senses", "breath"):
        room.answers("not working", to=f"{name} press one")
    room.run()
    assert room.words[-3:] == ["closing.towards_people", "limits.next_small", "closing.goodbye"]

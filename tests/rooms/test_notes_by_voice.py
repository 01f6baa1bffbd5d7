"""A note by voice: kept after one question, and danger in it is heard first."""

from __future__ import annotations

import pytest

from assistant.core.commands import KeepNote
from assistant.safety.transcript import Trust
from assistant.testing.room import Room
from tests.core.stories import a_conversation

WORDS = "the row about the exam"


def noting(*, remembers: bool = True, asked: str = "note for therapist") -> Room:
    conversation = a_conversation()
    conversation.session.remembers = remembers
    room = Room(conversation)
    room.answers("i'm panicking", to="greeting.hello")
    room.says(asked, at=19.0)
    return room


def test_what_is_said_next_is_kept_after_a_yes_and_what_was_going_on_goes_on() -> None:
    room = noting()
    room.answers(WORDS, to="note.what")
    room.answers("yes", to="note.ask")
    room.run(until=90)
    assert room.notes == [WORDS]
    assert "feet question?" in room.words[room.words.index("note.kept") :]


@pytest.mark.parametrize("answer", ["no", WORDS, "again", None])
def test_all_but_a_yes_keeps_nothing(answer: str | None) -> None:
    room = noting()
    room.answers(WORDS, to="note.what")
    if answer is not None:
        room.answers(answer, to="note.ask")
    room.run(until=90)
    assert room.notes == [] and "note.not_kept" in room.words


@pytest.mark.parametrize("words", ["", "no"])
def test_saying_nothing_or_no_keeps_nothing(words: str) -> None:
    room = noting()
    if words:
        room.answers(words, to="note.what")
    room.run(until=90)
    assert room.notes == [] and "note.not_kept" in room.words and "note.ask" not in room.words


def test_a_doubtful_yes_keeps_nothing() -> None:
    room = noting()
    room.answers(WORDS, to="note.what")
    room.answers("yes", to="note.ask", trust=Trust.DOUBTFUL)
    assert room.run(until=90).notes == []


def test_danger_in_a_note_is_heard_before_it_is_one() -> None:
    room = noting()
    room.answers("i want to die", to="note.what")
    room.answers("yes", to="interrupt.stay")
    room.run(until=120)
    assert room.latched and room.notes == []


def test_a_faint_sign_in_a_note_is_asked_about_first() -> None:
    room = noting()
    room.answers("no point in living", to="note.what")
    room.answers("no", to="concern.number_ready")
    room.run(until=120)
    assert "concern.ask.suicide" in room.words and room.notes == []


def test_a_feeling_in_a_note_is_a_note_and_begins_nothing() -> None:
    room = noting(asked="note")
    room.answers("i'm angry", to="note.what")
    room.answers("yes", to="note.ask")
    room.run(until=60)
    assert room.notes == ["i'm angry"] and "choosing.lead.anger" not in room.words


def test_where_nothing_is_noted_no_note_is_kept_and_it_is_said() -> None:
    room = noting(remembers=False)
    room.run(until=60)
    assert "note.not_now" in room.words and "note.what" not in room.words


@pytest.mark.parametrize("remembers", [True, False])
def test_what_it_remembers_is_told_when_asked(remembers: bool) -> None:
    room = noting(remembers=remembers, asked="what do you remember")
    room.run(until=60)
    assert ("about.noted" in room.words, "about.not_noted" in room.words) == (remembers, not remembers)


def test_the_words_are_in_no_repr() -> None:
    assert WORDS not in repr(KeepNote(WORDS, bookmark=True))

"""What is recorded of an exercise: its own numbers, once, whatever ended it; and that it got worse."""

from __future__ import annotations

from assistant.core.commands import Command, Record
from assistant.core.events import StopRequested

from .talk import Talk


def records(commands: list[Command]) -> list[Record]:
    return [command for command in commands if isinstance(command, Record)]


def rated_before(talk: Talk, number: str) -> None:
    """The number before the exercise, and on into it."""
    talk.voice_finishes()
    assert "rate.before" in talk.words
    talk.voice_finishes()
    talk.says(number)
    talk.voice_finishes()
    talk.voice_reaches(0)


def test_worse_is_recorded_with_the_number_that_came_after_it(talk: Talk) -> None:
    rated_before(talk.in_an_exercise(), "four")
    assert records(talk.says("worse")) == [], "the number after it is still to come"
    talk.voice_finishes()
    talk.says("four")
    assert records(talk.voice_finishes()) == [Record("feet", "panic", 4.0, 4.0, stopped=True, worse=True)]


def test_a_number_that_rose_is_worse_though_nobody_said_so(talk: Talk) -> None:
    rated_before(talk.in_an_exercise(), "four")
    while "rate.after" not in talk.words:
        talk.voice_finishes() if talk.speaks is not None else talk.passes(15.0)
    talk.voice_finishes()
    talk.says("five")
    assert records(talk.voice_finishes()) == [Record("feet", "panic", 4.0, 5.0, stopped=False, worse=True)]


def test_an_exercise_that_is_left_is_recorded_once_when_the_next_begins(talk: Talk) -> None:
    rated_before(talk.in_an_exercise(), "seven")
    assert records(talk.says("something else")) == []
    assert records(talk.voice_finishes()) == [Record("feet", "panic", 7.0, None, stopped=True)]
    assert talk.conversation.scene == "exercise:senses"


def test_who_is_cut_off_while_leaving_and_goes_on_has_left_nothing(talk: Talk) -> None:
    talk.in_an_exercise()
    talk.says("something else")
    talk.starts(joined=True)
    assert talk.conversation.scene == "exercise:feet"
    talk.stops()
    talk.understood("no go on")
    assert records(talk.hears(StopRequested("key", leave=True))) == [
        Record("feet", "panic", None, None, stopped=True)
    ], "one exercise, one record"


def test_leaving_in_the_middle_is_recorded_before_the_end(talk: Talk) -> None:
    talk.in_an_exercise()
    assert records(talk.hears(StopRequested("key", leave=True))) == [Record("feet", "panic", None, None, stopped=True)]


def test_a_hard_signal_records_what_it_cut_and_nothing_of_what_was_said(talk: Talk) -> None:
    talk.in_an_exercise()
    assert records(talk.says("i want to die")) == [Record("feet", "panic", None, None, stopped=True)]

"""A recogniser is told when a number was asked for, and when it no longer is."""

from __future__ import annotations

from assistant.core.commands import Answer, Command, Expect

from .talk import Talk


def expected(commands: list[Command]) -> list[Answer]:
    return [command.answer for command in commands if isinstance(command, Expect)]


def asked_for_a_number() -> Talk:
    """After the greeting and what is wrong, the exercise asks."""
    talk = Talk()
    talk.voice_finishes()
    talk.says("i'm panicking")
    while "rate.before" not in talk.words:
        talk.voice_finishes()
    return talk


def test_a_number_is_expected_when_it_is_asked_for_and_no_longer_once_it_is_given() -> None:
    talk = Talk()
    told = expected(talk.voice_finishes()) + expected(talk.says("i'm panicking"))
    while "rate.before" not in talk.words:
        told += expected(talk.voice_finishes())
    assert told == [Answer.NUMBER], "once, and not before"
    assert expected(talk.voice_finishes()) == []
    assert expected(talk.says("seven")) == [Answer.ANYTHING]


def test_danger_and_a_stop_end_what_was_expected() -> None:
    for words in ("i want to die", "stop"):
        talk = asked_for_a_number()
        talk.voice_finishes()
        assert expected(talk.says(words)) == [Answer.ANYTHING]

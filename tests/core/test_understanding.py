"""What people say, and what is made of it."""

from __future__ import annotations

import pytest

from assistant.core.number_spans import NumberWords
from assistant.core.numbers import read_number
from assistant.core.understanding import Intent, Lexicon, State
from assistant.safety.rules import Rules
from assistant.safety.screen import Screen, ScreenedText
from assistant.safety.transcript import Transcript, Trust

from .stories import DIGITS, LEXICON

NUMBERS = NumberWords(
    {word: float(value) for value, word in enumerate(DIGITS) if word != "one"} | {"off the scale": 10.0},
    {"one": 1.0, "to": 2.0, "for": 4.0, "ate": 8.0, "nothing": 0.0},
)


def screened(text: str, trust: Trust = Trust.TRUSTED) -> ScreenedText:
    return Screen(Rules(())).screen(Transcript(text, trust, 0.9, "test"))


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("seven", 7), ("7", 7), ("seven out of ten", 7), ("7/10", 7), ("six or seven", 7), ("seven or six", 7),
        ("was nine now five", 5), ("not ten, six", 6), ("six and a half", 6.5), ("off the scale", 10),
        ("like a hundred", None), ("a 100", 10), ("for", 4), ("ate", 8), ("nothing", 0), ("I don't know", None),
        ("", None), ("ten", 10), ("ten and a half", 10), ("nothing works", None), ("for you", None), ("no one", None),
    ],
)  # fmt: skip
def test_numbers_as_people_say_them(said: str, number: float | None) -> None:
    assert read_number(said, NUMBERS).number == number


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("stop", Intent.STOP), ("Stop!", Intent.STOP), ("um stop please", Intent.STOP), ("stop stop stop", Intent.STOP),
        ("please go on", Intent.GO_ON), ("I can't", Intent.CANT), ("i cant", Intent.CANT),
        ("I can't stop crying about the letter", None), ("a lamp and a chair", None),
    ],
)  # fmt: skip
def test_a_command_is_most_of_what_was_said(said: str, intent: Intent | None) -> None:
    assert LEXICON.understand(screened(said)).intent is intent


def test_a_state_is_found_anywhere_and_not_when_denied() -> None:
    assert LEXICON.understand(screened("help me i'm panicking so much")).states == (State.PANIC,)
    assert LEXICON.understand(screened("i'm not angry")).states == ()


def test_a_homophone_is_a_number_only_when_a_number_was_asked_for() -> None:
    assert LEXICON.understand(screened("for")).number is None
    assert LEXICON.understand(screened("for"), expect_number=True).number == 4


def test_the_heavier_state_comes_first() -> None:
    lexicon = Lexicon({}, {State.WORRY: {"worried": 1.0}, State.PANIC: {"heart is racing": 2.0}}, NUMBERS, frozenset())
    said = screened("i'm worried my heart is racing")
    assert lexicon.understand(said).states == (State.PANIC, State.WORRY)


def test_what_names_a_state_outright_is_told_from_what_may_be_said_of_anything() -> None:
    states = {State.PANIC: {"panicking": 2.0, "scared": 1.0, "dizzy": 1.0}}
    lexicon = Lexicon({}, states, NUMBERS, frozenset())
    assert lexicon.understand(screened("i'm panicking")).certain == (State.PANIC,)
    assert lexicon.understand(screened("i'm scared of the exam")).certain == ()
    assert lexicon.understand(screened("i'm scared and dizzy")).certain == (State.PANIC,), "together they name it"


def test_doubt_is_passed_on() -> None:
    assert not LEXICON.understand(screened("stop", Trust.DOUBTFUL)).clear

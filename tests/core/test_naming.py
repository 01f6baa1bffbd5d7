"""Somebody is asked for by a name that no recogniser knows, or that it heard wrongly; the shipped words are read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.app.lines import PHRASES_AN_INTENT, expected_phrases
from assistant.app.parts import build_screen, load_library
from assistant.config import load_settings
from assistant.content.root import content_root
from assistant.core.understanding import Intent, Lexicon
from assistant.safety.rules import Rules
from assistant.safety.screen import Screen
from assistant.safety.transcript import Transcript, Trust
from assistant.safety.verdict import Level
from assistant.settings_files import settings_files
from assistant.understanding.learned import LearnedScreen

LIBRARY = load_library(load_settings(settings_files(content_root() / "config.yaml")))
NUMBER, MESSAGE = Intent.THEIR_NUMBER, Intent.SEND_MESSAGE


def knowing(name: str) -> Lexicon:
    return replace(LIBRARY.lexicon, trusted_name=name)


def understood(words: str, name: str) -> Intent | None:
    screened = Screen(Rules(())).screen(Transcript(words, Trust.TRUSTED, 0.9, "test"))
    return knowing(name).understand(screened).intent


@pytest.mark.parametrize("name", ["Maya", "Zoë-Ann", "Dr. Okonkwo", "Mum", ""])
@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("Tell me Maya's number.", NUMBER), ("what's Mia's number", NUMBER), ("tell me their number", NUMBER),
        ("my person's number please", NUMBER), ("tell me the number of Maia Jones", NUMBER),
        ("Send Maya a message.", MESSAGE), ("send my a message", None), ("send Maia a message please", MESSAGE),
        ("send a message to Mya", MESSAGE), ("send a message", MESSAGE), ("can you send Moira a message", MESSAGE),
    ],
)  # fmt: skip
def test_whatever_was_heard_for_the_name_will_do(words: str, intent: Intent | None, name: str) -> None:
    assert understood(words, name) is intent


@pytest.mark.parametrize(
    ("words", "intent"),
    [("call mum", NUMBER), ("mum's number", NUMBER), ("my mum's number", NUMBER), ("text mum", MESSAGE),
     ("send mum a message", MESSAGE), ("let mum know", MESSAGE)],
)  # fmt: skip
def test_a_name_that_is_known_is_enough_in_fewer_words(words: str, intent: Intent) -> None:
    assert understood(words, "Mum") is intent and understood(words, "Maya") is not intent


@pytest.mark.parametrize("words", ["give me the number", "a number please", "call someone", "i want to call someone"])
def test_a_help_line_is_not_taken_for_a_name(words: str) -> None:
    assert understood(words, "Maya") is Intent.WHO_CAN_I_CALL


def test_what_asks_for_them_is_no_danger_to_any_layer_of_the_screen() -> None:
    screen = build_screen(LIBRARY, LearnedScreen())
    for intent in (NUMBER, MESSAGE, Intent.NOTE, Intent.NOTE_FOR_THERAPIST, Intent.WHAT_DO_YOU_REMEMBER):
        for phrase in LIBRARY.lexicon.commands[intent]:
            said = phrase.replace("{name}", "Maya").replace("{anyone}", "Maya")
            level = screen.screen(Transcript(said, Trust.TRUSTED, 0.9, "test")).verdict.level
            assert level is Level.NONE, said


def test_the_small_recogniser_expects_what_needs_no_name() -> None:
    expected = expected_phrases(LIBRARY)
    assert not [phrase for phrase in expected if "{" in phrase]
    assert {"tell me their number", "my person's number", "send a message", "message my person"} <= set(expected)
    for intent in (NUMBER, MESSAGE):
        assert not [phrase for phrase in LIBRARY.lexicon.commands[intent][:PHRASES_AN_INTENT] if "{" in phrase]

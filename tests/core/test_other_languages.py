"""A language the program does not know: said so, and people are offered. English is hardly ever taken for one."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.app.parts import build_conversation, load_library
from assistant.config import load_settings
from assistant.content.library import Library
from assistant.content.root import content_root
from assistant.core.understanding import Intent
from assistant.safety.screen import Screen
from assistant.safety.transcript import Transcript, Trust
from assistant.settings_files import settings_files
from assistant.testing.room import Room
from assistant.understanding.training.exemplars import read_voices

OTHERS = (Path(__file__).parent / "other_languages.txt").read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(load_settings(settings_files(content_root() / "config.yaml")))


def intent(library: Library, said: str) -> Intent | None:
    screened = Screen(library.rules).screen(Transcript(said, Trust.TRUSTED, 1.0, "test"))
    return library.lexicon.understand(screened).intent


@pytest.mark.parametrize("said", OTHERS)
def test_another_language_is_noticed(library: Library, said: str) -> None:
    assert intent(library, said) is Intent.OTHER_LANGUAGE


def test_english_in_every_voice_is_hardly_ever_taken_for_another_language(library: Library) -> None:
    lines = [exemplar.text for voice in read_voices().values() for exemplar in voice[::8]]
    taken = [line for line in lines if intent(library, line) is Intent.OTHER_LANGUAGE]
    assert len(taken) < 0.005 * len(lines)


@pytest.mark.parametrize(
    "said",
    [
        "am I dying",
        "we broke up",
        "I miss her",
        "everyone hates me",
        "I give up",
        "daddy is shouting",
        "tell me a joke",
    ],
)
def test_a_few_plain_words_are_english(library: Library, said: str) -> None:
    assert intent(library, said) is not Intent.OTHER_LANGUAGE


def test_it_is_said_and_people_are_offered() -> None:
    settings = load_settings(settings_files(content_root() / "config.yaml"))
    room = Room(build_conversation(load_library(settings), settings, typed=False))
    room.says("mujhe bahut dar lag raha hai", at=12.0)
    room.run(until=40.0)
    assert room.support_shown
    assert any("only understand English" in words for words in room.words)


def answered(question: str, answer: str, **begins: str) -> Room:
    settings = load_settings(settings_files(content_root() / "config.yaml"))
    room = Room(build_conversation(load_library(settings), settings, typed=False, **begins))  # type: ignore[arg-type]
    room.answers(answer, to=question)
    return room.run(until=120.0)


@pytest.mark.parametrize("answer", ["lamp, curtain, teacup", "visa letter lost", "dentist appointment tomorrow"])
def test_a_few_words_that_name_something_are_an_answer_to_a_question(answer: str) -> None:
    room = answered("One hard thing today?", answer, check_in="evening")
    assert "That counts." in room.words and not room.support_shown


@pytest.mark.parametrize(
    "answer",
    [
        "mujhe bahut dar lag raha hai",
        "\u043c\u043d\u0435 \u043f\u043b\u043e\u0445\u043e \u0441\u0435\u0439\u0447\u0430\u0441",
    ],
)
def test_another_language_is_noticed_there_too(answer: str) -> None:
    room = answered("One hard thing today?", answer, check_in="evening")
    assert room.support_shown and any("only understand English" in words for words in room.words)

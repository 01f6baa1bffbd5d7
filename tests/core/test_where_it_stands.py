"""What a sitting does with words that fit no plan: it answers, once, and never turns them against the person."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.app.parts import build_conversation, load_library
from assistant.config import load_settings
from assistant.content.library import Library
from assistant.content.root import content_root
from assistant.core.commands import EndReason
from assistant.settings import Settings
from assistant.settings_files import settings_files
from assistant.testing.room import Room

GREETING = "what's happening?"


@pytest.fixture(scope="module")
def settings() -> Settings:
    return load_settings(settings_files(content_root() / "config.yaml"), {"country": "GB"})


@pytest.fixture(scope="module")
def library(settings: Settings) -> Library:
    return load_library(settings)


@pytest.fixture
def sitting(settings: Settings, library: Library) -> Callable[..., Room]:
    def begun(*answers: tuple[str | float, str], until: float = 300.0) -> Room:
        """What is said, each to some sentence or at some second."""
        room = Room(build_conversation(library, settings, typed=False))
        for when, said in answers:
            room.says(said, at=when) if isinstance(when, float) else room.answers(said, to=when)
        return room.run(until=until)

    return begun


PANICKING = (GREETING, "i'm panicking")


def test_who_drives_is_asked_to_stop_first_and_nothing_begins_before(sitting: Callable[..., Room]) -> None:
    driving = (GREETING, "i'm driving and i'm having a panic attack")
    waits = sitting(driving, until=100.0)
    assert waits.words[2:4] == [
        "If you're driving, please stop somewhere safe first.",
        "I'll wait. Say go on when the car stands still.",
    ]
    assert not any("floor" in words for words in waits.words)
    assert "Let your feet find the floor." in sitting(driving, ("car stands still", "okay, i've parked")).words


def test_in_the_middle_of_an_exercise_too(sitting: Callable[..., Room]) -> None:
    room = sitting(PANICKING, ("How strong is it", "i'm driving, i can't do that"), until=90.0)
    assert room.words[-1] == "I'll wait. Say go on when the car stands still."


@pytest.mark.parametrize("said", ["i'm not driving", "i'm driving myself mad", "work is driving me crazy"])
def test_who_does_not_drive_is_not(sitting: Callable[..., Room], said: str) -> None:
    assert not any("stop somewhere safe" in words for words in sitting((GREETING, said), until=60.0).words)


def test_for_the_body_the_number_said_again_is_the_emergency_number(sitting: Callable[..., Room]) -> None:
    room = sitting(
        (GREETING, "i think i'm having a heart attack"), ("Say again", "again"), ("nine nine", "what do i do")
    )
    assert sum("nine nine nine" in words for words in room.words) == 3
    assert not any("Samaritans" in words for words in room.words)


def test_support_does_not_read_out_the_number_to_every_word(sitting: Callable[..., Room]) -> None:
    room = sitting((GREETING, "i want to die"), ("Say again", "i don't want to call"), ("better than I can", "again"))
    assert sum("You can call Samaritans" in words for words in room.words) == 2  # with the support, and when asked


def test_is_it_safe_to_talk_no_is_silence(sitting: Callable[..., Room]) -> None:
    room = sitting((GREETING, "he hit me again"), (24.0, "no"), until=700.0)
    assert not any("helpline" in words.lower() or "the screen. Say again" in words for words in room.words)
    assert room.ended is EndReason.SUPPORT_GIVEN


def test_more_distress_over_the_first_sentence_brings_no_menu(sitting: Callable[..., Room]) -> None:
    room = sitting(PANICKING, (13.0, "it's really bad"), until=60.0)
    assert not any("first or second" in words for words in room.words)
    assert "Let your feet find the floor." in room.words


def test_the_close_does_not_leave_at_the_first_word_it_does_not_know(sitting: Callable[..., Room]) -> None:
    unclear = (PANICKING, ("How strong", "six"), ("from zero to ten", "five"), ("or stop here?", "the kettle is on"))
    room = sitting(*unclear, ("Something more", "i'm still scared"))
    assert sum("Let's find something steady" in words for words in room.words) == 2
    assert sitting(*unclear, ("Something more", "the kettle is on the stove")).ended is EndReason.ASKED


@pytest.mark.parametrize("quiet", ["stop", "wait"])
def test_silence_that_was_asked_for_ends_where_somebody_is_scared(sitting: Callable[..., Room], quiet: str) -> None:
    room = sitting(PANICKING, (18.0, quiet), (28.0, "i'm so scared"), until=60.0)
    assert sum("Let's find something steady" in words for words in room.words) == 2


def test_what_was_stopped_does_not_come_back_in_place_of_what_was_asked_for_next(sitting: Callable[..., Room]) -> None:
    room = sitting(PANICKING, (18.0, "stop"), (28.0, "i'm so angry"), (31.0, "go on"))
    assert room.words.count("Let your feet find the floor.") == 1
    assert "Whatever you were about to do, let it wait." in room.words


def test_each_number_is_held_against_the_last_one(sitting: Callable[..., Room]) -> None:
    first = (("How strong", "eight"), ("from zero to ten", "five"), ("or stop here?", "yes"))
    room = sitting(PANICKING, *first, (245.0, "seven"), until=600.0)
    assert [(record.before, record.after) for record in room.records] == [(8.0, 5.0), (5.0, 7.0)]
    assert room.words.count("That's lower than before.") == 1


def test_a_no_to_a_question_about_danger_leads_on_to_help(sitting: Callable[..., Room]) -> None:
    told = (GREETING, "i'm panicking and they'd be better off without me")
    room = sitting(told, ("on the screen", "no i would never"))
    assert "Let's find something steady together. Say stop at any time." in room.words


def test_somebody_to_be_with_is_an_answer(sitting: Callable[..., Room]) -> None:
    room = sitting(PANICKING, ("How strong", "six"), ("from zero to ten", "nine"), ("hear a number", "my sister"))
    assert "They can be with you in a way I can't." in room.words
    assert not any("Samaritans" in words for words in room.words)


def test_how_long_it_takes_is_told(sitting: Callable[..., Room]) -> None:
    assert any("a few minutes" in words for words in sitting((GREETING, "how long does this take"), until=60.0).words)
    room = sitting(PANICKING, (18.0, "how much longer"), until=60.0)
    assert "About two minutes are left. Stopping is fine at any time." in room.words


def test_are_you_there_is_answered(sitting: Callable[..., Room]) -> None:
    room = sitting(PANICKING, (18.0, "are you there"), until=60.0)
    assert "I'm here." in room.words and "Press down, gently." in room.words


UNCLEAR = (GREETING, "i'm not great today")


@pytest.mark.parametrize(
    ("said", "begins"),
    [
        ("two", "Look for five things you can see."),
        ("the senses", "Look for five things you can see."),
        ("one", "Let your feet find the floor."),
        ("neither", "Let your eyes lift, and look slowly around."),
    ],
)
def test_either_of_two_is_chosen_by_number_or_by_name_and_neither_is_another(
    sitting: Callable[..., Room], said: str, begins: str
) -> None:
    assert begins in sitting(UNCLEAR, ("first or second", said), until=60.0).words


def test_the_two_are_said_again(sitting: Callable[..., Room]) -> None:
    room = sitting(UNCLEAR, ("first or second", "say them again"), until=45.0)
    assert sum("first or second" in words for words in room.words) == 2


def test_words_after_a_stop_that_ask_for_nothing_are_answered_once(sitting: Callable[..., Room]) -> None:
    room = sitting(PANICKING, (18.0, "stop"), (28.0, "the kettle is on"), (40.0, "the kettle is still on"), until=80.0)
    assert room.words.count("Stopped. Say go on, something else, or goodbye.") == 2  # by itself, and to the first


def test_nothing_at_all_begins_with_somebody_who_drives(sitting: Callable[..., Room]) -> None:
    asked = ((24.0, "check in with me"), (30.0, "what is a panic attack"), (36.0, "untangle my thoughts"))
    room = sitting((GREETING, "i'm driving"), *asked, until=100.0)
    assert room.words[-1] == "I'll wait. Say go on when the car stands still."

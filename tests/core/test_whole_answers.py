"""After a whole answer, or a cough over the voice, a short silence is enough; whoever may go on is waited for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.app.parts import load_library
from assistant.config import load_settings
from assistant.content.library import Library
from assistant.content.root import content_root
from assistant.core.commands import EndTurn, StopPlayback
from assistant.core.conversation import Conversation
from assistant.core.events import PartialTranscript
from assistant.core.floor import TurnPolicy
from assistant.core.ids import AudioId
from assistant.core.session import Session
from assistant.core.understanding import Lexicon
from assistant.safety.screen import Screen
from assistant.safety.transcript import Trust
from assistant.settings_files import settings_files

from .stories import LEXICON, RULES, SUPPORT, a_conversation, a_repertoire
from .talk import Talk, heard

UNFINISHED = replace(LEXICON, unfinished=frozenset({"because", "like", "and"}))

TABLE = [
    ("yes", True), ("seven", True), ("stop", True), ("i'm panicking", True), ("again", True), ("no", True),
    ("um stop please", True),
    ("i'm panicking because", False), ("i feel like", False), ("my sister came to see me and", False),
    ("i was at the station and there were so many people", False), ("i don't want to", False),
]  # fmt: skip


@pytest.fixture(scope="module")
def shipped() -> Library:
    return load_library(load_settings(settings_files(content_root() / "config.yaml")))


def whole(lexicon: Lexicon, screen: Screen, words: str, trust: Trust = Trust.TRUSTED) -> bool:
    screened = screen.screen(heard(words, trust))
    return lexicon.whole(lexicon.understand(screened), screened)


@pytest.mark.parametrize(("words", "is_whole"), TABLE)
def test_a_whole_answer_is_a_command_a_number_or_what_is_happening(words: str, is_whole: bool) -> None:
    talk = Talk(Conversation(Session(a_repertoire(), SUPPORT), Screen(RULES), UNFINISHED))
    talk.voice_finishes()
    talk.starts()
    assert talk.pauses(words) == ([EndTurn(AudioId(1))] if is_whole else [])


@pytest.mark.parametrize(
    ("words", "is_whole"),
    [
        *TABLE, ("i feel numb", True), ("something else", True),
        ("i'm having a panic attack", False), ("my heart is racing", False),
        ("i'm having a panic attack and", False), ("i'm so worried about my", False), ("i can't", False),
        ("i'm", False), ("yes but", False), ("no because", False), ("i don't know", False),
        ("i'm panicking and i don't know what set it off this time", False),
    ],
)  # fmt: skip
def test_the_words_that_are_listened_for_make_whole_answers(shipped: Library, words: str, is_whole: bool) -> None:
    assert whole(shipped.lexicon, Screen(shipped.rules), words) is is_whole


@pytest.mark.parametrize("words", ["breathing", "goodbye", "seven", "no no", "i'm done", "yes please"])
def test_doubtful_words_may_be_the_half_of_others(shipped: Library, words: str) -> None:
    assert not whole(shipped.lexicon, Screen(shipped.rules), words, Trust.DOUBTFUL)


@pytest.mark.parametrize("words", ["yes", "no", "okay"])
def test_what_may_have_been_a_yes_or_a_no_is_not_kept_waiting(shipped: Library, words: str) -> None:
    assert whole(shipped.lexicon, Screen(shipped.rules), words, Trust.DOUBTFUL)


@pytest.mark.parametrize(("words", "trust"), [("six or seven i think", Trust.TRUSTED), ("seven", Trust.DOUBTFUL)])
def test_a_number_that_was_asked_for_is_a_whole_answer_and_what_may_have_been_one_is_asked_about_as_soon(
    talk: Talk, words: str, trust: Trust
) -> None:
    talk.in_an_exercise()
    while "rate.before" not in talk.words:
        talk.voice_finishes()
    talk.voice_finishes()
    talk.starts()
    assert talk.hears(PartialTranscript(heard(words, trust), AudioId(2))) == [EndTurn(AudioId(2))]


def test_words_of_no_turn_end_no_turn(talk: Talk) -> None:
    talk.starts()
    assert not any(isinstance(c, EndTurn) for c in talk.hears(PartialTranscript(heard("yes"), None)))


def test_a_cough_over_the_voice_is_not_waited_for_as_long_as_a_sentence(talk: Talk) -> None:
    talk.starts()
    talk.passes(0.5)
    assert talk.pauses("") == [EndTurn(AudioId(1))]


def test_a_sob_so_long_that_the_sentence_was_ended_is_waited_for_no_longer(talk: Talk) -> None:
    """The sentence begins anew, and soon: until now it came a second late."""
    talk.starts()
    assert any(isinstance(command, StopPlayback) for command in talk.passes(2.1))
    talk.passes(0.5)
    assert talk.pauses("") == [EndTurn(AudioId(1))]


def test_what_may_have_been_a_word_over_the_voice_is_waited_for_no_longer_than_a_cough(talk: Talk) -> None:
    talk.starts()
    talk.passes(0.5)
    assert talk.hears(PartialTranscript(heard("nothing of it", Trust.DOUBTFUL), AudioId(1))) == [EndTurn(AudioId(1))]


def test_who_has_been_making_sounds_for_longer_may_be_about_to_speak() -> None:
    talk = Talk(a_conversation(replace(TurnPolicy(), over_voice_seconds=10.0)))
    talk.starts()
    talk.passes(3.1)
    assert talk.pauses("") == []


def test_without_the_voice_a_sound_without_words_is_waited_for(talk: Talk) -> None:
    talk.voice_finishes()
    talk.starts()
    talk.passes(0.5)
    assert talk.pauses("") == [], "somebody who cries may be about to speak"


def test_who_spoke_at_length_and_was_not_understood_is_not_left_to_wait(talk: Talk) -> None:
    talk.voice_finishes()
    talk.says("", lasting=3.0)
    assert talk.words == ("choosing.unclear",)
    talk.voice_finishes()
    talk.says("", lasting=3.0)
    assert talk.words not in ((), ("choosing.unclear",)), "asked for again once, and then it goes on without"


def test_a_cough_is_no_answer(talk: Talk) -> None:
    talk.voice_finishes()
    asked = talk.words
    talk.says("", lasting=1.5)
    assert talk.words == asked

"""What people say instead of a command: it is understood; and what only sounds like one is left alone."""

from __future__ import annotations

import pytest

from assistant.content.library import load_lexicon
from assistant.content.root import content_root
from assistant.core.understanding import Intent, Lexicon
from assistant.safety.rules import Rules
from assistant.safety.screen import Screen
from assistant.safety.transcript import Transcript, Trust


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon(content_root(), "en")


def meant(lexicon: Lexicon, said: str) -> Intent | None:
    return lexicon.understand(Screen(Rules(())).screen(Transcript(said, Trust.TRUSTED, 1.0, "test"))).intent


@pytest.mark.parametrize(
    "said",
    [
        "I want to stop", "can we stop, please", "no, stop", "oh my god, stop", "shut the fuck up", "shh", "cancel",
        "never mind", "go away", "I don't want to do this", "okay, no exercise", "wait, stop", "louder, stop",
    ],
)  # fmt: skip
def test_a_stop_in_any_words_is_one(lexicon: Lexicon, said: str) -> None:
    assert meant(lexicon, said) is Intent.STOP


@pytest.mark.parametrize(
    "said",
    [
        "I can't stop", "I can't make it stop", "it won't go away", "my brain won't shut up", "they never stop",
        "the noise in my head doesn't stop", "I don't want to go to school tomorrow", "I had to cancel on my friends",
    ],
)  # fmt: skip
def test_what_ends_like_a_stop_and_tells_something_is_none(lexicon: Lexicon, said: str) -> None:
    assert meant(lexicon, said) is not Intent.STOP


@pytest.mark.parametrize("said", ["goodbye", "thanks, bye", "okay, bye then", "no thanks, goodbye", "I have to go now"])
def test_a_goodbye_ends_the_sitting(lexicon: Lexicon, said: str) -> None:
    assert meant(lexicon, said) in (Intent.GOODBYE, Intent.THANKS, Intent.NO)


@pytest.mark.parametrize(
    "said",
    [
        "goodbye world", "goodbye, I'm sorry", "goodbye everyone", "bye forever", "this is the end",
        "I need to go to hospital", "good night world", "quit my life",
        "I'm going to bed forever", "I have to go to work",
    ],
)  # fmt: skip
def test_a_farewell_or_an_errand_does_not(lexicon: Lexicon, said: str) -> None:
    assert meant(lexicon, said) is not Intent.GOODBYE


def test_somebody_who_is_missed_is_nobody_to_be_with(lexicon: Lexicon) -> None:
    assert meant(lexicon, "yes, my mum") is Intent.SOMEBODY
    assert meant(lexicon, "I miss my mum") is not Intent.SOMEBODY

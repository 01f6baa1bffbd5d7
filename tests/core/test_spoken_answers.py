"""What was said to a question becomes what would have been typed, or a wish; and nothing else becomes an answer."""

from __future__ import annotations

import pytest

from assistant.content.library import load_lexicon
from assistant.content.root import content_root
from assistant.content.setup_words import read_setup_words
from assistant.core.spoken_answers import Form, Wish, read_answer
from assistant.safety.rules import Rules
from assistant.safety.screen import Screen
from assistant.safety.transcript import Transcript, Trust

LEXICON = load_lexicon(content_root(), "en")
WORDS = read_setup_words(content_root(), "en", [])
NAMES = {"norway": "NO", "the uk": "GB", "new zealand": "NZ"}


def answered(said: str, form: Form, trust: Trust = Trust.TRUSTED) -> str | Wish:
    assert WORDS is not None
    screened = Screen(Rules((), frozenset(), ())).screen(Transcript(said, trust, 0.9, "test"))
    return read_answer(screened, form, NAMES, WORDS.answers, LEXICON)


@pytest.mark.parametrize(
    ("said", "form", "typed"),
    [
        ("Yes, please.", Form.YES_NO, "y"), ("no thanks", Form.YES_NO, "n"), ("yeah", Form.YES_NO, "y"),
        ("three", Form.NUMBERS, "3"), ("Three and five", Form.NUMBERS, "3 5"), ("number eleven", Form.NUMBERS, "11"),
        ("3, 5 and 12", Form.NUMBERS, "3 5 12"), ("twenty one", Form.NUMBER, "21"), ("pin 17", Form.NUMBER, "17"),
        ("none of it", Form.NUMBERS, "none"), ("nothing", Form.NUMBER, "none"), ("no", Form.NUMBERS, "none"),
        ("Norway", Form.NAME, "NO"), ("New Zealand.", Form.NAME, "NZ"), ("the UK", Form.NAME, "GB"),
        ("the usual one", Form.YES_NO, ""), ("keep it", Form.TYPED, ""),
    ],
)  # fmt: skip
def test_an_answer_becomes_what_would_have_been_typed(said: str, form: Form, typed: str) -> None:
    assert answered(said, form) == typed


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize(
    ("said", "wish"),
    [
        ("later", Wish.LATER), ("ask me later", Wish.LATER), ("skip", Wish.LATER), ("say that again", Wish.AGAIN),
        ("stop", Wish.QUIET), ("wait a moment", Wish.QUIET), ("goodbye", Wish.LEAVE), ("help", Wish.PEOPLE),
        ("who can I call", Wish.PEOPLE), ("my cat sat on the keyboard", Wish.UNCLEAR),
    ],
)  # fmt: skip
def test_a_wish_is_one_at_every_question(said: str, form: Form, wish: Wish) -> None:
    assert answered(said, form) == wish


@pytest.mark.parametrize(
    ("said", "form"),
    [
        ("three", Form.YES_NO), ("yes", Form.NAME), ("Narnia", Form.NAME), ("three people live here", Form.NUMBERS),
        ("three five", Form.NUMBER), ("minus one", Form.NUMBER), ("yes", Form.TYPED), ("Maya", Form.TYPED),
        ("three", Form.TYPED),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_no_answer(said: str, form: Form) -> None:
    assert answered(said, form) is Wish.UNCLEAR


def test_words_heard_badly_answer_nothing_but_a_stop_and_a_call_for_help_count() -> None:
    for said, form in (("yes", Form.YES_NO), ("three", Form.NUMBER), ("Norway", Form.NAME), ("later", Form.NAME)):
        assert answered(said, form, Trust.DOUBTFUL) is Wish.UNCLEAR
    assert answered("stop", Form.YES_NO, Trust.DOUBTFUL) is Wish.QUIET
    assert answered("help", Form.YES_NO, Trust.DOUBTFUL) is Wish.PEOPLE

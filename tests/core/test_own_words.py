"""The assistant does not answer itself; one or two of its words, and every word of danger, are somebody's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.core.commands import Speak, Unduck
from assistant.core.conversation import Conversation
from assistant.core.own_words import REMEMBERED_SECONDS, OwnWords
from assistant.core.session import Session
from assistant.core.timeline import Pause, Speech
from assistant.safety.screen import Screen

from .stories import LEXICON, RULES, SUPPORT, KeyedPhrases, a_repertoire
from .talk import Talk, heard


@pytest.mark.parametrize("echo", ["feet press one", "Feet press one!"])
def test_its_own_words_are_not_answered(talk: Talk, echo: str) -> None:
    talk.in_an_exercise()
    talk.passes(1.0)
    assert talk.says(echo) == [Unduck()]
    assert talk.conversation.scene == "exercise:feet"


def answers(words: str, *, said: str = "press again now i'm angry") -> bool:
    """Whether these words are answered, once the greeting has said others."""

    class Phrases(KeyedPhrases):
        def __getitem__(self, key: str) -> tuple[str, ...]:
            return (said,) if key == "greeting.hello" else super().__getitem__(key)

    session = Session(replace(a_repertoire(), phrases=Phrases()), SUPPORT)
    talk = Talk(Conversation(session, Screen(RULES), LEXICON))
    talk.voice_reaches(0)
    talk.voice_finishes()
    talk.passes(1.0)
    return any(isinstance(command, Speak) for command in talk.says(words))


@pytest.mark.parametrize(
    ("words", "answered"),
    [
        ("press again now i'm angry", False), ("now i'm angry", False), ("again now i'm angry", False),
        ("i'm angry", True), ("angry", True), ("press", True),
        ("now i'm so angry", True), ("now i'm angry too", True), ("i'm angry now", True),
    ],
)  # fmt: skip
def test_only_a_stretch_of_three_of_its_own_words_is_its_own(words: str, answered: bool) -> None:
    assert answers(words) is answered


def test_its_own_words_are_its_own_for_a_while() -> None:
    lasts = "now i'm angry"
    own = OwnWords()
    screened = Screen(RULES).screen(heard(lasts))
    own.said([Speech("press again now i'm angry"), Pause(3.0)], 0.0)
    assert own.echoed(screened, REMEMBERED_SECONDS - 1.0)
    assert not own.echoed(screened, REMEMBERED_SECONDS + 1.0)
    own.said([Speech("a lamp")], 30.0)
    assert not own.echoed(screened, 30.0)


def test_an_echo_of_two_sentences_is_an_echo() -> None:
    own = OwnWords()
    own.said([Speech("Press down, gently.")], 0.0)
    own.said([Speech("And ease off.")], 3.0)
    assert own.echoed(Screen(RULES).screen(heard("gently and ease")), 4.0)


@pytest.mark.parametrize("words", ["do you want to die", "there is no point in living"])
def test_what_the_screen_takes_for_a_signal_is_never_taken_for_an_echo(words: str) -> None:
    assert answers(words, said=f"{words} tonight")

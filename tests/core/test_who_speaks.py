"""Whoever asks, anywhere, is told that this is a program; and every three hours it says so by itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.content.library import load_lexicon
from assistant.content.root import content_root
from assistant.core.events import StopRequested
from assistant.core.scenes.scene import ToCard
from assistant.core.scenes.suggestion import Suggestion
from assistant.core.scenes.waiting import Waiting
from assistant.core.tellings import SAID_BY
from assistant.core.trusted import TrustedPerson
from assistant.core.understanding import Intent
from assistant.safety.rules import Rules
from assistant.safety.screen import Screen
from assistant.safety.transcript import Transcript, Trust

from .stories import a_conversation, with_cards_and_flows
from .talk import Talk

MAYA = TrustedPerson("Maya", "07700 900123", "please ring", reachable=True)


def sitting(**options: object) -> Talk:
    talk = Talk(a_conversation(trusted=MAYA, **options))  # type: ignore[arg-type]
    with_cards_and_flows(talk.conversation)
    talk.conversation.session.remembers = True
    return talk


def greeted() -> Talk:
    talk = sitting()
    talk.voice_finishes()
    return talk


def in_an_exercise() -> Talk:
    return sitting().in_an_exercise()


def told(*turns: str, start: Callable[[], Talk] = in_an_exercise, spoken_to_the_end: bool = True) -> Callable[[], Talk]:
    """`start`, then each of these said; the last answer heard to its end, or cut by what comes next."""

    def story() -> Talk:
        talk = start()
        for turn in turns:
            talk.says(turn)
            if spoken_to_the_end and talk.speaks is not None:
                talk.voice_finishes()
        return talk

    return story


def asked_for_a_number() -> Talk:
    talk = in_an_exercise()
    talk.voice_finishes()
    talk.voice_finishes()
    assert talk.conversation.listening
    return talk


def closing() -> Talk:
    talk = told("worse", "four")()
    assert talk.conversation.scene == "closing"
    return talk


def stopped() -> Talk:
    talk = in_an_exercise()
    talk.hears(StopRequested("key"))
    return talk


def suggested() -> Talk:
    talk = greeted()
    search = talk.conversation.session.repertoire.cards
    assert search is not None
    talk.conversation._enter(Suggestion(ToCard(search.cards[0])), talk.now)
    talk._note(talk.conversation._taken())
    talk.voice_finishes()
    return talk


def waiting() -> Talk:
    return sitting(opening=Waiting())


PLACES: dict[str, Callable[[], Talk]] = {
    "greeting": greeted,
    "choosing": told("something or other", start=greeted),
    "suggestion": suggested,
    "exercise, speaking": in_an_exercise,
    "exercise, number": asked_for_a_number,
    "exercise, question": told("four", start=asked_for_a_number),
    "worse": told("worse"),
    "closing": closing,
    "stopped": stopped,
    "paused": told("pause"),
    "check-in": told("check in"),
    "check-in, offer": told("check in", "nine"),
    "forgetting": told("forget today"),
    "message": told("send message"),
    "message, sent": told("send message", "yes"),
    "their number": told("their number"),
    "card": told("what is tea", start=greeted, spoken_to_the_end=False),
    "concern": told("no point in living"),
    "interrupt": told("i want to die"),
    "interrupt, message asked": told("i want to die", "send message"),
    "waiting": waiting,
    "flow": told("think with me", start=greeted),
}


def heard_next(talk: Talk) -> list[str]:
    """The words of what is said now, and of what follows it by itself."""
    words: list[str] = []
    for _ in range(3):
        words += talk.words
        if talk.speaks is None:
            break
        talk.voice_finishes()
    return words


@pytest.mark.parametrize("place", PLACES)
def test_whoever_asks_what_it_is_is_told_so_wherever_that_is(place: str) -> None:
    talk = PLACES[place]()
    talk.says("who are you")
    words = heard_next(talk)
    assert set(words) & set(SAID_BY), f"in {talk.conversation.scene}: {words}"


def test_who_is_worse_and_asks_for_help_is_given_it_aloud_and_may_still_say_a_number() -> None:
    talk = told("worse")()
    talk.says("help")
    assert "support.asked" in talk.words
    talk.voice_finishes()
    assert talk.conversation.scene == "worse" and talk.conversation.listening
    talk.says("four")
    assert talk.conversation.session.after == 4.0


@pytest.mark.parametrize(
    "words",
    ["who are you", "am I talking to a robot?", "are you a real person", "is this an AI", "are you a bot",
     "are you even real?", "am I talking to a human", "is this a recording", "what am I talking to",
     "who am I speaking to", "are you human", "is there a person there", "are you actually a person",
     "are you a person or a machine", "do you have feelings"],
)  # fmt: skip
def test_however_it_is_asked(words: str) -> None:
    heard = Screen(Rules(())).screen(Transcript(words, Trust.TRUSTED, 1.0, "typed"))
    assert load_lexicon(content_root(), "en").understand(heard).intent is Intent.WHO_ARE_YOU

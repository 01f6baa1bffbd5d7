"""`grounding learn`: a typed question through the screen, and then to the card that answers it, or to people."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.app.parts import latch_path, load_library
from assistant.content.cards import cited, read_card
from assistant.content.exercises import read_references
from assistant.content.library import Library
from assistant.content.models import Reference
from assistant.core.card_search import CardSearch, Wording
from assistant.core.cards import Card
from assistant.core.commands import Latch, Speak
from assistant.core.events import Event
from assistant.core.ids import UtteranceId
from assistant.core.timeline import Pause, Segment, Speech, Timeline
from assistant.faults import Fault
from assistant.runtime.latch import LatchFile
from assistant.safety.interrupt import Near, compose_interrupt, compose_return, compose_support
from assistant.safety.screen import Screen, ScreenedText
from assistant.safety.support import Support
from assistant.safety.transcript import Transcript, Trust
from assistant.safety.verdict import Kind, Level
from assistant.settings import Settings
from assistant.understanding.learned import LearnedScreen

PASSAGE_GAP = 1.3
"""Seconds between thoughts: 1.2 to 1.6 in narration that calms (content.md, section 2)."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What is answered. `said`: sentences, people before cards. `support`: people to reach, where they come first."""

    level: Level
    kind: Kind | None
    said: tuple[str, ...]
    card: Card | None = None
    """Read out."""
    named: Card | None = None
    """Named and not read: the question gave a faint sign of danger, and people come first."""
    support: Support | None = None
    sources: tuple[Reference, ...] = ()
    """What the card cites."""
    signed: bool = False
    """Whether a clinician has signed the card."""
    notices: tuple[str, ...] = ()


def card_screen(library: Library, search: CardSearch) -> Screen:
    """The screen of every conversation. Titles of cards are plain requests: the rules alone judge these."""
    return Screen(library.rules, [LearnedScreen()], library.lexicon.plain | frozenset(search.named))


def learn(question: str, settings: Settings) -> Learned:
    """Screen the words, then answer."""
    library = load_library(settings)
    search = library.repertoire.cards or CardSearch((), Wording())
    screened = card_screen(library, search).screen(Transcript(question, Trust.TRUSTED, 1.0, "typed"))
    told: list[str] = []
    latch = LatchFile(latch_path(), time.time, lambda event: told.append(_sentence(event, library)))
    if screened.verdict.level is Level.HARD:
        latch.command(Latch(), 0.0, "")
    answer = answer_screened(screened, search, library, settings.trusted_person.name, reopened=latch.is_set())
    told += [notice.text for notice in library.notices]
    faults: list[Fault] = []
    sourced = _with_sources(answer, library, faults)
    return replace(sourced, notices=(*told, *map(str, faults)))


def _with_sources(answer: Learned, library: Library, faults: list[Fault]) -> Learned:
    """What its card rests on, from the files: a conversation holds none of that."""
    root, language = library.root, library.repertoire.language
    source = read_card(root, language, answer.card.id, faults) if answer.card is not None else None
    if source is None:
        return answer
    sources = cited(source, read_references(root, language, faults))
    return replace(answer, sources=sources, signed=source.written.review.status == "clinician")


def answer_screened(
    question: ScreenedText, search: CardSearch, library: Library, trusted: str | None, *, reopened: bool = False
) -> Learned:
    """A hard signal is given people and no card; a faint one people first, and the name of the card that may fit.
    `reopened`: support was given a short while ago, so that it comes first once more.
    """
    phrases, verdict = library.repertoire.phrases, question.verdict
    if verdict.level is Level.HARD:
        kind = verdict.kind or Kind.OVERWHELM
        said = _one_way(compose_interrupt(kind, library.support, phrases, Near(trusted or "")), library)
        return Learned(verdict.level, kind, said, support=library.support.for_kind(kind))
    card = search.answer(question)
    if verdict.level is Level.SOFT:
        people = (*phrases["learning.people_first"], *compose_support(library.support, phrases))
        after = phrases["learning.nothing_fits"] if card is None else phrases["learning.may_fit"]
        support = library.support.for_kind(verdict.kind)
        return Learned(verdict.level, verdict.kind, (*people, *after), named=card, support=support)
    said = tuple(phrases["learning.nothing_fits"]) if card is None else (*card.text, card.sure)
    if reopened:
        first = _one_way(compose_return(library.support, phrases), library)
        return Learned(verdict.level, None, (*first, *said), card=card, support=library.support.for_kind(None))
    return Learned(verdict.level, None, said, card=card)


def _one_way(said: tuple[str, ...], library: Library) -> tuple[str, ...]:
    """Without what asks for a reply or offers to stay: a command ends when it has answered."""
    phrases = library.repertoire.phrases
    replies = {*phrases["interrupt.barrier"], *phrases["interrupt.stay"]}
    return tuple(line for line in said if line not in replies)


def told_simpler(learned: Learned, settings: Settings) -> tuple[str, ...]:
    """The card that was read out, once more in simpler words from its own text; none where no model could, or may.

    Raises UsageError where no language model is set up.
    """
    from assistant.app.outside import simpler_card

    return simpler_card(learned.card, settings) if learned.card is not None and learned.level is Level.NONE else ()


def read_learned(learned: Learned, speaker: str | None, settings: Settings) -> None:
    """What is answered, aloud."""
    from assistant.app.files import read_aloud

    speak = Speak(UtteranceId(1), Timeline(tuple(_segments(learned.said))))
    read_aloud(load_library(settings), settings, speak, speaker)


def _segments(said: tuple[str, ...]) -> Iterator[Segment]:
    for index, line in enumerate(said):
        if index:
            yield Pause(PASSAGE_GAP)
        yield Speech(line)


def _sentence(event: Event, library: Library) -> str:
    code = getattr(event, "code", "something-broke")
    return " ".join(library.repertoire.phrases.get(f"failures.{code}", (code,)))

"""`grounding learn`: a typed question through the screen, and then to the card that answers it, or to people."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.app.places import latch_path
from assistant.app.screens import build_learned, screen_of
from assistant.content.cards import cited, read_card
from assistant.content.exercises import read_references
from assistant.content.library import (
    Notice,
    known_language,
    load_cards,
    load_flows,
    load_lexicon,
    load_phrases,
    rules_noting,
    support_noting,
)
from assistant.content.models import Reference
from assistant.content.root import content_root
from assistant.core.card_search import CardSearch, Wording
from assistant.core.cards import Card
from assistant.core.commands import Latch, Speak
from assistant.core.events import Event
from assistant.core.flows import Flow, FlowWording
from assistant.core.ids import UtteranceId
from assistant.core.timeline import Pause, Segment, Speech, Timeline
from assistant.core.understanding import Intent, Lexicon
from assistant.faults import Fault
from assistant.runtime.latch import LatchFile
from assistant.safety.interrupt import Near, compose_interrupt, compose_return, compose_support
from assistant.safety.rules import Rules
from assistant.safety.screen import RiskEstimator, Screen, ScreenedText
from assistant.safety.support import Support
from assistant.safety.transcript import Transcript, Trust
from assistant.safety.verdict import Kind, Level
from assistant.safety.words import normalise
from assistant.settings import Settings

PASSAGE_GAP = 1.3
"""Seconds between thoughts: 1.2 to 1.6 in narration that calms (content.md, section 2)."""
PLEAS = (Intent.HELP, Intent.WORSE, Intent.WHO_CAN_I_CALL)


@dataclass(frozen=True, slots=True)
class Learned:
    """What is answered. `said`: sentences, people before cards. `support`: people to reach, where they come first."""

    level: Level
    kind: Kind | None
    said: tuple[str, ...]
    card: Card | None = None
    """Read out."""
    named: Card | None = None
    """Named and not read: the question gave a faint sign of danger, or told of distress now, and people come first."""
    support: Support | None = None
    sources: tuple[Reference, ...] = ()
    """What the card cites."""
    signed: bool = False
    """Whether a clinician has signed the card."""
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shelf:
    """Of the content only what a question needs: a conversation reads exercises, too."""

    root: Path
    language: str
    search: CardSearch
    rules: Rules
    lexicon: Lexicon
    phrases: Mapping[str, tuple[str, ...]]
    support: Support
    flows: Mapping[str, Flow]
    flow_wording: FlowWording | None
    notices: tuple[str, ...] = ()

    @classmethod
    def load(cls, root: Path, language: str, country: str) -> Shelf:
        """Raises UsageError for a language there is none of, ContentError where nothing could be said."""
        known_language(root, language)
        notices: list[Notice] = []
        faults: list[Fault] = []
        flows, flow_wording = load_flows(root, language, faults)
        shelf = cls(
            root,
            language,
            load_cards(root, language, faults) or CardSearch((), Wording()),
            rules_noting(root, language, notices),
            load_lexicon(root, language),
            load_phrases(root, language).lines,
            support_noting(root, country, notices),
            flows,
            flow_wording,
        )
        return replace(shelf, notices=(*(notice.text for notice in notices), *map(str, faults)))

    def screen(self, learned: RiskEstimator) -> Screen:
        """That of every conversation."""
        return screen_of(self.rules, self.lexicon, self.search, self.flows, learned)

    def is_about_now(self, question: ScreenedText) -> bool:
        """Whether it is no question about a thing: distress at this moment, or a plea for reassurance or help. A
        conversation reads no card then, and neither does a command.
        """
        if tuple(normalise(question.text)) in self.search.named:
            return False
        if self.flow_wording is not None and self.flow_wording.tells("now", question.text):
            return True
        intent = self.lexicon.understand(question).intent
        return intent is Intent.REASSURE or (intent in PLEAS and not self.search.wording.asks(question.text))

    def speaks_of(self, card: Card, question: ScreenedText) -> bool:
        """Whether it is about a state that is named: a word in common is too little for "am i dying"."""
        return not set(self.lexicon.understand(question).states).isdisjoint(card.states)


def learn(question: str, settings: Settings) -> Learned:
    """Screen the words, then answer."""
    shelf = Shelf.load(content_root(), settings.language, settings.country)
    told: list[str] = []
    screened, reopened = _screened(question, shelf, told)
    answer = answer_screened(screened, shelf, settings.trusted_person.name, reopened=reopened)
    faults: list[Fault] = []
    sourced = _with_sources(answer, shelf, faults)
    return replace(sourced, notices=(*told, *shelf.notices, *map(str, faults)))


def people_first(words: str, shelf: Shelf, settings: Settings) -> Learned | None:
    """People to reach, where the screen hears danger in words that ask nothing, such as those of a note."""
    told: list[str] = []
    screened, _ = _screened(words, shelf, told)
    verdict = screened.verdict
    if verdict.level is Level.NONE:
        return None
    if verdict.level is Level.HARD:
        answer = answer_screened(screened, shelf, settings.trusted_person.name)
    else:
        said = (*shelf.phrases["learning.people_first"], *compose_support(shelf.support, shelf.phrases))
        answer = Learned(verdict.level, verdict.kind, said, support=shelf.support.for_kind(verdict.kind))
    return replace(answer, notices=(*told, *shelf.notices))


def _screened(typed: str, shelf: Shelf, told: list[str]) -> tuple[ScreenedText, bool]:
    """The words, and whether support was given a short while ago. After a hard signal the next sitting knows of it."""
    screened = shelf.screen(build_learned()).screen(Transcript(typed, Trust.TRUSTED, 1.0, "typed"))
    latch = LatchFile(latch_path(), time.time, lambda event: told.append(_sentence(event, shelf)))
    if screened.verdict.level is Level.HARD:
        latch.command(Latch(), 0.0, "")
    return screened, latch.is_set()


def _with_sources(answer: Learned, shelf: Shelf, faults: list[Fault]) -> Learned:
    """What its card rests on, from the files: a conversation holds none of that."""
    source = read_card(shelf.root, shelf.language, answer.card.id, faults) if answer.card is not None else None
    if source is None:
        return answer
    sources = cited(source, read_references(shelf.root, shelf.language, faults))
    return replace(answer, sources=sources, signed=source.written.review.status == "clinician")


def answer_screened(question: ScreenedText, shelf: Shelf, trusted: str | None, *, reopened: bool = False) -> Learned:
    """A hard signal is given people and no card; a faint one, and distress now, people first, and the name of the card
    that may fit.
    `reopened`: support was given a short while ago, so that it comes first once more.
    """
    phrases, support, verdict = shelf.phrases, shelf.support, question.verdict
    if verdict.level is Level.HARD:
        kind = verdict.kind or Kind.OVERWHELM
        said = _one_way(compose_interrupt(kind, support, phrases, Near(trusted or "")), phrases)
        return Learned(verdict.level, kind, said, support=support.for_kind(kind))
    card = shelf.search.answer(question)
    if verdict.level is Level.SOFT:
        people = (*phrases["learning.people_first"], *compose_support(support, phrases))
        after = phrases["learning.nothing_fits"] if card is None else phrases["learning.may_fit"]
        return Learned(
            verdict.level, verdict.kind, (*people, *after), named=card, support=support.for_kind(verdict.kind)
        )
    if shelf.is_about_now(question):
        card = card if card is not None and shelf.speaks_of(card, question) else None
        after = () if card is None else phrases["learning.may_fit"]
        people = (*phrases["learning.now"], *compose_support(support, phrases), *after)
        return Learned(verdict.level, None, people, named=card, support=support.for_kind(None))
    said = tuple(phrases["learning.nothing_fits"]) if card is None else (*card.text, card.sure)
    if reopened:
        first = _one_way(compose_return(support, phrases), phrases)
        return Learned(verdict.level, None, (*first, *said), card=card, support=support.for_kind(None))
    return Learned(verdict.level, None, said, card=card)


def _one_way(said: tuple[str, ...], phrases: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Without what asks for a reply or offers to stay: a command ends when it has answered."""
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
    from assistant.app.parts import load_library

    speak = Speak(UtteranceId(1), Timeline(tuple(_segments(learned.said))))
    read_aloud(load_library(settings), settings, speak, speaker)


def _segments(said: tuple[str, ...]) -> Iterator[Segment]:
    for index, line in enumerate(said):
        if index:
            yield Pause(PASSAGE_GAP)
        yield Speech(line)


def _sentence(event: Event, shelf: Shelf) -> str:
    code = getattr(event, "code", "something-broke")
    return " ".join(shelf.phrases.get(f"failures.{code}", (code,)))

"""Which card answers a question: by the words they share, those that few cards have counting most (BM25 over stems and
pairs of stems). Pure and deterministic.

Words that no card knows count against all, and questions known to lie elsewhere stand beside the cards as one more.
Where nothing fits it says so: a wrong card is worse than none.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from assistant.core.cards import Card
from assistant.safety.rules import compile_pattern
from assistant.safety.screen import ScreenedText
from assistant.safety.verdict import Level
from assistant.safety.words import normalise

FITS = 0.28
"""The share of a question that a card must speak of. This and the weights below: `python -m benchmarks.card_search`."""
IN_WORDS, IN_TITLE, IN_QUESTION, IN_TEXT = 4.0, 2.0, 1.0, 0.5
"""What a term weighs by where it stands in a card."""
PAIR = 0.1
"""What two neighbouring terms weigh against one."""
ENOUGH = 2.0
"""Of a term's weight in a card, where more of it adds half as much as it did (k of BM25)."""
UNKNOWN = 1.25
"""How much more than the rarest known term one weighs that no card has."""
RARITY = 1.5
"""Exponent of a term's rarity."""
COMMONEST = 0.05
"""What the rarity of a term that every card has is taken for."""
LEAST = 3.0
"""Weight that a whole question has at least, so that two common words are no good reason."""
SHORTEST_STEM = 3
ELSEWHERE = ""
"""Stands for all questions that no card answers."""


@dataclass(frozen=True)
class Wording:
    """How a language is read: words that say nothing, words that count as one, endings and their stead."""

    skip: frozenset[str] = frozenset()
    same: Mapping[str, str] = field(default_factory=dict)
    endings: tuple[tuple[str, str], ...] = ()
    asking: tuple[str, ...] = ()
    """Patterns, as in safety.yaml: how a question about a thing begins."""
    helping: tuple[str, ...] = ()
    """Patterns of what sounds like such a question and asks for help now."""

    def asks(self, text: str) -> bool:
        """Whether somebody wants to know something, and not to be helped with it first."""
        said = " ".join(normalise(text)) + " "
        begins = any(compile_pattern(pattern).match(said) for pattern in self.asking)
        return begins and not any(compile_pattern(pattern).search(said) for pattern in self.helping)

    def stems(self, text: str) -> list[str]:
        """Comparable words, in order."""
        return [self._stem(word) for word in normalise(text) if word not in self.skip]

    def _stem(self, word: str) -> str:
        word = word.replace("'", "")
        if (known := self.same.get(word)) is not None:
            return known
        for ending, instead in self.endings:
            if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
                return word[: len(word) - len(ending)] + instead
        return word


@dataclass(frozen=True, slots=True)
class Found:
    """A card, and how much of the question it speaks of, from 0 to 1. None: it lies elsewhere."""

    card: Card | None
    fit: float


@dataclass(frozen=True)
class CardSearch:
    """The cards of one language. `elsewhere`: questions that none of them answers."""

    cards: Sequence[Card]
    wording: Wording
    elsewhere: tuple[str, ...] = ()

    def answer(self, question: ScreenedText) -> Card | None:
        """The card that fits, or None. Words that sound like danger are never answered by a card (law 4)."""
        if question.verdict.level is Level.HARD:
            return None
        if (known := self._listed.get(tuple(normalise(question.text)))) is not None:
            return known
        best = next(iter(self.ranked(question)), None)
        return best.card if best is not None and best.fit >= FITS else None

    @cached_property
    def named(self) -> Mapping[tuple[str, ...], Card]:
        """Cards by their id and by their title, as words."""
        return {tuple(normalise(name)): card for card in self.cards for name in (card.id, card.title)}

    @cached_property
    def _listed(self) -> Mapping[tuple[str, ...], Card]:
        asked = {tuple(normalise(question)): card for card in self.cards for question in card.questions}
        return {**asked, **self.named}

    def ranked(self, question: ScreenedText) -> list[Found]:
        """All that shares a word with the question, the fittest first."""
        asked = {term: share * self._rarity(term) for term, share in self._terms(question.text)}
        whole = max(sum(weight for weight in asked.values()), LEAST)
        by_id: dict[str, Card | None] = {card.id: card for card in self.cards}
        fits: list[tuple[float, str]] = []
        for name, known in self._known.items():
            fit = sum(weight * _enough(known.get(term, 0.0)) for term, weight in asked.items()) / whole
            if fit > 0:
                fits.append((-fit, name))
        return [Found(by_id.get(name), -fit) for fit, name in sorted(fits)]

    def _terms(self, text: str) -> Iterator[tuple[str, float]]:
        """Stems once each, and pairs of neighbours that some card has."""
        stems = self.wording.stems(text)
        yield from ((stem, 1.0) for stem in dict.fromkeys(stems))
        pairs = dict.fromkeys(pairwise(stems))
        yield from ((" ".join(pair), PAIR) for pair in pairs if " ".join(pair) in self._spread)

    @cached_property
    def _known(self) -> Mapping[str, dict[str, float]]:
        """By card: each term's weight in it."""
        by_id = sorted(self.cards, key=lambda card: card.id)  # so that sums do not depend on the order of the cards
        known = {card.id: self._weigh(_parts(card)) for card in by_id}
        return known | {ELSEWHERE: self._weigh((text, IN_QUESTION) for text in self.elsewhere)}

    def _weigh(self, parts: Iterable[tuple[str, float]]) -> dict[str, float]:
        weights: dict[str, float] = {}
        for text, weight in parts:
            stems = self.wording.stems(text)
            for term in dict.fromkeys([*stems, *(" ".join(pair) for pair in pairwise(stems))]):
                weights[term] = weights.get(term, 0.0) + weight
        return weights

    @cached_property
    def _spread(self) -> Mapping[str, float]:
        """How many cards have a term, counting less where it is hardly there."""
        spread: dict[str, float] = {}
        for known in self._known.values():
            for term, weight in known.items():
                spread[term] = spread.get(term, 0.0) + _enough(weight)
        return spread

    def _rarity(self, term: str) -> float:
        most = len(self._known) + 1
        spread = self._spread.get(term)
        rarity = math.log(most / 0.5) * UNKNOWN if spread is None else math.log(most / (spread + 0.5))
        return math.pow(max(rarity, COMMONEST), RARITY)


def _parts(card: Card) -> Iterator[tuple[str, float]]:
    yield card.title, IN_TITLE
    yield from ((line, IN_TEXT) for line in card.text)
    yield from ((words, IN_WORDS) for words in card.words)
    yield from ((question, IN_QUESTION) for question in card.questions)


def _enough(weight: float) -> float:
    return weight / (weight + ENOUGH)

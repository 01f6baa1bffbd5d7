"""The output guard: what a language model writes passes here before a word of it is said, shown or kept, and only this
makes a `GuardedSentence`.

It trusts no model. A sentence is let through when the safety screen hears nothing in it, when it has nothing that a
list of scripts/<lang>/model.yaml forbids, and when it is made of words that are known: everyday ones, and those of what
it speaks about. So it does not matter what a server or the person's own words talked the model into.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from assistant.core.card_search import Wording
from assistant.core.cards import Card
from assistant.core.reading import grade_of
from assistant.safety.rules import compile_pattern
from assistant.safety.screen import Screen, ScreenedText
from assistant.safety.verdict import Level
from assistant.safety.words import normalise

REFLECTION_WORDS = 18
"""One breath: more is a speech, and the exercise waits."""
CARD_WORDS = 14
"""As in every sentence of the content (PMC3318988)."""
GRADE = 8.0
"""School years of one sentence. What patients are given is best at six (AMA, NIH); one sentence alone swings by two."""
_PLAIN = re.compile(r"[A-Za-z][A-Za-z ,;'-]*[.]")
"""Letters and the signs of one statement. No question either: the program's own are enough, and two silences end them.
No digit, so that no help line can be made up; no sign that a link, a list or mark-up is made of."""
_STOPS = re.compile(r"[.,;:!?]")
_ENDS = re.compile(r"(?<=[.!?])\s+")

_SEAL: Final = object()


@dataclass(frozen=True, slots=True)
class GuardedSentence:
    """A model's sentence that may be said. Only `Guard` can make one."""

    text: str
    seal: object

    def __post_init__(self) -> None:
        if self.seal is not _SEAL:
            raise TypeError("only the output guard makes a GuardedSentence")

    def __repr__(self) -> str:
        # Law 9: it speaks of what the person said.
        return f"GuardedSentence({len(self.text.split())} words)"


@dataclass(frozen=True, slots=True)
class Refused:
    """Not said. `reason`: a key of `GuardWords.why`."""

    reason: str


@dataclass(frozen=True)
class GuardWords:
    """The lists of one language."""

    openings: tuple[str, ...]
    """Patterns, one of which a reflection begins with: it guesses, and states nothing."""
    plain: frozenset[str]
    """Words without a subject of their own: "it", "sounds", "right now"."""
    feelings: frozenset[str]
    """How things may be: heavy, loud, a lot."""
    everyday: frozenset[str]
    """What a card may be put into, beside its own words."""
    own: frozenset[str]
    """Words of somebody who speaks for themselves, and asks for something: only their own message may have them."""
    asks: frozenset[str]
    """What somebody may ask of another: in their own message, where they said it."""
    not_own: tuple[str, ...]
    """Patterns of what nobody says of themselves: "you need", "it sounds like"."""
    joints: frozenset[str]
    """Words between two clauses."""
    negators: frozenset[str]
    banned: Mapping[str, tuple[str, ...]]
    """Kind of statement -> patterns."""
    why: Mapping[str, str]
    """What the model is told of each refusal, once."""


@dataclass(frozen=True)
class Guard:
    """`screen`: the conversation's own. `wording`: which words count as one."""

    words: GuardWords
    wording: Wording
    screen: Screen = field(repr=False)

    def reflection(self, text: str, said: ScreenedText) -> GuardedSentence | Refused:
        """One sentence about what was said just now, in the person's own words and plain ones."""
        sentence = _tidied(text)
        reason = self._form(sentence, REFLECTION_WORDS) or self._meaning(sentence)
        if reason is None and not any(self._begins(pattern, sentence) for pattern in self.words.openings):
            reason = "opening"
        if reason is None:
            reason = self._grounded(sentence, [said.text], self._frame)
        return Refused(reason) if reason is not None else GuardedSentence(sentence, _SEAL)

    def simpler(self, text: str, card: Card) -> GuardedSentence | Refused:
        """One sentence of a card told more simply, from the card's own text."""
        sentence = _tidied(text)
        told = [line for passage in card.text for line in _ENDS.split(passage)]
        reason = self._form(sentence, CARD_WORDS) or self._meaning(sentence)
        reason = reason or self._grounded(sentence, told, self._frame | self._stems(self.words.everyday))
        return Refused(reason) if reason is not None else GuardedSentence(sentence, _SEAL)

    def own_words(self, text: str, said: ScreenedText) -> GuardedSentence | Refused:
        """One sentence in the person's own voice, made of what they said: no word that is neither theirs nor plain."""
        sentence = _tidied(text)
        theirs = self.words.own | self.words.asks.intersection(normalise(said.text))
        reason = self._form(sentence, REFLECTION_WORDS) or self._meaning(sentence, theirs)
        if reason is None and any(compile_pattern(one).search(_joined(sentence)) for one in self.words.not_own):
            reason = "voice"
        reason = reason or self._put_together(sentence, said.text)
        return Refused(reason) if reason is not None else GuardedSentence(sentence, _SEAL)

    # What may be wrong ------------------------------------------------------------------------------------------------

    def _form(self, sentence: str, most_words: int) -> str | None:
        words = normalise(sentence)
        if not words:
            return "empty"
        if len(words) > most_words:
            return "long"
        if _PLAIN.fullmatch(sentence) is None:
            return "form"
        return "hard" if grade_of([words]) > GRADE else None

    def _meaning(self, sentence: str, allowed: frozenset[str] = frozenset()) -> str | None:
        """A kind of statement that is never made, or words that the screen would stop at if a person said them.

        `allowed`: words that count for none of the kinds.
        """
        said = " ".join(word for word in normalise(sentence) if word not in allowed) + " "
        for kind, patterns in self.words.banned.items():
            if any(compile_pattern(pattern).search(said) for pattern in patterns):
                return kind
        return "screen" if self.screen.judge(sentence).level is not Level.NONE else None

    def _grounded(self, sentence: str, sources: Sequence[str], known: frozenset[str]) -> str | None:
        """Made of known words; about a source, and not its opposite."""
        stems = frozenset(self.wording.stems(sentence))
        spoken = [frozenset(self.wording.stems(source)) for source in sources]
        if not stems <= known.union(*spoken):
            return "words"
        about = stems - self._stems(self.words.plain)
        shared = [len(about & source) for source in spoken]
        if not max(shared, default=0):
            return "subject"
        nearest = [source for source, count in zip(sources, shared, strict=True) if count == max(shared)]
        if self._denies(sentence) not in {self._denies(source) for source in nearest}:
            return "opposite"
        return None

    def _put_together(self, sentence: str, told: str) -> str | None:
        """Each clause is about one of theirs, and denies what that one denies."""
        known = self._stems(self.words.plain | self.words.own)
        if not frozenset(self.wording.stems(sentence)) <= known.union(self.wording.stems(told)):
            return "words"
        sources = self._clauses(told)
        spoken = [frozenset(self.wording.stems(source)) - known for source in sources]
        subjects = 0
        for clause in self._clauses(sentence):
            about = frozenset(self.wording.stems(clause)) - known
            subjects += len(about)
            most = max((len(about & source) for source in spoken), default=0)
            nearest = [one for one, words in zip(sources, spoken, strict=True) if most and len(about & words) == most]
            agreeing = [one for one in nearest if self._denies(one) == self._denies(clause)]
            if not agreeing and (about or self._denies(clause)):
                return "opposite"
            if len(agreeing) < len(nearest) and clause.split()[0] not in {one.split()[0] for one in agreeing}:
                return "opposite"  # both were said: what was asked for is no fact
        return None if subjects else "subject"

    def _clauses(self, text: str) -> list[str]:
        """Between stops, commas, and the words that join."""
        clauses: list[list[str]] = []
        for part in _STOPS.split(text):
            clauses.append([])
            for word in normalise(part):
                if word in self.words.joints:
                    clauses.append([])
                clauses[-1].append(word)
        return [" ".join(clause) for clause in clauses if clause]

    @cached_property
    def _frame(self) -> frozenset[str]:
        return self._stems(self.words.plain | self.words.feelings)

    def _stems(self, words: Iterable[str]) -> frozenset[str]:
        return frozenset(stem for word in words for stem in self.wording.stems(word))

    def _denies(self, text: str) -> bool:
        return not self.words.negators.isdisjoint(normalise(text))

    @staticmethod
    def _begins(pattern: str, sentence: str) -> bool:
        return compile_pattern(pattern).match(_joined(sentence)) is not None


def _tidied(text: str) -> str:
    """Without the quotation marks that models put round what they say, and with plain apostrophes."""
    return " ".join(text.replace("\u2019", "'").split()).strip('"\u201c\u201d ')


def _joined(text: str) -> str:
    return " ".join(normalise(text)) + " "

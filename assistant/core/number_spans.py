"""Where numbers stand in what was said, and what each is worth: words, digits, scales, halves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

TOP = 10.0
SCALES = (5.0, 10.0, 20.0, 100.0)
"""What a number may be out of."""
_DIGITS = re.compile(r"(\d+(?:[.,]\d+)?)(?:ish)?")
_WRITTEN = (
    (re.compile("\u00bd"), " and a half "),
    (re.compile("%"), " percent "),
    (re.compile(r"(?<=\d):00\b"), " "),
    (re.compile(r"(?<=\d)\s*/\s*(?=(?:5|10|20|100)\b)"), " out of "),
)
"""What is written and not said, as it is said."""


@dataclass(frozen=True)
class NumberWords:
    """How numbers are said in a language. Keys and phrases may be several words long; all are normalised."""

    words: Mapping[str, float]
    """Surely a number, wherever it stands."""
    alone: Mapping[str, float] = field(default_factory=dict)
    """A number only where nothing is said beside it but `around`: "one", "nothing", "to" as a recogniser writes two."""
    halves: frozenset[str] = frozenset({"and a half"})
    point: frozenset[str] = frozenset({"point"})
    percent: frozenset[str] = frozenset({"percent"})
    out_of: frozenset[str] = frozenset({"out of", "of"})
    joiners: frozenset[str] = frozenset({"or", "to"})
    """Between the two ends of a range."""
    both: Mapping[str, str] = field(default_factory=dict)
    """What joins only after another word: "and", after "between"."""
    articles: frozenset[str] = frozenset({"a", "an"})
    """May stand between a number and what denies it."""
    around: frozenset[str] = frozenset()
    negators: frozenset[str] = frozenset({"not"})
    above: frozenset[str] = frozenset({"more than"})
    earlier: frozenset[str] = frozenset({"was"})
    now: frozenset[str] = frozenset({"now"})
    change: frozenset[str] = frozenset({"from"})
    """Before the first of two numbers: not a range, but where it came from."""
    others: frozenset[str] = frozenset()
    """People whose number it is then, unless one of `mine` stands nearer."""
    mine: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    """After it: hours, pills, people. It counts those."""
    named: frozenset[str] = frozenset()
    """Before it: a room, a bus."""
    idioms: frozenset[str] = frozenset()
    """Hold the sound of a number and mean none: "for now"."""
    same: frozenset[str] = frozenset()
    higher: frozenset[str] = frozenset()
    lower: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()

    @cached_property
    def values(self) -> Mapping[str, tuple[float, bool]]:
        """Phrase -> its value, and whether it is surely a number."""
        return {word: (value, False) for word, value in self.alone.items()} | {
            word: (value, True) for word, value in self.words.items()
        }

    @cached_property
    def longest(self) -> int:
        """Words in the longest phrase."""
        return max((len(phrase.split()) for phrase in self.values), default=1)


@dataclass(frozen=True, slots=True)
class Span:
    """A number in words[start:end]. `sure`: it is one wherever it stands."""

    start: int
    end: int
    value: float
    sure: bool


def as_said(text: str) -> str:
    """Signs that would be lost with the punctuation, in words."""
    for sign, words in _WRITTEN:
        text = sign.sub(words, text)
    return text


def number_spans(words: Sequence[str], numbers: NumberWords) -> list[Span]:
    """The numbers in `words`, in order: "three and a half out of five" is one, of seven; "one to ten" is none."""
    spans = _joined(words, list(_found(words, numbers)))
    spans = _scaled(words, _with_fractions(words, spans, numbers), numbers)
    return [span for span in spans if not _counts_something(words, span, numbers)]


def phrase_at(words: Sequence[str], at: int, phrases: frozenset[str]) -> int:
    """How many words of the longest of `phrases` stand at a place; 0: none does."""
    fits = (len(parts) for phrase in phrases if words[at : at + len(parts := phrase.split())] == parts)
    return max(fits, default=0)


def _found(words: Sequence[str], numbers: NumberWords) -> Iterator[Span]:
    at = 0
    while at < len(words):
        span = _span_at(words, at, numbers)
        if span is not None:
            yield span
        at = span.end if span is not None else at + 1


def _span_at(words: Sequence[str], at: int, numbers: NumberWords) -> Span | None:
    for length in range(min(numbers.longest, len(words) - at), 0, -1):
        found = numbers.values.get(" ".join(words[at : at + length]))
        if found is None:
            continue
        value, sure = found
        unit = numbers.values.get(words[at + length]) if at + length < len(words) else None
        if 20 <= value < 100 and unit is not None and unit[1] and 0 < unit[0] < 10:
            return Span(at, at + length + 1, value + unit[0], sure=True)
        return Span(at, at + length, value, sure)
    digits = _DIGITS.fullmatch(words[at])
    return Span(at, at + 1, float(digits[1].replace(",", ".")), sure=True) if digits else None


def _joined(words: Sequence[str], spans: list[Span]) -> list[Span]:
    """ "Six to seven", also where it was written "six two seven": the second is no number."""
    kept: list[Span] = []
    for index, span in enumerate(spans):
        between = 0 < index < len(spans) - 1 and kept and kept[-1].end == span.start == spans[index + 1].start - 1
        if between and span.value == 2:
            first, last = kept[-1].value, spans[index + 1].value
            if not span.sure or last == first + 1 or (first <= 1 and last == TOP):
                continue
        kept.append(span)
    return kept


def _with_fractions(words: Sequence[str], spans: list[Span], numbers: NumberWords) -> list[Span]:
    kept: list[Span] = []
    for span in spans:
        if kept and kept[-1].end == span.start - 1 and words[span.start - 1] in numbers.point and span.value < TOP:
            kept[-1] = replace(kept[-1], end=span.end, value=kept[-1].value + span.value / 10.0)
        elif not (kept and span.start < kept[-1].end):
            half = phrase_at(words, span.end, numbers.halves)
            kept.append(replace(span, end=span.end + half, value=span.value + 0.5) if half else span)
    return kept


def _scaled(words: Sequence[str], spans: list[Span], numbers: NumberWords) -> list[Span]:
    """Each on the scale from zero to ten; the scale itself ("from one to ten", "out of ten") is no answer."""
    kept: list[Span] = []
    for span in spans:
        before = kept[-1] if kept else None
        between = words[before.end : span.start] if before is not None else []
        if percent := phrase_at(words, span.end, numbers.percent):
            kept.append(replace(span, end=span.end + percent, value=span.value / 10.0, sure=True))
        elif before is None:
            kept.append(span)
        elif before.value <= 1 and span.value in (TOP, 100.0) and between and set(between) <= numbers.joiners:
            kept.pop()
        elif span.value in SCALES and " ".join(_bare(between, numbers)) in numbers.out_of:
            kept[-1] = Span(before.start, span.end, before.value * TOP / span.value, sure=True)
        elif span.value == TOP and not between and before.value < TOP - 1:
            kept[-1] = replace(before, end=span.end)
        else:
            kept.append(span)
    return kept


def _bare(words: Sequence[str], numbers: NumberWords) -> list[str]:
    return [word for word in words if word not in numbers.articles]


def _counts_something(words: Sequence[str], span: Span, numbers: NumberWords) -> bool:
    starts = range(max(span.start - 3, 0), span.start)
    return bool(phrase_at(words, span.end, numbers.units)) or any(
        phrase_at(words, at, numbers.named) == span.start - at for at in starts
    )

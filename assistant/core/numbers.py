"""Zero to ten in the ways people say it. A personal thermometer: never a score, never compared between people.

How often this is right: `python -m benchmarks.numbers_said`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum

from assistant.core.number_spans import TOP, NumberWords, Span, as_said, number_spans, phrase_at
from assistant.safety.words import normalise

SHORT = 8
"""Words. In more than these "the same" is about something else."""
AFTER = 3
"""Words after a number that may say when it was."""


class Against(StrEnum):
    """The number now, set against the one before."""

    SAME = "same"
    HIGHER = "higher"
    LOWER = "lower"


@dataclass(frozen=True, slots=True)
class Reading:
    """What was made of the answer. All empty: it was none."""

    number: float | None = None
    against: Against | None = None
    refused: bool = False


def read_number(text: str, numbers: NumberWords) -> Reading:
    """The number meant, 0 to 10; or how it stands to the one before; or that none will be given.

    Of a range ("six or seven") the upper counts: doubt escalates. Of a change ("was nine, now five") the one now, of a
    correction the last. "Not ten" is not ten. Anything beyond the scale is ten. Another person's number is not theirs,
    and "for" is four only where nothing else is said.
    """
    words = _without(normalise(as_said(text)), numbers.idioms)
    number = _meant(words, numbers)
    if number is not None:
        return Reading(number=number)
    if len(words) <= SHORT:
        for against, phrases in (
            (Against.SAME, numbers.same),
            (Against.HIGHER, numbers.higher),
            (Against.LOWER, numbers.lower),
        ):
            if _says(words, phrases, numbers):
                return Reading(against=against)
    return Reading(refused=_says(words, numbers.refused, numbers))


class _When(Enum):
    EARLIER = 0
    UNSAID = 1
    NOW = 2


def _meant(words: Sequence[str], numbers: NumberWords) -> float | None:
    spans = number_spans(words, numbers)
    inside = {at for span in spans for at in range(span.start, span.end)}
    nothing_else = all(at in inside or _is_around(word, numbers) for at, word in enumerate(words))
    theirs = [
        span
        for index, span in enumerate(spans)
        if (span.sure or nothing_else)
        and not _denied(words, span, numbers)
        and not _of_another(words, spans[index - 1].end if index else 0, span, numbers)
    ]
    if not theirs:
        return None
    when = [_when(words, theirs, index, numbers) for index in range(len(theirs))]
    last = max(index for index, said in enumerate(when) if said == max(when, key=lambda known: known.value))
    value = _raised(words, theirs[last], numbers)
    while last and _ranges(words, theirs[last - 1], theirs[last], numbers):
        last -= 1
        value = max(value, _raised(words, theirs[last], numbers))
    return min(value, TOP)


def _is_around(word: str, numbers: NumberWords) -> bool:
    return word in numbers.around or word in numbers.articles or word in numbers.joiners


def _before(words: Sequence[str], span: Span, numbers: NumberWords) -> int:
    """The place before a number and the articles that belong to it; -1: there is none."""
    at = span.start - 1
    while at >= 0 and words[at] in numbers.articles:
        at -= 1
    return at


def _denied(words: Sequence[str], span: Span, numbers: NumberWords) -> bool:
    at = _before(words, span, numbers)
    return at >= 0 and words[at] in numbers.negators


def _of_another(words: Sequence[str], since: int, span: Span, numbers: NumberWords) -> bool:
    whose = [word for word in words[since : span.start] if word in numbers.others or word in numbers.mine]
    return bool(whose) and whose[-1] in numbers.others


def _raised(words: Sequence[str], span: Span, numbers: NumberWords) -> float:
    """ "More than seven" is eight at least; "no more than seven" is seven at most."""
    at = _before(words, span, numbers)
    for phrase in numbers.above:
        length = len(phrase.split())
        start = at + 1 - length
        if start >= 0 and phrase_at(words, start, frozenset({phrase})):
            bounded = start > 0 and (words[start - 1] in numbers.negators or words[start - 1] == "no")
            return span.value if bounded else span.value + 1.0
    return span.value


def _when(words: Sequence[str], spans: Sequence[Span], index: int, numbers: NumberWords) -> _When:
    span = spans[index]
    since = spans[index - 1].end if index else 0
    until = min(spans[index + 1].start if index + 1 < len(spans) else len(words), span.end + AFTER)
    before, after = _marks(words[since : span.start], numbers), _marks(words[span.end : until], numbers)
    if not before and span.start > since and words[span.start - 1] in numbers.change:
        return _When.EARLIER
    if before and _When.NOW not in after[:1]:
        return before[-1]
    return after[0] if after else _When.UNSAID


def _marks(words: Sequence[str], numbers: NumberWords) -> list[_When]:
    """Words that say when, in order."""
    marks = []
    for at in range(len(words)):
        if phrase_at(words, at, numbers.now):
            marks.append(_When.NOW)
        elif phrase_at(words, at, numbers.earlier):
            marks.append(_When.EARLIER)
    return marks


def _ranges(words: Sequence[str], first: Span, last: Span, numbers: NumberWords) -> bool:
    """Whether two numbers are the ends of one range: "six or seven", "six seven", "between six and nine"."""
    origin = _before(words, first, numbers)
    if origin >= 0 and words[origin] in numbers.change:
        return False
    between = words[first.end : last.start]
    if not between:
        return 0 < last.value - first.value <= 1
    joins = [word for word in between if word not in numbers.articles]
    return bool(joins) and all(
        word in numbers.joiners or numbers.both.get(word) in words[: first.start] for word in joins
    )


def _says(words: Sequence[str], phrases: frozenset[str], numbers: NumberWords) -> bool:
    """Several words count wherever they stand; a single one only where nothing else is said."""
    found = [(at, length) for at in range(len(words)) if (length := phrase_at(words, at, phrases))]
    if any(length > 1 for _, length in found):
        return True
    places = {at for at, _ in found}
    return bool(places) and all(at in places or _is_around(word, numbers) for at, word in enumerate(words))


def _without(words: Sequence[str], idioms: frozenset[str]) -> list[str]:
    kept: list[str] = []
    at = 0
    while at < len(words):
        length = phrase_at(words, at, idioms)
        if not length:
            kept.append(words[at])
        at += length or 1
    return kept

"""An answer that was said, as it would have been typed; or what else was wanted of the question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from assistant.core.understanding import Intent, Lexicon
from assistant.safety.screen import ScreenedText
from assistant.safety.words import normalise

LONGEST_NUMBER = 2
"""Words: "twenty one"."""


class Form(StrEnum):
    """What can be said to a question. TYPED: no answer; only that it be left, or repeated."""

    YES_NO = "yes_no"
    NUMBER = "number"
    NUMBERS = "numbers"
    NAME = "name"
    TYPED = "typed"


class Wish(StrEnum):
    """What was wanted instead of an answer. PEOPLE: a call for help. UNCLEAR: nothing that fits."""

    AGAIN = "again"
    QUIET = "quiet"
    LATER = "later"
    LEAVE = "leave"
    PEOPLE = "people"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class AnswerWords:
    """Whole answers, normalised. `around`: single words beside a number. `numbers`: as they are said."""

    later: frozenset[str]
    usual: frozenset[str]
    none: frozenset[str]
    leave: frozenset[str]
    around: frozenset[str]
    numbers: Mapping[str, int]


_WISHES = {
    Intent.AGAIN: Wish.AGAIN,
    Intent.STOP: Wish.QUIET,
    Intent.PAUSE: Wish.QUIET,
    Intent.SKIP: Wish.LATER,
    Intent.HELP: Wish.PEOPLE,
    Intent.WHO_CAN_I_CALL: Wish.PEOPLE,
    Intent.GOODBYE: Wish.LEAVE,
    Intent.HIDE: Wish.LEAVE,
}
_IN_DOUBT = (Wish.QUIET, Wish.PEOPLE)
"""Obeyed even when it was heard badly (law 5)."""


def read_answer(
    screened: ScreenedText, form: Form, names: Mapping[str, str], words: AnswerWords, lexicon: Lexicon
) -> str | Wish:
    """`names`: what may be chosen by name, normalised, and what would be typed for it. An empty text is the usual
    answer, as Enter is.
    """
    said = normalise(screened.text)
    whole = " ".join(said)
    intent = lexicon.understand(screened).intent
    wish = _WISHES.get(intent) if intent is not None else None
    if wish in _IN_DOUBT:
        return wish
    if not screened.trusted:
        return Wish.UNCLEAR
    for phrases, meant in ((words.later, Wish.LATER), (words.leave, Wish.LEAVE)):
        if whole in phrases:
            return meant
    if whole in words.usual:
        return ""
    if (answer := _fitting(said, form, names, words, lexicon, intent)) is not None:
        return answer
    return wish or Wish.UNCLEAR


def _fitting(
    said: list[str],
    form: Form,
    names: Mapping[str, str],
    words: AnswerWords,
    lexicon: Lexicon,
    intent: Intent | None,
) -> str | None:
    match form:
        case Form.YES_NO if intent in (Intent.YES, Intent.NO):
            return "y" if intent is Intent.YES else "n"
        case Form.NUMBER | Form.NUMBERS:
            if " ".join(said) in words.none or intent is Intent.NO:
                return "none"
            numbers = spoken_numbers(said, words, lexicon)
            fits = len(numbers) == 1 or (numbers and form is Form.NUMBERS)
            return " ".join(map(str, numbers)) if fits else None
        case Form.NAME:
            kept = [word for word in said if word not in lexicon.fillers]
            return names.get(" ".join(said)) or names.get(" ".join(kept))
        case _:
            return None


def spoken_numbers(said: list[str], words: AnswerWords, lexicon: Lexicon) -> list[int]:
    """Those in it, in order; none where anything else was said as well."""
    found: list[int] = []
    rest = said
    while rest:
        for length in range(min(LONGEST_NUMBER, len(rest)), 0, -1):
            phrase = " ".join(rest[:length])
            value = int(phrase) if phrase.isdecimal() and phrase.isascii() else words.numbers.get(phrase)
            if value is not None:
                found.append(value)
                rest = rest[length:]
                break
        else:
            if rest[0] not in words.around and rest[0] not in lexicon.fillers:
                return []
            rest = rest[1:]
    return found

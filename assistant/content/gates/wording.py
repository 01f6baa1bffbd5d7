"""How a sentence may be worded. Numbers and lists: content.md, sections 2 and 6."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from statistics import mean

LONGEST_SENTENCE = 14
"""Words. Under 15, active and everyday, took texts from grade 10 to grade 5 (PMC3318988)."""
MEAN_SENTENCE = 9.0
"""Words, over all sentences of an exercise."""
PERMISSIONS_A_MINUTE = 2
"""More "you can" than this sounds mechanical."""

_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_UNSPEAKABLE = re.compile(r"[0-9/\\()\[\]<>*_#|&@%+=~^\u2026]|\.\.\.")
_PLACEHOLDER = re.compile(r"\{\w+\}")

BANNED = {
    "en": {
        "deep breath": "first-time users over-breathe; say 'a small, quiet breath'",
        "breathe deeply": "first-time users over-breathe; say 'small and quiet'",
        "breathe deep": "first-time users over-breathe; say 'small and quiet'",
        "you are safe": "this cannot be known; name what is here instead",
        "you're safe": "this cannot be known; name what is here instead",
        "safe here": "this cannot be known; name what is here instead",
        "safe place": "this cannot be known, and a place can turn; say 'a pleasant place'",
        "safe space": "this cannot be known, and a place can turn; say 'a pleasant place'",
        "should": "invite: say what to do, or 'you can'",
        "relaxed": "it cannot be done on demand; name one action",
        "relax": "it cannot be done on demand; name one action",
        "close your eyes": "eyes stay the person's own; say 'eyes open or resting'",
        "calm down": "it dismisses; name one action",
        "don't worry": "it dismisses; name one action",
        "be strong": "it dismisses; name one action",
        "clear your mind": "it cannot be done on demand; name one action",
        "empty your mind": "it cannot be done on demand; name one action",
        "you must": "invite: say what to do, or 'you can'",
        "you have to": "invite: say what to do, or 'you can'",
        "you need to": "invite: say what to do, or 'you can'",
        "hold still": "it may have been said by somebody who did harm; say where to rest",
        "keep still": "it may have been said by somebody who did harm; say where to rest",
        "lie still": "it may have been said by somebody who did harm; say where to rest",
        "don't move": "it may have been said by somebody who did harm; say where to rest",
        "give in": "it may have been said by somebody who did harm; name one action",
        "surrender": "it may have been said by somebody who did harm; name one action",
        "trust me": "it may have been said by somebody who did harm; leave it out",
        "just breathe": "it dismisses, and breath is not for everyone; name one action",
        "hold your breath": "breath is never held here",
        "take a breath": "people take a deep one; say 'a small, quiet breath'",
        "nothing will happen": "this is a promise",
        "will pass": "this is a promise; say what many people find",
        "will be okay": "this is a promise",
        "will be fine": "this is a promise",
        "will be all right": "this is a promise",
        "everything is fine": "this cannot be known",
        "i promise": "this is a promise",
        "guarantee": "this is a promise",
        "will help you": "say 'may help a little'",
        "will feel better": "this is a promise; say 'may'",
        "cure": "this is a claim nothing here supports",
        "proven": "this is a claim nothing here supports",
        "always here for you": "a program is no company; point to a person",
        "good job": "praise for obedience; go on instead",
        "proud of you": "praise for use; go on instead",
        "keep it up": "praise for use; go on instead",
        "great job": "praise for obedience; go on instead",
        "your streak": "nobody is counted here",
        "day streak": "nobody is counted here",
        "missed you": "a program is no company; point to a person",
        "see you tomorrow": "a program is no company; point to a person",
        "come back tomorrow": "nobody is called back; point to a person",
        "come back soon": "nobody is called back; point to a person",
        "well done": "praise for obedience; go on instead",
        "why do you": "why-questions lead inward; ask what is here",
        "why are you": "why-questions lead inward; ask what is here",
        "what happened to you": "memory questions lead back; ask what is here",
        "remember a time": "memory questions lead back; ask what is here",
        "disorder": "no diagnosis",
        "symptom": "no diagnosis",
    }
}
"""Per language: phrase -> why not, and what instead. A language without a list is checked for its form alone."""

_PERMISSIONS = {
    "en": re.compile(
        r"\b(you (can|may)|if you (like|want|wish|prefer)|(there is|there's)? ?no need|(it's|it is|that's|that is) "
        r"(okay|ok|fine|all right) to|feel free|(don't|do not) have to)\b",
        re.IGNORECASE,
    )
}


def sentences(lines: Iterable[str]) -> list[str]:
    """The sentences of what is said."""
    return [sentence for line in lines for sentence in _SENTENCE.split(line.strip()) if sentence]


def words(text: str) -> list[str]:
    """The words of a sentence as they are said; a placeholder is one word."""
    return _WORD.findall(_PLACEHOLDER.sub("word", text))


def wording_problems(line: str, language: str) -> Iterator[tuple[str, str]]:
    """What is wrong with one spoken line, as (what, mend)."""
    for sentence in sentences([line]):
        count = len(words(sentence))
        if count > LONGEST_SENTENCE:
            yield f"a sentence has {count} words", f"keep it to {LONGEST_SENTENCE}, one action each"
    if (found := _UNSPEAKABLE.search(_PLACEHOLDER.sub("", line))) is not None:
        yield f"{found[0]!r} cannot be said", "write it as words; a rest is a step or a gap"
    for phrase, why in BANNED.get(language, {}).items():
        if re.search(rf"\b{re.escape(phrase)}\b", line.replace("\u2019", "'"), re.IGNORECASE):
            yield f"{phrase!r} is not said here", why


def mean_sentence(lines: Iterable[str]) -> float:
    """Mean words a sentence; zero for no lines."""
    counts = [len(words(sentence)) for sentence in sentences(lines)]
    return mean(counts) if counts else 0.0


def permissions(lines: Iterable[str], language: str) -> int:
    """How often a permission is given."""
    pattern = _PERMISSIONS.get(language)
    return sum(len(pattern.findall(line)) for line in lines) if pattern else 0

"""The gate every card passes: short, plain, sourced, no diagnosis and no order; and found by one question only."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from assistant.content.cards import CardSource, WordingSource
from assistant.content.gates.reading import GRADE, grade
from assistant.content.gates.wording import MEAN_SENTENCE, mean_sentence, sentences, wording_problems, words
from assistant.core.understanding import State
from assistant.faults import Fault, Severity
from assistant.safety.rules import Rules
from assistant.safety.verdict import Level
from assistant.safety.words import normalise
from assistant.yaml_marks import Place

MOST_WORDS = 120
"""In the text of a card: under a minute of speech (content.md, section 5)."""
PASSAGE_SENTENCES = 2
"""One claim has at most two sentences."""
SURE_WORDS = 30
"""As for exercises: it is said aloud on "are you sure?"."""
FEWEST_QUESTIONS = 10
"""Wordings a card, so that it is found by the way people talk and not by its title."""

_NONE = "no diagnosis"
_BANNED = {
    "en": {
        r"you (have|suffer from) (an? )?(anxiety|panic|depression|trauma|phobia)": _NONE,
        r"(ptsd|adhd|ocd|bipolar|borderline|autis\w+|schizo\w+|psychos\w+|psychotic|depressi\w+|narciss\w+)": _NONE,
        r"you are (an? )?(anxious|avoidant|secure|disorgani[sz]ed|addict\w*|needy|clingy)": "no label: say it",
        r"you (must|have to|need to|ought to|had better)": "invite: say what to do, or 'you can'",
        r"(don't worry|stop worrying|cheer up|just breathe)": "it dismisses; name one action",
        r"(always|never) (works|helps|fails)": "this cannot be known; say how often it was found",
        r"deep(ly|er)? breath\w*": "first-time users over-breathe; say 'small and quiet'",
    }
}
"""Per language: pattern -> why not, and what instead; besides what no sentence here may say."""


def card_faults(
    source: CardSource, references: Collection[str], exercises: Collection[str], rules: Rules | None
) -> Iterator[Fault]:
    """Everything that is wrong with one card. `references`: the keys of refs.yaml. `exercises`: ids there are.
    `rules`: the screen's, where they can be read.
    """
    marked, written = source.marked, source.written
    yield from _said(source)
    if (count := sum(len(words(line)) for line in written.text)) > MOST_WORDS:
        yield marked.fault(("text",), f"it has {count} words", f"keep it to {MOST_WORDS}")
    if (average := mean_sentence(written.text)) > MEAN_SENTENCE:
        yield marked.fault(("text",), f"sentences average {average:.1f} words", f"keep them to {MEAN_SENTENCE:g}")
    if written.lang == "en" and (level := grade(written.text)) > GRADE:
        yield marked.fault(("text",), f"it reads at grade {level:.1f}", f"use shorter words, to grade {GRADE:g}")
    for index, passage in enumerate(written.text):
        if (count := len(sentences([passage]))) > PASSAGE_SENTENCES:
            mend = f"keep one claim in {PASSAGE_SENTENCES}; begin another passage"
            yield marked.fault(("text", index), f"a passage has {count} sentences", mend)
    if (count := len(words(written.sure))) > SURE_WORDS:
        yield marked.fault(("sure",), f"it is said aloud and has {count} words", f"keep it to {SURE_WORDS}")
    for index, name in enumerate(written.refs):
        if name not in references:
            yield marked.fault(("refs", index), f"{name} is not in refs.yaml", "add it there, or correct it")
    if written.certainty == "solid" and not written.refs:
        yield marked.fault(("certainty",), "it is called solid without a reference", "add one, or write mixed")
    if written.exercise is not None and written.exercise not in exercises:
        yield marked.fault(("exercise",), f"there is no exercise {written.exercise}", "name one there is, or none")
    if (count := len(set(written.questions))) < FEWEST_QUESTIONS:
        mend = f"write {FEWEST_QUESTIONS}, as people ask by voice"
        yield marked.fault(("questions",), f"it is asked for in {count} ways", mend)
    for index, question in enumerate(written.questions):
        if rules is not None and rules.judge(question).level is Level.HARD:
            mend = "take it out: the screen gives people to reach instead, and no card"
            yield marked.fault(("questions", index), "this sounds like danger", mend)


def shelf_faults(cards: Mapping[str, CardSource], wording: WordingSource | None) -> Iterator[Fault]:
    """What holds between cards: each question is one card's, and each state has a card."""
    asked: dict[tuple[str, ...], str] = {}
    for name, source in cards.items():
        for index, question in enumerate(source.written.questions):
            other = asked.setdefault(tuple(normalise(question)), name)
            if other != name or index != _first(source.written.questions, question):
                whose = "twice here" if other == name else f"{other} too"
                mend = "keep it where it fits best"
                yield source.marked.fault(("questions", index), f"{question!r} is asked of {whose}", mend)
    if wording is not None:
        for index, question in enumerate(wording.written.elsewhere):
            if (other := asked.get(tuple(normalise(question)), "")) != "":
                what = f"{question!r} has an answer: {other}"
                yield wording.marked.fault(("elsewhere", index), what, "take it out in one of them")
        yield from _groups(wording)
    if cards:
        first = next(iter(cards.values()))
        told = {state for source in cards.values() for state in source.card.states}
        for state in State:
            if state not in told:
                fault = first.marked.fault(("states",), f"no card is about {state.value}", "write one, or add it here")
                yield replace(fault, severity=Severity.WARNING)


def _groups(wording: WordingSource) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for index, group in enumerate(wording.written.same):
        for word in group:
            if seen.setdefault(word, index) != index:
                what = f"{word!r} stands in two groups"
                yield wording.marked.fault(("same", index), what, "keep it in one")


def _first(questions: tuple[str, ...], question: str) -> int:
    return next(i for i, other in enumerate(questions) if normalise(other) == normalise(question))


def _said(source: CardSource) -> Iterator[Fault]:
    written = source.written
    lines: list[tuple[Place, str]] = [(("title",), written.title), (("sure",), written.sure)]
    lines += [(("text", index), line) for index, line in enumerate(written.text)]
    for place, line in lines:
        for what, mend in wording_problems(line, written.lang):
            yield source.marked.fault(place, what, mend)
        for pattern, why in _BANNED.get(written.lang, {}).items():
            if (found := re.search(rf"\b{pattern}\b", line.replace("\u2019", "'"), re.IGNORECASE)) is not None:
                yield source.marked.fault(place, f"{found[0]!r} is not said here", why)

"""The shapes of understanding.yaml and safety.yaml, for `listening`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from assistant.content.models import Words, with_words
from assistant.content.patterns import Pattern
from assistant.content.strict import Line, Strict
from assistant.core.states import State
from assistant.core.understanding import Intent
from assistant.safety.verdict import Kind


def _weighted(entry: Any) -> tuple[str, float]:
    """`phrase`, which weighs 1, or `phrase: weight`."""
    if isinstance(entry, str):
        return with_words(entry), 1.0
    if isinstance(entry, dict) and len(entry) == 1:
        ((phrase, weight),) = entry.items()
        if isinstance(weight, int | float) and not isinstance(weight, bool) and weight > 0:
            return with_words(phrase), float(weight)
    raise ValueError("this is neither a phrase nor a phrase with a weight; write 'phrase' or 'phrase: 0.5'")


def _with_a_number(text: str) -> str:
    try:
        text.format(number="six", next="seven")
    except (LookupError, ValueError):
        raise ValueError("this may hold {number}, and {next} for the one after it, and no other braces") from None
    return text


Values = dict[Words, Annotated[float, Field(ge=0)]]


class Numbers(Strict):
    """The ways a number from zero to ten is said and misheard; what each group does is told in core/number_spans.py."""

    words: Annotated[Values, Field(min_length=1)]
    alone: Values = Field({})
    sounds: Values = Field({})
    rare: Values = Field({})
    rare_alone: Values = Field({})
    halves: tuple[Words, ...] = ()
    point: tuple[Words, ...] = ()
    percent: tuple[Words, ...] = ()
    out_of: tuple[Words, ...] = ()
    joiners: tuple[Words, ...] = ()
    both: dict[Words, Words] = Field({})
    articles: tuple[Words, ...] = ()
    around: tuple[Words, ...] = ()
    negators: tuple[Words, ...] = ()
    above: tuple[Words, ...] = ()
    earlier: tuple[Words, ...] = ()
    now: tuple[Words, ...] = ()
    change: tuple[Words, ...] = ()
    others: tuple[Words, ...] = ()
    mine: tuple[Words, ...] = ()
    units: tuple[Words, ...] = ()
    named: tuple[Words, ...] = ()
    idioms: tuple[Words, ...] = ()
    same: tuple[Words, ...] = ()
    higher: tuple[Words, ...] = ()
    lower: tuple[Words, ...] = ()
    refused: tuple[Words, ...] = ()


class Understanding(Strict):
    """scripts/<lang>/understanding.yaml."""

    commands: dict[Intent, Annotated[tuple[Words, ...], Field(min_length=1)]]
    states: dict[State, tuple[Annotated[tuple[str, float], BeforeValidator(_weighted)], ...]]
    order: dict[State, Annotated[tuple[str, ...], Field(min_length=1)]]
    acute: tuple[State, ...]
    numbers: Numbers
    fillers: tuple[Words, ...]
    common_words: tuple[Words, ...] = ()
    also_english: tuple[Words, ...] = ()
    unfinished: tuple[Words, ...] = ()
    only_alone: tuple[Words, ...] = ()
    recogniser: tuple[Words, ...] = ()
    recogniser_numbers: tuple[Annotated[Words, AfterValidator(_with_a_number)], ...] = ()


class Examples(Strict):
    """Sentences the rule must and must not match."""

    match: tuple[Words, ...] = ()
    miss: tuple[Words, ...] = ()


class RuleEntry(Strict):
    """One thing to listen for."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    kind: Kind
    level: Literal["hard", "soft"]
    why: Line
    any: Annotated[tuple[Pattern, ...], Field(min_length=1)]
    examples: Examples


class Idiom(Strict):
    """An exact figure of speech, taken out before the rules look."""

    pattern: Pattern
    why: Line


class Lowering(Strict):
    """What lowers HARD to SOFT, and never to silence."""

    negation: tuple[Words, ...] = ()
    denying: dict[Words, tuple[Words, ...]] = Field({})
    idioms: tuple[Idiom, ...] = ()
    past: tuple[Pattern, ...] = ()
    quoted: tuple[Pattern, ...] = ()
    likened: tuple[Pattern, ...] = ()
    beginnings: tuple[Words, ...] = ()
    spent: tuple[Words, ...] = ()
    reaching: tuple[Words, ...] = ()
    ends: tuple[Pattern, ...] = ()


class Safety(Strict):
    """scripts/<lang>/safety.yaml. The screen runs without `review` and `refs`; `check` asks for them."""

    review: Any = None
    refs: Any = None
    rules: Annotated[tuple[RuleEntry, ...], Field(min_length=1)]
    lowering: Lowering
    raising: tuple[Pattern, ...] = ()
    fillers: tuple[Words, ...] = ()
    said_as: dict[Words, Words] = Field({})
    sounds_like: dict[Kind, tuple[Words, ...]] = Field({})
    must_catch: tuple[Words, ...]

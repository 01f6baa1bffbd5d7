"""The shape of scripts/<lang>/cards/ and of cards.yaml beside it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from assistant.content.models import Line, Review, Strict, Words
from assistant.content.patterns import Pattern
from assistant.core.understanding import State


class Card(Strict):
    """scripts/<lang>/cards/<id>.yaml."""

    schema_version: Literal[1] = Field(alias="schema")
    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    version: Annotated[int, Field(ge=1)]
    lang: str
    title: Line
    states: Annotated[tuple[State, ...], Field(min_length=1)]
    text: Annotated[tuple[Line, ...], Field(min_length=1)]
    sure: Line
    certainty: Literal["solid", "mixed", "debated"]
    refs: tuple[str, ...]
    exercise: Line | None = None
    review: Review
    words: Annotated[tuple[Words, ...], Field(min_length=1)]
    questions: Annotated[tuple[Words, ...], Field(min_length=1)]


class CardWording(Strict):
    """scripts/<lang>/cards.yaml."""

    skip: tuple[Words, ...]
    endings: dict[str, str]
    same: tuple[Annotated[tuple[Words, ...], Field(min_length=2)], ...]
    asking: tuple[Pattern, ...] = ()
    helping: tuple[Pattern, ...] = ()
    elsewhere: Annotated[tuple[Words, ...], Field(min_length=1)]

"""A card: what is known of one thing, in under a minute of speech. Checked elsewhere, found by `card_search`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.core.understanding import State

Certainty = Literal["solid", "mixed", "debated"]


@dataclass(frozen=True, slots=True)
class Card:
    """`text`: passages of one or two sentences, one claim each. `sure` answers "are you sure?"."""

    id: str
    title: str
    states: tuple[State, ...]
    text: tuple[str, ...]
    sure: str
    certainty: Certainty
    exercise: str | None
    """One that fits, by its id: a next small thing."""
    questions: tuple[str, ...]
    """As people ask for it."""
    words: tuple[str, ...]
    """Other words for what it is about."""

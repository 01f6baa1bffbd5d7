"""scripts/<lang>/model.yaml: what a language model is asked, and what the guard lets through of its answers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter

from assistant.content.models import Line, Strict, Words
from assistant.content.patterns import Pattern
from assistant.core.guard import GuardWords
from assistant.faults import Fault
from assistant.yaml_marks import Marked, read_yaml, validated

KINDS = (
    "diagnosis", "medication", "promise", "person", "memory", "trauma", "method", "safe", "breath", "orders",
    "helpline", "blame",
)  # fmt: skip
"""Statements that are never made; a language needs a list of each."""
FORMS = ("empty", "long", "form", "hard", "screen", "opening", "words", "voice", "subject", "opposite")
"""Why else a sentence is refused, by the names that the guard gives."""


class BannedKind(Strict):
    """`why`: what the model is told. `refuse`: sentences that this kind must refuse."""

    why: Line
    patterns: Annotated[tuple[Pattern, ...], Field(min_length=1)]
    refuse: Annotated[tuple[Words, ...], Field(min_length=1)]


class Pass(Strict):
    """A fair sentence about what was said."""

    said: Words
    sentence: Words


class Prompts(Strict):
    """What is asked. `again` is filled with the reason."""

    choose: Line
    reflect: Line
    danger: Line
    message: Line
    lines: Line
    simpler: Line
    again: Line


class ModelWords(Strict):
    """The whole file."""

    openings: Annotated[tuple[Pattern, ...], Field(min_length=1)]
    plain: Annotated[tuple[Words, ...], Field(min_length=1)]
    feelings: Annotated[tuple[Words, ...], Field(min_length=1)]
    own: Annotated[tuple[Words, ...], Field(min_length=1)]
    asks: Annotated[tuple[Words, ...], Field(min_length=1)]
    not_own: Annotated[tuple[Pattern, ...], Field(min_length=1)]
    joints: Annotated[tuple[Words, ...], Field(min_length=1)]
    banned: dict[str, BannedKind]
    passes: Annotated[tuple[Pass, ...], Field(min_length=1)]
    passes_as_own: Annotated[tuple[Pass, ...], Field(min_length=1)]
    prompts: Prompts
    why: dict[str, Line]


@dataclass(frozen=True, slots=True)
class ModelWordsSource:
    """As written."""

    marked: Marked
    written: ModelWords

    def guard_words(self, everyday: Collection[str], negators: Collection[str]) -> GuardWords:
        """For the guard. `everyday`: of understanding.yaml. `negators`: of safety.yaml."""
        written = self.written
        return GuardWords(
            openings=written.openings,
            plain=frozenset(written.plain),
            feelings=frozenset(written.feelings),
            own=frozenset(written.own),
            asks=frozenset(written.asks),
            not_own=written.not_own,
            joints=frozenset(written.joints),
            everyday=frozenset(everyday),
            negators=frozenset(negators),
            banned={kind: banned.patterns for kind, banned in written.banned.items()},
            why={**written.why, **{kind: banned.why for kind, banned in written.banned.items()}},
        )


@cache
def _adapter() -> TypeAdapter[ModelWords]:
    return TypeAdapter(ModelWords)


def path_of(root: Path, language: str) -> Path:
    """Where the file is; a language may have none, and then has no use for a model."""
    return root / "scripts" / language / "model.yaml"


def read_model_words(root: Path, language: str, faults: list[Fault]) -> ModelWordsSource | None:
    """The file, or None with its faults."""
    marked = read_yaml(path_of(root, language), faults)
    written = validated(marked, _adapter(), faults) if marked else None
    return ModelWordsSource(marked, written) if marked is not None and written is not None else None

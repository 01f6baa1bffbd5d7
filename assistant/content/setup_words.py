"""scripts/<lang>/setup.yaml: what `grounding setup --aloud` says, and what it listens for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter

from assistant.content.models import Line, Review, Strict, Words
from assistant.core.script import Caution
from assistant.core.spoken_answers import AnswerWords
from assistant.faults import Fault
from assistant.safety.words import normalise
from assistant.yaml_marks import Marked, read_yaml, validated

_Phrases = Annotated[tuple[Words, ...], Field(min_length=1)]


class Listened(Strict):
    """Whole answers; `around`: single words that may stand beside a number."""

    later: _Phrases
    usual: _Phrases
    none: _Phrases
    leave: _Phrases
    around: _Phrases


class SetupFile(Strict):
    """The whole file."""

    review: Review
    said: dict[str, Annotated[tuple[Line, ...], Field(min_length=1)]]
    cautions: dict[Caution, Line]
    heard: Listened
    called: tuple[Words, ...] = ()
    """What this language is called."""
    numbers: dict[Words, Annotated[int, Field(ge=0, lt=100)]]
    countries: dict[Words, Annotated[str, Field(pattern="^[A-Z]{2}$")]]


@dataclass(frozen=True, slots=True)
class SetupWords:
    """As written, and as used."""

    marked: Marked
    written: SetupFile

    @property
    def said(self) -> Mapping[str, tuple[str, ...]]:
        """Lines by name."""
        return self.written.said

    @property
    def answers(self) -> AnswerWords:
        """For reading what was said."""
        heard = self.written.heard
        sets = {name: _normalised(getattr(heard, name)) for name in ("later", "usual", "none", "leave", "around")}
        numbers = {" ".join(normalise(said)): value for said, value in self.written.numbers.items()}
        return AnswerWords(**sets, numbers=numbers)

    @property
    def phrases(self) -> tuple[str, ...]:
        """What a recogniser of few words listens for beside all others."""
        heard = self.written.heard
        return (*heard.later, *heard.usual, *heard.none, *heard.leave, *self.written.numbers)


def _normalised(phrases: tuple[str, ...]) -> frozenset[str]:
    return frozenset(" ".join(normalise(phrase)) for phrase in phrases)


@cache
def _adapter() -> TypeAdapter[SetupFile]:
    return TypeAdapter(SetupFile)


def setup_words_path(root: Path, language: str) -> Path:
    """Where the file is; a language may have none, and then its questions are not read aloud."""
    return root / "scripts" / language / "setup.yaml"


def read_setup_words(root: Path, language: str, faults: list[Fault]) -> SetupWords | None:
    """The file, or None with its faults."""
    marked = read_yaml(setup_words_path(root, language), faults)
    written = validated(marked, _adapter(), faults) if marked else None
    return SetupWords(marked, written) if marked is not None and written is not None else None

"""Card files, and how they are searched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from assistant.content import card_models
from assistant.content.models import Reference
from assistant.content.placing import misplaced
from assistant.core.card_search import CardSearch, Wording
from assistant.core.cards import Card
from assistant.faults import Fault
from assistant.yaml_marks import Marked, read_yaml, validated


@dataclass(frozen=True, slots=True)
class CardSource:
    """A sound card: the file it came from, as written, and as read out."""

    marked: Marked
    written: card_models.Card
    card: Card


@dataclass(frozen=True, slots=True)
class WordingSource:
    """cards.yaml, as written."""

    marked: Marked
    written: card_models.CardWording


@cache
def _card() -> TypeAdapter[card_models.Card]:
    return TypeAdapter(card_models.Card)


@cache
def _wording() -> TypeAdapter[card_models.CardWording]:
    return TypeAdapter(card_models.CardWording)


def read_cards(root: Path, language: str, faults: list[Fault]) -> dict[str, CardSource]:
    """Every card of a language by its id; a language may have none. A file with a fault is left out."""
    folder = root / "scripts" / language / "cards"
    read = (_read(path, language, faults) for path in sorted(folder.glob("*.yaml")))
    return {source.card.id: source for source in read if source is not None}


def read_card(root: Path, language: str, name: str, faults: list[Fault]) -> CardSource | None:
    """One of them, by its id."""
    return _read(root / "scripts" / language / "cards" / f"{name}.yaml", language, faults)


def cited(source: CardSource, references: Mapping[str, Reference]) -> tuple[Reference, ...]:
    """What a card rests on."""
    return tuple(references[name] for name in source.written.refs if name in references)


def read_card_wording(root: Path, language: str, faults: list[Fault]) -> WordingSource | None:
    """How the cards are searched, or None with its faults."""
    marked = read_yaml(root / "scripts" / language / "cards.yaml", faults)
    written = validated(marked, _wording(), faults) if marked else None
    return WordingSource(marked, written) if marked is not None and written is not None else None


def card_search(cards: Iterable[CardSource], wording: WordingSource | None) -> CardSearch:
    """The search over these cards; without a wording, by the words as they stand."""
    shelf = [source.card for source in cards]
    return CardSearch(shelf, wording_of(wording), wording.written.elsewhere if wording is not None else ())


def wording_of(source: WordingSource | None) -> Wording:
    """How a language is read; None: by the words as they stand."""
    if source is None:
        return Wording()
    written = source.written
    plain = {word: group[0] for group in written.same for word in group}
    endings = tuple(written.endings.items())
    return Wording(frozenset(written.skip), plain, endings, written.asking, written.helping)


def _read(path: Path, language: str, faults: list[Fault]) -> CardSource | None:
    marked = read_yaml(path, faults)
    written = validated(marked, _card(), faults) if marked else None
    if marked is None or written is None:
        return None
    wrong = misplaced(marked, written.id, written.lang, language)
    faults.extend(wrong)
    return None if wrong else CardSource(marked, written, as_card(written))


def as_card(written: card_models.Card) -> Card:
    """The part of it that is searched and read out."""
    return Card(
        id=written.id,
        title=written.title,
        states=written.states,
        text=written.text,
        sure=written.sure,
        certainty=written.certainty,
        exercise=written.exercise,
        questions=written.questions,
        words=written.words,
    )

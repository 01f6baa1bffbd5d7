"""docs/exercises.md says what the exercises are, docs/cards.md what the cards are, and docs/flows.md the flows."""

from __future__ import annotations

from assistant.content.card_catalogue import card_catalogue
from assistant.content.cards import read_cards
from assistant.content.catalogue import catalogue
from assistant.content.exercises import read_exercises, read_references
from assistant.content.flow_catalogue import flow_catalogue
from assistant.content.flows import read_flows
from assistant.content.root import content_root
from assistant.faults import Fault


def test_the_table_in_the_documentation_is_true() -> None:
    faults: list[Fault] = []
    sources = read_exercises(content_root(), "en", faults)
    written = (content_root() / "docs" / "exercises.md").read_text(encoding="utf-8")
    assert written == catalogue(sources.values()), "grounding scripts --markdown > docs/exercises.md"
    assert len(sources) >= 30 and not faults


def test_the_cards_in_the_documentation_are_those_that_are_read() -> None:
    faults: list[Fault] = []
    sources = read_cards(content_root(), "en", faults)
    written = (content_root() / "docs" / "cards.md").read_text(encoding="utf-8")
    made = card_catalogue(sources.values(), read_references(content_root(), "en", faults))
    assert written == made, "grounding learn --markdown > docs/cards.md"
    assert len(sources) >= 24 and not faults


def test_the_flows_in_the_documentation_are_those_that_are_held() -> None:
    faults: list[Fault] = []
    sources = read_flows(content_root(), "en", faults)
    written = (content_root() / "docs" / "flows.md").read_text(encoding="utf-8")
    assert written == flow_catalogue(sources.values()), "grounding flow --markdown > docs/flows.md"
    assert faults == [] and len(sources) >= 6

"""docs/exercises.md says what the exercises are."""

from __future__ import annotations

from assistant.content.catalogue import catalogue
from assistant.content.exercises import read_exercises
from assistant.content.root import content_root
from assistant.faults import Fault


def test_the_table_in_the_documentation_is_true() -> None:
    faults: list[Fault] = []
    sources = read_exercises(content_root(), "en", faults)
    written = (content_root() / "docs" / "exercises.md").read_text(encoding="utf-8")
    assert written == catalogue(sources.values()), "grounding scripts --markdown > docs/exercises.md"
    assert len(sources) >= 30 and not faults

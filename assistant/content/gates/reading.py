"""How hard a text may be to follow; the measure is `assistant.core.reading`."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.content.gates.wording import sentences, words
from assistant.core.reading import grade_of

GRADE = 5.0
"""School years; plain sentences took texts for patients from ten to five (PMC3318988)."""


def grade(lines: Iterable[str]) -> float:
    """School years of a text."""
    return grade_of(words(sentence) for sentence in sentences(lines))

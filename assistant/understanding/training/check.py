"""Keeps the exemplars honest: no near-duplicates, no template families, no voice that borrows from another."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from assistant.safety.words import normalise
from assistant.understanding.training.exemplars import Exemplar

ALIKE: Final = 0.6
"""Share of word pairs that two lines may have in common (Jaccard) before they count as one."""
SAME_OPENING: Final = 4
"""Words; more than MOST_OPENINGS lines of a voice that begin with the same ones are a template."""
MOST_OPENINGS: Final = 6
BORROWED: Final = 8
"""Words in a row that two voices share only when one was copied from the other."""

Voices = Mapping[str, Sequence[Exemplar]]


def problems(voices: Voices) -> list[str]:
    """Every fault, as `voice:line: what`."""
    return [*_near_duplicates(voices), *_templates(voices), *_borrowed(voices)]


def _near_duplicates(voices: Voices) -> Iterator[str]:
    seen: dict[tuple[str, str], list[int]] = defaultdict(list)
    rows = [(exemplar, _pairs(exemplar.text)) for lines in voices.values() for exemplar in lines]
    for at, (exemplar, pairs) in enumerate(rows):
        shared = Counter(other for pair in pairs for other in seen[pair])
        for other, count in shared.items():
            if count / (len(pairs) + len(rows[other][1]) - count) >= ALIKE:
                yield f"{_place(exemplar)}: nearly the same as {_place(rows[other][0])}"
        for pair in pairs:
            seen[pair].append(at)


def _templates(voices: Voices) -> Iterator[str]:
    for lines in voices.values():
        openings: dict[tuple[str, ...], list[Exemplar]] = defaultdict(list)
        for exemplar in lines:
            openings[tuple(normalise(exemplar.text)[:SAME_OPENING])].append(exemplar)
        for found in openings.values():
            if len(found) > MOST_OPENINGS:
                yield f"{_place(found[MOST_OPENINGS])}: the {len(found)}th line of this voice that begins like this"


def _borrowed(voices: Voices) -> Iterator[str]:
    owners: dict[tuple[str, ...], Exemplar] = {}
    for lines in voices.values():
        for exemplar in lines:
            words = normalise(exemplar.text)
            for start in range(len(words) - BORROWED + 1):
                first = owners.setdefault(tuple(words[start : start + BORROWED]), exemplar)
                if first.voice != exemplar.voice:
                    yield f"{_place(exemplar)}: {BORROWED} words in a row as in {_place(first)}"
                    break


def _pairs(text: str) -> set[tuple[str, str]]:
    words = ["", *normalise(text), ""]
    return set(pairwise(words))


def _place(exemplar: Exemplar) -> str:
    return f"{exemplar.voice}:{exemplar.line}"

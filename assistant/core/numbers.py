"""Zero to ten in the ways people say it. A personal thermometer: never a score, never compared between people."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class NumberWords:
    """`words`: what may be heard -> its value, homophones included ("for", "ate"). Keys may be several words long."""

    words: Mapping[str, float]
    halves: frozenset[str] = frozenset({"half"})
    negators: frozenset[str] = frozenset({"not"})


_DIGITS = re.compile(r"\d+([.,]\d+)?")


def parse_number(said: Sequence[str], numbers: NumberWords) -> float | None:
    """The number meant, 0 to 10, or None.

    Of a range ("six or seven") the upper counts: doubt escalates. Of a change ("was nine, now five") the last counts.
    "Not ten" is not ten. "Seven out of ten" is seven. Anything above ten is ten.
    """
    longest = max((len(key.split()) for key in numbers.words), default=1)
    found: list[tuple[int, float]] = []
    at = 0
    while at < len(said):
        for length in range(min(longest, len(said) - at), 0, -1):
            value = numbers.words.get(" ".join(said[at : at + length]))
            if value is None and length == 1 and _DIGITS.fullmatch(said[at]):
                value = float(said[at].replace(",", "."))
            if value is not None:
                if not (at > 0 and said[at - 1] in numbers.negators):
                    found.append((at, min(value, 10.0)))
                at += length - 1
                break
        at += 1
    found = _without_scale(said, found)
    if not found:
        return None
    place, value = found[-1]
    if len(found) > 1 and "or" in said[found[-2][0] : place]:
        value = max(value, found[-2][1])
    if any(half in said[place:] for half in numbers.halves):
        value = min(value + 0.5, 10.0)
    return value


def _adjacent(found: list[tuple[int, float]], index: int) -> bool:
    return found[index][0] == found[index - 1][0] + 1


def _without_scale(said: Sequence[str], found: list[tuple[int, float]]) -> list[tuple[int, float]]:
    """Drop the ten of "out of ten", and of "seven ten" as recognisers write 7/10."""
    return [
        (place, value)
        for index, (place, value) in enumerate(found)
        if not (index > 0 and value == 10.0 and ("out" in said[found[index - 1][0] : place] or _adjacent(found, index)))
    ]

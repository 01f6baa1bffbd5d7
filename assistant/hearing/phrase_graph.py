"""The smallest graph that says exactly these phrases: words that several begin with, or end with, are there once.

A recogniser searches every transition; one branch a phrase, or a tree, takes twice the memory and twice the time.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Transition = tuple[int, int, float, str]
"""From state, to state, probability, word."""
START, END = 0, 1
_WHOLE = ""
"""In the tree: the phrase may end here."""


def phrase_graph(phrases: Iterable[str]) -> list[Transition]:
    """From START to END, the phrases and nothing else. A way costs nothing: else a short phrase, among many that begin
    otherwise, would be believed less than a long one.
    """
    tree: dict[str, Any] = {}
    for phrase in phrases:
        node = tree
        for word in phrase.split():
            node = node.setdefault(word, {})
        node[_WHOLE] = {}
    states: dict[tuple[tuple[str, int], ...], int] = {}
    _state(tree, states)
    start = len(states) + END
    numbers = {number: START if number == start else number for number in states.values()}
    return [(numbers[state], numbers.get(to, END), 1.0, word) for ways, state in states.items() for word, to in ways]


def _state(node: dict[str, Any], states: dict[tuple[tuple[str, int], ...], int]) -> int:
    """The number of this node; nodes with the same phrases after them are one state. The last word leads to END."""
    ways: list[tuple[str, int]] = []
    for word, after in sorted(node.items()):
        if word == _WHOLE:
            continue
        if _WHOLE in after:
            ways.append((word, END))
        if after.keys() != {_WHOLE}:
            ways.append((word, _state(after, states)))
    return states.setdefault(tuple(ways), len(states) + END + 1)

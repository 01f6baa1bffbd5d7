"""The graph of phrases says what was put in, and nothing more, with as few states as can be."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.hearing.phrase_graph import END, START, Transition, phrase_graph

PHRASES = st.sets(st.lists(st.sampled_from("abc"), min_size=1, max_size=5).map(" ".join), min_size=1, max_size=12)


def sayings(graph: list[Transition], state: int = START) -> set[str]:
    found = set()
    for source, to, _, word in graph:
        if source == state:
            found |= {word} if to == END else {f"{word} {rest}" for rest in sayings(graph, to)}
    return found


@given(PHRASES)
def test_it_says_the_phrases_and_nothing_else(phrases: set[str]) -> None:
    assert sayings(phrase_graph(phrases)) == phrases


@given(PHRASES)
def test_no_two_states_say_the_same(phrases: set[str]) -> None:
    graph = phrase_graph(phrases)
    states = {state for state, *_ in graph}
    assert len({frozenset(sayings(graph, state)) for state in states}) == len(states)


@given(PHRASES)
def test_no_way_costs_more_than_another(phrases: set[str]) -> None:
    assert {probability for _, _, probability, _ in phrase_graph(phrases)} == {1.0}


def test_shared_beginnings_and_endings_are_there_once() -> None:
    graph = phrase_graph(["i want to stop", "i want to die", "we want to stop", "we want to die", "i want"])
    assert sorted(word for *_, word in graph) == ["die", "i", "stop", "to", "want", "want", "want", "we"]

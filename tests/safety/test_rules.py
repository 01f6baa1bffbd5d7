"""The rules add, lower only to SOFT, and never fall silent on a disclosure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.safety.rules import PatternError, Rule, Rules, compile_pattern
from assistant.safety.verdict import CLEAR, Kind, Level

RULES = Rules(
    rules=(
        Rule("intent", Kind.SUICIDE, Level.HARD, ("(want|going) to (die|end it)", "kill (myself|me self)")),
        Rule("hurt", Kind.ABUSE, Level.HARD, ("he ... (hits|hit) me",)),
        Rule("tired", Kind.SUICIDE, Level.SOFT, ("sleep for ever", "forever asleep?")),
    ),
    negators=frozenset({"not", "don't", "never"}),
    idioms=("dying (to|laughing)", "want to die laughing"),
    lowering=("in the (film|movie)", "years ago"),
)


@pytest.mark.parametrize(
    ("said", "level"),
    [
        ("I want to die", Level.HARD),
        ("i WANT, to... die!", Level.HARD),
        ("I dont want to die", Level.SOFT),
        ("I don't want to die, I'm going to kill myself", Level.HARD),
        ("in the film I want to die", Level.SOFT),
        ("I want to die laughing", Level.NONE),
        ("I'm dying to see you", Level.NONE),
        ("I'm dying to see you and I want to die", Level.HARD),
        ("he always really hits me", Level.HARD),
        ("he said that she thought they hit me", Level.NONE),
        ("I could sleep for ever", Level.SOFT),
        ("hunt to dice", Level.NONE),
        ("", Level.NONE),
    ],
)
def test_what_is_said_gets_the_level_it_deserves(said: str, level: Level) -> None:
    assert RULES.judge(said).level is level


def test_evidence_names_rules_and_never_words() -> None:
    assert RULES.judge("i want to die").evidence == ("intent",)


@pytest.mark.parametrize("pattern", ["(a", "a)", "a | b", "?", "", "a? b?"])
def test_a_pattern_that_cannot_be_read_says_so(pattern: str) -> None:
    with pytest.raises(PatternError):
        compile_pattern(pattern)


@given(st.text(max_size=300))
def test_no_text_breaks_the_rules(text: str) -> None:
    assert RULES.judge(text).level in Level


@given(st.text(alphabet="abcdeilnotw '", max_size=80), st.sampled_from(["i want to die", "going to end it"]))
def test_appending_plain_words_never_silences_a_hard_signal(tail: str, signal: str) -> None:
    assert RULES.judge(f"{signal} {tail}").level is not Level.NONE


def test_no_rules_no_verdict() -> None:
    assert Rules(()).judge("anything at all") == CLEAR

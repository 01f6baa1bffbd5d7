"""The rules add, lower only to SOFT, and never fall silent on a disclosure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.safety.rules import PatternError, Rule, Rules, compile_pattern
from assistant.safety.sounds import NearMatch
from assistant.safety.verdict import CLEAR, Kind, Level

RULES = Rules(
    rules=(
        Rule("intent", Kind.SUICIDE, Level.HARD, ("(want|going) to (die|end it)", "kill (myself|me self)")),
        Rule("hurt", Kind.ABUSE, Level.HARD, ("he ... (hits|hit) me",)),
        Rule("tired", Kind.SUICIDE, Level.SOFT, ("sleep for ever", "forever asleep?")),
    ),
    negators=frozenset({"not", "don't", "never"}),
    idioms=("dying (to|laughing)", "so funny i want to die"),
    lowering=("in the (film|movie)", "years ago", "used to"),
)


@pytest.mark.parametrize(
    ("said", "level"),
    [
        ("I want to die", Level.HARD),
        ("i WANT, to... die!", Level.HARD),
        ("I dont want to die", Level.SOFT),
        ("I don't want to die, I'm going to kill myself", Level.HARD),
        ("in the film I want to die", Level.SOFT),
        ("it is so funny I want to die", Level.NONE),
        ("I want to die laughing", Level.HARD),  # a partial transcript has stopped it by then
        ("I'm dying to see you", Level.NONE),
        ("I'm dying to see you and I want to die", Level.HARD),
        ("he always really hits me", Level.HARD),
        ("he said that she thought they hit me", Level.NONE),
        ("he used to hit me", Level.SOFT),
        ("he hits me, he used to be kind", Level.HARD),
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


WORDS = "i he want going not don't never to die end it kill hits me dying laughing years ago so funny in the film"
SENTENCES = st.lists(st.sampled_from(WORDS.split()), max_size=14).map(" ".join)


@given(SENTENCES, SENTENCES)
def test_what_is_said_later_never_lowers_a_hard_signal(said: str, more: str) -> None:
    if RULES.judge(said).level is Level.HARD:
        assert RULES.judge(f"{said} {more}").level is Level.HARD


@given(SENTENCES)
def test_a_disclosure_that_is_denied_or_told_of_another_time_is_never_nothing(said: str) -> None:
    denied = f"in the film years ago I don't want to die {said}"
    assert RULES.judge(denied).level is not Level.NONE


def test_being_alone_with_it_raises_a_question_to_support() -> None:
    rules = Rules((Rule("tired", Kind.SUICIDE, Level.SOFT, ("sleep for ever",)),), raising=("alone ... tonight",))
    assert rules.judge("I could sleep for ever").level is Level.SOFT
    verdict = rules.judge("I'm alone here tonight and I could sleep for ever")
    assert verdict.level is Level.HARD and verdict.evidence == ("tired", "alone-with-it")
    assert rules.judge("I'm alone here tonight").level is Level.NONE


@pytest.mark.parametrize("heard", ["i will keel my self", "kill my shelf", "gonna kill mice elf", "kil myselv"])
def test_what_sounds_like_a_must_catch_phrase_is_asked_about(heard: str) -> None:
    rules = Rules((), near=NearMatch({"kill myself": Kind.SUICIDE}))
    assert rules.judge(heard).level is Level.SOFT


@pytest.mark.parametrize("heard", ["i call myself a cook", "kiss myself", "skill my elf", "fill my shelf"])
def test_what_only_looks_like_it_is_not(heard: str) -> None:
    assert Rules((), near=NearMatch({"kill myself": Kind.SUICIDE})).judge(heard).level is Level.NONE


def test_no_rules_no_verdict() -> None:
    assert Rules(()).judge("anything at all") == CLEAR

"""Layers may only add; a layer that breaks counts as a question; nothing skips the gate."""

from __future__ import annotations

import pytest

from assistant.safety.rules import Rule, Rules
from assistant.safety.screen import Screen, ScreenedText
from assistant.safety.transcript import Transcript, Trust, nothing_heard
from assistant.safety.verdict import CLEAR, Kind, Level, Verdict

RULES = Rules((Rule("intent", Kind.SUICIDE, Level.HARD, ("want to die",)),))


class Fixed:
    name = "fixed"

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict

    def estimate(self, text: str) -> Verdict:
        return self.verdict


class Broken:
    name = "broken"

    def estimate(self, text: str) -> Verdict:
        raise RuntimeError("out of order")


def heard(text: str, trust: Trust = Trust.TRUSTED) -> Transcript:
    return Transcript(text, trust, 0.9, "test")


def test_an_estimator_raises_what_the_rules_miss() -> None:
    screen = Screen(RULES, [Fixed(Verdict(Level.SOFT, Kind.ABUSE, ("fixed",)))])
    assert screen.screen(heard("hello")).verdict == Verdict(Level.SOFT, Kind.ABUSE, ("fixed",))


def test_no_estimator_can_veto_the_rules() -> None:
    screen = Screen(RULES, [Fixed(CLEAR)])
    assert screen.screen(heard("i want to die")).verdict.level is Level.HARD


def test_a_hard_signal_of_the_rules_waits_for_no_other_layer() -> None:
    class Hangs(Fixed):
        def estimate(self, text: str) -> Verdict:
            pytest.fail("it was asked")

    assert Screen(RULES, [Hangs(CLEAR)]).judge("i want to die").level is Level.HARD


def test_a_broken_layer_counts_as_soft() -> None:
    verdict = Screen(RULES, [Broken()]).screen(heard("hello")).verdict
    assert verdict.level is Level.SOFT and verdict.evidence == ("broken-failed",)


def test_doubtful_words_ask_and_do_not_accuse() -> None:
    screened = Screen(RULES).screen(heard("i want to die", Trust.DOUBTFUL))
    assert screened.verdict.level is Level.SOFT and screened.verdict.kind is Kind.SUICIDE


def test_only_the_screen_makes_screened_text() -> None:
    with pytest.raises(TypeError):
        ScreenedText("i am fine", Trust.TRUSTED, CLEAR, object())


def test_words_do_not_show_in_a_repr() -> None:
    transcript = heard("my secret")
    assert "secret" not in repr(transcript) and "secret" not in repr(Screen(RULES).screen(transcript))


def test_an_empty_transcript_is_empty() -> None:
    assert nothing_heard("test").trust is Trust.EMPTY
    with pytest.raises(ValueError, match="EMPTY"):
        Transcript("", Trust.TRUSTED, 1.0, "test")

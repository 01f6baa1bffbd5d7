"""What helped comes sooner and what made it worse comes last: by a rule that is told, and never against the person."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.core.past import Past, PastExercise
from assistant.core.preference import Experience, Reason, experience, preferred, why_this
from assistant.core.session import Session
from assistant.core.understanding import State

from .stories import SCRIPTS, SUPPORT, a_repertoire
from .talk import Talk, spoken

PANIC, WORRY = State.PANIC, State.WORRY


def came(exercise: str, change: float | None, *, worse: bool = False, state: State = PANIC) -> PastExercise:
    """One time; None: no number after."""
    after = None if change is None else 6.0 + change
    return PastExercise(datetime(2026, 1, 1, tzinfo=UTC), exercise, state, 6.0, after, worse, stopped=False)


LOWER, WORSE, SAME = came("a", -2), came("a", 1, worse=True), came("a", 0)


@pytest.mark.parametrize(
    ("past", "what"),
    [
        ((), Experience.UNKNOWN),
        ((LOWER,), Experience.UNKNOWN),
        ((LOWER, LOWER), Experience.HELPED),
        ((LOWER, SAME, SAME, SAME, LOWER), Experience.HELPED),
        ((LOWER, SAME, SAME, SAME, SAME, LOWER), Experience.UNKNOWN),
        ((LOWER, came("a", None), came("a", None), came("b", 3, worse=True), LOWER), Experience.HELPED),
        ((came("a", -2, state=WORRY), LOWER), Experience.UNKNOWN),
        ((WORSE,), Experience.WORSE),
        ((came("a", None, worse=True),), Experience.WORSE),
        ((came("a", 1, worse=True, state=WORRY),), Experience.WORSE),
        ((WORSE, LOWER, LOWER), Experience.UNKNOWN),
        ((WORSE, LOWER, LOWER, LOWER, LOWER, LOWER), Experience.HELPED),
        ((WORSE, WORSE, LOWER, LOWER, LOWER), Experience.WORSE),
    ],
)
def test_the_rule(past: Past, what: Experience) -> None:
    assert experience("a", PANIC, past) is what


def test_what_helped_leads_and_what_made_it_worse_comes_after_all() -> None:
    past = (came("b", 1, worse=True), *[came("c", -1)] * 2, *[came("z", -1)] * 2)
    assert preferred(("a", "b", "c"), ("x", "a", "z"), PANIC, past) == ["c", "a", "x", "z", "b"]


names = st.sampled_from(["feet", "senses", "breath", "words"])
times = st.builds(
    lambda name, change, worse, state, day: replace(
        came(name, change, worse=worse, state=state), ended=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day)
    ),
    names, st.sampled_from([-3, -1, 0, 1, None]), st.booleans(), st.sampled_from([PANIC, WORRY]), st.integers(0, 9),
)  # fmt: skip


@given(past=st.lists(times, max_size=12).map(tuple), kept_away=names, tried=st.sets(names))
def test_whatever_was_before_cautions_win_and_nothing_is_lost_or_had_twice(
    past: Past, kept_away: str, tried: set[str]
) -> None:
    scripts = SCRIPTS | {kept_away: replace(SCRIPTS[kept_away], avoid_if=frozenset({"injury"}))}
    offered = []
    for prefers in (True, False):
        session = Session(
            replace(a_repertoire(), scripts=scripts), SUPPORT, cautions={"injury"}, past=past, prefers=prefers,
            state=PANIC, tried=sorted(tried),
        )  # fmt: skip
        found = []
        while (script := session.next_script()) is not None:
            found.append(script.id)
            session.tried.append(script.id)
        assert kept_away not in found and not tried & set(found)
        offered.append(found)
    assert sorted(offered[0]) == sorted(offered[1]), "only the order changes"
    assert offered[1] == [name for name in ("feet", "senses", "breath") if name in offered[1]], "as content has it"


ORDER = [SCRIPTS[name] for name in ("feet", "senses", "breath")]


@pytest.mark.parametrize(
    ("exercise", "past", "cautions", "reason"),
    [
        ("feet", (), set(), Reason.FIRST),
        ("senses", (), set(), Reason.NEXT),
        ("senses", tuple([came("senses", -2)] * 2), set(), Reason.HELPED),
        ("senses", (came("feet", 1, worse=True),), set(), Reason.OTHERS_WORSE),
        ("senses", (), {"injury"}, Reason.OTHERS_KEPT_AWAY),
        ("words", (), set(), Reason.SIMPLE),
    ],
)
def test_why_this_one_is_answered_with_the_reason_there_was(
    exercise: str, past: Past, cautions: set[str], reason: Reason
) -> None:
    kept = [replace(script, avoid_if=frozenset({"injury"})) if script.id == "feet" else script for script in ORDER]
    assert why_this(SCRIPTS[exercise], kept, PANIC, past, cautions) is reason  # type: ignore[arg-type]


def test_why_is_asked_by_voice_and_the_exercise_goes_on(talk: Talk) -> None:
    talk.in_an_exercise()
    said = spoken(talk.says("why"))
    assert said[:2] == ["why.first", "feet summary"]
    talk.voice_finishes()
    assert talk.conversation.scene == "exercise:feet" and talk.words[0] == "feet press one"


def test_who_chose_is_told_so_and_who_was_led_is_not() -> None:
    for answer, why in (("second", "why.chosen"), ("", "why.simple")):
        talk = Talk()
        talk.voice_finishes()
        talk.says("something or other")
        talk.voice_finishes()
        assert talk.conversation.scene == "choosing"
        talk.says(answer) if answer else talk.passes(9.0)
        talk.voice_finishes()
        assert talk.conversation.scene.startswith("exercise:")
        talk.voice_reaches(0)
        assert spoken(talk.says("why"))[0] == why


def test_what_helped_is_what_begins(talk: Talk) -> None:
    talk.conversation.session.past = tuple([came("breath", -3)] * 2)
    talk.voice_finishes()
    talk.says("i'm panicking")
    talk.voice_finishes()
    assert talk.conversation.scene == "exercise:breath"
    talk.voice_reaches(0)
    assert spoken(talk.says("why"))[0] == "why.helped"

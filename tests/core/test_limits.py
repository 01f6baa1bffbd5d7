"""A pattern is named once and leads to people; practice and check-ins are none; nobody is locked out of help."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.core.limits import Limit, in_a_row, leads_to_people, new_limit, reassured_enough
from assistant.core.past import Past, PastExercise
from assistant.core.session import Session
from assistant.core.understanding import State

from .stories import SUPPORT, a_repertoire
from .talk import Talk, spoken

LONDON = ZoneInfo("Europe/London")
NOON = datetime(2026, 6, 15, 12, tzinfo=LONDON)


def ended(at: datetime, state: State = State.WORRY, exercise: str = "feet") -> PastExercise:
    return PastExercise(at, exercise, state, None, None, worse=False, stopped=False)


def sitting(past: Past = (), began: datetime | None = NOON, state: State = State.UNSURE, done: int = 0) -> Session:
    session = Session(a_repertoire(), SUPPORT, past=past, began=began, done=done)
    session.turn_to(state)
    return session


def days_ago(*days: int) -> Past:
    return tuple(ended(NOON - timedelta(days=day)) for day in sorted(days, reverse=True))


def test_a_fresh_sitting_has_no_pattern() -> None:
    assert new_limit(sitting()) is None and not leads_to_people(sitting())


def test_two_exercises_in_a_row_are_a_row_wherever_the_first_was_done() -> None:
    assert new_limit(sitting(done=1)) is None
    assert new_limit(sitting(done=2)) is Limit.IN_A_ROW
    before = (ended(NOON - timedelta(minutes=50)),)
    assert new_limit(sitting(before, done=1)) is Limit.IN_A_ROW
    assert new_limit(sitting((ended(NOON - timedelta(minutes=70)),), done=1)) is None


def test_a_row_is_broken_by_an_hour() -> None:
    minutes = (200, 100, 50)
    past = tuple(ended(NOON - timedelta(minutes=ago)) for ago in minutes)
    assert in_a_row(sitting(past, done=1)) == 3, "50 and 100 minutes ago; 200 is further than an hour from 100"


@pytest.mark.parametrize(("earlier", "named"), [(2, None), (3, Limit.ACUTE_DAY), (4, None)])
def test_the_fourth_acute_sitting_of_a_day_is_named_and_the_fifth_leads_to_people_without_a_word(
    earlier: int, named: Limit | None
) -> None:
    past = tuple(ended(NOON - timedelta(hours=3 * ago), State.PANIC) for ago in range(earlier, 0, -1))
    session = sitting(past, state=State.PANIC)
    assert new_limit(session) is named
    assert leads_to_people(session) is (earlier >= 3)


def test_two_exercises_of_one_acute_sitting_are_one_sitting() -> None:
    past = tuple(ended(NOON - timedelta(hours=2, minutes=5 * ago), State.PANIC) for ago in range(3, 0, -1))
    assert new_limit(sitting(past, state=State.PANIC)) is None


@pytest.mark.parametrize(
    ("past", "named"),
    [
        (days_ago(1, 2, 3), None),
        (days_ago(1, 2, 3, 4), Limit.MOST_DAYS),
        (days_ago(1, 3, 5, 6), Limit.MOST_DAYS),
        (days_ago(1, 3, 5, 7), None),
        (days_ago(1, 2, 3, 4, 5), None),
        (days_ago(0, 1, 2, 3, 4), None),
    ],
)
def test_five_of_seven_days_are_named_on_the_day_that_makes_it_five(past: Past, named: Limit | None) -> None:
    past = tuple(entry for entry in past if entry.ended.date() != NOON.date()) + tuple(
        ended(NOON - timedelta(hours=3)) for entry in past if entry.ended.date() == NOON.date()
    )
    assert new_limit(sitting(past)) is named


@given(days=st.sets(st.integers(0, 60)))
def test_over_any_two_months_most_days_is_said_when_it_becomes_so_and_not_again_while_it_is(days: set[int]) -> None:
    past: Past = ()
    held = False
    for day in sorted(days):
        began = NOON + timedelta(days=day)
        said = new_limit(sitting(past, began)) is Limit.MOST_DAYS
        holds = sum(day - 7 < other <= day for other in days) >= 5
        assert said == (holds and not held), day
        past, held = (*past, ended(began)), holds


@given(
    hours=st.lists(st.integers(0, 300), min_size=1, max_size=40),
    state=st.sampled_from([State.PRACTICE, State.PANIC]),
)
def test_practice_and_check_ins_are_no_pattern(hours: list[int], state: State) -> None:
    exercise = "feet" if state is State.PRACTICE else "number"
    past = tuple(ended(NOON - timedelta(hours=ago), state, exercise) for ago in sorted(hours, reverse=True))
    assert new_limit(sitting(past, state=state)) is None


@given(hours=st.lists(st.floats(-400, 400), max_size=40), done=st.integers(0, 1))
def test_no_past_however_odd_breaks_it_and_without_a_clock_no_day_is_counted(hours: list[float], done: int) -> None:
    past = tuple(ended(datetime(2026, 6, 15, tzinfo=UTC) + timedelta(hours=hour), State.PANIC) for hour in hours)
    new_limit(sitting(past, state=State.PANIC))
    assert new_limit(sitting(past, began=None, state=State.PANIC, done=done)) is None


def test_days_are_the_persons_own_across_a_time_change() -> None:
    """Half past midnight in London is the day before in UTC while summer time holds."""
    began = datetime(2026, 10, 25, 12, tzinfo=LONDON)
    nights = tuple(ended(datetime(2026, 10, day, 0, 30, tzinfo=LONDON).astimezone(UTC)) for day in (19, 21, 22, 24))
    assert new_limit(sitting(nights, began)) is Limit.MOST_DAYS
    assert new_limit(sitting(nights, datetime(2026, 10, 26, 12, tzinfo=LONDON))) is None


def test_reassurance_is_answered_twice_and_not_a_third_time() -> None:
    session = sitting()
    assert [reassured_enough(session) for _ in range(4)] == [False, False, True, True]


def test_it_says_that_it_is_a_program_every_three_hours_and_not_over_a_sentence(talk: Talk) -> None:
    talk.in_an_exercise()
    talk.now = 3 * 3600.0 - 1
    assert spoken(talk.voice_reaches(1)) == []
    talk.now += 60.0
    assert spoken(talk.voice_reaches(2)) == [], "the second sentence is being said"
    assert spoken(talk.voice_reaches(3)) == ["about.program"], "in the silence after it"
    talk.voice_finishes()
    talk.now += 3600.0
    assert "about.program" not in spoken(talk.voice_reaches(0))
    talk.now += 2.1 * 3600.0
    talk.voice_reaches(1)
    assert talk.words == ("about.program",)

"""Entries to remember, and strategies that make them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

from assistant.core.past import PastExercise
from assistant.core.understanding import State

NOON = datetime(2026, 11, 26, 12, 0, tzinfo=timezone(timedelta(hours=1)))

numbers = st.none() | st.integers(0, 20).map(lambda halves: halves / 2)
zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)) if minutes else UTC)
moments = st.builds(datetime.fromtimestamp, st.integers(0, 4_000_000_000), zones)
entries = st.builds(
    PastExercise,
    ended=moments,
    exercise=st.sampled_from(["feet-on-floor", "breath-four-six", "one-number"]),
    state=st.sampled_from(list(State)),
    before=numbers,
    after=numbers,
    worse=st.booleans(),
    stopped=st.booleans(),
)


def entry(exercise: str = "feet-on-floor", *, days: float = 0.0, before: float | None = 7.0, after: float | None = 4.0,
          worse: bool = False, state: State = State.PANIC) -> PastExercise:  # fmt: skip
    """One that ended so many days after NOON."""
    return PastExercise(NOON + timedelta(days=days), exercise, state, before, after, worse, stopped=False)

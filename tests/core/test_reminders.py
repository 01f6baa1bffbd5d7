"""Knocks at the times the person chose, over years of virtual time: few, never in quiet hours, never piled up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.core.reminders import LATE, UNANSWERED, Knock, Reminder, Schedule, due, resting

ZONES = ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Sao_Paulo", "UTC"]
QUIET = (time(22), time(8))
TIMES = st.builds(time, st.integers(0, 23), st.integers(0, 59))
STEP = timedelta(minutes=1)

schedules = st.builds(
    lambda times, begin, end, most: Schedule(tuple(Reminder(at, "number") for at in times), (begin, end), most),
    st.lists(TIMES, max_size=4, unique=True), TIMES, TIMES, st.integers(0, 4),
)  # fmt: skip


def daily(*times: time, quiet: tuple[time, time] = (time(0), time(0)), most: int = 2) -> Schedule:
    return Schedule(tuple(Reminder(at, "number") for at in times), quiet, most)


def minutes(
    zone: str, first: date, days: float, asleep: Callable[[datetime], bool] = lambda now: False
) -> Iterator[datetime]:
    """Every minute of these days, as the clock on the wall shows it, while the computer is awake."""
    now = datetime.combine(first, time(), tzinfo=ZoneInfo(zone)).astimezone(UTC)
    for _ in range(round(days * 1440)):
        local = now.astimezone(ZoneInfo(zone))
        if not asleep(local):
            yield local
        now += STEP


def lived(
    schedule: Schedule, clock: Iterator[datetime], answers: Callable[[datetime], bool] = lambda now: True
) -> list[Knock]:
    """The knocks of somebody who answers, or does not."""
    knocks: list[Knock] = []
    for now in clock:
        if due(schedule, knocks, now) is not None:
            knocks.append(Knock(now, answers(now)))
    return knocks


@given(
    schedule=schedules, zone=st.sampled_from(ZONES), day=st.dates(date(2025, 1, 1), date(2027, 12, 1)), data=st.data()
)
def test_never_in_the_quiet_hours_never_more_than_asked_for_and_each_once_a_day(
    schedule: Schedule, zone: str, day: date, data: st.DataObject
) -> None:
    sleeps = data.draw(st.sets(st.integers(0, 71)))
    answers = data.draw(st.booleans())
    clock = minutes(zone, day, 3, lambda now: now.hour + 24 * (now.toordinal() - day.toordinal()) in sleeps)
    knocks = lived(schedule, clock, lambda now: answers)
    for knock in knocks:
        assert not schedule.is_quiet(knock.at.time())
    dates = [knock.at.date() for knock in knocks]
    assert all(dates.count(day) <= schedule.most_a_day for day in dates)
    assert all(dates.count(day) <= len(schedule.reminders) + 1 for day in dates)
    for one, other in pairwise(knocks):
        assert other.at.astimezone(UTC) > one.at.astimezone(UTC)


CHANGES = [
    ("Europe/London", date(2026, 3, 29)), ("Europe/London", date(2026, 10, 25)),
    ("America/New_York", date(2026, 3, 8)), ("America/New_York", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 4, 5)), ("Australia/Lord_Howe", date(2026, 10, 4)),
]  # fmt: skip


@pytest.mark.parametrize(("zone", "day"), CHANGES)
@pytest.mark.parametrize(
    "at", [time(0, 0), time(1, 0), time(1, 30), time(1, 45), time(2, 0), time(2, 15), time(2, 30), time(12)]
)
def test_on_the_day_of_a_clock_change_each_comes_once_and_only_once(zone: str, day: date, at: time) -> None:
    knocks = lived(daily(at), minutes(zone, day, 1.2))
    on_the_day = [knock for knock in knocks if knock.at.date() == day]
    assert len(on_the_day) == 1
    wall = datetime.combine(day, at, tzinfo=ZoneInfo(zone))
    late = on_the_day[0].at.replace(tzinfo=None) - wall.replace(tzinfo=None)
    assert timedelta(0) <= late <= timedelta(hours=1), "a time that was left out comes at most an hour later"


@given(hours=st.integers(1, 200), at=TIMES)
def test_missed_ones_never_pile_up(hours: int, at: time) -> None:
    """After any sleep of the computer at most one is due, and none that is older than ten minutes."""
    woke = datetime(2026, 6, 15, 9, tzinfo=UTC) + timedelta(hours=hours)
    schedule = daily(at, time(9), time(15), time(21), most=9)
    first = due(schedule, (), woke)
    if first is not None:
        knocks = [Knock(woke, answered=False)]
        assert due(schedule, knocks, woke) is None
        assert (woke - datetime.combine(woke.date(), first.at, tzinfo=UTC)) % timedelta(days=1) < LATE


def test_five_unanswered_and_they_rest_until_somebody_is_there() -> None:
    clock = list(minutes("UTC", date(2026, 6, 1), 10))
    knocks = lived(daily(time(9)), iter(clock), lambda now: False)
    assert len(knocks) == UNANSWERED and resting(knocks)
    met = [*knocks[:-1], Knock(knocks[-1].at, answered=True)]
    assert due(daily(time(9)), met, datetime(2026, 6, 15, 9, tzinfo=UTC)) == Reminder(time(9), "number")


def test_a_clock_that_was_wrong_keeps_no_reminder_away() -> None:
    ahead = [Knock(datetime(2031, 1, 1, tzinfo=UTC), answered=True)]
    assert due(daily(time(9)), ahead, datetime(2026, 6, 15, 9, tzinfo=UTC)) is not None


def test_quiet_hours_may_span_midnight_and_may_be_none() -> None:
    assert [daily(quiet=QUIET).is_quiet(time(hour)) for hour in (21, 22, 3, 7, 8, 12)] == [
        False,
        True,
        True,
        True,
        False,
        False,
    ]
    assert not daily(quiet=(time(8), time(8))).is_quiet(time(8))

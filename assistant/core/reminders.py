"""When to knock: at times the person chose, never in the quiet hours, few in a day, and not for ever unanswered.

`now` is an argument, with a time zone that knows the place's clock changes. A missed reminder is not made up for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

LATE = timedelta(minutes=10)
"""So much later a reminder is no longer given: after a night asleep a computer has none to make up for."""
UNANSWERED = 5
"""In a row; then there are no more until the person comes by themselves (content.md section 4: fade after five)."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """A time of day, and the check-in that begins when the knock is answered."""

    at: time
    check_in: str


@dataclass(frozen=True, slots=True)
class Schedule:
    """`quiet`: from, to; it may span midnight. `most_a_day`: knocks on one date of the person's."""

    reminders: tuple[Reminder, ...]
    quiet: tuple[time, time]
    most_a_day: int

    def is_quiet(self, at: time) -> bool:
        """Whether a time of day lies in the quiet hours; equal ends mean that there are none."""
        begin, end = self.quiet
        return begin <= at < end if begin <= end else at >= begin or at < end


@dataclass(frozen=True, slots=True)
class Knock:
    """One that was given. `at`: with its time zone. `answered`: somebody was there, then or since."""

    at: datetime
    answered: bool


def due(schedule: Schedule, knocks: Sequence[Knock], now: datetime) -> Reminder | None:
    """The reminder to give now, if any. `knocks`: oldest first; one from the future is a wrong clock's and none."""
    given = [knock for knock in knocks if knock.at <= now]
    today = now.date()
    of_today = sum(knock.at.astimezone(now.tzinfo).date() == today for knock in given)
    if resting(given) or schedule.is_quiet(now.time()) or of_today >= schedule.most_a_day:
        return None
    newest: tuple[datetime, Reminder] | None = None
    for reminder in schedule.reminders:
        for day in (today - timedelta(days=1), today):  # just after midnight yesterday's may still be due
            at = _instant(day, reminder.at, now)
            if at <= now < at + LATE and not any(knock.at >= at for knock in given):
                newest = max(newest or (at, reminder), (at, reminder), key=lambda known: known[0])
    return newest[1] if newest is not None else None


def resting(knocks: Sequence[Knock]) -> bool:
    """Whether so many in a row went unanswered that there are no more."""
    last = knocks[-UNANSWERED:]
    return len(last) == UNANSWERED and not any(knock.answered for knock in last)


def _instant(day: date, at: time, now: datetime) -> datetime:
    """The moment, in UTC: a time that a clock change leaves out comes an hour later, one that comes twice only once."""
    return datetime.combine(day, at, tzinfo=now.tzinfo).astimezone(UTC)

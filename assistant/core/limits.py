"""Limits against dependence: a pattern is named kindly, once, and leads to people. Nobody is ever locked out of help.

A month of heavy use of a talking machine went with more loneliness and dependence (n=981; Fang 2025, arXiv 2503.17473).
Practice and check-ins are no sign of it, and do not count.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum

from assistant.core.past import PastExercise
from assistant.core.session import Session
from assistant.core.understanding import State

IN_A_ROW = 2
"""Exercises; after them a person, or the next small thing (content.md section 4)."""
ROW = timedelta(hours=1)
"""An exercise so soon after the one before belongs to the same row (safety.md section 3: runs in an hour)."""
SAME_WORRY = 3
ACUTE_SITTINGS = 4
A_DAY = timedelta(hours=24)
APART = timedelta(minutes=30)
"""Exercises further apart than this were done in different sittings."""
DAYS, OF_DAYS = 5, 7
REASSURANCES = 2
"""Asked for more often, it is not answered: each answer feeds the next question (Barkhuff 2026, doi
10.1145/3772363.3799076)."""


class Limit(StrEnum):
    """A pattern. The values are keys below `limits.` in phrases.yaml; the first that holds is the one named."""

    ACUTE_DAY = "acute_day"
    MOST_DAYS = "most_days"
    SAME_WORRY = "same_worry"
    IN_A_ROW = "in_a_row"
    LONG = "long"


def new_limit(session: Session) -> Limit | None:
    """The pattern to name now, if there is one that nobody has named yet."""
    holds = {
        Limit.ACUTE_DAY: session.acute and _acute_sittings(session) == ACUTE_SITTINGS - 1,
        Limit.MOST_DAYS: _most_days_from_today(session),
        Limit.SAME_WORRY: same_worry(session),
        Limit.IN_A_ROW: in_a_row(session) >= IN_A_ROW,
        Limit.LONG: session.elapsed >= session.pause_after_seconds,
    }
    return next((limit for limit in Limit if holds[limit] and limit not in session.named), None)


def leads_to_people(session: Session) -> bool:
    """Whether the end of an exercise offers people and a small next thing, and not another exercise."""
    return in_a_row(session) >= IN_A_ROW or (session.acute and _acute_sittings(session) >= ACUTE_SITTINGS - 1)


def same_worry(session: Session) -> bool:
    """Whether what is going on has been told as often as it is answered."""
    return session.state is not State.PRACTICE and session.told.count(session.state) >= SAME_WORRY


def in_a_row(session: Session) -> int:
    """Exercises done, each within the hour after the one before, up to now."""
    count, since = session.done, session.began
    for earlier in reversed(list(_exercises(session))):
        if since is None or not timedelta(0) <= since - earlier.ended <= ROW:
            break
        count, since = count + 1, earlier.ended
    return count


def reassured_enough(session: Session) -> bool:
    """Counts one more question for reassurance; True when it is not to be answered."""
    session.reassured += 1
    return session.reassured > REASSURANCES


def _exercises(session: Session) -> Iterator[PastExercise]:
    """Of the past, what counts."""
    for earlier in session.past:
        quiet = earlier.exercise in session.repertoire.check_ins or earlier.exercise in session.repertoire.flows
        if not quiet and earlier.state is not State.PRACTICE:
            yield earlier


def _acute_sittings(session: Session) -> int:
    """Within the day before this one."""
    count, last = 0, None
    for earlier in _exercises(session):
        if session.began is None or earlier.state not in session.repertoire.acute:
            continue
        if timedelta(0) <= session.began - earlier.ended <= A_DAY:
            count += last is None or earlier.ended - last > APART
            last = earlier.ended
    return count


def _most_days_from_today(session: Session) -> bool:
    """Whether today is the day that made it so many of the last days: said on that day, and not on every day after."""
    if session.began is None or session.state is State.PRACTICE:
        return False
    today, zone = session.began.date(), session.began.tzinfo
    days = {earlier.ended.astimezone(zone).date() for earlier in _exercises(session)}
    days = {day for day in days if day <= today}
    return bool(days) and _most_days(days | {today}, today) and not _most_days(days, max(days))


def _most_days(days: set[date], last: date) -> bool:
    return sum(last - timedelta(days=OF_DAYS) < day <= last for day in days) >= DAYS

"""The clock of a conversation, and the time of day where the person is."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo

Clock = Callable[[], float]
"""Seconds since the conversation began."""


def monotonic_clock() -> Clock:
    """A clock that starts at zero now and never goes back, whatever happens to the wall clock."""
    began = time.monotonic()
    return lambda: time.monotonic() - began


class _Here(tzinfo):
    """The system's own zone with its clock changes; `datetime.astimezone` alone gives the offset of one moment."""

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        return None if moment is None else moment.replace(tzinfo=None).astimezone().utcoffset()

    def dst(self, moment: datetime | None) -> timedelta | None:
        return None

    def tzname(self, moment: datetime | None) -> str | None:
        return None if moment is None else moment.replace(tzinfo=None).astimezone().tzname()

    def fromutc(self, moment: datetime) -> datetime:
        local = moment.replace(tzinfo=UTC).astimezone()
        here = local.replace(tzinfo=self)
        return (
            here if here.utcoffset() == local.utcoffset() else here.replace(fold=1)
        )  # the second of an hour that is there twice


HERE = _Here()


def local_time() -> datetime:
    """Now, as the clock on the wall shows it, in a zone that knows its clock changes."""
    return datetime.now(HERE)

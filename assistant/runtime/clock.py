"""The one place that asks what time it is."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], float]
"""Seconds since the conversation began."""


def monotonic_clock() -> Clock:
    """A clock that starts at zero now and never goes back, whatever happens to the wall clock."""
    began = time.monotonic()
    return lambda: time.monotonic() - began


def local_time() -> datetime:
    """Now, as the clock on the wall shows it, with its offset from UTC."""
    return datetime.now(UTC).astimezone()

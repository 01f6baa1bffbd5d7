"""The one place that asks what time it is."""

from __future__ import annotations

import time
from collections.abc import Callable

Clock = Callable[[], float]
"""Seconds since the conversation began."""


def monotonic_clock() -> Clock:
    """A clock that starts at zero now and never goes back, whatever happens to the wall clock."""
    began = time.monotonic()
    return lambda: time.monotonic() - began

"""Reading latencies off recorded sound: when it became loud, when it fell silent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy import bool_, float32
from numpy.typing import NDArray

SILENCE_DB = -60.0
"""Quieter than this is silence: 20 dB under the softest breath tone."""
WINDOW_SECONDS = 0.001


def _loud(samples: NDArray[float32], rate: int) -> NDArray[bool_]:
    """For every millisecond, whether its peak is above silence."""
    width = max(int(WINDOW_SECONDS * rate), 1)
    whole = samples[: len(samples) // width * width].reshape(-1, width)
    peaks: NDArray[float32] = np.max(np.abs(whole), axis=1) if len(whole) else np.zeros(0, float32)
    return peaks > 10 ** (SILENCE_DB / 20)


def first_sound(samples: NDArray[float32], rate: int, after: float = 0.0) -> float | None:
    """Seconds to the first sound at or after `after`."""
    loud = np.flatnonzero(_loud(samples[int(after * rate) :], rate))
    return None if not len(loud) else after + float(loud[0]) * WINDOW_SECONDS


def last_sound(samples: NDArray[float32], rate: int, after: float, before: float | None = None) -> float | None:
    """Seconds to the end of the last sound between two moments."""
    end = len(samples) if before is None else int(before * rate)
    loud = np.flatnonzero(_loud(samples[int(after * rate) : end], rate))
    return None if not len(loud) else after + float(loud[-1] + 1) * WINDOW_SECONDS


def silences(samples: NDArray[float32], rate: int, at_least: float) -> list[tuple[float, float]]:
    """(start, end) of every silence of at least so many seconds, between sounds."""
    loud = np.flatnonzero(_loud(samples, rate))
    gaps = np.flatnonzero(np.diff(loud) * WINDOW_SECONDS >= at_least)
    return [(float(loud[i] + 1) * WINDOW_SECONDS, float(loud[i + 1]) * WINDOW_SECONDS) for i in gaps]


@dataclass(frozen=True, slots=True)
class Figure:
    """Trials of one measurement. `limit` is what the design promises, in the same unit; None: none."""

    name: str
    unit: str
    trials: tuple[float, ...]
    limit: float | None = None

    @property
    def median(self) -> float:
        """Half of the trials are below."""
        return percentile(self.trials, 50.0)

    @property
    def p95(self) -> float:
        """Nineteen of twenty trials are at or below."""
        return percentile(self.trials, 95.0)

    def as_json(self) -> dict[str, object]:
        """For `bench --json`."""
        return {
            "name": self.name,
            "unit": self.unit,
            "trials": len(self.trials),
            "median": round(self.median, 4),
            "p95": round(self.p95, 4),
            "max": round(max(self.trials), 4),
            "limit": self.limit,
            "within": None if self.limit is None else self.p95 <= self.limit,
        }


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that `percent` of all are not above (nearest rank: never an invented value)."""
    ordered = sorted(values)
    rank = max(int(np.ceil(percent / 100.0 * len(ordered))), 1)
    return ordered[rank - 1]

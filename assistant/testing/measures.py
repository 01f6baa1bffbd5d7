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
SHORTEST_SECONDS = 0.004
"""Less than the shortest silence that was seen between a voice that was cut and the next, 6 ms."""
HOP_SECONDS = 0.01
LEVEL_HOPS = 3
"""A level is that of 30 ms: a period of the deepest voice and more, and shorter than any syllable."""
QUIET_DB = 20.0
"""So much below what it was, a voice has yielded: a tenth of the sound pressure."""
FULL_DB = 3.0
"""So little below what it was, a voice is back."""
SOUNDING_DB = -50.0
"""Louder than this, dBFS, a voice sounds: not the tail of a breath, not a room's noise."""
DIP_DB = 10.0
"""Between the 14 dB by which this program ducks and the unevenness of a voice."""
_BEFORE_HOPS = 300
"""The three seconds before an onset that a voice is judged against."""


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


def silence_before(samples: NDArray[float32], rate: int, onset: float) -> tuple[float, float]:
    """(start, end) of the silence that ends nearest to `onset`, which is known to some milliseconds: it may be short,
    and others beside it, inside words. ValueError where there is none.
    """
    return min(silences(samples, rate, SHORTEST_SECONDS), key=lambda rest: abs(rest[1] - onset))


def levels(samples: NDArray[float32], rate: int) -> NDArray[float32]:
    """The RMS, in dBFS, of the 30 ms that begin at every `HOP_SECONDS`; digital silence is -120."""
    hop, hops = int(HOP_SECONDS * rate), LEVEL_HOPS
    whole = samples[: len(samples) // hop * hop].reshape(-1, hop)
    if len(whole) < hops:
        return np.zeros(0, float32)
    powers = np.mean(np.square(whole, dtype=np.float64), axis=1)
    means = np.convolve(powers, np.full(hops, 1 / hops), mode="valid")
    return (10.0 * np.log10(np.maximum(means, 1e-12))).astype(float32)


def located(sound: NDArray[float32], recording: NDArray[float32], rate: int, after: float = 0.0) -> float | None:
    """Where `sound` begins in a recording that also holds other sound, in seconds: the peak of the cross-correlation.

    Both are whitened first (their spectra flattened above 10 % of the sound's peak): a voice's pitch would make the
    peak a comb. None where the peak is not between half and twice as high as the sound, played as it is, must give.
    """
    heard = recording[int(after * rate) :]
    if len(heard) < len(sound) or not np.any(sound):
        return None
    size = 1 << (len(heard) + len(sound)).bit_length()
    wanted, mixed = np.fft.rfft(sound, size), np.fft.rfft(heard, size)
    strength = np.abs(wanted)
    weight = np.conj(wanted) / (strength**2 + (0.1 * strength.max()) ** 2)
    possible = np.fft.irfft(mixed * weight, size)[: len(heard) - len(sound) + 1]
    at = int(np.argmax(possible))
    due = float(np.fft.irfft(wanted * weight, size)[0])
    return after + at / rate if 0.5 * due <= float(possible[at]) <= 2.0 * due else None


@dataclass(frozen=True, slots=True)
class Dip:
    """What a voice did from an onset on, in seconds after it; None: it did not."""

    to_quiet: float | None
    """From here on, for a second at least, it stayed `QUIET_DB` below the median of its sounding levels before."""
    to_silence: float | None
    """The end of its last sound before a silence (below `SILENCE_DB`) of a second or more."""
    silent_seconds: float
    """How long that silence lasted, or was recorded."""


def dip(samples: NDArray[float32], rate: int, onset: float, at_least: float = 1.0) -> Dip:
    """How a voice yields from `onset` on. Pauses shorter than `at_least` seconds are pauses between words.

    A stop that falls into such a pause is dated from the pause's beginning: at most 0.3 s to the good of a program that
    reads continuous text, the same for every program.
    """
    shown = levels(samples, rate)
    first, need = int(onset / HOP_SECONDS), int(at_least / HOP_SECONDS)
    limit = sounding_level(shown[max(first - _BEFORE_HOPS, 0) : first]) - QUIET_DB
    quiet = _first_run(shown[first:] < limit, need)
    silent = _first_run(~_loud(samples[int(onset * rate) :], rate), int(at_least / WINDOW_SECONDS))
    return Dip(
        None if quiet is None else quiet[0] * HOP_SECONDS,
        None if silent is None else silent[0] * WINDOW_SECONDS,
        0.0 if silent is None else silent[1] * WINDOW_SECONDS,
    )


def sounding_level(shown: NDArray[float32]) -> float:
    """The median of the levels that sound (above -50 dBFS); -120 where none does."""
    sounding = shown[shown > SOUNDING_DB]
    return float(np.median(sounding)) if len(sounding) else -120.0


def back_at_full_level(samples: NDArray[float32], rate: int, onset: float, end: float) -> float | None:
    """Seconds from `end` to the first 30 ms as loud as, to 3 dB, the voice's louder moments before `onset`.

    The louder moments: the median of the loudest 30 ms in every 0.4 s of the three seconds before.
    """
    shown = levels(samples, rate)
    first, last = int(onset / HOP_SECONDS), int(end / HOP_SECONDS)
    before = _loudest(shown[max(first - _BEFORE_HOPS, 0) : first], 40)
    full = np.flatnonzero(shown[last:] >= sounding_level(before) - FULL_DB)
    return float(full[0]) * HOP_SECONDS if len(full) else None


def sounding_share(samples: NDArray[float32], rate: int) -> float:
    """The share of time in which there is sound above -50 dBFS; continuous reading has 0.7 to 0.9."""
    shown = levels(samples, rate)
    return float(np.mean(shown > SOUNDING_DB)) if len(shown) else 0.0


def dips(samples: NDArray[float32], rate: int) -> int:
    """How often a voice goes down by 10 dB or more for 0.4 s or longer, between its first sound and its last.

    Ducking, stopping and pausing count alike, and so do the text's own pauses: subtract what the same program does with
    the same text where nothing can disturb it.
    """
    loudest = _loudest(levels(samples, rate), 25)
    sounding = np.flatnonzero(loudest > SOUNDING_DB)
    if not len(sounding):
        return 0
    low = loudest[sounding[0] : sounding[-1] + 1] < sounding_level(loudest) - DIP_DB
    return sum(1 for _, length in _runs(low) if length >= 15)


def _loudest(shown: NDArray[float32], hops: int) -> NDArray[float32]:
    """The highest of every `hops` levels in a row."""
    if len(shown) < hops:
        return shown
    loudest: NDArray[float32] = np.max(np.lib.stride_tricks.sliding_window_view(shown, hops), axis=1)
    return loudest


def _runs(true: NDArray[bool_]) -> list[tuple[int, int]]:
    """(start, length) of every stretch that is true."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], true, [False])).astype(np.int8)))
    return [(int(start), int(end - start)) for start, end in edges.reshape(-1, 2)]


def _first_run(true: NDArray[bool_], at_least: int) -> tuple[int, int] | None:
    return next((run for run in _runs(true) if run[1] >= at_least), None)


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

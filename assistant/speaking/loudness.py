"""How loud a line sounds: integrated loudness in LUFS after ITU-R BS.1770-4, for one channel.

The weighting is taken in the frequency domain, from the two filters that the recommendation gives for 48 kHz: so it
holds at any rate.
"""

from __future__ import annotations

import functools

import numpy as np
from numpy import float32, float64
from numpy.typing import NDArray

BLOCK_SECONDS, STEP_SECONDS = 0.4, 0.1
SILENCE_LUFS = -70.0
"""Blocks below this do not count, nor those `BELOW_LU` under the mean of the others."""
BELOW_LU = 10.0
OFFSET = -0.691
"""So that a 997 Hz tone of full scale in one channel has -3.01 LUFS."""
_SHELF = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
_HIGH_PASS = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))


def loudness(samples: NDArray[float32], rate: int) -> float:
    """Of one line, in LUFS; -inf where there is no sound.

    What is shorter than a block counts as one, as long as it is: from a tenth of a second on a sound is as loud as a
    longer one of the same power (Zwicker and Fastl, Psychoacoustics, on loudness and duration), so the silence after a
    word must not make it seem softer.
    """
    if not len(samples):
        return -np.inf
    width, step = min(round(BLOCK_SECONDS * rate), len(samples)), round(STEP_SECONDS * rate)
    room = 1 << (len(samples) + width).bit_length()  # so that the end's ringing does not come round to the beginning
    weighted = np.fft.irfft(np.fft.rfft(samples, room) * _weights(room, rate), room)[: len(samples)]
    energy = np.concatenate([[0.0], np.cumsum(np.square(weighted), dtype=float64)])
    starts = np.arange(0, len(samples) - width + 1, step)
    powers = (energy[starts + width] - energy[starts]) / width
    kept = powers[powers > _power(SILENCE_LUFS)]
    if len(kept):
        kept = kept[kept > np.mean(kept) * 10 ** (-BELOW_LU / 10)]
    return float(OFFSET + 10.0 * np.log10(np.mean(kept))) if len(kept) else -np.inf


def _power(lufs: float) -> float:
    return float(10 ** ((lufs - OFFSET) / 10))


@functools.lru_cache(maxsize=8)
def _weights(room: int, rate: int) -> NDArray[float32]:
    """How much the K weighting lets through at each frequency of a spectrum of so many samples."""
    hertz = np.fft.rfftfreq(room, 1.0 / rate)
    weights = np.interp(hertz, np.fft.rfftfreq(rate, 1.0 / rate), _weights_by_hertz(rate))
    return np.asarray(weights, dtype=float32)


@functools.lru_cache(maxsize=4)
def _weights_by_hertz(rate: int) -> NDArray[float64]:
    """The same at every hertz. The curve is smooth; to work it out for a long spectrum takes longer than the rest."""
    unit = np.exp(-2j * np.pi * np.minimum(np.fft.rfftfreq(rate, 1.0 / rate), 24_000.0) / 48_000.0)
    weights: NDArray[float64] = np.ones(len(unit))
    for above, below in (_SHELF, _HIGH_PASS):
        weights *= np.abs(np.polyval(above[::-1], unit) / np.polyval(below[::-1], unit))
    return weights

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
    """Of one line, in LUFS; -inf where there is no sound. What is shorter than a block counts as one."""
    width, step = round(BLOCK_SECONDS * rate), round(STEP_SECONDS * rate)
    padded = np.pad(samples, (0, max(0, width - len(samples))))
    blocks = np.lib.stride_tricks.sliding_window_view(padded, width)[::step]
    spectra = np.square(np.abs(np.fft.rfft(blocks, axis=1)))
    spectra[:, 1:] *= 2.0  # the half that a real spectrum leaves out
    powers = spectra @ _weights(width, rate) / (width * min(width, max(len(samples), 1)))
    kept = powers[powers > _power(SILENCE_LUFS)]
    if len(kept):
        kept = kept[kept > np.mean(kept) * 10 ** (-BELOW_LU / 10)]
    return float(OFFSET + 10.0 * np.log10(np.mean(kept))) if len(kept) else -np.inf


def _power(lufs: float) -> float:
    return float(10 ** ((lufs - OFFSET) / 10))


@functools.lru_cache(maxsize=4)
def _weights(width: int, rate: int) -> NDArray[float64]:
    """The K weighting's power at each frequency of a block."""
    unit = np.exp(-2j * np.pi * np.minimum(np.fft.rfftfreq(width, 1.0 / rate), 24_000.0) / 48_000.0)
    weights: NDArray[float64] = np.ones(len(unit))
    for above, below in (_SHELF, _HIGH_PASS):
        weights *= np.square(np.abs(np.polyval(above[::-1], unit) / np.polyval(below[::-1], unit)))
    return weights

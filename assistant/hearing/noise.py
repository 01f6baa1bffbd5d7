"""Takes steady noise out of a turn, for a recogniser that was never taught to hear through it: a Wiener filter.

The gain follows the signal-to-noise ratio of each frequency, smoothed over time (decision directed: Ephraim & Malah
1984). What it changes is measured by `python -m benchmarks.must_catch_aloud`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy import float32
from numpy.typing import NDArray

FRAME, HOP = 512, 128
"""Samples: 32 ms and 8 ms at 16 kHz."""
QUIETEST = 0.15
"""The share of a turn's frames taken for noise alone: its pre-roll and the rests between words."""
OVERSUBTRACTION = 1.5
"""Quiet frames underestimate the noise under speech."""
FLOOR = 0.05
"""What is left of a frequency that holds only noise; without it the rest sounds like chirping, also to a recogniser."""
SMOOTHING = 0.9
"""Of the signal-to-noise ratio from frame to frame."""


def without_steady_noise(samples: NDArray[float32]) -> NDArray[float32]:
    """As long as `samples`, which are mono at 16 kHz; a turn too short to know its noise comes back as it is."""
    if len(samples) < FRAME * 4:
        return samples
    window = np.sqrt(np.hanning(FRAME + 1)[:-1])
    edge = np.zeros(FRAME)
    padded = np.concatenate([edge, samples, edge, edge])
    starts = range(0, len(padded) - FRAME + 1, HOP)
    spectra = np.fft.rfft(np.lib.stride_tricks.sliding_window_view(padded, FRAME)[::HOP] * window)
    power = np.abs(spectra) ** 2
    sounds = power[FRAME // HOP : (len(samples) // HOP)]
    quietest = np.argsort(sounds.sum(axis=1))[: max(3, int(len(sounds) * QUIETEST))]
    ratio = power / (sounds[quietest].mean(axis=0) * OVERSUBTRACTION + 1e-12)
    cleaned = np.fft.irfft(spectra * _gains(ratio), FRAME) * window
    out = np.zeros(len(padded))
    for start, frame in zip(starts, cleaned, strict=True):
        out[start : start + FRAME] += frame
    whole: NDArray[float32] = (out[FRAME : FRAME + len(samples)] * (HOP / np.sum(window**2))).astype(float32)
    return whole


def _gains(ratio: NDArray[Any]) -> NDArray[Any]:
    """For each frame and frequency, from the power as a multiple of the noise's."""
    gains = np.empty_like(ratio)
    before = np.zeros(ratio.shape[1])
    for row, now in zip(gains, ratio, strict=True):
        clean = SMOOTHING * before + (1.0 - SMOOTHING) * np.maximum(now - 1.0, 0.0)
        row[:] = np.maximum(clean / (1.0 + clean), FLOOR)
        before = row**2 * now
    return gains

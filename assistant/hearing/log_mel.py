"""Sound as the detector of the stop word sees it: log mel spectra, against the loudest moment: level says nothing."""

from __future__ import annotations

import functools

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.hearing.recogniser import RATE

HOP, WINDOW, FFT = 160, 400, 512
"""Samples: 10 and 25 ms, the usual of speech recognition."""
BANDS = 40
LOWEST_HZ, HIGHEST_HZ = 60.0, 7600.0
FLOOR = 1e-5
"""Power that counts as nothing, against the mean band of the loudest frame: -50 dB."""
SCALE = 0.25
"""Of the natural logarithm, so that values lie between -3 and 1."""
NOTHING = float(np.log(FLOOR)) * SCALE
"""What a band without sound has."""


def log_mel(samples: NDArray[float32]) -> NDArray[float32]:
    """Frames of `BANDS`, one each 10 ms, of mono sound at 16 kHz. At least one frame."""
    samples = np.pad(samples, (0, max(0, WINDOW - len(samples))))
    frames = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[::HOP] * _window()
    power = np.square(np.abs(np.fft.rfft(frames, FFT, axis=1))) @ _bands().T
    loudest = float(np.max(power.sum(axis=1))) / BANDS + 1e-12
    spectra: NDArray[float32] = (np.log(power / loudest + FLOOR) * SCALE).astype(float32)
    return spectra


@functools.cache
def _window() -> NDArray[float32]:
    return np.hanning(WINDOW).astype(float32)


@functools.cache
def _bands() -> NDArray[float32]:
    """Triangles, evenly on the mel scale of O'Shaughnessy."""
    lowest, highest, *mel = 2595.0 * np.log10(
        1.0 + np.array([LOWEST_HZ, HIGHEST_HZ, *np.fft.rfftfreq(FFT, 1.0 / RATE)]) / 700.0
    )
    edges = np.linspace(lowest, highest, BANDS + 2)
    rising = (mel - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - mel) / (edges[2:] - edges[1:-1])[:, None]
    bands: NDArray[float32] = np.maximum(0.0, np.minimum(rising, falling)).astype(float32)
    return bands

"""No peak passes the ceiling: a limiter that sees a peak before it comes, so that nothing clips and nothing clicks.

A line is whole when it is limited, so looking ahead costs no delay. The gain is turned down by as much as the highest
peak nearby asks for, and smoothed by a window that reaches no further than "nearby": so it is never too little where
the peak is (Hämäläinen 2002, Smoothing of the control signal without clipped output in digital peak limiters, DAFx-02).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy import float32, float64
from numpy.typing import NDArray

from assistant.sound import Sound, resampled

CEILING: Final = 10 ** (-3.5 / 20.0)
"""Of what a converter makes of the samples: their true peak stays under -3 dBFS, with what measuring it may miss."""
OVERSAMPLED: Final = 4
"""As ITU-R BS.1770 finds true peaks at 48 kHz."""
HEADROOM: Final = 0.75
"""Of the ceiling: samples that stay under it have no peak between them that passes. What holds nothing above 11 kHz, as
these voices do, rises between samples at 48 kHz to 1 / cos(pi * 11 / 48) of them at most (Bernstein's inequality)."""
FRAME_SECONDS: Final = 0.001
"""The gain is decided for frames of this length, and drawn in a straight line, in decibels, from one to the next."""
BESIDE: Final = 2
"""Frames on either side of a high one, so that what lies between its samples is found as if all were there."""
SMOOTH: Final = 2
"""Frames on either side over which it is smoothed. It begins to fall five and a half frames before a peak: sooner than
the peak by less than anybody hears, slower than a click."""
RELEASE_DB: Final = 0.02
"""A frame: 20 dB a second. So 1.6 dB, the most that a line of eSpeak NG needs, are let go within a syllable, and the
gain does not follow the voice's pitch, which would roughen it."""


def limited(samples: NDArray[float32], rate: int) -> NDArray[float32]:
    """The same samples where no peak, between them either, passes `CEILING`; else others, turned down around those."""
    width = max(round(FRAME_SECONDS * rate), 1)
    count = -(-len(samples) // width)
    frames = np.pad(samples, (0, count * width - len(samples))).reshape(count, width)
    peaks = np.max(np.abs(frames), axis=1)
    if not np.any(high := peaks > CEILING * HEADROOM):
        return samples
    near = np.convolve(high, np.ones(2 * BESIDE + 1))[BESIDE : BESIDE + count] > 0
    between = resampled(Sound(frames[near].ravel(), rate), OVERSAMPLED * rate).reshape(-1, OVERSAMPLED * width)
    peaks[near] = np.maximum(peaks[near], np.max(np.abs(between), axis=1))
    if float(np.max(peaks)) <= CEILING:
        return samples
    down = _reduction(20.0 * np.log10(np.maximum(peaks / CEILING, 1.0)))
    along = np.interp(np.arange(len(samples)), (np.arange(count) + 0.5) * width, down)
    return samples * (10 ** (-along / 20.0)).astype(float32)


def _reduction(over: NDArray[float64]) -> NDArray[float64]:
    """Decibels to turn each frame down, from how much its peak is over. The gain at a sample lies between that of its
    own frame and a neighbour's, so neighbours count its peak as well.
    """
    release = RELEASE_DB * np.arange(len(over))
    held = np.maximum.accumulate(over + release) - release
    reach = SMOOTH + 1
    nearby = np.max(np.lib.stride_tricks.sliding_window_view(np.pad(held, reach), 2 * reach + 1), axis=1)
    window = np.hanning(2 * SMOOTH + 3)[1:-1]
    padded = np.pad(nearby, SMOOTH, mode="edge")
    return np.convolve(padded, window / window.sum(), mode="valid")

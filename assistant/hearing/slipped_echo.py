"""Whether what an echo filter left is a person, or the voice after all: its distance slipped just now, or the filter
has not learned the room yet.
"""

from __future__ import annotations

import numpy as np
from numpy import float32
from numpy.typing import NDArray

LOOKED_AT = 512
"""Samples of what was left (32 ms): a person is to be noticed within two such frames."""
PLACES = 2
"""A slip leaves two echoes: the one that was expected, taken away in vain, and the one that came."""
SHARE = 0.4
"""Of what was left, which those two explain; one that explains half of that is no chance. With slips of 1 to 250 ms
echoes had 0.46 in nine moments of ten, and the beginnings of people over the voice 0.28 at most in as many (-20 to
0 dB, with and without reverberation)."""
QUIETEST = 1e-9
"""The energy from which on it is anything."""
EMPHASIS = 0.95
"""The usual pre-emphasis of speech: without it, the pitches of two voices are alike."""


def slip(left: NDArray[float32], echo: NDArray[float32], expected: int) -> int | None:
    """By how many samples an echo came later than it was expected, if `left` is made of `echo`; 0 where it is one and
    came in time; None where it is somebody. `left`: the last samples of what a filter left. `echo`: all that may be
    heard again, longer than it; `expected`: where that begins in it which should be heard now.
    """
    wanted, echo = _emphasised(left), _emphasised(echo)
    size = len(wanted)
    places = np.lib.stride_tricks.sliding_window_view(echo, size)
    powers = np.concatenate([[0.0], np.cumsum(np.square(echo, dtype=np.float64))])
    loudness = np.sqrt(np.maximum(powers[size:] - powers[:-size], QUIETEST))
    fft = 1 << (len(echo) + size - 1).bit_length()
    spectrum = np.fft.rfft(echo, fft)
    rest, late = wanted, 0
    found: list[int] = []
    for _ in range(PLACES):
        likeness = np.fft.irfft(spectrum * np.conj(np.fft.rfft(rest, fft)), fft)[: len(places)]
        found.append(int(np.argmax(np.abs(likeness) / loudness)))
        weights, *_ = np.linalg.lstsq(places[found].T, wanted, rcond=None)
        before, rest = rest, (wanted - weights @ places[found]).astype(float32)
        if _share(wanted, before, rest) >= SHARE / PLACES:
            late = max(late, expected - found[-1], key=abs)
    return late if _share(wanted, wanted, rest) >= SHARE else None


def _share(wanted: NDArray[float32], before: NDArray[float32], rest: NDArray[float32]) -> float:
    """Of `wanted`, how much was explained between `before` and `rest`."""
    return float(before @ before - rest @ rest) / float(wanted @ wanted + 1e-12)


def _emphasised(sound: NDArray[float32]) -> NDArray[float32]:
    emphasised: NDArray[float32] = sound[1:] - EMPHASIS * sound[:-1]
    return emphasised

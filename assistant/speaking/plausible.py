"""Whether a rendering can be the words it was asked for: the one place that decides, for all engines and the cache.

It compares numbers: length against letters, level, and how like noise the spectrum is. It does not recognise words.
"""

from __future__ import annotations

from enum import Enum

import numpy as np
from numpy import float32, float64
from numpy.typing import NDArray

from assistant.sound import Sound

LETTER_SECONDS = 0.106
"""At 125 words a minute: the slope over the 983 fixed lines as espeak-ng 1.51 reads them. Their lengths are 0.66 to 1.7
of what it predicts, single words of two letters apart; a Piper voice's (en_US-joe-medium) 0.61 to 1.74.
"""
SHORTEST, LONGEST, SLACK_SECONDS = 0.55, 1.8, 0.5
QUIETEST = 10 ** (-60.0 / 20.0)
"""RMS, full scale: below it nobody hears words; `layout.py` would lift it, and its noise with it."""
RATES = range(8_000, 192_001)
"""Hz."""
FLAT = 0.8
"""Spectral flatness (geometric over arithmetic mean of the power), averaged over `WINDOW_SECONDS`: white noise has 0.9
and more, whatever its level; the flattest window of those 983 lines, in a hiss, 0.65.
"""
WINDOW_SECONDS, FRAME = 0.15, 256
LOUD_DB = -20.0
"""Windows so far below the loudest do not matter."""


class Rendering(Enum):
    """`ODD`: words, perhaps, but far too long or short, so better than silence only; `USELESS`: no words at all."""

    FINE = "fine"
    ODD = "odd"
    USELESS = "useless"


def judged(sound: Sound, text: str, words_per_minute: int) -> Rendering:
    """What a rendering of `text` is worth. A text without letters may be silent."""
    samples = sound.samples
    letters = sum(character.isalnum() for character in text)
    if sound.rate not in RATES or samples.ndim != 1 or not np.all(np.isfinite(samples)):
        return Rendering.USELESS
    if not letters:
        return Rendering.FINE
    if not len(samples) or float(np.std(samples)) < QUIETEST or _holds_noise(sound):
        return Rendering.USELESS
    expected = letters * LETTER_SECONDS * 125.0 / words_per_minute
    if not SHORTEST * expected - SLACK_SECONDS / 4 <= sound.seconds <= LONGEST * expected + SLACK_SECONDS:
        return Rendering.ODD
    return Rendering.FINE


def _holds_noise(sound: Sound) -> bool:
    """Whether any loud stretch of it is as flat as noise."""
    flatness, powers = flatness_of(sound)
    return bool(np.any(flatness[powers > np.max(powers, initial=0.0) * 10 ** (LOUD_DB / 10)] > FLAT))


def flatness_of(sound: Sound) -> tuple[NDArray[float64], NDArray[float64]]:
    """Spectral flatness and power of each window, one after the other. What is shorter than one counts as one."""
    per_window = max(round(WINDOW_SECONDS * sound.rate / FRAME), 1)
    count = -(-len(sound.samples) // (FRAME * per_window))
    padded: NDArray[float32] = np.pad(sound.samples, (0, count * FRAME * per_window - len(sound.samples)))
    frames = padded.reshape(count, per_window, FRAME) * np.hanning(FRAME)
    spectra = np.mean(np.square(np.abs(np.fft.rfft(frames, axis=2)[:, :, 2:-1])), axis=1) + 1e-15
    powers: NDArray[float64] = np.mean(spectra, axis=1)
    return np.exp(np.mean(np.log(spectra), axis=1)) / powers, powers

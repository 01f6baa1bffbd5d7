"""How loud a sound is."""

from __future__ import annotations

import math

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.hearing.voice_activity import FRAME

_WINDOW = np.hanning(FRAME).astype(float32)
_POWER = FRAME * float(np.sum(np.square(_WINDOW))) / 2.0


def to_db(rms: float) -> float:
    """An RMS of samples (-1 to 1) in dBFS; silence is -120."""
    return 20.0 * math.log10(max(rms, 1e-6))


def db_above(frame: NDArray[float32], lowest: int) -> float:
    """The level of what a frame of `FRAME` samples holds from this band of its spectrum on, in dBFS."""
    spectrum = np.abs(np.fft.rfft(frame * _WINDOW))[lowest:]
    return to_db(math.sqrt(float(np.dot(spectrum, spectrum)) / _POWER))

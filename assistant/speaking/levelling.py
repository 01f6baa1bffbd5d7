"""Every line equally loud, as it is heard: from its first sound to its last, its peaks held under the ceiling."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.sound import Sound, resampled
from assistant.speaking.limiter import limited
from assistant.speaking.loudness import SILENCE_LUFS, loudness

SPEECH_LUFS: Final = -23.0
"""As broadcasters level speech (EBU R 128): not loud, with room for peaks."""
EDGE: Final = 1e-4
"""-80 dBFS: the edges that an engine leaves around its words are quieter. They would make every pause longer, and a
short word seem softer than it is."""
NEAR_DB: Final = 0.05
"""So close is close enough: nobody hears a twentieth of a decibel."""
SOUNDING: Final = 0.01
"""Of the peak: what is softer does not tell how strong a line is, before its loudness is known."""
ROUNDS: Final = 3
"""What a limiter takes is given back so often at most; a sound that is all peaks stays softer, and does not clip."""


def levelled(sound: Sound, rate: int) -> NDArray[float32]:
    """At `rate`, of `SPEECH_LUFS`, and no peak over the ceiling; silence stays what it is."""
    heard = between_edges(sound.samples, EDGE * _strength(sound.samples) / 10 ** (SPEECH_LUFS / 20.0))
    level = loudness(heard, sound.rate)
    if level <= SILENCE_LUFS:
        return resampled(sound, rate)
    wanted = resampled(Sound(heard * _gain(SPEECH_LUFS - level), sound.rate), rate)
    even, given = limited(wanted, rate), wanted
    for _ in range(ROUNDS):
        if even is given or (lost := 10.0 * np.log10(_power(wanted) / _power(even))) < NEAR_DB:
            break
        given = given * _gain(lost)
        even = limited(given, rate)
    return even


def between_edges(samples: NDArray[float32], edge: float = EDGE) -> NDArray[float32]:
    """From the first sample over `edge` to the last; all of them where none is."""
    loud = np.flatnonzero(np.abs(samples) > edge)
    return samples[loud[0] : loud[-1] + 1] if len(loud) else samples


def _gain(decibels: float) -> float32:
    return float32(10 ** (decibels / 20.0))


def _power(samples: NDArray[float32]) -> float:
    return float(np.dot(samples, samples)) / len(samples)


def _strength(samples: NDArray[float32]) -> float:
    """RMS of what sounds in it."""
    strengths = np.abs(samples)
    sounding = samples[strengths > SOUNDING * np.max(strengths, initial=0.0)]
    return _power(sounding) ** 0.5 if len(sounding) else 0.0

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
NEAR_LU: Final = 0.05
"""So close is close enough: nobody hears a twentieth of a decibel."""
ROUNDS: Final = 3
"""What a limiter takes is given back so often at most; a sound that is all peaks stays softer, and does not clip."""


def levelled(sound: Sound, rate: int) -> NDArray[float32]:
    """At `rate`, of `SPEECH_LUFS`, and no peak over the ceiling; silence stays what it is."""
    rough = loudness(sound.samples, sound.rate)
    if rough <= SILENCE_LUFS:
        return resampled(sound, rate)
    heard = between_edges(sound.samples * _gain(SPEECH_LUFS - rough))
    wanted = resampled(Sound(heard * _gain(SPEECH_LUFS - loudness(heard, sound.rate)), sound.rate), rate)
    even = limited(wanted, rate)
    for _ in range(ROUNDS):
        lost = SPEECH_LUFS - loudness(even, rate) if even is not wanted else 0.0
        if lost < NEAR_LU:
            break
        wanted = wanted * _gain(lost)
        even = limited(wanted, rate)
    return even


def between_edges(samples: NDArray[float32]) -> NDArray[float32]:
    """From the first sample over `EDGE` to the last; all of them where none is."""
    loud = np.flatnonzero(np.abs(samples) > EDGE)
    return samples[loud[0] : loud[-1] + 1] if len(loud) else samples


def _gain(decibels: float) -> float32:
    return float32(10 ** (decibels / 20.0))

"""A soft bed of noise under an exercise, for whom bare silence is too much: by choice, and only the player plays it."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy import float32
from numpy.typing import NDArray

LEVEL_DB: Final = -48.0
"""RMS, dBFS: 28 dB under the voice, and 10 under a breath tone, which must stay plain."""
LOOP_SECONDS: Final = 10.0
"""Longer than anybody hears a loop come round in noise."""
LOWEST_HZ, HIGHEST_HZ = 60.0, 4000.0
"""Under it small speakers only buzz; over it noise hisses."""
SWELL_SECONDS: Final = 1.0
CUT_SECONDS: Final = 0.005
"""As the voice is cut."""


def soft_noise(rate: int, gain_db: float = 0.0) -> NDArray[float32]:
    """Pink noise of `LEVEL_DB`, whose end goes on into its beginning: it is made of whole waves of the loop."""
    count = round(LOOP_SECONDS * rate)
    hertz = np.fft.rfftfreq(count, 1.0 / rate)
    strength = np.where((hertz >= LOWEST_HZ) & (hertz <= HIGHEST_HZ), 1.0 / np.sqrt(np.maximum(hertz, 1.0)), 0.0)
    turns = np.random.default_rng(1).random(len(hertz))
    noise = np.fft.irfft(strength * np.exp(2j * np.pi * turns), count)
    wanted = 10 ** ((LEVEL_DB + gain_db) / 20.0)
    return np.asarray(noise * (wanted / np.sqrt(np.mean(noise**2))), dtype=float32)


class Bed:
    """Mixes a loop under what is played. Called from the audio callback, like the player: it waits for nothing."""

    def __init__(self, loop: NDArray[float32], rate: int) -> None:
        self._loop = np.concatenate([loop, loop[: round(0.2 * rate)]])
        """Longer by the largest block than a round, so that a block is always one piece."""
        self._round = len(loop)
        self._rate = rate
        self._at = 0
        self._gain, self._along = 0.0, 1.0

    def lay(self, out: NDArray[float32], along: float, *, wanted: bool) -> None:
        """Add a block to `out`. It comes and goes slowly, and lies as low as the voice, whose gain is `along`."""
        if self._gain == 0.0 and not wanted:
            return
        step = len(out) / (SWELL_SECONDS * self._rate)
        reached = min(self._gain + step, 1.0) if wanted else max(self._gain - step, 0.0)
        self._add(out, np.linspace(self._gain * self._along, reached * along, len(out), dtype=float32))
        self._gain, self._along = reached, along

    def cut(self, out: NDArray[float32]) -> None:
        """A stop: silent before this block is over."""
        if self._gain > 0.0:
            count = min(max(int(CUT_SECONDS * self._rate), 1), len(out))
            self._add(out[:count], np.linspace(self._gain * self._along, 0.0, count + 1, dtype=float32)[1:])
            self._gain = 0.0

    def _add(self, out: NDArray[float32], gains: NDArray[float32]) -> None:
        gains *= self._loop[self._at : self._at + len(out)]
        out += gains
        self._at = (self._at + len(out)) % self._round

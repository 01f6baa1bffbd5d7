"""Whether what an echo filter left is a person, or the voice after all: its distance slipped just now, or the filter
has not learned the room yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True, eq=False)
class Echo:
    """All that may be heard again. `expected`: where in `sound` that begins which should be heard now."""

    sound: NDArray[float32]
    expected: int


def slip(left: NDArray[float32], echoes: Sequence[Echo]) -> int | None:
    """By how many samples an echo came later than it was expected, if `left` is made of `echoes`; 0 where it is one and
    came in time; None where it is somebody. `left`: the last samples of what a filter left, shorter than any of them.
    """
    wanted = _emphasised(left)
    tried = [_Tried(echo, len(wanted)) for echo in echoes]
    rest, late = wanted, 0
    found: list[NDArray[float32]] = []
    for _ in range(PLACES):
        likest, at, _ = max((one.likest(rest) for one in tried), key=lambda match: match[2])
        found.append(likest.sound[at : at + len(wanted)])
        columns = np.stack(found, axis=1)
        weights, *_ = np.linalg.lstsq(columns, wanted, rcond=None)
        before, rest = rest, wanted - columns @ weights
        if _share(wanted, before, rest) >= SHARE / PLACES:
            late = max(late, likest.expected - at, key=abs)
    return late if _share(wanted, wanted, rest) >= SHARE else None


class _Tried:
    """An echo, every place of which is compared with sounds of `size` samples."""

    def __init__(self, echo: Echo, size: int) -> None:
        self.sound, self.expected = _emphasised(echo.sound), echo.expected
        self._places = len(self.sound) - size + 1
        self._fft = 1 << (len(self.sound) + size - 1).bit_length()
        self._spectrum = np.fft.rfft(self.sound, self._fft)
        powers = np.concatenate([[0.0], np.cumsum(np.square(self.sound, dtype=np.float64))])
        self._loudness = np.sqrt(np.maximum(powers[size:] - powers[:-size], QUIETEST))

    def likest(self, sound: NDArray[float32]) -> tuple[_Tried, int, float]:
        """The echo itself, the place in it that is most like `sound`, and how much."""
        likeness = np.fft.irfft(self._spectrum * np.conj(np.fft.rfft(sound, self._fft)), self._fft)[: self._places]
        likeness = np.abs(likeness) / self._loudness
        at = int(np.argmax(likeness))
        return self, at, float(likeness[at])


def _share(wanted: NDArray[float32], before: NDArray[float32], rest: NDArray[float32]) -> float:
    """Of `wanted`, how much was explained between `before` and `rest`."""
    return float(before @ before - rest @ rest) / float(wanted @ wanted + 1e-12)


def _emphasised(sound: NDArray[float32]) -> NDArray[float32]:
    emphasised: NDArray[float32] = sound[1:] - EMPHASIS * sound[:-1]
    return emphasised

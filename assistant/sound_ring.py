"""The last seconds of a stream of sound: one thread writes, others read. So what the speaker played can be compared
with what the microphone hears.
"""

from __future__ import annotations

import numpy as np
from numpy import float32
from numpy.typing import NDArray


class SoundRing:
    """Mono samples by number, from 0 on. Writing copies and takes no lock, as an audio callback must."""

    def __init__(self, rate: int, seconds: float) -> None:
        self.rate = rate
        self._ring = np.zeros(int(rate * seconds), dtype=float32)
        self._silence = np.zeros_like(self._ring)
        self.count = 0
        """Samples written since the beginning. Set after they were copied, so what it counts can be read."""

    def write(self, samples: NDArray[float32]) -> None:
        """The next samples; fewer than the ring holds."""
        at, size = self.count % len(self._ring), len(samples)
        first = min(size, len(self._ring) - at)
        self._ring[at : at + first] = samples[:first]
        self._ring[: size - first] = samples[first:]
        self.count += size

    def skip(self, samples: int) -> None:
        """So many were not written: silence, and what was written before them is forgotten."""
        self._ring[:] = 0.0
        self.count += samples

    def lose(self, samples: int) -> None:
        """So many were silence, though nobody wrote it: the device ran dry."""
        while samples > 0:
            count = min(samples, len(self._ring))
            self.write(self._silence[:count])
            samples -= count

    def read(self, start: int, size: int) -> NDArray[float32]:
        """Samples `start` to `start + size`; silence for what is not written yet, or is gone."""
        out = np.zeros(size, dtype=float32)
        oldest = max(self.count - len(self._ring), 0)
        begin, end = max(start, oldest), min(start + size, self.count)
        if begin >= end:
            return out
        at, length = begin % len(self._ring), end - begin
        first = min(length, len(self._ring) - at)
        out[begin - start : begin - start + first] = self._ring[at : at + first]
        out[begin - start + first : end - start] = self._ring[: length - first]
        return out

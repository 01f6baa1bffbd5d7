"""Whether the silence that a speaker puts in when it runs dry is counted: `python -m benchmarks.running_dry`.

Noise is played to a virtual sound card by a callback that is late on purpose, two to eleven times in a row, which makes
the card run dry again and again. Where each piece of the noise lies in the card's recording says how much silence
there is. Two minutes for sixty storms.
"""

from __future__ import annotations

import argparse
import os
import time
from dataclasses import dataclass, field

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.devices import find_device
from assistant.speaking.output import OutputChoice, SpeakerStream
from assistant.testing.bench import wait_until
from assistant.testing.measures import percentile
from assistant.testing.sound_card import RATE, SoundCard

LATE_SECONDS = (0.006, 0.034)
"""How late a block is: the card is played to 20 ms ahead."""
IN_A_ROW = (2, 12)
CALM = (80, 160)
"""Blocks between two storms: about a second."""
DULL = np.hanning(10)
"""What makes the noise dull, so that it is like itself between two samples as well."""
PIECE = RATE // 20
REACH = RATE // 2
"""Samples by which a piece may be away from the one before it: more than a storm can put in."""
LIKE = 0.8
"""Of a piece that holds no silence."""


@dataclass
class Storms:
    """A callback that is late now and then. `ends`: samples written before each storm, and after it."""

    noise: NDArray[float32]
    rng: np.random.Generator
    ends: list[tuple[int, int]] = field(default_factory=list)
    lost: list[tuple[int, float]] = field(default_factory=list)
    at: int = 0
    calm: int = CALM[1] * 2
    _late: int = 0
    _began: int = 0

    def fill(self, out: NDArray[float32]) -> None:
        """The next block, in time or not."""
        out[:] = self.noise[self.at : self.at + len(out)]
        self.at += len(out)
        if self.calm:
            self.calm -= 1
            if not self.calm:
                self._late, self._began = int(self.rng.integers(*IN_A_ROW)), self.at
            return
        time.sleep(float(self.rng.uniform(*LATE_SECONDS)))
        self._late -= 1
        if not self._late:
            self.ends.append((self._began, self.at))
            self.calm = int(self.rng.integers(*CALM))

    def told(self, seconds: float) -> None:
        """Silence was counted."""
        self.lost.append((self.at, seconds))


def place(piece: NDArray[float32], recording: NDArray[float32], near: int) -> tuple[int, float]:
    """Where it lies in the recording, and how much that is like it."""
    first = max(near - REACH, 0)
    heard = recording[first : near + REACH + len(piece)]
    size = 1 << (len(heard) + len(piece)).bit_length()
    across = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(piece, size)), size)[: len(heard) - len(piece)]
    at = int(np.argmax(across))
    return first + at, float(across[at] / (np.linalg.norm(piece) * np.linalg.norm(heard[at : at + len(piece)]) + 1e-9))


def delays(played: NDArray[float32], recording: NDArray[float32]) -> NDArray[np.int64]:
    """Rows of a sample written, and how many more were recorded before it."""
    size = 1 << (len(recording) + PIECE).bit_length()
    start = RATE
    spectrum = np.fft.rfft(recording, size) * np.conj(np.fft.rfft(played[start : start + PIECE], size))
    late = int(np.argmax(np.fft.irfft(spectrum, size))) - start
    rows = []
    for at in range(0, len(played) - PIECE, 512):
        found, like = place(played[at : at + PIECE], recording, at + late)
        if like > LIKE:
            late = found - at
            rows.append((at, late))
    return np.array(rows)


def main() -> None:
    """Storms on the card, and what was counted of them."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--storms", type=int, default=60)
    wanted = parser.parse_args().storms
    rng = np.random.default_rng(4)
    noise = 0.05 * np.convolve(rng.standard_normal(RATE * (8 + 3 * wanted)), DULL, "same").astype(float32)
    storms = Storms(noise, rng)
    with SoundCard() as card:
        os.environ.update(card.environment)
        with card.listening(late_ms=20) as recording:
            stream = SpeakerStream(OutputChoice(find_device("default", "output"), RATE), storms.fill, 0.02, storms.told)
            stream.open()
            wait_until(lambda: len(storms.ends) >= wanted, "the storms", 3.0 * wanted + 5.0)
            wait_until(lambda: storms.calm <= CALM[0] // 2, "the calm after them")
            stream.close()
            heard = recording.samples
    rows = delays(noise[: storms.at], heard)
    found = []
    for (began, ended), (following, _) in zip(storms.ends, [*storms.ends[1:], (storms.at, 0)], strict=True):
        before = rows[(rows[:, 0] < began - PIECE) & (rows[:, 0] > began - 6 * PIECE), 1]
        after = rows[(rows[:, 0] > ended + PIECE) & (rows[:, 0] < ended + 6 * PIECE), 1]
        if len(before) and len(after):
            silence = 1000 * float(np.median(after) - np.median(before)) / RATE
            counted = 1000 * sum(seconds for at, seconds in storms.lost if began < at < following)
            found.append((silence, counted))
    silences, counts = np.array(found).T
    dry = silences > 0
    wrong = sorted(np.abs(counts - silences)[dry])
    print(
        f"{np.count_nonzero(dry)} of {len(found)} storms ran dry, {silences[dry].sum():.0f} ms in all, of which "
        f"{counts[dry].sum():.0f} ms were counted: wrong by {percentile(wrong, 50):.1f} ms (median), "
        f"{percentile(wrong, 95):.1f} ms (p95)"
    )


if __name__ == "__main__":
    main()

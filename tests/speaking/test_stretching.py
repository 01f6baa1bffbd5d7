"""A voice of one pace is slowed without a change of its pitch, and nothing is lost at its ends."""

from __future__ import annotations

import numpy as np
import pytest
from numpy import float32

from assistant.sound import Sound
from assistant.speaking.stretching import stretched
from assistant.testing.fake_voice import hum

FACTORS = (1 / 3, 0.7, 1.16, 1.48, 2.05, 3.0)


def tone(hertz: float, rate: int, seconds: float = 2.0) -> Sound:
    return Sound((0.3 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)).astype(float32), rate)


@pytest.mark.parametrize("factor", FACTORS)
@pytest.mark.parametrize("rate", [8_000, 22_050])
def test_it_lasts_so_many_times_as_long_with_the_pitch_and_the_level_it_had(factor: float, rate: int) -> None:
    for hertz in (90.0, 220.0):
        longer = stretched(tone(hertz, rate), factor)
        assert longer.rate == rate and longer.seconds == pytest.approx(2.0 * factor, abs=0.001)
        inside = longer.samples[rate // 20 : -rate // 20]
        spectrum = np.abs(np.fft.rfft(inside * np.hanning(len(inside)), 8 * rate))
        assert np.argmax(spectrum) / 8 == pytest.approx(hertz, rel=0.01)
        levels = np.abs(inside[: len(inside) // (rate // 20) * (rate // 20)]).reshape(-1, rate // 20).max(axis=1)
        assert levels.min() > 0.28 and levels.max() < 0.31, "no beat and no gap where windows meet"


def test_what_comes_and_goes_does_so_as_often_only_slower() -> None:
    slow = stretched(hum(2.0, 16_000), 1.5).samples
    level = np.convolve(np.abs(slow), np.ones(800) / 800, mode="same")
    rises = np.sum(np.diff((level > np.mean(level)).astype(int)) == 1)
    assert rises == pytest.approx(8, abs=1)


@pytest.mark.parametrize("samples", [np.zeros(0, float32), np.full(100, 0.1, float32), np.zeros(16_000, float32)])
def test_silence_and_next_to_nothing_are_no_trouble(samples: np.ndarray[tuple[int], np.dtype[float32]]) -> None:
    for factor in FACTORS:
        made = stretched(Sound(samples, 16_000), factor).samples
        assert np.all(np.isfinite(made)) and np.max(np.abs(made), initial=0.0) <= 0.1

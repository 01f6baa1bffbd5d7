"""The limiter: nothing passes the ceiling, only what is near a peak is touched, and nobody hears it work."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy import float32
from numpy.typing import NDArray

from assistant.speaking.limiter import CEILING, limited
from assistant.testing.performing import CLICK, CLICK_HZ, above

RATE = 48_000


def hum(level: float, seconds: float = 1.0, hertz: float = 200.0) -> NDArray[float32]:
    return (level * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)).astype(float32)


@given(
    st.sampled_from([8_000, 16_000, 22_050, 44_100, 48_000]),
    st.integers(1, 5_000),
    st.lists(st.tuples(st.integers(0, 4_999), st.floats(-100.0, 100.0)), max_size=20),
)
def test_nothing_passes_the_ceiling(rate: int, count: int, peaks: list[tuple[int, float]]) -> None:
    samples = np.full(count, 0.3, dtype=float32)
    for at, peak in peaks:
        samples[at % count] = peak
    done = limited(samples, rate)
    assert len(done) == count and np.max(np.abs(done)) <= CEILING + 1e-6


def test_what_is_under_the_ceiling_is_left_alone() -> None:
    for samples in (hum(0.6), np.zeros(0, dtype=float32)):
        assert limited(samples, RATE) is samples


def test_a_peak_changes_only_what_is_near_it() -> None:
    """It is turned down for 6 ms before a peak that is 3 dB over, and let go within 0.2 s."""
    samples = hum(0.3, 2.0)
    samples[RATE - 24 : RATE + 24] += (CEILING * 2**0.5 * np.hanning(48)).astype(float32)
    done = limited(samples, RATE)
    changed = np.flatnonzero(done != samples) / RATE
    assert np.max(done) == pytest.approx(CEILING, rel=0.05)
    assert 0.993 < changed[0] < 0.9965 and 1.1 < changed[-1] < 1.2


def test_neither_falling_nor_letting_go_is_a_click() -> None:
    """A hum that swells within 20 ms to twice the ceiling; cut off at the ceiling, it would rasp."""
    swell = np.clip(np.interp(np.arange(2 * RATE) / RATE, [0.0, 0.5, 0.52, 1.0, 1.02, 2.0], [0, 0, 1, 1, 0, 0]), 0, 1)
    level = 0.3 + (CEILING * 2 - 0.3) * np.square(np.sin(np.pi / 2 * swell))
    samples = (level * hum(1.0, 2.0)).astype(float32)
    inside = slice(RATE // 10, -RATE // 10)
    assert np.max(above(limited(samples, RATE), RATE, CLICK_HZ)[inside]) < CLICK
    assert np.max(above(np.clip(samples, -CEILING, CEILING), RATE, CLICK_HZ)[inside]) > CLICK


def test_the_gain_does_not_follow_the_pitch() -> None:
    """A voice whose every beat is over is turned down evenly: between the beats by all but 0.2 dB of the same."""
    beats = (np.arange(RATE) % (RATE // 100) == 0) * float32(CEILING * 2)
    done = limited((beats + float32(0.1)).astype(float32), RATE)[RATE // 4 : 3 * RATE // 4]
    between = done[np.abs(done) < 0.2] / 0.1
    assert 20 * np.log10(np.max(between) / np.min(between)) < 0.2

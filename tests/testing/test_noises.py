"""Sounds made from numbers: the same on every run, at the level asked for, and shaped like what they are called."""

from __future__ import annotations

import numpy as np
import pytest
from numpy import float32
from numpy.typing import NDArray

from assistant.testing.noises import NOISES, cough, hum, laugh, mm_hmm, room_noise
from assistant.testing.voices import LEVEL_DB, RATE, at_level, trimmed


def rms_db(samples: NDArray[float32]) -> float:
    return float(10 * np.log10(np.mean(np.square(samples, dtype=np.float64))))


def share_below(samples: NDArray[float32], hertz: float) -> float:
    power = np.abs(np.fft.rfft(samples)) ** 2
    return float(power[np.fft.rfftfreq(len(samples), 1 / RATE) < hertz].sum() / power.sum())


@pytest.mark.parametrize("name", NOISES)
def test_the_same_seed_makes_the_same_sound(name: str) -> None:
    first, again, other = (NOISES[name](np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(first.samples, again.samples)
    assert not np.array_equal(first.samples, other.samples)


@pytest.mark.parametrize("name", NOISES)
def test_a_sound_is_loud_enough_to_disturb_and_is_not_clipped(name: str) -> None:
    for seed in range(5):
        sound = NOISES[name](np.random.default_rng(seed))
        assert 0.05 < np.max(np.abs(sound.samples)) < 1.0
        assert 0.02 < sound.seconds < 4.0


def test_the_level_is_the_callers() -> None:
    quiet, loud = (cough(np.random.default_rng(3), level_db=level) for level in (-46.0, -26.0))
    assert rms_db(loud.samples) - rms_db(quiet.samples) == pytest.approx(20.0, abs=0.01)


def test_a_hum_is_low_and_steady() -> None:
    sound = hum(np.random.default_rng(0))
    assert share_below(sound.samples, 200.0) > 0.999
    halves = np.array_split(sound.samples, 2)
    assert rms_db(halves[0]) == pytest.approx(rms_db(halves[1]), abs=0.5)
    assert rms_db(sound.samples) == pytest.approx(LEVEL_DB, abs=0.5)


def test_a_laugh_comes_in_bursts_and_a_nasal_is_dull() -> None:
    sound = laugh(np.random.default_rng(0)).samples
    width = RATE // 50
    envelope = np.sqrt(np.mean(np.square(sound[: len(sound) // width * width].reshape(-1, width)), axis=1))
    bursts = int(np.count_nonzero(np.diff((envelope > 0.3 * envelope.max()).astype(np.int8)) == 1)) + 1
    assert 4 <= bursts <= 7
    assert share_below(mm_hmm(np.random.default_rng(0)).samples, 1_000.0) > 0.99


def test_room_noise_has_as_much_in_every_octave() -> None:
    samples = room_noise(4.0, -60.0, np.random.default_rng(0)).samples
    assert rms_db(samples) == pytest.approx(-60.0, abs=0.2)
    octaves = [share_below(samples, 2 * hertz) - share_below(samples, hertz) for hertz in (250, 1_000, 4_000)]
    assert max(octaves) < 1.2 * min(octaves)


def test_silence_around_words_is_cut_off_and_does_not_count_for_their_level() -> None:
    tone = np.sin(2 * np.pi * 200 * np.arange(RATE // 2) / RATE).astype(float32)
    padded = np.concatenate([np.zeros(RATE // 3, float32), tone, np.zeros(RATE // 5, float32)])
    assert len(trimmed(padded, RATE)) == pytest.approx(len(tone), abs=2 * RATE // 100)
    assert rms_db(trimmed(at_level(padded, RATE, -26.0), RATE)) == pytest.approx(-26.0, abs=0.3)
    assert not len(trimmed(np.zeros(RATE, float32), RATE))

"""Every line equally loud, by the measure that broadcasters use, and none too loud."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soxr
from numpy import float32
from numpy.typing import NDArray

from assistant.core.timeline import Speech, Timeline
from assistant.sound import Sound
from assistant.speaking.layout import Layout
from assistant.speaking.levelling import SPEECH_LUFS, levelled
from assistant.speaking.limiter import CEILING, limited
from assistant.speaking.loudness import loudness

RATE = 24_000


def tone(hz: float, level: float, seconds: float, rate: int = RATE) -> NDArray[float32]:
    return (level * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate)).astype(float32)


@pytest.mark.parametrize("rate", [16_000, 22_050, 44_100, 48_000])
def test_the_reference_tone_has_the_loudness_it_must_have(rate: int) -> None:
    """ITU-R BS.1770-4: a 997 Hz sine of full scale in one channel is at -3.01 LKFS."""
    assert loudness(tone(997.0, 1.0, 3.0, rate), rate) == pytest.approx(-3.01, abs=0.05)
    assert loudness(tone(997.0, 0.1, 3.0, rate), rate) == pytest.approx(-23.01, abs=0.05)


def test_rests_do_not_count_and_lows_count_less() -> None:
    half = np.concatenate([tone(997.0, 0.1, 2.0), np.zeros(4 * RATE, dtype=float32)])
    assert loudness(half, RATE) == pytest.approx(-23.0, abs=0.6)
    assert loudness(tone(50.0, 0.1, 3.0), RATE) < -26.0
    assert loudness(np.zeros(RATE, dtype=float32), RATE) == -np.inf
    assert loudness(np.zeros(0, dtype=float32), RATE) == -np.inf


def test_a_short_word_is_measured_whole() -> None:
    assert loudness(tone(997.0, 0.1, 0.15), RATE) == pytest.approx(-23.0, abs=0.3)


class Uneven:
    """A voice that shouts one line, whispers another, and clicks in a third."""

    def render(self, text: str, words_per_minute: int) -> Sound:
        samples = tone(300.0, {"loud": 0.9, "soft": 0.004}.get(text, 0.05), 1.5)
        if text == "click":
            samples[RATE] = 1.0
        return Sound(samples, RATE)


def said(text: str, gain_db: float = 0.0) -> NDArray[float32]:
    layout = Layout(Uneven(), RATE, 125, Path(), {})
    pieces = [part.samples for part in layout.parts(Timeline((Speech(text),), gain_db), lambda code: None)]
    return np.concatenate([piece for piece in pieces if not isinstance(piece, int)])


@pytest.mark.parametrize("text", ["loud", "soft", "click"])
def test_all_lines_are_equally_loud(text: str) -> None:
    """A click asks for 10 dB less than the tone around it wants: it alone is turned down."""
    assert loudness(said(text), RATE) == pytest.approx(SPEECH_LUFS, abs=0.1)


@pytest.mark.parametrize("gain_db", [-6.0, 3.0])
def test_softer_and_louder_are_so_by_what_was_asked_for(gain_db: float) -> None:
    assert loudness(said("soft", gain_db), RATE) == pytest.approx(SPEECH_LUFS + gain_db, abs=0.1)


@pytest.mark.parametrize("text", ["loud", "click"])
def test_none_passes_the_ceiling_at_any_gain(text: str) -> None:
    assert np.max(np.abs(said(text, gain_db=20.0))) <= CEILING + 1e-6


@pytest.mark.parametrize("rate", [16_000, 22_050, 44_100, 48_000])
def test_the_true_peak_stays_under_what_is_promised(rate: int) -> None:
    """As ITU-R BS.1770 finds it: between the samples too."""
    buzz = sum(np.sin(2 * np.pi * 110 * n * np.arange(2 * rate) / rate) for n in range(1, 60)) * 0.02
    played = levelled(Sound(np.asarray(buzz, dtype=float32), rate), rate) * 3
    peak = np.max(np.abs(soxr.resample(limited(played, rate), rate, 4 * rate)))
    assert -4.0 < 20 * np.log10(peak) < -3.0


@pytest.mark.parametrize("seconds", [0.2, 0.36, 0.45, 0.59, 0.61, 0.7, 1.05])
@pytest.mark.parametrize("around", [0.0, 0.011, 0.25])
def test_a_word_is_as_loud_as_a_sentence_whatever_silence_lies_around_it(seconds: float, around: float) -> None:
    """It ends softer than it begins, so that it matters which blocks are counted."""
    falling = tone(300.0, 0.05, seconds) * np.linspace(1.0, 0.3, round(seconds * RATE), dtype=float32)
    silence = np.full(round(around * RATE), 2e-5, dtype=float32)
    played = levelled(Sound(np.concatenate([silence, falling, silence]), RATE), RATE)
    assert len(played) / RATE == pytest.approx(seconds, abs=0.002)
    assert loudness(played, RATE) == pytest.approx(SPEECH_LUFS, abs=0.1)


def test_silence_stays_silence() -> None:
    assert not np.any(levelled(Sound(np.zeros(RATE, dtype=float32), RATE), 48_000))
    assert not len(levelled(Sound(np.zeros(0, dtype=float32), RATE), 48_000))

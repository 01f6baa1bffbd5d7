"""Every line equally loud, by the measure that broadcasters use, and none too loud."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy import float32
from numpy.typing import NDArray

from assistant.core.timeline import Speech, Timeline
from assistant.sound import Sound
from assistant.speaking.layout import CEILING, SPEECH_LUFS, Layout
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


def test_all_lines_are_equally_loud_and_none_passes_the_ceiling() -> None:
    assert loudness(said("loud"), RATE) == pytest.approx(SPEECH_LUFS, abs=0.1)
    assert loudness(said("soft"), RATE) == pytest.approx(SPEECH_LUFS, abs=0.1)
    for text in ("loud", "click"):
        assert np.max(np.abs(said(text, gain_db=20.0))) <= CEILING + 1e-6

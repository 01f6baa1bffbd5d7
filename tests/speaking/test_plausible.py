"""What passes for speech, and what never does, whichever engine made it."""

from __future__ import annotations

import numpy as np
import pytest
from numpy import float32
from numpy.typing import NDArray

from assistant.app.lines import fixed_lines
from assistant.app.parts import load_library
from assistant.config import load_settings
from assistant.content.root import content_root
from assistant.sound import Sound
from assistant.speaking.plausible import LETTER_SECONDS, Rendering, judged
from assistant.speaking.pyttsx3_voice import Pyttsx3Voice
from assistant.testing.fake_voice import hum

LINE = "Press both feet into the floor."
RATE = 22_050
SECONDS = 25 * LETTER_SECONDS


def noise(seconds: float, rate: int = RATE) -> NDArray[float32]:
    return np.random.default_rng(0).standard_normal(round(seconds * rate), dtype=float32) * float32(0.1)


def with_burst(seconds: float) -> NDArray[float32]:
    samples = hum(SECONDS, RATE).samples.copy()
    samples[RATE : RATE + round(seconds * RATE)] += noise(seconds) * 3
    return samples


def holding(value: float) -> NDArray[float32]:
    samples = hum(SECONDS, RATE).samples.copy()
    samples[100] = value
    return samples


@pytest.mark.parametrize(
    ("samples", "rate"),
    [
        pytest.param(np.zeros(0, float32), RATE, id="nothing"),
        pytest.param(np.zeros(2 * RATE, float32), RATE, id="silence"),
        pytest.param(np.full(2 * RATE, 0.5, float32), RATE, id="a standing level"),
        pytest.param(hum(SECONDS, RATE).samples * float32(0.001), RATE, id="too faint to be heard"),
        pytest.param(noise(SECONDS), RATE, id="noise"),
        pytest.param(noise(SECONDS, 48_000), 48_000, id="noise at another rate"),
        pytest.param(with_burst(0.4), RATE, id="a burst of noise"),
        pytest.param(holding(np.nan), RATE, id="not a number"),
        pytest.param(holding(np.inf), RATE, id="endless"),
        pytest.param(hum(SECONDS, 1_000).samples, 1_000, id="no rate of any speech"),
        pytest.param(np.zeros((RATE, 2), float32), RATE, id="two channels"),
    ],
)
def test_what_nobody_can_hear_words_in_is_useless(samples: NDArray[float32], rate: int) -> None:
    assert judged(Sound(samples, rate), LINE, 125) is Rendering.USELESS


@pytest.mark.parametrize(
    ("factor", "worth"),
    [(1.0, Rendering.FINE), (0.7, Rendering.FINE), (1.6, Rendering.FINE), (0.45, Rendering.ODD), (2.1, Rendering.ODD)],
)
def test_what_is_much_too_long_or_short_for_its_words_is_odd(factor: float, worth: Rendering) -> None:
    """Cut off in the middle, or played at half or twice its rate."""
    assert judged(hum(SECONDS * factor, RATE), LINE, 125) is worth


def test_a_slower_voice_is_given_the_time_it_was_asked_to_take() -> None:
    assert judged(hum(SECONDS * 2, RATE), LINE, 125) is Rendering.ODD
    assert judged(hum(SECONDS * 2, RATE), LINE, 80) is Rendering.FINE


def test_a_text_without_letters_may_be_silent() -> None:
    assert judged(Sound(np.zeros(0, float32), RATE), "...", 125) is Rendering.FINE


def test_every_fixed_line_passes_as_the_default_voice_speaks_it() -> None:
    """A line refused by mistake would be spoken by another voice, or not at all."""
    settings = load_settings([content_root() / "config.yaml"])
    voice = Pyttsx3Voice("en")
    refused = []
    try:
        for line in fixed_lines(load_library(settings))[::4]:
            words_per_minute = round(125 * line.pace)
            if judged(voice.render(line.text, words_per_minute), line.text, words_per_minute) is not Rendering.FINE:
                refused.append(line.text)
    finally:
        voice.close()
    assert refused == []

"""The stop word: heard without the recogniser, from many voices, and not in a cough."""

from __future__ import annotations

import numpy as np
import pytest
from numpy import float32
from numpy.typing import NDArray

from assistant.app.parts import build_stop_word, load_library
from assistant.config import load_settings, settings_files
from assistant.content.root import content_root
from assistant.core.understanding import Intent
from assistant.hearing.recogniser import RATE
from assistant.hearing.stop_word import SpottedStop
from assistant.sound import Sound, resampled
from assistant.testing.noises import NOISES
from assistant.testing.voices import VOICES, missing_engines, say

pytestmark = pytest.mark.skipif(bool(missing_engines()), reason="espeak-ng and flite are needed to speak")


@pytest.fixture(scope="module")
def stop_word() -> SpottedStop:
    spotter = build_stop_word(load_library(load_settings(settings_files(content_root() / "config.yaml"))))
    spotter.warm_up()
    return spotter


def meant(stop_word: SpottedStop, sound: Sound) -> Intent | None:
    """Of a sound with a rest before and after it."""
    rest = np.random.default_rng(0).standard_normal(RATE // 4).astype(float32) * float32(2e-4)
    return stop_word.heard(np.concatenate([rest, resampled(sound, RATE), rest]))


@pytest.mark.parametrize(("words", "intent"), [("stop", Intent.STOP), ("stop it", Intent.STOP)])
def test_most_voices_are_obeyed(stop_word: SpottedStop, words: str, intent: Intent) -> None:
    heard = [meant(stop_word, say(voice, words)) for voice in VOICES]
    assert heard.count(intent) >= 3 * len(VOICES) // 4
    assert heard.count(Intent.HELP) <= 1, "a stop is not answered with numbers to call"


def test_a_call_for_help_is_told_from_a_stop(stop_word: SpottedStop) -> None:
    heard = [meant(stop_word, say(voice, "help")) for voice in VOICES]
    assert heard.count(Intent.HELP) >= len(VOICES) // 3
    assert heard.count(Intent.STOP) <= 2, "which is silence all the same"


@pytest.mark.parametrize("words", ["yes", "seven", "a lamp"])
def test_an_answer_is_no_stop(stop_word: SpottedStop, words: str) -> None:
    heard = [meant(stop_word, say(voice, words)) for voice in VOICES]
    assert sum(intent is not None for intent in heard) <= 2


@pytest.mark.parametrize("name", ["cough", "door slam", "hum", "laugh", "click"])
def test_a_sound_is_no_stop(stop_word: SpottedStop, name: str) -> None:
    assert all(meant(stop_word, NOISES[name](np.random.default_rng(seed))) is None for seed in range(3))


def test_a_long_sentence_is_the_recognisers(stop_word: SpottedStop) -> None:
    assert meant(stop_word, say(VOICES[0], "i would like you to stop now because i am tired of it")) is None


class Broken:
    """A voice activity detector that fails."""

    def probability(self, frame: NDArray[float32]) -> float:
        raise RuntimeError("out of order")

    def reset(self) -> None:
        pass


def test_a_detector_that_breaks_is_no_stop_and_does_not_end_the_thread_that_hears() -> None:
    spotter = SpottedStop({Intent.STOP: ["stop"], Intent.HELP: ["help"]}, ["yes"], Broken())
    assert spotter.heard(np.ones(RATE, dtype=float32)) is None

"""The ruler on recordings whose truth is known: noise in syllables for a voice, made here."""

from __future__ import annotations

import os
import shutil
from typing import ClassVar

import numpy as np
import pytest
from numpy import float32
from numpy.typing import NDArray

from assistant.errors import EngineError
from assistant.testing.measures import back_at_full_level, dip, dips, levels, located, silence_before, sounding_share
from assistant.testing.noises import NOISES
from assistant.testing.program import Program, running
from assistant.testing.ruler import Heard, judge_disturbance, judge_stop
from assistant.testing.sound_card import RATE
from assistant.testing.voices import VOICES, WHISPERED, Engine, Voice, missing_engines, say, say_with_pauses

Samples = NDArray[float32]


def voice(seconds: float, seed: int = 0) -> Samples:
    """Syllables of 0.2 s with dips between them, at about -20 dBFS."""
    at = np.arange(round(seconds * RATE)) / RATE
    noise = np.random.default_rng(seed).standard_normal(len(at))
    return np.asarray(0.1 * noise * (0.1 + np.abs(np.sin(np.pi * at / 0.2))), dtype=float32)


def quieter(samples: Samples, start: float, end: float | None, db: float) -> Samples:
    """So many dB lower between two moments."""
    changed = samples.copy()
    changed[int(start * RATE) : None if end is None else int(end * RATE)] *= float32(10 ** (db / 20))
    return changed


def silent(samples: Samples, start: float, end: float | None = None) -> Samples:
    return quieter(samples, start, end, -200.0)


def heard(speaker: Samples, onset: float, end: float, *scenes: str, tells: bool = True) -> Heard:
    events: tuple[dict[str, object], ...] = tuple({"type": "scene", "name": scene} for scene in scenes)
    return Heard(speaker, onset, end, events, tells)


class Card:
    environment: ClassVar = dict(os.environ)


def test_of_a_program_that_has_ended_it_is_told_what_it_reported_last() -> None:
    reports = 'echo \'{"type": "stop_requested"}\' > "$0"; echo oh no >&2; exit 3'
    ends = Program("reader", ("sh", "-c", reports, "{events}"))
    with running(Card(), ends) as run:  # type: ignore[arg-type]
        run.process.wait(10.0)
        with pytest.raises(EngineError, match=r"ended with 3: oh no \(reported last: stop_requested\)"):
            run.check_running()


def test_levels_are_in_dbfs() -> None:
    tone = (0.1 * np.sin(2 * np.pi * 1_000 * np.arange(RATE) / RATE)).astype(float32)
    assert levels(tone, RATE) == pytest.approx(-23.01, abs=0.05)
    assert levels(np.zeros(RATE, float32), RATE) == pytest.approx(-120.0)
    assert not len(levels(tone[:10], RATE))


@pytest.mark.parametrize("echo", [0.0, 1.0, 4.0])
def test_a_word_is_found_to_the_millisecond_under_an_echo(echo: float) -> None:
    word = 0.5 * voice(0.4, seed=9)
    microphone = echo * voice(6.0)
    microphone[int(3.21 * RATE) : int(3.21 * RATE) + len(word)] += word
    assert located(word, microphone, RATE) == pytest.approx(3.21, abs=0.001)
    assert located(word, microphone, RATE, after=2.5) == pytest.approx(3.21, abs=0.001)


@pytest.mark.parametrize("name", NOISES)
def test_every_noise_is_found_again(name: str) -> None:
    noise = NOISES[name](np.random.default_rng(1)).samples
    for echo in (0.0, 0.5):
        microphone = echo * voice(4.0)
        microphone[int(1.5 * RATE) : int(1.5 * RATE) + len(noise)] += noise
        assert located(noise, microphone, RATE) == pytest.approx(1.5, abs=0.005)


def test_a_word_that_was_not_said_is_not_found() -> None:
    assert located(voice(0.4, seed=9), voice(6.0), RATE) is None
    assert located(voice(0.4, seed=9), voice(0.1), RATE) is None


def test_a_stop_is_dated_from_the_onset() -> None:
    read = dip(silent(voice(10.0), 5.5), RATE, onset=4.8)
    assert read.to_quiet == pytest.approx(0.7, abs=0.03)
    assert read.to_silence == pytest.approx(0.7, abs=0.03)
    assert read.silent_seconds == pytest.approx(4.5, abs=0.05)


def test_a_fade_is_quiet_before_it_is_silent() -> None:
    samples = voice(10.0)
    start, fade = int(5.0 * RATE), int(1.0 * RATE)
    samples[start : start + fade] *= np.logspace(0, -3, fade, dtype=float32)
    read = dip(silent(samples, 6.0), RATE, onset=5.0)
    assert read.to_quiet is not None and read.to_silence is not None
    assert 0.2 < read.to_quiet < 0.45 and 0.65 < read.to_silence <= 1.0


def test_neither_ducking_nor_a_pause_between_words_is_a_dip() -> None:
    for samples in (voice(10.0), quieter(voice(10.0), 5.0, None, -14.0), silent(voice(10.0), 5.3, 6.0)):
        read = dip(samples, RATE, onset=5.0)
        assert read.to_quiet is None and read.to_silence is None and read.silent_seconds == 0.0


def test_a_whisper_goes_on_is_quiet_and_not_silent() -> None:
    read = dip(quieter(voice(10.0), 5.5, None, -30.0), RATE, onset=5.0)
    assert read.to_quiet == pytest.approx(0.5, abs=0.03)
    assert read.to_silence is None


def test_a_voice_that_swells_back_is_dated_from_the_end_of_the_noise() -> None:
    ducked = quieter(voice(12.0), 5.1, 6.8, -14.0)
    assert back_at_full_level(ducked, RATE, onset=5.0, end=6.0) == pytest.approx(0.8, abs=0.25)
    assert back_at_full_level(voice(12.0), RATE, onset=5.0, end=6.0) == pytest.approx(0.0, abs=0.25)
    assert back_at_full_level(quieter(voice(12.0), 5.1, None, -14.0), RATE, onset=5.0, end=6.0) is None


def test_dips_are_counted_between_the_first_sound_and_the_last() -> None:
    samples = silent(quieter(voice(20.0), 5.0, 6.0, -14.0), 10.0, 11.0)
    assert dips(np.concatenate([np.zeros(RATE, float32), samples, np.zeros(RATE, float32)]), RATE) == 2
    assert dips(voice(20.0), RATE) == 0
    assert dips(np.zeros(RATE, float32), RATE) == 0


@pytest.mark.parametrize("gap", [0.006, 0.3])
def test_the_silence_before_a_word_is_not_one_inside_words(gap: float) -> None:
    cut, word, inside = np.full(RATE // 10, 0.1), np.full(RATE // 20, 0.1), np.zeros(RATE // 50)
    recording = np.concatenate([cut, np.zeros(round(gap * RATE)), word, inside, word]).astype(np.float32)
    found = silence_before(recording, RATE, onset=0.1 + gap + 0.01)
    assert found == pytest.approx((0.1, 0.1 + gap), abs=0.001)


def test_the_share_that_sounds() -> None:
    assert sounding_share(silent(voice(10.0), 4.0), RATE) == pytest.approx(0.4, abs=0.01)
    assert sounding_share(np.zeros(0, float32), RATE) == 0.0


def test_a_stop_counts_when_the_program_says_that_it_stopped() -> None:
    stopped = silent(voice(8.5), 5.8)
    assert judge_stop("v", heard(stopped, 5.0, 5.4, "stopped")).stopped
    pause = judge_stop("v", heard(stopped, 5.0, 5.4))
    assert not pause.stopped and pause.to_quiet is None, "the text had a pause there"


def test_a_stop_that_comes_late_or_does_not_last_is_none() -> None:
    assert not judge_stop("v", heard(silent(voice(10.0), 7.3), 5.0, 5.4, "stopped")).stopped
    assert not judge_stop("v", heard(silent(voice(10.0), 5.8, 6.9), 5.0, 5.4, "stopped")).stopped
    assert not judge_stop("v", heard(voice(10.0), 5.0, 5.4, "stopped")).stopped


def test_a_program_that_tells_nothing_may_say_a_sentence_and_not_read_on() -> None:
    sentence = silent(silent(voice(13.0), 5.8, 7.8), 10.5)
    assert judge_stop("v", heard(sentence, 5.0, 5.4, tells=False)).stopped
    assert not judge_stop("v", heard(silent(voice(13.0), 5.8, 7.8), 5.0, 5.4, tells=False)).stopped


def test_a_cough_that_the_voice_speaks_through_or_comes_back_from_is_no_stop() -> None:
    for speaker in (voice(10.5), quieter(voice(10.5), 5.1, 6.5, -14.0), silent(voice(10.5), 5.1, 6.5)):
        assert judge_disturbance("cough", heard(speaker, 5.0, 5.6)).went_on


def test_a_cough_that_ends_or_lowers_the_voice_is_one() -> None:
    ended, lowered, late = (
        silent(voice(10.5), 5.2),
        quieter(voice(10.5), 5.2, None, -14.0),
        silent(voice(10.5), 5.2, 7.6),
    )
    for speaker in (ended, lowered, late):
        assert not judge_disturbance("cough", heard(speaker, 5.0, 5.6)).went_on
    assert not judge_disturbance("cough", heard(voice(10.5), 5.0, 5.6, "stopped")).went_on
    help_came = Heard(voice(10.5), 5.0, 5.6, ({"type": "show_resources"},), tells=True)
    assert not judge_disturbance("cough", help_came).went_on


def test_a_voice_that_cannot_be_had_has_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    for engine in Engine:
        with pytest.raises(EngineError, match=f"apt install {engine.value}"):
            say(Voice(engine, "nobody"), "stop")


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="needs espeak-ng")
def test_words_begin_at_once_and_a_pause_is_as_long_as_asked_for() -> None:
    words = say(Voice(Engine.ESPEAK, "en-us"), "stop")
    assert np.max(np.abs(words.samples[: RATE // 50])) > 0.003
    sound, pauses = say_with_pauses(Voice(Engine.ESPEAK, "en-us"), ("i feel", "anxious"), 0.8)
    ((start, end),) = pauses
    assert end - start == pytest.approx(0.8)
    assert not sound.samples[int(start * RATE) : int(end * RATE)].any()


@pytest.mark.skipif(bool(missing_engines()), reason="needs espeak-ng and flite")
def test_every_voice_is_another() -> None:
    """An engine that does not know a name speaks with its own voice, and says nothing of it."""
    voices = {*VOICES, *WHISPERED}
    assert len(voices) == 14
    assert len({say(voice, "stop").samples.tobytes() for voice in voices}) == 14

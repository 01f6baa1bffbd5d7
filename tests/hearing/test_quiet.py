"""Quiet speech begins a turn and keeps its first syllable; noise alone begins none, however quiet or steady."""

from __future__ import annotations

import numpy as np
import pytest
from numpy import float32
from numpy.typing import NDArray

from assistant.core.events import Event, UserStartedSpeaking, UserStoppedSpeaking
from assistant.core.ids import AudioId
from assistant.hearing.listener import Listener, Speculation
from assistant.hearing.loudness import (
    CALIBRATION_FRAMES,
    LOUDEST_AFTER_DB,
    MOST_GAIN_DB,
    NOISE_AFTER_DB,
    OUT_OF_NOISE_DB,
    Loudness,
    audible,
)
from assistant.hearing.recogniser import RATE
from assistant.hearing.voice_activity import FRAME, Silero
from assistant.sound import resampled
from assistant.testing.noises import room_noise
from assistant.testing.voices import ESPEAK_VOICES, LEVEL_DB, WHISPERED, Voice, missing_engines, say

needs_voices = pytest.mark.skipif("espeak-ng" in missing_engines(), reason="espeak-ng is not installed")
QUIET_DB = LEVEL_DB - 30.0
SECOND = RATE // FRAME


class Counted:
    """A voice activity detector that answers the same every time."""

    def __init__(self, answer: float) -> None:
        self.answer = answer
        self.frames: list[NDArray[float32]] = []

    def probability(self, frame: NDArray[float32]) -> float:
        self.frames.append(frame)
        return self.answer

    def reset(self) -> None:
        self.frames.clear()


def room(seconds: float, level_db: float) -> NDArray[float32]:
    return resampled(room_noise(seconds, level_db, np.random.default_rng(7)), RATE).astype(float32)


def said(voice: Voice, words: str, level_db: float, noise_db: float) -> tuple[NDArray[float32], int]:
    """Two seconds of the room, the words in it, two seconds more; and the sample they begin at."""
    speech = resampled(say(voice, words, level_db=level_db), RATE).astype(float32)
    samples = room(4.0 + len(speech) / RATE, noise_db)
    samples[2 * RATE : 2 * RATE + len(speech)] += speech
    return samples, 2 * RATE


def heard(samples: NDArray[float32], listener: Listener | None = None) -> list[tuple[int, Event | Speculation]]:
    """(sample, what was found), frame by frame."""
    listener = listener or Listener(Silero())
    ends = range(FRAME, len(samples) + 1, FRAME)
    return [(end, found) for end in ends for found in listener.feed(samples[end - FRAME : end])]


def levelled(*stretches: tuple[float, float]) -> Loudness:
    """After (seconds, level in dBFS) stretches of a steady sound."""
    loudness = Loudness()
    for seconds, level in stretches:
        for _ in range(round(seconds * SECOND)):
            loudness.hear(level)
    return loudness


@needs_voices
@pytest.mark.parametrize("voice", ESPEAK_VOICES[:3], ids=str)
def test_speech_30_db_under_ordinary_begins_a_turn_with_its_first_syllable(voice: Voice) -> None:
    samples, onset = said(voice, "please help me", QUIET_DB, QUIET_DB - 10.0)
    found = heard(samples)
    assert [type(event) for _, event in found] == [UserStartedSpeaking, Speculation, UserStoppedSpeaking]
    began = found[0][0]
    assert onset < began < onset + 0.5 * RATE
    paused, guess = found[1]
    assert isinstance(guess, Speculation)
    assert paused - len(guess.samples) <= onset, "the first syllable is in it"


@needs_voices
def test_a_whisper_in_a_room_with_a_fan_is_heard() -> None:
    # eSpeak's whisper is noise, and never the same twice; in so much of the room's it began a turn in 60 of 60.
    samples, _ = said(WHISPERED[0], "please help me", LEVEL_DB - 20.0, LEVEL_DB - 25.0)
    assert isinstance(heard(samples)[0][1], UserStartedSpeaking)


@needs_voices
def test_a_quiet_turn_is_handed_over_audible_and_one_that_goes_on_is_turned_up_once() -> None:
    once, _ = said(ESPEAK_VOICES[0], "please help me", QUIET_DB, QUIET_DB - 30.0)
    listener = Listener(Silero())
    heard(once[: -RATE // 2], listener)
    first = listener.audio(AudioId(1))
    assert np.max(np.abs(first)) > 8 * np.max(np.abs(once)), "18 dB louder at the least"
    found = [event for _, event in heard(once[2 * RATE :], listener)]
    assert UserStartedSpeaking(joined=True) in found
    both = listener.audio(AudioId(2))
    before, after = (float(np.max(np.abs(part))) for part in (both[: len(first)], both[len(first) :]))
    assert 0.5 < before / after < 2.0, "both halves are as loud"


@pytest.mark.parametrize("level_db", [-120.0, -75.0, -55.0, -40.0])
def test_a_minute_of_noise_begins_nothing_and_seldom_wakes_the_model(level_db: float) -> None:
    noise = room(60.0, level_db) if level_db > -120.0 else np.zeros(60 * RATE, float32)
    assert heard(noise) == []
    asked = Counted(0.0)
    heard(noise, Listener(asked))
    assert len(asked.frames) < 6 * SECOND, "a tenth of the time, the first second with it"


def test_noise_that_is_switched_on_begins_nothing() -> None:
    assert heard(np.concatenate([room(10.0, -75.0), room(20.0, -45.0)])) == []


def test_the_gain_stays_within_its_bounds_whatever_is_heard() -> None:
    rng = np.random.default_rng(0)
    loudness = Loudness()
    for level in rng.uniform(-120.0, 0.0, 3_000):
        loudness.hear(float(level))
        assert 0.0 <= loudness.gain_db <= MOST_GAIN_DB
        if level > -100.0:
            assert loudness.gain_db <= max(LOUDEST_AFTER_DB - level, 0.0)
    assert levelled((10.0, -84.0)).gain_db == MOST_GAIN_DB
    assert levelled((10.0, -60.0)).gain_db == NOISE_AFTER_DB + 60.0, "as far as the noise allows"
    assert levelled((10.0, -30.0)).gain_db == 0.0
    assert np.max(np.abs(levelled((10.0, -84.0)).lifted(np.ones(FRAME, float32)))) <= 1.0


def test_a_sudden_loud_sound_brings_the_gain_down_at_once_and_it_comes_back_slowly() -> None:
    loudness = levelled((10.0, -80.0))
    loudness.hear(-10.0)
    assert loudness.gain_db == 0.0
    for _ in range(SECOND):
        loudness.hear(-80.0)
    assert 2.0 < loudness.gain_db < 4.0


def test_the_noise_falls_at_once_and_rises_slowly_and_silence_of_a_device_teaches_nothing() -> None:
    assert levelled((5.0, -50.0), (0.04, -70.0)).noise_db == -70.0
    loudness = levelled((5.0, -70.0), (4.0, -40.0))
    assert -70.0 < loudness.noise_db < -60.0, "a wail of four seconds is not the noise of the room"
    assert loudness.believed(0.3) > 0.5, "and stands out of it"
    assert levelled((60.0, -70.0), (20.0, -40.0)).noise_db == -40.0
    assert levelled((5.0, -60.0), (2.0, -120.0)).noise_db == -60.0


def test_only_what_stands_out_of_a_known_room_is_believed_sooner() -> None:
    room_db = -60.0
    assert Loudness().believed(0.3) == 0.3
    assert levelled((5.0, room_db)).believed(0.3) == 0.3
    assert levelled((5.0, room_db), (0.04, room_db + OUT_OF_NOISE_DB)).believed(0.3) > 0.5
    assert levelled((5.0, room_db), (0.04, room_db + OUT_OF_NOISE_DB)).believed(0.02) < 0.1


def test_who_speaks_in_the_first_second_is_heard() -> None:
    loudness = Loudness()
    for _ in range(CALIBRATION_FRAMES):
        assert loudness.awake
        loudness.hear(-30.0)


def test_an_ordinary_turn_is_handed_over_as_it_is_and_a_peak_stays_a_peak() -> None:
    ordinary = room(2.0, LEVEL_DB)
    assert audible(ordinary) is ordinary
    quiet = ordinary * float32(0.001)
    assert 30.0 < 20 * np.log10(np.max(np.abs(audible(quiet))) / np.max(np.abs(quiet))) <= MOST_GAIN_DB + 0.01
    quiet[100] = 0.8
    assert np.max(np.abs(audible(quiet))) <= 0.9001
    assert len(audible(np.zeros(10, float32))) == 10
    assert not audible(np.zeros(RATE, float32)).any()

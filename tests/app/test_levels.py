"""Levels of the microphone, and a chime found again in what it hears: on sound whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from numpy import float32
from numpy.typing import NDArray

from assistant.app.levels import LevelMeter
from assistant.app.loopback import CHIME, compared
from assistant.content.root import content_root
from assistant.hearing.listener import Listener
from assistant.hearing.recogniser import RATE
from assistant.hearing.voice_activity import FRAME
from assistant.sound import read_wav, resampled

BEGAN = round(2.5 * RATE)


def noise(seconds: float, db: float, seed: int = 0) -> NDArray[float32]:
    samples = np.random.default_rng(seed).standard_normal(round(seconds * RATE))
    return np.asarray(10 ** (db / 20) * samples, dtype=float32)


class ByLevel:
    """A voice is what is loud."""

    def probability(self, frame: NDArray[float32]) -> float:
        return 0.9 if float(np.abs(frame).max()) > 0.05 else 0.1

    def reset(self) -> None:
        """Nothing is kept."""


def test_eight_levels_a_second_tell_a_voice_from_the_noise_of_the_room() -> None:
    meter = LevelMeter(ByLevel(), Listener)
    sound = np.concatenate([noise(2.0, -60.0), noise(1.0, -20.0), noise(2.0, -60.0)])
    levels = [level for at in range(0, len(sound), 700) for level in meter.hear(sound[at : at + 700])]
    assert len(levels) == pytest.approx(5 * RATE / 512 / 4, abs=1)
    assert levels[8].level_db == pytest.approx(-60.0, abs=1.5) and not levels[8].speech
    assert levels[20].level_db == pytest.approx(-20.0, abs=1.5) and levels[20].speech
    assert levels[20].probability == 0.9
    assert levels[20].noise_db < -45.0, "a voice is not the noise of the room"
    heard = meter.heard
    assert heard.seconds == pytest.approx(5.0, abs=0.1) and 0.8 < heard.speech_seconds < 2.5 and not heard.muted
    assert heard.level_db == pytest.approx(-27.0, abs=1.0)


def test_a_muted_microphone_is_told_from_a_quiet_room() -> None:
    for sound, muted in ((np.zeros(RATE, dtype=float32), True), (noise(1.0, -85.0), False)):
        meter = LevelMeter(ByLevel(), Listener)
        meter.hear(sound)
        assert meter.heard.muted is muted


def test_the_zeros_with_which_a_device_begins_are_not_the_noise_of_the_room() -> None:
    meter = LevelMeter(ByLevel(), Listener)
    meter.hear(np.concatenate([np.zeros(8 * FRAME, dtype=float32), noise(0.5, -60.0)]))
    assert meter.heard.noise_db == pytest.approx(-60.0, abs=1.5)


def chime() -> NDArray[float32]:
    return resampled(read_wav(content_root() / "audio" / CHIME), RATE)


def room_with(echo_db: float, delay: float, noise_db: float, seed: int = 0) -> NDArray[float32]:
    heard, played = noise(6.0, noise_db, seed), chime()
    at = BEGAN + round(delay * RATE)
    heard[at : at + len(played)] += played * float32(10 ** (echo_db / 20))
    return heard


@pytest.mark.parametrize("noise_db", [-75.0, -50.0])
@pytest.mark.parametrize("echo_db", [0.0, -12.0, -24.0])
@pytest.mark.parametrize("delay", [0.03, 0.25, 0.9])
def test_how_loud_and_how_late_the_chime_comes_back(echo_db: float, delay: float, noise_db: float) -> None:
    found = compared(chime(), room_with(echo_db, delay, noise_db), BEGAN)
    assert found.echo_db == pytest.approx(echo_db, abs=2.0)
    assert found.delay_seconds == pytest.approx(delay, abs=0.004)
    assert found.noise_db == pytest.approx(noise_db, abs=1.0)


@pytest.mark.parametrize("seed", range(10))
def test_noise_alone_and_somebody_who_makes_a_sound_meanwhile_are_no_echo(seed: int) -> None:
    heard = noise(6.0, -50.0, seed)
    assert compared(chime(), heard, BEGAN).echo_db is None
    heard[BEGAN + RATE // 2 : BEGAN + RATE] += noise(0.5, -20.0, seed + 100)
    assert compared(chime(), heard, BEGAN).echo_db is None


def test_a_chime_in_digital_silence_and_no_sound_at_all() -> None:
    heard = np.zeros(6 * RATE, dtype=float32)
    nothing = compared(chime(), heard, BEGAN)
    assert nothing.echo_db is None and nothing.muted
    heard[BEGAN + 800 : BEGAN + 800 + len(chime())] += chime()
    found = compared(chime(), heard, BEGAN)
    assert found.echo_db == pytest.approx(0.0, abs=0.5) and not found.muted

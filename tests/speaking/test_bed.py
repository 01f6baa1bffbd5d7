"""The soft bed of noise: under an exercise, quiet, endless, and gone with a stop; the voice is as it was without it."""

from __future__ import annotations

import numpy as np
import pytest
from numpy import float32
from numpy.typing import NDArray

from assistant.app.parts import build_player
from assistant.config import load_settings
from assistant.content.root import content_root
from assistant.core.ids import UtteranceId
from assistant.speaking.bed import LEVEL_DB, Bed, soft_noise
from assistant.speaking.player import Part, Player

RATE, BLOCK = 24_000, 251
"""The loop comes round in the middle of a block."""
LOOP = soft_noise(RATE)
CONFIG = [content_root() / "config.yaml"]


def a_player(*, bed: bool = True) -> Player:
    return Player(RATE, lambda event: None, Bed(LOOP, RATE) if bed else None)


def speak(player: Player, *, seconds: float, bed: bool, silent: bool = False) -> None:
    playout = player.play(UtteranceId(1), player.stops, bed=bed)
    count = round(seconds * RATE)
    playout.append(Part(0, count if silent else (0.3 * np.sin(np.arange(count) / 9.0)).astype(float32)))
    playout.finish()


def heard(player: Player, seconds: float) -> NDArray[float32]:
    blocks = []
    for _ in range(round(seconds * RATE / BLOCK)):
        out = np.full(BLOCK, 9.0, dtype=float32)
        player.fill(out)
        blocks.append(out)
    return np.concatenate(blocks)


def level_db(samples: NDArray[float32]) -> float:
    return float(20 * np.log10(max(np.sqrt(np.mean(np.square(samples, dtype=np.float64))), 1e-9)))


def largest_jump(samples: NDArray[float32]) -> float:
    return float(np.max(np.abs(np.diff(samples))))


def test_the_loop_is_quiet_and_its_end_goes_on_into_its_beginning() -> None:
    assert -50.0 <= level_db(LOOP) <= -45.0 and level_db(LOOP) == pytest.approx(LEVEL_DB, abs=0.1)
    assert np.max(np.abs(LOOP)) < 10 ** (-30 / 20), "no moment of it stands out"
    assert abs(LOOP[0] - LOOP[-1]) <= largest_jump(LOOP)
    spectrum = np.square(np.abs(np.fft.rfft(LOOP)))
    hertz = np.fft.rfftfreq(len(LOOP), 1 / RATE)
    octaves = [
        10 * np.log10(np.sum(spectrum[(hertz >= low) & (hertz < 2 * low)])) for low in (125, 250, 500, 1000, 2000)
    ]
    assert np.ptp(octaves) < 1.0, "every octave is equally loud: pink"


def test_it_lies_under_an_exercise_and_its_pauses_and_comes_and_goes_slowly() -> None:
    player = a_player()
    speak(player, seconds=25.0, bed=True, silent=True)
    sound = heard(player, 30.0)
    assert level_db(sound[2 * RATE : 25 * RATE]) == pytest.approx(LEVEL_DB, abs=0.3), "also where the loop comes round"
    assert level_db(sound[: RATE // 10]) < LEVEL_DB - 15
    assert largest_jump(sound) <= 1.01 * largest_jump(LOOP), "no click anywhere, nor where the loop comes round"
    assert not np.any(sound[-3 * RATE :]), "while the assistant listens there is nothing"


def test_what_is_no_exercise_has_none() -> None:
    player = a_player()
    speak(player, seconds=2.0, bed=False, silent=True)
    assert not np.any(heard(player, 3.0))


def test_the_voice_is_the_same_sample_by_sample() -> None:
    """It never ducks speech."""
    with_bed, without = a_player(), a_player(bed=False)
    for player in (with_bed, without):
        speak(player, seconds=1.0, bed=True)
    difference = heard(with_bed, 1.0) - heard(without, 1.0)
    assert level_db(difference) <= LEVEL_DB
    assert with_bed.level == pytest.approx(without.level, rel=1e-6), "what the ears ask is about the voice alone"


@pytest.mark.parametrize("when", ["speaking", "just after"])
def test_a_stop_takes_it_within_one_block(when: str) -> None:
    player = a_player()
    speak(player, seconds=5.0, bed=True, silent=True)
    heard(player, 4.0 if when == "speaking" else 5.2)
    player.mute()
    last = heard(player, BLOCK / RATE)
    assert not np.any(heard(player, 2.0)) and abs(last[-1]) < 1e-6
    assert largest_jump(last) <= 1.01 * largest_jump(LOOP), "with a fade"


def test_a_lowered_or_waiting_voice_lowers_and_stills_it_too() -> None:
    player = a_player()
    speak(player, seconds=20.0, bed=True, silent=True)
    heard(player, 3.0)
    player.duck()
    heard(player, 0.1)
    assert level_db(heard(player, 0.5)) == pytest.approx(LEVEL_DB - 24.0, abs=1.5)
    player.rest()
    heard(player, BLOCK / RATE)
    assert not np.any(heard(player, 0.5))
    player.unduck()
    heard(player, 1.5)
    assert level_db(heard(player, 1.0)) == pytest.approx(LEVEL_DB, abs=1.0)


def test_its_echo_is_known_and_whether_the_voice_sounds_is_asked_of_the_voice() -> None:
    player = a_player()
    speak(player, seconds=5.0, bed=True, silent=True)
    heard(player, 3.0)
    assert np.any(player.written.read(player.written.count - RATE, RATE))
    assert not np.any(player.said.read(player.said.count - RATE, RATE))


def test_peaks_stay_under_minus_3_dbfs_with_it() -> None:
    """The voice's ceiling is -3.5 dBFS."""
    assert 10 ** (-3.5 / 20) + np.max(np.abs(LOOP)) < 10 ** (-3.0 / 20)


def test_nobody_has_it_who_did_not_ask_for_it() -> None:
    for settings, louder in ((load_settings(CONFIG), False), (load_settings(CONFIG, {"voice.bed": "soft"}), True)):
        player = build_player(settings, RATE, lambda event: None)
        speak(player, seconds=2.0, bed=True, silent=True)
        assert bool(np.any(heard(player, 1.0))) is louder

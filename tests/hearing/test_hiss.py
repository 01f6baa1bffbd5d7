"""The first sound of a "stop" over the voice is noticed, and the voice's own hisses are nobody's."""

from __future__ import annotations

import numpy as np
import pytest
from numpy import float32
from numpy.typing import NDArray

from assistant.hearing.echo_reference import EchoReference
from assistant.hearing.hiss import ROUND, Hiss
from assistant.hearing.recogniser import RATE
from assistant.hearing.voice_activity import FRAME

from .rooms import LoudRoom, speech

FRAME_SECONDS = FRAME / RATE
ONSETS = [4.0, 4.7, 5.3, 6.1, 6.6, 7.2, 7.9, 8.3, 9.0, 9.6]
HISS_SECONDS = 0.12


def hisses(level_db: float) -> NDArray[float32]:
    """An "s" at each of the onsets: noise from 4 kHz on."""
    draw = np.random.default_rng(5)
    sound = np.zeros(round(10.5 * RATE), dtype=float32)
    for onset in ONSETS:
        start, size = round(onset * RATE), round(HISS_SECONDS * RATE)
        spectrum = np.fft.rfft(draw.standard_normal(size))
        spectrum[: round(4000 * HISS_SECONDS)] = 0.0
        high = np.fft.irfft(spectrum, size)
        sound[start : start + size] = high / np.sqrt(np.mean(high**2)) * 10 ** (level_db / 20)
    return sound


def noticed(room: LoudRoom, speaking: NDArray[float32] | None = None, late: int = 0) -> list[float]:
    """When two frames in a row hissed; `late`: samples by which the echo is believed to come later than it does."""
    reference, hiss = EchoReference(room.played), Hiss()
    before, found = False, []
    for number, frame in enumerate(room.hears(speech(10.5), speaking)):
        reference.follow(frame)
        around = reference.round_echo(FRAME, ROUND + late)
        if around is None:
            continue
        over = hiss.is_somebodys(frame, around[: FRAME + 2 * ROUND], alone=True)
        if over and before:
            found.append((number + 1) * FRAME_SECONDS)
        before = over
    return found


@pytest.mark.parametrize("echo_db", [0.0, -6.0, -20.0])
@pytest.mark.parametrize("bare", [0.0, 2.0])
def test_the_voices_own_hisses_are_nobodys(echo_db: float, bare: float) -> None:
    assert noticed(LoudRoom(0.2, echo_db, bare=bare)) == []


@pytest.mark.parametrize("slip_ms", [-40, -10, 10, 40])
def test_nor_when_the_echo_has_slipped(slip_ms: int) -> None:
    assert noticed(LoudRoom(0.2, -6.0), late=slip_ms * RATE // 1000) == []


@pytest.mark.parametrize("echo_db", [0.0, -6.0, -20.0])
def test_somebodys_is_noticed_within_a_tenth_of_a_second_unless_the_voice_hisses_too(echo_db: float) -> None:
    found = noticed(LoudRoom(0.2, echo_db), hisses(-30.0))
    soon = [onset for onset in ONSETS if any(0.0 < moment - onset <= 0.1 for moment in found)]
    assert len(soon) >= 7
    assert all(any(0.0 < moment - onset <= HISS_SECONDS + FRAME_SECONDS for onset in ONSETS) for moment in found)


def test_a_hiss_that_goes_on_is_the_room() -> None:
    fan = np.random.default_rng(6).standard_normal(round(10.5 * RATE)).astype(float32) * float32(10 ** (-40 / 20))
    fan[: 3 * RATE] = 0.0
    found = noticed(LoudRoom(0.2, -6.0), fan)
    assert [moment for moment in found if moment > 3.0 + 5.0] == []

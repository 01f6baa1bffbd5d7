"""The player: exact, one voice, and silent within one block of a stop."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy import float32
from numpy.typing import NDArray

from assistant.core.events import Event, PlaybackFinished, PlaybackProgressed, PlaybackStarted
from assistant.core.ids import UtteranceId
from assistant.speaking.player import DUCKED, FADE_SECONDS, Part, Player

RATE, BLOCK = 48_000, 512


def loud(count: int) -> NDArray[float32]:
    return np.full(count, 0.5, dtype=float32)


def block(player: Player, count: int = BLOCK) -> NDArray[float32]:
    out = np.zeros(count, dtype=float32)
    player.fill(out)
    return out


@pytest.fixture
def events() -> list[Event]:
    return []


@pytest.fixture
def player(events: list[Event]) -> Player:
    return Player(RATE, events.append)


def speaking(player: Player, utterance: int = 1, seconds: float = 10.0) -> None:
    playout = player.play(UtteranceId(utterance), player.stops)
    playout.append(Part(0, loud(round(seconds * RATE))))
    playout.finish()
    block(player)
    assert np.all(block(player) == 0.5)


def test_a_stop_is_silence_within_one_block_and_fades(player: Player, events: list[Event]) -> None:
    speaking(player)
    player.mute()
    out = block(player)
    fade = int(FADE_SECONDS * RATE)
    assert np.all(np.diff(out[:fade]) <= 0), "it fades"
    assert np.all(out[fade:] == 0.0), "and is silent"
    assert np.all(block(player) == 0.0)
    assert events[-1] == PlaybackFinished(UtteranceId(1), 0, interrupted=True)


def test_a_speak_in_flight_when_stop_was_pressed_never_unmutes(player: Player, events: list[Event]) -> None:
    speaking(player)
    seen = player.stops
    player.mute()
    late = player.play(UtteranceId(2), seen)
    late.append(Part(0, loud(RATE)))
    late.finish()
    block(player)
    assert all(np.all(block(player) == 0.0) for _ in range(20))
    assert PlaybackFinished(UtteranceId(2), 0, interrupted=True) in events, "nobody waits for it"


def test_what_was_decided_after_the_stop_is_heard(player: Player) -> None:
    speaking(player)
    player.mute()
    block(player)
    speaking(player, utterance=2)


def test_pauses_are_exact_to_the_sample(player: Player) -> None:
    playout = player.play(UtteranceId(1), 0)
    playout.append(Part(0, loud(100)))
    playout.append(Part(1, 62_399))
    playout.append(Part(2, loud(100)))
    playout.finish()
    block(player)
    heard = np.concatenate([block(player, 333) for _ in range(200)])
    assert np.flatnonzero(heard)[99:101].tolist() == [99, 100 + 62_399]


def test_segments_are_announced_as_they_begin(player: Player, events: list[Event]) -> None:
    playout = player.play(UtteranceId(1), 0)
    for segment in range(3):
        playout.append(Part(segment, loud(700)))
    playout.finish()
    for _ in range(6):
        block(player)
    assert events == [
        PlaybackStarted(UtteranceId(1)),
        PlaybackProgressed(UtteranceId(1), 0),
        PlaybackProgressed(UtteranceId(1), 1),
        PlaybackProgressed(UtteranceId(1), 2),
        PlaybackFinished(UtteranceId(1), 2, interrupted=False),
    ]


def test_a_late_voice_engine_is_waited_for_in_silence(player: Player, events: list[Event]) -> None:
    playout = player.play(UtteranceId(1), 0)
    assert all(np.all(block(player) == 0.0) for _ in range(5))
    playout.append(Part(0, loud(BLOCK)))
    playout.finish()
    assert np.all(block(player) == 0.5)
    block(player)
    assert isinstance(events[-1], PlaybackFinished)


def test_ducking_lowers_and_swells_back(player: Player) -> None:
    assert 20 * np.log10(DUCKED) == pytest.approx(-24.0), "whoever speaks hears that they were heard"
    speaking(player)
    player.duck()
    assert [block(player) for _ in range(10)][-1][-1] == pytest.approx(0.5 * DUCKED, rel=1e-3)
    player.unduck()
    assert [block(player) for _ in range(30)][-1][-1] == 0.5


@given(st.lists(st.sampled_from(["play", "stale", "append", "finish", "mute", "stop", "duck", "fill"]), max_size=60))
def test_whatever_happens_every_started_utterance_ends_exactly_once(deeds: list[str]) -> None:
    events: list[Event] = []
    player = Player(RATE, events.append)
    playout, number = player.play(UtteranceId(0), 0), 0
    for deed in deeds:
        match deed:
            case "play" | "stale":
                number += 1
                playout = player.play(UtteranceId(number), player.stops - (deed == "stale"))
            case "append":
                playout.append(Part(0, loud(300)))
            case "finish":
                playout.finish()
            case "fill":
                block(player)
            case _:
                getattr(player, deed)()
    player.stop()
    block(player)
    started = [e.utterance_id for e in events if isinstance(e, PlaybackStarted)]
    ended = [e.utterance_id for e in events if isinstance(e, PlaybackFinished)]
    assert len(ended) == len(set(ended))
    assert set(started) <= set(ended)

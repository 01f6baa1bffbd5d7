"""The player, whatever the threads do: nothing asked for is lost, nobody waits for ever, and there is one voice."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy import float32
from numpy.typing import NDArray

from assistant.core.events import Event, PlaybackFinished, PlaybackStarted
from assistant.core.ids import UtteranceId
from assistant.speaking.player import DUCKED, Part, Player, Playout

RATE, BLOCK = 48_000, 512


def block(player: Player, count: int = BLOCK) -> NDArray[float32]:
    out = np.full(count, 9.0, dtype=float32)
    player.fill(out)
    return out


def opened(player: Player, utterance: int, *, seconds: float = 1.0, level: float = 0.5) -> Playout:
    playout = player.play(UtteranceId(utterance), player.stops)
    playout.append(Part(0, np.full(round(seconds * RATE), level, dtype=float32)))
    playout.finish()
    return playout


def ends(events: list[Event]) -> list[tuple[int, bool]]:
    return [(int(e.utterance_id), e.interrupted) for e in events if isinstance(e, PlaybackFinished)]


@pytest.mark.parametrize("how", ["stopped", "muted", "replaced"])
def test_an_utterance_that_never_began_is_reported_too(how: str) -> None:
    events: list[Event] = []
    player = Player(RATE, events.append)
    first = opened(player, 1)
    match how:
        case "stopped":
            player.stop()
        case "muted":
            player.mute()
        case _:
            opened(player, 2, seconds=0.01)
    for _ in range(4):
        block(player)
    assert ends(events)[0] == (1, True), "nobody waits for it"
    assert first.over, "and the voice worker need not go on"
    assert PlaybackStarted(UtteranceId(1)) not in events


def test_what_is_asked_for_while_another_thing_is_refused_is_not_lost() -> None:
    """The refusal of a stale utterance is posted from within `fill`: the moment in which another thread may speak."""
    events: list[Event] = []
    player = Player(RATE, events.append)

    def post(event: Event) -> None:
        events.append(event)
        if event == PlaybackFinished(UtteranceId(1), 0, interrupted=True):
            opened(player, 2, seconds=0.02)

    player.on_event(post)
    player.mute()
    stale = player.play(UtteranceId(1), player.stops - 1)
    stale.finish()
    heard = np.concatenate([block(player) for _ in range(6)])
    assert np.max(heard) == 0.5
    assert ends(events) == [(1, True), (2, False)]


def test_what_is_asked_for_as_the_last_one_ends_is_not_lost() -> None:
    events: list[Event] = []
    player = Player(RATE, events.append)

    def post(event: Event) -> None:
        events.append(event)
        if event == PlaybackFinished(UtteranceId(1), 0, interrupted=False):
            opened(player, 2, seconds=0.02)

    player.on_event(post)
    opened(player, 1, seconds=0.02)
    for _ in range(12):
        block(player)
    assert ends(events) == [(1, False), (2, False)]


def test_a_duck_just_after_the_beginning_holds() -> None:
    player = Player(RATE, lambda event: None)
    opened(player, 1)
    player.duck()
    assert [block(player) for _ in range(12)][-1][-1] == pytest.approx(0.5 * DUCKED, rel=1e-3)


@pytest.mark.parametrize("count", [1, 32, 100, 239])
def test_a_block_shorter_than_the_fade_still_ends_silent(count: int) -> None:
    player = Player(RATE, lambda event: None)
    opened(player, 1)
    assert np.max([block(player, count)[-1] for _ in range(3)]) == 0.5
    player.mute()
    out = block(player, count)
    assert np.all(np.diff(out) <= 0) and out[-1] == 0.0
    assert np.all(block(player, count) == 0.0)


def test_a_duck_does_not_swell_while_a_stop_fades() -> None:
    player = Player(RATE, lambda event: None)
    opened(player, 1)
    player.duck()
    before = [block(player) for _ in range(12)][-1][-1]
    player.mute()
    assert np.max(block(player)) <= before * 1.001


DEEDS = ["play", "stale", "silence", "sound", "finish", "mute", "stop", "fill", "fill", "fill a little"]


@given(st.lists(st.sampled_from(DEEDS), max_size=80))
def test_one_voice_and_one_end_for_everything_that_was_asked_for(deeds: list[str]) -> None:
    """Each utterance has a level of its own, so that the samples tell who is heard."""
    events: list[Event] = []
    player = Player(RATE, events.append)
    playouts: list[Playout] = []
    stale: set[int] = set()
    latest: int | None = None

    def listen(count: int) -> None:
        before = len(ends(events))
        out = block(player, count)
        cut = [number for number, interrupted in ends(events)[before:] if interrupted]
        levels = {round(float(x) * 1000) for x in np.unique(out)} - {0}
        if not cut:
            assert len(levels) <= 1, "one voice in a block"
            assert levels <= {latest}, "and it is the newest"
        assert not levels or max(levels) <= max([*cut, latest or 0]), "a fade only falls"

    for deed in deeds:
        match deed:
            case "play" | "stale":
                number = len(playouts) + 1
                playouts.append(player.play(UtteranceId(number), player.stops - (deed == "stale")))
                latest = None if deed == "stale" else number
                if deed == "stale":
                    stale.add(number)
            case "sound" if playouts:
                playouts[-1].append(Part(0, np.full(300, len(playouts) / 1000, dtype=float32)))
            case "silence" if playouts:
                playouts[-1].append(Part(0, 300))
            case "finish" if playouts:
                playouts[-1].finish()
            case "mute" | "stop":
                getattr(player, deed)()
                latest = None
            case "fill" | "fill a little":
                listen(BLOCK if deed == "fill" else 100)
    player.stop()
    listen(BLOCK)
    assert sorted(number for number, _ in ends(events)) == list(range(1, len(playouts) + 1))
    assert all(playout.over for playout in playouts)
    started = [int(e.utterance_id) for e in events if isinstance(e, PlaybackStarted)]
    assert len(started) == len(set(started)) and not stale & set(started)

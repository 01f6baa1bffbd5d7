"""A voice on a Wyoming server, by the real package: it is sent published lines only, and may do whatever it likes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from numpy import float32

from assistant.settings import WyomingVoice
from assistant.sound import Sound
from assistant.speaking.cache import CachedVoice
from assistant.speaking.child_voice import Patience
from assistant.speaking.engine import DeclinedLineError
from assistant.speaking.wyoming_child import SECONDS as SECONDS_ALL
from assistant.speaking.wyoming_child import Renderer
from assistant.speaking.wyoming_voice import ServedVoice, identity
from assistant.testing.fake_voice import FakeVoice, hum
from assistant.testing.fake_wyoming_server import PACE, FakeWyomingServer, Fault, a_wyoming_server
from assistant.testing.voice_suite import LINES, check_voice_engine

pytest.importorskip("wyoming", reason="pip install 'grounding-assistant[wyoming]'")

LINE = "Press both feet into the floor."
SECONDS = FakeVoice().render(LINE, 125).seconds
RATE = 24_000
SLOW = (Fault.HANGS, Fault.HANGS_IN_BETWEEN, Fault.DRIPS, Fault.ENDLESS)


@pytest.fixture
def server() -> Iterator[FakeWyomingServer]:
    with a_wyoming_server() as state:
        yield state


def endpoint(server: FakeWyomingServer, voice: str | None = None, pace: int = PACE) -> WyomingVoice:
    return WyomingVoice(server.address, voice, pace)


def test_a_server_that_speaks_is_a_voice_engine(server: FakeWyomingServer) -> None:
    check_voice_engine(partial(ServedVoice, endpoint(server), LINES))
    assert {request.voice for request in server.requests} == {None}


def test_a_voice_is_asked_for_by_its_name(server: FakeWyomingServer) -> None:
    voice = ServedVoice(endpoint(server, "en_US-joe-medium"), [LINE])
    voice.render(LINE, 125)
    voice.close()
    (request,) = server.requests
    assert request.voice is not None and request.voice.name == "en_US-joe-medium"


def test_a_server_that_is_slow_by_itself_is_not_slowed_again(server: FakeWyomingServer) -> None:
    server.says = lambda text: FakeVoice().render(text, 125)
    voice = ServedVoice(endpoint(server, pace=125), [LINE])
    assert voice.render(LINE, 125).seconds == pytest.approx(SECONDS, abs=0.05)
    voice.close()


BAD: dict[str, Callable[[str], Sound]] = {
    "silence": lambda text: Sound(np.zeros(2 * RATE, float32), RATE),
    "noise": lambda text: Sound(np.random.default_rng(0).uniform(-1, 1, 2 * RATE).astype(float32), RATE),
    "half its rate": lambda text: Sound(hum(SECONDS, RATE).samples, RATE // 3),
    "twice its rate": lambda text: Sound(hum(SECONDS, RATE).samples, RATE * 3),
    "nothing": lambda text: Sound(np.zeros(0, float32), RATE),
}
NONE: dict[str, Callable[[str], Sound]] = {
    "no rate": lambda text: Sound(hum(SECONDS, RATE).samples, 0),
    "too much": lambda text: Sound(np.zeros(9 * 1024 * 1024, float32), RATE),
}


@pytest.mark.parametrize("says", BAD.values(), ids=BAD.keys())
def test_bad_sound_from_a_server_is_replaced_within_the_line_and_told(
    server: FakeWyomingServer, says: Callable[[str], Sound]
) -> None:
    server.says = says
    replaced_by_the_next_engine(server)


@pytest.mark.parametrize("says", NONE.values(), ids=NONE.keys())
def test_what_can_be_no_line_is_none(server: FakeWyomingServer, says: Callable[[str], Sound], tmp_path: Path) -> None:
    server.says = says
    assert rendered(server, tmp_path) is None


@pytest.mark.parametrize(
    "fault", [fault for fault in Fault if fault not in (*SLOW, Fault.NONE)], ids=lambda fault: fault.value
)
def test_a_server_that_fails_gives_none_at_once_and_is_asked_once(
    server: FakeWyomingServer, fault: Fault, tmp_path: Path
) -> None:
    server.fault = fault
    began = time.monotonic()
    assert rendered(server, tmp_path) is None
    assert time.monotonic() - began < SECONDS_ALL / 2, "not because its time was over"
    assert len(server.requests) == 1


def rendered(server: FakeWyomingServer, folder: Path) -> str | None:
    return Renderer(server.address, "", PACE, str(folder)).render(LINE, 125)


@pytest.mark.real_clock
@pytest.mark.parametrize("fault", SLOW, ids=lambda fault: fault.value)
def test_a_server_that_never_ends_its_answer_is_cut_off(server: FakeWyomingServer, fault: Fault) -> None:
    server.fault = fault
    replaced_by_the_next_engine(server, Patience(start=30.0, render=0.3))


def test_a_server_that_fails_is_replaced_within_the_line_and_told(server: FakeWyomingServer) -> None:
    server.fault = Fault.CLOSES_IN_BETWEEN
    replaced_by_the_next_engine(server)


def test_nobody_there_is_replaced() -> None:
    replaced_by_the_next_engine(FakeWyomingServer("tcp://127.0.0.1:9"))


def replaced_by_the_next_engine(server: FakeWyomingServer, patience: Patience | None = None) -> None:
    told: list[str] = []
    distant = ServedVoice(endpoint(server), [LINE], patience or Patience(30.0, 15.0))
    voice = CachedVoice((distant, FakeVoice()), None, trouble=told.append)
    try:
        assert voice.render(LINE, 125).seconds == SECONDS
        assert told == ["voice-replaced"]
    finally:
        voice.close()


def test_a_text_that_is_not_published_is_never_sent(server: FakeWyomingServer) -> None:
    voice = ServedVoice(endpoint(server), [LINE])
    for text in ("Is Alex near? You could call them now.", "Seven. Thank you.", f"{LINE} ", LINE.lower(), ""):
        with pytest.raises(DeclinedLineError):
            voice.render(text, 125)
    voice.close()
    assert server.asked == 0


def test_a_named_voice_is_the_same_wherever_it_runs_and_a_servers_own_choice_is_that_servers() -> None:
    here, there = FakeWyomingServer("tcp://a:1"), FakeWyomingServer("tcp://b:1")
    assert identity(endpoint(here, "joe")) == identity(endpoint(there, "joe"))
    assert identity(endpoint(here)) != identity(endpoint(there))
    assert identity(endpoint(here)) != identity(endpoint(here, pace=125)), "stretched otherwise, it is another sound"

"""Hearing on a Wyoming server, by the real package: only what is allowed leaves, and the own recogniser stands by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from assistant.core.commands import End, EndReason, HearElsewhere
from assistant.core.events import Event, OtherLost
from assistant.hearing.elsewhere import LEFT_ALONE_SECONDS
from assistant.hearing.recogniser import RATE
from assistant.hearing.wyoming_engine import WyomingRecogniser
from assistant.safety.transcript import Trust
from assistant.settings import WyomingHearing
from assistant.sound import to_int16
from assistant.testing.fake_wyoming_server import FakeWyomingServer, Fault, a_wyoming_server
from assistant.testing.recogniser_suite import check_recogniser

from .standing_by import AVoice, Local

pytest.importorskip("wyoming", reason="pip install 'grounding-assistant[wyoming]'")

TURN = (np.sin(np.arange(2 * RATE) / 20) * 0.1).astype(np.float32)
PATIENT = 10.0
SLOW = (Fault.HANGS, Fault.HANGS_IN_BETWEEN, Fault.DRIPS)
"""Only the time limit ends these."""


class Hearing:
    def __init__(self, server: FakeWyomingServer, seconds: float = PATIENT, model: str | None = None) -> None:
        self.now = 0.0
        self.local = Local()
        self.posted: list[Event] = []
        endpoint = WyomingHearing(server.address, model, seconds)
        self.recogniser = WyomingRecogniser(endpoint, "en", self.local, self.posted.append, AVoice(), lambda: self.now)
        self.recogniser.command(HearElsewhere(True), 0.0, "")


@pytest.fixture
def server() -> Iterator[FakeWyomingServer]:
    with a_wyoming_server() as state:
        state.heard = "i'm panicking"
        yield state


@pytest.fixture
def hearing(server: FakeWyomingServer) -> Iterator[Hearing]:
    hearing = Hearing(server)
    yield hearing
    hearing.recogniser.close()


def test_a_server_that_transcribes_is_a_recogniser(server: FakeWyomingServer) -> None:
    def build() -> WyomingRecogniser:
        recogniser = Hearing(server).recogniser
        recogniser.allowed = True
        return recogniser

    check_recogniser(build)
    assert len(server.turns) == 3


def test_a_turn_is_heard_there_every_sample_of_it(hearing: Hearing, server: FakeWyomingServer) -> None:
    heard = hearing.recogniser.transcribe(TURN)
    assert (heard.text, heard.trust, heard.engine) == ("i'm panicking", Trust.TRUSTED, "wyoming")
    assert server.turns == [to_int16(TURN)]
    assert (server.transcribe[0].language, server.transcribe[0].name) == ("en", None)
    assert hearing.local.turns == 0


def test_a_model_is_asked_for_by_its_name(server: FakeWyomingServer) -> None:
    hearing = Hearing(server, model="base.en")
    hearing.recogniser.transcribe(TURN)
    hearing.recogniser.close()
    assert server.transcribe[0].name == "base.en"


def test_nothing_is_sent_before_it_is_allowed_nor_after_the_sitting(
    hearing: Hearing, server: FakeWyomingServer
) -> None:
    hearing.recogniser.warm_up()
    for command in (HearElsewhere(False), End(EndReason.ASKED)):
        hearing.recogniser.command(HearElsewhere(True), 0.0, "")
        hearing.recogniser.command(command, 0.0, "")
        assert hearing.recogniser.transcribe(TURN).text == "heard here"
    assert server.asked == 0


@pytest.mark.parametrize(
    "fault", [fault for fault in Fault if fault not in (*SLOW, Fault.NONE)], ids=lambda fault: fault.value
)
def test_what_goes_wrong_there_is_heard_here_within_the_same_turn_and_without_its_whole_time(
    hearing: Hearing, server: FakeWyomingServer, fault: Fault
) -> None:
    server.fault = fault
    question = hearing.recogniser._there().ask(hearing.recogniser.ask(TURN))
    assert question.exception(PATIENT) is not None, "at once, and not when its time is over"
    assert hearing.recogniser.transcribe(TURN).text == "heard here"
    assert hearing.posted == [OtherLost("hearing", "no-answer")]


def test_where_nobody_is_this_computer_hears() -> None:
    hearing = Hearing(FakeWyomingServer("tcp://127.0.0.1:9"))
    assert hearing.recogniser.transcribe(TURN).text == "heard here"
    hearing.recogniser.close()


@pytest.mark.real_clock
@pytest.mark.parametrize("fault", SLOW, ids=lambda fault: fault.value)
def test_a_server_that_hangs_is_left_after_its_time(server: FakeWyomingServer, fault: Fault) -> None:
    hearing = Hearing(server, seconds=1.0)
    hearing.recogniser._there().ask(hearing.recogniser.load()).result(PATIENT)
    server.fault = fault
    assert hearing.recogniser.transcribe(TURN).text == "heard here"
    assert server.left.wait(PATIENT), "the connection is closed"
    hearing.recogniser.close()


def test_after_a_failure_nobody_waits_for_it_for_a_while_and_it_is_told_once(
    hearing: Hearing, server: FakeWyomingServer
) -> None:
    server.fault = Fault.CLOSES
    hearing.recogniser.transcribe(TURN)
    hearing.recogniser.transcribe(TURN)
    assert len(server.turns) == 1
    hearing.now = LEFT_ALONE_SECONDS
    server.fault = Fault.NONE
    assert hearing.recogniser.transcribe(TURN).text == "i'm panicking"
    assert len(hearing.posted) == 1


def test_no_other_computer_decides_that_nobody_spoke(hearing: Hearing, server: FakeWyomingServer) -> None:
    server.heard = " "
    heard = hearing.recogniser.transcribe(TURN)
    assert heard == replace(heard, text="heard here", engine="wyoming")
    assert hearing.posted == []

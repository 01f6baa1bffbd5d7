"""Hearing on another computer, by the real client: only what is allowed leaves, and the own recogniser stands by."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from numpy import float32

from assistant.core.commands import End, EndReason, HearElsewhere
from assistant.core.events import Event, OtherLost
from assistant.hearing.elsewhere import LEFT_ALONE_SECONDS
from assistant.hearing.openai_engine import OpenAiRecogniser
from assistant.hearing.recogniser import RATE
from assistant.safety.transcript import Trust
from assistant.settings import HearingEndpoint
from assistant.testing.fake_model_server import FakeModelServer, Fault, a_model_server
from assistant.testing.recogniser_suite import check_recogniser

from .standing_by import AVoice, Local

pytest.importorskip("openai", reason="pip install 'grounding-assistant[openai]'")

TURN = np.full(2 * RATE, 0.1, dtype=float32)
PATIENT = 10.0


class Hearing:
    def __init__(self, server: FakeModelServer, seconds: float = PATIENT) -> None:
        self.now = 0.0
        self.local = Local()
        self.posted: list[Event] = []
        endpoint = HearingEndpoint(server.base_url, "whisper-1", seconds)
        self.recogniser = OpenAiRecogniser(
            endpoint, "a-key", "en", self.local, self.posted.append, AVoice(), lambda: self.now
        )
        self.recogniser.command(HearElsewhere(True), 0.0, "")


@pytest.fixture
def server() -> Iterator[FakeModelServer]:
    with a_model_server() as state:
        state.heard = "i'm panicking"
        yield state


@pytest.fixture
def hearing(server: FakeModelServer) -> Iterator[Hearing]:
    hearing = Hearing(server)
    yield hearing
    hearing.recogniser.close()


def test_a_server_that_transcribes_is_a_recogniser(server: FakeModelServer) -> None:
    def build() -> OpenAiRecogniser:
        recogniser = Hearing(server).recogniser
        recogniser.allowed = True
        return recogniser

    check_recogniser(build)
    assert len(server.uploads) == 3


def test_a_turn_is_heard_there_with_what_is_known_of_its_trust(hearing: Hearing, server: FakeModelServer) -> None:
    heard = hearing.recogniser.transcribe(TURN)
    assert (heard.text, heard.trust, heard.engine) == ("i'm panicking", Trust.TRUSTED, "openai")
    assert heard.confidence == pytest.approx(np.exp(-0.2))
    server.logprob = -0.9
    assert hearing.recogniser.transcribe(TURN).trust is Trust.DOUBTFUL
    assert hearing.local.turns == 0
    assert server.headers[0]["authorization"] == "Bearer a-key"
    assert b"RIFF" in server.uploads[0] and b"whisper-1" in server.uploads[0]


def test_nothing_is_sent_before_it_is_allowed_nor_after_the_sitting(hearing: Hearing, server: FakeModelServer) -> None:
    for command in (HearElsewhere(False), End(EndReason.ASKED)):
        hearing.recogniser.command(HearElsewhere(True), 0.0, "")
        hearing.recogniser.command(command, 0.0, "")
        assert hearing.recogniser.transcribe(TURN).text == "heard here"
    assert server.uploads == []


@pytest.mark.parametrize(
    "fault",
    [Fault.UNAUTHORISED, Fault.BUSY, Fault.BROKEN, Fault.NO_JSON, Fault.OTHER_SCHEMA, Fault.EMPTY, Fault.ENDLESS,
     Fault.ELSEWHERE],
    ids=lambda fault: fault.value,
)  # fmt: skip
def test_what_goes_wrong_there_is_heard_here_within_the_same_turn(
    hearing: Hearing, server: FakeModelServer, fault: Fault
) -> None:
    server.fault = fault
    assert hearing.recogniser.transcribe(TURN).text == "heard here"
    assert hearing.posted == [OtherLost("hearing", "no-answer")]


@pytest.mark.real_clock
@pytest.mark.parametrize("fault", [Fault.HANGS, Fault.HANGS_IN_BETWEEN, Fault.DRIPS], ids=lambda fault: fault.value)
def test_a_server_that_hangs_is_left_after_its_time(server: FakeModelServer, fault: Fault) -> None:
    hearing = Hearing(server, seconds=2.0)
    hearing.recogniser._there().ask(hearing.recogniser.load()).result(PATIENT)
    server.fault = fault
    assert hearing.recogniser.transcribe(TURN).text == "heard here"
    assert server.left.wait(PATIENT), "the connection is closed"
    hearing.recogniser.close()


def test_after_a_failure_nobody_waits_for_it_for_a_while_and_it_is_told_once(
    hearing: Hearing, server: FakeModelServer
) -> None:
    server.fault = Fault.BROKEN
    hearing.recogniser.transcribe(TURN)
    hearing.recogniser.transcribe(TURN)
    assert len(server.uploads) == 1
    hearing.now = LEFT_ALONE_SECONDS
    server.fault = Fault.NONE
    assert hearing.recogniser.transcribe(TURN).text == "i'm panicking"
    assert len(hearing.posted) == 1


def test_no_other_computer_decides_that_nobody_spoke(hearing: Hearing, server: FakeModelServer) -> None:
    server.heard = ""
    assert hearing.recogniser.transcribe(TURN).text == "heard here"
    assert hearing.posted == []


@pytest.mark.parametrize(
    ("sent", "text"),
    [("i'm \ud800panicking\x1b[2J\x00", "i'm panicking [2J"), ("\ud800\x07", "heard here")],
    ids=["some of it", "all of it"],
)
def test_what_is_no_text_in_an_answer_reaches_neither_the_judge_nor_the_screen(
    hearing: Hearing, server: FakeModelServer, sent: str, text: str
) -> None:
    server.heard = sent
    assert hearing.recogniser.transcribe(TURN).text == text
    assert hearing.posted == []


def test_numbers_that_are_none_are_no_trust(hearing: Hearing, server: FakeModelServer) -> None:
    for odd in (float("nan"), float("inf"), 7.0):
        server.logprob = odd
        assert 0.0 <= hearing.recogniser.transcribe(TURN).confidence <= 1.0

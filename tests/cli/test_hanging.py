"""What the bench measures a stop under: the part that is to hang does hang, in the thread that a live session runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event as Flag
from types import SimpleNamespace

import numpy as np
import pytest
from numpy import float32
from numpy.typing import NDArray

from assistant.cli import hanging
from assistant.core.commands import Answer
from assistant.core.events import Event
from assistant.core.ids import AudioId, UtteranceId
from assistant.core.timeline import Speech, Timeline
from assistant.hearing.recogniser_worker import RecogniserWorker
from assistant.safety.transcript import Transcript, nothing_heard
from assistant.speaking.cache import CachedVoice
from assistant.speaking.layout import Layout
from assistant.speaking.voice_worker import VoiceWorker
from assistant.testing.fake_voice import RATE, FakeVoice
from tests.speaking.test_worker import Watched

PATIENCE = 20.0
"""Seconds: so long is a thread waited for before the test fails."""


class Forever:
    """In the place of what never comes: tells that it is waited for, and comes when the test is over."""

    def __init__(self) -> None:
        self.waited_for = Flag()
        self.over = Flag()

    def wait(self) -> None:
        self.waited_for.set()
        self.over.wait(PATIENCE)


@pytest.fixture
def forever(monkeypatch: pytest.MonkeyPatch) -> Iterator[Forever]:
    """Afterwards every part is as it was."""
    for owner, name in ((VoiceWorker, "_lay_out"), (VoiceWorker, "prepare"), (RecogniserWorker, "_run")):
        monkeypatch.setattr(owner, name, getattr(owner, name))
    forever = Forever()
    monkeypatch.setattr(hanging, "threading", SimpleNamespace(Event=lambda: forever))
    yield forever
    forever.over.set()


def test_a_voice_that_hangs_says_its_first_words_and_nothing_after_them(forever: Forever) -> None:
    hanging.hang("voice")
    engine = FakeVoice()
    voice = CachedVoice(engine, None)
    worker = VoiceWorker(Layout(voice, RATE, 120, Path(), {}), voice, lambda event: None)
    first, second = Watched(1), Watched(2)
    worker.start()
    worker.speak(UtteranceId(1), Timeline((Speech("first"),)), first)
    assert first.finished.wait(PATIENCE)
    worker.speak(UtteranceId(2), Timeline((Speech("second"),)), second)
    assert forever.waited_for.wait(PATIENCE)
    assert not second.complete and engine.spoken == ["first"]
    forever.over.set()
    worker.close()


class Recogniser:
    """Hears nothing, and tells that it was asked."""

    name = "asked"

    def __init__(self) -> None:
        self.asked = Flag()

    def warm_up(self) -> None: ...

    def transcribe(self, samples: NDArray[float32], expected: Answer = Answer.ANYTHING) -> Transcript:
        self.asked.set()
        return nothing_heard(self.name)

    def close(self) -> None: ...


def test_a_recogniser_that_hangs_answers_no_turn_whichever_it_is(forever: Forever) -> None:
    hanging.hang("recogniser")
    recogniser, events = Recogniser(), list[Event]()
    worker = RecogniserWorker(recogniser, events.append)
    worker.start()
    worker.transcribe(AudioId(1), np.zeros(160, dtype=np.float32))
    assert forever.waited_for.wait(PATIENCE)
    assert not recogniser.asked.is_set() and events == []
    forever.over.set()
    worker.close()

"""What a live session does with its threads, without a device."""

from __future__ import annotations

import io
import threading
from types import SimpleNamespace

import pytest

from assistant.app import live
from assistant.app.parts import load_library
from assistant.config import load_settings
from assistant.content.root import content_root
from assistant.core.commands import Speak
from assistant.core.ids import UtteranceId
from assistant.core.timeline import Pause, Timeline
from assistant.runtime.captions import Captions


def test_an_exercise_that_is_read_aloud_can_be_left_where_a_wait_without_a_limit_cannot(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    limits = list[float | None]()

    class Over(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            limits.append(timeout)
            return super().wait(timeout)

    monkeypatch.setattr(live, "threading", SimpleNamespace(Event=Over))
    monkeypatch.setattr(live, "LOOK_SECONDS", 0.02)
    settings = load_settings([content_root() / "config.yaml"])
    library = load_library(settings)
    captions = Captions(io.StringIO(), library.repertoire.phrases, said=True)
    live.play_once(library, settings, Speak(UtteranceId(1), Timeline((Pause(0.2),))), "", "none", captions)
    assert set(limits) == {0.02}

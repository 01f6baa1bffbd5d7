"""A microphone that nobody listens to counts as lost, whatever it delivers: the watchdog opens it again."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from assistant.app.parts import build_over_voice
from assistant.app.streams import Streams
from assistant.config import load_settings
from assistant.content.root import content_root
from assistant.core.events import Event, InputEnded
from assistant.hearing.listener import Listener
from assistant.hearing.recogniser import RATE
from assistant.hearing.recogniser_worker import RecogniserWorker
from assistant.runtime.ears import Hearers
from assistant.sound import Sound, write_wav
from tests.runtime.test_ears import Hanging, Raising, Spotter


def test_a_microphone_with_deaf_ears_is_lost(tmp_path: Path) -> None:
    file = tmp_path / "said.wav"
    with file.open("wb") as opened:
        write_wav(opened, Sound(np.full(RATE, 0.1, dtype=np.float32), RATE))
    happened: list[Event] = []
    streams = Streams(load_settings([content_root() / "config.yaml"]), "none", str(file), happened.append)
    worker = RecogniserWorker(Hanging(), happened.append)
    hearers = Hearers(worker, Spotter(None), lambda source: None)
    streams.hear_with(lambda: Listener(Raising()), lambda: build_over_voice(streams.player.written), hearers)
    streams.open_microphone()
    ears = streams._ears
    assert ears is not None
    ears.join()
    assert streams.microphone_beat() == -math.inf
    streams.close()
    assert streams.microphone_beat() is None, "a file is no device to watch, once its ears are gone"
    assert InputEnded() not in happened

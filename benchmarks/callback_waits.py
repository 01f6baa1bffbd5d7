"""How long a block of sound takes while the built-in recogniser decodes: `python -m benchmarks.callback_waits`.

A thread asks the speaker's callback for a block every 10.7 ms, as a sound card does, lowers the voice, rests it and
lets it swell back, while another decodes a sob over and over: with Python's own turns of its threads, and with those of
`devices.SWITCH_SECONDS`. Printed: from the moment a block was due to the moment it was there. A card that is played to
20 ms ahead runs dry after about as long.
"""

from __future__ import annotations

import sys
import threading
import time
from types import SimpleNamespace
from typing import Final

import numpy as np
from numpy import float32

from assistant.app.lines import expected_phrases
from assistant.app.parts import load_library
from assistant.config import load_settings
from assistant.content.root import content_root
from assistant.core.ids import UtteranceId
from assistant.devices import SWITCH_SECONDS, Device
from assistant.hearing.pocketsphinx_engine import PocketSphinx
from assistant.hearing.recogniser import RATE
from assistant.settings_files import settings_files
from assistant.sound import resampled
from assistant.speaking.output import BLOCK, OutputChoice, SpeakerStream
from assistant.speaking.player import Part, Player
from assistant.testing.measures import percentile
from assistant.testing.noises import NOISES

SPEAKER_RATE: Final = 48_000
DECODED: Final = 20
"""Sobs."""
PYTHONS_OWN: Final = 0.005
"""Seconds: what `sys.getswitchinterval` gives at first."""


def main() -> None:
    """Once with each."""
    library = load_library(load_settings(settings_files(content_root() / "config.yaml")))
    recogniser = PocketSphinx(expected_phrases(library))
    sob = resampled(NOISES["sob"](np.random.default_rng(1)), RATE)
    recogniser.transcribe(sob)
    for interval in (PYTHONS_OWN, SWITCH_SECONDS):
        sys.setswitchinterval(interval)
        speaker = Speaker()
        began = time.perf_counter()
        for _ in range(DECODED):
            recogniser.transcribe(sob)
        decoded = (time.perf_counter() - began) / DECODED
        waits = speaker.waits()
        print(
            f"turns of {1000 * interval:g} ms: a block was there after {1000 * percentile(waits, 50):.1f} ms (median), "
            f"{1000 * percentile(waits, 95):.1f} ms (p95), {1000 * max(waits):.1f} ms at most; "
            f"a sob was decoded in {1000 * decoded:.0f} ms"
        )


class Speaker:
    """A thread that is a sound card, from now until it is asked for its `waits`."""

    def __init__(self) -> None:
        player = Player(SPEAKER_RATE, lambda event: None)
        playout = player.play(UtteranceId(1), 0)
        voice = np.random.default_rng(0).standard_normal(SPEAKER_RATE, dtype=float32) * float32(0.1)
        for _ in range(120):
            playout.append(Part(0, voice))
        device = Device(0, "a card", 0, 2, SPEAKER_RATE)
        self._stream = SpeakerStream(OutputChoice(device, SPEAKER_RATE), player.fill, 0.02)
        self._stream._prepare(SPEAKER_RATE, 2)
        self._player = player
        self._waits: list[float] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def waits(self) -> list[float]:
        """Of every block, seconds from when it was due until it was there."""
        self._over.set()
        self._thread.join()
        return self._waits

    def _run(self) -> None:
        out = memoryview(bytearray(BLOCK * 2 * 4))
        moment = SimpleNamespace(outputBufferDacTime=0.0)
        asked = 0
        due = time.perf_counter() + BLOCK / SPEAKER_RATE
        while not self._over.wait(max(due - time.perf_counter(), 0.0)):
            self._stream._callback(out, BLOCK, moment, None)
            self._waits.append(time.perf_counter() - due)
            due += BLOCK / SPEAKER_RATE
            asked += 1
            match asked % 30:
                case 5:
                    self._player.duck()
                case 15:
                    self._player.rest()
                case 20:
                    self._player.unduck()


if __name__ == "__main__":
    main()

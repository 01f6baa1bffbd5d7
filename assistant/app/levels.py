"""What the microphone hears, as levels: through the listener that a conversation has, and nothing of it is kept."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event as Flag
from threading import Thread

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.app.parts import build_listener
from assistant.devices import find_device
from assistant.errors import DeviceError
from assistant.hearing.level import to_db
from assistant.hearing.listener import Listener
from assistant.hearing.microphone import Microphone
from assistant.hearing.voice_activity import FRAME, VoiceActivity
from assistant.settings import Settings

SHOWN_FRAMES = 4
"""Frames of 32 ms to a level: eight levels a second."""
SILENT_SECONDS = 3.0
"""A microphone that delivers nothing for so long gives no sound. Bluetooth takes two to begin."""
LOOK_SECONDS = 0.1
NOISE_RISES_DB = 0.25
"""A frame: 8 dB a second. It falls at once."""
DIGITAL_SILENCE_DB = -100.0
"""16 bits end at -98 dBFS; below it a microphone is muted."""


@dataclass(frozen=True, slots=True)
class Level:
    """An eighth of a second of the microphone. Levels in dBFS; `probability` of speech at most, 0 to 1; `speech`:
    whether a turn would be going on.
    """

    level_db: float
    noise_db: float
    probability: float
    speech: bool


@dataclass(slots=True)
class Heard:
    """All of it together. `level_db` is the RMS of the whole; `speech_seconds`: how long a turn was going on."""

    seconds: float = 0.0
    power: float = 0.0
    peak: float = 0.0
    noise_db: float = 0.0
    probability: float = 0.0
    speech_seconds: float = 0.0

    @property
    def level_db(self) -> float:
        """RMS, dBFS."""
        return to_db(math.sqrt(self.power / self.seconds)) if self.seconds else -120.0

    @property
    def muted(self) -> bool:
        """Whether there was nothing but digital silence."""
        return to_db(self.peak) < DIGITAL_SILENCE_DB

    def as_json(self, name: str) -> dict[str, object]:
        """For `--json`. `name`: the microphone's."""
        return {
            "microphone": name,
            "seconds": round(self.seconds, 2),
            "level_db": round(self.level_db, 1),
            "peak_db": round(to_db(self.peak), 1),
            "noise_db": round(self.noise_db, 1),
            "speech_probability": round(self.probability, 3),
            "speech_s": round(self.speech_seconds, 2),
            "muted": self.muted,
        }


class _Noted:
    """A voice activity detector, and what it said last."""

    def __init__(self, activity: VoiceActivity) -> None:
        self._activity = activity
        self.last = 0.0

    def probability(self, frame: NDArray[float32]) -> float:
        self.last = self._activity.probability(frame)
        return self.last

    def reset(self) -> None:
        self._activity.reset()


class LevelMeter:
    """Feed it what the microphone hears, in blocks of any size. `build`: a listener around a detector of voices."""

    def __init__(self, activity: VoiceActivity, build: Callable[[VoiceActivity], Listener]) -> None:
        self._activity = _Noted(activity)
        self._listener = build(self._activity)
        self._rest = np.zeros(0, dtype=float32)
        self._noise: float | None = None
        self._frames: list[tuple[float, float]] = []
        """The power and the probability of each frame of the level that is being made."""
        self.heard = Heard()

    def hear(self, block: NDArray[float32]) -> list[Level]:
        """The levels that are complete with it."""
        samples = np.concatenate([self._rest, block])
        whole = len(samples) // FRAME * FRAME
        self._rest = samples[whole:]
        levels: list[Level] = []
        for start in range(0, whole, FRAME):
            self._frame(samples[start : start + FRAME])
            if len(self._frames) == SHOWN_FRAMES:
                levels.append(self._level())
        return levels

    def _frame(self, frame: NDArray[float32]) -> None:
        self._activity.last = 0.0
        self._listener.feed(frame)
        power = float(frame.dot(frame)) / FRAME
        level, heard, seconds = to_db(math.sqrt(power)), self.heard, FRAME / 16_000
        if level > DIGITAL_SILENCE_DB:  # a device that begins gives zeros first, and they are no room's
            self._noise = level if self._noise is None else min(level, self._noise + NOISE_RISES_DB)
        self._frames.append((power, self._activity.last))
        heard.seconds += seconds
        heard.power += power * seconds
        heard.peak = max(heard.peak, float(np.abs(frame).max()))
        heard.probability = max(heard.probability, self._activity.last)
        heard.speech_seconds += seconds if self._listener.in_turn else 0.0
        heard.noise_db = self._noise_db

    def _level(self) -> Level:
        powers, probabilities = zip(*self._frames, strict=True)
        self._frames = []
        level = to_db(math.sqrt(sum(powers) / SHOWN_FRAMES))
        return Level(level, self._noise_db, max(probabilities), self._listener.in_turn)

    @property
    def _noise_db(self) -> float:
        return -120.0 if self._noise is None else self._noise


def build_meter(settings: Settings) -> LevelMeter:
    """With the detector and the endpointing of a conversation."""
    from assistant.hearing.voice_activity import Silero

    return LevelMeter(Silero(), lambda activity: build_listener(settings, activity=activity))


def watch(settings: Settings, seconds: float | None, show: Callable[[Level], None]) -> dict[str, object]:
    """The microphone's levels, each told to `show`, for so many seconds or until Ctrl-C; then all of it together.

    Raises DeviceError.
    """
    device = find_device(str(settings.microphone.device), "input")
    meter = build_meter(settings)
    with blocks_of(Microphone(device), seconds) as blocks:
        for block in blocks:
            for level in meter.hear(block):
                show(level)
    if not meter.heard.seconds or seconds is None:  # nobody else ends it but Ctrl-C
        raise gives_nothing(device.name)
    return meter.heard.as_json(device.name)


def gives_nothing(name: str) -> DeviceError:
    """For a microphone that is open and delivers no sound."""
    return DeviceError(
        "microphone-silent", f"The microphone {name!r} gives no sound; plug it in again, or choose another."
    )


@contextmanager
def blocks_of(microphone: Microphone, seconds: float | None) -> Iterator[Iterator[NDArray[float32]]]:
    """Its blocks, until so many seconds have passed, until it gives nothing any more, or until the end of the block."""
    over = Flag()

    def close_in_time() -> None:
        end = math.inf if seconds is None else time.monotonic() + seconds
        while not over.wait(LOOK_SECONDS):
            now = time.monotonic()
            if now >= end or now - microphone.last_block > SILENT_SECONDS:
                return microphone.close()

    microphone.open()
    closer = Thread(target=close_in_time, name="microphone limit", daemon=True)
    closer.start()
    try:
        yield microphone.blocks()
    finally:
        over.set()
        closer.join()
        microphone.close()

"""People and rooms for the tests of hearing, without an engine: how loud a frame is says whether it is speech."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.hearing.over_voice import OverVoice
from assistant.hearing.recogniser import RATE
from assistant.hearing.voice_activity import FRAME

LOUD = 0.05


class ByLevel:
    """A voice activity model to which everything loud is speech."""

    def __init__(self) -> None:
        self.frames = 0

    def probability(self, frame: NDArray[float32]) -> float:
        self.frames += 1
        return 0.9 if float(np.max(np.abs(frame))) > LOUD else 0.0

    def reset(self) -> None:
        pass


class OverVoiceByLevel(OverVoice):
    """The same over the voice, with a count of what it was given."""

    def __init__(self) -> None:
        self.processed = 0
        self.skipped = 0

    def skip(self, count: int) -> None:
        self.skipped += count

    def process(self, frame: NDArray[float32]) -> tuple[NDArray[float32], float]:
        self.processed += len(frame)
        return frame, 0.9 if float(np.max(np.abs(frame))) > LOUD else 0.0


def quiet(seconds: float) -> NDArray[float32]:
    """A room in which nobody speaks."""
    return np.random.default_rng(0).standard_normal(round(seconds * RATE)).astype(float32) * float32(0.0005)


def voice(seconds: float, level: float = 0.2) -> NDArray[float32]:
    """Somebody, whose level tells who it is."""
    return np.full(round(seconds * RATE), level, dtype=float32)


def blocks(*sounds: NDArray[float32], size: int = FRAME) -> Iterable[NDArray[float32]]:
    """As a microphone hands them over."""
    sound = np.concatenate(sounds)
    return [sound[start : start + size] for start in range(0, len(sound), size)]

"""A voice that needs nothing: a wavering tone as long as the words would take. It passes the conformance suite."""

from __future__ import annotations

import numpy as np

from assistant.errors import EngineError
from assistant.sound import Sound
from assistant.speaking.plausible import LETTER_SECONDS

RATE = 8_000


class FakeVoice:
    """`spoken` is what it was asked for, in order. `fails`: it raises `voice-engine-failed` instead."""

    def __init__(self, name: str = "fake", *, fails: bool = False) -> None:
        self.name = self.voice = name
        self.fails = fails
        self.spoken: list[str] = []
        self.closed = 0

    def render(self, text: str, words_per_minute: int) -> Sound:
        """Raises EngineError when it was made to."""
        self.spoken.append(text)
        if self.fails:
            raise EngineError("voice-engine-failed", "out of order")
        letters = sum(character.isalnum() for character in text)
        return hum(letters * LETTER_SECONDS * 125.0 / words_per_minute)

    def close(self) -> None:
        """Counts how often."""
        self.closed += 1


def hum(seconds: float, rate: int = RATE) -> Sound:
    """A tone that comes and goes four times a second, as syllables do."""
    at = np.arange(round(seconds * rate)) / rate
    tone = 0.3 * np.sin(2 * np.pi * 220.0 * at) * (0.6 + 0.4 * np.sin(2 * np.pi * 4.0 * at))
    return Sound(tone.astype(np.float32), rate)

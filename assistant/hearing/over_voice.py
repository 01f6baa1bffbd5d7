"""Hearing a person over the assistant's own voice: two echo paths, and what each is believed.

The first, WebRTC's canceller, never hears the assistant and takes part of the person away; the second, a linear filter,
keeps the person and needs seconds to learn the room. Somebody speaks when the second hears a voice and the first has
something left. What a recogniser is given comes from the second. Figures: `docs/hearing.md`.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.hearing.echo_canceller import EchoCanceller
from assistant.hearing.echo_filter import EchoFilter
from assistant.hearing.echo_gate import to_db
from assistant.hearing.echo_reference import EchoReference
from assistant.hearing.recogniser import RATE
from assistant.hearing.voice_activity import FRAME, VoiceActivity
from assistant.sound_ring import SoundRing

LEFT_DB = -52.0
"""What the canceller leaves of an echo is quieter than this (dBFS) once the room is known, also at 0 dB."""
SURELY_A_VOICE = 0.5
"""On the canceller's output, where a room's own echo came to 0.3 at most in 12 minutes at four levels."""
VOICE_AT_FIRST = 0.3
"""The same before the distance of the echo is known."""
LOUDER_DB = 9.0
"""Without the canceller: so much louder than the loudest echo a person must be."""
LOOKED_AT = 4096
"""Samples looked at for an echo at another distance: a quarter of a second."""
MEMORY_FRAMES = 12
"""Frames in which what was played may still arrive (0.4 s)."""


class OverVoice:
    """One call a frame of the microphone while the voice sounds, and shortly after.

    `activity` makes a voice activity detector for a path of its own. `canceller`: None where there is none.
    """

    def __init__(
        self, played: SoundRing, activity: Callable[[], VoiceActivity], canceller: EchoCanceller | None
    ) -> None:
        self.reference = EchoReference(played)
        self._canceller = canceller
        self._filter = EchoFilter()
        self._changes = 0
        self._after_canceller = activity()
        self._after_filter = activity()
        self._left = SoundRing(RATE, 1.0)
        self._played_db: deque[float] = deque(maxlen=MEMORY_FRAMES)

    def skip(self, count: int) -> None:
        """So many samples of the microphone were heard while nothing played."""
        self.reference.skip(count)

    def process(self, frame: NDArray[float32]) -> tuple[NDArray[float32], float]:
        """What the person may have said in this frame, and the probability that they speak, 0 to 1."""
        reference = self.reference
        reference.follow(frame)
        early = reference.early(FRAME)
        first = self._canceller.process(frame, early) if self._canceller is not None else frame
        aligned = reference.aligned(FRAME)
        if reference.changes != self._changes:
            self._changes = reference.changes
            self._filter.reset()
        second = self._filter.process(frame, aligned) if aligned is not None else frame
        self._left.write(second)
        self._played_db.append(_level(early if aligned is None else aligned))
        voice = self._after_filter.probability(second)
        if self._canceller is None:
            probability = voice if self._louder(frame) else 0.0
        else:
            probability = self._believed(voice, self._after_canceller.probability(first), _level(first))
        if probability >= VOICE_AT_FIRST and reference.stale(self._recent()):
            probability = 0.0
        return second, probability

    def _believed(self, voice: float, voice_left: float, left_db: float) -> float:
        reference = self.reference
        if reference.no_echo:
            return voice
        if reference.settled:
            return max(voice if left_db > LEFT_DB else 0.0, voice_left if voice_left >= SURELY_A_VOICE else 0.0)
        return 1.0 if voice_left >= VOICE_AT_FIRST else 0.0

    def _louder(self, frame: NDArray[float32]) -> bool:
        if self.reference.no_echo:
            return True
        return _level(frame) > max(self._played_db) + self.reference.coupling_db + LOUDER_DB

    def _recent(self) -> NDArray[float32]:
        return self._left.read(self._left.count - LOOKED_AT, LOOKED_AT)


def _level(samples: NDArray[float32]) -> float:
    return to_db(math.sqrt(float(np.dot(samples, samples)) / len(samples)))

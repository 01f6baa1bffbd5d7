"""The hiss of somebody's "s" over the voice. "Stop" begins with one, a seventh of a second before its vowel, and no
detector of voices hears it; but while the voice sounds a vowel there is next to nothing up there.
"""

from __future__ import annotations

import math
from collections import deque

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.hearing.level import db_above
from assistant.hearing.recogniser import RATE
from assistant.hearing.voice_activity import FRAME

ROUND = 1024
"""Samples before and after its place in which an echo is looked for (64 ms): no slip of a buffer makes a hiss of the
voice's own anybody else's."""
LOWEST = 3500 * FRAME // RATE
"""The band from which on an "s" has its energy and a vowel of the voice 25 dB less."""
OVER_DB = 6.0
"""Louder by so much than the voice's own hisses come back. Twelve recordings on the card: 2 to 20 dB in the first two
frames of a "stop" at -26 dBFS over an echo at -6 dB, and never before it."""
LOUD_DB = -48.0
OVER_NOISE_DB, NOISE_RISES_DB = 12.0, 0.25
"""And so much louder than the room's own, which is followed by 8 dB a second upwards and at once downwards."""
DECAY_DB = 4.0
"""A frame, by which a hiss dies away in a room: 60 dB in half a second."""
KNOWN_FRAMES, REMEMBERED_FRAMES = 25, 160
"""So many frames of the voice must have been heard (0.8 s), and those of the last five seconds count."""
NEARLY_ALL = 0.95
PLAYED_DB = -60.0
"""What is played counts from this level on, in that band."""


class Hiss:
    """One call for each frame of the microphone, in order."""

    def __init__(self) -> None:
        self._noise_db = math.inf
        self._played_db = -120.0
        self._couplings: deque[float] = deque(maxlen=REMEMBERED_FRAMES)

    def is_somebodys(self, frame: NDArray[float32], played: NDArray[float32], *, alone: bool) -> bool:
        """Whether this frame hisses more than an echo can. `played`: what may be heard in it, and `ROUND` samples more
        on both sides; `alone`: nobody else was noticed in it.
        """
        heard_db = db_above(frame, LOWEST)
        loud = heard_db > max(LOUD_DB, self._noise_db + OVER_NOISE_DB)
        self._noise_db = min(heard_db, self._noise_db + NOISE_RISES_DB)
        steps = range(0, len(played) - FRAME + 1, FRAME // 2)
        now_db = max(db_above(played[at : at + FRAME], LOWEST) for at in steps)
        self._played_db = max(now_db, self._played_db - DECAY_DB)
        coupling_db = heard_db - self._played_db
        known = len(self._couplings) >= KNOWN_FRAMES
        over = known and loud and coupling_db > float(np.quantile(self._couplings, NEARLY_ALL)) + OVER_DB
        if alone and not over and self._played_db > PLAYED_DB:
            self._couplings.append(coupling_db)
        return over

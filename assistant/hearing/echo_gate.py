"""A plain way not to answer oneself: while the voice plays, only what is clearly louder than its echo is heard.

The coupling (how loud the speaker arrives at the microphone) is learned while playing. This first path never lets the
assistant interrupt itself, at the price of missing quiet speech over a loud speaker; keys always work.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field

MARGIN_DB = 6.0
"""How much louder than the expected echo something must be."""
MEMORY_FRAMES = 12
"""Frames of 32 ms over which the loudest playback counts: rooms and drivers delay the echo by up to 300 ms."""
START_COUPLING_DB = 0.0
"""Before anything is learned the echo may be as loud as what is played."""
FALL_DB_A_FRAME = 2.0
"""How fast a coupling that was assumed too strong is given up: 60 dB in about a second."""
RISE_DB_A_FRAME = 0.25
"""How slowly it grows: a person over the voice must not be learned as its echo."""
QUIET_DB = -60.0
"""Playback below this has no echo worth the name."""


@dataclass(slots=True)
class EchoGate:
    """One call a frame; levels in dBFS."""

    coupling_db: float = START_COUPLING_DB
    _played: deque[float] = field(default_factory=lambda: deque(maxlen=MEMORY_FRAMES))

    def passes(self, heard_db: float, played_db: float) -> bool:
        """Whether this frame can be anything but the speaker's echo."""
        self._played.append(played_db)
        loudest = max(self._played)
        if loudest < QUIET_DB:
            return True
        measured = heard_db - loudest
        if measured < self.coupling_db:
            self.coupling_db = max(measured, self.coupling_db - FALL_DB_A_FRAME)
        elif measured < self.coupling_db + MARGIN_DB:
            self.coupling_db = min(measured, self.coupling_db + RISE_DB_A_FRAME)
        return measured > self.coupling_db + MARGIN_DB


def to_db(rms: float) -> float:
    """An RMS of samples (-1 to 1) in dBFS; silence is -120."""
    return 20.0 * math.log10(max(rms, 1e-6))

"""How loud the room and a person are, so that quiet, whispered and tearful speech is heard, and noise is not.

Silero hears voiced speech 40 dB down as well as at its ordinary level, but knows a whisper only when it is loud, and
then with half the certainty. So a quiet microphone is turned up for it, as far as the noise of the room allows; and
what stands out of that noise is believed sooner. Pure; time is frames counted. Nothing is kept of the person: it begins
anew with every session. Figures: `python -m benchmarks.quiet_speech`.
"""

from __future__ import annotations

import math
from collections import deque

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.hearing.level import to_db
from assistant.hearing.voice_activity import FRAME

MOST_GAIN_DB = 36.0
"""Brings speech 30 dB under its ordinary level (-26 dBFS) up to where Silero knows a whisper best."""
NOISE_AFTER_DB = -42.0
"""Noise is never turned up beyond this (dBFS). Silero gave white and pink noise, hum, a fan and rain up to -30 dBFS
less than 0.2 for five minutes, and pink noise 0.8 at -20."""
LOUDEST_AFTER_DB = -16.0
"""A frame is never turned up beyond this, at once. Louder frames of ordinary speech are there by themselves; with -20,
one whisper in eight fewer was heard."""
GAIN_RISES_DB = 0.1
"""A frame: 3 dB a second."""
CALIBRATION_FRAMES = 31
"""One second. Until then Silero is asked about every frame, and believed as it is."""
PART_FRAMES, PARTS = 16, 6
"""The noise is the quietest frame of the last three seconds, counted in parts of half a second: people who speak leave
gaps between words at least so often (Martin 2001, minimum statistics, has 1.5 s)."""
NOISE_RISES_DB = 0.1
"""A frame: 3 dB a second, so that a long wail does not become the noise. It falls at once."""
NOTHING_DB = -100.0
"""No microphone is so quiet (16 bits end at -98 dBFS): muted, not yet running, or sound lost by the device."""
QUIETEST_DB = -85.0
"""No noise is taken to be quieter, dBFS."""
OUT_OF_NOISE_DB = 8.0
"""A frame so far above the noise stands out of it. The quietest frame of pink noise is 3 dB under the noise, so that
speech 5 dB over it is 9 above; with 5 no more speech was heard, and the model was asked about 8 % of a room's frames
instead of 0.1."""
HANG_FRAMES = 10
"""What stood out may go on more quietly so long (0.3 s): consonants are 20 dB quieter than vowels."""
ODDS = 4.0
"""What stands out is speech with so many times Silero's odds: half is reached from 0.2 on. With 5 a fan began a turn
every half hour, with 3 one whisper in ten fewer was heard."""
TURN_DB = -32.0
"""A turn whose loudest frames are quieter is turned up to this (dBFS): below ordinary speech, which stays as it is."""
TURN_LOUD_SHARE = 0.1
"""Of its frames, the loudest: vowels."""
PEAK = 0.9


class Loudness:
    """One call of `hear` a frame of the microphone while nothing plays; the rest is about that frame."""

    def __init__(self) -> None:
        self.gain_db = 0.0
        """What Silero's sound is turned up by, 0 to `MOST_GAIN_DB`."""
        self.noise_db = QUIETEST_DB
        """The level of the room's noise, dBFS."""
        self._quietest: deque[float] = deque([math.inf], maxlen=PARTS)
        self._heard = 0
        self._since_loud = math.inf
        self._stands_out = False

    @property
    def calibrated(self) -> bool:
        """Whether the noise of the room is known."""
        return self._heard >= CALIBRATION_FRAMES

    @property
    def awake(self) -> bool:
        """Whether this frame may be speech at all; if not, no model need be asked."""
        return not self.calibrated or self._since_loud <= HANG_FRAMES

    def hear(self, level_db: float) -> None:
        """The level of the next frame, dBFS."""
        if level_db <= NOTHING_DB:
            self._stands_out = False
            self._since_loud += 1
            return
        self._learn(level_db)
        self._stands_out = level_db >= self.noise_db + OUT_OF_NOISE_DB
        self._since_loud = 0 if self._stands_out else self._since_loud + 1

    def lifted(self, frame: NDArray[float32]) -> NDArray[float32]:
        """The frame for Silero; peaks stay within -1 to 1."""
        lifted: NDArray[float32] = np.clip(frame * float32(10 ** (self.gain_db / 20)), -1.0, 1.0)
        return lifted

    def believed(self, probability: float) -> float:
        """How probably this frame is speech, given what Silero says, 0 to 1."""
        if not self.calibrated or not self._stands_out:
            return probability
        return ODDS * probability / (1.0 + (ODDS - 1.0) * probability)

    def _learn(self, level_db: float) -> None:
        if self._heard % PART_FRAMES == 0:
            self._quietest.append(level_db)
        self._quietest[-1] = min(self._quietest[-1], level_db)
        quietest = max(min(self._quietest), QUIETEST_DB)
        wanted = min(NOISE_AFTER_DB - quietest, LOUDEST_AFTER_DB - level_db, MOST_GAIN_DB)
        if not self.calibrated:
            self.noise_db, self.gain_db = quietest, max(wanted, 0.0)
        else:
            self.noise_db = min(quietest, self.noise_db + NOISE_RISES_DB)
            self.gain_db = max(min(wanted, self.gain_db + GAIN_RISES_DB), 0.0)
        self._heard += 1


def audible(turn: NDArray[float32]) -> NDArray[float32]:
    """A quiet turn turned up for a recogniser, by `MOST_GAIN_DB` at most; any other as it is.

    Whisper's features keep the level, and what it was taught on is louder; pocketsphinx makes its own level.
    """
    frames = turn[: len(turn) // FRAME * FRAME].reshape(-1, FRAME)
    if not len(frames):
        return turn
    powers = np.sort(np.mean(np.square(frames), axis=1))
    loudest = powers[-max(1, round(len(powers) * TURN_LOUD_SHARE)) :]
    gain_db = min(TURN_DB - to_db(math.sqrt(float(np.mean(loudest)))), MOST_GAIN_DB)
    peak = float(np.max(np.abs(turn)))
    if gain_db <= 0.0 or peak == 0.0:
        return turn
    return turn * float32(max(1.0, min(10 ** (gain_db / 20), PEAK / peak)))

"""From blocks of sound to turns: pre-roll, voice activity, endpointing. No thread of its own, so a virtual clock can
drive it; a turn's sound stays in memory until the next two turns, and nowhere else (law 9).
"""

from __future__ import annotations

import math
from collections import OrderedDict, deque
from dataclasses import dataclass

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.core.events import Event, UserStartedSpeaking, UserStoppedSpeaking
from assistant.core.ids import AudioId
from assistant.hearing.echo_gate import EchoGate, to_db
from assistant.hearing.recogniser import RATE
from assistant.hearing.segmenter import Paused, Segmenter, Started, Stopped
from assistant.hearing.voice_activity import FRAME, VoiceActivity

PREROLL_SECONDS = 0.5
"""Kept from before a turn was noticed: the first syllable is the one that gets lost (livekit/agents#3261)."""
KEPT_TURNS = 2
FRAME_SECONDS = FRAME / RATE


@dataclass(frozen=True, slots=True, eq=False)
class Speculation:
    """The person is silent for a moment; if the turn is over, this is what they said."""

    audio_id: AudioId
    samples: NDArray[float32]


class Listener:
    """Feed it microphone blocks at 16 kHz, with the level the speaker plays at that moment."""

    def __init__(self, activity: VoiceActivity, segmenter: Segmenter | None = None) -> None:
        self._activity = activity
        self._segmenter = segmenter or Segmenter()
        self._gate = EchoGate()
        self._rest = np.zeros(0, dtype=float32)
        self._preroll: deque[NDArray[float32]] = deque(maxlen=round(PREROLL_SECONDS / FRAME_SECONDS))
        self._turn: list[NDArray[float32]] | None = None
        self._turns: OrderedDict[AudioId, NDArray[float32]] = OrderedDict()
        self._next = 1
        self.level_db = -120.0
        """Of the last frame; for `doctor` and `hear`."""

    @property
    def in_turn(self) -> bool:
        """Whether somebody speaks, or has just paused."""
        return self._turn is not None

    def feed(self, samples: NDArray[float32], played_rms: float = 0.0) -> list[Event | Speculation]:
        """A block of any size. `played_rms`: what the player puts out now."""
        samples = np.concatenate([self._rest, samples]) if len(self._rest) else samples
        whole = len(samples) // FRAME * FRAME
        self._rest = samples[whole:]
        played_db = to_db(played_rms)
        found: list[Event | Speculation] = []
        for start in range(0, whole, FRAME):
            found += self._frame(samples[start : start + FRAME], played_db)
        return found

    def audio(self, audio_id: AudioId) -> NDArray[float32]:
        """The sound of one of the last turns; empty when it is gone."""
        return self._turns.get(audio_id, np.zeros(0, dtype=float32))

    def _frame(self, frame: NDArray[float32], played_db: float) -> list[Event | Speculation]:
        self.level_db = to_db(math.sqrt(float(frame.dot(frame)) / FRAME))
        silent = self.level_db < self._segmenter.policy.floor_db
        probability = 0.0 if silent else self._activity.probability(frame)
        if not self._gate.passes(self.level_db, played_db):
            probability = 0.0
        if self._turn is None:
            self._preroll.append(frame)
        else:
            self._turn.append(frame)
        match self._segmenter.process(FRAME_SECONDS, probability, self.level_db):
            case Started():
                self._turn = list(self._preroll)
                return [UserStartedSpeaking()]
            case Paused() if self._turn:
                return [Speculation(AudioId(self._next), np.concatenate(self._turn))]
            case Stopped(too_short):
                return [UserStoppedSpeaking(self._end_turn(keep=not too_short))]
        return []

    def _end_turn(self, *, keep: bool) -> AudioId | None:
        turn, self._turn = self._turn or [], None
        self._preroll.clear()
        if not keep:
            return None
        audio_id, self._next = AudioId(self._next), self._next + 1
        self._turns[audio_id] = np.concatenate(turn)
        while len(self._turns) > KEPT_TURNS:
            self._turns.popitem(last=False)
        return audio_id

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
from assistant.hearing.level import to_db
from assistant.hearing.loudness import Loudness, audible
from assistant.hearing.over_voice import OverVoice
from assistant.hearing.recogniser import RATE
from assistant.hearing.segmenter import Paused, Segmenter, Started, Stopped
from assistant.hearing.voice_activity import FRAME, VoiceActivity

PREROLL_SECONDS = 0.8
"""Kept from before a turn was noticed: the first syllable is the one that gets lost (livekit/agents#3261), most of all
of a whisper."""
PREROLL_OVER_VOICE_SECONDS = 0.3
"""The same over the voice, where more of it would be the voice."""
ECHO_SECONDS = 1.0
"""After its last sound the voice may still be in the room, and in the buffers of the devices."""
KEPT_TURNS = 2
FRAME_SECONDS = FRAME / RATE


@dataclass(frozen=True, slots=True, eq=False)
class Speculation:
    """The person is silent for a moment; if the turn is over, this is what they said. `over_voice`: while it spoke;
    `stop_word_only`: nobody asked to be heard, so it is no turn, but a stop counts.
    """

    audio_id: AudioId
    samples: NDArray[float32]
    over_voice: bool = False
    stop_word_only: bool = False


class Listener:
    """Feed it microphone blocks at 16 kHz, and whether the speaker plays at that moment.

    `over_voice`: how to hear while it does; None: nothing is played that could be heard here.
    """

    preroll_seconds = PREROLL_SECONDS

    def __init__(
        self, activity: VoiceActivity, segmenter: Segmenter | None = None, over_voice: OverVoice | None = None
    ) -> None:
        self._activity = activity
        self._segmenter = segmenter or Segmenter()
        self._over_voice = over_voice
        self._loudness = Loudness()
        self._since_voice = math.inf
        self._rest = np.zeros(0, dtype=float32)
        self._preroll: deque[NDArray[float32]] = deque(maxlen=round(self.preroll_seconds / FRAME_SECONDS))
        self._turn: list[NDArray[float32]] | None = None
        self._began_over_voice = False
        self._turns: OrderedDict[AudioId, NDArray[float32]] = OrderedDict()
        self._last = np.zeros(0, dtype=float32)
        """The last of them as it came, for one that goes on with it."""
        self._next = 1
        self._whole: AudioId | None = None
        self.level_db = -120.0
        """Of the last frame; for `doctor` and `hear`."""

    @property
    def busy(self) -> bool:
        """Whether every frame counts: somebody speaks or has just paused, or the voice may be spoken over."""
        return self._turn is not None or self._since_voice < ECHO_SECONDS

    @property
    def in_turn(self) -> bool:
        """Whether somebody speaks, or has just paused."""
        return self._turn is not None

    def hear_over(self, over_voice: OverVoice | None) -> None:
        """The devices were opened anew: what is played reaches the microphone otherwise than before."""
        self._over_voice = over_voice
        self._since_voice = math.inf

    def take_over(self, before: Listener) -> None:
        """In place of one that broke: turns are numbered on, and the last of them can still be had."""
        self._next, self._turns = before._next, before._turns

    def feed(self, samples: NDArray[float32], *, playing: bool = False) -> list[Event | Speculation]:
        """A block of any size. `playing`: whether anything is being played now."""
        samples = np.concatenate([self._rest, samples]) if len(self._rest) else samples
        whole = len(samples) // FRAME * FRAME
        self._rest = samples[whole:]
        if playing:
            self._since_voice = 0.0
        found: list[Event | Speculation] = []
        for start in range(0, whole, FRAME):
            found += self._frame(samples[start : start + FRAME])
            self._since_voice += FRAME_SECONDS
        return found

    def end_soon(self, audio_id: AudioId) -> None:
        """What was understood of this turn is a whole answer. From any thread; it counts if the turn is still open."""
        self._whole = audio_id

    def drop_turn(self) -> list[Event]:
        """What is being said was a stop, and is dealt with."""
        if self._turn is None:
            return []
        self._segmenter.forget()
        return [UserStoppedSpeaking(self._end_turn(keep=False))]

    def audio(self, audio_id: AudioId) -> NDArray[float32]:
        """The sound of one of the last turns; empty when it is gone."""
        return self._turns.get(audio_id, np.zeros(0, dtype=float32))

    def _frame(self, frame: NDArray[float32]) -> list[Event | Speculation]:
        self.level_db = to_db(math.sqrt(float(frame.dot(frame)) / FRAME))
        over_voice = self._over_voice is not None and self._since_voice < ECHO_SECONDS
        frame, probability = self._heard(frame)
        if self._turn is None:
            self._preroll.append(frame)
        else:
            self._turn.append(frame)
        if self._whole == self._next:
            self._whole = None
            self._segmenter.end_soon()
        match self._segmenter.process(FRAME_SECONDS, probability, self.level_db, over_voice=over_voice):
            case Started(joined):
                return [self._begin_turn(joined=joined, over_voice=over_voice)]
            case Paused() if self._turn:
                samples = np.concatenate(self._turn)
                if not self._began_over_voice:
                    samples = audible(samples)
                return [Speculation(AudioId(self._next), samples, self._began_over_voice)]
            case Stopped(too_short):
                return [UserStoppedSpeaking(self._end_turn(keep=not too_short))]
        return []

    def _heard(self, frame: NDArray[float32]) -> tuple[NDArray[float32], float]:
        """What may be a person's, and how probably it is speech."""
        if self._over_voice is not None:
            if self._since_voice < ECHO_SECONDS:
                return self._over_voice.process(frame)
            self._over_voice.skip(FRAME)
        loudness = self._loudness
        loudness.hear(self.level_db)
        if self.level_db < self._segmenter.policy.floor_db or not loudness.awake:
            return frame, 0.0
        return frame, loudness.believed(self._activity.probability(loudness.lifted(frame)))

    def _begin_turn(self, *, joined: bool, over_voice: bool) -> UserStartedSpeaking:
        self._began_over_voice = over_voice
        kept = list(self._preroll)
        if over_voice:
            kept = kept[-round(PREROLL_OVER_VOICE_SECONDS / FRAME_SECONDS) :]
        before = self._last if joined else np.zeros(0, dtype=float32)
        self._turn = [before, *kept]
        return UserStartedSpeaking(joined=len(before) > 0)

    def _end_turn(self, *, keep: bool) -> AudioId | None:
        turn, self._turn = self._turn or [], None
        self._preroll.clear()
        if not keep:
            return None
        audio_id, self._next = AudioId(self._next), self._next + 1
        self._last = np.concatenate(turn)
        self._turns[audio_id] = self._last if self._began_over_voice else audible(self._last)
        while len(self._turns) > KEPT_TURNS:
            self._turns.popitem(last=False)
        return audio_id

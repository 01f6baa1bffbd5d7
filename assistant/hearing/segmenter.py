"""Endpointing: from speech probability, frame by frame, to turns. Pure; time is the audio that went by."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class EndpointPolicy:
    """When speech has begun and when it has ended."""

    speech_threshold: float = 0.5
    """Silero probability at which a frame counts as speech; quiet and breathy voices fall under higher ones."""
    hysteresis: float = 0.15
    """Speech goes on down to `speech_threshold - hysteresis` (silero-vad's VADIterator)."""
    start_seconds: float = 0.1
    """Speech for so long starts a turn."""
    start_over_voice_seconds: float = 0.06
    """The same while the voice sounds, where two detectors must agree: it is lowered, and swells back if it was
    nothing."""
    words_seconds: float = 0.2
    """A turn with less speech than this holds no words: a click or a cough."""
    speculative_silence_seconds: float = 0.128
    """Silence after which a decode may begin on the guess that the turn is over: four frames. With five, an answer of a
    second came 0.03 s later, as its words took longer than the rest of the silence that ends it."""
    whole_silence_seconds: float = 0.32
    """Silence that ends a turn whose words so far are a whole answer: 0.4 s after its last sound, as the detector
    notices an end 0.08 s late. People leave 0.2 s (Stivers 2009: 239 ms in English)."""
    silence_seconds: float = 1.2
    """Silence that ends any other turn. Pauses inside a turn have their p95 at 1.4 s (livekit/agents#3640)."""
    longest_silence_seconds: float = 2.5
    """What is learned of a person who pauses longer never goes beyond this."""
    rejoin_seconds: float = 1.0
    """Speech so soon after the end of a turn goes on with it: the person was cut off."""
    max_turn_seconds: float = 30.0
    """A longer turn is noise, or more than a recogniser takes at once."""
    floor_db: float = -80.0
    """Below this level, in dBFS, nothing is speech: consonants of a voice 30 dB down are at -75. `Loudness` knows what
    of the rest stands out of the room's noise."""


@dataclass(frozen=True, slots=True)
class Started:
    """A turn began. `joined`: it goes on with the one before."""

    joined: bool = False


@dataclass(frozen=True, slots=True)
class Paused:
    """The person is silent; perhaps the turn is over."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """They went on; a speculative decode is stale."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """The turn is over. `too_short`: no words can be in it."""

    too_short: bool


SegmentEvent = Started | Paused | Resumed | Stopped


PAUSE_WEIGHT, CUT_OFF_WEIGHT, TURN_WEIGHT = 0.2, 0.5, 0.03
"""How far a pause, being cut off, and a turn without either move the patience: quickly up, slowly down. LiveKit
averages alike (its `dynamic` endpointing), and was misled by the agent's own speech (livekit/agents#7057): ours is not
heard."""
ROOM_BEYOND_A_PAUSE = 1.3
"""The next pause may be longer than the last."""


class _Phase(Enum):
    SILENT = 0
    SPEAKING = 1
    PAUSED = 2


class Segmenter:
    """Feed it frames; it answers with what changed."""

    def __init__(self, policy: EndpointPolicy | None = None) -> None:
        self.policy = policy or EndpointPolicy()
        self._phase = _Phase.SILENT
        self._speech = 0.0
        self._silence = 0.0
        self._turn = 0.0
        self._whole = False
        self._since_turn = float("inf")
        self._ended_after = 0.0
        self.patience = self.policy.silence_seconds
        """Seconds of silence that end an open turn of this person, as learned so far."""

    def end_soon(self) -> None:
        """What was said before this pause is a whole answer. Speech takes it back."""
        self._whole = self._phase is _Phase.PAUSED

    def forget(self) -> None:
        """Discard the current turn; something else handled it."""
        self._phase, self._speech, self._whole = _Phase.SILENT, 0.0, False

    def process(
        self, frame_seconds: float, probability: float, level_db: float, *, over_voice: bool = False
    ) -> SegmentEvent | None:
        """One frame: its length, its speech probability, its level in dBFS; whether the voice sounds."""
        policy = self.policy
        threshold = policy.speech_threshold
        if self._phase is _Phase.SILENT:
            self._since_turn += frame_seconds
            if probability < threshold or level_db < policy.floor_db:
                self._speech = 0.0
                return None
            self._speech += frame_seconds
            if self._speech < (policy.start_over_voice_seconds if over_voice else policy.start_seconds):
                return None
            self._phase, self._silence, self._turn = _Phase.SPEAKING, 0.0, self._speech
            joined = self._since_turn - self._speech <= policy.rejoin_seconds
            if joined:
                self._learn(self._ended_after + self._since_turn - self._speech, CUT_OFF_WEIGHT)
            return Started(joined)
        self._turn += frame_seconds
        if self._turn >= policy.max_turn_seconds:
            return self._stop()
        if probability >= threshold - policy.hysteresis and level_db >= policy.floor_db:
            self._speech += frame_seconds
            paused, self._silence = self._silence, 0.0
            if self._phase is _Phase.PAUSED:
                self._phase, self._whole = _Phase.SPEAKING, False
                self._learn(paused, PAUSE_WEIGHT)
                return Resumed()
            return None
        self._silence += frame_seconds
        if self._silence >= (policy.whole_silence_seconds if self._whole else self.patience):
            return self._stop()
        if self._phase is _Phase.SPEAKING and self._silence >= policy.speculative_silence_seconds:
            self._phase = _Phase.PAUSED
            return Paused()
        return None

    def _stop(self) -> Stopped:
        too_short = self._speech < self.policy.words_seconds
        self._phase, self._speech, self._whole = _Phase.SILENT, 0.0, False
        self._ended_after = self._silence
        if not too_short and self._turn < self.policy.max_turn_seconds:  # noise without end is nobody who goes on
            self._since_turn = 0.0
            self._learn(0.0, TURN_WEIGHT)
        return Stopped(too_short)

    def _learn(self, pause: float, weight: float) -> None:
        """Slowly towards the pauses this person makes, never below the policy's own, and never beyond its longest."""
        wanted = min(pause * ROOM_BEYOND_A_PAUSE, self.policy.longest_silence_seconds)
        wanted = max(wanted, self.policy.silence_seconds)
        if weight == TURN_WEIGHT or wanted > self.patience:
            self.patience += weight * (wanted - self.patience)

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
    words_seconds: float = 0.2
    """A turn with less speech than this holds no words: a click or a cough."""
    speculative_silence_seconds: float = 0.16
    """Silence after which a decode may begin on the guess that the turn is over."""
    silence_seconds: float = 0.7
    """Silence that ends a turn (Home Assistant's default; distressed speakers pause longer, so it is settable)."""
    max_turn_seconds: float = 30.0
    """A longer turn is noise, or more than a recogniser takes at once."""
    floor_db: float = -65.0
    """Below this level, in dBFS, nothing is speech."""


@dataclass(frozen=True, slots=True)
class Started:
    """A turn began."""


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

    def process(self, frame_seconds: float, probability: float, level_db: float) -> SegmentEvent | None:
        """One frame: its length, its speech probability, its level in dBFS."""
        policy = self.policy
        threshold = policy.speech_threshold
        if self._phase is _Phase.SILENT:
            if probability < threshold or level_db < policy.floor_db:
                self._speech = 0.0
                return None
            self._speech += frame_seconds
            if self._speech < policy.start_seconds:
                return None
            self._phase, self._silence, self._turn = _Phase.SPEAKING, 0.0, self._speech
            return Started()
        self._turn += frame_seconds
        if self._turn >= policy.max_turn_seconds:
            return self._stop()
        if probability >= threshold - policy.hysteresis and level_db >= policy.floor_db:
            self._speech += frame_seconds
            self._silence = 0.0
            if self._phase is _Phase.PAUSED:
                self._phase = _Phase.SPEAKING
                return Resumed()
            return None
        self._silence += frame_seconds
        if self._silence >= policy.silence_seconds:
            return self._stop()
        if self._phase is _Phase.SPEAKING and self._silence >= policy.speculative_silence_seconds:
            self._phase = _Phase.PAUSED
            return Paused()
        return None

    def _stop(self) -> Stopped:
        too_short = self._speech < self.policy.words_seconds
        self._phase, self._speech = _Phase.SILENT, 0.0
        return Stopped(too_short)

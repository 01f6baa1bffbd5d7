"""Push to talk: a key, and nothing that is heard, begins and ends a turn. By choice; the screen sees every turn alike.

With the key closed only the stop word is listened for, over the assistant's own voice: a stop works in any case.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from numpy import float32
from numpy.typing import NDArray

from assistant.core.events import Event
from assistant.hearing.listener import Listener, Speculation
from assistant.hearing.segmenter import EndpointPolicy, Paused, Segmenter, SegmentEvent, Started, Stopped
from assistant.hearing.voice_activity import VoiceActivity

LATE_SECONDS = 0.1
"""What was said before the key closed may still lie in the buffers of the devices."""
KEYED_PREROLL_SECONDS = 0.3
"""Of what was said before the key: who presses it speaks then, and what was said to somebody else is not heard."""
FORGOTTEN_SECONDS = 10.0
"""So much silence in an open turn: the key was forgotten. Far longer than a breath, as what is not heard is not
screened."""


class TalkKey:
    """Open or closed; from any thread. `told`: whenever that changes, whether it is open now."""

    def __init__(self, told: Callable[[bool], None] = lambda is_open: None) -> None:
        self._told = told
        self._open = False

    @property
    def open(self) -> bool:
        """Whether the microphone is heard."""
        return self._open

    def press(self) -> None:
        """Begin a turn, or end it."""
        self._set(not self._open)

    def close(self) -> None:
        """The turn is over."""
        self._set(False)

    def _set(self, is_open: bool) -> None:
        if is_open != self._open:
            self._open = is_open
            self._told(is_open)


class KeyedSegmenter(Segmenter):
    """A turn from one press to the next. Its pauses are told, so that decoding and the screen need not wait.

    While the voice sounds and the key is closed it finds turns as ever; `by_key` tells those apart.
    """

    def __init__(self, key: TalkKey, policy: EndpointPolicy | None = None) -> None:
        super().__init__(policy)
        self._key = key
        self._aside = False
        self._pausing = False
        self._spoke = False
        """One frame is enough: who pressed the key says that they speak, however softly."""
        self._closing = self._quiet = self._length = 0.0
        self.by_key = False
        """Whether the key's turn is going on."""

    def end_soon(self) -> None:
        """The person ends it."""

    def forget(self) -> None:
        """Discard the current turn; something else handled it."""
        super().forget()
        self._aside = False
        if self.by_key:
            self.by_key = False
            self._key.close()

    def process(
        self, frame_seconds: float, probability: float, level_db: float, *, over_voice: bool = False
    ) -> SegmentEvent | None:
        """One frame: its length, its speech probability, its level in dBFS; whether the voice sounds."""
        if self.by_key:
            return self._keyed(frame_seconds, probability, level_db)
        if self._aside and (self._key.open or not over_voice):
            super().forget()
            self._aside = False
            return Stopped(too_short=True)
        if self._key.open:
            self.by_key, self._pausing, self._spoke = True, True, False
            self._closing = self._quiet = self._length = 0.0
            return Started()
        if not over_voice:
            return None
        found = super().process(frame_seconds, probability, level_db, over_voice=True)
        match found:
            case Started():
                self._aside = True
                return Started()  # Nothing is joined to what was said by key.
            case Stopped():
                self._aside = False
                return Stopped(too_short=True)
        return found

    def _keyed(self, frame_seconds: float, probability: float, level_db: float) -> SegmentEvent | None:
        policy = self.policy
        self._length += frame_seconds
        if probability >= policy.speech_threshold - policy.hysteresis and level_db >= policy.floor_db:
            self._quiet, self._pausing, self._spoke = 0.0, False, True
        else:
            self._quiet += frame_seconds
        if not self._key.open:
            self._closing += frame_seconds
        if self._closing >= LATE_SECONDS or self._quiet >= FORGOTTEN_SECONDS or self._length >= policy.max_turn_seconds:
            self.by_key = False
            self._key.close()
            return Stopped(too_short=not self._spoke)
        if not self._pausing and self._quiet >= policy.speculative_silence_seconds:
            self._pausing = True
            return Paused()
        return None


class KeyedListener(Listener):
    """Turns by key, and, with the key closed, what may be a stop over the voice."""

    preroll_seconds = KEYED_PREROLL_SECONDS

    def __init__(self, activity: VoiceActivity, key: TalkKey, policy: EndpointPolicy | None = None) -> None:
        self._keyed = KeyedSegmenter(key, policy)
        super().__init__(activity, self._keyed)

    def drop_turn(self) -> list[Event]:
        """What is being said was a stop, and is dealt with."""
        told = self._keyed.by_key
        dropped = super().drop_turn()
        return dropped if told else []

    def _frame(self, frame: NDArray[float32]) -> list[Event | Speculation]:
        before = self._keyed.by_key
        found = super()._frame(frame)
        if before or self._keyed.by_key:
            return found
        return [
            replace(guess, stop_word_only=True)
            for guess in found
            if isinstance(guess, Speculation) and guess.over_voice
        ]

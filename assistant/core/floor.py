"""The floor: who is making sound, and until when it is waited. Every wait has an end, so nothing can hang."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from assistant.core.ids import UtteranceId
from assistant.core.timeline import Pause, Recorded, Speech, Timeline, Tone
from assistant.core.turns import User, UserEvent, Voice, may_begin_to_speak, next_user


@dataclass(frozen=True, slots=True)
class TurnPolicy:
    """How long things may take, in seconds."""

    opening_silence_seconds: float = 8.0
    """After the greeting; then help begins by itself. PTSD Coach visits last 48 s (Owen 2015): waiting is no help."""
    rest_seconds: float = 0.06
    """From the moment the voice is lowered for somebody to the moment it waits for them; a click is over by then."""
    over_voice_seconds: float = 2.0
    """Speech over the voice for so long ends the sentence; it begins anew when it was no answer."""
    max_turn_seconds: float = 30.0
    """Voice activity longer than any turn is noise."""
    transcript_seconds: float = 8.0
    """A recogniser slower than this is treated as failed. faster-whisper tiny on a Pi 4 takes about 4 s (fquirin)."""
    playback_margin_seconds: float = 20.0
    """A player silent for so long after its utterance was due has lost it."""
    listen_again_seconds: float = 3.0
    """What is left of a listening window after a cough is at least this."""
    sentence_seconds: float = 2.2
    """A turn so long, with the silence that ended it (1.2 s), was more than a word."""
    noise_seconds: float = 10.0
    """A turn so long without a word in it was noise; until words are heard again, sound is not waited for."""


class Expiry(Enum):
    """Which wait has run out."""

    SPOKEN_OVER = "spoken_over"
    TALKED_OVER = "talked_over"
    STUCK = "stuck"
    NO_TRANSCRIPT = "no_transcript"
    PLAYBACK_LOST = "playback_lost"
    SILENCE = "silence"


def estimated_seconds(timeline: Timeline) -> float:
    """A generous guess at how long a timeline lasts: 0.7 s a word is half the slowest voice offered."""
    total = 0.0
    for segment in timeline.segments:
        match segment:
            case Speech(text) | Recorded(_, text):
                total += 1.0 + 0.7 * len(text.split())
            case Pause(seconds) | Tone(_, seconds):
                total += seconds
            case _:
                total += 3.0
    return total


@dataclass(slots=True)
class Floor:
    """State of the two turn machines and of what is being waited for."""

    policy: TurnPolicy
    user: User = User.QUIET
    utterance: UtteranceId | None = None
    cut: bool = False
    """The voice was paused because the person went on speaking; it takes the sentence up again unless they answered."""
    noisy: bool = False
    resting: bool = False
    """The voice waits in the middle of a word for somebody who speaks over it."""
    _rested_at: float = 0.0
    _user_since: float = 0.0
    _turn_seconds: float = 0.0
    _interruptible: bool = True
    _playback_limit: float = 0.0
    _window_end: float | None = None
    _window_left: float = field(default=0.0)

    @property
    def voice(self) -> Voice:
        """SPEAKING from `Speak` until its report."""
        return Voice.QUIET if self.utterance is None else Voice.SPEAKING

    @property
    def speaking(self) -> bool:
        """Whether the voice is speaking."""
        return self.voice is Voice.SPEAKING

    @property
    def listening(self) -> bool:
        """Whether a window for an answer is open and nobody speaks."""
        return self._window_end is not None and self.user is User.QUIET and not self.speaking

    @property
    def held_by_user(self) -> bool:
        """Whether the joint rule forbids to begin."""
        return not may_begin_to_speak(self.user)

    # The person -------------------------------------------------------------------------------------------------------

    def user_started(self, now: float) -> None:
        """They began to speak; an open window waits for them. A room that is only noise is not waited for."""
        if self.noisy:
            return
        if self.user is not User.SPEAKING:
            self._user_since = now
            if self._window_end is not None:
                self._window_left = max(self._window_end - now, 0.0)
        self.user = next_user(self.user, UserEvent.STARTED)

    def user_stopped(self, now: float) -> bool:
        """They finished a turn, or noise did that may hold words. False when that turn was already over."""
        if self.user is not User.SPEAKING:
            return self.noisy
        self._turn_seconds = now - self._user_since
        self.user, self._user_since = next_user(self.user, UserEvent.STOPPED), now
        return True

    def user_stopped_too_short(self, now: float) -> None:
        """It was no more than a click or a cough."""
        self.user, self._user_since = next_user(self.user, UserEvent.STOPPED_TOO_SHORT), now

    def user_understood(self, now: float, *, words: bool) -> None:
        """Their words arrived, or are known to be lost, or there were none in the sound."""
        self.noisy = not words and (self.noisy or self._turn_seconds >= self.policy.noise_seconds)
        self.user, self._user_since = next_user(self.user, UserEvent.UNDERSTOOD), now

    @property
    def spoke_at_length(self) -> bool:
        """Whether their last turn was longer than a cough, and neither over the voice nor noise."""
        return not self.speaking and not self.noisy and self._turn_seconds >= self.policy.sentence_seconds

    def spoken_for(self, now: float) -> float:
        """Seconds since they began to speak."""
        return now - self._user_since

    # The voice --------------------------------------------------------------------------------------------------------

    def voice_began(self, utterance: UtteranceId, timeline: Timeline, now: float, *, interruptible: bool) -> None:
        """An utterance was sent to the player."""
        self.utterance, self._interruptible, self.cut, self.resting = utterance, interruptible, False, False
        self._playback_limit = now + estimated_seconds(timeline) + self.policy.playback_margin_seconds
        self._window_end = None

    def voice_ended(self) -> None:
        """It was heard to its end."""
        self.utterance, self.resting = None, False

    def silence(self) -> bool:
        """Cut the voice. True when it was speaking."""
        spoke, self.utterance, self.cut, self.resting = self.speaking, None, False, False
        return spoke

    def swell(self, now: float) -> None:
        """It goes on from the same word; what it waited does not count against the player."""
        if self.resting:
            self.resting = False
            self._playback_limit += now - self._rested_at

    def rested_long(self, now: float) -> bool:
        """Whether so much time was lost in the middle of a word that the sentence has to begin anew."""
        return self.resting and now - self._rested_at > self.policy.over_voice_seconds

    # Waiting ----------------------------------------------------------------------------------------------------------

    def listen(self, now: float, seconds: float) -> None:
        """Wait so long for an answer."""
        self._window_end, self._window_left = now + seconds, seconds

    def listen_again(self, now: float) -> None:
        """The answer was no answer: what is left of the window, and never less than a moment."""
        self._window_end = now + max(self._window_left, self.policy.listen_again_seconds)

    def no_more_words(self, now: float) -> None:
        """No answer can come any more."""
        if self._window_end is not None:
            self._window_end = now

    def deadline(self) -> float:
        """The next moment at which a wait runs out."""
        return min(at for at, _ in self._waits())

    def expire(self, now: float) -> Expiry | None:
        """The wait that has run out by `now`, if any; it is over."""
        at, expiry = min(self._waits(), key=lambda wait: wait[0])
        if at > now:
            return None
        match expiry:
            case Expiry.SPOKEN_OVER:
                self.resting, self._rested_at = True, at
            case Expiry.TALKED_OVER:
                self.cut = True
            case Expiry.STUCK | Expiry.NO_TRANSCRIPT:
                self.user, self._user_since = next_user(self.user, UserEvent.STUCK), now
            case Expiry.PLAYBACK_LOST:
                pass  # The conversation silences what may still be sounding.
            case Expiry.SILENCE:
                self._window_end = None
        return expiry

    def _over_the_voice(self) -> tuple[float, Expiry]:
        policy = self.policy
        if not self.resting:
            return self._user_since + policy.rest_seconds, Expiry.SPOKEN_OVER
        return self._user_since + policy.over_voice_seconds, Expiry.TALKED_OVER

    def _waits(self) -> list[tuple[float, Expiry]]:
        waits: list[tuple[float, Expiry]] = []
        if self.user is User.SPEAKING:
            waits.append((self._user_since + self.policy.max_turn_seconds, Expiry.STUCK))
            if self.speaking and self._interruptible:
                waits.append(self._over_the_voice())
        elif self.user is User.TRANSCRIBING:
            waits.append((self._user_since + self.policy.transcript_seconds, Expiry.NO_TRANSCRIPT))
        if self.speaking:
            waits.append((self._playback_limit, Expiry.PLAYBACK_LOST))
        elif self.user is User.QUIET:
            waits.append((self._window_end if self._window_end is not None else self._user_since, Expiry.SILENCE))
        return waits

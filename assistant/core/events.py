"""What can happen to a conversation. Small, frozen, and never audio."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.core.guard import GuardedSentence
from assistant.core.ids import AudioId, UtteranceId
from assistant.core.trusted import Sending
from assistant.safety.transcript import Transcript
from assistant.safety.verdict import Level


@dataclass(frozen=True, slots=True)
class UserStartedSpeaking:
    """Voice activity began (or the person began to type). `joined`: they go on with the turn that seemed to be over."""

    joined: bool = False


@dataclass(frozen=True, slots=True)
class UserStoppedSpeaking:
    """The end of a turn was found. None: the sound was too short to hold words."""

    audio_id: AudioId | None


@dataclass(frozen=True, slots=True)
class PartialTranscript:
    """What was understood so far, before the turn has ended."""

    transcript: Transcript
    audio_id: AudioId | None = None


@dataclass(frozen=True, slots=True)
class TranscriptReady:
    """The whole turn, or a typed line (`audio_id` None)."""

    audio_id: AudioId | None
    transcript: Transcript


@dataclass(frozen=True, slots=True)
class TranscriptionFailed:
    """The recogniser broke or took too long."""

    audio_id: AudioId
    code: str


@dataclass(frozen=True, slots=True)
class PlaybackStarted:
    """The first sample of an utterance reached the speaker."""

    utterance_id: UtteranceId


@dataclass(frozen=True, slots=True)
class PlaybackProgressed:
    """Segment number `segment` (from 0) of the timeline began to be heard."""

    utterance_id: UtteranceId
    segment: int


@dataclass(frozen=True, slots=True)
class PlaybackFinished:
    """The last sample was heard, or the utterance was cut. `segment` is the one being heard at that moment."""

    utterance_id: UtteranceId
    segment: int
    interrupted: bool


@dataclass(frozen=True, slots=True)
class SynthesisFailed:
    """The voice engine could not render a segment; its words were captioned over a silence of fitting length."""

    utterance_id: UtteranceId
    code: str


@dataclass(frozen=True, slots=True)
class MicrophoneLost:
    """The microphone stopped delivering."""


@dataclass(frozen=True, slots=True)
class MicrophoneReturned:
    """The microphone delivers again."""


@dataclass(frozen=True, slots=True)
class MicrophoneMuted:
    """It was closed because the person wanted it so."""


@dataclass(frozen=True, slots=True)
class MicrophoneUnmuted:
    """It was opened again, by key or button."""


@dataclass(frozen=True, slots=True)
class SpeakerLost:
    """The speaker stopped asking for sound."""


@dataclass(frozen=True, slots=True)
class SpeakerReturned:
    """The speaker asks for sound again."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something outside the conversation failed; its sentence is `failures.<code>`, told once, or EVERY_TIME."""

    code: str


EVERY_TIME = frozenset({"memory-not-forgotten", "memory-aside", "note-not-kept"})
"""Codes of what the person asked for and did not come about."""


@dataclass(frozen=True, slots=True)
class InputEnded:
    """No more words can come: a sound file or a piped text has ended. What is being said goes on to its end."""


@dataclass(frozen=True, slots=True)
class StopRequested:
    """The stop switch was tripped; the speaker is already silent. `leave` is set by Ctrl-C and SIGTERM."""

    source: str
    leave: bool = False


@dataclass(frozen=True, slots=True)
class SupportRequested:
    """People to reach, asked for without a word: by key or signal."""

    source: str


@dataclass(frozen=True, slots=True)
class ReminderDue:
    """It is one of the times the person chose, for this check-in. Heeded only while it waits."""

    check_in: str


@dataclass(frozen=True, slots=True)
class Called:
    """Somebody wants to talk: by button, key or wake word. Heeded only while it waits."""

    source: str


@dataclass(frozen=True, slots=True)
class MessageEnded:
    """What became of the message to the trusted person; never `Sending.UNDER_WAY`."""

    message_id: int
    ending: Sending


@dataclass(frozen=True, slots=True)
class PauseRequested:
    """A pause by key or button."""


@dataclass(frozen=True, slots=True)
class ModelChose:
    """The language model's choice among the options of `AskModel`; not yet known to be one of them."""

    ask_id: int
    choice: str


@dataclass(frozen=True, slots=True)
class ModelSaid:
    """A sentence of the language model that passed the guard."""

    ask_id: int
    sentence: GuardedSentence


@dataclass(frozen=True, slots=True)
class ModelWorded:
    """Other words for what was said in a flow, each sentence past the guard."""

    ask_id: int
    sentences: tuple[GuardedSentence, ...]


@dataclass(frozen=True, slots=True)
class ModelDoubts:
    """The language model hears danger in words in which the screen heard none."""

    ask_id: int
    level: Level


@dataclass(frozen=True, slots=True)
class OtherLost:
    """Another computer, the `model` or the `hearing` one, gave nothing; `code` says why. Told once by who asks it."""

    what: str
    code: str


Event = (
    UserStartedSpeaking
    | UserStoppedSpeaking
    | PartialTranscript
    | TranscriptReady
    | TranscriptionFailed
    | PlaybackStarted
    | PlaybackProgressed
    | PlaybackFinished
    | SynthesisFailed
    | MicrophoneLost
    | MicrophoneReturned
    | MicrophoneMuted
    | MicrophoneUnmuted
    | SpeakerLost
    | SpeakerReturned
    | Trouble
    | InputEnded
    | StopRequested
    | SupportRequested
    | PauseRequested
    | ReminderDue
    | Called
    | MessageEnded
    | ModelChose
    | ModelSaid
    | ModelWorded
    | ModelDoubts
    | OtherLost
)

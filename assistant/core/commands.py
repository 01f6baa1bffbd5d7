"""What a conversation can ask of the world."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from assistant.core.ids import AudioId, UtteranceId
from assistant.core.pages import HandOver
from assistant.core.past import Forgetting
from assistant.core.timeline import Timeline
from assistant.core.trusted import TrustedPerson
from assistant.core.wording import Form
from assistant.safety.screen import ScreenedText
from assistant.safety.support import Support


@dataclass(frozen=True, slots=True)
class Speak:
    """Let `timeline` be heard. `interruptible`: speech over it may end it (a stop always does).

    `exercise_left`: about how many seconds of an exercise follow when nothing is answered; None: it is none.
    """

    utterance_id: UtteranceId
    timeline: Timeline
    interruptible: bool = True
    exercise_left: float | None = None


@dataclass(frozen=True, slots=True)
class Duck:
    """Lower the voice while it is unclear whether someone is speaking."""


@dataclass(frozen=True, slots=True)
class Rest:
    """Hold the voice where it is, in silence: somebody goes on speaking."""


@dataclass(frozen=True, slots=True)
class Unduck:
    """Let the voice swell back, from the word at which it was lowered."""


@dataclass(frozen=True, slots=True)
class StopPlayback:
    """Silence, now."""


@dataclass(frozen=True, slots=True)
class EndTurn:
    """What was understood so far is a whole answer: a short silence is enough to end this turn."""

    audio_id: AudioId


@dataclass(frozen=True, slots=True)
class Transcribe:
    """Turn this stretch of speech into words."""

    audio_id: AudioId


class Answer(StrEnum):
    """What was asked for."""

    ANYTHING = "anything"
    NUMBER = "number"
    """From zero to ten."""


@dataclass(frozen=True, slots=True)
class Expect:
    """What the turns from now on most likely hold. Anything may be said all the same, and is screened."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class ShowResources:
    """Put human support on the screen and leave it there."""

    support: Support


@dataclass(frozen=True, slots=True)
class HideScreen:
    """Nothing of this sitting stays visible."""


@dataclass(frozen=True, slots=True)
class Latch:
    """Support was given: a new sitting within the next while opens with it."""


@dataclass(frozen=True, slots=True)
class Record:
    """What may be remembered of an exercise: numbers and names, never words.

    `worse`: the person said so, or the number after was higher. `stopped`: it was left before its end.
    """

    exercise: str
    state: str
    before: float | None
    after: float | None
    stopped: bool
    worse: bool = False


@dataclass(frozen=True, slots=True)
class Forget:
    """Away with it, for good. It was asked for twice."""

    what: Forgetting


@dataclass(frozen=True, slots=True)
class Mute:
    """Close the microphone: the person said so. Only a key or a button opens it again."""


@dataclass(frozen=True, slots=True)
class Knocked:
    """A reminder was given."""


@dataclass(frozen=True, slots=True)
class Answered:
    """Somebody is there: they answered a reminder, or came by themselves."""


@dataclass(frozen=True, slots=True)
class ShowTrusted:
    """Put the trusted person's name and number on the screen, and the message where it is about to be sent."""

    contact: TrustedPerson
    message: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Notify:
    """Send `message` to the trusted person. It was asked for, and confirmed. Its end comes back as `MessageEnded`."""

    message_id: int
    contact: TrustedPerson
    message: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class KeepNote:
    """Keep these words of the person's, encrypted. It was asked for, and confirmed. `bookmark`: for their therapist."""

    text: str = field(repr=False)
    bookmark: bool


@dataclass(frozen=True, slots=True)
class Option:
    """Something a language model may choose: `what` it is, in a few words."""

    id: str
    what: str


@dataclass(frozen=True, slots=True)
class AskModel:
    """Ask the language model about `words`, within so many seconds: which of the options fits (none: do not ask that),
    and for one sentence. `danger`: also whether it hears any. Nothing waits for it.
    """

    ask_id: int
    words: ScreenedText
    options: tuple[Option, ...]
    seconds: float
    danger: bool = False


@dataclass(frozen=True, slots=True)
class AskWording:
    """Ask the language model to put `words` another way, within so many seconds. The person said yes to that."""

    ask_id: int
    words: ScreenedText
    form: Form
    seconds: float


@dataclass(frozen=True, slots=True)
class TakeBack:
    """What the language model was asked is of no use any more."""


@dataclass(frozen=True, slots=True)
class HearElsewhere:
    """Whether sound may go to the other computer that turns speech into words."""

    allowed: bool


class EndReason(StrEnum):
    """Why a conversation ended."""

    FINISHED = "finished"
    ASKED = "asked"
    SILENCE = "silence"
    SUPPORT_GIVEN = "support_given"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class End:
    """Nothing follows."""

    reason: EndReason


Command = (
    Speak
    | Duck
    | Rest
    | Unduck
    | StopPlayback
    | EndTurn
    | Transcribe
    | Expect
    | ShowResources
    | HideScreen
    | Latch
    | Record
    | Mute
    | Knocked
    | Answered
    | Forget
    | HandOver
    | ShowTrusted
    | Notify
    | KeepNote
    | AskModel
    | AskWording
    | TakeBack
    | HearElsewhere
    | End
)

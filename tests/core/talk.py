"""A conversation and its clock, for stories that are told event by event."""

from __future__ import annotations

from assistant.core.commands import Command, Speak, StopPlayback
from assistant.core.conversation import Conversation
from assistant.core.events import (
    Event,
    PartialTranscript,
    PlaybackFinished,
    PlaybackProgressed,
    PlaybackStarted,
    TranscriptReady,
    UserStartedSpeaking,
    UserStoppedSpeaking,
)
from assistant.core.ids import AudioId
from assistant.safety.transcript import Transcript, Trust, nothing_heard

from .stories import a_conversation


def heard(words: str, trust: Trust = Trust.TRUSTED) -> Transcript:
    return Transcript(words, trust, 0.9, "test") if words else nothing_heard("test")


class Talk:
    """A conversation and its clock. The voice begins at once; what it says is reported as heard when asked."""

    def __init__(self, conversation: Conversation | None = None) -> None:
        self.conversation = conversation or a_conversation()
        self.now = 0.0
        self.audio = 0
        self.speaks: Speak | None = None
        self._note(self.conversation.start(0.0))

    def hears(self, event: Event) -> list[Command]:
        return self._note(self.conversation.receive(event, self.now))

    def passes(self, seconds: float) -> list[Command]:
        """Time, and every timer in it."""
        target, found = self.now + seconds, []
        while (deadline := self.conversation.deadline()) is not None and deadline <= target:
            self.now = max(self.now, deadline)
            found += self._note(self.conversation.handle_timer(self.now))
        self.now = target
        return found

    def says(self, words: str, *, lasting: float = 0.5, joined: bool = False) -> list[Command]:
        """A whole turn: the commands that its words led to."""
        self.starts(joined=joined)
        self.passes(lasting)
        self.stops()
        return self.understood(words)

    def starts(self, *, joined: bool = False) -> list[Command]:
        return self.hears(UserStartedSpeaking(joined))

    def stops(self) -> list[Command]:
        """A turn that may hold words."""
        self.audio += 1
        return self.hears(UserStoppedSpeaking(AudioId(self.audio)))

    def understood(self, words: str) -> list[Command]:
        """The last turn's words; none: it held none."""
        return self.hears(TranscriptReady(AudioId(self.audio), heard(words)))

    def pauses(self, words: str) -> list[Command]:
        """What is understood so far of the turn that is open."""
        return self.hears(PartialTranscript(heard(words), AudioId(self.audio + 1)))

    def voice_reaches(self, segment: int) -> list[Command]:
        assert self.speaks is not None
        return self.hears(PlaybackProgressed(self.speaks.utterance_id, segment))

    def voice_finishes(self) -> list[Command]:
        assert self.speaks is not None
        speak, self.speaks = self.speaks, None
        return self.hears(PlaybackFinished(speak.utterance_id, len(speak.timeline.segments) - 1, interrupted=False))

    def in_an_exercise(self) -> Talk:
        """The first words of one are being said."""
        self.voice_finishes()
        self.says("i'm panicking")
        self.voice_finishes()
        assert self.conversation.scene == "exercise:feet"
        self.voice_reaches(0)
        return self

    @property
    def words(self) -> tuple[str, ...]:
        """Of the utterance that is being said."""
        return self.speaks.timeline.captions() if self.speaks is not None else ()

    def _note(self, commands: list[Command]) -> list[Command]:
        begun = self.speaks
        for command in commands:
            match command:
                case Speak():
                    self.speaks = command
                case StopPlayback():
                    self.speaks = None
                case _:
                    pass
        if self.speaks is None or self.speaks is begun:
            return commands
        return commands + self._note(self.conversation.receive(PlaybackStarted(self.speaks.utterance_id), self.now))


def spoken(commands: list[Command]) -> list[str]:
    return [words for command in commands if isinstance(command, Speak) for words in command.timeline.captions()]

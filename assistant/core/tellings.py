"""What is said in between: that something failed or works again, and, from time to time, that this is a program."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from assistant.core.events import (
    Event,
    MicrophoneLost,
    MicrophoneMuted,
    MicrophoneReturned,
    MicrophoneUnmuted,
    SpeakerReturned,
)
from assistant.core.floor import Floor
from assistant.core.ids import UtteranceId
from assistant.core.moves import Moves
from assistant.core.performance import spoken
from assistant.core.scenes.closing import Closing, Paused, Stopped
from assistant.core.scenes.message import Message
from assistant.core.scenes.scene import Move, Scene
from assistant.core.scenes.support import Interrupt
from assistant.core.scenes.waiting import KnockScene, Waiting
from assistant.core.session import Session
from assistant.core.timeline import Recorded, Segment, Speech
from assistant.core.trusted import Sending
from assistant.safety.screen import Screen

NEWS: Mapping[type[Event], str] = {
    MicrophoneLost: "microphone-lost",
    MicrophoneReturned: "microphone-returned",
    MicrophoneMuted: "microphone-muted",
    MicrophoneUnmuted: "microphone-unmuted",
    SpeakerReturned: "speaker-returned",
}
"""News of a device that is said aloud, by the code of its sentence. That the speaker is gone has nobody to hear it."""
PROGRAM = "about.program"
PROGRAM_SECONDS = 3 * 3600.0
"""New York and California ask for every three hours, Utah for the first use, seven days' absence and every question
(safety.md section 4): every sitting here opens with it."""
SAID_BY = (
    "greeting.hello",
    "greeting.typed",
    "checkin.opening",
    "interrupt.program",
    "interrupt.reopened",
    "about.who",
    PROGRAM,
)
"""The first line of each says so."""
SILENT = (Stopped, Paused, Interrupt, Waiting, KnockScene)
"""Scenes in which nothing is told in between: silence was asked for, nobody may be there, or support is not cut."""

MUTED = ("microphone-muted", "microphone-unmuted")


class Tellings(Moves):
    """Told once, between two sentences; what it cut goes on afterwards."""

    def __init__(self, session: Session, floor: Floor, scene: Scene, screen: Screen) -> None:
        super().__init__(session, floor, scene, screen)
        self._told: set[str] = set()
        self._news: list[str] = []
        """About devices, and what speaks; told at the end of a sentence."""
        self._said_program: float | None = None
        """When it was last heard that this is a program. Every opening begins with it."""
        self._program_lines = frozenset(session.lines(key)[0] for key in SAID_BY)

    def _progressed(self, utterance: UtteranceId, segment: int, now: float) -> None:
        super()._progressed(utterance, segment, now)
        if utterance == self._floor.utterance:
            self._heard_out(self._move.say[: self.session.at], now)

    def _finished(self, utterance: UtteranceId, segment: int, now: float) -> None:
        if utterance == self._floor.utterance:
            self._heard_out(self._move.say, now)
        super()._finished(utterance, segment, now)

    def _heard_out(self, segments: Iterable[Segment], now: float) -> None:
        """These were heard to their end."""
        if any(isinstance(segment, Speech) and segment.text in self._program_lines for segment in segments):
            self._said_program = now

    def _tell(self, code: str, now: float, *, again: bool = False) -> None:
        if code in self._told and not again:
            return
        self._told.add(code)
        key = code if code == PROGRAM else f"failures.{code}"
        self._interject(Move(say=spoken(self.session.lines(key)), resume=True, interjection=True), now)

    @property
    def _may_tell(self) -> bool:
        return bool(self._news) and not isinstance(self._scene, SILENT)

    def _called(self, now: float) -> None:
        """By a button or a wake word; where it does not wait it is there already."""
        if isinstance(self._scene, Waiting) and not self._scene.called:
            self._silence_voice()
            self._apply(self._scene.call(self.session), now)

    def _tell_between(self, code: str, now: float) -> None:
        """About a device: after the sentence that is being said, so that none is said twice; the newest of each."""
        if isinstance(self._scene, Waiting) and code in MUTED and not self._scene.called:
            self._silence_voice()  # whoever pressed the key is there
            return self._apply(Move(say=spoken(self.session.lines(f"failures.{code}"))), now)
        device = code.partition("-")[0]
        self._news = [*(news for news in self._news if not news.startswith(device)), code]
        return self._tell_news(now)

    def _tell_news(self, now: float) -> None:
        said = self._move.say[self.session.at : self.session.at + 1]
        if self._news and not (self._floor.speaking and said and isinstance(said[0], Speech | Recorded)):
            self._tell(self._news.pop(0), now, again=True)

    def _say_again_what_speaks(self, now: float) -> None:
        """That it is a program: every three hours, and at the end where the first sentence was not heard."""
        said, scene = self._said_program, self._scene
        due = isinstance(scene, Closing) if said is None else now - said >= PROGRAM_SECONDS
        if due and self.ended is None and not isinstance(scene, SILENT):
            self._said_program = now
            self._news.append(PROGRAM)
            self._tell_news(now)

    def _message_ended(self, message: int, ending: Sending, now: float) -> None:
        """Told where it was asked for, or between two sentences of what came after; after a stop on screen only."""
        session, scene = self.session, self._scene
        if session.sending is not Sending.UNDER_WAY or message != session.messages:
            return
        if isinstance(scene, Interrupt | Message):
            session.sending = ending
            if self._floor.listening:
                self._apply(scene.after_speech(session), now)
            return
        session.sending = None
        if not isinstance(scene, SILENT):
            self._tell_between(ending, now)

    def _interject(self, move: Move, now: float) -> None:
        if isinstance(self._scene, SILENT):
            return  # Silence was asked for, or support must not be cut; the screen tells it.
        self._hold()
        self._silence_voice()
        self._apply(replace(move, interruptible=self._move.interruptible), now)

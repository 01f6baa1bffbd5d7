"""One question before anything is forgotten for good. Only a clear yes forgets; anything else leaves all as it is."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from assistant.core.commands import Command, Forget
from assistant.core.past import Forgetting
from assistant.core.performance import spoken
from assistant.core.scenes.between import OVER, Between
from assistant.core.scenes.routes import choose
from assistant.core.scenes.scene import KEEP, Move, ToForgetting
from assistant.core.session import Session
from assistant.core.understanding import Intent, Understanding
from assistant.safety.screen import ScreenedText

ANSWER_SECONDS = 8.0
"""Yes or no (content.md section 2)."""


@dataclass
class Confirm(Between):
    """Away with it, for good?"""

    what: Forgetting
    name: str = field(default="forgetting", init=False)

    def begin(self, session: Session) -> Move:
        return Move(say=spoken(session.lines(f"forget.ask.{self.what}")), listen=ANSWER_SECONDS)

    def answer(self, session: Session, said: Understanding, words: ScreenedText) -> Move:
        if self.over:
            return OVER
        if said.intent is Intent.YES and said.clear:
            return self.leave(spoken(session.lines("forget.done")), *self._forget(session))
        if said.states:
            return choose(session, said.states)
        move = self.answer_as_anywhere(session, said, words)
        if move is KEEP or isinstance(move.next, ToForgetting):
            return self.silence(session)
        return replace(move, say=(*spoken(session.lines("forget.kept")), *move.say)) if move.say else move

    def silence(self, session: Session) -> Move:
        return OVER if self.over else self.leave(spoken(session.lines("forget.kept")))

    def after_speech(self, session: Session) -> Move:
        return OVER if self.over else Move(listen=ANSWER_SECONDS)

    def _forget(self, session: Session) -> tuple[Command, ...]:
        """An exercise that is going on is "that": it has not been noted, and never will be."""
        going_on, session.unrecorded = session.unrecorded, None
        if self.what is Forgetting.THAT and going_on is not None:
            return ()
        session.forget(self.what)
        return (Forget(self.what),)

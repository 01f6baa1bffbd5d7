"""The trusted person's number: said twice, shown, and said again as often as that is asked for."""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant.core.commands import ShowTrusted
from assistant.core.scenes.between import OVER, Between
from assistant.core.scenes.routes import choose
from assistant.core.scenes.scene import KEEP, Move
from assistant.core.scenes.telling_number import number_said
from assistant.core.session import Session
from assistant.core.understanding import Intent, Understanding
from assistant.safety.screen import ScreenedText

AGAIN_SECONDS = 8.0
"""Time to ask for it once more."""


@dataclass
class TheirNumber(Between):
    """Nothing has to be answered."""

    name: str = field(default="their-number", init=False)

    def begin(self, session: Session) -> Move:
        return Move(say=number_said(session), listen=AGAIN_SECONDS, also=(ShowTrusted(session.trusted),))

    def answer(self, session: Session, said: Understanding, words: ScreenedText) -> Move:
        if said.states:
            return choose(session, said.states)
        if said.intent in (Intent.AGAIN, Intent.THEIR_NUMBER):
            return self.begin(session)
        move = self.answer_as_anywhere(session, said, words)
        return self.silence(session) if move is KEEP else move

    def silence(self, session: Session) -> Move:
        return OVER if self.over else self.leave(())

    def after_speech(self, session: Session) -> Move:
        return OVER if self.over else Move(listen=AGAIN_SECONDS)

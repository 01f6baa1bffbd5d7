"""A language model hears danger where the screen heard none: one plain question, at most once in a sitting.

It is the question that a faint signal leads to, with one thing less: silence does not lead to support here. So a
server that calls everything danger costs one question, and keeps nobody from the help they came for. What is answered
passes the screen, as ever, and anything heard in it leads to support.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant.core.scenes.common import hide
from assistant.core.scenes.scene import Move, ToInterrupt
from assistant.core.scenes.support import Concern
from assistant.core.session import Session
from assistant.core.understanding import Intent, Understanding
from assistant.safety.screen import ScreenedText
from assistant.safety.verdict import Level

TOWARDS_PEOPLE = (Intent.YES, Intent.HELP, Intent.WHO_CAN_I_CALL, Intent.WORSE)


@dataclass
class Doubt(Concern):
    """A yes, clear or not, leads to support; a no is thanked for; all else leaves the number on the screen."""

    name: str = field(default="doubt", init=False)

    def answer(self, session: Session, said: Understanding, words: ScreenedText) -> Move:
        if said.intent is Intent.HIDE:
            return hide()
        if said.intent in TOWARDS_PEOPLE or words.verdict.level is not Level.NONE:
            session.kind = self.kind
            return Move(next=ToInterrupt(self.kind))
        if said.intent is Intent.NO and said.clear:
            return super().answer(session, said, words)
        return Move(resume=True)

    def silence(self, session: Session) -> Move:
        return Move(resume=True)

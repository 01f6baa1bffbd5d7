"""Towards a person: asked once whether there is one, with time to think, and numbers aloud for who has nobody."""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant.core.commands import Command, EndReason, ShowResources
from assistant.core.performance import spoken
from assistant.core.scenes.common import common_answer, farewell
from assistant.core.scenes.routes import begin_exercise, choose
from assistant.core.scenes.scene import KEEP, Move, ToClosing, ToWorse
from assistant.core.session import Session
from assistant.core.understanding import Intent, Understanding
from assistant.safety.interrupt import compose_support
from assistant.safety.screen import ScreenedText

ANSWER_SECONDS = 12.0
"""Longer than an ordinary yes or no: somebody comes to mind, or does not."""


@dataclass
class TowardsPerson:
    """After a number that is high or rose, and after "worse": nothing else is asked until this was answered, or time
    has passed. Then the offer of another one, or the end.
    """

    name: str = field(default="towards-person", init=False)

    def begin(self, session: Session) -> Move:
        also: tuple[Command, ...] = (*session.record(), ShowResources(session.fitting))
        say = spoken(session.lines("rate.towards_person"))
        if session.input_over:
            return Move(say=say, also=also, next=ToClosing())
        return Move(say=say, also=also, listen=ANSWER_SECONDS)

    def answer(self, session: Session, said: Understanding, words: ScreenedText) -> Move:
        if said.states:
            return choose(session, said.states)
        match said.intent:
            case Intent.YES | Intent.THANKS:
                return farewell(session)
            case Intent.SOMEBODY:
                lines = (*session.lines("rate.somebody"), *session.lines("closing.goodbye"))
                return Move(say=spoken(lines), end=EndReason.ASKED)
            case Intent.WORSE:
                return Move(next=ToWorse())
            case Intent.GO_ON | Intent.AGAIN | Intent.SOMETHING_ELSE:
                return begin_exercise(session, session.lines("choosing.default"))
        move = common_answer(session, said, words)
        if move is not KEEP:
            return move
        return Move(say=spoken(compose_support(session.support, session.repertoire.phrases)), next=ToClosing())

    def silence(self, session: Session) -> Move:
        return Move(next=ToClosing())

    def after_speech(self, session: Session) -> Move:
        return Move(listen=ANSWER_SECONDS)

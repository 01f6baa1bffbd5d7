"""Waiting to be spoken to, in silence; and a gentle knock, which tells a room nothing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from assistant.core.commands import Answered, EndReason, Knocked
from assistant.core.performance import spoken
from assistant.core.scenes.common import at_rest, common_answer, hide
from assistant.core.scenes.routes import choose, named_check_in, named_flow
from assistant.core.scenes.scene import KEEP, Move, ToCheckIn, ToFlow, ToGreeting, ToInterrupt
from assistant.core.script import Script
from assistant.core.session import Session
from assistant.core.timeline import Chime
from assistant.core.understanding import Intent, Understanding
from assistant.core.waking import Wake
from assistant.safety.screen import ScreenedText

WAIT_SECONDS = 3600.0
"""Between two looks at nothing; any length would do."""
ANSWER_SECONDS = 10.0
"""Longer than a yes or no: somebody may be in the next room."""


@dataclass
class Waiting:
    """Says nothing until it is spoken to. What else is said in the room passes the screen, and is not for it."""

    wake: Wake = Wake.SPEECH
    called: bool = field(default=False, init=False)
    """By button or wake word. Whoever is still speaking is waited for, and may say more than that."""
    name: str = field(default="waiting", init=False)

    def begin(self, session: Session) -> Move:
        return Move(listen=WAIT_SECONDS)

    def call(self, session: Session) -> Move:
        """Somebody wants to talk, and has not said about what."""
        self.called = True
        return _greeted(session)

    def answer(self, session: Session, said: Understanding, words: ScreenedText) -> Move:
        if self.called and not said.states:
            return KEEP  # the greeting waits for the end of their words
        if said.clear and (self._is_meant(said) or self.called):
            move = _met(session, said, words)
            if move != KEEP:
                return move
        return _greeted(session) if self.wake is Wake.ALWAYS else KEEP

    def _is_meant(self, said: Understanding) -> bool:
        match self.wake:
            case Wake.SPEECH | Wake.ALWAYS:
                return True
            case Wake.PHRASE:
                return said.by_name or said.intent in _FOR_HELP
            case _:
                return said.intent in _FOR_HELP

    def silence(self, session: Session) -> Move:
        return Move(end=EndReason.SILENCE) if session.input_over else Move(listen=WAIT_SECONDS)

    def after_speech(self, session: Session) -> Move:
        return Move(listen=WAIT_SECONDS)


_FOR_HELP = (Intent.HELP, Intent.WHO_CAN_I_CALL)


@dataclass
class KnockScene:
    """Asks whether it is a good time. Nothing personal before a yes; with no answer it is quiet again."""

    script: Script
    name: str = field(default="knock", init=False)

    def begin(self, session: Session) -> Move:
        say = (Chime("start"), *spoken(session.lines("knock.say")))
        return Move(say=say, listen=ANSWER_SECONDS, also=(Knocked(),))

    def answer(self, session: Session, said: Understanding, words: ScreenedText) -> Move:
        if not said.clear:
            return KEEP
        if said.intent in (Intent.YES, Intent.GO_ON) and not said.states:
            return _begun(session, Move(next=ToCheckIn(self.script, opens=True)))
        match said.intent:
            case Intent.NO | Intent.PAUSE | Intent.SKIP | Intent.CANT | Intent.THANKS | Intent.GOODBYE:
                say = spoken(session.lines("knock.later"))
                return Move(say=say, end=EndReason.FINISHED, also=(Answered(),))
        return _met(session, said, words)

    def silence(self, session: Session) -> Move:
        return Move(end=EndReason.SILENCE)

    def after_speech(self, session: Session) -> Move:
        return Move(listen=ANSWER_SECONDS)


def _met(session: Session, said: Understanding, words: ScreenedText) -> Move:
    """Somebody speaks to it: the sitting begins now. KEEP: they speak to somebody else."""
    if (flow := named_flow(session, words)) is not None:
        return _begun(session, Move(next=ToFlow(flow, opens=True)))
    if said.states:
        return _begun(session, _saying_what_speaks(session, choose(session, said.states)))
    match said.intent:
        case Intent.HELP | Intent.WHO_CAN_I_CALL:  # _FOR_HELP
            support = replace(common_answer(session, said, words), resume=False, interjection=False, next=ToGreeting())
            return _begun(session, _saying_what_speaks(session, support))
        case Intent.THEIR_NUMBER | Intent.SEND_MESSAGE if session.trusted.known:
            asked = at_rest(replace(common_answer(session, said, words), resume=False, interjection=False))
            return _begun(
                session, _saying_what_speaks(session, asked if asked.next else replace(asked, next=ToGreeting()))
            )
        case Intent.CHECK_IN if (script := named_check_in(session, words)) is not None:
            return _begun(session, Move(next=ToCheckIn(script, opens=True)))
        case Intent.HIDE:
            return hide()
        case Intent.WAKE | Intent.GO_ON | Intent.WHO_ARE_YOU:
            return _greeted(session)
        case _:
            return _greeted(session) if said.by_name else KEEP


def _greeted(session: Session) -> Move:
    return _begun(session, Move(next=ToGreeting(chime=True)))


def _saying_what_speaks(session: Session, move: Move) -> Move:
    return replace(move, say=(*spoken(session.lines("checkin.opening")), *move.say))


def _begun(session: Session, move: Move) -> Move:
    """The sitting counts from here. One that ended with support not long ago opens with support."""
    session.begin_again()
    if session.support_given:
        move = Move(next=ToInterrupt(None))
    return replace(move, also=(*move.also, Answered()))

"""Concern (one plain question) and the interrupt (human support, latched)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from assistant.core.commands import Command, EndReason, Latch, ShowResources, ShowTrusted
from assistant.core.performance import spoken
from assistant.core.scenes.common import hide
from assistant.core.scenes.message import outcome, question, sent
from assistant.core.scenes.routes import choose
from assistant.core.scenes.scene import Move, ToInterrupt
from assistant.core.scenes.telling_number import number_said
from assistant.core.session import Session
from assistant.core.timeline import Pause, Speech
from assistant.core.trusted import Sending
from assistant.core.understanding import Intent, State, Understanding
from assistant.safety.interrupt import (
    Near,
    compose_emergency,
    compose_interrupt,
    compose_line,
    compose_return,
    compose_support,
    compose_texting,
    offers_message,
)
from assistant.safety.screen import ScreenedText
from assistant.safety.verdict import Kind

ANSWER_SECONDS = 12.0
"""Longer than an ordinary yes or no: this is hard to answer."""
COMPANY_SECONDS = (60.0, 180.0, 360.0)
"""When one quiet line follows the support, and then no more: present, without a loop."""


@dataclass
class Concern:
    """Pause, and one plain question with a number ready. A yes, an unclear answer or silence leads to support."""

    kind: Kind
    first: tuple[State, ...] | None = None
    """What the first words of a sitting told; None: something was going on already, and goes on after a no."""
    name: str = field(default="concern", init=False)
    denied: bool = field(default=False, init=False)

    def begin(self, session: Session) -> Move:
        lines = (*session.lines(f"concern.ask.{self.kind}"), *session.lines("concern.number_ready"))
        return Move(
            say=spoken(lines), listen=ANSWER_SECONDS, also=(ShowResources(session.fitting),), interruptible=False
        )

    def answer(self, session: Session, said: Understanding, words: ScreenedText) -> Move:
        if said.intent is Intent.HIDE:
            return hide()
        if self.denied:
            return Move(resume=True)
        if said.intent is Intent.NO and said.clear:
            self.denied = True
            thanks = spoken(session.lines("concern.no_thanks"))
            if self.first is None:
                return Move(say=thanks, resume=True)
            move = choose(session, self.first)
            return replace(move, say=(*thanks, *move.say))
        return Move(next=ToInterrupt(self.kind))

    def silence(self, session: Session) -> Move:
        return Move(resume=True) if self.denied else Move(next=ToInterrupt(self.kind))

    def after_speech(self, session: Session) -> Move:
        return Move(listen=ANSWER_SECONDS)


@dataclass
class Interrupt:
    """Support is said once, repeated when asked, then a bounded quiet line. The old exercise never comes back.

    `kind` None: a sitting that opens with support, because one not long ago ended with it.
    """

    kind: Kind | None
    name: str = field(default="interrupt", init=False)
    _company: int = field(default=0, init=False)
    _offered: bool = field(default=False, init=False)
    """Whether a yes means the message that was offered."""
    _asking: bool = field(default=False, init=False)
    """Whether a yes sends it."""
    _their_number: bool = field(default=False, init=False)
    """Whether the number said last was the trusted person's."""
    _quiet: bool = field(default=False, init=False)
    """Somebody may be listening who must not hear: nothing more is said by itself."""

    def begin(self, session: Session) -> Move:
        phrases = session.repertoire.phrases
        if self.kind is None:
            lines = compose_return(session.support, phrases)
        else:
            trusted = session.trusted
            near = Near(trusted.name, message=trusted.reachable, number=bool(trusted.number))
            lines = compose_interrupt(self.kind, session.support, phrases, near)
            self._offered = offers_message(self.kind, near)
        # In a normal, unhurried voice, whatever pace the exercise had (content.md section 2).
        say = tuple(part for line in lines for part in (Speech(line), Pause(0.8)))
        also: tuple[Command, ...] = (Latch(), ShowResources(session.fitting), *session.record())
        return Move(say=say, listen=COMPANY_SECONDS[0], also=also, interruptible=False)

    def answer(self, session: Session, said: Understanding, words: ScreenedText) -> Move:
        asked, offered = self._asking, self._offered
        self._asking = self._offered = False
        if (move := self._about_message(session, said, asked=asked, offered=offered)) is not None:
            return move
        if said.intent is Intent.THEIR_NUMBER or (said.intent is Intent.AGAIN and self._their_number):
            return self._told_number(session)
        self._their_number = False
        if self.kind is Kind.ABUSE and said.intent is Intent.NO:
            self._quiet = True  # it was asked whether it is safe to talk
            return Move(listen=self._wait, interruptible=False)
        match said.intent:
            case Intent.GOODBYE | Intent.THANKS:
                say = spoken(session.lines("closing.goodbye_short"))
                return Move(say=say, end=EndReason.SUPPORT_GIVEN, also=(ShowResources(session.fitting),))
            case Intent.HELP | Intent.WHO_CAN_I_CALL:
                return self._said(session, compose_support(session.support, session.repertoire.phrases))
            case Intent.WHO_ARE_YOU:
                return self._said(session, session.lines("about.who"))
            case Intent.HIDE:
                return hide()
            case Intent.AGAIN | Intent.WHAT_IS_THIS:
                return self._said(session, self._number_again(session))
            case Intent.NO:
                return self._said(session, session.lines("interrupt.stay"))
            case Intent.YES if self.kind is not Kind.MEDICAL:
                return self._said(session, compose_texting(session.fitting, session.repertoire.phrases))
        if self.kind is Kind.MEDICAL:
            return self._said(session, self._number_again(session))
        if said.states or said.intent in (Intent.GO_ON, Intent.CANT, Intent.SOMETHING_ELSE, Intent.WORSE):
            return self._said(session, session.lines("interrupt.orient"))
        return self._said(session, session.lines("interrupt.heard"))

    def _number_again(self, session: Session) -> tuple[str, ...]:
        """The one to call: for the body it is the emergency number, and no help line."""
        if self.kind is Kind.MEDICAL:
            return compose_emergency(session.support, session.repertoire.phrases)
        return compose_line(session.fitting, session.repertoire.phrases)

    def _about_message(self, session: Session, said: Understanding, *, asked: bool, offered: bool) -> Move | None:
        """Only a clear yes to the question sends; the offer that came with the support leads to the question."""
        if asked and said.intent is Intent.YES and said.clear:
            say, notify = sent(session)
            return Move(say=say, also=(notify,), interruptible=False)
        wanted = said.intent is Intent.SEND_MESSAGE or (offered and said.intent is Intent.YES)
        if wanted and session.trusted.reachable:
            self._asking = True
            return replace(question(session), interruptible=False)
        if wanted:
            return self._told_number(session, *session.lines("trusted.no_message"))
        if asked and said.intent in (Intent.YES, Intent.NO, None) and not said.states:
            return self._said(session, session.lines("trusted.kept"))
        return None

    def _told_number(self, session: Session, *before: str) -> Move:
        self._their_number = True
        say = (*spoken(before), Pause(0.8), *number_said(session)) if before else number_said(session)
        return Move(say=say, listen=self._wait, also=(ShowTrusted(session.trusted),), interruptible=False)

    def message_dropped(self) -> None:
        """After a stop a yes is no answer to what was asked before it."""
        self._asking = self._offered = False

    def silence(self, session: Session) -> Move:
        if (move := self._outcome(session)) is not None:
            return move
        if self._asking:
            self._asking = False
            return Move(say=spoken(session.lines("trusted.kept")), listen=self._wait, interruptible=False)
        self._company += 1
        if self._company >= len(COMPANY_SECONDS):
            say = () if self._quiet else spoken(session.lines("closing.goodbye_short"))
            return Move(
                say=say, end=EndReason.SUPPORT_GIVEN, also=(ShowResources(session.fitting),), interruptible=False
            )
        say = () if self._quiet else spoken(session.lines("interrupt.still_here"))
        return Move(say=say, listen=self._wait, interruptible=False)

    def after_speech(self, session: Session) -> Move:
        move = self._outcome(session)
        return move if move is not None else Move(listen=self._wait)

    def _outcome(self, session: Session) -> Move | None:
        """What became of a message, once that is known."""
        self._their_number |= session.sending in (Sending.FAILED, Sending.UNSURE)
        say = outcome(session)
        return Move(say=say, listen=self._wait, interruptible=False) if say else None

    @property
    def _wait(self) -> float:
        return COMPANY_SECONDS[min(self._company, len(COMPANY_SECONDS) - 1)]

    def _said(self, session: Session, lines: tuple[str, ...]) -> Move:
        return Move(
            say=spoken(lines, gap=0.8), listen=self._wait, also=(ShowResources(session.fitting),), interruptible=False
        )

"""A message to the trusted person: one question, and only a clear yes sends. What became of it is said as it is."""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant.core.commands import Command, Notify, ShowTrusted
from assistant.core.performance import spoken
from assistant.core.scenes.between import OVER, Between
from assistant.core.scenes.routes import choose
from assistant.core.scenes.scene import KEEP, Move
from assistant.core.scenes.telling_number import number_said
from assistant.core.session import Session
from assistant.core.timeline import Segment
from assistant.core.trusted import Sending
from assistant.core.understanding import Intent, Understanding
from assistant.safety.screen import ScreenedText

ANSWER_SECONDS = 8.0
"""Yes or no (content.md section 2)."""
RESULT_SECONDS = 30.0
"""More than a message may take to be sent or given up (assistant/reaching/messenger.py)."""


def question(session: Session) -> Move:
    """Shall it be sent? Its words are on the screen, and not said: somebody may be near."""
    shown = ShowTrusted(session.trusted, words_of(session))
    lines = session.lines("trusted.ask", trusted=session.trusted_name)
    return Move(say=spoken(lines), listen=ANSWER_SECONDS, also=(shown,))


def words_of(session: Session) -> str:
    """Those the person chose beforehand, or the content's."""
    return session.trusted.message or " ".join(session.lines("trusted.message"))


def sent(session: Session) -> tuple[tuple[Segment, ...], Command]:
    """It is on its way."""
    session.messages += 1
    session.sending = Sending.UNDER_WAY
    return spoken(session.lines("trusted.sending")), Notify(session.messages, session.trusted, words_of(session))


def outcome(session: Session) -> tuple[Segment, ...]:
    """What is to be said of it, once; nothing while it is under way. Where it failed, their number too."""
    ending = session.sending
    if ending is None or ending is Sending.UNDER_WAY:
        return ()
    session.sending = None
    told = spoken(session.lines(f"failures.{ending}"))
    return told if ending is Sending.SENT or not session.trusted.number else (*told, *number_said(session))


@dataclass
class Message(Between):
    """Asked, then sent, then told; whoever goes on to something else meanwhile is told of it there."""

    name: str = field(default="message", init=False)
    _sent: bool = field(default=False, init=False)

    def begin(self, session: Session) -> Move:
        return question(session)

    def answer(self, session: Session, said: Understanding, words: ScreenedText) -> Move:
        if said.states:
            return choose(session, said.states)
        asking = not self._sent and not self.over
        if asking and said.intent is Intent.YES and said.clear:
            self._sent = True
            say, notify = sent(session)
            return Move(say=say, also=(notify,))
        if asking and said.intent is Intent.AGAIN:
            return question(session)
        if asking and said.intent in (Intent.YES, Intent.NO, Intent.SEND_MESSAGE):
            return self.silence(session)
        move = self.answer_as_anywhere(session, said, words)
        return self.silence(session) if move is KEEP and asking else move

    def silence(self, session: Session) -> Move:
        if self.over:
            return OVER
        if not self._sent:
            return self.leave(spoken(session.lines("trusted.kept")))
        if session.sending is Sending.UNDER_WAY:
            session.sending = Sending.UNSURE
        return self.leave(outcome(session))

    def after_speech(self, session: Session) -> Move:
        if self.over:
            return OVER
        if not self._sent:
            return Move(listen=ANSWER_SECONDS)
        if session.sending is Sending.UNDER_WAY:
            return Move(listen=RESULT_SECONDS)
        return self.leave(outcome(session))

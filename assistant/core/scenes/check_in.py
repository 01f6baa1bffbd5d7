"""A check-in: the number first, help before anything else where it is needed, and a goodbye with no answer at all."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from assistant.core.commands import EndReason, ShowResources
from assistant.core.performance import spoken
from assistant.core.scenes.common import common_answer
from assistant.core.scenes.exercise import ExerciseScene, note
from assistant.core.scenes.routes import begin_exercise, choose
from assistant.core.scenes.scene import KEEP, Move
from assistant.core.script import Ask
from assistant.core.session import HIGH, Session
from assistant.core.timeline import Pause
from assistant.core.understanding import Intent, Understanding
from assistant.safety.screen import ScreenedText

ACUTE = 7.0
"""A number from which something short is offered at once (content.md section 1)."""
OFFER_SECONDS = 8.0
"""Yes or no (content.md section 2)."""
BREATHER_SECONDS = 0.6


@dataclass
class CheckInScene(ExerciseScene):
    """Performed as a script is. `opens`: the sitting begins with it, so it says what speaks."""

    opens: bool = False
    _named: bool = field(default=False, init=False)
    """What is going on was said, and it is not acute."""
    _offers: bool = field(default=False, init=False)

    @property
    def name(self) -> str:
        return f"check-in:{self.script.id}"

    def begin(self, session: Session) -> Move:
        session.before = session.after = None
        session.silences = 0  # whoever wants to be asked is asked
        move = super().begin(session)
        if not self.opens:
            return move
        opening = (*spoken(session.lines("checkin.opening")), Pause(BREATHER_SECONDS))
        self._first_segment -= len(opening)
        return replace(move, say=(*opening, *move.say))

    def answer(self, session: Session, said: Understanding, words: ScreenedText) -> Move:
        if said.states and (self._offers or said.states[0] in session.repertoire.acute):
            return choose(session, said.states)  # the number is taken on the way, when it can be said
        if self._offers:
            return self._offer_answered(session, said, words)
        if said.states:
            session.turn_to(said.states[0])
            self._named = True
        if self.asking is not None and said.intent in (Intent.CANT, Intent.SKIP, Intent.SKIP_NUMBER):
            return self._after_question(session, session.lines("checkin.fine"))
        return super().answer(session, said, words)

    def silence(self, session: Session) -> Move:
        if self._offers:
            urgent = session.before is not None
            return begin_exercise(session, session.lines("greeting.quiet")) if urgent else self._goodbye(session)
        asked = self.asking
        if asked is None or (isinstance(asked, Ask) and asked.on_silence):
            return super().silence(session)
        session.silences += 1
        return self._after_question(session, session.lines("checkin.fine"))

    def after_speech(self, session: Session) -> Move:
        return Move(listen=OFFER_SECONDS) if self._offers else super().after_speech(session)

    def _rated(self, session: Session, number: float) -> Move:
        if number < ACUTE:
            return super()._rated(session, number)
        session.before = number
        note(session, before=number)
        return self._offer(session, session.lines("rate.heard", number=session.spoken_number(number).capitalize()))

    def _finish(self, session: Session) -> Move:
        if self._named:
            return self._offer(session, ())
        note(session, stopped=False)
        return self._goodbye(session)

    def _offer(self, session: Session, heard: tuple[str, ...]) -> Move:
        """Something short, now; with a high number people too. The rest of the questions can wait."""
        self._offers, self.asking, self._passage = True, None, None
        note(session, stopped=False)
        record = session.record()
        if session.before is None or session.before < HIGH:
            return Move(say=spoken((*heard, *session.lines("checkin.offer"))), listen=OFFER_SECONDS, also=record)
        lines = (*heard, *session.lines("checkin.high"), *session.lines("checkin.offer"))
        return Move(say=spoken(lines), listen=OFFER_SECONDS, also=(*record, ShowResources(session.fitting)))

    def _offer_answered(self, session: Session, said: Understanding, words: ScreenedText) -> Move:
        match said.intent:
            case Intent.YES | Intent.GO_ON | Intent.SOMETHING_ELSE | Intent.WORSE:
                return begin_exercise(session, session.lead())
            case Intent.NO | Intent.THANKS | Intent.SKIP:
                return self._goodbye(session)
        move = common_answer(session, said, words)
        return self._goodbye(session) if move is KEEP else move

    def _goodbye(self, session: Session) -> Move:
        return Move(say=spoken(session.lines("checkin.goodbye")), end=EndReason.FINISHED)

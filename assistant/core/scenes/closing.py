"""The offer at the end, the rest after a stop, and a kind goodbye."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from assistant.core.commands import EndReason, ShowResources
from assistant.core.limits import leads_to_people, new_limit
from assistant.core.performance import spoken
from assistant.core.scenes.common import at_rest, common_answer, farewell
from assistant.core.scenes.routes import begin_exercise, choose
from assistant.core.scenes.scene import KEEP, Move, ToCard, ToWorse
from assistant.core.session import Session
from assistant.core.understanding import Intent, State, Understanding
from assistant.safety.screen import ScreenedText

ANSWER_SECONDS = 8.0
"""Yes or no (content.md section 2)."""
BEFORE_STOPPED_LINE_SECONDS = 2.0
"""After a stop silence is kept first; then the state is said once (voice-assistants.md section 8, point 4)."""
REST_SECONDS = 120.0
"""How long a stopped session waits, in silence, for the person to come back."""


@dataclass
class Closing:
    """Another one, or stop here? After two, where a pattern shows, which is named once, and where exercises did not
    fit: a person or one small thing. Silence closes kindly; whoever asks for another has it.
    """

    quiet: bool = False
    people: bool = False
    name: str = field(default="closing", init=False)
    asked_again: bool = field(default=False, init=False)

    def begin(self, session: Session) -> Move:
        over = session.record()
        if self.quiet:
            return Move(end=EndReason.FINISHED, also=over)
        if (card := session.later) is not None and not session.input_over:
            session.later = None
            return Move(next=ToCard(card, offered=True), also=over)
        limit = new_limit(session)
        self.people |= limit is not None or leads_to_people(session)
        if limit is not None:
            session.named |= {limit}
        lines = session.lines(f"limits.{limit}") if limit is not None else ()
        also = (*over, *((ShowResources(session.fitting),) if self.people else ()))
        if session.silent or session.input_over:
            return replace(self.silence(session), say=spoken((*lines, *session.lines("closing.goodbye"))), also=also)
        key = "limits.next_small" if self.people else "closing.offer"
        return Move(say=spoken((*lines, *session.lines(key))), listen=ANSWER_SECONDS, also=also)

    def answer(self, session: Session, said: Understanding, words: ScreenedText) -> Move:
        if said.states:
            return choose(session, said.states)
        match said.intent:
            case Intent.YES if self.people:
                return farewell(session)
            case Intent.WORSE:
                return Move(next=ToWorse())
            case Intent.YES | Intent.GO_ON | Intent.AGAIN | Intent.SOMETHING_ELSE | Intent.NOT_WORKING | Intent.FIRST:
                return begin_exercise(session, session.lines("choosing.default"))
            case Intent.NO | Intent.THANKS | Intent.SECOND | Intent.SOMEBODY:
                return farewell(session)
        move = common_answer(session, said, words)
        if move is not KEEP:
            return move
        if self.asked_again:
            return farewell(session)
        self.asked_again = True
        return Move(say=spoken(session.lines("closing.ask_again")), listen=ANSWER_SECONDS)

    def silence(self, session: Session) -> Move:
        return Move(say=spoken(session.lines("closing.goodbye")), end=EndReason.FINISHED)

    def after_speech(self, session: Session) -> Move:
        return Move(listen=ANSWER_SECONDS)


@dataclass
class Stopped:
    """After "stop": silence. What can be said next is told once, and nothing resumes by itself."""

    name: str = field(default="stopped", init=False)
    told: bool = field(default=False, init=False)
    told_again: bool = field(default=False, init=False)
    """Once, to words that ask for nothing known: they may be for somebody else in the room."""

    def begin(self, session: Session) -> Move:
        return Move(listen=BEFORE_STOPPED_LINE_SECONDS)

    def answer(self, session: Session, said: Understanding, words: ScreenedText) -> Move:
        if said.states:
            return choose(session, said.states)
        match said.intent:
            case Intent.GO_ON | Intent.YES | Intent.AGAIN:
                return Move(resume=True)
            case Intent.SOMETHING_ELSE:
                return begin_exercise(session, session.lines("exercise.switching"))
            case Intent.NO | Intent.THANKS | Intent.STOP:
                return farewell(session)
        move = common_answer(session, said, words)
        if move.resume:
            return Move(say=move.say, listen=REST_SECONDS, also=move.also)
        if move is not KEEP:
            return at_rest(move)
        if not said.clear or self.told_again:
            return Move(listen=REST_SECONDS)
        self.told_again = True
        return Move(say=spoken(session.lines("stopped.said_once")), listen=REST_SECONDS)

    def silence(self, session: Session) -> Move:
        if not self.told:
            self.told = True
            return Move(say=spoken(session.lines("stopped.said_once")), listen=REST_SECONDS)
        return Move(end=EndReason.SILENCE)

    def after_speech(self, session: Session) -> Move:
        return Move(listen=REST_SECONDS)


@dataclass
class Paused:
    """ "Wait": silence until the person wants to go on, with one quiet line when it has been long."""

    name: str = field(default="paused", init=False)
    told: bool = field(default=False, init=False)

    def begin(self, session: Session) -> Move:
        return Move(say=spoken(session.lines("exercise.pause_ok")), listen=REST_SECONDS)

    def answer(self, session: Session, said: Understanding, words: ScreenedText) -> Move:
        if said.states:
            return choose(session, said.states)
        match said.intent:
            case Intent.GO_ON | Intent.YES | Intent.AGAIN | Intent.SKIP | Intent.BACK:
                return Move(resume=True)
            case Intent.SOMETHING_ELSE | Intent.CANT | Intent.NOT_WORKING:
                return begin_exercise(session, session.lines("exercise.switching"))
        return self._at_rest(session, said, words)

    def _at_rest(self, session: Session, said: Understanding, words: ScreenedText) -> Move:
        """What is understood in every scene, and then silence as before."""
        move = common_answer(session, said, words)
        if move.resume:
            return Move(say=move.say, listen=REST_SECONDS, also=move.also)
        return at_rest(move) if move is not KEEP else Move(listen=REST_SECONDS)

    def silence(self, session: Session) -> Move:
        if not self.told:
            self.told = True
            return Move(say=spoken(session.lines("exercise.still_here")), listen=REST_SECONDS)
        return Move(say=spoken(session.lines("closing.goodbye_short")), end=EndReason.SILENCE)

    def after_speech(self, session: Session) -> Move:
        return Move(listen=REST_SECONDS)


@dataclass
class Parking(Paused):
    """Whoever drives is asked to stop somewhere first. Nothing is begun until they say that the car stands: an exercise
    takes the eyes and the hands that the road needs.
    """

    states: tuple[State, ...] = ()
    name: str = field(default="parking", init=False)

    def begin(self, session: Session) -> Move:
        return Move(say=spoken(session.lines("driving.stop_first")), listen=REST_SECONDS, also=session.record())

    def answer(self, session: Session, said: Understanding, words: ScreenedText) -> Move:
        self.states = said.states or self.states
        if said.intent in (Intent.GO_ON, Intent.YES, Intent.AGAIN):
            return choose(session, self.states or (session.state,))
        if said.intent is Intent.CHECK_IN:
            return Move(listen=REST_SECONDS)
        return self._at_rest(session, said, words)

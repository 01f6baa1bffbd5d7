"""Greeting and choosing: from the first words, or from silence, to an exercise."""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant.core.performance import spoken
from assistant.core.scenes.common import common_answer
from assistant.core.scenes.routes import begin_exercise, choose
from assistant.core.scenes.scene import KEEP, Move, ToClosing, ToExercise
from assistant.core.script import Script
from assistant.core.session import Session
from assistant.core.timeline import Chime
from assistant.core.understanding import Intent, Understanding
from assistant.safety.screen import ScreenedText
from assistant.safety.words import normalise

CHOICE_SECONDS = 8.0
"""A closed choice (content.md section 2: interactive voice defaults of seven to eight seconds)."""


@dataclass
class Greeting:
    """Says what it is and asks what is happening; quiet is fine too."""

    chime: bool = False
    name: str = field(default="greeting", init=False)
    asked_again: bool = field(default=False, init=False)
    leads: bool = field(default=False, init=False)
    """An exercise is being led into: more words of distress ask for no other choice."""

    def begin(self, session: Session) -> Move:
        chime = (Chime("start"),) if self.chime else ()
        first, *rest = session.lines("greeting.typed" if session.typed else "greeting.hello")
        told = (line for key in session.outside.notice() for line in session.lines(key))
        return Move(say=(*chime, *spoken((first, *told, *rest))), listen=session.greeting_seconds)

    def answer(self, session: Session, said: Understanding, words: ScreenedText) -> Move:
        if not said.states:
            move = common_answer(session, said, words)
            if move is not KEEP and not move.resume:
                return move
            if move.say:
                return Move(say=move.say, listen=session.greeting_seconds, also=move.also)
            if not said.clear and not self.asked_again:
                self.asked_again = True
                return Move(say=spoken(session.lines("choosing.unclear")), listen=session.greeting_seconds)
        if self.leads and not said.certain:
            return KEEP
        move = choose(session, said.states)
        self.leads = isinstance(move.next, ToExercise)
        return move

    def silence(self, session: Session) -> Move:
        session.silences += 1
        return begin_exercise(session, session.lines("greeting.quiet"))

    def after_speech(self, session: Session) -> Move:
        return Move(listen=session.greeting_seconds)


@dataclass
class Choosing:
    """Two choices by voice, never a menu."""

    first: Script
    second: Script
    name: str = field(default="choosing", init=False)
    leads: bool = field(default=False, init=False)
    """As in the greeting."""

    def begin(self, session: Session) -> Move:
        lines = session.lines("choosing.offer_two", first=self.first.title, second=self.second.title)
        return Move(say=spoken(lines), listen=CHOICE_SECONDS)

    def answer(self, session: Session, said: Understanding, words: ScreenedText) -> Move:
        if said.states:
            return choose(session, said.states)
        match said.intent:
            case Intent.FIRST | Intent.YES:
                return self._chosen(session, self.first)
            case Intent.SECOND:
                return self._chosen(session, self.second)
            case Intent.AGAIN:
                return self.begin(session)
            case Intent.SOMETHING_ELSE:
                session.tried += [self.first.id, self.second.id]
                return begin_exercise(session, session.lines("exercise.switching"))
            case Intent.NO:
                return Move(next=ToClosing())
        move = common_answer(session, said, words)
        if move is not KEEP:
            return move
        if self.leads:
            return KEEP
        return self._named(session, set(normalise(words.text)))

    def silence(self, session: Session) -> Move:
        session.silences += 1
        return self._start(session, self.first)

    def after_speech(self, session: Session) -> Move:
        return Move(listen=CHOICE_SECONDS)

    def _named(self, session: Session, heard: set[str]) -> Move:
        """The one that a word of its own title names; else the first."""
        first, second = (set(normalise(script.title)) for script in (self.first, self.second))
        return self._chosen(session, self.second) if heard & (second - first) else self._start(session, self.first)

    def _chosen(self, session: Session, script: Script) -> Move:
        session.chosen = script.id
        return self._start(session, script)

    def _start(self, session: Session, script: Script) -> Move:
        session.tried.append(script.id)
        self.leads = True
        return Move(say=spoken(session.lead()), next=ToExercise(script))

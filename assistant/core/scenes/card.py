"""A card, read aloud in a calm way; then one small next thing, or people. It can be cut anywhere."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from assistant.core.cards import Card
from assistant.core.commands import ShowResources
from assistant.core.limits import leads_to_people
from assistant.core.performance import spoken
from assistant.core.scenes.common import aside, common_answer, reassurance
from assistant.core.scenes.exercise import ExerciseScene
from assistant.core.scenes.routes import choose
from assistant.core.scenes.scene import KEEP, Move, ToCard, ToClosing, ToExercise, ToWorse
from assistant.core.script import Say, Script
from assistant.core.session import Session
from assistant.core.timeline import Pause
from assistant.core.understanding import Intent, Understanding
from assistant.safety.screen import ScreenedText

ANSWER_SECONDS = 8.0
"""Yes or no (content.md section 2)."""
PASSAGE_GAP = 1.3
"""Seconds between thoughts: 1.2 to 1.6 in narration that calms (content.md, section 2)."""


def card_script(card: Card) -> Script:
    """Each passage a step of its own, so that it can be heard again, and left out."""
    steps = tuple(Say(str(at), (line,), PASSAGE_GAP) for at, line in enumerate(card.text))
    return Script(card.id, card.title, card.title, "card", card.states, card.sure, (), steps)


@dataclass
class CardScene(ExerciseScene):
    """`others` may fit too. `offered`: it asks first. Nothing of it is recorded."""

    card: Card
    others: tuple[Card, ...] = ()
    offered: bool = False
    _asks: bool = field(default=False, init=False)
    """The card is over, and what comes next is asked."""

    @property
    def name(self) -> str:
        return f"card:{self.card.id}"

    def begin(self, session: Session) -> Move:
        earlier = session.record()
        if self.offered:
            lines = session.lines("card.offered", title=self.card.title)
            return Move(say=spoken(lines), listen=ANSWER_SECONDS, also=earlier)
        return replace(self._read(session), also=earlier)

    def answer(self, session: Session, said: Understanding, words: ScreenedText) -> Move:
        if said.states:
            return choose(session, said.states)
        if self.offered:
            return self._offer_answered(session, said, words)
        match said.intent:
            case Intent.MORE | Intent.SOMETHING_ELSE:
                return self._more(session)
            case Intent.ARE_YOU_SURE | Intent.REASSURE:
                return reassurance(session, self.card.sure)
            case Intent.WHAT_IS_THIS | Intent.WHY:
                return aside_about(session, self.card)
            case Intent.WORSE:
                return Move(next=ToWorse())
            case Intent.CANT | Intent.NOT_WORKING:
                return self._what_next(session)
            case Intent.YES | Intent.GO_ON if self._asks:
                return self._exercise(session)
            case Intent.NO | Intent.THANKS if self._asks:
                return Move(next=ToClosing())
            case Intent.SKIP | Intent.SLOWER | Intent.FASTER if self._asks:
                return Move(next=ToClosing()) if said.intent is Intent.SKIP else common_answer(session, said, words)
            case Intent.AGAIN if self._asks:
                self._asks, self.step = False, 0
                return self._read(session)
        move = super().answer(session, said, words)
        return Move(next=ToClosing()) if move is KEEP and self._asks else move

    def silence(self, session: Session) -> Move:
        return Move(next=ToClosing()) if self._asks or self.offered else super().silence(session)

    def after_speech(self, session: Session) -> Move:
        return Move(listen=ANSWER_SECONDS) if self._asks or self.offered else super().after_speech(session)

    def _offer_answered(self, session: Session, said: Understanding, words: ScreenedText) -> Move:
        match said.intent:
            case Intent.YES | Intent.GO_ON | Intent.MORE:
                self.offered = False
                return self._read(session)
            case Intent.WORSE:
                return Move(next=ToWorse())
        move = common_answer(session, said, words)
        return Move(next=ToClosing()) if move is KEEP else move

    def _read(self, session: Session) -> Move:
        """Counted as it begins: who hears it half has heard it."""
        session.learned += (self.card.id,)
        opening = (*spoken(session.lines("card.intro"), session.pace), Pause(PASSAGE_GAP))
        move = self._perform(session)
        self._first_segment -= len(opening)
        return replace(move, say=(*opening, *move.say))

    def _finish(self, session: Session) -> Move:
        return self._what_next(session)

    def _what_next(self, session: Session) -> Move:
        """One small thing that fits this person, or people; where a limit holds, the close names it."""
        self._asks, self._passage, self.asking = True, None, None
        if leads_to_people(session) or session.elapsed >= session.pause_after_seconds:
            return Move(next=ToClosing())
        script = self._fitting(session)
        if script is None:
            return Move(say=spoken(session.lines("card.people")), listen=ANSWER_SECONDS)
        return Move(say=spoken(session.lines("card.exercise", title=script.title)), listen=ANSWER_SECONDS)

    def _exercise(self, session: Session) -> Move:
        script = self._fitting(session)
        if script is None:
            return Move(say=spoken(session.lines("card.no_more")), next=ToClosing(), also=_people(session))
        session.chosen = script.id
        session.tried.append(script.id)
        return Move(say=spoken(session.lead()), next=ToExercise(script))

    def _more(self, session: Session) -> Move:
        """The next card that may fit; then people know more than cards."""
        if self.others:
            return Move(next=ToCard(self.others[0], self.others[1:]))
        return Move(say=spoken(session.lines("card.no_more")), next=ToClosing(), also=_people(session))

    def _fitting(self, session: Session) -> Script | None:
        script = session.repertoire.scripts.get(self.card.exercise or "")
        return script if script is not None and session.cautions.isdisjoint(script.avoid_if) else None


def aside_about(session: Session, card: Card) -> Move:
    """What this is, in between."""
    return replace(aside(session), say=spoken(session.lines("card.about", title=card.title)))


def _people(session: Session) -> tuple[ShowResources, ...]:
    return (ShowResources(session.fitting),)

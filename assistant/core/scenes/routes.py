"""Which exercise comes next: for a state, for words that name none, and when the last one did not help."""

from __future__ import annotations

from dataclasses import replace

from assistant.core import limits
from assistant.core.commands import ShowResources
from assistant.core.flows import Flow
from assistant.core.limits import Limit
from assistant.core.performance import spoken
from assistant.core.scenes.scene import Move, ToCheckIn, ToChoosing, ToClosing, ToExercise
from assistant.core.script import Script
from assistant.core.session import Session
from assistant.core.understanding import State
from assistant.safety.screen import ScreenedText
from assistant.safety.words import normalise

WORDS_AROUND = 5
"""A request may have so many words beside it: "could we please ... now". A longer turn tells something."""


def choose(session: Session, states: tuple[State, ...]) -> Move:
    """A clear state starts its exercise at once; words that name none are offered two ways."""
    if states:
        session.turn_to(states[0])
        if limits.same_worry(session) and not session.acute and Limit.SAME_WORRY not in session.named:
            session.named |= {Limit.SAME_WORRY}
            move = begin_exercise(session, (*session.lines("limits.same_worry"), *session.lead()))
            return replace(move, also=(*move.also, ShowResources(session.fitting)))
        return begin_exercise(session, session.lead())
    first = session.next_script()
    if first is None:
        return begin_exercise(session, session.lines("choosing.default"))
    second = session.next_script(other_than_family=first.family)
    if second is None:
        return begin_exercise(session, session.lines("choosing.default"))
    return Move(next=ToChoosing(first, second))


def begin_check_in(session: Session, words: ScreenedText) -> Move:
    """The check-in that was named ("an evening check-in"), or the person's usual one."""
    script = named_check_in(session, words)
    if script is None:
        return begin_exercise(session, session.lead())
    return Move(next=ToCheckIn(script))


def named_check_in(session: Session, words: ScreenedText) -> Script | None:
    """The one whose name was said most wholly. None: there is no check-in at all."""
    heard = set(normalise(words.text))
    known = session.repertoire.check_ins

    def said(name: str) -> float:
        parts = name.split("-")
        return sum(part in heard for part in parts) / len(parts)

    best = max(known, key=lambda name: (said(name), name == session.check_in), default=None)
    return known[best] if best is not None else None


def named_flow(session: Session, words: ScreenedText) -> Flow | None:
    """The flow that is asked for, by one of its own phrases and hardly a word more; none in distress at this moment."""
    wording, heard = session.repertoire.flow_wording, normalise(words.text)
    if wording is None or wording.tells("now", words.text):
        return None
    said = f" {' '.join(heard)} "
    for flow in session.repertoire.flows.values():
        for phrase in flow.begins:
            asked = normalise(phrase)
            if f" {' '.join(asked)} " in said and len(heard) <= len(asked) + WORDS_AROUND:
                return flow
    return None


def begin_exercise(session: Session, lead: tuple[str, ...], other_than_family: str | None = None) -> Move:
    """Lead in, then perform the best exercise left; with none left, towards people, and then from the first again:
    nobody is locked out of help.
    """
    script = session.next_script(other_than_family) or session.next_script()
    if script is None:
        session.tried.clear()
        return Move(
            say=spoken(session.lines("closing.towards_people")),
            also=(ShowResources(session.fitting),),
            next=ToClosing(people=True),
        )
    session.tried.append(script.id)
    return Move(say=spoken(lead), next=ToExercise(script))

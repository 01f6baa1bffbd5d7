"""Which exercise comes next: for a state, for words that name none, and when the last one did not help."""

from __future__ import annotations

from assistant.core.commands import ShowResources
from assistant.core.performance import spoken
from assistant.core.scenes.scene import Move, ToChoosing, ToClosing, ToExercise
from assistant.core.session import Session
from assistant.core.understanding import State


def choose(session: Session, states: tuple[State, ...]) -> Move:
    """A clear state starts its exercise at once; words that name none are offered two ways."""
    if states:
        session.turn_to(states[0])
        return begin_exercise(session, session.lead())
    first = session.next_script()
    if first is None:
        return begin_exercise(session, session.lines("choosing.default"))
    second = session.next_script(other_than_family=first.family)
    if second is None:
        return begin_exercise(session, session.lines("choosing.default"))
    return Move(next=ToChoosing(first, second))


def begin_exercise(session: Session, lead: tuple[str, ...], other_than_family: str | None = None) -> Move:
    """Lead in, then perform the best exercise left; with none left, towards people."""
    script = session.next_script(other_than_family) or session.next_script()
    if script is None:
        return Move(
            say=spoken(session.lines("closing.towards_people")),
            also=(ShowResources(session.fitting),),
            next=ToClosing(),
        )
    session.tried.append(script.id)
    return Move(say=spoken(lead), next=ToExercise(script))

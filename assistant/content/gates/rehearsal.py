"""Every exercise, from every step, with every kind of reply: it ends, and it leads where it must."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assistant.content.exercises import ExerciseSource
from assistant.content.listening import UnderstandingSource
from assistant.content.phrases import PhrasesSource
from assistant.core.rehearsal import rehearse
from assistant.core.script import Repertoire
from assistant.core.understanding import State
from assistant.faults import Fault
from assistant.safety.support import Support


def dead_ends(
    exercises: Mapping[str, ExerciseSource],
    understanding: UnderstandingSource,
    phrases: PhrasesSource,
    support: Support,
) -> Iterator[Fault]:
    """One fault for each step and reply that goes wrong. Nothing where no exercise is for people who cannot say what is
    wrong: that is told elsewhere.
    """
    written = understanding.understanding
    order = {state: tuple(name for name in names if name in exercises) for state, names in written.order.items()}
    if not (unsure := order.get(State.UNSURE)):
        return
    repertoire = Repertoire(
        language=phrases.marked.path.parent.name,
        scripts={name: source.script for name, source in exercises.items()},
        order={state: order.get(state) or unsure for state in State},
        acute=frozenset(written.acute),
        phrases=phrases.lines,
        recorded=phrases.recorded,
    )
    for source in exercises.values():
        for found in rehearse(source.script, repertoire, support):
            what = f"after {found.reply!r} here, {found.what}"
            yield source.marked.fault(("steps", found.step), what, "mend the scene that answers it")

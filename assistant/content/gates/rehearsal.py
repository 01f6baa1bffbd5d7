"""Every exercise, check-in and flow, from every step, with every kind of reply: it ends, and it leads where it must."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial

from assistant.content.check_ins import CheckInSource
from assistant.content.exercises import ExerciseSource
from assistant.content.flows import FlowSource
from assistant.content.listening import UnderstandingSource
from assistant.content.phrases import PhrasesSource
from assistant.core.flows import Flow, FlowWording
from assistant.core.rehearsal import rehearse
from assistant.core.scenes.check_in import CheckInScene
from assistant.core.scenes.exercise import ExerciseScene
from assistant.core.scenes.flow import FlowScene
from assistant.core.script import Repertoire, Script
from assistant.core.understanding import State
from assistant.faults import Fault
from assistant.safety.support import Support


def dead_ends(
    exercises: Mapping[str, ExerciseSource],
    check_ins: Mapping[str, CheckInSource],
    understanding: UnderstandingSource,
    phrases: PhrasesSource,
    support: Support,
) -> Iterator[Fault]:
    """One fault for each step and reply that goes wrong. Nothing where no exercise is for people who cannot say what is
    wrong: that is told elsewhere.
    """
    repertoire = _repertoire(exercises, understanding, phrases)
    if repertoire is None:
        return
    repertoire = replace(repertoire, check_ins={name: source.script for name, source in check_ins.items()})
    performed = [(source.marked, source.script, ExerciseScene) for source in exercises.values()]
    performed += [(source.marked, source.script, CheckInScene) for source in check_ins.values()]
    for marked, script, scene in performed:
        for found in rehearse(script, repertoire, support, scene):
            what = f"after {found.reply!r} here, {found.what}"
            yield marked.fault(("steps", found.step), what, "mend the scene that answers it")


def flows_dead_ends(
    flows: Mapping[str, FlowSource],
    wording: FlowWording | None,
    exercises: Mapping[str, ExerciseSource],
    understanding: UnderstandingSource,
    phrases: PhrasesSource,
    support: Support,
) -> Iterator[Fault]:
    """The same of flows, whether they begin a sitting or come in its middle."""
    repertoire = _repertoire(exercises, understanding, phrases)
    if repertoire is None:
        return
    held = {name: source.flow for name, source in flows.items()}
    repertoire = replace(repertoire, flows=held, flow_wording=wording)
    for source in flows.values():
        for opens in (False, True):
            perform = partial(_perform, source.flow, opens)
            for found in rehearse(source.flow.script, repertoire, support, perform):
                what = f"after {found.reply!r} here, {found.what}"
                yield source.marked.fault(("steps", found.step), what, "mend the scene that answers it")


def _perform(flow: Flow, opens: bool, script: Script) -> FlowScene:
    return FlowScene(script, flow, opens)


def _repertoire(
    exercises: Mapping[str, ExerciseSource], understanding: UnderstandingSource, phrases: PhrasesSource
) -> Repertoire | None:
    """None where no exercise is for people who cannot say what is wrong: that is told elsewhere."""
    written = understanding.understanding
    order = {state: tuple(name for name in names if name in exercises) for state, names in written.order.items()}
    if not (unsure := order.get(State.UNSURE)):
        return None
    return Repertoire(
        language=phrases.marked.path.parent.name,
        scripts={name: source.script for name, source in exercises.items()},
        order={state: order.get(state) or unsure for state in State},
        acute=frozenset(written.acute),
        phrases=phrases.lines,
        recorded=phrases.recorded,
    )

"""Whether every state has enough exercises, for people who can do little, and each enough wordings: told as warnings,
as a language may be on its way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from assistant.content.exercises import ExerciseSource
from assistant.content.listening import UnderstandingSource
from assistant.content.models import Exercise
from assistant.core.script import Say, Script
from assistant.core.understanding import State
from assistant.faults import Fault, Severity

FEWEST = 3
"""Exercises a state: after two that did not fit a person is the better offer."""
SHORT_SECONDS = 120.0
LONG_SECONDS = (300.0, 360.0)
"""Five to six minutes, for whoever wants to stay with it."""
TENTH = 9
"""Counted from 0: the tenth time is not to sound like the first."""
LEAST_NEW = 0.25
"""Of its steps with words, those that are said otherwise then."""

WANTED: tuple[tuple[str, Callable[[Exercise], bool]], ...] = (
    ("without breath work", lambda exercise: exercise.demands.breath == "none"),
    ("that stays outside the body", lambda exercise: exercise.demands.body_focus in ("none", "contact")),
    ("that needs no voice", lambda exercise: exercise.needs.voice == "none"),
    ("under two minutes", lambda exercise: exercise.duration.target_s < SHORT_SECONDS),
    ("of five to six minutes", lambda exercise: LONG_SECONDS[0] <= exercise.duration.target_s <= LONG_SECONDS[1]),
)


def coverage_faults(source: UnderstandingSource, exercises: Mapping[str, ExerciseSource]) -> Iterator[Fault]:
    """One warning for each state and each thing it lacks."""
    for state, names in source.understanding.order.items():
        if state is State.UNSURE:
            continue
        offered = [exercises[name].exercise for name in names if name in exercises]
        lacking = [what for what, fits in WANTED if not any(map(fits, offered))]
        if len(offered) < FEWEST:
            lacking.insert(0, f"besides its {len(offered)}")
        for what in lacking:
            mend = "add one to its order"
            found = source.marked.fault(("order", state.value), f"{state.value} has none {what}", mend)
            yield replace(found, severity=Severity.WARNING)


def sameness_faults(sources: Iterable[ExerciseSource]) -> Iterator[Fault]:
    """One warning for each exercise that somebody would hear again as it was."""
    for source in sources:
        first, *others = (_said(source.script.worded(time)) for time in range(TENTH + 1))
        new = sum(here != there for here, there in zip(first, others[-1], strict=True)) / max(len(first), 1)
        what = None
        if first in others:
            what = f"before the tenth time it is said again as it was the first, after {others.index(first) + 1}"
        elif new < LEAST_NEW:
            what = f"the tenth time {new:.0%} of its steps with words are said otherwise"
        if what is not None:
            found = source.marked.fault(("steps",), what, f"write variants for more steps, to {LEAST_NEW:.0%}")
            yield replace(found, severity=Severity.WARNING)


def _said(script: Script) -> list[tuple[str, ...]]:
    return [step.phrases for step in script.steps if isinstance(step, Say)]

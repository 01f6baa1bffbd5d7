"""Whether what an exercise asks of a person fits the states it is offered in, and who it is kept from."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from assistant.content.exercises import ExerciseSource
from assistant.content.models import Exercise
from assistant.core.script import Caution
from assistant.core.understanding import State
from assistant.faults import Fault

FAR_FROM_HERE = (State.FLASHBACK, State.DISSOCIATION)
"""Nothing inward, no breath work and no pictures in these (content.md sections 1a and 1e: outward, eyes open)."""

KEPT_FROM: tuple[tuple[str, Callable[[Exercise], bool], tuple[Caution, ...]], ...] = (
    (
        "the breath is paced",
        lambda given: given.demands.breath == "paced",
        ("breath_trauma", "asthma_flare", "dissociating", "flashback"),
    ),
    ("pictures are its core", lambda given: given.demands.imagery == "core", ("dissociating", "flashback")),
    (
        "it looks inside the body",
        lambda given: given.demands.body_focus == "inner",
        ("dissociating", "flashback", "eating_disorder"),
    ),
    ("it tenses or pushes", lambda given: given.family in ("muscle", "movement"), ("injury",)),
    ("it is a touch", lambda given: given.family == "touch", ("touch_trauma",)),
    ("it is cold", lambda given: given.demands.cold != "none", ("cold_allergy",)),
    ("it cools the face", lambda given: given.demands.cold == "face", ("cardiac", "eating_disorder")),
)
"""What is demanded, and whom it must be kept from (content.md section 1, columns "avoid")."""


def fitness_faults(source: ExerciseSource) -> Iterator[Fault]:
    """Demands against cautions, and against states."""
    marked, exercise = source.marked, source.exercise
    asks = exercise.demands
    for what, demanded, cautions in KEPT_FROM:
        missing = [caution for caution in cautions if caution not in exercise.avoid_if]
        if demanded(exercise) and missing:
            yield marked.fault(("avoid_if",), f"{what}, and nobody is kept from it", f"add {', '.join(missing)}")
    far = [state.value for state in FAR_FROM_HERE if state in exercise.states]
    if far:
        inward = [
            name
            for name, wrong in (
                ("breath", asks.breath == "paced"), ("body_focus", asks.body_focus == "inner"),
                ("imagery", asks.imagery != "none"),
            )
            if wrong
        ]  # fmt: skip
        if inward:
            mend = f"remove {' and '.join(far)} from its states, or lead outward"
            yield marked.fault(("demands", inward[0]), f"this leads inward, and is for {' and '.join(far)}", mend)
    if exercise.needs.eyes != "open" and any(state in FAR_FROM_HERE for state in exercise.states):
        yield marked.fault(("needs", "eyes"), f"eyes may close in {' and '.join(far)}", "write eyes: open")

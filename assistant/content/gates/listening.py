"""Understanding names what exists; the screen catches what it promises."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from assistant.content.exercises import ExerciseSource
from assistant.content.listening import SafetySource, UnderstandingSource
from assistant.core.understanding import Intent, State
from assistant.faults import Fault, nearest
from assistant.safety.rules import Rules
from assistant.safety.verdict import Level
from assistant.safety.words import normalise


def understanding_faults(
    source: UnderstandingSource, exercises: Mapping[str, ExerciseSource], broken: Collection[str]
) -> Iterator[Fault]:
    """Everything that is wrong with understanding.yaml.

    `exercises`: those that can be read. `broken`: the others; their own faults are told already.
    """
    marked, written = source.marked, source.understanding
    for intent in Intent:
        if intent not in written.commands:
            yield marked.fault(
                ("commands",), f"no phrase means {intent.value!r}", f"add '{intent.value}:' with phrases"
            )
    for state in State:
        if state not in written.order:
            yield marked.fault(("order",), f"{state.value} has no order", f"add '{state.value}:' with exercises")
        if state is not State.UNSURE and not written.states.get(state):
            yield marked.fault(("states",), f"no words mean {state.value!r}", f"add '{state.value}:' with phrases")
    for state, names in written.order.items():
        for index, name in enumerate(names):
            place = ("order", state.value, index)
            if name in broken:
                continue
            if name not in exercises:
                likely = nearest(name, exercises)
                mend = f"did you mean {likely[0]}?" if likely else "add the exercise, or remove it here"
                yield marked.fault(place, f"there is no exercise {name!r}", mend)
            elif state is not State.UNSURE and state not in exercises[name].exercise.states:
                mend = f"add {state.value} to its states, or remove it here"
                yield marked.fault(place, f"{name} does not say it is for {state.value}", mend)
    meant: dict[tuple[str, ...], Intent] = {}
    for intent, phrases in written.commands.items():
        for index, phrase in enumerate(phrases):
            other = meant.setdefault(tuple(normalise(phrase)), intent)
            if other is not intent:
                what = f"{phrase!r} means {other.value} already"
                yield marked.fault(("commands", intent.value, index), what, "keep it in one of the two")


def safety_faults(source: SafetySource) -> Iterator[Fault]:
    """Everything that is wrong with safety.yaml: examples of each rule, and the sentences that must be caught."""
    marked, rules = source.marked, source.rules
    seen: set[str] = set()
    for at, (entry, rule) in enumerate(zip(source.safety.rules, rules.rules, strict=True)):
        place = ("rules", at)
        if entry.id in seen:
            yield marked.fault((*place, "id"), f"two rules are called {entry.id!r}", "rename one")
        seen.add(entry.id)
        if not entry.examples.match:
            yield marked.fault((*place, "examples"), f"{entry.id} shows no sentence it matches", "add one under match")
        alone = Rules((rule,), idioms=rules.idioms)
        for index, sentence in enumerate(entry.examples.match):
            if alone.judge(sentence).level is Level.NONE:
                where = (*place, "examples", "match", index)
                yield marked.fault(where, f"{entry.id} does not match {sentence!r}", "change the patterns")
        for index, sentence in enumerate(entry.examples.miss):
            if alone.judge(sentence).level is not Level.NONE:
                where = (*place, "examples", "miss", index)
                yield marked.fault(where, f"{entry.id} matches {sentence!r}", "narrow the patterns")
    for index, sentence in enumerate(source.safety.must_catch):
        level = rules.judge(sentence).level
        if level is not Level.HARD:
            what = f"{sentence!r} is {level.name.lower()}, and must be hard"
            yield marked.fault(("must_catch", index), what, "add a pattern to a hard rule")

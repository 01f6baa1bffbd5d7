"""What lowered this person's numbers comes sooner, and what made it worse comes last. This is the whole rule.

* Of an exercise, its last five times count that tell something: both numbers were given, or it got worse.
* It HELPED when, in the same state as now, the number was lower at least twice, and none of the five was worse.
* It made it WORSE when its latest time was worse, or two of the five were, whatever the state.
* Among the exercises that fit the state, those that helped come first. Those that made it worse come after all others.
* Nothing else changes. What the person's cautions rule out, or was had in this sitting, is left out all the same; what
  is not meant for a number as high as theirs comes after what is.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import Enum, StrEnum, auto

from assistant.core.past import Past, PastExercise
from assistant.core.script import Caution, Script
from assistant.core.understanding import State

LOOKS_BACK = 5
"""Times. What was true last year need not be."""
TWICE = 2
"""Once is chance: numbers fall by themselves too."""


class Experience(Enum):
    """What an exercise came to before."""

    HELPED = auto()
    WORSE = auto()
    UNKNOWN = auto()


class Reason(StrEnum):
    """Why this one: the keys of `why:` in phrases.yaml."""

    CHOSEN = "chosen"
    HELPED = "helped"
    FIRST = "first"
    OTHERS_WORSE = "others_worse"
    OTHERS_KEPT_AWAY = "others_kept_away"
    NEXT = "next"
    SIMPLE = "simple"


def experience(exercise: str, state: State, past: Past) -> Experience:
    """What `exercise` came to, for somebody who is in `state` now."""
    telling = [entry for entry in past if entry.exercise == exercise and _tells(entry)][-LOOKS_BACK:]
    worse = [entry.worse for entry in telling]
    if worse[-1:] == [True] or sum(worse) >= TWICE:
        return Experience.WORSE
    lower = sum(entry.state is state and _lower(entry) for entry in telling)
    return Experience.HELPED if lower >= TWICE and not any(worse) else Experience.UNKNOWN


def preferred(fitting: Sequence[str], otherwise: Sequence[str], state: State, past: Past) -> list[str]:
    """`fitting`: what fits the state, best first; `otherwise`: what fits any. Each once, as the rule orders them."""
    came_to = {name: experience(name, state, past) for name in (*fitting, *otherwise)}
    helped = [name for name in fitting if came_to[name] is Experience.HELPED]
    ordered = list(dict.fromkeys((*helped, *fitting, *otherwise)))
    return sorted(ordered, key=lambda name: came_to[name] is Experience.WORSE)


def why_this(
    script: Script, order: Sequence[Script], state: State, past: Past, cautions: Collection[Caution]
) -> Reason:
    """Why `script` and none of those before it. `order`: what fits the state, best first, as content has it. `past`:
    empty where it is not to count.
    """
    names = [one.id for one in order]
    if state is State.UNSURE or script.id not in names:
        return Reason.SIMPLE
    if experience(script.id, state, past) is Experience.HELPED:
        return Reason.HELPED
    before = order[: names.index(script.id)]
    if not before:
        return Reason.FIRST
    if any(not script.avoid_if.isdisjoint(cautions) for script in before):
        return Reason.OTHERS_KEPT_AWAY
    if any(experience(one.id, state, past) is Experience.WORSE for one in before):
        return Reason.OTHERS_WORSE
    return Reason.NEXT


def _tells(entry: PastExercise) -> bool:
    return entry.worse or (entry.before is not None and entry.after is not None)


def _lower(entry: PastExercise) -> bool:
    return entry.before is not None and entry.after is not None and entry.after < entry.before

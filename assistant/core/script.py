"""A grounding script as the conversation performs it: frozen steps, checked elsewhere, interpreted in `performance`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from assistant.core.states import State

if TYPE_CHECKING:
    from assistant.core.card_search import CardSearch
    from assistant.core.flows import Flow, FlowWording

Caution = Literal[
    "breath_trauma",
    "pregnancy",
    "asthma_flare",
    "cardiac",
    "hypertension",
    "cold_allergy",
    "eating_disorder",
    "dissociating",
    "flashback",
    "injury",
    "overload",
    "touch_trauma",
    "hearing",
]
"""What makes some exercises wrong for a person: told by them beforehand, or by the state they are in."""
STATE_CAUTIONS: Mapping[State, Caution] = {
    State.FLASHBACK: "flashback",
    State.DISSOCIATION: "dissociating",
    State.SENSORY: "overload",
}


@dataclass(frozen=True, slots=True)
class Say:
    """Phrases, each followed by `gap` seconds. `variants`: the same in other words."""

    id: str
    phrases: tuple[str, ...]
    gap: float = 1.3
    variants: tuple[tuple[str, ...], ...] = ()

    @property
    def wordings(self) -> tuple[tuple[str, ...], ...]:
        """All the ways to say it, the first as written."""
        return (self.phrases, *self.variants)


@dataclass(frozen=True, slots=True)
class Rest:
    """Silence of so many seconds."""

    id: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Breathe:
    """A paced breath. Words name the first `words_first` cycles, then every `word_every`th; tones carry the rest."""

    id: str
    seconds_in: float
    seconds_out: float
    seconds_rest: float
    cycles: int
    in_word: str
    out_word: str
    words_first: int = 2
    word_every: int = 3


@dataclass(frozen=True, slots=True)
class Ask:
    """A question that needs no answer. `wait`: seconds of listening after it. `on_yes`, `on_no`: before `on_answer`."""

    id: str
    question: str
    wait: float
    on_answer: tuple[str, ...] = ()
    on_silence: tuple[str, ...] = ()
    on_yes: tuple[str, ...] = ()
    on_no: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rate:
    """Ask the number from zero to ten. `after` is compared with the one before. `question`: in words of its own."""

    id: str
    after: bool
    question: str = ""


@dataclass(frozen=True, slots=True)
class Bell:
    """A chime: `start` or `end`."""

    id: str
    chime: str


Step = Say | Rest | Breathe | Ask | Rate | Bell


@dataclass(frozen=True, slots=True)
class Script:
    """One exercise. `family` matters when something is not working: the next offer comes from another family."""

    id: str
    title: str
    summary: str
    family: str
    states: tuple[State, ...]
    claim: str
    """The honest evidence line, said on "are you sure?"."""
    easier: tuple[str, ...]
    """Said once on "I can't": the step made smaller."""
    steps: tuple[Step, ...]
    avoid_if: frozenset[Caution] = frozenset()
    seconds: float = 0.0
    """Target length."""
    words_per_minute: int = 125
    settles: bool = False
    """Whether the voice slows and softens on the way."""
    intensity: tuple[int, int] = (0, 10)
    """From which number to which it is meant; at another it comes after those that are."""

    def worded(self, time: int) -> Script:
        """As it is said the `time`th time, from 0: every combination of wordings comes before one comes again. The
        first step that has several turns the others with it: the next time, most of what can be said otherwise is.
        """
        steps = list(self.steps)
        turn: int | None = None
        for at, step in enumerate(self.steps):
            if isinstance(step, Say) and step.variants:
                time, chosen = divmod(time, len(step.wordings))
                wording = step.wordings[(chosen + (turn or 0)) % len(step.wordings)]
                steps[at] = replace(step, phrases=wording, variants=())
                turn = chosen if turn is None else turn
        return replace(self, steps=tuple(steps))


@dataclass(frozen=True, slots=True)
class Repertoire:
    """Everything one language lets the conversation say and offer."""

    language: str
    scripts: Mapping[str, Script]
    order: Mapping[State, tuple[str, ...]]
    """Which exercises fit a state, best first; every state has at least one."""
    acute: frozenset[State]
    """States in which help starts before any question."""
    phrases: Mapping[str, tuple[str, ...]]
    """Dotted key -> lines said one after the other."""
    check_ins: Mapping[str, Script] = field(default_factory=dict)
    """How somebody may be asked how they are; performed as exercises are."""
    recorded: Mapping[str, str] = field(default_factory=dict)
    """Name of a file in `audio/<lang>/` -> its words."""
    flows: Mapping[str, Flow] = field(default_factory=dict)
    """Questions to think about; performed as exercises are."""
    flow_wording: FlowWording | None = None
    """What is listened for inside them."""
    cards: CardSearch | None = None
    """What is known, for who asks."""

    def with_own(self, scripts: Sequence[Script]) -> Repertoire:
        """With the person's own, each offered first in its states."""
        order = dict(self.order)
        for script in reversed(scripts):
            for state in script.states:
                order[state] = (script.id, *(name for name in order[state] if name != script.id))
        return replace(self, scripts={**self.scripts, **{script.id: script for script in scripts}}, order=order)

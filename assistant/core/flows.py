"""A flow: questions to think about, answered in words of one's own, or not at all. Performed as a script is.

What is answered lives in the scene alone, and goes with it, unless the person hands it on (`pages`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from assistant.core.script import Ask, Rest, Script
from assistant.core.wording import Form
from assistant.safety.rules import compile_pattern
from assistant.safety.words import normalise


@dataclass(frozen=True, slots=True)
class Prompt(Ask):
    """A question of a flow. `keep`: what its answer is called, and `label` what stands before it on the page; without
    them the answer is only thought.
    """

    keep: str = ""
    label: str = ""
    seconds: float = 0.0
    """So long the person may go on, pause after pause; 0: one answer is enough."""
    easier: tuple[str, ...] = ()
    """Said on "I can't": the same, smaller."""
    people: bool = False
    """Anything but a clear no leads to people, and the flow ends: it asks about fear of somebody."""


@dataclass(frozen=True, slots=True)
class ReadBack(Ask):
    """Reads the answers called `parts`, each behind its label, and asks whether they are right.

    `short`: those of the short version. `which`: asks which part is to be changed.
    """

    parts: tuple[str, ...] = ()
    short: tuple[str, ...] = ()
    which: str = ""


@dataclass(frozen=True, slots=True)
class Reword(Ask):
    """Asks whether a language model may put the answers called `parts` another way; without one it is passed over.

    What comes is proposed. With a yes it stands on the page as `keep`, behind `label`, beside the person's own words.
    """

    parts: tuple[str, ...] = ()
    form: Form = Form.LINES
    keep: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """`begins`: how people ask for it. `draft`: it words a message to somebody, so fear of them ends it.

    `for_person`: what is kept of it is meant to be talked about, and not for oneself alone.
    """

    script: Script
    begins: tuple[str, ...]
    draft: bool = False
    for_person: bool = False
    names: tuple[tuple[str, str], ...] = ()
    """(word, part): how people call the parts."""

    @property
    def prompts(self) -> tuple[Prompt, ...]:
        """Those whose answers have a place on the page, in order."""
        return tuple(step for step in self.script.steps if isinstance(step, Prompt) and step.keep)

    def part_named(self, text: str) -> str | None:
        """The part whose name is said."""
        heard = set(normalise(text))
        return next((part for word, part in self.names if word in heard), None)


def without_model(script: Script) -> Script:
    """The same, step for step, where no language model may be asked."""
    return replace(script, steps=tuple(Rest(s.id, 0.0) if isinstance(s, Reword) else s for s in script.steps))


Meaning = Literal["past", "fear", "harsh", "now"]
"""Detail of what was done to somebody, or a question about a memory; fear of the person a message is for; words that
hurt or threaten; distress at this moment.
"""


@dataclass(frozen=True)
class FlowWording:
    """What is listened for inside flows: patterns as in safety.yaml, and whole turns."""

    past: tuple[str, ...] = ()
    fear: tuple[str, ...] = ()
    harsh: tuple[str, ...] = ()
    now: tuple[str, ...] = ()
    onward: tuple[str, ...] = ()
    """Whole turns: this question is done."""
    shorter: tuple[str, ...] = ()
    """Whole turns: the short version."""

    def tells(self, meaning: Meaning, text: str) -> bool:
        """Whether a pattern of this meaning is in `text`."""
        said = " ".join(normalise(text)) + " "
        return any(compile_pattern(pattern).search(said) for pattern in getattr(self, meaning))

    def goes_on(self, text: str) -> bool:
        """Whether this is all that was to be said."""
        return _among(self.onward, text)

    def wants_it_shorter(self, text: str) -> bool:
        """Whether the short version is asked for."""
        return _among(self.shorter, text)


def _among(phrases: tuple[str, ...], text: str) -> bool:
    said = normalise(text)
    return any(normalise(phrase) == said for phrase in phrases)

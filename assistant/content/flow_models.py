"""The shape of scripts/<lang>/flows/ and of flows.yaml beside it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from assistant.content.models import AskStep, Line, PauseStep, Review, SayStep, Strict, Words
from assistant.content.patterns import Pattern
from assistant.core.wording import Form
from assistant.yaml_marks import TAG

Name = Annotated[str, Field(pattern=r"^[a-z]+(_[a-z]+)*$")]


class PromptStep(AskStep):
    """A question to think about. `keep` and `label`: its place on the page. `seconds`: how long one may go on."""

    keep: Name | None = None
    label: Line | None = None
    seconds: Annotated[float, Field(ge=0, le=300)] = 0.0
    easier: tuple[Line, ...] = ()
    people: bool = False


class BackStep(AskStep):
    """Reads the answers `back`, and asks whether they are right. `which`: asks what to change."""

    back: Annotated[tuple[Name, ...], Field(min_length=1)]
    short: tuple[Name, ...] = ()
    which: Line


class RewordStep(AskStep):
    """Offers that a language model puts the answers `reword` another way, `as` a message or as plain lines."""

    reword: Annotated[tuple[Name, ...], Field(min_length=1)]
    form: Form = Field(alias="as")
    keep: Name
    label: Line


KINDS = ("reword", "back", "ask", "say", "pause")
"""A step that reads back, or offers other words, asks as well: the first of these that it has is its kind."""


def _kind(step: Any) -> str | None:
    kinds = [kind for kind in KINDS if isinstance(step, dict) and kind in step]
    return TAG + kinds[0] if len(kinds) == 1 or kinds in (["back", "ask"], ["reword", "ask"]) else None


AStep = Annotated[
    Annotated[RewordStep, Tag(TAG + "reword")]
    | Annotated[BackStep, Tag(TAG + "back")]
    | Annotated[PromptStep, Tag(TAG + "ask")]
    | Annotated[SayStep, Tag(TAG + "say")]
    | Annotated[PauseStep, Tag(TAG + "pause")],
    Discriminator(
        _kind, custom_error_type="step_kind", custom_error_message="a step has exactly one of ask, say, pause"
    ),
]


class Flow(Strict):
    """scripts/<lang>/flows/<id>.yaml. `names`: a word that people use -> the part it means."""

    schema_version: Literal[1] = Field(alias="schema")
    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    version: Annotated[int, Field(ge=1)]
    lang: str
    title: Line
    summary: Line
    sure: Line
    review: Review
    begins: Annotated[tuple[Words, ...], Field(min_length=1)]
    draft: bool = False
    for_person: bool = False
    names: dict[Words, Name] = Field(default_factory=dict)
    steps: Annotated[tuple[AStep, ...], Field(min_length=1)]


class FlowWording(Strict):
    """scripts/<lang>/flows.yaml; what each group does is told in core/flows.py."""

    past: Annotated[tuple[Pattern, ...], Field(min_length=1)]
    fear: Annotated[tuple[Pattern, ...], Field(min_length=1)]
    harsh: Annotated[tuple[Pattern, ...], Field(min_length=1)]
    now: Annotated[tuple[Pattern, ...], Field(min_length=1)]
    onward: Annotated[tuple[Words, ...], Field(min_length=1)]
    shorter: tuple[Words, ...]

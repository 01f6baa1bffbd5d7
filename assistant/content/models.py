"""The shape of an exercise, and what other files share with it.

What holds across files, and what wording allows, is in `gates`.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator

from assistant.content.strict import Line, Strict
from assistant.core.script import Caution
from assistant.core.states import State
from assistant.safety.words import normalise
from assistant.yaml_marks import TAG

__all__ = ["Line", "Strict"]
"""Of `strict.py`, for the files below."""


def with_words(text: str) -> str:
    """The text, or a ValueError where nothing in it could be said."""
    if not normalise(text):
        raise ValueError("this has no words; write some or remove it")
    return text


Words = Annotated[str, AfterValidator(with_words)]
Positive = Annotated[float, Field(gt=0)]


class SayStep(Strict):
    """Phrases, each followed by `gap` seconds; `variants`: the same said otherwise, for another time."""

    id: str
    say: Annotated[tuple[Line, ...], Field(min_length=1)]
    variants: tuple[Annotated[tuple[Line, ...], Field(min_length=1)], ...] = ()
    gap: Annotated[float, Field(ge=0)] = 1.3


class PauseStep(Strict):
    """Seconds of silence."""

    id: str
    pause: Positive


class Breath(Strict):
    """Seconds of each part. There is no hold: holding the breath is not for a person in distress."""

    seconds_in: Positive = Field(alias="in")
    seconds_out: Positive = Field(alias="out")
    rest: Annotated[float, Field(ge=0)] = 0.0
    cycles: Annotated[int, Field(ge=1, le=60)]
    in_word: Line
    out_word: Line
    words_first: Annotated[int, Field(ge=0)] = 2
    word_every: Annotated[int, Field(ge=0)] = 3


class BreatheStep(Strict):
    """A paced breath."""

    id: str
    breathe: Breath


class Replies(Strict):
    """What follows a question."""

    answer: tuple[Line, ...] = ()
    silence: tuple[Line, ...] = ()
    yes: tuple[Line, ...] = ()
    no: tuple[Line, ...] = ()


class AskStep(Strict):
    """A question that needs no answer; `wait` in seconds."""

    id: str
    ask: Line
    wait: Positive
    on: Replies = Replies.model_construct()


class RateStep(Strict):
    """The number from zero to ten."""

    id: str
    rate: Literal["before", "after"]


class ChimeStep(Strict):
    """A sound from audio/."""

    id: str
    chime: Line


STEP_KINDS = ("say", "pause", "breathe", "ask", "rate", "chime")


def _step_kind(step: Any) -> str | None:
    kinds = [kind for kind in STEP_KINDS if isinstance(step, dict) and kind in step]
    return TAG + kinds[0] if len(kinds) == 1 else None


Step = Annotated[
    Annotated[SayStep, Tag(TAG + "say")]
    | Annotated[PauseStep, Tag(TAG + "pause")]
    | Annotated[BreatheStep, Tag(TAG + "breathe")]
    | Annotated[AskStep, Tag(TAG + "ask")]
    | Annotated[RateStep, Tag(TAG + "rate")]
    | Annotated[ChimeStep, Tag(TAG + "chime")],
    Discriminator(
        _step_kind,
        custom_error_type="step_kind",
        custom_error_message=f"a step has exactly one of {', '.join(STEP_KINDS)}",
    ),
]


class Needs(Strict):
    """What a person must be able to do."""

    voice: Literal["none", "optional"]
    posture: Literal["any"]
    """There is a way to do it sitting and lying: nobody is asked to stand up."""
    eyes: Literal["open", "choice"]
    props: tuple[str, ...] = ()


class Demands(Strict):
    """What it asks of the body and the mind."""

    breath: Literal["none", "natural", "paced"]
    hold_s: Annotated[float, Field(ge=0)]
    body_focus: Literal["none", "contact", "inner"]
    imagery: Literal["none", "optional", "core"]
    cold: Literal["none", "hands", "face"]
    touch: Literal["none", "object", "self"]
    effort: Literal["none", "light"]
    memory: Literal["none", "light"]


class Evidence(Strict):
    """What is known of it. `claim` is said aloud on "are you sure?"."""

    grade: Literal["A", "B", "C"]
    certainty: Literal["solid", "mixed", "debated"]
    claim: Line
    refs: tuple[str, ...] = ()


class Review(Strict):
    """Who looked at it. No status claims a review without its date, nor a clinician's without the clinician's name."""

    author: str
    clinician: str | None
    date: datetime.date | None
    status: Literal["draft", "peer", "clinician"]

    @model_validator(mode="after")
    def _happened(self) -> Self:
        if self.status != "draft" and self.date is None:
            raise ValueError(f"status is {self.status} and no date says when; write the date, or status: draft")
        if self.status == "clinician" and not self.clinician:
            raise ValueError("status is clinician and nobody is named; write who it was, or status: draft")
        return self


class Duration(Strict):
    """Seconds, and the share by which the computed length may differ."""

    target_s: Positive
    tolerance: Annotated[float, Field(gt=0, le=0.5)]


class Pace(Strict):
    """Words per minute inside phrases: calm narration measures 110 to 150 (content.md section 2)."""

    wpm: Annotated[int, Field(ge=80, le=170)]
    ramp: Literal["none", "settle"]


class Exercise(Strict):
    """scripts/<lang>/exercises/<id>.yaml."""

    schema_version: Literal[1] = Field(alias="schema")
    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    version: Annotated[int, Field(ge=1)]
    lang: str
    title: Line
    summary: Line
    family: Literal[
        "orienting",
        "senses",
        "breath",
        "muscle",
        "movement",
        "touch",
        "cool",
        "cognitive",
        "imagery",
        "compassion",
        "sleep",
        "low_input",
        "practical",
    ]
    states: Annotated[tuple[State, ...], Field(min_length=1)]
    intensity: tuple[Annotated[int, Field(ge=0, le=10)], Annotated[int, Field(ge=0, le=10)]]
    needs: Needs
    demands: Demands
    avoid_if: tuple[Caution, ...]
    evidence: Evidence
    review: Review
    duration: Duration
    pace: Pace
    easier: tuple[Line, ...]
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]


class Reference(Strict):
    """One source."""

    cite: Line
    url: str

"""scripts/<lang>/checkins/<id>.yaml: how somebody may be asked how they are. Performed as an exercise is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, TypeAdapter

from assistant.content import models
from assistant.content.exercises import as_ask
from assistant.content.placing import misplaced
from assistant.core.script import Rate, Rest, Say, Script, Step
from assistant.faults import Fault
from assistant.yaml_marks import TAG, Marked, read_yaml, validated


class NumberStep(models.Strict):
    """The number from zero to ten, in words of its own."""

    id: str
    number: models.Line


class QuestionStep(models.AskStep):
    """`about`: what it asks for. A feeling is asked for only after the number, and after something that steadies."""

    about: Literal["feeling", "body", "plan"]


KINDS = ("number", "ask", "say", "pause")


def _kind(step: Any) -> str | None:
    kinds = [kind for kind in KINDS if isinstance(step, dict) and kind in step]
    return TAG + kinds[0] if len(kinds) == 1 else None


AStep = Annotated[
    Annotated[NumberStep, Tag(TAG + "number")]
    | Annotated[QuestionStep, Tag(TAG + "ask")]
    | Annotated[models.SayStep, Tag(TAG + "say")]
    | Annotated[models.PauseStep, Tag(TAG + "pause")],
    Discriminator(
        _kind, custom_error_type="step_kind", custom_error_message=f"a step has exactly one of {', '.join(KINDS)}"
    ),
]


class CheckIn(models.Strict):
    """One format. `talk_s`: seconds of speech at most, from the opening to the goodbye, whatever is answered."""

    schema_version: Literal[1] = Field(alias="schema")
    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    version: Annotated[int, Field(ge=1)]
    lang: str
    title: models.Line
    summary: models.Line
    review: models.Review
    talk_s: Annotated[float, Field(gt=0, le=25)]
    steps: Annotated[tuple[AStep, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class CheckInSource:
    """A sound format: the file it came from, as written, and as performed."""

    marked: Marked
    check_in: CheckIn
    script: Script


@cache
def _adapter() -> TypeAdapter[CheckIn]:
    return TypeAdapter(CheckIn)


def read_check_ins(root: Path, language: str, faults: list[Fault]) -> dict[str, CheckInSource]:
    """Every format of a language by its id. A file with a fault is left out."""
    folder = root / "scripts" / language / "checkins"
    read = (_read(path, language, faults) for path in sorted(folder.glob("*.yaml")))
    return {source.script.id: source for source in read if source is not None}


def _read(path: Path, language: str, faults: list[Fault]) -> CheckInSource | None:
    marked = read_yaml(path, faults)
    check_in = validated(marked, _adapter(), faults) if marked else None
    if marked is None or check_in is None:
        return None
    wrong = misplaced(marked, check_in.id, check_in.lang, language)
    faults.extend(wrong)
    return None if wrong else CheckInSource(marked, check_in, as_script(check_in))


def as_script(check_in: CheckIn) -> Script:
    """The part of it that is performed."""
    return Script(
        id=check_in.id,
        title=check_in.title,
        summary=check_in.summary,
        family="check_in",
        states=(),
        claim=check_in.summary,
        easier=(),
        steps=tuple(map(_as_step, check_in.steps)),
    )


def _as_step(step: AStep) -> Step:
    match step:
        case NumberStep():
            return Rate(step.id, after=False, question=step.number)
        case models.SayStep():
            return Say(step.id, step.say, step.gap, step.variants)
        case models.PauseStep():
            return Rest(step.id, step.pause)
        case QuestionStep():
            return as_ask(step)

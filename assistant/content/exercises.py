"""Exercise files become the frozen scripts that the conversation performs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from assistant.content import models
from assistant.content.placing import misplaced
from assistant.core.script import Ask, Bell, Breathe, Rate, Rest, Say, Script, Step
from assistant.faults import Fault
from assistant.yaml_marks import Marked, read_yaml, validated


@dataclass(frozen=True, slots=True)
class ExerciseSource:
    """A sound exercise: the file it came from, as written, and as performed."""

    marked: Marked
    exercise: models.Exercise
    script: Script


@cache
def _adapter() -> TypeAdapter[models.Exercise]:
    return TypeAdapter(models.Exercise)


def read_exercises(root: Path, language: str, faults: list[Fault]) -> dict[str, ExerciseSource]:
    """Every exercise of a language by its id. A file with a fault is left out."""
    folder = root / "scripts" / language / "exercises"
    read = (read_exercise(path, language, faults) for path in sorted(folder.glob("*.yaml")))
    return {source.script.id: source for source in read if source is not None}


def read_references(root: Path, language: str, faults: list[Fault]) -> dict[str, models.Reference]:
    """What exercises may cite, by key."""
    marked = read_yaml(root / "scripts" / language / "refs.yaml", faults)
    return (validated(marked, TypeAdapter(dict[str, models.Reference]), faults) if marked else None) or {}


def read_exercise(path: Path, language: str, faults: list[Fault]) -> ExerciseSource | None:
    """One file, or None with its faults."""
    marked = read_yaml(path, faults)
    exercise = validated(marked, _adapter(), faults) if marked else None
    if marked is None or exercise is None:
        return None
    wrong = misplaced(marked, exercise.id, exercise.lang, language)
    faults.extend(wrong)
    return None if wrong else ExerciseSource(marked, exercise, as_script(exercise))


def as_script(exercise: models.Exercise) -> Script:
    """The part of an exercise that is performed."""
    return Script(
        id=exercise.id,
        title=exercise.title,
        summary=exercise.summary,
        family=exercise.family,
        states=exercise.states,
        claim=exercise.evidence.claim,
        easier=exercise.easier,
        steps=tuple(_as_step(step) for step in exercise.steps),
        avoid_if=frozenset(exercise.avoid_if),
        seconds=exercise.duration.target_s,
        words_per_minute=exercise.pace.wpm,
        settles=exercise.pace.ramp == "settle",
        intensity=exercise.intensity,
    )


def as_ask(step: models.AskStep) -> Ask:
    """A question with its replies."""
    return Ask(step.id, step.ask, step.wait, step.on.answer, step.on.silence, step.on.yes, step.on.no)


def _as_step(step: models.Step) -> Step:
    match step:
        case models.SayStep():
            return Say(step.id, step.say, step.gap, step.variants)
        case models.PauseStep():
            return Rest(step.id, step.pause)
        case models.BreatheStep(breathe=breath):
            return Breathe(
                id=step.id,
                seconds_in=breath.seconds_in,
                seconds_out=breath.seconds_out,
                seconds_rest=breath.rest,
                cycles=breath.cycles,
                in_word=breath.in_word,
                out_word=breath.out_word,
                words_first=breath.words_first,
                word_every=breath.word_every,
            )
        case models.AskStep():
            return as_ask(step)
        case models.RateStep():
            return Rate(step.id, after=step.rate == "after")
        case models.ChimeStep():
            return Bell(step.id, step.chime)

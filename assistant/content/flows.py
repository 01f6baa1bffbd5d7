"""Flow files, and what is listened for inside flows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from assistant.content import flow_models, models
from assistant.content.placing import misplaced
from assistant.core.flows import Flow, FlowWording, Prompt, ReadBack, Reword
from assistant.core.script import Rest, Say, Script, Step
from assistant.faults import Fault
from assistant.yaml_marks import Marked, read_yaml, validated


@dataclass(frozen=True, slots=True)
class FlowSource:
    """A sound flow: the file it came from, as written, and as performed."""

    marked: Marked
    written: flow_models.Flow
    flow: Flow


@cache
def _flow() -> TypeAdapter[flow_models.Flow]:
    return TypeAdapter(flow_models.Flow)


@cache
def _wording() -> TypeAdapter[flow_models.FlowWording]:
    return TypeAdapter(flow_models.FlowWording)


def read_flows(root: Path, language: str, faults: list[Fault]) -> dict[str, FlowSource]:
    """Every flow of a language by its id; a language may have none. A file with a fault is left out."""
    folder = root / "scripts" / language / "flows"
    read = (_read(path, language, faults) for path in sorted(folder.glob("*.yaml")))
    return {source.written.id: source for source in read if source is not None}


def read_flow_wording(root: Path, language: str, faults: list[Fault]) -> FlowWording | None:
    """What is listened for inside flows, or None with its faults: no flow is held without it."""
    marked = read_yaml(root / "scripts" / language / "flows.yaml", faults)
    written = validated(marked, _wording(), faults) if marked else None
    return FlowWording(**written.model_dump()) if written is not None else None


def _read(path: Path, language: str, faults: list[Fault]) -> FlowSource | None:
    marked = read_yaml(path, faults)
    written = validated(marked, _flow(), faults) if marked else None
    if marked is None or written is None:
        return None
    wrong = [*misplaced(marked, written.id, written.lang, language), *_parts_that_are_not(marked, written)]
    faults.extend(wrong)
    return None if wrong else FlowSource(marked, written, as_flow(written))


def _parts_that_are_not(marked: Marked, written: flow_models.Flow) -> list[Fault]:
    """What is read back or named has a question of its own before it."""
    kept: set[str] = set()
    found: list[Fault] = []
    for at, step in enumerate(written.steps):
        match step:
            case flow_models.PromptStep() if (step.keep is None) != (step.label is None):
                mend = "write both, or neither"
                found.append(marked.fault(("steps", at), "keep and label stand together on the page", mend))
            case flow_models.PromptStep() if step.keep is not None:
                if step.keep in kept:
                    found.append(marked.fault(("steps", at, "keep"), f"{step.keep!r} is kept twice", "rename one"))
                kept.add(step.keep)
            case flow_models.BackStep():
                lost = [part for part in (*step.back, *step.short) if part not in kept]
                what = f"{lost[0]!r} was not asked for before it is read back" if lost else ""
                found += [marked.fault(("steps", at, "back"), what, "name parts that are kept")] if lost else []
            case flow_models.RewordStep():
                lost = [part for part in step.reword if part not in kept]
                what = f"{lost[0]!r} was not asked for before it is put another way" if lost else ""
                found += [marked.fault(("steps", at, "reword"), what, "name parts that are kept")] if lost else []
                if step.keep in kept:
                    found.append(marked.fault(("steps", at, "keep"), f"{step.keep!r} is kept twice", "rename one"))
                if not (step.on.yes and step.on.no):
                    what = "a yes and a no have no reply here"
                    found.append(marked.fault(("steps", at, "on"), what, "add a line under yes, and one under no"))
    lost = [part for part in written.names.values() if part not in kept]
    found += [marked.fault(("names",), f"nothing is kept as {part!r}", "name a part there is") for part in lost]
    return found


def as_flow(written: flow_models.Flow) -> Flow:
    """The part of it that is performed."""
    script = Script(
        id=written.id,
        title=written.title,
        summary=written.summary,
        family="flow",
        states=(),
        claim=written.sure,
        easier=(),
        steps=tuple(map(_as_step, written.steps)),
    )
    return Flow(script, written.begins, written.draft, written.for_person, tuple(written.names.items()))


def _as_step(step: flow_models.AStep) -> Step:
    match step:
        case models.SayStep():
            return Say(step.id, step.say, step.gap, step.variants)
        case models.PauseStep():
            return Rest(step.id, step.pause)
    on = step.on
    replies = (on.answer, on.silence, on.yes, on.no)
    if isinstance(step, flow_models.BackStep):
        return ReadBack(step.id, step.ask, step.wait, *replies, step.back, step.short, step.which)
    if isinstance(step, flow_models.RewordStep):
        return Reword(step.id, step.ask, step.wait, *replies, step.reword, step.form, step.keep, step.label)
    keep, label = step.keep or "", step.label or ""
    return Prompt(step.id, step.ask, step.wait, *replies, keep, label, step.seconds, step.easier, step.people)

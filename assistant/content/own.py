"""Exercises of the person's own, or of their therapist's, in a folder beside their settings.

They are held to every gate the shipped ones pass. They may stand in for a shipped exercise of the same id, in all the
states that it is for; what keeps a person safe (the screen, the interrupt, the support lines) is never read from there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from assistant.content.exercises import ExerciseSource, read_exercise, read_exercises, read_references
from assistant.core.states import State
from assistant.errors import StoreError, UsageError
from assistant.faults import Fault, Severity

TEMPLATE = "template.yaml"
"""In scripts/<lang>/."""
ENDING = ".yaml"


def own_exercises(root: Path, own: Path, language: str, faults: list[Fault]) -> dict[str, ExerciseSource]:
    """Those in `own`/scripts/<lang>/exercises without a fault, by their id. One that has some is left out, and told.
    `root`: the shipped content, which says what may be cited and which states are acute.
    """
    written = read_exercises(own, language, faults)
    if not written:
        return {}
    # Most people have none of their own, and their start need not load the gates.
    from assistant.content.gates.exercises import exercise_faults
    from assistant.content.gates.fitness import fitness_faults
    from assistant.content.listening import read_understanding

    references = read_references(root, language, [])
    understanding = read_understanding(root, language, [])
    acute = understanding.understanding.acute if understanding else tuple(State)
    sound: dict[str, ExerciseSource] = {}
    for name, source in written.items():
        found = [*exercise_faults(source, references, acute), *fitness_faults(source), *_stand_in(root, source)]
        faults += found
        if not found:
            sound[name] = source
    return sound


def unread_files(own: Path, language: str) -> Iterator[Fault]:
    """Exercises that nobody reads, as another ending was written; a warning, as they may lie there on purpose."""
    for path in sorted((own / "scripts" / language / "exercises").glob("*")):
        if path.suffix != ENDING and path.suffix.lower() in (ENDING, ".yml"):
            what = f"it is not read, as its name does not end in {ENDING}"
            yield Fault(path, 1, 1, what, f"call it {path.stem}{ENDING}", Severity.WARNING)


def _stand_in(root: Path, source: ExerciseSource) -> Iterator[Fault]:
    """In the place of a shipped one it is offered wherever that one is: so it must be for the same states."""
    exercise = source.exercise
    path = root / "scripts" / exercise.lang / "exercises" / source.marked.path.name
    shipped = read_exercise(path, exercise.lang, []) if path.is_file() else None
    missing = [state for state in (shipped.exercise.states if shipped else ()) if state not in exercise.states]
    if missing:
        what = f"it stands in for the shipped {exercise.id}, and is not for {', '.join(missing)}"
        yield source.marked.fault(("states",), what, "add what is missing, or give it a name of its own")


def new_exercise(root: Path, own: Path, language: str, name: str) -> Path:
    """Write a small sound exercise to begin with. Raises UsageError for a name that is none or is taken, StoreError."""
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        raise UsageError("name-unusable", f"{name!r} cannot name an exercise: use small letters, digits and dashes.")
    path = own / "scripts" / language / "exercises" / f"{name}.yaml"
    if path.exists():
        raise UsageError("exercise-exists", f"There is {path} already; choose another name, or edit that one.")
    template = (root / "scripts" / language / TEMPLATE).read_text(encoding="utf-8")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(template.replace("{id}", name), encoding="utf-8")
    except OSError as error:
        raise StoreError(
            "exercise-unwritable", f"{path} cannot be written ({error.strerror}); mend that, and try again."
        ) from None
    return path

"""config.yaml becomes frozen settings. A person's own file overrides the shipped one key by key."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import TypeAdapter

from assistant.errors import ConfigError, UsageError
from assistant.faults import Fault, listed, nearest
from assistant.settings import Settings
from assistant.settings_files import FORM
from assistant.yaml_marks import Marked, Place, Problem, conforming, parse_yaml, read_yaml

Names = Mapping[str, Collection[str]]
"""Of keys at the top that name content: what there is of it."""
NO_NAMES: Names = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What of the settings cannot be used: the code of that failure, and what is told, with every fault."""

    code: str
    hint: str


def load_settings(paths: Sequence[Path], overrides: Mapping[str, object] | None = None) -> Settings:
    """Settings from files, the later ones over the earlier ones, and then `overrides` by dotted key.

    Raises ConfigError with every fault at once, or UsageError for an override that does not fit.
    """
    faults: list[Fault] = []
    files = _read(paths, faults)
    for marked in files:
        if (newer := _newer(marked)) is not None:
            raise ConfigError("settings-newer", f"{marked.path}: {newer.what}; {newer.mend}.")
    settings = None if faults else _checked(files, faults)
    if settings is None:
        raise ConfigError("config-faults", _told(faults))
    return _overridden(settings, _merged(files), overrides)


def remaining_settings(
    paths: Sequence[Path], overrides: Mapping[str, object] | None = None, names: Names = NO_NAMES
) -> tuple[Settings, LeftOut | None]:
    """As `load_settings`, but what is broken in any file after the first is left out, and nothing else of that file.

    Raises ConfigError where the first file has faults, and UsageError for an override that does not fit.
    """
    faults: list[Fault] = []
    left: list[str] = []
    newer: list[Fault] = []
    files: list[Marked] = []
    for path in paths[1:]:
        for marked in _legible(path, faults, left):
            if (fault := _newer(marked)) is not None:
                newer.append(fault)
            else:
                files.append(marked)
    if newer:
        files = [marked for marked in files if marked.path not in {fault.path for fault in newer}]
    load_settings(paths[:1])
    shipped = _read(paths[:1], faults)
    own = deepcopy(_merged(files))
    while True:
        problems: list[Problem] = []
        settings = _conforming(_over(_merged(shipped), own), problems, {key: names[key] for key in names if key in own})
        if settings is not None and not problems:
            break
        faults += [_source([*shipped, *files], place).fault(place, what, mend) for place, what, mend in problems]
        dropped = _dropped(own, problems)
        if not dropped:  # then two values do not fit together, and one of them is the shipped one
            dropped, own = list(own), {}
        left += dropped
    settings = _overridden(settings, _over(_merged(shipped), own), overrides)
    if newer:
        return settings, LeftOut("settings-newer", f"{newer[0].path}: {newer[0].what}; {newer[0].mend}.")
    if faults:
        return settings, LeftOut("config-faults", f"{_told(faults)}\nLeft out until then: {', '.join(left)}.")
    return settings, None


def settings_faults(paths: Sequence[Path], names: Names = NO_NAMES) -> list[Fault]:
    """Everything that is wrong with the settings."""
    faults: list[Fault] = []
    files = _read(paths, faults)
    newer = [fault for marked in files if (fault := _newer(marked)) is not None]
    if not faults and not newer:
        _checked(files, faults, names)
    return faults + newer


def _told(faults: Sequence[Fault]) -> str:
    return f"the settings have faults. Mend this:\n{listed(faults)}"


def _newer(marked: Marked) -> Fault | None:
    """For a file of a form that only a newer program knows: whatever else it holds would be misread."""
    form = marked.data.get("version") if isinstance(marked.data, dict) else None
    if not isinstance(form, int) or form <= FORM:
        return None
    what = f"these settings were written for a newer version of this program (form {form}; this one knows {FORM})"
    return marked.fault(("version",), what, "upgrade it, or move the file away")


@cache
def _adapter() -> TypeAdapter[Settings]:
    return TypeAdapter(Settings)


def _read(paths: Sequence[Path], faults: list[Fault]) -> list[Marked]:
    files = [marked for path in paths if (marked := read_yaml(path, faults)) is not None]
    for marked in files:
        if marked.data is not None and not isinstance(marked.data, dict):
            faults.append(marked.fault((), "this holds no settings", "write 'key: value', one a line"))
    return files


def _legible(path: Path, faults: list[Fault], left: list[str]) -> list[Marked]:
    """The file; or, where it cannot be read as a whole, each key at the top that can, with all below it. A key that
    stands there twice is left out, as nobody knows which was meant.
    """
    found: list[Fault] = []
    whole = _read([path], found)
    if not found:
        return whole
    faults += found
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        text = ""
    parts: dict[str, Marked | None] = {}
    for part in re.finditer(r"^[\w\"'][^\n]*(\n(?![\w\"'])[^\n]*)*", text, re.MULTILINE):
        lines_before = "\n" * text.count("\n", 0, part.start())
        marked = parse_yaml(path, lines_before + part[0], [])
        key = part[0].partition(":")[0].strip()
        parts[key] = None if key in parts or marked is None or not isinstance(marked.data, dict) else marked
    left += [key for key, marked in parts.items() if marked is None] or [str(path)]
    return [marked for marked in parts.values() if marked is not None]


def _checked(files: Sequence[Marked], faults: list[Fault], names: Names = NO_NAMES) -> Settings | None:
    problems: list[Problem] = []
    checked = _conforming(_merged(files), problems, names)
    faults += [_source(files, place).fault(place, what, mend) for place, what, mend in problems]
    return checked


def _conforming(data: Mapping[str, Any], problems: list[Problem], names: Names) -> Settings | None:
    checked = conforming(data, _adapter(), problems)
    for key, known in names.items():
        name = data.get(key)
        if isinstance(name, str) and name not in known and not any(place[0] == key for place, _, _ in problems):
            what = f"{key}: there is none of the name {name!r}"
            problems.append(((key,), what, f"write {' or '.join(nearest(name, known, 3) or known)}"))
    return checked


def _overridden(settings: Settings, data: Mapping[str, Any], overrides: Mapping[str, object] | None) -> Settings:
    """`settings` are those of `data`. Raises UsageError."""
    if not overrides:
        return settings
    given: dict[str, Any] = {}
    for key, value in overrides.items():
        *above, last = key.split(".")
        section = given
        for name in above:
            section = section.setdefault(name, {})
        section[last] = value
    problems: list[Problem] = []
    changed = conforming(_over(data, given), _adapter(), problems)
    if changed is None:
        _, what, mend = problems[0]
        raise UsageError("option-misfit", f"{what}: {mend}")
    return changed


def _merged(files: Sequence[Marked]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for marked in files:
        merged = _over(merged, marked.data or {})
    return merged


def _over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        under = merged.get(key)
        merged[key] = _over(under, value) if isinstance(under, dict) and isinstance(value, dict) else value
    return merged


def _there(data: Any, place: Place) -> list[tuple[Any, str | int]]:
    """Of `place` as much as there is, from the top down: what holds each step, and the step."""
    held: list[tuple[Any, str | int]] = []
    for step in place:
        if not (step in data if isinstance(data, dict) else isinstance(data, list) and step in range(len(data))):
            break
        held.append((data, step))
        data = data[step]
    return held


def _dropped(data: dict[str, Any], problems: Sequence[Problem]) -> list[str]:
    """The dotted names of what is taken out of `data`: of the place of each problem the deepest part that is there."""
    places = dict.fromkeys(tuple(step for _, step in _there(data, place)) for place, _, _ in problems)
    for place in reversed(places):  # the later items of a list before the earlier ones
        for holder, last in _there(data, place)[-1:]:
            del holder[last]
    return [".".join(map(str, place)) for place in places if place]


def _source(files: Sequence[Marked], place: Place) -> Marked:
    """The file that said it last; the shipped one for what is missing."""
    return next((marked for marked in reversed(files) if _says(marked.data, place)), files[0])


def _says(data: Any, place: Place) -> bool:
    """Whether all of `place` is in `data`, or there is a value where more keys were looked for."""
    held = _there(data, place)
    return len(held) == len(place) or (bool(held) and not isinstance(held[-1][0][held[-1][1]], dict))

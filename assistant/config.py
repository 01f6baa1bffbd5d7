"""config.yaml becomes frozen settings. A person's own file overrides the shipped one key by key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from assistant.errors import ConfigError, UsageError
from assistant.faults import Fault, listed
from assistant.settings import Settings
from assistant.settings_files import FORM
from assistant.yaml_marks import Marked, Place, Problem, conforming, read_yaml


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
        raise ConfigError("config-faults", f"the settings have faults. Mend this:\n{listed(faults)}")
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
    changed = conforming(_over(_merged(files), given), _adapter(), problems)
    if changed is None:
        _, what, mend = problems[0]
        raise UsageError("option-misfit", f"{what}: {mend}")
    return changed


def settings_faults(paths: Sequence[Path]) -> list[Fault]:
    """Everything that is wrong with the settings."""
    faults: list[Fault] = []
    files = _read(paths, faults)
    newer = [fault for marked in files if (fault := _newer(marked)) is not None]
    if not faults and not newer:
        _checked(files, faults)
    return faults + newer


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


def _checked(files: Sequence[Marked], faults: list[Fault]) -> Settings | None:
    problems: list[Problem] = []
    checked = conforming(_merged(files), _adapter(), problems)
    faults += [_source(files, place).fault(place, what, mend) for place, what, mend in problems]
    return checked


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


def _source(files: Sequence[Marked], place: Place) -> Marked:
    """The file that said it last; the shipped one for what is missing."""
    for marked in reversed(files):
        data: Any = marked.data
        for step in place:
            here = step in data if isinstance(data, dict) else isinstance(data, list) and step in range(len(data))
            if not here:
                break
            data = data[step]
        else:
            return marked
    return files[0]

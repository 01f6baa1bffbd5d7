"""Where settings stand, and what they say at the top for a command that needs no more than that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from platformdirs import user_config_path

from assistant.faults import Fault
from assistant.yaml_marks import read_yaml

FORM = 1
"""Of config.yaml. It grows when a key changes its name or meaning; an older program leaves a newer file alone."""


def settings_files(shipped: Path) -> list[Path]:
    """The shipped file, then the person's own if there is one: what cannot be read there is to be told."""
    own = own_settings_file()
    return [shipped, own] if own.is_symlink() or own.exists() else [shipped]


def own_settings_file() -> Path:
    """Where a person's own settings are kept, whether or not there are any."""
    return user_config_path("grounding-assistant", appauthor=False) / "config.yaml"


def as_written(paths: Sequence[Path]) -> Mapping[str, Any]:
    """Key by key what the files say, the later ones over the earlier ones; nothing in it is checked, and sections are
    not joined. Empty where a file cannot be read, or is of a newer form: `config.load_settings` says what is wrong.
    """
    faults: list[Fault] = []
    said: dict[str, Any] = {}
    for path in paths:
        marked = read_yaml(path, faults)
        data = (marked.data or {}) if marked else None
        if not isinstance(data, dict) or data.get("version", FORM) != FORM:
            return {}
        said |= data
    return said

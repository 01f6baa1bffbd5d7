"""The person's own config.yaml: one answer after another is written into it, and nothing else in it changes."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.config import load_settings
from assistant.content.root import content_root
from assistant.errors import ConfigError, StoreError
from assistant.settings import Settings
from assistant.settings_files import FORM, own_settings_file

HEAD = """\
# Your settings: `grounding setup` writes your answers here, and you may change them by hand. What is not here is as in
# the config.yaml that the program ships with, where every key is explained.
"""
GONE = object()
"""In the place of a value: the key is taken out, so that it is as shipped, and asked about again."""
WIDTH = 4096
"""Columns: no line of the person's is folded."""


def answered() -> set[str]:
    """The dotted keys that the person's own file has, sections too. Raises ConfigError."""
    keys: set[str] = set()

    def note(section: Mapping[str, Any], above: str) -> None:
        for key, value in section.items():
            keys.add(f"{above}{key}")
            if isinstance(value, Mapping):
                note(value, f"{above}{key}.")

    note(_read(own_settings_file())[0], "")
    return keys


def save(changes: Mapping[str, object]) -> Settings:
    """Write these dotted keys into the file, or take out those that are GONE, and give the settings as they are now.
    Comments, order, and keys that nobody knows stay as they were. The file is whole at every moment: the new one takes
    the place of the old.

    Raises ConfigError when the file or a change has faults, and StoreError when it cannot be written; then nothing
    changed.
    """
    path = own_settings_file().resolve()
    data, head = _read(path)
    if not data:
        data["version"] = FORM
    for key, value in changes.items():
        *above, last = key.split(".")
        section = data
        for name in above:
            if not isinstance(section.get(name), Mapping):
                section[name] = {}
            section = section[name]
        if value is GONE:
            section.pop(last, None)
        else:
            section[last] = value
    written = io.StringIO()
    _yaml().dump(data, written)
    text = head + written.getvalue()
    beside = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside.unlink(missing_ok=True)
        beside.touch(mode=0o600)
        with beside.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        settings = load_settings([content_root() / "config.yaml", beside])
        beside.replace(path)
    except OSError as error:
        raise StoreError(
            "settings-unwritable", f"{path} cannot be written ({error.strerror}); make room, or mend its permissions."
        ) from None
    except ConfigError:
        beside.unlink(missing_ok=True)
        raise
    return settings


def _yaml() -> Any:
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.representer.add_representer(type(None), lambda represent, _: represent.represent_scalar(_NULL, "null"))
    return yaml


_NULL = "tag:yaml.org,2002:null"


def _read(path: Path) -> tuple[Any, str]:
    """What the file holds, as a mapping that remembers its comments, and what stands before the first key."""
    from ruamel.yaml.comments import CommentedMap
    from ruamel.yaml.error import YAMLError

    try:
        text = path.read_text(encoding="utf-8")
        data = _yaml().load(text)
    except FileNotFoundError:
        return CommentedMap(), HEAD
    except (OSError, ValueError, YAMLError):  # ValueError: no UTF-8, or a number too long for Python
        raise ConfigError("config-faults", f"{path} cannot be read; 'grounding check' says what to mend.") from None
    if data is None:
        return CommentedMap(), text if text.endswith("\n") or not text else f"{text}\n"
    if not isinstance(data, Mapping):
        raise ConfigError("config-faults", f"{path} holds no settings; 'grounding check' says what to mend.")
    return data, ""

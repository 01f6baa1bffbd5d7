"""Writes into a person's own config.yaml, and leaves all else in it as it was: comments, order and blank lines."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path

from assistant.config import own_settings_file, settings_faults
from assistant.content.root import content_root
from assistant.errors import ConfigError, StoreError


def write_section(name: str, values: Mapping[str, str]) -> Path:
    """Each value under `name:`, over what was there. The file is readable by nobody else afterwards.

    Raises ConfigError when they do not fit, or when the file has faults already, and StoreError when it cannot be
    written; then it is as it was.
    """
    path = own_settings_file()
    try:
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _replace(path, with_section(before, name, values))
        if faults := settings_faults([content_root() / "config.yaml", path]):
            _replace(path, before) if before else path.unlink()
            raise ConfigError("settings-misfit", f"{faults[0]}. Nothing was changed in {path}.")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise StoreError("settings-unwritable", f"{path} cannot be written ({why}); nothing was changed.") from None
    return path


def with_section(text: str, name: str, values: Mapping[str, str]) -> str:
    """`text` with the values in it. JSON's strings are YAML's."""
    rows = text.splitlines()
    begin = next((at for at, row in enumerate(rows) if re.match(rf"{name}\s*:", row)), None)
    if begin is None:
        rows += [f"{name}:"]
        begin = len(rows) - 1
    else:
        rows[begin] = re.sub(r":\s*(null|~|\{\s*\})\s*(#.*)?$", ":", rows[begin])
    end = begin + 1
    while end < len(rows) and (not rows[end].strip() or rows[end].startswith((" ", "#"))):
        end += 1
    inside = next((row for row in rows[begin + 1 : end] if re.match(r"\s+\w", row)), "  x")
    indent = inside[: len(inside) - len(inside.lstrip())]
    section = [row for row in rows[begin + 1 : end] if not re.match(rf"\s+({'|'.join(values)})\s*:", row)]
    new = [f"{indent}{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
    return "\n".join([*rows[: begin + 1], *new, *section, *rows[end:], ""])


def _replace(path: Path, text: str) -> None:
    """All of it or nothing, whatever happens meanwhile."""
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    with open(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:  # noqa: PTH123 - with its mode from the first moment
        file.write(text)
    beside.replace(path)

"""How a command shows its result: JSON for programs, or lines for people, coloured only where a person looks."""

from __future__ import annotations

import argparse
import json
import os
import sys
from enum import StrEnum
from pathlib import Path

from assistant.errors import StoreError


class Style(StrEnum):
    """Terminal codes."""

    STRONG = "1"
    FAINT = "2"
    GOOD = "32"
    WARN = "33"
    BAD = "31"


def add_json(parser: argparse.ArgumentParser) -> None:
    """The `--json` of every command that has a result."""
    parser.add_argument(
        "--json", action="store_true", help="print one JSON value, and nothing else, on standard output"
    )


def print_json(value: object) -> None:
    """One value."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def styled(text: str, style: Style) -> str:
    """`text`, in colour on a terminal that wants it (no-color.org)."""
    wanted = sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    return f"\033[{style}m{text}\033[0m" if wanted else text


def write_private(path: Path, content: bytes) -> None:
    """Readable by nobody else; over what was there. Raises StoreError, and then leaves what is no file as it is."""
    try:
        if path.exists() and not path.is_file():
            kind = "a folder" if path.is_dir() else "a device"
            raise StoreError("file-unwritable", f"{path} is {kind}, no file; choose another place.")
        path.touch(mode=0o600)
        path.chmod(0o600)
        path.write_bytes(content)
    except OSError as error:
        raise StoreError(
            "file-unwritable", f"{path} cannot be written ({error.strerror}); choose another place."
        ) from None


def note(text: str) -> None:
    """Something worth knowing that is not the result."""
    print(f"grounding: {text}", file=sys.stderr)

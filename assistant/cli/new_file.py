"""A file that a command writes where somebody says: over what is there only when that is asked for."""

from __future__ import annotations

import argparse
from pathlib import Path

from assistant.errors import StoreError


def add_force(parser: argparse.ArgumentParser) -> None:
    """`--force`."""
    parser.add_argument("--force", action="store_true", help="write over FILE, if it is there already")


def check_new(file: Path, *, force: bool) -> None:
    """Raises StoreError for a file that is there, unless it is to be written over."""
    if file.is_file() and not force:
        raise StoreError(
            "file-exists", f"{file} is there already, and is not written over; name another file, or add --force."
        )

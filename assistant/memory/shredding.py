"""A file is overwritten before it is removed."""

from __future__ import annotations

import os
from pathlib import Path


def shred(path: Path) -> None:
    """Zeroes over a file's bytes, then away with it. What a disk keeps below its files is out of reach from here.

    Raises OSError.
    """
    if not path.is_symlink():
        with path.open("r+b") as file:
            file.write(bytes(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
    path.unlink()

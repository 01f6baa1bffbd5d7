"""Where what is remembered is kept. It imports next to nothing, so that commands answer at once."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_data_path

NAME = "grounding-assistant"


def memory_folder() -> Path:
    """In the user's data directory; `GROUNDING_MEMORY` names another folder, on an encrypted disk for example."""
    if named := os.environ.get("GROUNDING_MEMORY"):
        return Path(named)
    return user_data_path(NAME, appauthor=False) / "memory"

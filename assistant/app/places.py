"""Where things are kept. It imports next to nothing, so that commands answer at once."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_data_path, user_state_path

NAME = "grounding-assistant"


def memory_folder() -> Path:
    """Of what is remembered: in the user's data directory; `GROUNDING_MEMORY` names another, on an encrypted disk for
    example.
    """
    if named := os.environ.get("GROUNDING_MEMORY"):
        return Path(named)
    return user_data_path(NAME, appauthor=False) / "memory"


def recordings_folder() -> Path:
    """Where `setup` puts recorded help lines."""
    return user_data_path(NAME, appauthor=False) / "recorded"


def latch_path() -> Path:
    """Where it is noted, without a word, that support was given."""
    return user_state_path(NAME, appauthor=False) / "support-given"


def knocks_path() -> Path:
    """Where it is noted, without a word, when reminders were given."""
    return user_state_path(NAME, appauthor=False) / "reminders.json"

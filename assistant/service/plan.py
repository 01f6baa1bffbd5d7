"""What a service needs to know of this machine and of the settings. The generators beside it are pure."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

NAME = "grounding-assistant"
"""As systemd, and people, call it."""
LABEL = f"org.{NAME}"
"""As launchd wants labels: reversed domains."""
DESCRIPTION = "Grounding assistant: waits to be spoken to"
RESTART_SECONDS = 1
"""After an end that nobody asked for: with a start it is there again within five."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`command`: what runs, its program first. `writable`: the only folders it may write to. `environment`:
    names and values. `network`: whether the
    settings name an address; without one it has none. `systemd`: which version is here, 0 where there is none.
    """

    command: tuple[str, ...]
    writable: tuple[PurePath, ...]
    environment: tuple[tuple[str, str], ...] = ()
    network: bool = False
    systemd: int = 0

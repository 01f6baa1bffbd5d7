"""Remembers for a while that support was given, so that starting again does not wipe it. It holds no words."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from assistant.core.commands import Command, Latch
from assistant.core.events import Event, Trouble

LATCH_SECONDS = 45 * 60
"""Reviewers found that every product forgets a crisis in a new chat (safety.md section 3 proposes 20 to 60 minutes)."""


class LatchFile:
    """An empty file whose age is all it says. An observer of the conversation."""

    def __init__(
        self, path: Path, clock: Callable[[], float], post: Callable[[Event], None], *, lasting: bool = True
    ) -> None:
        """`lasting`: whether to write the file; False for a guest."""
        self._path = path
        self._clock = clock
        self._post = post
        self._lasting = lasting

    def is_set(self) -> bool:
        """Whether support was given within LATCH_SECONDS. A file from the future counts, and is dated now."""
        try:
            age = self._clock() - self._path.stat().st_mtime
        except OSError:
            return False
        if age < 0:  # the clock was wrong, then or now
            self._set()
        return age < LATCH_SECONDS

    def event(self, event: Event, now: float) -> None:
        """Nothing to see."""

    def command(self, command: Command, now: float, scene: str) -> None:
        """Set before the first word of support is heard."""
        if isinstance(command, Latch) and not self._set():
            self._post(Trouble("latch-unwritable"))

    def _set(self) -> bool:
        if not self._lasting:
            return True
        wall = self._clock()
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._path.touch(mode=0o600)
            os.utime(self._path, (wall, wall))
        except OSError:
            return False
        return True

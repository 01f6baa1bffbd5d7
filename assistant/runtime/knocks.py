"""Which reminders were given, and whether somebody was there: times and yes or no, in one small file; never words."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from assistant.core.commands import Answered, Command, Knocked
from assistant.core.events import Event, Trouble
from assistant.core.reminders import Knock

KEPT = 20
"""Two a day for ten days: more than any rule looks back on."""


class KnockFile:
    """An observer of the conversation. A file that cannot be read counts as empty; one that cannot be written is told
    once, and what it would hold is kept in memory.
    """

    def __init__(
        self, path: Path, clock: Callable[[], datetime], post: Callable[[Event], None], *, lasting: bool = True
    ) -> None:
        """`lasting`: whether to write the file; False for a guest."""
        self._path = path
        self._clock = clock
        self._post = post
        self._lasting = lasting
        self.knocks: tuple[Knock, ...] = self._read() if lasting else ()
        """Oldest first. Replaced as a whole, so that any thread may read it."""

    def event(self, event: Event, now: float) -> None:
        """Nothing to see."""

    def command(self, command: Command, now: float, scene: str) -> None:
        """Noted as it begins: whoever never answers is counted too."""
        match command:
            case Knocked():
                self.knocks = (*self.knocks, Knock(self._clock(), answered=False))[-KEPT:]
            case Answered() if self.knocks and not self.knocks[-1].answered:
                self.knocks = (*self.knocks[:-1], replace(self.knocks[-1], answered=True))
            case _:
                return
        if self._lasting and not self._write():
            self._post(Trouble("knocks-unwritable"))

    def _read(self) -> tuple[Knock, ...]:
        try:
            rows = json.loads(self._path.read_text(encoding="utf-8"))
            return tuple(Knock(datetime.fromisoformat(row["at"]), bool(row["answered"])) for row in rows)[-KEPT:]
        except (OSError, ValueError, KeyError, TypeError):
            return ()

    def _write(self) -> bool:
        rows = [{"at": knock.at.isoformat(), "answered": knock.answered} for knock in self.knocks]
        fresh = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
                json.dump(rows, file)
            fresh.replace(self._path)
        except OSError:
            return False
        return True

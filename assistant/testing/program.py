"""Any program that speaks and listens, and one run of it: what the ruler is laid against."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from assistant.errors import EngineError
from assistant.testing.sound_card import SoundCard

LAST_REPORTED = 12
"""Events that are told of a program that has ended: why it did is among them."""


@dataclass(frozen=True, slots=True)
class Program:
    """Something that speaks and listens through the default sound device.

    `command`: what starts it; `{folder}` in it becomes an empty folder of each run's own, and `{events}` the file in
    which this program reports what happens. `settle_seconds`: from its first sound to where trials over the voice may
    begin, past a greeting.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None
    settle_seconds: float = 0.0

    @property
    def tells(self) -> bool:
        """Whether it writes an events file."""
        return any("{events}" in part for part in self.command)


class Run:
    """One run of a program at a terminal nobody types at."""

    def __init__(self, card: SoundCard, program: Program) -> None:
        self.program = program
        self._folder = tempfile.TemporaryDirectory(prefix="grounding-ruler-")
        folder = Path(self._folder.name)
        self._events = folder / "events.jsonl"
        self._errors = (folder / "stderr").open("w+b")
        self._terminal, terminal = os.openpty()
        names = {"{folder}": str(folder), "{events}": str(self._events)}
        environment = card.environment | {"XDG_STATE_HOME": str(folder)}
        environment |= {"GROUNDING_MEMORY": str(folder / "memory")} | dict(program.environment)
        self.process = subprocess.Popen(
            [_filled(part, names) for part in program.command],
            env=environment, cwd=program.folder, stdin=terminal, stdout=subprocess.DEVNULL, stderr=self._errors,
            start_new_session=True,
        )  # fmt: skip
        os.close(terminal)

    def events(self) -> list[dict[str, object]]:
        """What the program says has happened so far; nothing where it does not say."""
        if not self._events.exists():
            return []
        return [json.loads(row) for row in self._events.read_text(encoding="utf-8").splitlines() if row.endswith("}")]

    def check_running(self) -> None:
        """Raises EngineError with what it said and reported last, when it has ended."""
        if self.process.poll() is not None:
            self._errors.seek(0)
            said = self._errors.read()[-300:].decode(errors="replace").strip()
            last = ", ".join(str(event["type"]) for event in self.events()[-LAST_REPORTED:])
            raise EngineError(
                "ruler-failed",
                f"{self.program.name} ended with {self.process.returncode}: {said} (reported last: {last})",
            )

    def close(self) -> None:
        """End it and all it started, whatever they do: what a dead program's player still plays is heard too."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self._terminal)
        self._errors.close()
        self._folder.cleanup()


@contextmanager
def running(card: SoundCard, program: Program) -> Iterator[Run]:
    """The program, for as long as the block lasts."""
    run = Run(card, program)
    try:
        yield run
    finally:
        run.close()


def _filled(part: str, names: Mapping[str, str]) -> str:
    for name, value in names.items():
        part = part.replace(name, value)
    return part

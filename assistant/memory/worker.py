"""The thread that writes down what is remembered. The conversation hands it on, and never waits on a disk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from queue import SimpleQueue
from threading import Thread

from assistant.core.commands import Command, Record
from assistant.core.events import Event, Trouble
from assistant.core.past import PastExercise
from assistant.core.understanding import State
from assistant.errors import StoreError
from assistant.memory.store import Store

CLOSE_SECONDS = 3.0
"""Longer than another program's lock is waited for."""


@dataclass(frozen=True, slots=True)
class _Job:
    """`do` with the open file; `failed`: the code to tell then, or None for the failure's own."""

    do: Callable[[Store], object]
    failed: str | None = None


class MemoryWorker:
    """An observer of the conversation. The file is open only while something is written, so that another window may
    forget everything at any time.
    """

    def __init__(self, open_store: Callable[[], Store], clock: Callable[[], datetime], post: Callable[[Event], None]) -> None:
        self._open = open_store
        self._clock = clock
        self._post = post
        self._queue: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread = Thread(target=self._run, name="memory", daemon=True)

    def start(self) -> None:
        """Wait for what is to be written."""
        self._thread.start()

    def close(self) -> None:
        """Write what is still waiting; a disk that hangs is not waited for longer than CLOSE_SECONDS."""
        self._queue.put(None)
        self._thread.join(CLOSE_SECONDS)

    def event(self, event: Event, now: float) -> None:
        """Nothing to see."""

    def command(self, command: Command, now: float, scene: str) -> None:
        """What is to be recorded goes to the thread, with the time of day."""
        if isinstance(command, Record):
            entry = remembered(command, self._clock())
            self._queue.put(_Job(lambda store: store.add([entry])))

    def _run(self) -> None:
        while (job := self._queue.get()) is not None:
            try:
                with self._open() as store:
                    if store.set_aside is not None:
                        self._post(Trouble("memory-damaged"))
                    job.do(store)
            except StoreError as error:
                self._post(Trouble(job.failed or error.code))


def remembered(record: Record, ended: datetime) -> PastExercise:
    """A record with its moment. `ended`: with its time zone."""
    return PastExercise(
        ended, record.exercise, State(record.state), record.before, record.after, record.worse, record.stopped
    )

"""The thread that writes down what is remembered. The conversation hands it on, and never waits on a disk."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

from assistant.core.commands import Command, End, Forget, Record
from assistant.core.events import Event, Trouble
from assistant.core.pages import HandOver, Page, Place
from assistant.core.past import PastExercise
from assistant.core.understanding import State
from assistant.errors import AssistantError
from assistant.memory.forgetting import forget
from assistant.memory.notes import NoteKind, add_note
from assistant.memory.store import Store

_TOLD: dict[type, str] = {Forget: "memory-not-forgotten", HandOver: "note-not-kept"}
"""What was asked for and failed has a sentence of its own."""
CLOSE_SECONDS = 3.0
"""Longer than another program's lock is waited for."""


class MemoryWorker:
    """An observer of the conversation. The file is open only while something is written, so that another window may
    forget everything at any time.
    """

    def __init__(
        self,
        folder: Path,
        clock: Callable[[], datetime],
        post: Callable[[Event], None],
        afterwards: Callable[[str], None] = lambda code: None,
        told: Collection[str] = (),
    ) -> None:
        """`clock`: the time of day, with its zone. `afterwards`: told the code of what fails when the conversation has
        ended and hears no more. `told`: codes that the person knows of already.
        """
        self._folder = folder
        self._clock = clock
        self._post = post
        self._afterwards = afterwards
        self._told = set(told)
        self._ended = False
        self._queue: SimpleQueue[tuple[Record | Forget | HandOver, datetime] | None] = SimpleQueue()
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
        """What is to be kept or forgotten goes to the thread, with the time of day."""
        if isinstance(command, Record | Forget) or (isinstance(command, HandOver) and command.place is Place.NOTE):
            self._queue.put((command, self._clock()))
        elif isinstance(command, End):
            self._ended = True

    def _run(self) -> None:
        while (job := self._queue.get()) is not None:
            command, at = job
            try:
                if isinstance(command, Forget):
                    forget(self._folder, command.what, at)
                elif isinstance(command, HandOver):
                    self._note(command.page, at)
                else:
                    self._keep(command, at)
            except AssistantError as error:
                self._tell(_TOLD.get(type(command), error.code))

    def _keep(self, record: Record, at: datetime) -> None:
        with Store.open(self._folder, at) as store:
            if store.set_aside is not None:
                self._tell("memory-damaged")
            store.add([remembered(record, at)])

    def _note(self, page: Page, at: datetime) -> None:
        """Encrypted, as every note is."""
        kind = NoteKind.BOOKMARK if page.for_person else NoteKind.REFLECTION
        add_note(self._folder, page.text(), kind, at)

    def _tell(self, code: str) -> None:
        """Each failure once; that something was not forgotten or kept as was asked, every time."""
        if code in self._told and code not in _TOLD.values():
            return
        self._told.add(code)
        if self._ended:
            self._afterwards(code)
        else:
            self._post(Trouble(code))


def remembered(record: Record, ended: datetime) -> PastExercise:
    """A record with its moment. `ended`: with its time zone."""
    return PastExercise(
        ended, record.exercise, State(record.state), record.before, record.after, record.worse, record.stopped
    )

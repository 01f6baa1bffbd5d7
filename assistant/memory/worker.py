"""The thread that writes down what is remembered. The conversation hands it on, and never waits on a disk."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

from assistant.core.commands import Command, End, Forget, KeepNote, Record
from assistant.core.events import EVERY_TIME, Event, Trouble
from assistant.core.pages import HandOver, Place
from assistant.core.past import Forgetting, PastExercise
from assistant.core.states import State
from assistant.errors import AssistantError, StoreError
from assistant.memory.forgetting import forget, set_aside
from assistant.memory.notes import NoteKind, add_notes
from assistant.memory.store import Store

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
        show: Callable[[str], None] = lambda line: None,
    ) -> None:
        """`clock`: the time of day, with its zone. `afterwards`: told the code of what fails when the conversation has
        ended and hears no more. `show`: puts a line on the screen. `told`: codes that the person knows of already.
        """
        self._folder = folder
        self._clock = clock
        self._post = post
        self._afterwards = afterwards
        self._show = show
        self._told = set(told)
        self._ended = False
        self._queue: SimpleQueue[tuple[Record | Forget | KeepNote | HandOver, datetime] | None] = SimpleQueue()
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
        if isinstance(command, Record | Forget | KeepNote) or (
            isinstance(command, HandOver) and command.place is Place.NOTE
        ):
            self._queue.put((command, self._clock()))
        elif isinstance(command, End):
            self._ended = True

    def _run(self) -> None:
        while (job := self._queue.get()) is not None:
            command, at = job
            try:
                match command:
                    case Forget(what):
                        self._forget(what, at)
                    case KeepNote(text, bookmark):
                        self._note(text, at, bookmark=bookmark)
                    case HandOver(page):
                        self._note(page.text(), at, bookmark=page.for_person)
                    case Record():
                        with self._opened(at) as store:
                            store.add([remembered(command, at)])
            except StoreError as error:
                self._tell("memory-not-forgotten" if isinstance(command, Forget) else error.code)

    def _opened(self, at: datetime) -> Store:
        store = Store.open(self._folder, at)
        if store.set_aside is not None:
            self._tell("memory-damaged")
        return store

    def _forget(self, what: Forgetting, at: datetime) -> None:
        """A damaged file cannot be opened, so it may hold what was asked about: the person is told."""
        forget(self._folder, what, at)
        if set_aside(self._folder):
            self._tell("memory-aside")

    def _note(self, text: str, at: datetime, *, bookmark: bool) -> None:
        """Where its key is, is said plainly, on the screen."""
        kind = NoteKind.BOOKMARK if bookmark else NoteKind.REFLECTION
        try:
            with self._opened(at) as store:
                _, key = add_notes(store, [(at, kind, text)])
        except AssistantError as error:
            self._show(error.hint)
            self._tell("note-not-kept")
            return
        if not key.in_keyring:
            self._afterwards("note-key-beside")

    def _tell(self, code: str) -> None:
        """Each failure once; what was asked for and did not come about, every time."""
        if code in self._told and code not in EVERY_TIME:
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

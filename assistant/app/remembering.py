"""What is remembered: for a sitting, read before it and written during it; and for the commands that look at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from assistant.app.parts import memory_folder
from assistant.config import RunOptions
from assistant.content.library import Notice
from assistant.core.commands import Forgetting
from assistant.core.events import Event
from assistant.core.past import Past
from assistant.errors import StoreError
from assistant.memory.forgetting import forget as forgotten
from assistant.memory.forgetting import set_aside
from assistant.memory.history import since
from assistant.memory.store import FILE, Store
from assistant.memory.transfer import read_entries, unseen
from assistant.memory.worker import MemoryWorker
from assistant.runtime.stage import Observer

NEWEST = 2000
"""Entries that a sitting looks back on: a year and more of several a day."""
START_WAIT_SECONDS = 0.2
"""The first word is not kept waiting for another program."""


def here_and_now() -> datetime:
    """The time of day, with its zone."""
    return datetime.now().astimezone()


def recalled(options: RunOptions) -> tuple[RunOptions, tuple[Notice, ...]]:
    """The options with what is remembered, and what stands in the way of it. Makes no file where there is none."""
    folder = memory_folder()
    if not options.remembers or not (folder / FILE).exists():
        return options, ()
    try:
        with Store.open(folder, here_and_now(), wait=START_WAIT_SECONDS) as store:
            options = replace(options, past=store.past(NEWEST))
            if store.set_aside is None:
                return options, ()
            return options, (Notice("memory-damaged", damage_told(store)),)
    except StoreError as error:
        return options, (Notice(error.code, error.hint),)


@contextmanager
def memory_observers(
    options: RunOptions, post: Callable[[Event], None], afterwards: Callable[[str], None]
) -> Iterator[list[Observer]]:
    """Who notes what this sitting comes to; nobody for a guest. `afterwards`: shows the sentence of a code."""
    if not options.remembers:
        yield []
        return
    worker = MemoryWorker(memory_folder(), here_and_now, post, afterwards, options.troubles)
    worker.start()
    try:
        yield [worker]
    finally:
        worker.close()


def past(days: float | None, tell: Callable[[str], None]) -> Past:
    """What is remembered; of so many days up to the newest entry, or all. Makes no file where there is none."""
    if not (memory_folder() / FILE).exists():
        return ()
    with _open(tell) as store:
        found = store.past()
    return found if days is None else since(found, days)


def forget(what: str) -> tuple[str, list[Path]]:
    """What is gone, as a sentence, and damaged files that may hold it still."""
    asked = Forgetting(what)
    gone = forgotten(memory_folder(), asked, here_and_now())
    if not gone:
        return "There was nothing to forget.", set_aside(memory_folder())
    if asked is Forgetting.EVERYTHING:
        return "Everything is forgotten.", []
    return f"{gone} entr{'y is' if gone == 1 else 'ies are'} forgotten.", set_aside(memory_folder())


def remember(text: str, tell: Callable[[str], None]) -> tuple[int, int]:
    """How many exported entries are new, and how many were known."""
    entries = read_entries(text)
    with _open(tell) as store:
        new = unseen(entries, store.past())
        store.add(new)
    return len(new), len(entries) - len(new)


def _open(tell: Callable[[str], None]) -> Store:
    """For a command; `tell` shows what was found damaged."""
    store = Store.open(memory_folder(), here_and_now())
    if store.set_aside is not None:
        tell(damage_told(store))
    return store


def damage_told(store: Store) -> str:
    """What became of a damaged file."""
    assert store.set_aside is not None
    return f"{store.path} was damaged. It is kept as {store.set_aside.name} beside it, and a new one begins."

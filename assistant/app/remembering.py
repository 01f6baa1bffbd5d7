"""What is remembered, for a sitting: read before it, written during it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from assistant.app.memories import damage_told, here_and_now
from assistant.app.places import memory_folder
from assistant.content.library import Notice
from assistant.core.events import Event
from assistant.errors import StoreError
from assistant.memory.store import FILE, Store
from assistant.memory.worker import MemoryWorker
from assistant.runtime.stage import Observer
from assistant.settings import RunOptions

NEWEST = 2000
"""Entries that a sitting looks back on: a year and more of several a day."""
START_WAIT_SECONDS = 0.2
"""The first word is not kept waiting for another program."""


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
    options: RunOptions,
    post: Callable[[Event], None],
    afterwards: Callable[[str], None],
    show: Callable[[str], None] = lambda line: None,
) -> Iterator[list[Observer]]:
    """Who notes what this sitting comes to; nobody for a guest. `afterwards`: shows the sentence of a code; `show`:
    shows a line.
    """
    if not options.remembers:
        yield []
        return
    worker = MemoryWorker(memory_folder(), here_and_now, post, afterwards, options.troubles, show)
    worker.start()
    try:
        yield [worker]
    finally:
        worker.close()

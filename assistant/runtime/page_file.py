"""`grounding flow NAME --out FILE`: what a person said in a flow, as text, in the one file that they named."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from assistant.core.commands import Command
from assistant.core.events import Event
from assistant.core.pages import HandOver, Page, Place
from assistant.errors import StoreError


class PageFile:
    """An observer. What cannot be written is shown on the screen instead: it would be lost otherwise."""

    def __init__(self, path: Path, failed: Callable[[str], None], show: Callable[[Page], None]) -> None:
        self._path = path
        self._failed = failed
        self._show = show

    def event(self, event: Event, now: float) -> None:
        """Nothing to see."""

    def command(self, command: Command, now: float, scene: str) -> None:
        """Written once, readable by its owner alone."""
        match command:
            case HandOver(page, Place.FILE):
                try:
                    write_page(self._path, page)
                except OSError:
                    self._failed("page-unwritable")
                    self._show(page)


def write_page(path: Path, page: Page) -> None:
    """Never over a file that is there. Raises OSError."""
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "w", encoding="utf-8") as file:
        file.write(page.text() + "\n")


def check_place(path: Path) -> None:
    """Raises StoreError, before anything is said, for a file that is there or a folder that is not."""
    if path.exists():
        raise StoreError("page-exists", f"{path} is there already, and is not written over; name another file.")
    folder = path.parent
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        raise StoreError("page-unwritable", f"Nothing can be written in {folder}; name a file in another folder.")

"""Where captions go: lines, and on a terminal a row at its foot that moves.

A terminal that does not read, as after Ctrl-S, holds up whoever writes to it. So one thread of its own writes, and
nobody who prints waits: neither the conversation nor a stop.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from enum import Enum
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Final, Protocol, TextIO

from assistant.core.commands import Command
from assistant.core.events import Event

CLOSE_SECONDS: Final = 1.0
COLUMNS: Final = 80
"""Where the terminal does not say."""
CLEARED: Final = "\033[2J\033[3J\033[H"
"""What is visible, what was, and back to the top."""


class Row(Protocol):
    """What moves; `Status` is one."""

    def redrawn_after(self) -> float | None:
        """Seconds after which it looks different by itself; None: it stays."""
        ...

    def row(self, now: float, columns: int) -> str:
        """As it looks now."""
        ...


class Paper(Protocol):
    """What captions are written on."""

    def print(self, text: str) -> None:
        """One line, or a few."""
        ...

    def clear(self) -> None:
        """Nothing stays visible, where that can be."""
        ...


class Lines:
    """Written at once, one after another: for files, for time that jumps, and for a program that is about to end."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def print(self, text: str) -> None:
        """One line, or a few."""
        self._out.write(f"{text}\n")
        self._out.flush()

    def clear(self) -> None:
        """On a terminal; what went into a file stays there."""
        if self._out.isatty():
            self._out.write(CLEARED)
            self._out.flush()


class _Word(Enum):
    """To the thread that writes."""

    REDRAW = "redraw"
    CLEAR = "clear"
    CLOSE = "close"


class Terminal:
    """Lines, and under them the row. `row` None: lines only, as a screen reader wants them."""

    def __init__(self, out: TextIO, clock: Callable[[], float], row: Row | None = None) -> None:
        self._out = out
        self._clock = clock
        self._row = row
        self._inbox: SimpleQueue[str | _Word] = SimpleQueue()
        self._shown = ""
        self._gone = False
        self._thread = Thread(target=self._run, name="terminal", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def print(self, text: str) -> None:
        """One line, or a few; from any thread, at any time."""
        self._inbox.put(text)

    def clear(self) -> None:
        """Nothing stays visible."""
        self._inbox.put(_Word.CLEAR)

    def redraw(self) -> None:
        """The row has something new to show."""
        if self._row is not None:
            self._inbox.put(_Word.REDRAW)

    def event(self, event: Event, now: float) -> None:
        """As an observer, after the row: it may look different."""
        self.redraw()

    def command(self, command: Command, now: float, scene: str) -> None:
        """As above."""
        self.redraw()

    def close(self) -> None:
        """What was printed is written and the row taken off, unless the terminal does not read."""
        self._inbox.put(_Word.CLOSE)
        self._thread.join(CLOSE_SECONDS)

    def _run(self) -> None:
        while self._next(self._row.redrawn_after() if self._row is not None else None):
            pass

    def _next(self, patience: float | None) -> bool:
        """Write what comes next, or the row when `patience` seconds have passed; False at the end."""
        try:
            word = self._inbox.get(timeout=patience)
        except Empty:
            word = _Word.REDRAW
        match word:
            case str():
                self._write(f"{self._erased()}{word}\n")
            case _Word.CLEAR if self._out.isatty():
                self._shown = ""
                self._write(CLEARED)
            case _Word.CLOSE:
                self._write(self._erased())
                return False
        if self._inbox.empty():
            self._draw()
        return True

    def _draw(self) -> None:
        if self._row is None:
            return
        row = self._row.row(self._clock(), self._columns())
        if row != self._shown:
            over = len(self._shown) - len(row)
            self._write(f"\r{row}" if over <= 0 else f"\r{row}{' ' * over}\r{row}")
            self._shown = row

    def _erased(self) -> str:
        """Spaces, because not every terminal knows how to erase a line."""
        erased = f"\r{' ' * len(self._shown)}\r" if self._shown else ""
        self._shown = ""
        return erased

    def _columns(self) -> int:
        try:
            return os.get_terminal_size(self._out.fileno()).columns or COLUMNS
        except (OSError, ValueError):
            return shutil.get_terminal_size((COLUMNS, 24)).columns

    def _write(self, text: str) -> None:
        """A terminal that was closed has nobody who could read; the voice goes on."""
        if self._gone or not text:
            return
        try:
            self._out.write(text)
            self._out.flush()
        except (OSError, ValueError):
            self._gone = True


def is_plain(out: TextIO) -> bool:
    """Whether nothing can be drawn over and over: no terminal, or one that cannot go back to the start of a line."""
    return not out.isatty() or os.environ.get("TERM") == "dumb"


def shows_blocks(out: TextIO) -> bool:
    """Whether its encoding has the blocks of a bar."""
    try:
        "\u2588\u2591".encode(getattr(out, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True

"""The keyboard: any key stops the voice at once, but `h` gives people to reach; in typed mode a line is an answer."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from threading import Thread
from typing import TextIO

from assistant.core.events import (
    Event,
    InputEnded,
    SupportRequested,
    TranscriptReady,
    UserStartedSpeaking,
    UserStoppedSpeaking,
)
from assistant.runtime.stop_switch import StopSwitch
from assistant.safety.transcript import Transcript, Trust

ENGINE = "keyboard"
HELP_KEYS = ("h", "H")


def typed(line: str) -> Event | None:
    """A typed line as a turn; None when it holds no words."""
    text = line.strip()
    return TranscriptReady(None, Transcript(text, Trust.TRUSTED, 1.0, ENGINE)) if text else None


@contextlib.contextmanager
def single_keys(terminal: TextIO) -> Iterator[None]:
    """Let keys arrive one by one, and give the terminal back as it was. Does nothing where that cannot be."""
    try:
        import termios
        import tty

        number = terminal.fileno()
        before = termios.tcgetattr(number)
    except (ImportError, OSError, ValueError):
        yield
        return
    try:
        tty.setcbreak(number)
        yield
    finally:
        termios.tcsetattr(number, termios.TCSADRAIN, before)


class Keyboard:
    """Reads keys or lines on a thread of its own."""

    def __init__(self, source: TextIO, switch: StopSwitch, post: Callable[[Event], None], *, typing: bool) -> None:
        self._source = source
        self._switch = switch
        self._post = post
        self._typing = typing

    def start(self) -> None:
        """The thread is a daemon: a read that never returns must not keep the program alive."""
        Thread(target=self._read_lines if self._typing else self._read_keys, name="keyboard", daemon=True).start()

    def _read_keys(self) -> None:
        while key := self._source.read(1):
            if key in HELP_KEYS:
                self._post(SupportRequested("key"))
            else:
                self._switch.trip("key")

    def _read_lines(self) -> None:
        for line in self._source:
            if (answer := typed(line)) is None:
                self._switch.trip("key")
                continue
            for event in (UserStartedSpeaking(), UserStoppedSpeaking(None), answer):
                self._post(event)
        self._post(InputEnded())


def interactive() -> bool:
    """Whether a person sits at this terminal."""
    return sys.stdin is not None and sys.stdin.isatty()

"""The program at a terminal of its own, on a virtual sound card."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from assistant.testing.sound_card import SoundCard


class Terminal:
    """The program at a terminal of its own."""

    def __init__(self, card: SoundCard, *arguments: str, **environment: str) -> None:
        self._screen, terminal = os.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "assistant", *arguments],
            env=card.environment | environment, stdin=terminal, stdout=terminal, stderr=terminal,
        )  # fmt: skip
        os.close(terminal)
        os.set_blocking(self._screen, False)
        self._seen = b""

    def press(self, key: bytes) -> None:
        os.write(self._screen, key)

    def shows(self, what: str) -> bool:
        """Whether it has stood there at any time."""
        with suppress(OSError):  # nothing new, or the program has ended
            while more := os.read(self._screen, 65536):
                self._seen += more
        return what in self._seen.decode(errors="replace")

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._screen)


@contextmanager
def terminal(card: SoundCard, *arguments: str, **environment: str) -> Iterator[Terminal]:
    opened = Terminal(card, *arguments, **environment)
    try:
        yield opened
    finally:
        opened.close()

"""Tells systemd how the program is: that it is ready, that its conversation still comes round, and in which state.

The beat comes from the conversation's own thread and from nowhere else: a thread beside it would go on telling that all
is well while nobody is answered.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

from assistant.core.commands import Command
from assistant.core.events import Event, MicrophoneMuted, MicrophoneUnmuted

SHARE = 3
"""Beats in the time after which systemd acts; sd_watchdog_enabled(3) asks for two at least."""

Tell = Callable[[str], None]


def to_systemd(environment: Mapping[str, str] = os.environ) -> Tell:
    """One datagram a state, as sd_notify(3) has it; into nothing where nobody listens."""
    address = environment.get("NOTIFY_SOCKET", "")
    if not address or not hasattr(socket, "AF_UNIX"):
        return lambda state: None
    address = f"\0{address[1:]}" if address.startswith("@") else address

    def tell(state: str) -> None:
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as datagram:
            datagram.setblocking(False)  # a system that does not read must not hold up a conversation
            datagram.sendto(state.encode(), address)

    return tell


def beat_seconds(environment: Mapping[str, str] = os.environ) -> float | None:
    """Between two beats; None: nobody counts them."""
    wanted, of = environment.get("WATCHDOG_USEC", ""), environment.get("WATCHDOG_PID", str(os.getpid()))
    return int(wanted) / 1e6 / SHARE if wanted.isdecimal() and int(wanted) > 0 and of == str(os.getpid()) else None


class Heartbeat:
    """An observer of the conversation that the loop also calls when nothing happens."""

    def __init__(
        self, tell: Tell, every: float | None, words: Callable[[str], str], clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`words`: a label of the screen's, for the state."""
        self.every = every
        self._tell = tell
        self._words = words
        self._clock = clock
        self._last = -float("inf")
        self._scene = ""
        self._muted = False
        self._told = ""

    def ready(self) -> None:
        """The microphone is open, or is looked for: from now on it can be spoken to."""
        self._tell("READY=1")

    def stopping(self) -> None:
        """It ends, as it was asked to."""
        self._tell("STOPPING=1")

    def beat(self, scene: str) -> None:
        """The conversation has come round."""
        self._scene = scene
        now = self._clock()
        if self.every is not None and now - self._last >= self.every * 0.9:
            self._last = now
            self._tell("WATCHDOG=1")
        self._show()

    def event(self, event: Event, now: float) -> None:
        """Only whether the microphone is open."""
        match event:
            case MicrophoneMuted():
                self._muted = True
            case MicrophoneUnmuted():
                self._muted = False

    def command(self, command: Command, now: float, scene: str) -> None:
        """A scene, by its kind only: what is done in it is nobody's business."""
        self._scene = scene
        self._show()

    def _show(self) -> None:
        state = "microphone_muted" if self._muted else "status_waits" if self._scene == "waiting" else "status_talks"
        if state != self._told:
            self._told = state
            self._tell(f"STATUS={self._words(state)}")

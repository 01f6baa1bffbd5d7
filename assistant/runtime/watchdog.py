"""Notices a device that has gone quiet, and opens it again when it is back.

PortAudio does not say that a device was pulled out: its callbacks just stop (PortAudio/portaudio#447). Looking for it
anew closes every stream, so both are opened again together.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event as Flag
from threading import Thread
from typing import Protocol

from assistant.core.events import Event, MicrophoneLost, MicrophoneReturned, SpeakerLost, SpeakerReturned

LOST_SECONDS = 1.0
"""No callback for so long means that the device is gone."""
LOOK_SECONDS = 0.25
RETRY_SECONDS = (0.5, 1.0, 2.0, 4.0)
"""Then every four seconds: looking is not free."""


class Watched(Protocol):
    """A stream with a heartbeat."""

    last_block: float

    def open(self) -> None:
        """Raises DeviceError."""
        ...

    def close(self) -> None:
        """May be called twice."""
        ...


class Watchdog:
    """`reopen` looks for the devices again and opens what there is; True when both are there."""

    def __init__(
        self,
        speaker: Callable[[], float | None],
        microphone: Callable[[], float | None],
        reopen: Callable[[], tuple[bool, bool]],
        post: Callable[[Event], None],
    ) -> None:
        self._heartbeats = {"speaker": speaker, "microphone": microphone}
        self._reopen = reopen
        self._post = post
        self._lost: set[str] = set()
        self._closed = Flag()
        self._thread = Thread(target=self._run, name="watchdog", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def close(self) -> None:
        """Stop watching."""
        self._closed.set()
        self._thread.join(2.0)

    def _run(self) -> None:
        tries = 0
        wait = LOOK_SECONDS
        while not self._closed.wait(wait):
            for name, beat in self._heartbeats.items():
                last = beat()
                if last is not None and name not in self._lost and time.monotonic() - last > LOST_SECONDS:
                    self._lost.add(name)
                    self._post(SpeakerLost() if name == "speaker" else MicrophoneLost())
            if not self._lost:
                tries, wait = 0, LOOK_SECONDS
                continue
            speaker, microphone = self._reopen()
            if speaker and "speaker" in self._lost:
                self._lost.discard("speaker")
                self._post(SpeakerReturned())
            if microphone and "microphone" in self._lost:
                self._lost.discard("microphone")
                self._post(MicrophoneReturned())
            wait = RETRY_SECONDS[min(tries, len(RETRY_SECONDS) - 1)] if self._lost else LOOK_SECONDS
            tries += 1

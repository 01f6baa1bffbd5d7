"""Notices a device that has gone quiet, and opens it again when it is back.

PortAudio does not say that a device was pulled out: its callbacks just stop (PortAudio/portaudio#447). Looking for it
anew closes every stream, so both are opened again together.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from threading import Event as Flag
from threading import Thread

from assistant.core.events import Event, MicrophoneLost, MicrophoneReturned, SpeakerLost, SpeakerReturned

LOST_SECONDS = 1.0
"""No callback for so long means that the device is gone."""
LOOK_SECONDS = 0.25
RETRY_SECONDS = (1.5, 2.0, 4.0)
"""Then every four seconds: looking is not free."""


class Watchdog:
    """`speaker`, `microphone`: when each last worked, on the clock of `time.monotonic`; None: nothing to watch.

    `reopen` looks for the devices again and opens what there is. A
    device is back when it works, not when it opens: one that is wedged opens every time. As looking interrupts the
    speaker, it waits for a moment in which `quiet`, unless the speaker is what was lost. `missing`: not there to begin
    with.
    """

    def __init__(
        self,
        speaker: Callable[[], float | None],
        microphone: Callable[[], float | None],
        reopen: Callable[[], object],
        quiet: Callable[[], bool],
        post: Callable[[Event], None],
        missing: Collection[str] = (),
    ) -> None:
        self._heartbeats = {"speaker": speaker, "microphone": microphone}
        self._reopen = reopen
        self._quiet = quiet
        self._post = post
        self._lost = set(missing)
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
        tries, opened, again = 0, 0.0, 0.0
        while not self._closed.wait(LOOK_SECONDS):
            now = time.monotonic()
            for name, beat in self._heartbeats.items():
                last = beat()
                if last is None:
                    continue
                if name not in self._lost and now - last > LOST_SECONDS:
                    self._lost.add(name)
                    self._post(_LOST[name])
                    tries = 0
                elif name in self._lost and last > opened > 0.0:
                    self._lost.discard(name)
                    self._post(_RETURNED[name])
            if self._lost and now >= again and ("speaker" in self._lost or self._quiet()):
                self._reopen()
                opened = time.monotonic()
                again = opened + RETRY_SECONDS[min(tries, len(RETRY_SECONDS) - 1)]
                tries += 1


_LOST: dict[str, Event] = {"speaker": SpeakerLost(), "microphone": MicrophoneLost()}
_RETURNED: dict[str, Event] = {"speaker": SpeakerReturned(), "microphone": MicrophoneReturned()}

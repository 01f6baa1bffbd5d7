"""Notices a device that has gone quiet, and opens it again when it is back.

PortAudio does not say that a device was pulled out: its callbacks just stop (PortAudio/portaudio#447). Nor does it say
that one was put in: its list is frozen, and looking for it afresh closes every stream. So the lost device alone is
opened again first, by the old list, which takes 3 ms and disturbs nothing. Only if that fails, everything is closed and
looked for afresh, a gap of 25 ms: at once where nothing works that could be disturbed, and else in a quiet moment.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Collection
from threading import Event as Flag
from threading import Thread
from typing import Protocol

from assistant.core.events import Event, MicrophoneLost, MicrophoneReturned, SpeakerLost, SpeakerReturned

LOST_SECONDS = 1.0
"""No callback for so long means that the device is gone, even if its stream says nothing."""
LOOK_SECONDS, LOOK_WHILE_LOST_SECONDS = 0.25, 0.1
RETRY_SECONDS = (0.25, 0.5, 0.75)
"""Then so often: with two looks and the proof that it works this keeps what was promised, 2 s after its return."""
RETRY_SHARE = 1 / 10
"""Of a core, at most, for trying: a slow machine tries less often."""
PATIENCE_SECONDS = 3.0
"""Bluetooth takes so long from opening to the first sound; closed earlier, it would never give any."""
PROOF_SECONDS = 0.2
"""It must work for so long: buffers are filled and handed over even for a device that takes or gives nothing more."""
AFRESH_SECONDS, AFRESH_LATER_SECONDS = 0.75, 4.0
"""Between looks afresh beside a device that works; the second from `LATER_SECONDS` after the loss on."""
LATER_SECONDS = 60.0
LISTED_SECONDS = 30.0
"""On Linux the old list goes on leading to a device (ALSA: `hw:1`; PulseAudio: a server), and a look afresh takes off
it what is away just then. So beside one that works it waits, for a device that may be back under another name.
"""
LOUD_SECONDS = 1.25
"""A quiet moment is not waited for any longer; between two words there is one, in a tone there is none."""
QUIET_LOOK_SECONDS = 0.02
"""Between looks for it: two words are hardly further apart."""


class Reopen(Protocol):
    """Opens devices again."""

    def __call__(self, lost: frozenset[str], *, afresh: bool) -> Collection[str]:
        """Try. Returns those that opened, whether they work or not. `afresh`: everything may be closed for it."""
        ...


class Watchdog:
    """`speaker`, `microphone`: when each last worked, on `clock`; None: nothing to watch; minus infinity: not open.

    After reopening, wait until sound flows before a device is reported as back: one that is wedged opens every time.
    `missing`: not there to begin with.
    """

    def __init__(
        self,
        speaker: Callable[[], float | None],
        microphone: Callable[[], float | None],
        reopen: Reopen,
        quiet: Callable[[], bool],
        post: Callable[[Event], None],
        missing: Collection[str] = (),
        clock: Callable[[], float] = time.monotonic,
        *,
        list_holds: bool = sys.platform == "linux",
    ) -> None:
        self._heartbeats = {"speaker": speaker, "microphone": microphone}
        self._reopen = reopen
        self._quiet = quiet
        self._post = post
        self._clock = clock
        self._opened: dict[str, float] = {}
        """Lost devices that were opened again, and when; nobody knows yet whether they work."""
        self._lost: set[str] = set()
        self._tries, self._again, self._since, self._looked = 0, -math.inf, -math.inf, -math.inf
        self._list_holds = list_holds
        self._loud = False
        """A look afresh is due, and waits for a quiet moment."""
        for name in missing:
            self._lose(name, clock())
            self._looked = self._since  # the list was made without it
        self._closed, self._soon = Flag(), Flag()
        self._thread = Thread(target=self._run, name="watchdog", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def close(self) -> None:
        """Stop watching."""
        self._closed.set()
        self._soon.set()
        self._thread.join(2.0)

    def look_soon(self) -> None:
        """From any thread: something is wanted of a device now."""
        self._soon.set()

    def look(self) -> None:
        """One look at every device, and a try to open what is lost if one is due."""
        now = self._clock()
        for name, beat in self._heartbeats.items():
            last = beat()
            if last is None:
                self._lost.discard(name)  # closed on purpose, meanwhile
                self._opened.pop(name, None)
                continue
            if name not in self._lost and now - last > LOST_SECONDS:
                self._lose(name, now)
                self._post(_LOST[name])
            elif name in self._lost and last > self._opened.get(name, math.inf) + PROOF_SECONDS:
                self._lost.discard(name)
                del self._opened[name]
                self._post(_RETURNED[name])
        due = frozenset(name for name in self._lost if now - self._opened.get(name, -math.inf) > PATIENCE_SECONDS)
        if due and (now >= self._again or (self._loud and self._may_look_afresh(due, now))):
            self._try(due, now)
        elif not due:
            self._loud = False

    def _lose(self, name: str, now: float) -> None:
        self._lost.add(name)
        self._opened.pop(name, None)
        self._tries, self._again, self._since = 0, now, now
        self._looked = max(self._looked, now - AFRESH_SECONDS)

    def _try(self, due: frozenset[str], now: float) -> None:
        afresh = self._may_look_afresh(due, now)
        if afresh:
            self._looked = now
        worked = time.thread_time()
        opened = self._reopen(due, afresh=afresh)
        worked = time.thread_time() - worked
        now = self._clock()
        kept = self._opened.items()
        self._opened = {name: now if afresh else when for name, when in kept if name not in due}
        self._opened |= dict.fromkeys(opened, now)
        self._again = now + max(RETRY_SECONDS[min(self._tries, len(RETRY_SECONDS) - 1)], worked / RETRY_SHARE)
        self._tries += 1

    def _may_look_afresh(self, due: frozenset[str], now: float) -> bool:
        if not any(beat() is not None for name, beat in self._heartbeats.items() if name not in due):
            return True
        if self._list_holds and self._looked < self._since and now - self._since < LISTED_SECONDS:
            return False
        waited = now - self._looked
        if waited < (AFRESH_SECONDS if now - self._since < LATER_SECONDS else AFRESH_LATER_SECONDS):
            return False
        self._loud = "speaker" not in due and not self._quiet() and waited < LOUD_SECONDS
        return not self._loud

    def _run(self) -> None:
        pause = LOOK_SECONDS
        while True:
            self._soon.wait(pause)
            self._soon.clear()
            if self._closed.is_set():
                return
            self.look()
            lost = LOOK_WHILE_LOST_SECONDS if self._lost else LOOK_SECONDS
            pause = QUIET_LOOK_SECONDS if self._loud else lost


_LOST: dict[str, Event] = {"speaker": SpeakerLost(), "microphone": MicrophoneLost()}
_RETURNED: dict[str, Event] = {"speaker": SpeakerReturned(), "microphone": MicrophoneReturned()}

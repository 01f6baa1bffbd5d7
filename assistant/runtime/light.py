"""A light that tells whether the microphone is open: dark, it does not listen. It breathes with an exercise."""

from __future__ import annotations

import math
from collections.abc import Callable
from threading import Event as Flag
from threading import Thread
from typing import Protocol

from assistant.core.commands import Command
from assistant.core.events import Event
from assistant.runtime.status import Breath, Microphone, Status

LISTENING, HEARING = 0.25, 0.6
"""Of full brightness: to be seen by day, and to be slept beside."""
LEAST, MOST = 0.04, 1.0
"""While it breathes; never dark, as dark means something."""
MOVING_SECONDS = 0.04
"""Twenty-five steps a second; fewer are seen as steps."""
CLOSE_SECONDS = 1.0
PERCEIVED = 2.2
"""The eye's exponent: half the power is not half as bright (ITU-R BT.1886 has 2.4, sRGB about 2.2)."""


class Lamp(Protocol):
    """A light that can be dimmed."""

    def shine(self, power: float) -> None:
        """From 0 to 1."""
        ...

    def close(self) -> None:
        """Dark."""
        ...


def brightness(status: Status, now: float) -> float:
    """As an eye sees it, from 0 to 1."""
    if not status.listens:
        return 0.0
    cue = status.cue
    if cue is None or not math.isfinite(cue.seconds):
        return HEARING if status.shown is Microphone.HEARING else LISTENING
    eased = (1.0 - math.cos(math.pi * cue.share(now))) / 2.0
    full = {Breath.IN: eased, Breath.OUT: 1.0 - eased, Breath.REST: 0.0}[cue.breath]
    return LEAST + (MOST - LEAST) * full


class Light:
    """An observer, after the status it shows, and a thread that sleeps unless something moves."""

    def __init__(self, status: Status, lamp: Lamp, clock: Callable[[], float]) -> None:
        self._status = status
        self._lamp = lamp
        self._clock = clock
        self._changed = Flag()
        self._closed = False
        self._shown = -1.0
        self._thread = Thread(target=self._run, name="light", daemon=True)

    def start(self) -> None:
        """Begin to shine."""
        self._thread.start()

    def event(self, event: Event, now: float) -> None:
        """The status may look different."""
        self._changed.set()

    def command(self, command: Command, now: float, scene: str) -> None:
        """As above."""
        self._changed.set()

    def close(self) -> None:
        """Dark, and bounded."""
        self._closed = True
        self._changed.set()
        if self._thread.is_alive():
            self._thread.join(CLOSE_SECONDS)
        self._lamp.close()

    def show(self) -> None:
        """As it is now."""
        power = round(brightness(self._status, self._clock()) ** PERCEIVED, 4)
        if power != self._shown:
            self._shown = power
            self._lamp.shine(power)

    def _run(self) -> None:
        while not self._closed:
            self._changed.clear()
            self.show()
            self._changed.wait(MOVING_SECONDS if self._status.cue is not None else None)

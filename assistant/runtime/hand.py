"""What a press of a button means, whatever it is made of: a pin, a USB button, a key of a keyboard in another room.

Down: the voice stops, at once and without the conversation (law 3). Short: it also begins to talk where it waited.
Long: people to reach.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock, Timer
from typing import Protocol

from assistant.core.events import Called, Event, SupportRequested
from assistant.runtime.mute import MuteSwitch
from assistant.runtime.stop_switch import StopSwitch

HOLD_SECONDS = 2.0
"""As long as most phones and remote controls ask for before a long press counts."""
ENDS_BY_A_STOP = frozenset({"stopped", "knock", "interrupt"})
"""Scenes in which a stop ends the sitting. There a press stops when the finger leaves: it may become a long one."""


class Ticking(Protocol):
    """`threading.Timer`, or a test's."""

    def start(self) -> None:
        """It counts."""
        ...

    def cancel(self) -> None:
        """It does not."""
        ...


def timer(seconds: float, then: Callable[[], None]) -> Ticking:
    """On a thread that keeps nobody alive."""
    made = Timer(seconds, then)
    made.daemon = True
    return made


class Hand:
    """`scene`: which has the floor. `speaking`: whether the voice sounds now; both known without asking anybody."""

    def __init__(
        self,
        switch: StopSwitch,
        mute: MuteSwitch,
        post: Callable[[Event], None],
        scene: Callable[[], str],
        speaking: Callable[[], bool],
        timer: Callable[[float, Callable[[], None]], Ticking] = timer,
    ) -> None:
        self._switch = switch
        self._mute = mute
        self._post = post
        self._scene = scene
        self._speaking = speaking
        self._timer = timer
        self._lock = Lock()
        self._holding: Ticking | None = None
        self._waited = self._tripped = False

    def down(self) -> None:
        """A finger is on it. Contacts that bounce, and keys that repeat, are one press."""
        with self._lock:
            if self._holding is not None:
                return
            holding = self._holding = self._timer(HOLD_SECONDS, self._held)
        scene = self._scene()
        self._waited = scene == "waiting"
        self._tripped = scene not in ENDS_BY_A_STOP or self._speaking()
        if self._tripped:
            self._switch.trip("button")
        holding.start()  # another input may have ended the press by now: then it is cancelled, and does nothing

    def up(self) -> None:
        """The finger is gone."""
        with self._lock:
            holding, self._holding = self._holding, None
        if holding is None:
            return  # it was a long one, and is dealt with
        holding.cancel()
        if self._waited:
            self._mute.set(False)
            self._mute.resting = False
            self._post(Called("button"))
        elif not self._tripped:
            self._switch.trip("button")

    def mute(self) -> None:
        """The other button, where there is one."""
        self._mute.toggle()

    def _held(self) -> None:
        with self._lock:
            if self._holding is None:
                return
            self._holding = None
        self._mute.resting = False  # whoever asks for help may want to answer
        self._post(SupportRequested("button"))

"""The one way round the conversation (law 3): it silences the player first, and only then tells anybody."""

from __future__ import annotations

from collections.abc import Callable

from assistant.core.events import Event, StopRequested


class StopSwitch:
    """Tripped by key, button, signal, stop word or screen; from any thread; works while everything else hangs."""

    def __init__(self, mute: Callable[[], None], post: Callable[[Event], None]) -> None:
        self._mute = mute
        self._post = post

    def trip(self, source: str, *, leave: bool = False) -> None:
        """Silence within one audio block, then `StopRequested`."""
        self._mute()
        self._post(StopRequested(source, leave))

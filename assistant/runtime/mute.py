"""Whether the microphone is to be closed: because the person wants it so, or because only a button wakes it.

From any thread. Whoever owns the stream closes it (`app/streams.py`); nothing is heard and thrown away instead.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from assistant.core.commands import Answered, Command, End, Knocked, Mute
from assistant.core.events import Event, Trouble


class MuteSwitch:
    """`file`: an empty one that is there while it is muted, so that no restart opens a microphone by itself; None: it
    lasts as long as the program.
    """

    def __init__(self, file: Path | None, post: Callable[[Event], None]) -> None:
        self._file = file
        self._post = post
        self.muted = file is not None and file.exists()
        self.resting = False
        """Nobody has pressed the button yet."""

    @property
    def closed(self) -> bool:
        """What the stream has to be."""
        return self.muted or self.resting

    def toggle(self) -> None:
        """By key or button."""
        self.set(not self.muted)

    def set(self, muted: bool) -> None:
        """It is closed before it is noted: a full disk leaves no microphone open."""
        self.muted = muted
        if self._file is None:
            return
        try:
            if muted:
                self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._file.touch(mode=0o600)
            else:
                self._file.unlink(missing_ok=True)
        except OSError:
            self._post(Trouble("mute-unwritable"))


class Muting:
    """An observer: what the conversation wants of the microphone. `by_button`: open only from a press to the end."""

    def __init__(self, switch: MuteSwitch, *, by_button: bool) -> None:
        self._switch = switch
        self._by_button = by_button
        switch.resting = by_button

    def event(self, event: Event, now: float) -> None:
        """Nothing to see."""

    def command(self, command: Command, now: float, scene: str) -> None:
        """The person said it; or a sitting begins or ends."""
        match command:
            case Mute():
                self._switch.set(True)
            case Knocked() | Answered() if self._by_button:
                self._switch.resting = False
            case End() if self._by_button:
                self._switch.resting = True

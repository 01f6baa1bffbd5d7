"""What a loop needs: somebody to carry out commands, and somebody who watches."""

from __future__ import annotations

from typing import Protocol

from assistant.core.commands import Command
from assistant.core.events import Event


class Stage(Protocol):
    """Carries out what the conversation says. Never raises: what fails comes back as an event."""

    def perform(self, command: Command, now: float) -> None:
        """Do it, without waiting for its end."""
        ...


class Observer(Protocol):
    """Captions, the events file. An observer that fails must not stop a conversation: it posts `Trouble` once."""

    def event(self, event: Event, now: float) -> None:
        """Something happened."""
        ...

    def command(self, command: Command, now: float, scene: str) -> None:
        """Something is about to be done, in this scene."""
        ...

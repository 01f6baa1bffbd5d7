"""Drives a conversation on a clock that jumps to the next thing that happens. No thread, no sleep, no patching."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from assistant.core.commands import Command, EndReason
from assistant.core.conversation import Conversation
from assistant.core.events import Event
from assistant.runtime.stage import Observer, Stage


class World(Stage, Protocol):
    """Everything outside the conversation, on virtual time."""

    def advance(self, now: float, limit: float) -> tuple[float, Iterable[Event]]:
        """Run from `now` until something happens or `limit` is reached; when that was, and what happened."""
        ...


def run_virtual(
    conversation: Conversation, world: World, observers: Sequence[Observer] = (), until: float = 7200.0
) -> EndReason:
    """Run to the end, or to `until` seconds. The same world gives the same conversation, every time."""
    now = 0.0

    def carry_out(commands: list[Command]) -> None:
        for command in commands:
            for observer in observers:
                observer.command(command, now, conversation.scene)
            world.perform(command, now)

    carry_out(conversation.start(now))
    while (deadline := conversation.deadline()) is not None and now < until:
        now, events = world.advance(now, min(max(deadline, now), until))
        for event in events:
            for observer in observers:
                observer.event(event, now)
            carry_out(conversation.receive(event, now))
        if (deadline := conversation.deadline()) is not None and deadline <= now:
            carry_out(conversation.handle_timer(now))
    return conversation.ended or EndReason.SILENCE

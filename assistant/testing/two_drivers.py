"""Plays a room's story through the real inbox loop: real threads, the real clock, the same conversation.

What the virtual clock proves in a millisecond is only worth something if the loop that people use does the same.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Event as Flag
from threading import Lock, Thread

from assistant.core.commands import Command, EndReason
from assistant.core.events import Event
from assistant.runtime.clock import monotonic_clock
from assistant.runtime.loop import Loop
from assistant.testing.room import Room

TICK_SECONDS = 0.01
"""How often the room is brought up to the clock: below its frame of 32 ms."""


def run_on_threads(room: Room) -> EndReason:
    """To the end of the conversation, in as many seconds as it lasts."""
    clock = monotonic_clock()
    loop = Loop(room.conversation, clock)
    stage = _SharedRoom(room)
    over = Flag()
    world = Thread(target=_bring_up_to_the_clock, args=(stage, loop, clock, over), name="room", daemon=True)
    world.start()
    try:
        return loop.run(stage)
    finally:
        over.set()
        world.join()


class _SharedRoom:
    """A room on two threads: the conversation asks things of it while the world moves on."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._lock = Lock()

    def perform(self, command: Command, now: float) -> None:
        with self._lock:
            self._room.perform(command, now)

    def advance(self, now: float, limit: float) -> tuple[float, list[Event]]:
        with self._lock:
            at, events = self._room.advance(now, limit)
            return at, list(events)


def _bring_up_to_the_clock(stage: _SharedRoom, loop: Loop, clock: Callable[[], float], over: Flag) -> None:
    now = 0.0
    while not over.wait(TICK_SECONDS):
        limit = clock()
        while now < limit:
            now, events = stage.advance(now, limit)
            for event in events:
                loop.post(event)

"""Looks at the clock while the program waits, and posts what is due. It knows nothing of the conversation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from threading import Event as Flag
from threading import Thread

from assistant.core.events import Event, ReminderDue
from assistant.core.reminders import Schedule, due, resting
from assistant.runtime.knocks import KnockFile

EVERY_SECONDS = 20.0
"""Between two looks: a time that is nearly right is right enough, and a clock that jumps is seen at once."""
CLOSE_SECONDS = 2.0


class Reminding:
    """A thread that mostly sleeps. `rests`: called once when there are no more because nobody answered."""

    def __init__(
        self,
        schedule: Schedule,
        knocks: KnockFile,
        clock: Callable[[], datetime],
        post: Callable[[Event], None],
        rests: Callable[[], None],
    ) -> None:
        self._schedule = schedule
        self._knocks = knocks
        self._clock = clock
        self._post = post
        self._rests = rests
        self._told = False
        self._closed = Flag()
        self._thread = Thread(target=self._run, name="reminders", daemon=True)

    def start(self) -> None:
        """Only where there is something to remind of."""
        if self._schedule.reminders:
            self._thread.start()

    def close(self) -> None:
        """Bounded."""
        self._closed.set()
        if self._thread.is_alive():
            self._thread.join(CLOSE_SECONDS)

    def look(self) -> None:
        """Once. What is due is posted until it was heeded or is too late; the conversation heeds it while it waits."""
        knocks, now = self._knocks.knocks, self._clock()
        reminder = due(self._schedule, knocks, now)
        if reminder is not None:
            self._post(ReminderDue(reminder.check_in))
        tells = resting(knocks) and not self._told
        self._told = resting(knocks)
        if tells:
            self._rests()

    def _run(self) -> None:
        self.look()
        while not self._closed.wait(EVERY_SECONDS):
            self.look()

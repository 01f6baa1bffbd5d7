"""The inbox loop: the one thread that owns the conversation."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue

from assistant.core.commands import Command, EndReason
from assistant.core.conversation import Conversation
from assistant.core.events import Event, InputEnded, StopRequested
from assistant.runtime.clock import Clock
from assistant.runtime.stage import Observer, Stage


class Loop:
    """Blocks on its inbox until the conversation's deadline; carries out what comes back, in order."""

    def __init__(
        self, conversation: Conversation, clock: Clock, following: Callable[[Conversation], Conversation] | None = None
    ) -> None:
        """`following`: makes the next sitting from the one that ended, until the person leaves; None: there is one."""
        self._conversation = conversation
        self._clock = clock
        self._following = following
        self._left = False
        self._observers: Sequence[Observer] = ()
        self._inbox: SimpleQueue[Event] = SimpleQueue()
        self._beat: Callable[[str], None] = lambda scene: None
        self._beat_seconds = math.inf

    def observe(self, *observers: Observer) -> None:
        """Who watches; set before `run`."""
        self._observers = observers

    def beat(self, seconds: float, beat: Callable[[str], None]) -> None:
        """`beat` is told the scene at least that often, by this thread alone: it tells that the loop comes round."""
        self._beat_seconds, self._beat = seconds, beat

    @property
    def scene(self) -> str:
        """The scene that has the floor; from any thread."""
        return self._conversation.scene

    def post(self, event: Event) -> None:
        """From any thread, at any time; never blocks."""
        self._inbox.put(event)

    def run(self, stage: Stage) -> EndReason:
        """To the end of the conversation, or of the last."""
        reason = self._sit(stage)
        while self._following is not None and not self._left:
            self._conversation = self._following(self._conversation)
            reason = self._sit(stage)
        return reason

    def _sit(self, stage: Stage) -> EndReason:
        self._carry_out(self._conversation.start(self._clock()), stage)
        while (deadline := self._conversation.deadline()) is not None:
            self._beat(self._conversation.scene)
            patience = max(deadline - self._clock(), 0.0)
            try:
                event = self._inbox.get(timeout=min(patience, self._beat_seconds))
            except Empty:
                if patience > self._beat_seconds:
                    continue
                # The clock may read slightly before the deadline; pass at least the deadline (as aioquic does).
                now = max(self._clock(), deadline)
                self._carry_out(self._conversation.handle_timer(now), stage)
                continue
            now = self._clock()
            self._left |= isinstance(event, InputEnded) or (isinstance(event, StopRequested) and event.leave)
            for observer in self._observers:
                observer.event(event, now)
            self._carry_out(self._conversation.receive(event, now), stage)
        return self._conversation.ended or EndReason.FAILED

    def _carry_out(self, commands: list[Command], stage: Stage) -> None:
        now = self._clock()
        for command in commands:
            for observer in self._observers:
                observer.command(command, now, self._conversation.scene)
            stage.perform(command, now)

"""`python -m assistant.cli.hanging PART run ...`: the program with one part made to hang, for the bench and for tests.

A stop must reach silence all the same (law 3), and this is how that is measured.
"""

from __future__ import annotations

import sys
import threading
from functools import partial
from typing import Any

from assistant.core.commands import Command, Speak
from assistant.errors import UsageError

PARTS = ("conversation", "recogniser", "voice", "break")
"""The last does not hang: the conversation breaks after its first words."""


class HangingStage:
    """Carries out the first words, and then never comes back: the conversation thread hangs in it."""

    def __init__(self, stage: Any) -> None:
        self._stage = stage

    def perform(self, command: Command, now: float) -> None:
        """The first `Speak`, then for ever nothing."""
        self._stage.perform(command, now)
        if isinstance(command, Speak):
            threading.Event().wait()


class BreakingStage(HangingStage):
    """The conversation thread meets a fault of our own."""

    def perform(self, command: Command, now: float) -> None:
        """The first `Speak`, then a fault."""
        self._stage.perform(command, now)
        if isinstance(command, Speak):
            raise RuntimeError("a seeded fault")


def hang(part: str) -> None:
    """Replace a part of the composition by one that hangs."""
    from assistant.app import live

    def forever(*_: object, **__: object) -> Any:
        threading.Event().wait()

    match part:
        case "conversation":
            live.run_live = partial(live.run_live, wrap=HangingStage)
        case "break":
            live.run_live = partial(live.run_live, wrap=BreakingStage)
        case "recogniser":
            from assistant.hearing.recogniser_worker import RecogniserWorker

            RecogniserWorker._run = forever  # type: ignore[method-assign]  # hanging it is the purpose
        case "voice":
            from assistant.speaking.voice_worker import VoiceWorker

            lay_out, first = VoiceWorker._lay_out, iter([True])

            def once(*arguments: Any) -> None:
                lay_out(*arguments) if next(first, False) else forever()

            VoiceWorker._lay_out = once  # type: ignore[assignment,method-assign]  # as above
            VoiceWorker.prepare = lambda *_: None  # type: ignore[method-assign]  # only the first words are rendered
        case _:
            raise UsageError("part-unknown", f"There is no part {part!r} to hang; choose from {', '.join(PARTS)}.")


def main() -> int:
    """Hang the part, then run as usual."""
    from assistant.cli.main import main as run

    part = sys.argv.pop(1)
    hang(part)
    return run()


if __name__ == "__main__":
    raise SystemExit(main())

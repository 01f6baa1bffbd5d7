"""What can wait until the first words are said does: loading keeps the interpreter for 50 ms at a time, the speaker has
sound for 20, and "I'm here" would have gaps.
"""

from __future__ import annotations

from threading import Event as Flag

from assistant.core.events import Event, PlaybackFinished, UserStartedSpeaking

LONGEST_SECONDS = 15.0
"""The greeting is over by then, or there is none."""


class FirstWords:
    """An observer of what the devices report; their end may be waited for on any thread."""

    def __init__(self) -> None:
        self._over = Flag()

    def event(self, event: Event) -> None:
        """The first words were said, or somebody speaks or has cut them and will want what is to be loaded: a screen
        that was not loaded takes 0.3 s for a signal of danger, and 0.03 when it was (`grounding bench`).
        """
        if isinstance(event, PlaybackFinished | UserStartedSpeaking):
            self._over.set()

    def wait(self, seconds: float = LONGEST_SECONDS) -> bool:
        """Until then, and no longer than this; whether it came."""
        return self._over.wait(seconds)

    def close(self) -> None:
        """Nobody need wait any more."""
        self._over.set()

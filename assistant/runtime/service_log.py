"""What a service prints: starts, devices and failures. Never a word that was said or heard, nor
that anybody was there (law 9).
"""

from __future__ import annotations

from assistant.core.commands import Command
from assistant.core.events import (
    Event,
    MicrophoneLost,
    MicrophoneMuted,
    MicrophoneReturned,
    MicrophoneUnmuted,
    SpeakerLost,
    SpeakerReturned,
    SynthesisFailed,
    TranscriptionFailed,
    Trouble,
)
from assistant.runtime.captions import Captions
from assistant.safety.support import Support

_LOGGED = (
    MicrophoneLost | MicrophoneReturned | MicrophoneMuted | MicrophoneUnmuted | SpeakerLost | SpeakerReturned | Trouble
    | TranscriptionFailed | SynthesisFailed
)  # fmt: skip


class ServiceLog(Captions):
    """In the place of captions: a journal is kept for years, and others can read it."""

    def event(self, event: Event, now: float) -> None:
        """What was lost, and what failed."""
        if isinstance(event, _LOGGED):
            super().event(event, now)

    def command(self, command: Command, now: float, scene: str) -> None:
        """What is said is not for a log."""

    def support(self, support: Support) -> None:
        """Nor is it that support was given."""

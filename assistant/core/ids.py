"""Names for numbers that must not be mixed up."""

from __future__ import annotations

from typing import NewType

Seconds = NewType("Seconds", float)
"""A moment or a length, on the conversation's clock."""

UtteranceId = NewType("UtteranceId", int)
"""One thing said. Minted by the conversation, carried by every job, block and report; stale ids change nothing."""

AudioId = NewType("AudioId", int)
"""One stretch of the person's speech. Minted by the listener."""

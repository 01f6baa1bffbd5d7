"""What an exercise is chosen for. By itself, so that what only looks back need not load what listens."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """What a person may be in the middle of. A guess that chooses an exercise, never a diagnosis."""

    PANIC = "panic"
    FLASHBACK = "flashback"
    DISSOCIATION = "dissociation"
    ANGER = "anger"
    WORRY = "worry"
    SLEEP = "sleep"
    OVERWHELM = "overwhelm"
    SHAME = "shame"
    SENSORY = "sensory"
    NUMB = "numb"
    PRACTICE = "practice"
    UNSURE = "unsure"

"""What a microphone, a recogniser and a night do to a sentence: seeded changes that keep its meaning."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Final

FILLERS: Final = ("um", "uh", "like", "i mean", "you know", "erm", "well", "so", "i don't know", "sorry")
SLIPS: Final = {
    "die": "dye", "dying": "dyeing", "dead": "dad", "kill": "keel", "knife": "night",
    "pills": "peels", "tablets": "tab let's", "bleeding": "bleating", "blood": "bud", "hurt": "her", "cut": "cup",
    "bridge": "fridge", "rope": "robe", "gun": "gum", "hit": "hid", "hits": "its", "voices": "voice is",
    "breathe": "breed", "breathing": "breeding", "scared": "scarred", "safe": "save", "alive": "a live",
    "tonight": "to night", "myself": "my self", "himself": "him self", "herself": "her self", "overdose": "over does",
    "suicide": "sue a side", "jump": "chump", "anymore": "any more", "chest": "jest", "harm": "arm",
}  # fmt: skip
"""As recognisers write harm words: Miner 2020 measured a word error rate of 34 % in harm-related sentences."""


def varied(words: Sequence[str], harmless: Sequence[Sequence[str]], draw: Random) -> list[str]:
    """One variant of a sentence; `harmless` are sentences that may stand before or after it."""
    out = list(words)
    if draw.random() < 0.10:
        out = [SLIPS.get(word, word) if draw.random() < 0.5 else word for word in out]
    if draw.random() < 0.25 and len(out) > 4:
        out = [word for word in out if draw.random() > 0.10] or out
    if draw.random() < 0.20:
        at = draw.randrange(len(out) + 1)
        out[at:at] = draw.choice(FILLERS).split()
    if draw.random() < 0.10:
        at = draw.randrange(len(out))
        out.insert(at, out[at])
    if draw.random() < 0.15:
        out = [word.replace("'", "") for word in out]
    if draw.random() < 0.15:
        other = list(draw.choice(harmless))
        out = other + out if draw.random() < 0.5 else out + other
    return out

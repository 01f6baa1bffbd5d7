"""What is said to the detector of the stop word while it learns: its words, and what must not be taken for them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from assistant.core.understanding import Intent

WORDS: Final = {
    "stop": Intent.STOP,
    "enough": Intent.STOP,
    "quiet": Intent.STOP,
    "shut up": Intent.STOP,
    "no more": Intent.STOP,
    "help": Intent.HELP,
}
"""The words it knows, in the order of its outputs, and what they mean."""
SHARES: Final = (0.34, 0.18, 0.07, 0.07, 0.03, 0.03, 0.12)
"""Of the examples: of none of the words, and of each. The rest are sounds."""
SAYINGS: Final = (
    *["stop"] * 10, *["enough"] * 3, *["quiet"] * 3, "stop it", "stop now", "stop that", "please stop", "stop please",
    "stop talking", "be quiet", "that's enough", "shut up", "no more", "can you stop", "stop this", "could you stop",
    "enough now", "stop stop", "stop stop stop", "i said stop", "okay stop", "no stop", "please be quiet",
    "quiet please", "just stop", *["help"] * 3, "help me", "i need help", "please help", "help please", "get help",
    "help me please", "somebody help", "help help",
)  # fmt: skip
"""With the words alone more often: that is what people say over a voice."""
SHORT: Final = (
    "mm", "mhm", "hmm", "uh huh", "huh", "oh", "ah", "ow", "ouch", "ha", "ha ha", "ha ha ha", "okay", "ok", "yes",
    "yeah", "yep", "no", "nope", "right", "alright", "sure", "well", "so", "really", "what", "why", "who", "sorry",
    "thanks", "thank you", "please", "god", "oh god", "oh my god", "again", "go on", "wait", "slower", "skip",
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "a lamp", "the floor", "a chair",
    "i see", "i can", "i am", "i can't", "i feel", "it's worse", "not working",
)  # fmt: skip
"""What people say over a voice, and to themselves."""
SOUND_ALIKE: Final = (
    "top", "stock", "step", "stuff", "spot", "shop", "star", "state", "start", "still", "style", "sop", "stoop",
    "steep", "stab", "staff", "stone", "store", "story", "stay", "strap", "drop", "pop", "chop", "hop", "stomach",
    "kelp", "hell", "hello", "hey", "health", "held", "hill", "elf", "self", "yelp", "half", "hum", "heart", "quite",
    "quick", "quit it", "coat", "quiz", "white", "right", "quote", "require", "inner", "rough", "enormous", "tough",
    "cuff", "enter", "nothing", "an oaf", "a nap", "muffin", "sofa", "stand", "standing", "soft", "cup", "up",
    "shut the door", "more", "know more", "salads", "silent", "hard", "cut", "cat", "it out", "step by step", "shot",
    "swap", "what", "watt", "stack", "stick", "stuck", "sup", "soup", "sip", "well", "wealth", "all right", "spare",
)  # fmt: skip
ALMOST: Final = ("stop", "help", "quiet", "enough", "shut up", "no more", "silen")
"""Whoever says one of these elsewhere says it: no example of something else."""


@dataclass(frozen=True, slots=True)
class Others:
    """What people say that is none of the words."""

    short: Sequence[str]
    sentences: Sequence[str]


def others(folder: Path, draw: random.Random) -> Others:
    """From a checkout: commands and short answers, and sentences of the exemplars for the safety screen."""
    understood = yaml.load(
        (folder / "scripts/en/understanding.yaml").read_text(encoding="utf-8"),
        Loader=yaml.BaseLoader,  # noqa: S506 -- reads text as text: "no" is a word
    )
    said = [*SHORT * 2, *(phrase for some in understood["commands"].values() for phrase in some)]
    sentences = [
        line.rpartition("\t")[2]
        for file in sorted((folder / "assistant/understanding/exemplars").glob("*.tsv"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    sentences = [line for line in _innocent(sentences) if 2 <= len(line.split()) <= 9]
    draw.shuffle(sentences)
    return Others([*_innocent(said), *SOUND_ALIKE * 3], sentences)


def word(saying: str) -> int:
    """The output that knows it, from 1; 0 for none."""
    return next((number for number, known in enumerate(WORDS, 1) if known in saying), 0)


def _innocent(said: Sequence[str]) -> list[str]:
    return [phrase for phrase in said if not any(known in phrase.lower() for known in ALMOST)]

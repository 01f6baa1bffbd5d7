"""People who say one short thing, as the listener hands it over: voices, levels, the table of what was understood."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Final

import numpy as np
from numpy import float32
from numpy.typing import NDArray
from tqdm import tqdm

from assistant.hearing.recogniser import RATE
from assistant.sound import resampled
from assistant.testing.voices import Engine, Voice, say
from assistant.wilson import share
from benchmarks.must_catch_aloud import MICROPHONE_NOISE, QUIET_DB, pink_noise

Turn = NDArray[float32]
Spoken = tuple[Voice, str, str, Turn]
"""Voice, level, words, sound."""


def _voices(*named: str) -> tuple[Voice, ...]:
    engines = {"flite": Engine.FLITE, "espeak": Engine.ESPEAK}
    return tuple(Voice(engines[engine], name) for engine, _, name in (voice.partition(" ") for voice in named))


TUNED: Final = _voices(
    "espeak en-us", "espeak en-us+m7", "espeak en-us+f3", "espeak en-gb", "espeak en-gb-scotland", "espeak en-029+f2",
    "flite slt", "flite kal16",
)  # fmt: skip
"""Those that were listened to while the recogniser was worked on."""
KEPT: Final = _voices(
    "espeak en-us+m3", "espeak en-us+f2", "espeak en-us-nyc", "espeak en-gb-x-rp", "espeak en-gb-x-rp+f4",
    "espeak en-gb-x-gbcwmd", "espeak en-gb-x-gbclan+f1", "espeak en-029", "flite rms", "flite awb",
)  # fmt: skip
"""And those that were not."""
BEFORE, AFTER = 0.7, 0.35
"""Seconds of rest that a turn brings with it: what is kept from before it was noticed, and the pause that ended it."""
NOISE_DB: Final = 10.0
LEVELS: Final[dict[str, Callable[[Turn], Turn]]] = {
    "clean": lambda said: said,
    "-30 dB": lambda said: said * float32(10 ** (QUIET_DB / 20)),
    "noise at 10 dB": lambda said: said + pink_noise(said, NOISE_DB),
}


def spoken(voices: Sequence[Voice], answers: Sequence[str], levels: Sequence[str]) -> Iterator[Spoken]:
    """Every answer by every voice at every level. Raises EngineError where a voice is missing."""
    for voice, words in tqdm(list(product(voices, answers)), unit="answer", leave=False):
        sound = resampled(say(voice, words), RATE)
        rests = [np.zeros(round(seconds * RATE), dtype=float32) for seconds in (BEFORE, AFTER)]
        said = np.concatenate([rests[0], sound, rests[1]])
        microphone = np.random.default_rng(1).standard_normal(len(said)) * MICROPHONE_NOISE
        for level in levels:
            yield voice, level, words, (LEVELS[level](said) + microphone).astype(float32)


def levels_given(parser: argparse.ArgumentParser) -> list[str]:
    """Those on the command line; without one, all."""
    parser.add_argument("level", nargs="*", metavar="LEVEL", help=f"of {', '.join(LEVELS)}; without one, all")
    given: list[str] = parser.parse_args().level
    if unknown := set(given) - set(LEVELS):
        parser.error(f"there is no {unknown.pop()!r}; there are {', '.join(LEVELS)}")
    return given or list(LEVELS)


def print_matrix(right: dict[tuple[Voice, str], list[bool]], levels: Sequence[str]) -> None:
    """A row a voice and one for all of each kind, a column a level: share, how many of how many, Wilson interval."""
    print("| voice | " + " | ".join(levels) + " |\n|---|" + "---|" * len(levels))
    for title, voices in (("tuned on", TUNED), ("kept apart", KEPT)):
        heard = [voice for voice in voices if (voice, levels[0]) in right]
        for voice in heard:
            print(f"| {voice} | " + " | ".join(_cell(right[voice, level]) for level in levels) + " |")
        if heard:
            together = [[one for voice in heard for one in right[voice, level]] for level in levels]
            print(f"| **{title}** | " + " | ".join(map(_cell, together)) + " |")


def _cell(right: list[bool]) -> str:
    return str(share(sum(right), len(right)))

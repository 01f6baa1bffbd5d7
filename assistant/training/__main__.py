"""Trains the detector of the stop word, twenty minutes on two cores.

    python -m assistant.training --epochs 24 --out plain.onnx
    python -m assistant.training --epochs 8 --start plain.onnx --out hard.onnx
    python -m assistant.training --epochs 16 --start hard.onnx --average

First on plain examples, then on halting ones with parts taken away: all of it at once does not learn. Then with more
sobs, laughter and humming, averaged with what it knew before.

Its voices are synthetic (`speakers.py` names them); who says what is drawn from a fixed seed. Needs
`pip install '.[train]'` and the Debian packages that `speakers.py` names. The measure is `benchmarks.over_the_voice`.
"""

from __future__ import annotations

import argparse
import multiprocessing
import pickle
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from tqdm import tqdm

from assistant.hearing.log_mel import log_mel
from assistant.hearing.recogniser import RATE
from assistant.hearing.stop_word import model_path
from assistant.training import phrases, speakers
from assistant.training.network import Batch, average, export, train
from assistant.training.spoil import Clip, masked, no_words, spoiled

SAID: Final = {
    "espeak": (4000, 2700, 1500),
    "pico": (700, 650, 500),
    "festival": (1450, 1600, 600),
    "flite": (800, 600, 200),
}
"""By each engine: sayings with the words, short ones without, and sentences."""
PER_EPOCH: Final = 9000
BATCH: Final = 64
ENGINE_SHARES: Final = {"espeak": 0.35, "pico": 0.2, "festival": 0.25, "flite": 0.2}
"""Of the examples: the voices of espeak-ng are many and alike, those of festival few and made from recordings."""
LONG: Final = 1.0
"""Seconds from which on a clip without the words may be what the assistant says meanwhile."""


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A saying by some engine, and the number of its word, 0 for none."""

    word: int
    engine: str
    clip: Clip


_clips: list[Example] = []
_voices: list[Clip] = []


def main() -> None:
    """Speak, train, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=24)
    parser.add_argument("--start", type=Path, help="a network to go on from, with harder examples")
    parser.add_argument("--average", action="store_true", help="with --start: the mean of that one and what it becomes")
    parser.add_argument("--clips", type=Path, help="where to keep what was spoken, for another run")
    parser.add_argument("--out", type=Path, default=model_path())
    given = parser.parse_args()
    if given.average and not given.start:
        parser.error("--average needs --start")
    if given.clips and given.clips.is_file():
        clips = pickle.loads(given.clips.read_bytes())  # noqa: S301 -- written by this program, for its own use
    else:
        clips = spoken()
        if given.clips:
            given.clips.write_bytes(pickle.dumps(clips))
    count = given.epochs * (PER_EPOCH // BATCH)
    with multiprocessing.Pool(1, _remember, [clips]) as pool, tqdm(total=count) as bar:
        loss = 0.7

        def tell(latest: float) -> None:
            nonlocal loss
            loss = 0.99 * loss + 0.01 * latest
            bar.set_postfix(loss=f"{loss:.3f}", refresh=False)
            bar.update()

        batches = pool.imap(partial(batch, hard=given.start is not None), plans(clips, given.epochs))
        network = train(batches, count, tell, given.start)
    before = given.start.read_bytes() if given.start else b""
    export(network, given.out)
    if given.average:
        average(given.out, before)


def spoken() -> list[Example]:
    """Every saying, by somebody."""
    draw = random.Random(1)  # noqa: S311 -- a seed to repeat, not a secret
    others = phrases.others(Path(__file__).parents[2], draw)
    clips: list[Example] = []
    for engine, (with_words, short, long) in SAID.items():
        sayings = [
            *draw.choices(phrases.SAYINGS, k=with_words), *draw.choices(others.short, k=short),
            *draw.choices(others.sentences, k=long),
        ]  # fmt: skip
        speak = {
            "espeak": speakers.espeak,
            "pico": speakers.pico,
            "festival": speakers.festival,
            "flite": speakers.flite,
        }[engine]
        bar = tqdm(speak(sayings, draw), total=len(sayings), desc=engine)
        clips += [Example(phrases.word(saying), engine, clip) for saying, clip in bar]
    return clips


def plans(clips: Sequence[Example], epochs: int) -> Iterator[tuple[int, Sequence[int]]]:
    """Of every batch, its seed and the numbers of its clips; -1 is a sound without words."""
    of: dict[tuple[int, str], list[int]] = {}
    for number, example in enumerate(clips):
        of.setdefault((example.word, example.engine), []).append(number)
    for epoch in range(epochs):
        draw = np.random.default_rng(epoch)
        chosen = [
            draw.choice(of[word, engine], round(share * part * PER_EPOCH))
            for word, share in enumerate(phrases.SHARES)
            for engine, part in ENGINE_SHARES.items()
        ]
        order = np.concatenate([*chosen, np.full(PER_EPOCH - sum(map(len, chosen)), -1)])
        draw.shuffle(order)
        for number in range(PER_EPOCH // BATCH):
            yield epoch * 1000 + number, order[number * BATCH : (number + 1) * BATCH].tolist()


def batch(plan: tuple[int, Sequence[int]], *, hard: bool) -> Batch:
    """Turns, as the network sees them, and their words."""
    seed, numbers = plan
    draw = np.random.default_rng(seed)
    turns, words = [], []
    for number in numbers:
        word, clip = (0, no_words(_voices, draw)) if number < 0 else (_clips[number].word, _clips[number].clip)
        if number >= 0 and not word:
            clip = _some_of(clip, draw)
        frames = log_mel(spoiled(clip, _voices, draw, hard=hard))
        turns.append(masked(frames, draw) if hard else frames)
        words.append(word)
    return turns, words


def _some_of(clip: Clip, draw: np.random.Generator) -> Clip:
    """A piece of a long clip; a short one, now and then with another after it."""
    if len(clip) > 2 * RATE:
        start = int(draw.integers(0, len(clip) - RATE))
        return clip[start : start + int(draw.uniform(0.3, 2.0) * RATE)]
    if draw.random() < 0.15:
        more = _clips[int(draw.integers(len(_clips)))]
        return clip if more.word else np.concatenate([clip, more.clip])
    return clip


def _remember(clips: list[Example]) -> None:
    _clips.extend(clips)
    _voices.extend(example.clip for example in clips if not example.word and len(example.clip) > LONG * RATE)


if __name__ == "__main__":
    main()

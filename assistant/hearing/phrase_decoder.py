"""pocketsphinx as a judge of phrases: how well a turn fits one of a few, and how well it fits any speech at all.

One acoustic model; a search for every list of phrases, and a loop over all phones to compare with.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.errors import EngineError
from assistant.hearing.accents import in_britain
from assistant.hearing.noise import without_steady_noise
from assistant.hearing.phrase_graph import END, START, phrase_graph
from assistant.hearing.recogniser import RATE
from assistant.safety.words import normalise

PEAK = 0.3
DITHER = 0.003
"""Digital silence breaks the features of the model; a little noise mends them. The same for every turn: what was said
is heard the same way each time."""
PHONE_SECONDS, SHORTEST, LONGEST = 0.085, 0.4, 2.0
"""A phone in ordinary speech, and how much faster or slower a distressed person may be."""
SOUNDING = 0.05
"""Of the peak: what is quieter is a rest."""
OVER_NOISE = 4.0
"""Times the level of the quietest frames: so is what is left of the noise."""
QUIETEST = 0.15
"""The share of frames that are surely rests: every turn begins with its pre-roll."""
EMPHASIS = float32(0.97)
"""Of the sample before, taken away: most of the noise of a room is lower than what the model listens to (the same value
that its front end uses)."""
PHONES, SOUNDS, ANY = "phones", "sounds", "any"
"""The searches beside the lists of phrases: any speech; what people and rooms sound like without words; and one for
features alone, as a decoder must have some."""
WORDLESS = ("HH", "AH", "UH", "UW", "M", "N", "NG", "+NSN+", "+SPN+")
"""Breath, a moan, a hum with closed lips, and the two that the model has for noise."""
AROUND_MEAN, AROUND = 0.15, 0.3
"""Seconds of rest before and after what sounds: those that count for the mean, as most of what the model was taught on
is speech, and those that are decoded. A turn brings a second of rest with it, and a word lasts a third of one."""
WORD = 1e-7
"""The probability of one word more, for choosing between phrases: without it "who are you" is what "nine" sounds like.
It says nothing about whether the phrase was said at all, so it is not in its score."""
WORD_SCORE = 100.0 / 1024.0 * math.log(WORD)
"""pocketsphinx keeps scores in 1024ths."""
NOTHING = 100.0 * math.log(1e-12)
CHUNK_BYTES = 2 * RATE // 100
"""A frame. pocketsphinx keeps the interpreter's lock during a call, and sound waits for it: with whole turns for 184 ms
(2-core x86, `benchmarks/recogniser_rejection.py`). With two frames a call a speaker could not keep up on a machine ten
times as slow (`benchmarks/callback_waits.py`); the words, their scores and the time it takes are the same."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A turn made ready to be decoded, as often as wanted."""

    pcm: bytes
    mean: str
    """The mean cepstrum of what sounds, which takes the room and the microphone out of it."""
    seconds: float
    """From the first to the last of what sounds."""


@dataclass(frozen=True, slots=True)
class Fit:
    """The best words of a search, none where nothing fits, and 100 times the log score of all `frames` together.

    `rank` is the score with what words cost: which of two phrases was said. `score`, without: whether it was.
    """

    words: str
    score: float
    frames: int
    rank: float = 0.0


class PhraseDecoder:
    """`phrases`: lists of phrases, by the name of their search. What the dictionary lacks leaves its phrase out."""

    def __init__(self, phrases: Mapping[str, Collection[str]]) -> None:
        self._phrases = {name: {" ".join(normalise(phrase)) for phrase in said} for name, said in phrases.items()}
        self._phones_in: dict[str, int] = {}
        self._decoder: Any = None
        self._features: Any = None
        """Another decoder, which compares no sounds: to have the features of a turn takes it 2 ms, the first one 28."""

    def warm_up(self) -> None:
        """Load the models, about 0.3 s. Raises EngineError."""
        if self._decoder is not None:
            return
        try:
            import pocketsphinx
        except ImportError:
            raise EngineError(
                "recogniser-missing", "The built-in recogniser is missing; install it with: pip install pocketsphinx"
            ) from None
        models = Path(pocketsphinx.get_model_path()) / "en-us"
        wanted = {word for said in self._phrases.values() for phrase in said for word in phrase.split()}
        sounds = _pronunciations(models / "cmudict-en-us.dict", wanted)
        known = {
            name: [phrase for phrase in sorted(said) if all(word in sounds for word in phrase.split())]
            for name, said in self._phrases.items()
        }
        self._phones_in = {
            phrase: sum(len(sounds[word][0].split()) for word in phrase.split())
            for said in known.values()
            for phrase in said
        }
        if not all(known.values()):
            raise EngineError("recogniser-missing", "The built-in recogniser knows none of the words of this language.")
        # Without the whole dictionary, which takes 40 MB; a second decoder takes 3.
        new = partial(
            pocketsphinx.Decoder, loglevel="FATAL", samprate=RATE, hmm=str(models / "en-us"), lm=None, dict=None,
            cmn="live", maxhmmpf=-1,
            # Without the second pass over the lattice: it takes a third of the time, in one call, and finds less.
            bestpath=False,
        )  # fmt: skip
        # Scores are relative to the best sound that the search looked at; only where each looks at all of them can two
        # searches be compared.
        decoder = new(compallsen=True)
        for word, ways in sounds.items():
            for number, phones in enumerate(ways, 1):
                decoder.add_word(word if number == 1 else f"{word}({number})", phones, number == len(ways))
        # A pause in or around a phrase costs next to nothing. Beams wide enough that a word survives a poor beginning.
        decoder.config["lw"], decoder.config["wip"] = 1.0, WORD
        for key, value in {"beam": 1e-60, "pbeam": 1e-60, "wbeam": 1e-40}.items():
            decoder.config[key] = value
        for phone in WORDLESS:
            decoder.add_word(f"_{phone}", phone, phone == WORDLESS[-1])
        loop = [(state, END, 1.0 / len(WORDLESS), f"_{phone}") for state in (START, END) for phone in WORDLESS]
        decoder.add_fsg(SOUNDS, decoder.create_fsg(SOUNDS, START, END, loop))
        for search, said in known.items():
            decoder.add_fsg(search, decoder.create_fsg(search, START, END, phrase_graph(said)))
        # Beams narrow enough for a Raspberry Pi; the loop need not be right, only as good as any speech can be.
        for key, value in {"wip": 0.2, "pip": 1.0, "beam": 1e-10, "pbeam": 1e-10}.items():
            decoder.config[key] = value
        decoder.add_allphone_file(PHONES, str(models / "en-us-phone.lm.bin"))
        features = new()
        features.add_word("a", "AH", True)
        features.add_fsg(ANY, features.create_fsg(ANY, START, END, [(START, END, 1.0, "a")]))
        self._decoder, self._features = decoder, features

    def listen(self, samples: NDArray[float32]) -> Heard | None:
        """Make a turn ready; None where there is no sound in it."""
        self.warm_up()
        samples = without_steady_noise(samples)
        peak = float(np.max(np.abs(samples))) if len(samples) else 0.0
        if peak < 1e-4:
            return None
        begins, ends = _sounding(samples)
        noise = np.random.default_rng(0).standard_normal(len(samples), dtype=float32) * float32(DITHER)
        pcm = ((samples * float32(PEAK / peak) + noise) * 32767.0).astype("<i2")
        features = _begun(self._features, ANY)
        features.process_raw(_with_rests(pcm, begins, ends, AROUND_MEAN), no_search=True, full_utt=True)
        mean = str(features.get_cmn(False))
        features.end_utt()
        return Heard(_with_rests(pcm, begins, ends, AROUND), mean, (ends - begins) / RATE)

    def fit(self, search: str, heard: Heard) -> Fit:
        """How well it fits the phrases of one search, or `PHONES`."""
        decoder = _begun(self._decoder, search)
        decoder.set_cmn(heard.mean)
        for start in range(0, len(heard.pcm), CHUNK_BYTES):
            decoder.process_raw(heard.pcm[start : start + CHUNK_BYTES], no_search=False, full_utt=False)
        decoder.end_utt()
        found = decoder.hyp()
        frames = max(decoder.n_frames(), 1)
        if found is None:
            return Fit("", NOTHING, frames, NOTHING)
        words = str(found.hypstr)
        rank = 100.0 * math.log(max(found.best_score, 1e-12))
        if search == PHONES:
            return Fit(words, rank, frames, rank)
        return Fit(words, rank - (len(words.split()) + 2) * WORD_SCORE, frames, rank)  # the rests around it are words

    def lasts(self, words: str, heard: Heard) -> bool:
        """Whether so much sounding speech can be this phrase: a word cannot last as long as a sentence."""
        if words not in self._phones_in:
            return False
        expected = self._phones_in[words] * PHONE_SECONDS
        return bool(expected * SHORTEST <= heard.seconds <= expected * LONGEST + 0.25)

    def close(self) -> None:
        """Let the models go."""
        self._decoder = self._features = None


def _begun(decoder: Any, search: str) -> Any:
    """A decoder with nothing left of the sound before: the noise it found there was taken for noise here."""
    decoder.activate_search(search)
    decoder.reinit_feat()
    decoder.start_utt()
    return decoder


def _sounding(samples: NDArray[float32]) -> tuple[int, int]:
    """From the first to the last sample of what sounds; some sample is not zero."""
    width = RATE // 50
    samples = np.append(samples[:1], samples[1:] - EMPHASIS * samples[:-1])
    levels = np.abs(samples[: len(samples) // width * width]).reshape(-1, width).max(axis=1, initial=0.0)
    quietest = np.sort(levels)[: max(1, int(len(levels) * QUIETEST))]
    rest = max(SOUNDING * float(np.max(levels, initial=0.0)), OVER_NOISE * float(np.mean(quietest)))
    sounding = np.flatnonzero(levels > rest)
    if not len(sounding):
        return 0, len(samples)
    return int(sounding[0]) * width, int(sounding[-1] + 1) * width


def _with_rests(pcm: NDArray[np.int16], begins: int, ends: int, seconds: float) -> bytes:
    rest = round(seconds * RATE)
    return pcm[max(begins - rest, 0) : ends + rest].tobytes()


def _pronunciations(dictionary: Path, words: Collection[str]) -> dict[str, list[str]]:
    """Of each of the words that the dictionary has, the ways to say it, as phones, in two accents."""
    found: dict[str, list[str]] = {}
    with dictionary.open(encoding="utf-8") as rows:
        for row in rows:
            entry, _, phones = row.partition(" ")
            if (word := entry.partition("(")[0]) in words:
                found.setdefault(word, []).append(phones.strip())
    return {word: list(dict.fromkeys([*ways, *map(in_britain, ways)])) for word, ways in found.items()}

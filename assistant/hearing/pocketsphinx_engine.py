"""The built-in recogniser: pocketsphinx with a grammar of the phrases this program understands. Needs no download.

It is no dictation: what is not a phrase must come back EMPTY or DOUBTFUL, not be forced onto one. Each turn is decoded
twice, by the grammar and by a loop over all phones; speech that the phone loop explains much better was something else.
Measured by `python -m benchmarks.recogniser_rejection` and `python -m benchmarks.must_catch_aloud`.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.errors import EngineError
from assistant.hearing.noise import without_steady_noise
from assistant.hearing.phrase_graph import END, START, phrase_graph
from assistant.hearing.recogniser import RATE
from assistant.safety.transcript import Transcript, Trust, nothing_heard
from assistant.safety.words import normalise

ONCE = 10.0
"""Log score, in hundredths, by which the phone loop wins for no reason but that a phrase begins and ends: the median of
phrases of any length, so that "stop" is believed as readily as a sentence."""
TRUSTED_DISTANCE = 0.04
"""Log score a frame, in hundredths, by which it may win beyond that. Set low: foreign speech that happens to fit a
phrase must at most be asked about (`benchmarks/recogniser_rejection.py` prints both rates)."""
DOUBTFUL_DISTANCE = 0.08
"""Beyond it the speech was something else."""
URGENT_DISTANCE = 0.11
"""The same for a phrase that must not be missed, a call for help or a stop: in doubt it is asked about, or obeyed."""
PEAK = 0.3
DITHER = 0.003
"""Digital silence breaks the features of the model; a little noise mends them."""
PHONE_SECONDS, SHORTEST, LONGEST = 0.085, 0.4, 2.0
"""A phone in ordinary speech, and how much faster or slower a distressed person may be."""
SOUNDING = 0.05
"""Of the peak: what is quieter is a rest."""
OVER_NOISE = 4.0
"""Times the level of the quietest frames: so is what is left of the noise."""
QUIETEST = 0.15
"""The share of frames that are surely rests: every turn begins with its pre-roll."""
LONGEST_SECONDS = 8.0
"""No phrase lasts longer."""
PHRASES, PHONES, ONE = "phrases", "phones", "one"
"""The searches: our phrases, any speech, and the cheapest there is, for features alone."""
CHUNK_BYTES = 2 * RATE // 50
"""pocketsphinx keeps the interpreter's lock during a call, and the speaker waits for it: with 20 ms of sound a call
another thread waits 52 ms at most, with whole turns it was 184 (2-core x86, `benchmarks/recogniser_rejection.py`)."""


class PocketSphinx:
    """`phrases`: what can be heard, as people say it, and `urgent` those of them that must not be missed.

    Words that the dictionary lacks leave their phrase out.
    """

    name = "pocketsphinx"

    def __init__(self, phrases: Collection[str], urgent: Collection[str] = ()) -> None:
        self._phrases = {" ".join(normalise(phrase)) for phrase in phrases}
        self._urgent = {" ".join(normalise(phrase)) for phrase in urgent}
        self._phones_in: dict[str, int] = {}
        self._decoder: Any = None
        self._noise = np.random.default_rng(0)

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
        sounds = _pronunciations(
            models / "cmudict-en-us.dict", {word for phrase in self._phrases for word in phrase.split()}
        )
        known = [phrase for phrase in sorted(self._phrases) if all(word in sounds for word in phrase.split())]
        self._phones_in = {phrase: sum(len(sounds[word][0].split()) for word in phrase.split()) for phrase in known}
        if not known:
            raise EngineError("recogniser-missing", "The built-in recogniser knows none of the words of this language.")
        # One decoder, three searches: another acoustic model, and the dictionary whole, would cost 45 MB.
        decoder = pocketsphinx.Decoder(
            loglevel="FATAL", samprate=RATE, hmm=str(models / "en-us"), lm=None, dict=None, cmn="live", maxhmmpf=-1,
            # Without the second pass over the lattice: it takes a third of the time, in one call, and finds less.
            bestpath=False,
        )  # fmt: skip
        for word, ways in sounds.items():
            for number, phones in enumerate(ways, 1):
                decoder.add_word(word if number == 1 else f"{word}({number})", phones, number == len(ways))
        decoder.config["wip"] = 0.2
        for search, heard in ((PHRASES, known), (ONE, known[:1])):
            decoder.add_fsg(search, decoder.create_fsg(search, START, END, phrase_graph(heard)))
        # Beams narrow enough for a Raspberry Pi; the loop need not be right, only as good as any speech can be.
        for key, value in {"lw": 1.0, "pip": 1.0, "beam": 1e-10, "pbeam": 1e-10}.items():
            decoder.config[key] = value
        decoder.add_allphone_file(PHONES, str(models / "en-us-phone.lm.bin"))
        self._decoder = decoder

    def transcribe(self, samples: NDArray[float32]) -> Transcript:
        """One turn: a whole phrase, or nothing."""
        self.warm_up()
        if not len(samples) or len(samples) > LONGEST_SECONDS * RATE:
            return nothing_heard(self.name)
        samples = without_steady_noise(samples)
        peak = float(np.max(np.abs(samples)))
        if peak < 1e-4:
            return nothing_heard(self.name)
        noise = self._noise.standard_normal(len(samples), dtype=float32) * float32(DITHER)
        pcm = ((samples * float32(PEAK / peak) + noise) * 32767.0).astype("<i2").tobytes()
        mean = self._mean(pcm)
        words, phrase_score, _ = self._decoded(PHRASES, pcm, mean)
        if words not in self._phones_in or not self._fits(words, samples):
            return nothing_heard(self.name)
        _, phones_score, frames = self._decoded(PHONES, pcm, mean)
        distance = (100.0 * (phones_score - phrase_score) - ONCE) / max(frames, 1)
        if distance > (URGENT_DISTANCE if words in self._urgent else DOUBTFUL_DISTANCE):
            return nothing_heard(self.name)
        trust = Trust.TRUSTED if distance <= TRUSTED_DISTANCE else Trust.DOUBTFUL
        confidence = min(max(1.0 - distance / (2 * DOUBTFUL_DISTANCE), 0.0), 1.0)
        return Transcript(words, trust, confidence, self.name)

    def _mean(self, pcm: bytes) -> str:
        """The mean cepstrum of the whole turn, which takes the room and the microphone out of it."""
        decoder = self._decoder
        decoder.activate_search(ONE)
        decoder.start_utt()
        decoder.process_raw(pcm, no_search=True, full_utt=True)
        mean = str(decoder.get_cmn(False))
        decoder.end_utt()
        return mean

    def _decoded(self, search: str, pcm: bytes, mean: str) -> tuple[str, float, int]:
        """Words, log score, frames."""
        decoder = self._decoder
        decoder.activate_search(search)
        decoder.start_utt()
        decoder.set_cmn(mean)
        for start in range(0, len(pcm), CHUNK_BYTES):
            decoder.process_raw(pcm[start : start + CHUNK_BYTES], no_search=False, full_utt=False)
        decoder.end_utt()
        found = decoder.hyp()
        if found is None:
            return "", math.log(1e-12), decoder.n_frames()
        return str(found.hypstr), math.log(max(found.best_score, 1e-12)), decoder.n_frames()

    def _fits(self, words: str, samples: NDArray[float32]) -> bool:
        """Whether so much sounding speech can be this phrase: a word cannot last as long as a sentence."""
        width = RATE // 50
        levels = np.abs(samples[: len(samples) // width * width]).reshape(-1, width).max(axis=1)
        quietest = np.sort(levels)[: max(1, int(len(levels) * QUIETEST))]
        rest = max(SOUNDING * float(np.max(levels)), OVER_NOISE * float(np.mean(quietest)))
        sounding = np.flatnonzero(levels > rest)
        seconds = (sounding[-1] - sounding[0] + 1) / 50 if len(sounding) else 0.0
        expected = self._phones_in[words] * PHONE_SECONDS
        return expected * SHORTEST <= seconds <= expected * LONGEST + 0.25

    def close(self) -> None:
        """Let the model go."""
        self._decoder = None


def _pronunciations(dictionary: Path, words: Collection[str]) -> dict[str, list[str]]:
    """Of each of the words that the dictionary has, the ways to say it, as phones."""
    found: dict[str, list[str]] = {}
    with dictionary.open(encoding="utf-8") as rows:
        for row in rows:
            entry, _, phones = row.partition(" ")
            if (word := entry.partition("(")[0]) in words:
                found.setdefault(word, []).append(phones.strip())
    return found

"""The built-in recogniser: pocketsphinx with a grammar of the phrases this program understands. Needs no download.

It is no dictation: what is not a phrase must come back EMPTY or DOUBTFUL, not be forced onto one. Each turn is decoded
twice, by the grammar and by a loop over all phones; speech that the phone loop explains much better was something else.
Measured by `python -m benchmarks.recogniser_rejection`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.errors import EngineError
from assistant.hearing.recogniser import RATE
from assistant.safety.transcript import Transcript, Trust, nothing_heard
from assistant.safety.words import normalise

TRUSTED_DISTANCE = 0.09
"""Log score a frame, in hundredths, by which the phone loop may win. Set low: foreign speech that happens to fit a
phrase must at most be asked about (`benchmarks/recogniser_rejection.py` prints both rates)."""
DOUBTFUL_DISTANCE = 0.13
"""Beyond it the speech was something else."""
PEAK = 0.3
DITHER = 0.003
"""Digital silence breaks the features of the model; a little noise mends them."""
PHONE_SECONDS, SHORTEST, LONGEST = 0.085, 0.4, 2.0
"""A phone in ordinary speech, and how much faster or slower a distressed person may be."""
SOUNDING = 0.05
"""Of the peak: what is quieter is a rest."""
LONGEST_SECONDS = 8.0
"""No phrase lasts longer."""
CHUNK_BYTES = 2 * RATE // 50
"""pocketsphinx keeps the interpreter's lock during a call, and the speaker waits for it: with 20 ms of sound a call
another thread waits 32 ms at most, with whole turns it was 184 (2-core x86, `benchmarks/recogniser_rejection.py`)."""


class PocketSphinx:
    """`phrases`: what can be heard, as people say it. Words the dictionary lacks leave their phrase out."""

    name = "pocketsphinx"

    def __init__(self, phrases: Sequence[str]) -> None:
        self._phrases = {" ".join(normalise(phrase)): phrase for phrase in phrases}
        self._phones_in: dict[str, int] = {}
        self._grammar: Any = None
        self._phones: Any = None
        self._features: Any = None
        self._noise = np.random.default_rng(0)

    def warm_up(self) -> None:
        """Load the models, about 0.3 s. Raises EngineError."""
        if self._grammar is not None:
            return
        try:
            import pocketsphinx
        except ImportError:
            raise EngineError(
                "recogniser-missing", "The built-in recogniser is missing; install it with: pip install pocketsphinx"
            ) from None
        models = Path(pocketsphinx.get_model_path()) / "en-us"
        common = {"loglevel": "FATAL", "samprate": RATE, "hmm": str(models / "en-us"), "lm": None}
        grammar = pocketsphinx.Decoder(
            # Without the second pass over the lattice: it takes a third of the time, in one call, and finds less.
            dict=str(models / "cmudict-en-us.dict"),
            bestpath=False,
            wip=0.2,
            cmn="live",
            maxhmmpf=-1,
            **common,
        )
        sounds = {word: grammar.lookup_word(word) for phrase in self._phrases for word in phrase.split()}
        known = [phrase for phrase in self._phrases if all(sounds[word] for word in phrase.split())]
        self._phones_in = {phrase: sum(len(sounds[word].split()) for word in phrase.split()) for phrase in known}
        if not known:
            raise EngineError("recogniser-missing", "The built-in recogniser knows none of the words of this language.")
        grammar.add_jsgf_string("phrases", f"#JSGF V1.0; grammar g; public <s> = {' | '.join(sorted(known))};")
        grammar.activate_search("phrases")
        phones = {"dict": None, "allphone": str(models / "en-us-phone.lm.bin")}
        # Beams narrow enough for a Raspberry Pi; the loop need not be right, only as good as any speech can be.
        self._phones = pocketsphinx.Decoder(
            lw=1.0, pip=1.0, beam=1e-10, pbeam=1e-10, cmn="live", maxhmmpf=-1, **phones, **common
        )
        self._features = pocketsphinx.Decoder(beam=1e-2, pbeam=1e-2, cmn="batch", maxhmmpf=1, **phones, **common)
        self._grammar = grammar

    def transcribe(self, samples: NDArray[float32]) -> Transcript:
        """One turn: a whole phrase, or nothing."""
        self.warm_up()
        peak = float(np.max(np.abs(samples))) if len(samples) else 0.0
        if peak < 1e-4 or len(samples) > LONGEST_SECONDS * RATE:
            return nothing_heard(self.name)
        noise = self._noise.standard_normal(len(samples), dtype=float32) * float32(DITHER)
        pcm = ((samples * float32(PEAK / peak) + noise) * 32767.0).astype("<i2").tobytes()
        mean = self._mean(pcm)
        words, phrase_score, _ = _decoded(self._grammar, pcm, mean)
        if words not in self._phones_in or not self._fits(words, samples):
            return nothing_heard(self.name)
        _, phones_score, frames = _decoded(self._phones, pcm, mean)
        distance = 100.0 * (phones_score - phrase_score) / max(frames, 1)
        if distance > DOUBTFUL_DISTANCE:
            return nothing_heard(self.name)
        trust = Trust.TRUSTED if distance <= TRUSTED_DISTANCE else Trust.DOUBTFUL
        confidence = min(max(1.0 - distance / (2 * DOUBTFUL_DISTANCE), 0.0), 1.0)
        return Transcript(words, trust, confidence, self.name)

    def _mean(self, pcm: bytes) -> str:
        """The mean cepstrum of the whole turn, which takes the room and the microphone out of it."""
        self._features.start_utt()
        self._features.process_raw(pcm, no_search=True, full_utt=True)
        mean = str(self._features.get_cmn(False))
        self._features.end_utt()
        return mean

    def _fits(self, words: str, samples: NDArray[float32]) -> bool:
        """Whether so much sounding speech can be this phrase: a word cannot last as long as a sentence."""
        width = RATE // 50
        levels = np.abs(samples[: len(samples) // width * width]).reshape(-1, width).max(axis=1)
        sounding = np.flatnonzero(levels > SOUNDING * float(np.max(levels)))
        seconds = (sounding[-1] - sounding[0] + 1) / 50 if len(sounding) else 0.0
        expected = self._phones_in[words] * PHONE_SECONDS
        return expected * SHORTEST <= seconds <= expected * LONGEST + 0.25

    def close(self) -> None:
        """Let the models go."""
        self._grammar = self._phones = self._features = None


def _decoded(decoder: Any, pcm: bytes, mean: str) -> tuple[str, float, int]:
    """Words, log score, frames."""
    decoder.start_utt()
    decoder.set_cmn(mean)
    for start in range(0, len(pcm), CHUNK_BYTES):
        decoder.process_raw(pcm[start : start + CHUNK_BYTES], no_search=False, full_utt=False)
    decoder.end_utt()
    found = decoder.hyp()
    if found is None:
        return "", math.log(1e-12), decoder.n_frames()
    return str(found.hypstr), math.log(max(found.best_score, 1e-12)), decoder.n_frames()

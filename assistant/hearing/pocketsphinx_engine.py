"""The built-in recogniser: pocketsphinx with a grammar of the phrases this program understands. Needs no download.

It is no dictation: what is not a phrase must come back EMPTY or DOUBTFUL, not be forced onto one. Each turn is decoded
twice, by the grammar and by a loop over all phones; speech that the phone loop explains much better was something else.
Measured by `python benchmarks/recogniser_rejection.py`.
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

TRUSTED_DISTANCE = 0.105
"""Log score a frame, in hundredths, by which the phone loop may win: 85 % of right and 4 % of foreign phrases pass."""
DOUBTFUL_DISTANCE = 0.15
"""98 % of right and 9 % of foreign phrases pass; beyond it the speech was something else."""
PEAK = 0.3
DITHER = 0.003
"""Digital silence breaks the features of the model: with 0.3 % noise 92 % of phrases are right, without it 50 %."""
LONGEST_SECONDS = 8.0
"""No phrase lasts longer."""


class PocketSphinx:
    """`phrases`: what can be heard, as people say it. Words the dictionary lacks leave their phrase out."""

    name = "pocketsphinx"

    def __init__(self, phrases: Sequence[str]) -> None:
        self._phrases = {" ".join(normalise(phrase)): phrase for phrase in phrases}
        self._grammar: Any = None
        self._phones: Any = None
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
        common = {"loglevel": "FATAL", "samprate": RATE, "cmn": "batch", "hmm": str(models / "en-us"), "lm": None}
        grammar = pocketsphinx.Decoder(dict=str(models / "cmudict-en-us.dict"), **common)
        known = [p for p in self._phrases if all(grammar.lookup_word(word) is not None for word in p.split())]
        if not known:
            raise EngineError("recogniser-missing", "The built-in recogniser knows none of the words of this language.")
        grammar.add_jsgf_string("phrases", f"#JSGF V1.0; grammar g; public <s> = {' | '.join(sorted(known))};")
        grammar.activate_search("phrases")
        # Beams narrow enough for a Raspberry Pi; the loop need not be right, only as good as any speech can be.
        self._phones = pocketsphinx.Decoder(
            dict=None, allphone=str(models / "en-us-phone.lm.bin"), lw=2.0, pip=0.3, beam=1e-10, pbeam=1e-10, **common
        )
        self._grammar = grammar

    def transcribe(self, samples: NDArray[float32]) -> Transcript:
        """One turn: a whole phrase, or nothing."""
        self.warm_up()
        peak = float(np.max(np.abs(samples))) if len(samples) else 0.0
        if peak < 1e-4 or len(samples) > LONGEST_SECONDS * RATE:
            return nothing_heard(self.name)
        noise = self._noise.standard_normal(len(samples), dtype=float32) * float32(DITHER)
        pcm = ((samples * float32(PEAK / peak) + noise) * 32767.0).astype("<i2").tobytes()
        words, phrase_score, _ = _decoded(self._grammar, pcm)
        if words not in self._phrases:
            return nothing_heard(self.name)
        _, phones_score, frames = _decoded(self._phones, pcm)
        distance = 100.0 * (phones_score - phrase_score) / max(frames, 1)
        if distance > DOUBTFUL_DISTANCE:
            return nothing_heard(self.name)
        trust = Trust.TRUSTED if distance <= TRUSTED_DISTANCE else Trust.DOUBTFUL
        confidence = min(max(1.0 - distance / (2 * DOUBTFUL_DISTANCE), 0.0), 1.0)
        return Transcript(words, trust, confidence, self.name)

    def close(self) -> None:
        """Let the models go."""
        self._grammar = self._phones = None


def _decoded(decoder: Any, pcm: bytes) -> tuple[str, float, int]:
    """Words, log score, frames."""
    decoder.start_utt()
    decoder.process_raw(pcm, no_search=False, full_utt=True)
    decoder.end_utt()
    found = decoder.hyp()
    if found is None:
        return "", math.log(1e-12), decoder.n_frames()
    return str(found.hypstr), math.log(max(found.best_score, 1e-12)), decoder.n_frames()

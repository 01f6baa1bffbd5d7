"""The learned screen for when the encoder cannot load: which words and parts of words stand together."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from zipfile import BadZipFile
from zlib import crc32

import numpy as np
from numpy import float32, int8
from numpy.typing import NDArray

from assistant.errors import EngineError
from assistant.safety.verdict import CLEAR, Kind, Level, Verdict
from assistant.safety.words import normalise
from assistant.understanding.encoder import FOLDER

BUCKETS: Final = 1 << 16
KINDS: Final = tuple(Kind)
OUTPUTS: Final = len(Level) + len(KINDS)
"""Of the linear model: the levels, then the kinds."""


class NGramEstimator:
    """A linear model over hashed n-grams."""

    name = "ngrams"

    def __init__(self, path: Path = FOLDER / "ngrams.npz") -> None:
        """Raises EngineError when the file is missing or broken."""
        try:
            with np.load(path, allow_pickle=False) as stored:
                weights: NDArray[int8] = stored["weights"]
                self._scale: NDArray[float32] = stored["scale"]
                self._bias: NDArray[float32] = stored["bias"]
                self._soft, self._hard = (float(value) for value in stored["thresholds"])
        except (OSError, KeyError, ValueError, BadZipFile) as error:
            hint = f"{path.name} cannot be used: the screen's rules go on listening."
            raise EngineError("screen-model", hint) from error
        self._weights = weights

    def estimate(self, text: str) -> Verdict:
        """What this layer alone makes of `text`."""
        buckets = features(text)
        if not buckets.size:
            return CLEAR
        outputs = self._weights[buckets].astype(float32).sum(0) * self._scale / np.sqrt(buckets.size) + self._bias
        levels = np.exp(outputs[: len(Level)] - outputs[: len(Level)].max())
        levels /= levels.sum()
        kind = KINDS[int(outputs[len(Level) :].argmax())]
        if levels[Level.HARD] >= self._hard:
            return Verdict(Level.HARD, kind, (self.name,))
        if 1.0 - levels[Level.NONE] >= self._soft:
            return Verdict(Level.SOFT, kind, (self.name,))
        return CLEAR


def features(text: str) -> NDArray[np.int64]:
    """Buckets of the words, pairs and threes of words, and parts of three to five letters. Each once."""
    words = normalise(text)[:400]
    grams = {" ".join(words[at : at + size]) for size in (1, 2, 3) for at in range(len(words) - size + 1)}
    for word in set(words):
        framed = f"<{word}>"[:32]
        grams |= {f"#{framed[at : at + size]}" for size in (3, 4, 5) for at in range(len(framed) - size + 1)}
    return np.array(sorted({crc32(gram.encode()) % BUCKETS for gram in grams}), dtype=np.int64)

"""The learned screen: a small sentence encoder that understands what is meant between the words."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any, Final

from assistant.errors import EngineError
from assistant.safety.verdict import CLEAR, Kind, Level, Verdict
from assistant.safety.words import normalise
from assistant.unheard import libraries_unheard

FOLDER: Final = Path(__file__).parent / "model"
MAX_TOKENS: Final = 64
"""About fifty words; of a longer turn every stretch is looked at (`WINDOW_WORDS`)."""
WINDOW_WORDS: Final = 40
OVERLAP_WORDS: Final = 12
"""Of one stretch with the next: a sentence of that length is never cut in both."""
KINDS: Final = tuple(Kind)
"""The first outputs of the `class` head, in this order."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Of the probability that a line is dangerous at all, and that it is hard. Chosen on tuning voices."""

    soft: float
    hard: float


class EncoderEstimator:
    """Loads once; then a few milliseconds a sentence."""

    name = "encoder"

    def __init__(self, folder: Path = FOLDER) -> None:
        """Raises EngineError when a file is missing, changed or cannot be loaded."""
        record = _record(folder)
        self._thresholds = Thresholds(**record["thresholds"])
        for file, digest in record["sha256"].items():
            _whole(folder / file, digest)
        try:
            self._session, self._tokenizer = _load(folder)
        except Exception as error:  # onnxruntime raises many kinds
            raise _unusable(f"{type(error).__name__} on loading") from error

    def estimate(self, text: str) -> Verdict:
        """The strongest verdict over the stretches of `text`."""
        words = normalise(text)
        if not words:
            return CLEAR
        verdicts = [self._judge(" ".join(stretch)) for stretch in stretches(words)]
        return max(verdicts, key=lambda verdict: verdict.level)

    def probabilities(self, text: str) -> tuple[list[float], list[float]]:
        """Of the levels none, soft, hard; and of the classes. `text` is taken as it is, up to MAX_TOKENS."""
        ids = self._tokenizer.encode(text).ids
        level, kinds = self._session.run(["level", "class"], {"ids": _int64(ids)})
        return level[0].tolist(), kinds[0].tolist()

    def _judge(self, text: str) -> Verdict:
        risk, hard, kind = risk_of(*self.probabilities(text))
        if hard >= self._thresholds.hard:
            return Verdict(Level.HARD, kind, (self.name,))
        if risk >= self._thresholds.soft:
            return Verdict(Level.SOFT, kind, (self.name,))
        return CLEAR


def risk_of(levels: Sequence[float], classes: Sequence[float]) -> tuple[float, float, Kind]:
    """How likely a line is dangerous, how likely it is hard, and of which kind.

    Both heads say how likely it is dangerous, and their mean is right more often than either (docs/evaluation.md).
    """
    kinds = classes[: len(KINDS)]
    risk = (1.0 - levels[Level.NONE] + sum(kinds)) / 2.0
    return risk, min(levels[Level.HARD], risk), KINDS[max(range(len(KINDS)), key=kinds.__getitem__)]


def stretches(words: Sequence[str]) -> list[Sequence[str]]:
    """The parts of a turn that are looked at, one after another; they overlap by OVERLAP_WORDS."""
    starts = range(0, max(len(words) - OVERLAP_WORDS, 1), WINDOW_WORDS - OVERLAP_WORDS)
    return [words[start : start + WINDOW_WORDS] for start in starts]


def _record(folder: Path) -> Mapping[str, Any]:
    try:
        record = json.loads((folder / "record.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _unusable("its record cannot be read") from error
    if not isinstance(record, dict):
        raise _unusable("its record cannot be read")
    return record


def _whole(path: Path, digest: str) -> None:
    try:
        with path.open("rb") as file:
            found = file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise _unusable(f"{path.name} is missing") from error
    if found != digest:
        raise _unusable(f"{path.name} is not the file that its record describes")


def _load(folder: Path) -> tuple[Any, Any]:
    with libraries_unheard:
        import onnxruntime
    from tokenizers import Tokenizer

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.add_session_config_entry("session.disable_prepacking", "1")  # the weights stay as mapped from the file
    session = onnxruntime.InferenceSession(
        str(folder / "screen.onnx"), sess_options=options, providers=["CPUExecutionProvider"]
    )
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    return session, tokenizer


def _int64(ids: list[int]) -> Any:
    import numpy as np

    return np.array(ids, dtype=np.int64)


def _unusable(reason: str) -> EngineError:
    return EngineError("screen-model", f"The learned screen cannot be used: {reason}. Its rules go on listening.")

"""Trains the n-gram model: softmax regression by AdaGrad, in numpy, from a fixed seed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.safety.verdict import Level
from assistant.understanding.ngrams import BUCKETS, KINDS, OUTPUTS, features
from assistant.understanding.training.exemplars import Exemplar

EPOCHS, RATE, DECAY = 12, 0.3, 1e-6
Model = tuple[NDArray[float32], NDArray[float32]]


def train(exemplars: Sequence[Exemplar], seed: int, tell: Callable[[int, int, float], None]) -> Model:
    """Weights (buckets, outputs) and bias."""
    draw = np.random.default_rng(seed)
    rows = [features(exemplar.text) for exemplar in exemplars]
    level = np.array([int(exemplar.level) for exemplar in exemplars])
    names = [kind.value for kind in KINDS]
    kind = np.array([-1 if exemplar.harmless else names.index(exemplar.kind) for exemplar in exemplars])
    weights, bias = np.zeros((BUCKETS, OUTPUTS), dtype=float32), np.zeros(OUTPUTS, dtype=float32)
    seen, seen_bias = np.full((BUCKETS, OUTPUTS), 1e-3, dtype=float32), np.full(OUTPUTS, 1e-3, dtype=float32)
    step, total = 0, EPOCHS * len(rows)
    for _ in range(EPOCHS):
        for at in draw.permutation(len(rows)):
            row = rows[at]
            if not row.size:
                continue
            unit = 1.0 / np.sqrt(row.size)
            gradient = _gradient(weights[row].sum(0) * unit + bias, level[at], kind[at])
            step += 1
            seen[row] += (gradient * unit) ** 2
            seen_bias += gradient**2
            weights[row] -= RATE * (gradient * unit + DECAY * weights[row]) / np.sqrt(seen[row])
            bias -= RATE * gradient / np.sqrt(seen_bias)
        tell(step, total, 0.0)
    return weights, bias


def levels(model: Model, texts: Sequence[str]) -> NDArray[float32]:
    """(texts, levels) probabilities."""
    weights, bias = model
    out = np.zeros((len(texts), len(Level)), dtype=float32)
    for at, text in enumerate(texts):
        row = features(text)
        logits = (weights[row].sum(0) / np.sqrt(max(row.size, 1)) + bias)[: len(Level)]
        out[at] = _softmax(logits)
    return out


def write(model: Model, thresholds: tuple[float, float], path: Path) -> None:
    """8-bit weights, a scale an output."""
    weights, bias = model
    scale = np.maximum(np.abs(weights).max(0), 1e-6) / 127
    small = np.round(weights / scale).astype(np.int8)
    np.savez_compressed(path, weights=small, scale=scale, bias=bias, thresholds=np.array(thresholds, dtype=float32))


def _gradient(logits: NDArray[float32], level: int, kind: int) -> NDArray[float32]:
    gradient = np.zeros(OUTPUTS, dtype=float32)
    gradient[: len(Level)] = _softmax(logits[: len(Level)])
    gradient[level] -= 1
    if kind >= 0:
        gradient[len(Level) :] = _softmax(logits[len(Level) :])
        gradient[len(Level) + kind] -= 1
    return gradient


def _softmax(logits: NDArray[float32]) -> NDArray[float32]:
    powers: NDArray[float32] = np.exp(logits - logits.max())
    total: float32 = powers.sum()
    return powers / total

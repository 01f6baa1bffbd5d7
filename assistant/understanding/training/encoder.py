"""Fine-tunes the sentence encoder on exemplars: two heads, how dangerous and of what kind. Fixed seeds, plain CPU."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Final

import torch
from torch.nn import functional as f

from assistant.safety.verdict import Kind, Level
from assistant.safety.words import normalise
from assistant.understanding.training import bert
from assistant.understanding.training.augment import varied
from assistant.understanding.training.exemplars import SORTS, Exemplar

CLASSES: Final = (*(kind.value for kind in Kind), *SORTS)
"""The second head tells kinds apart, and for harmless lines their sorts: learning why a line is harmless helps."""
HEADS: Final = {"level": len(Level), "class": len(CLASSES)}
MAX_TOKENS: Final = 64


@dataclass(frozen=True, slots=True)
class Recipe:
    """How it is trained: usual values for an encoder of this size, not searched for."""

    seed: int = 1
    epochs: int = 4
    batch: int = 32
    rate: float = 1.5e-4
    """Peak learning rate of the top layer; each layer below has `decay` of the one above."""
    decay: float = 0.9
    warm_up: float = 0.08
    weight_decay: float = 0.01
    dropout: float = 0.1
    smoothing: float = 0.05
    class_share: float = 0.5
    average: float = 0.998
    """Of the running mean of the weights (Polyak), which is what is kept."""
    train_words: bool = False
    """Word embeddings stay as published: words that no exemplar has keep their place beside those that do."""


def fine_tune(
    base: bert.Weights, tokenizer: Any, exemplars: Sequence[Exemplar], recipe: Recipe, tell: Any
) -> bert.Weights:
    """Weights after training on `exemplars`; `tell(done, of, loss)` after every batch."""
    torch.manual_seed(recipe.seed)
    draw = Random(recipe.seed)  # noqa: S311 -- a seed to repeat, not a secret
    weights = {name: tensor.clone() for name, tensor in base.items()}
    bert.new_heads(weights, HEADS)
    groups = _groups(weights, recipe)
    optimiser = torch.optim.AdamW(groups, weight_decay=recipe.weight_decay)
    learnt = [tensor for group in groups for tensor in group["params"]]
    mean = [tensor.detach().clone() for tensor in learnt]
    total = recipe.epochs * math.ceil(len(exemplars) / recipe.batch)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate(step, total, recipe.warm_up))
    step = 0
    for _ in range(recipe.epochs):
        for ids, mask, level, kind in _batches(tokenizer, exemplars, recipe.batch, draw):
            pooled = bert.encode(weights, ids, mask, recipe.dropout)
            loss = f.cross_entropy(bert.head(weights, "level", pooled), level, label_smoothing=recipe.smoothing)
            loss = loss + recipe.class_share * f.cross_entropy(
                bert.head(weights, "class", pooled), kind, label_smoothing=recipe.smoothing
            )
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(learnt, 1.0)
            optimiser.step()
            schedule.step()
            step += 1
            keep = min(recipe.average, step / (step + 10))
            torch._foreach_lerp_(mean, [tensor.detach() for tensor in learnt], 1 - keep)
            tell(step, total, float(loss.detach()))
    with torch.no_grad():
        for tensor, averaged in zip(learnt, mean, strict=True):
            tensor.copy_(averaged)
    return {name: tensor.detach() for name, tensor in weights.items()}


def predict(weights: bert.Weights, tokenizer: Any, texts: Sequence[str]) -> tuple[Any, Any]:
    """(texts, levels) and (texts, classes): probabilities, in the order of `texts`."""
    order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
    levels, classes = torch.zeros(len(texts), HEADS["level"]), torch.zeros(len(texts), HEADS["class"])
    with torch.no_grad():
        for start in range(0, len(order), 64):
            rows = order[start : start + 64]
            ids, mask = _tokens(tokenizer, [" ".join(normalise(texts[row])) for row in rows])
            pooled = bert.encode(weights, ids, mask)
            levels[rows] = bert.head(weights, "level", pooled).softmax(1)
            classes[rows] = bert.head(weights, "class", pooled).softmax(1)
    return levels.numpy(), classes.numpy()


def load_tokenizer(folder: Path) -> Any:
    """Of the published encoder, cut at MAX_TOKENS."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.enable_padding()
    return tokenizer


def _batches(tokenizer: Any, exemplars: Sequence[Exemplar], size: int, draw: Random) -> Iterator[tuple[Any, ...]]:
    """One epoch: every exemplar once, varied, with sentences of like length together."""
    harmless = [normalise(exemplar.text) for exemplar in exemplars if exemplar.everyday or exemplar.kind == "senses"]
    rows = [(varied(normalise(exemplar.text), harmless, draw), exemplar) for exemplar in exemplars]
    draw.shuffle(rows)
    batches: list[list[tuple[list[str], Exemplar]]] = []
    for start in range(0, len(rows), size * 50):
        chunk = sorted(rows[start : start + size * 50], key=lambda row: len(row[0]))
        batches += [chunk[at : at + size] for at in range(0, len(chunk), size)]
    draw.shuffle(batches)
    for batch in batches:
        ids, mask = _tokens(tokenizer, [" ".join(words) for words, _ in batch])
        level = torch.tensor([int(exemplar.level) for _, exemplar in batch])
        kind = torch.tensor([CLASSES.index(exemplar.kind) for _, exemplar in batch])
        yield ids, mask, level, kind


def _tokens(tokenizer: Any, texts: Sequence[str]) -> tuple[Any, Any]:
    encoded = tokenizer.encode_batch(list(texts))
    ids = torch.tensor([one.ids for one in encoded])
    return ids, torch.tensor([one.attention_mask for one in encoded])


def _groups(weights: bert.Weights, recipe: Recipe) -> list[dict[str, Any]]:
    """Every weight that learns, with its learning rate: the lower the layer, the less it may change."""
    groups: list[dict[str, Any]] = []
    for name, tensor in weights.items():
        if name.startswith("embeddings.") and not recipe.train_words:
            continue
        if name.startswith("encoder.layer."):
            depth = bert.LAYERS - 1 - int(name.split(".")[2])
            rate = recipe.rate * recipe.decay**depth
        elif name.startswith("embeddings."):
            rate = recipe.rate * recipe.decay**bert.LAYERS
        else:
            rate = recipe.rate * 5
        plain = name.endswith(".bias") or "LayerNorm" in name
        tensor.requires_grad_(True)
        group: dict[str, Any] = {"params": [tensor], "lr": rate}
        groups.append(group | ({"weight_decay": 0.0} if plain else {}))
    return groups


def _rate(step: int, total: int, warm_up: float) -> float:
    warm = max(1, round(total * warm_up))
    return (step + 1) / warm if step < warm else max(0.0, (total - step) / (total - warm))

"""A small BERT as plain functions over its weights, for training. The shipped graph of the same sums is in `graph`."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any

import torch
from torch.nn import functional as f

LAYERS, HEADS, WIDTH = 6, 12, 384
EPSILON = 1e-12
Tensor = Any
Weights = MutableMapping[str, Tensor]


def load_base(folder: Path) -> Weights:
    """The published weights of all-MiniLM-L6-v2, as float32."""
    from safetensors.torch import load_file

    read = load_file(str(folder / "model.safetensors"))
    return {
        name: tensor.float() for name, tensor in read.items() if "pooler" not in name and "position_ids" not in name
    }


def new_heads(weights: Weights, sizes: Mapping[str, int]) -> None:
    """Linear heads over the pooled sentence, from small random numbers."""
    for name, size in sizes.items():
        weights[f"head.{name}.weight"] = torch.randn(size, WIDTH) * 0.02
        weights[f"head.{name}.bias"] = torch.zeros(size)


def encode(weights: Weights, ids: Tensor, mask: Tensor, dropout: float = 0.0) -> Tensor:
    """(batch, tokens) ids and mask -> (batch, WIDTH) mean of the last layer over real tokens."""
    training = dropout > 0.0
    length = ids.shape[1]
    x = weights["embeddings.word_embeddings.weight"][ids]
    x = (
        x
        + weights["embeddings.position_embeddings.weight"][:length]
        + weights["embeddings.token_type_embeddings.weight"][0]
    )
    x = f.dropout(_norm(weights, "embeddings.LayerNorm", x), dropout, training)
    allowed = mask[:, None, None, :].bool()
    for layer in range(LAYERS):
        at = f"encoder.layer.{layer}"
        q, k, v = (_split(_linear(weights, f"{at}.attention.self.{part}", x)) for part in ("query", "key", "value"))
        mixed = f.scaled_dot_product_attention(q, k, v, attn_mask=allowed, dropout_p=dropout)
        mixed = _linear(weights, f"{at}.attention.output.dense", mixed.transpose(1, 2).flatten(2))
        x = _norm(weights, f"{at}.attention.output.LayerNorm", x + f.dropout(mixed, dropout, training))
        wide = f.gelu(_linear(weights, f"{at}.intermediate.dense", x))
        narrow = f.dropout(_linear(weights, f"{at}.output.dense", wide), dropout, training)
        x = _norm(weights, f"{at}.output.LayerNorm", x + narrow)
    share = mask.float()[:, :, None]
    return (x * share).sum(1) / share.sum(1)


def head(weights: Weights, name: str, pooled: Tensor) -> Tensor:
    """Logits of a head."""
    return f.linear(pooled, weights[f"head.{name}.weight"], weights[f"head.{name}.bias"])


def _split(x: Tensor) -> Tensor:
    return x.unflatten(2, (HEADS, WIDTH // HEADS)).transpose(1, 2)


def _linear(weights: Weights, name: str, x: Tensor) -> Tensor:
    return f.linear(x, weights[f"{name}.weight"], weights[f"{name}.bias"])


def _norm(weights: Weights, name: str, x: Tensor) -> Tensor:
    return f.layer_norm(x, (WIDTH,), weights[f"{name}.weight"], weights[f"{name}.bias"], EPSILON)

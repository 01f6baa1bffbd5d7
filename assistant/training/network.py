"""The network that knows the words: a small convolution over time, one output a word, trained by examples of turns."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy import float32
from numpy.typing import NDArray
from torch import nn

from assistant.hearing.log_mel import BANDS, NOTHING
from assistant.training.phrases import WORDS

WIDTH: Final = 64
DILATIONS: Final = (1, 1, 2, 2)
"""Each looks 5 frames of 20 ms around: half a second together, a word."""
RATE: Final = 4e-3
GENTLE_RATE: Final = 8e-4


class Layer(nn.Module):  # type: ignore[misc]
    """A convolution beside a way round it."""

    def __init__(self, dilation: int) -> None:
        super().__init__()
        self.convolution = nn.Conv1d(WIDTH, WIDTH, 5, padding=2 * dilation, dilation=dilation)
        self.norm = nn.BatchNorm1d(WIDTH)

    def forward(self, given: Any) -> Any:
        return torch.relu(given + self.norm(self.convolution(given)))


class Network(nn.Module):  # type: ignore[misc]
    """Frames of `log_mel` in (batch, frames, bands), one logit a word out, wherever in the turn it is."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv1d(BANDS, WIDTH, 5, padding=2, stride=2),
            nn.BatchNorm1d(WIDTH),
            nn.ReLU(),
            *(Layer(dilation) for dilation in DILATIONS),
            nn.Dropout(0.15),
            nn.Conv1d(WIDTH, len(WORDS), 1),
        )

    def forward(self, frames: Any) -> Any:
        heard = self.layers(frames.transpose(1, 2))
        return (heard * torch.softmax(heard, dim=2)).sum(2)


Batch = tuple[list[NDArray[float32]], list[int]]


def train(batches: Iterable[Batch], count: int, tell: Any, start: Path | None = None) -> Network:
    """From `count` batches of (turns as `log_mel`, the word of each, 0 for none); `tell(loss)` after each. `start`: an
    exported network, to go on from gently.
    """
    torch.manual_seed(1)
    torch.set_num_threads(1)
    network = Network() if start is None else imported(start).eval()
    rate = RATE if start is None else GENTLE_RATE
    optimiser = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=count)
    for turns, words in batches:
        wanted = torch.zeros(len(words), len(WORDS))
        for row, word in enumerate(words):
            if word:
                wanted[row, word - 1] = 1.0
        optimiser.zero_grad()
        loss = nn.functional.binary_cross_entropy_with_logits(network(_together(turns)), wanted)
        loss.backward()
        optimiser.step()
        schedule.step()
        tell(float(loss.detach()))
    return network.eval()  # type: ignore[no-any-return]


def imported(file: Path) -> Network:
    """An exported network, whose convolutions have taken up their norms: those are made to change nothing."""
    import onnx

    stored = onnx.load(file).graph
    values = {tensor.name: torch.from_numpy(onnx.numpy_helper.to_array(tensor).copy()) for tensor in stored.initializer}
    network = Network()
    convolutions = [layer for layer in network.modules() if isinstance(layer, nn.Conv1d)]
    for layer, node in zip(convolutions, (node for node in stored.node if node.op_type == "Conv"), strict=True):
        layer.weight.data, layer.bias.data = values[node.input[1]], values[node.input[2]]
    for norm in network.modules():
        if isinstance(norm, nn.BatchNorm1d):
            norm.running_var.fill_(1.0 - norm.eps)
    return network


def average(file: Path, before: bytes) -> None:
    """Put the mean of two exported networks in the place of the first, which went on from the second.

    It keeps what was known and takes what was learned: better at both than either (Wortsman et al. 2022, "Robust
    fine-tuning of zero-shot models").
    """
    import onnx

    model, known = onnx.load(file), onnx.load_from_string(before)
    for tensor, old in zip(model.graph.initializer, known.graph.initializer, strict=True):
        learned = onnx.numpy_helper.to_array(tensor)
        if learned.dtype == float32:
            mean = (learned + onnx.numpy_helper.to_array(old)) / 2
            tensor.CopyFrom(onnx.numpy_helper.from_array(mean, tensor.name))
    file.write_bytes(model.SerializeToString())


def export(network: Network, file: Path) -> None:
    """As ONNX, one turn of any length at a time, with the words in its metadata."""
    import onnx

    written = io.BytesIO()
    torch.onnx.export(
        network, (torch.zeros(1, 100, BANDS),), written, input_names=["frames"], output_names=["words"],
        dynamic_axes={"frames": {1: "length"}}, dynamo=False,
    )  # fmt: skip
    model = onnx.load_from_string(written.getvalue())
    meanings = {word: intent.value for word, intent in WORDS.items()}
    onnx.helper.set_model_props(model, {"words": ",".join(meanings), "means": ",".join(meanings.values())})
    model.producer_name, model.producer_version = "", ""
    file.write_bytes(model.SerializeToString())


def _together(turns: list[NDArray[float32]]) -> Any:
    """One array: what is shorter begins later, after nothing."""
    longest = max(map(len, turns))
    together = np.full((len(turns), longest, BANDS), NOTHING, dtype=float32)
    for row, turn in enumerate(turns):
        together[row, longest - len(turn) :] = turn
    return torch.from_numpy(together)

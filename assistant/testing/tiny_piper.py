"""A voice for Piper of a few hundred bytes: its real code loads it and speaks with it, in tones instead of words.

It has the inputs and the output of Piper's voices: the ids of the phonemes, how many there are, and three scales, the
second of which is the length. Needs the package onnx.
"""

from __future__ import annotations

import json
import string
from pathlib import Path

RATE = 22_050
PHONEME_SAMPLES = 750
"""Of each id at the length scale 1: a letter, with its padding, lasts about as long as in speech."""
PITCH, SYLLABLES = 180.0, 4.0
"""Hz of the tone, and how often a second it comes and goes."""


def write_tiny_piper(folder: Path, name: str = "en_US-tiny-low") -> Path:
    """The voice's .onnx, with its description beside it."""
    from onnx import TensorProto, helper, save

    folder.mkdir(parents=True, exist_ok=True)
    constants = {
        "per_id": float(PHONEME_SAMPLES), "zero": 0.0, "one": 1.0, "half": 0.5,
        "pitch": 6.2831853 * PITCH / RATE, "slow": 6.2831853 * SYLLABLES / RATE,
    }  # fmt: skip
    nodes = [
        helper.make_node("Cast", ["input_lengths"], ["ids"], to=TensorProto.FLOAT),
        helper.make_node("Gather", ["scales", "second"], ["scale"]),
        helper.make_node("Mul", ["ids", "scale"], ["scaled"]),
        helper.make_node("Mul", ["scaled", "per_id"], ["counts"]),
        helper.make_node("ReduceSum", ["counts"], ["count"], keepdims=0),
        helper.make_node("Range", ["zero", "count", "one"], ["at"]),
        helper.make_node("Mul", ["at", "pitch"], ["phase"]),
        helper.make_node("Sin", ["phase"], ["tone"]),
        helper.make_node("Mul", ["at", "slow"], ["slow_phase"]),
        helper.make_node("Sin", ["slow_phase"], ["swell"]),
        helper.make_node("Mul", ["swell", "half"], ["half_swell"]),
        helper.make_node("Add", ["half_swell", "one"], ["envelope"]),
        helper.make_node("Mul", ["tone", "envelope"], ["sound"]),
        helper.make_node("Unsqueeze", ["sound", "axes"], ["output"]),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [
            helper.make_tensor_value_info("input", TensorProto.INT64, [1, "n"]),
            helper.make_tensor_value_info("input_lengths", TensorProto.INT64, [1]),
            helper.make_tensor_value_info("scales", TensorProto.FLOAT, [3]),
        ],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, 1, "samples"])],
        [
            *(helper.make_tensor(name, TensorProto.FLOAT, [], [value]) for name, value in constants.items()),
            helper.make_tensor("second", TensorProto.INT64, [], [1]),
            helper.make_tensor("axes", TensorProto.INT64, [2], [0, 1]),
        ],
    )
    model = folder / f"{name}.onnx"
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), model)
    letters = {letter: [number] for number, letter in enumerate(f"_^${string.ascii_letters}")}
    description = {
        "audio": {"sample_rate": RATE}, "espeak": {"voice": "en-us"}, "phoneme_type": "text", "num_speakers": 1,
        "num_symbols": len(letters), "phoneme_id_map": letters, "speaker_id_map": {},
    }  # fmt: skip
    model.with_name(f"{model.name}.json").write_text(json.dumps(description), encoding="utf-8")
    return model

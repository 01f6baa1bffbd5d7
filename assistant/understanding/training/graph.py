"""The trained encoder as an ONNX graph for one sentence at a time, with its matrices in 8 bits."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from assistant.understanding.training import bert

OPSET: Final = 20
"""The first with Gelu."""


class _Graph:
    """Nodes and constants, named as they are added."""

    def __init__(self, weights: bert.Weights) -> None:
        self._weights = weights
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def add(self, operation: str, *inputs: str, name: str | None = None, **attributes: Any) -> str:
        """One node; the name of what it gives."""
        output = name or f"{operation.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operation, list(inputs), [output], name=output, **attributes))
        return output

    def constant(self, name: str, values: Any) -> str:
        """A named array."""
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def weight(self, name: str, *, turned: bool = False) -> str:
        """A trained array."""
        values = self._weights[name].numpy()
        return self.constant(name, values.T if turned else values)

    def linear(self, name: str, x: str) -> str:
        """X @ W + b."""
        product = self.add("MatMul", x, self.weight(f"{name}.weight", turned=True))
        return self.add("Add", product, self.weight(f"{name}.bias"))

    def norm(self, name: str, x: str) -> str:
        """Layer normalisation over the last axis."""
        scale, shift = self.weight(f"{name}.weight"), self.weight(f"{name}.bias")
        return self.add("LayerNormalization", x, scale, shift, axis=-1, epsilon=bert.EPSILON)


def build(weights: bert.Weights) -> Any:
    """Input `ids` (tokens,) int64; outputs `level` and `class`, probabilities."""
    g = _Graph(weights)
    words = g.add("Gather", g.weight("embeddings.word_embeddings.weight"), "ids")
    types = weights["embeddings.token_type_embeddings.weight"][0]
    places = weights["embeddings.position_embeddings.weight"].numpy()[:128] + types.numpy()
    length = g.add("Shape", "ids")
    zero, axis = g.constant("zero", np.array([0])), g.constant("axis", np.array([0]))
    x = g.add("Add", words, g.add("Slice", g.constant("places", places), zero, length, axis))
    x = g.norm("embeddings.LayerNorm", x)
    heads = g.constant("heads", np.array([-1, bert.HEADS, bert.WIDTH // bert.HEADS]))
    joined = g.constant("joined", np.array([-1, bert.WIDTH]))
    scale = g.constant("scale", np.array((bert.WIDTH // bert.HEADS) ** -0.5, dtype=np.float32))
    for layer in range(bert.LAYERS):
        at = f"encoder.layer.{layer}"
        q, k, v = (
            g.add("Reshape", g.linear(f"{at}.attention.self.{part}", x), heads) for part in ("query", "key", "value")
        )
        scores = g.add("MatMul", g.add("Transpose", q, perm=[1, 0, 2]), g.add("Transpose", k, perm=[1, 2, 0]))
        share = g.add("Softmax", g.add("Mul", scores, scale), axis=-1)
        mixed = g.add("Transpose", g.add("MatMul", share, g.add("Transpose", v, perm=[1, 0, 2])), perm=[1, 0, 2])
        mixed = g.linear(f"{at}.attention.output.dense", g.add("Reshape", mixed, joined))
        x = g.norm(f"{at}.attention.output.LayerNorm", g.add("Add", x, mixed))
        wide = g.add("Gelu", g.linear(f"{at}.intermediate.dense", x))
        x = g.norm(f"{at}.output.LayerNorm", g.add("Add", x, g.linear(f"{at}.output.dense", wide)))
    pooled = g.add("ReduceMean", x, axis, keepdims=1)
    outputs = []
    for head in ("level", "class"):
        g.add("Softmax", g.linear(f"head.{head}", pooled), name=head, axis=-1)
        size = weights[f"head.{head}.bias"].shape[0]
        outputs.append(helper.make_tensor_value_info(head, TensorProto.FLOAT, [1, size]))
    ids = helper.make_tensor_value_info("ids", TensorProto.INT64, ["tokens"])
    graph = helper.make_graph(g.nodes, "screen", [ids], outputs, g.constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=10)
    onnx.checker.check_model(model)
    return model


WEIGHTS: Final = "screen.bin"


def write_int8(model: Any, path: Path) -> None:
    """The graph with 8-bit matrices and word table, a scale a column: a quarter of the size, and faster.

    The weights lie beside it in WEIGHTS, so that they are mapped into memory and only what is used takes any.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with TemporaryDirectory() as folder:
        whole, small = Path(folder) / "whole.onnx", Path(folder) / "small.onnx"
        onnx.save(model, str(whole))
        quantize_dynamic(
            whole, small, op_types_to_quantize=["MatMul", "Gather"], per_channel=True, reduce_range=False,
            weight_type=QuantType.QInt8, extra_options={"MatMulConstBOnly": True},
        )  # fmt: skip
        (path.parent / WEIGHTS).unlink(missing_ok=True)
        onnx.save(
            onnx.load(str(small)), str(path), save_as_external_data=True, all_tensors_to_one_file=True,
            location=WEIGHTS, size_threshold=1024,
        )  # fmt: skip

"""The computation of the sentence model as an ONNX graph without its weights, a few kilobytes.

The weights stay in the package that brings them and are handed over when a session starts, so nothing of 90 MB is written anywhere.
Written by ``scripts/train_matcher.py``; needs the package ``onnx``, which running the graph does not.
"""

from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

WIDTH = 384
_HEADS = 12
_INNER = 1536
_LAYERS = 6


class _Graph:
    """Nodes and weights in the order in which they are asked for."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def do(self, kind: str, *inputs: str, **options: Any) -> str:
        name = f"step{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], **options))
        return name

    def weight(self, name: str, *shape: int) -> str:
        kept = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=shape, data_location=TensorProto.EXTERNAL)
        kept.external_data.add(key="location", value="handed-over")
        self.weights.append(kept)
        return name

    def constant(self, name: str, values: np.ndarray) -> str:
        self.weights.append(numpy_helper.from_array(values, name))
        return name

    def linear(self, value: str, name: str, width: int, out: int) -> str:
        return self.do("Add", self.do("MatMul", value, self.weight(f"{name}.weight", width, out)), self.weight(f"{name}.bias", out))

    def normal(self, value: str, name: str) -> str:
        scale, shift = self.weight(f"{name}.weight", WIDTH), self.weight(f"{name}.bias", WIDTH)
        return self.do("LayerNormalization", value, scale, shift, axis=-1, epsilon=1e-12)


def graph_bytes() -> bytes:
    """The graph: summed embeddings ``words`` (sentences, tokens, width) and an additive ``mask`` in, ``states`` out."""
    graph = _Graph()
    split = graph.constant("split", np.array([0, 0, _HEADS, WIDTH // _HEADS], np.int64))
    join = graph.constant("join", np.array([0, 0, WIDTH], np.int64))
    scale = graph.constant("scale", np.array((WIDTH // _HEADS) ** -0.5, np.float32))
    value = graph.normal("words", "embeddings.LayerNorm")
    for layer in range(_LAYERS):
        value = _layer(graph, value, f"encoder.layer.{layer}", split, join, scale)
    graph.nodes[-1].output[0] = "states"
    shape: list[str | int] = ["sentences", "tokens", WIDTH]
    made = helper.make_graph(
        graph.nodes,
        "sentence-vectors",
        _inputs(shape, ["sentences", 1, 1, "tokens"]),
        [helper.make_tensor_value_info("states", TensorProto.FLOAT, shape)],
        graph.weights,
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 20)], ir_version=9, producer_name="schoolgate")
    return model.SerializeToString(deterministic=True)


def _inputs(words: list[str | int], mask: list[str | int]) -> list[onnx.ValueInfoProto]:
    return [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in (("words", words), ("mask", mask))]


def _layer(graph: _Graph, value: str, name: str, split: str, join: str, scale: str) -> str:
    query, key, content = (
        graph.do("Transpose", graph.do("Reshape", graph.linear(value, f"{name}.attention.self.{part}", WIDTH, WIDTH), split), perm=order)
        for part, order in (("query", [0, 2, 1, 3]), ("key", [0, 2, 3, 1]), ("value", [0, 2, 1, 3]))
    )
    weighed = graph.do("Softmax", graph.do("Add", graph.do("Mul", graph.do("MatMul", query, key), scale), "mask"), axis=-1)
    heads = graph.do("Reshape", graph.do("Transpose", graph.do("MatMul", weighed, content), perm=[0, 2, 1, 3]), join)
    attended = graph.do("Add", graph.linear(heads, f"{name}.attention.output.dense", WIDTH, WIDTH), value)
    value = graph.normal(attended, f"{name}.attention.output.LayerNorm")
    inner = graph.do("Gelu", graph.linear(value, f"{name}.intermediate.dense", WIDTH, _INNER))
    return graph.normal(graph.do("Add", graph.linear(inner, f"{name}.output.dense", _INNER, WIDTH), value), f"{name}.output.LayerNorm")

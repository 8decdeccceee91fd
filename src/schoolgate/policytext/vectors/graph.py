"""The computation of the sentence model as an ONNX graph without its weights, a few kilobytes.

The weights stay in the package that brings them and are handed over when a session starts, so nothing of 90 MB is written anywhere.
Matrices are handed over in whole numbers, which halves the time; ``encoding`` says how they come about.
Written by ``scripts/train_matcher.py``; needs the package ``onnx``, which running the graph does not.
"""

from typing import Any

import onnx
from onnx import TensorProto, helper

WIDTH = 384
_HEADS = 12
_INNER = 1536
_LAYERS = 6
_RUNTIME = "com.microsoft"
"""Where the operations stand that ONNX Runtime adds to the standard ones."""


class _Graph:
    """Nodes and weights in the order in which they are asked for."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def do(self, kind: str, *inputs: str, results: int = 1, **options: Any) -> list[str]:
        names = [f"step{len(self.nodes)}.{number}" for number in range(results)]
        self.nodes.append(helper.make_node(kind, inputs, names, **options))
        return names

    def weight(self, name: str, *shape: int, kind: int = TensorProto.FLOAT) -> str:
        kept = TensorProto(name=name, data_type=kind, dims=shape, data_location=TensorProto.EXTERNAL)
        kept.external_data.add(key="location", value="handed-over")
        self.weights.append(kept)
        return name

    def linear(self, value: str, name: str, width: int, out: int) -> str:
        matrix, scale = self.weight(f"{name}.weight", width, out, kind=TensorProto.INT8), self.weight(f"{name}.scale", out)
        return self.do("DynamicQuantizeMatMul", value, matrix, scale, "", self.weight(f"{name}.bias", out), domain=_RUNTIME)[0]

    def add_normal(self, value: str, other: str, name: str) -> str:
        return self.normal(self.do("Add", value, other)[0], name)

    def normal(self, value: str, name: str) -> str:
        scale, shift = self.weight(f"{name}.weight", WIDTH), self.weight(f"{name}.bias", WIDTH)
        return self.do("LayerNormalization", value, scale, shift, axis=-1, epsilon=1e-12)[0]


def graph_bytes() -> bytes:
    """The graph: summed embeddings ``words`` (sentences of one length, tokens, width) in, ``states`` of the same shape out."""
    graph = _Graph()
    value = graph.normal("words", "embeddings.LayerNorm")
    for layer in range(_LAYERS):
        value = _layer(graph, value, f"encoder.layer.{layer}")
    graph.nodes[-1].output[0] = "states"
    ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["sentences", "tokens", WIDTH]) for name in ("words", "states")]
    made = helper.make_graph(graph.nodes, "sentence-vectors", ends[:1], ends[1:], graph.weights)
    domains = [helper.make_opsetid("", 20), helper.make_opsetid(_RUNTIME, 1)]
    model = helper.make_model(made, opset_imports=domains, ir_version=9, producer_name="schoolgate")
    return model.SerializeToString(deterministic=True)


def _layer(graph: _Graph, value: str, name: str) -> str:
    asked = graph.linear(value, f"{name}.attention.self", WIDTH, 3 * WIDTH)
    query_key_content = graph.do("Split", asked, results=3, axis=-1, num_outputs=3)
    heads = graph.do("MultiHeadAttention", *query_key_content, num_heads=_HEADS, domain=_RUNTIME)[0]
    attended = graph.linear(heads, f"{name}.attention.output.dense", WIDTH, WIDTH)
    value = graph.add_normal(attended, value, f"{name}.attention.output.LayerNorm")
    inner = graph.do("Gelu", graph.linear(value, f"{name}.intermediate.dense", WIDTH, _INNER))[0]
    return graph.add_normal(graph.linear(inner, f"{name}.output.dense", _INNER, WIDTH), value, f"{name}.output.LayerNorm")

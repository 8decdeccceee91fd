"""The model on the shelf: written by ``scripts/train_matcher.py``, read once in a process. Numbers and pieces of words, no sentences."""

import hashlib
import io
import json
from dataclasses import replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from schoolgate import data
from schoolgate.policytext.matching.examples import Example, shelf
from schoolgate.policytext.matching.features import PIECES, WORDS, Kind
from schoolgate.policytext.matching.fitting import Fitted
from schoolgate.policytext.matching.index import Block, Floats, Index, Senses, weighed_block

SENSES = "matcher/senses.npz"
MODEL = "matcher/model.npz"
VECTORS = "matcher/vectors.npz"

Arrays = dict[str, NDArray]


@cache
def fitted() -> Fitted:
    """The shipped model."""
    held = _read(MODEL)
    about = json.loads(held["about"].tobytes())
    examples = tuple(
        Example(name, "", kind, tuple(controls), tuple((control, line) for control, line in lines), weight)
        for name, kind, controls, lines, weight in about["examples"]
    )
    index = Index(
        _block(held, WORDS, "words", len(examples)),
        _block(held, PIECES, "pieces", len(examples)),
        senses(),
        held["example_senses"].astype(np.float32),
    )
    answers = np.asfortranarray(held["answers"].astype(np.float32))
    return Fitted(tuple(about["controls"]), examples, index, answers, held["leaning"].astype(np.float32))


@cache
def fitted_with_vectors() -> Fitted:
    """The shipped model with what it learnt from the sentence vectors of its examples."""
    base, held = fitted(), _read(VECTORS)
    vectors = held["vectors"].astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return replace(base, vectors=vectors, vector_answers=np.asfortranarray(held["answers"].astype(np.float32)))


@cache
def senses() -> Senses:
    """The shipped senses of words."""
    held = _read(SENSES)
    words = held["words"].tobytes().decode().split("\n")
    return Senses({word: place for place, word in enumerate(words)}, held["vectors"].astype(np.float32) * held["scale"])


def model_bytes(model: Fitted) -> bytes:
    """The model as the bytes of its file: the same model gives the same bytes."""
    rows = [(e.id, e.kind, e.controls, e.lines, e.weight) for e in model.examples]
    about = {"controls": model.controls, "examples": rows, "inputs": inputs_sha256(model.examples)}
    return _pack(
        {
            "about": _letters(json.dumps(about)),
            "answers": model.answers.astype(np.float16),
            "leaning": model.leaning.astype(np.float16),
            "example_senses": model.index.example_senses.astype(np.float16),
            **_unpacked("words", model.index.words),
            **_unpacked("pieces", model.index.pieces),
        }
    )


def vectors_bytes(model: Fitted) -> bytes:
    """What a model learnt from sentence vectors, as the bytes of its file."""
    assert model.vectors is not None
    assert model.vector_answers is not None
    vectors = np.round(model.vectors * 127 / np.abs(model.vectors).max()).astype(np.int8)
    return _pack({"vectors": vectors, "answers": model.vector_answers.astype(np.float16)})


def senses_bytes(words: list[str], vectors: Floats) -> bytes:
    """The senses of words as the bytes of their file."""
    scale = np.float32(np.abs(vectors).max() / 127)
    return _pack({"words": _letters("\n".join(words)), "vectors": np.round(vectors / scale).astype(np.int8), "scale": np.array(scale)})


def inputs_sha256(examples: tuple[Example, ...]) -> str:
    """One hash over all that a model is learnt from, to tell when the shipped one is stale."""
    rows = [(e.id, e.text, e.kind, e.controls, e.lines, e.weight) for e in examples]
    return hashlib.sha256(json.dumps(rows).encode() + data.file_bytes(SENSES)).hexdigest()


def is_stale() -> bool:
    """Whether the shelf has changed since the shipped model was learnt from it."""
    return json.loads(_read(MODEL)["about"].tobytes())["inputs"] != inputs_sha256(shelf())


def _read(name: str) -> Arrays:
    with np.load(io.BytesIO(data.file_bytes(name)), allow_pickle=False) as held:
        return dict(held)


def _pack(arrays: Arrays) -> bytes:
    out = io.BytesIO()
    np.savez_compressed(out, allow_pickle=False, **arrays)
    return out.getvalue()


def _letters(text: str) -> NDArray:
    return np.frombuffer(text.encode(), np.uint8)


def _unpacked(name: str, block: Block) -> Arrays:
    return {
        f"{name}.names": _letters("\n".join(block.features)),
        f"{name}.held": np.diff(block.starts).astype(np.uint16),
        f"{name}.places": block.places,
        f"{name}.times": block.times,
    }


def _block(held: Arrays, kind: Kind, name: str, examples: int) -> Block:
    names = held[f"{name}.names"].tobytes().decode().split("\n")
    starts = np.concatenate([[0], np.cumsum(held[f"{name}.held"], dtype=np.int64)])
    return weighed_block(kind, names, starts, held[f"{name}.places"], held[f"{name}.times"], examples)

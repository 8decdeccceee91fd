"""Learning from the examples how much likeness to each of them speaks for each control: ridge regression on likenesses.

The answer is exact (one system of linear equations), so the same examples give the same model.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from schoolgate import data
from schoolgate.policytext.matching.audience import learn_leaning
from schoolgate.policytext.matching.examples import Example
from schoolgate.policytext.matching.index import Floats, Index, Senses, build_index

# Chosen by leaving each source policy out in turn; the answer changes little around each of them.
_SMOOTHING = 0.2
_SECOND_CONTROL = 0.5
_COMMONNESS = 0.05
_VECTORS = 0.35
_VECTOR_WIDTH = 0.25


@dataclass(frozen=True, slots=True)
class Fitted:
    """What was learnt. ``answers`` has a row for each example and a column for each control, the last for "no control at all".

    ``leaning`` says how much binding each audience speaks for each control.
    ``vectors`` and ``vector_answers`` serve where sentence vectors are at hand, else they are None. No text is kept.
    """

    controls: tuple[str, ...]
    examples: tuple[Example, ...]
    index: Index
    answers: Floats
    leaning: Floats
    vectors: Floats | None = None
    vector_answers: Floats | None = None


def fit(examples: Sequence[Example], senses: Senses, vectors: Floats | None = None) -> Fitted:
    """Learn from examples; ``vectors`` holds their sentence vectors, one row each, where the optional model is to be served too."""
    controls = tuple(control["id"] for control in data.load("catalogue/controls.yaml")["controls"])
    index = build_index([example.text for example in examples], senses)
    alike = index.likeness([(example.text, "") for example in examples]).together()
    answers = learn(alike, examples, controls)
    leaning = learn_leaning(examples, controls)
    if vectors is None:
        return Fitted(controls, tuple(examples), index, answers, leaning)
    both = with_vectors(alike, vector_likeness(vectors, vectors))
    return Fitted(controls, tuple(examples), index, answers, leaning, vectors, learn(both, examples, controls))


def vector_likeness(vectors: Floats, others: Floats) -> Floats:
    """Likeness of sentence vectors of length one; it falls off quickly."""
    return np.exp((vectors @ others.T - 1) / _VECTOR_WIDTH)


def with_vectors(alike: Floats, by_vectors: Floats) -> Floats:
    """Likeness by words and by sentence vectors together."""
    return (1 - _VECTORS) * alike + _VECTORS * by_vectors


def _wanted(examples: Sequence[Example], controls: tuple[str, ...]) -> Floats:
    places = {control: place for place, control in enumerate(controls)}
    wanted = np.zeros((len(examples), len(controls) + 1), np.float32)
    for row, example in zip(wanted, examples, strict=True):
        for place, control in enumerate(example.controls):
            row[places[control]] = _SECOND_CONTROL if place else 1.0
        if not example.controls:
            row[-1] = 1.0
    return wanted


def learn(alike: Floats, examples: Sequence[Example], controls: tuple[str, ...]) -> Floats:
    """How much being like each example speaks for each control, from the likeness of the examples to one another.

    A control with many examples would win by numbers alone: its answers are held back a little.
    """
    wanted = _wanted(examples, controls)
    doubt = _SMOOTHING / np.array([example.weight for example in examples], np.float32)
    answers = np.linalg.solve((alike + alike.T) / 2 + np.diag(doubt), wanted)
    common = (wanted.sum(axis=0) + 1) ** _COMMONNESS
    return (answers / (common / common.mean())).astype(np.float32)

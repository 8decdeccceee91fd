"""What support is worth: how likely a suggested control is right, and how likely it is that a clause asks for nothing.

Both are logistic curves over a few numbers, fitted on texts that the model had not seen (``scripts/train_matcher.py chances``).
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from schoolgate import data
from schoolgate.policytext.matching.index import Floats

FILE = "matcher/chances.yaml"
WORDS, VECTORS = "words", "vectors"
CONSIDERED = 5
"""How many of the best supported controls the curve of suggestions is fitted on, for each text."""

_RIDGE = 1.0
_STEPS = 30
_LOST = 0.1
"""Share of the clauses with a control, among those of the source policies, that may be taken for clauses that ask for nothing."""

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a model that had not seen some texts said of them, and what was right.

    ``suggested`` has a row for each suggestion and ``right`` whether it was; ``read`` has a row for each text, ``empty`` whether it asks
    for nothing, and ``real`` whether it is a clause of a policy.
    """

    suggested: Numbers
    right: NDArray[np.bool_]
    read: Numbers
    empty: NDArray[np.bool_]
    real: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Chances:
    """Two fitted curves, each with its constant last, and the chance from which a text counts as asking for nothing."""

    suggestion: Sequence[float]
    nothing: Sequence[float]
    threshold: float

    def of_suggestions(self, support: Floats, places: Sequence[int]) -> list[float]:
        """How likely each of a text's best supported controls is right, never rising down the list."""
        found = _curve(suggestion_numbers(support, places), self.suggestion)
        return [float(chance) for chance in np.minimum.accumulate(found)]

    def of_nothing(self, support: Floats, nearest: float, text: str, modality: str) -> float:
        """How likely a text asks for nothing that a control could carry; ``nearest`` is its likeness to the nearest example."""
        return float(_curve(reading_numbers(support, nearest, text, modality)[None], self.nothing)[0])


def suggestion_numbers(support: Floats, places: Sequence[int]) -> Numbers:
    """For each suggestion: its support, how far it is behind the first, its share among ten, and support for none."""
    controls = support[:-1]
    ten = np.sort(np.maximum(controls, 0))[-10:].sum() or 1.0
    own = controls[list(places)].astype(np.float64)
    return np.column_stack([own, own - controls.max(), own / ten, np.full(len(places), support[-1])])


def reading_numbers(support: Floats, nearest: float, text: str, modality: str) -> Numbers:
    """For a text: support for none, for the best control, and for the next three together; likeness to the nearest example; whether it
    only states something; and its length.
    """
    best = np.sort(support[:-1])[::-1]
    return np.array(
        [support[-1], best[0], best[1:4].sum(), nearest, modality == "declares", math.log(len(text) + 1)],
        np.float64,
    )


@cache
def chances(engine: str) -> Chances:
    """The shipped curves for an engine, ``words`` or ``vectors``."""
    return Chances(**data.load(FILE)[engine])


def learn(evidence: Evidence) -> Chances:
    """The curves that fit some evidence; texts that ask for nothing count as much as all others together."""
    nothing = fit_curve(evidence.read, evidence.empty, balanced=True)
    threshold = float(np.quantile(_curve(evidence.read[evidence.real & ~evidence.empty], nothing), 1 - _LOST))
    return Chances(fit_curve(evidence.suggested, evidence.right), nothing, round(threshold, 3))


def file_bytes(learnt: dict[str, Chances]) -> bytes:
    """The curves as the text of their file, which is JSON and so YAML too."""
    rows = {
        engine: {"suggestion": found.suggestion, "nothing": found.nothing, "threshold": found.threshold} for engine, found in learnt.items()
    }
    return (json.dumps(rows, indent=1) + "\n").encode()


def fit_curve(numbers: Numbers, right: NDArray[np.bool_], balanced: bool = False) -> list[float]:
    """Logistic regression by Newton's method with a light ridge."""
    wide = np.column_stack([numbers, np.ones(len(numbers))])
    share = right.mean()
    weights = np.where(right, 0.5 / share, 0.5 / (1 - share)) if balanced else np.ones(len(right))
    ridge = np.diag([*[_RIDGE * 0.01] * numbers.shape[1], 0.0])
    curve = np.zeros(wide.shape[1])
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-wide @ curve))
        slope = wide.T @ (weights * (right - chance)) - ridge @ curve
        bend = (wide * (weights * chance * (1 - chance))[:, None]).T @ wide + ridge
        curve = curve + np.linalg.solve(bend, slope)
    return [round(float(value), 4) for value in curve]


def _curve(numbers: Numbers, curve: Sequence[float]) -> Numbers:
    return 1 / (1 + np.exp(-(numbers @ np.array(curve[:-1]) + curve[-1])))

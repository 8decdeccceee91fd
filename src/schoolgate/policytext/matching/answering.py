"""How much speaks for each control, for each of some texts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from schoolgate.policytext.matching.fitting import Fitted, vector_likeness, with_vectors
from schoolgate.policytext.matching.index import Floats, Likeness, Reading
from schoolgate.policytext.model import Clause
from schoolgate.policytext.vectors import Encoder


@dataclass(frozen=True, slots=True)
class Answers:
    """For each text a row: its likeness to each example, and how much speaks for each control (last column: for none at all)."""

    by_words: Likeness
    alike: Floats
    support: Floats


def reading(clause: Clause) -> Reading:
    """A clause as it is compared: its own words and the heading or lead-in next above it."""
    return clause.text, clause.path[-1] if clause.path else ""


def answer(readings: Sequence[Reading], model: Fitted, encoder: Encoder | None) -> Answers:
    """Answers for some texts; by sentence vectors too where an encoder is given and the model learnt from them."""
    by_words = model.index.likeness(readings)
    alike = by_words.together()
    if encoder is None or model.vectors is None or model.vector_answers is None:
        return Answers(by_words, alike, alike @ model.answers)
    alike = with_vectors(alike, vector_likeness(read_vectors(readings, encoder), model.vectors))
    return Answers(by_words, alike, alike @ model.vector_answers)


def read_vectors(readings: Sequence[Reading], encoder: Encoder) -> Floats:
    """Sentence vectors of texts, each taken both by itself and led by its heading."""
    alone = encoder.encode([text for text, _ in readings])
    led = encoder.encode([f"{heading}: {text}" if heading else text for text, heading in readings])
    both = alone + led
    return both / np.linalg.norm(both, axis=1, keepdims=True)

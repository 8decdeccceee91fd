"""How much speaks for each control, for each of some texts."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from schoolgate.policytext.matching.fitting import Fitted, vector_likeness, with_vectors
from schoolgate.policytext.matching.index import Floats, Likeness, Reading
from schoolgate.policytext.model import Clause
from schoolgate.policytext.vectors import Encoder

Section = tuple[str, ...]
"""The headings and lead-ins above a text, outermost first."""

# Chosen by leaving each source policy out in turn, and by a model that has seen none of them.
_SECTION = 0.15
_SECTION_NONE = 0.3
"""How much the other clauses of a section count beside the clause itself: for a control, and for none at all."""


@dataclass(frozen=True, slots=True)
class Answers:
    """For each text a row: its likeness to each example, and how much speaks for each control (last column: for none at all)."""

    by_words: Likeness
    alike: Floats
    support: Floats


def reading(clause: Clause) -> Reading:
    """A clause as it is compared: its own words and the heading or lead-in next above it."""
    return clause.text, clause.path[-1] if clause.path else ""


def answer(readings: Sequence[Reading], model: Fitted, encoder: Encoder | None, sections: Sequence[Section] = ()) -> Answers:
    """Answers for some texts; by sentence vectors too where an encoder is given and the model learnt from them.

    ``sections`` holds for each text the headings above it; texts under the same ones lend each other a little of their support.
    """
    by_words = model.index.likeness(readings)
    alike = by_words.together()
    if encoder is None or model.vectors is None or model.vector_answers is None:
        return Answers(by_words, alike, with_neighbours(alike @ model.answers, sections))
    alike = with_vectors(alike, vector_likeness(read_vectors(readings, encoder), model.vectors))
    return Answers(by_words, alike, with_neighbours(alike @ model.vector_answers, sections))


def with_neighbours(support: Floats, sections: Sequence[Section]) -> Floats:
    """Support with what the rest of the section says: a clause thin in words takes part of its sense from the clauses around it."""
    together: dict[Section, list[int]] = defaultdict(list)
    for row, section in enumerate(sections):
        if section:
            together[section].append(row)
    lent = support.copy()
    for rows in together.values():
        if len(rows) > 1:
            own = support[rows]
            own[:, :-1] = np.maximum(own[:, :-1], 0)
            others = (own.sum(axis=0) - own) / (len(rows) - 1)
            lent[rows, :-1] += _SECTION * others[:, :-1]
            lent[rows, -1] += _SECTION_NONE * (others[:, -1] - own[:, -1])
    return lent


def read_vectors(readings: Sequence[Reading], encoder: Encoder) -> Floats:
    """Sentence vectors of texts, each taken both by itself and led by its heading."""
    alone = [text for text, _ in readings]
    led = [f"{heading}: {text}" if heading else text for text, heading in readings]
    vectors = encoder.encode([*alone, *led])
    both = vectors[: len(alone)] + vectors[len(alone) :]
    return both / np.linalg.norm(both, axis=1, keepdims=True)

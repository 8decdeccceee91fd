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
_HEADING = 0.2
"""How much the vector of the heading above counts beside the clause's own."""


@dataclass(frozen=True, slots=True)
class Answers:
    """For each text a row: its likeness to each example, and how much speaks for each control (last column: for none at all).

    ``answers`` says how much likeness to each example speaks for each control.
    """

    by_words: Likeness
    alike: Floats
    answers: Floats
    support: Floats


def reading(clause: Clause) -> Reading:
    """A clause as it is compared: its own words and the heading or lead-in next above it."""
    return clause.text, clause.path[-1] if clause.path else ""


def answer(readings: Sequence[Reading], model: Fitted, encoder: Encoder | None, sections: Sequence[Section] = ()) -> Answers:
    """Answers for some texts; by sentence vectors too where an encoder is given and the model learnt from them.

    ``sections`` holds for each text the headings above it; texts under the same ones lend each other a little of their support.
    """
    by_words = model.index.likeness(readings)
    alike, answers = by_words.together(), model.answers
    if encoder is not None and model.vectors is not None and model.vector_answers is not None:
        alike, answers = with_vectors(alike, vector_likeness(read_vectors(readings, encoder), model.vectors)), model.vector_answers
    return Answers(by_words, alike, answers, with_neighbours(alike @ answers, sections))


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
    """Sentence vectors of texts, each with a share of its heading's: many texts stand under one heading, which is read once."""
    own, above = encoder.encode([text for text, _ in readings]), encoder.encode([heading for _, heading in readings])
    shares = np.array([_HEADING if heading else 0 for _, heading in readings], np.float32)
    both = own + shares[:, None] * above
    return both / np.linalg.norm(both, axis=1, keepdims=True)

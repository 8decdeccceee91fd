"""How much speaks for each control, for each of some texts."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np

from schoolgate.policytext.matching.audience import leaning_rows
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
_NEXT = 0.1
"""How much the clause before and the clause after count, in the same chapter."""
_PACKAGE = 0.07
"""How much the support of all controls of a package counts for each of them."""
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


def answer(readings: Sequence[Reading], model: Fitted, vectors: Callable[[], Floats] | None, clauses: Sequence[Clause] = ()) -> Answers:
    """Answers for some texts; by their sentence vectors too where these are given and the model learnt from such.

    ``vectors`` is asked once the words are compared: somebody else may be reading the texts meanwhile. ``clauses`` are those the texts
    come from, in the document's order: they lean on each other and on whom they bind.
    """
    by_words = model.index.likeness(readings)
    alike, answers = by_words.together(), model.answers
    if vectors is not None and model.vectors is not None and model.vector_answers is not None:
        alike, answers = with_vectors(alike, vector_likeness(vectors(), model.vectors)), model.vector_answers
    sections = [clause.path for clause in clauses]
    support = with_neighbours(alike @ answers, sections, model.controls)
    if clauses:
        support += leaning_rows([clause.actors for clause in clauses], sections, model.leaning)
    return Answers(by_words, alike, answers, support)


def with_neighbours(support: Floats, sections: Sequence[Section], controls: Sequence[str]) -> Floats:
    """Support with what stands around: a clause thin in words takes part of its sense from the rest of its section and from the clauses
    just before and after it in the chapter, and a control part of its support from the controls of its package.

    ``support`` has a row for each clause, in the document's order, and a column for each of ``controls``, with one more for none at all.
    """
    own = np.maximum(support[:, :-1], 0)
    lent = support.copy()
    lent[:, :-1] += _PACKAGE * (own @ _same_package(tuple(controls)))
    for first, second in pairwise(range(len(sections))):
        if sections[first] and sections[first][:1] == sections[second][:1]:
            lent[first, :-1] += _NEXT * own[second]
            lent[second, :-1] += _NEXT * own[first]
    for rows in _sections(sections):
        whole = np.column_stack([own[rows], support[rows, -1]])
        others = (whole.sum(axis=0) - whole) / (len(rows) - 1)
        lent[rows, :-1] += _SECTION * others[:, :-1]
        lent[rows, -1] += _SECTION_NONE * (others[:, -1] - whole[:, -1])
    return lent


def _sections(sections: Sequence[Section]) -> list[list[int]]:
    """The places of the clauses of each section that has several."""
    together: dict[Section, list[int]] = defaultdict(list)
    for row, section in enumerate(sections):
        if section:
            together[section].append(row)
    return [rows for rows in together.values() if len(rows) > 1]


@cache
def _same_package(controls: tuple[str, ...]) -> Floats:
    """1 where two controls belong to one package, which is the first part of their names; else 0."""
    packages = np.array([control.partition(".")[0] for control in controls])
    return (packages[:, None] == packages).astype(np.float32)


def read_vectors(readings: Sequence[Reading], encoder: Encoder) -> Floats:
    """Sentence vectors of texts, each with a share of its heading's: many texts stand under one heading, which is read once."""
    own, above = encoder.encode([text for text, _ in readings]), encoder.encode([heading for _, heading in readings])
    shares = np.array([_HEADING if heading else 0 for _, heading in readings], np.float32)
    both = own + shares[:, None] * above
    return both / np.linalg.norm(both, axis=1, keepdims=True)

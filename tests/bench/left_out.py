"""Policies matched by a model that has not seen them: what the figures, the calibration and a test of the matcher rest on."""

import csv
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from tests.policytext.conftest import SEEDS, shared_file
from tests.policytext.gold_score import controls_gold, finger

from schoolgate import data
from schoolgate.policytext import Clause, read
from schoolgate.policytext.matching.answering import read_vectors, reading, with_neighbours
from schoolgate.policytext.matching.audience import leaning_rows, learn_leaning
from schoolgate.policytext.matching.chance import CONSIDERED, VECTORS, WORDS, Evidence, reading_numbers, suggestion_numbers
from schoolgate.policytext.matching.examples import SENTENCE, Example, shelf
from schoolgate.policytext.matching.fitting import learn, vector_likeness, with_vectors
from schoolgate.policytext.matching.index import Floats, Reading, build_index
from schoolgate.policytext.matching.storing import senses
from schoolgate.policytext.outline.wording import modality
from schoolgate.policytext.vectors import Encoder, encoder

PACKAGE_TURNS = 4
SENTENCE_TURNS = 5
SUGGESTION_NUMBERS = 4


@dataclass(frozen=True)
class Marked:
    """A clause of a source policy with the rows of the catalogue read out of it."""

    clause: Clause
    rows: tuple[dict[str, str], ...]

    @property
    def wanted(self) -> frozenset[str]:
        """The controls the clause is joined to."""
        return frozenset(control for row in self.rows for control in row["controls"].split(";") if control)

    @property
    def informational(self) -> bool:
        """Whether nothing in the clause is carried by a control."""
        return bool(self.rows) and not self.wanted


def marked(number: str) -> list[Marked]:
    """The clauses of one source policy, each with what was read out of it."""
    with shared_file("catalogue", "obligations.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["seed"] == number]
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    clauses = read(shared_file("data", "policies", "seeds", SEEDS[number])).clauses
    for clause in clauses:
        found[clause.ref] += [row for row in rows if row["quote_start"] in clause.text]
    return [Marked(clause, tuple(found[clause.ref])) for clause in clauses]


def shelf_without(number: str, sentences: bool = True) -> tuple[Example, ...]:
    """The examples of the shelf that do not come from one source policy; ``sentences`` says whether the written ones count too."""
    return tuple(
        example for example in shelf() if not example.id.startswith(f"{number}-") and (sentences or not example.id.startswith(SENTENCE))
    )


def vectors_of(texts: Sequence[str], kept: dict[str, Floats], model: Encoder | None) -> Floats | None:
    """Sentence vectors of some texts, each computed once; None without the optional model."""
    if model is None:
        return None
    new = [text for text in dict.fromkeys(texts) if text not in kept]
    kept.update(zip(new, model.encode(new) if new else (), strict=True))
    return np.array([kept[text] for text in texts])


def evidence() -> dict[str, Evidence]:
    """What models said of texts they had not seen:

    - of the source policies, a model that knows none of them, nor the obligations read out of them: strangers as any school's policy is;
    - of other schools' policies, whose clauses are marked by hand, the whole model;
    - of each fifth of the written sentences, a model of all the rest;
    - of sentences about a quarter of the packages of controls, a model that never heard of these: nothing fits, as for a rule the
      catalogue does not cover.

    Likeness is worked out once, so how rare a word is counts over the whole shelf in each.
    """
    sources = _source_policies()
    policies = [*sources, *_marked_policies(len(sources))]
    unlike_sources = [row for row, example in enumerate(shelf()) if not example.id[0].isdigit()]
    left_out = [(unlike_sources, sources), (list(range(len(shelf()))), policies[len(sources) :])]
    folds = (*left_out, *_sentences_left_out(), *_packages_left_out())
    return {engine: _joined([_evidence(*fold, *alike) for fold in folds]) for engine, alike in _likenesses(policies).items()}


def _likenesses(policies: "list[Unseen]") -> dict[str, tuple[Floats, Floats]]:
    """For each engine the likeness of the examples to one another, and of the clauses of the source policies to the examples."""
    texts, readings, model = [example.text for example in shelf()], [one.reading for one in policies], encoder()
    index = build_index(texts, senses())
    own, others = (index.likeness(some).together() for some in ([(text, "") for text in texts], readings))
    found = {WORDS: (own, others)}
    if model:
        vectors = model.encode(texts)
        near = (vector_likeness(some, vectors) for some in (vectors, read_vectors(readings, model)))
        found[VECTORS] = (with_vectors(own, next(near)), with_vectors(others, next(near)))
    return found


@dataclass(frozen=True)
class Unseen:
    """A text that a model has not seen. ``row`` is its place on the shelf, or among the clauses of the policies.

    A clause of a policy has a section, led by the policy's name, and perhaps people it binds; suggestions are judged by such clauses alone.
    """

    row: int
    reading: Reading
    modality: str
    right: frozenset[str]
    section: tuple[str, ...] = ()
    bound: tuple[str, ...] = ()


def _source_policies() -> list[Unseen]:
    clauses = [(number, one) for number in SEEDS for one in marked(number) if one.rows]
    return [_clause(row, number, one.clause, one.wanted) for row, (number, one) in enumerate(clauses)]


def _marked_policies(first: int) -> list[Unseen]:
    fitting = [(name, fits) for held in (False, True) for name, fits in controls_gold(held).items()]
    clauses = [(name, clause, fits) for name, fits in fitting for clause in read(shared_file("data", "policies", "real", name)).clauses]
    known = [(name, clause, fits[finger(clause.text)]) for name, clause, fits in clauses if finger(clause.text) in fits]
    return [
        _clause(row, name, clause, frozenset(control for control in right if "." in control))
        for row, (name, clause, right) in enumerate(known, start=first)
    ]


def _clause(row: int, policy: str, clause: Clause, right: frozenset[str]) -> Unseen:
    return Unseen(row, reading(clause), clause.modality, right, (" ".join((policy, *clause.path[:1])), *clause.path[1:]), clause.actors)


def _sentences_left_out() -> Iterator[tuple[list[int], list[Unseen]]]:
    for turn in range(SENTENCE_TURNS):
        known = [row for row, example in enumerate(shelf()) if not _in_turn(example, turn)]
        yield known, [_unseen(row, example, example.controls) for row, example in enumerate(shelf()) if _in_turn(example, turn)]


def _packages_left_out() -> Iterator[tuple[list[int], list[Unseen]]]:
    about = [(row, example, {control.split(".")[0] for control in example.controls}) for row, example in enumerate(shelf())]
    packages = sorted({package for _, _, own in about for package in own})
    for turn in range(PACKAGE_TURNS):
        out = set(packages[turn::PACKAGE_TURNS])
        unseen = [_unseen(row, example, ()) for row, example, own in about if own and own <= out and example.id.startswith(SENTENCE)]
        yield [row for row, _, own in about if not own & out], unseen[::3]


def _unseen(row: int, example: Example, right: Sequence[str]) -> Unseen:
    return Unseen(row, (example.text, ""), modality(example.text), frozenset(right))


def _in_turn(example: Example, turn: int) -> bool:
    return example.id.startswith(SENTENCE) and int(example.id.removeprefix(SENTENCE)) % SENTENCE_TURNS == turn


def _evidence(known: list[int], unseen: list[Unseen], examples: Floats, policies: Floats) -> Evidence:
    """What a model of the known rows of the shelf says of some texts, from likenesses as ``_likenesses`` gives them."""
    controls = tuple(control["id"] for control in data.load("catalogue/controls.yaml")["controls"])
    answers = learn(examples[np.ix_(known, known)], [shelf()[row] for row in known], controls)
    alike = (policies if unseen[0].section else examples)[np.ix_([one.row for one in unseen], known)]
    suggested, right, read = [np.zeros((0, SUGGESTION_NUMBERS))], [], []
    leaning = learn_leaning([shelf()[row] for row in known], controls)
    sections = [one.section for one in unseen]
    supports = with_neighbours(alike @ answers, sections, controls) + leaning_rows([one.bound for one in unseen], sections, leaning)
    for one, support, near in zip(unseen, supports, alike.max(axis=1), strict=True):
        read.append(reading_numbers(support, float(near), one.reading[0], one.modality))
        if one.section:
            places = [int(place) for place in np.argsort(-support[:-1], kind="stable")[:CONSIDERED]]
            suggested.append(suggestion_numbers(support, places))
            right += [controls[place] in one.right for place in places]
    empty, real = (np.array(column, bool) for column in zip(*((not one.right, bool(one.section)) for one in unseen), strict=True))
    return Evidence(np.concatenate(suggested), np.array(right, bool), np.array(read), empty, real)


def _joined(folds: list[Evidence]) -> Evidence:
    columns = ("suggested", "right", "read", "empty", "real")
    return Evidence(*(np.concatenate([getattr(fold, column) for fold in folds]) for column in columns))

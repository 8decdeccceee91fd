"""Each source policy matched by a model that has not seen it: what the figures, the calibration and a test of the matcher rest on."""

import csv
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from tests.policytext.conftest import SEEDS, shared_file

from schoolgate.policytext import Clause, read
from schoolgate.policytext.matching.answering import Answers, answer, reading
from schoolgate.policytext.matching.chance import CONSIDERED, VECTORS, WORDS, Evidence, reading_numbers, suggestion_numbers
from schoolgate.policytext.matching.examples import SENTENCE, Example, shelf
from schoolgate.policytext.matching.fitting import fit
from schoolgate.policytext.matching.index import Floats, Reading
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
    - of each fifth of the written sentences, a model of all the rest;
    - of sentences about a quarter of the packages of controls, a model that never heard of these: nothing fits, as for a rule the
      catalogue does not cover.
    """
    model, kept = encoder(), {}
    found: dict[str, list[Evidence]] = defaultdict(list)
    for known, unseen in (_policies_left_out(), *_sentences_left_out(), *_packages_left_out()):
        fitted = fit(known, senses(), vectors_of([example.text for example in known], kept, model))
        for engine, served in ((WORDS, None), (VECTORS, model)):
            if engine == WORDS or served:
                answers = answer([one.reading for one in unseen], fitted, served, [one.section for one in unseen])
                found[engine].append(_evidence(unseen, answers, fitted.controls))
    return {engine: _joined(folds) for engine, folds in found.items()}


@dataclass(frozen=True)
class Unseen:
    """A text that a model has not seen. A clause of a policy has a section, led by the policy's number; suggestions are judged by it."""

    reading: Reading
    modality: str
    right: frozenset[str]
    section: tuple[str, ...] = ()


def _policies_left_out() -> tuple[list[Example], list[Unseen]]:
    clauses = [(number, one) for number in SEEDS for one in marked(number) if one.rows]
    unseen = [Unseen(reading(one.clause), one.clause.modality, one.wanted, (number, *one.clause.path)) for number, one in clauses]
    return [example for example in shelf() if not example.id[0].isdigit()], unseen


def _sentences_left_out() -> Iterator[tuple[list[Example], list[Unseen]]]:
    for turn in range(SENTENCE_TURNS):
        unseen = [_unseen(example, frozenset(example.controls)) for example in shelf() if _in_turn(example, turn)]
        yield [example for example in shelf() if not _in_turn(example, turn)], unseen


def _packages_left_out() -> Iterator[tuple[list[Example], list[Unseen]]]:
    packages = sorted({control.split(".")[0] for example in shelf() for control in example.controls})
    for turn in range(PACKAGE_TURNS):
        out = set(packages[turn::PACKAGE_TURNS])
        about = [(example, {control.split(".")[0] for control in example.controls}) for example in shelf()]
        unseen = [_unseen(example, frozenset()) for example, own in about if own and own <= out and example.id.startswith(SENTENCE)]
        yield [example for example, own in about if not own & out], [one for place, one in enumerate(unseen) if place % 3 == 0]


def _unseen(example: Example, right: frozenset[str]) -> Unseen:
    return Unseen((example.text, ""), modality(example.text), right)


def _in_turn(example: Example, turn: int) -> bool:
    return example.id.startswith(SENTENCE) and int(example.id.removeprefix(SENTENCE)) % SENTENCE_TURNS == turn


def _evidence(unseen: list[Unseen], answers: Answers, controls: tuple[str, ...]) -> Evidence:
    suggested, right, read = [np.zeros((0, SUGGESTION_NUMBERS))], [], []
    for one, support, alike in zip(unseen, answers.support, answers.alike, strict=True):
        read.append(reading_numbers(support, float(alike.max()), one.reading[0], one.modality))
        if one.section:
            places = [int(place) for place in np.argsort(-support[:-1], kind="stable")[:CONSIDERED]]
            suggested.append(suggestion_numbers(support, places))
            right += [controls[place] in one.right for place in places]
    empty, real = (np.array(column, bool) for column in zip(*((not one.right, bool(one.section)) for one in unseen), strict=True))
    return Evidence(np.concatenate(suggested), np.array(right, bool), np.array(read), empty, real)


def _joined(folds: list[Evidence]) -> Evidence:
    columns = ("suggested", "right", "read", "empty", "real")
    return Evidence(*(np.concatenate([getattr(fold, column) for fold in folds]) for column in columns))

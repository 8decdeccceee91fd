"""Each source policy matched by a model that has not seen it: what the figures, the calibration and a test of the matcher rest on."""

import csv
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from tests.policytext.conftest import SEEDS, shared_file

from schoolgate.policytext import Clause, read
from schoolgate.policytext.matching.answering import answer, reading
from schoolgate.policytext.matching.chance import CONSIDERED, VECTORS, WORDS, Evidence, reading_numbers, suggestion_numbers
from schoolgate.policytext.matching.examples import SENTENCE, Example, shelf
from schoolgate.policytext.matching.fitting import fit
from schoolgate.policytext.matching.index import Floats, Reading
from schoolgate.policytext.matching.storing import senses
from schoolgate.policytext.vectors import Encoder, encoder
from schoolgate.policytext.wording import modality


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
    """What models said of texts they had not seen: each source policy, together with a fifth of the written sentences, left out in turn."""
    model, kept = encoder(), {}
    found: dict[str, list[tuple[np.ndarray, ...]]] = defaultdict(list)
    for turn, number in enumerate(SEEDS):
        known = [example for example in shelf_without(number) if not _in_turn(example, turn)]
        unseen = [example for example in shelf() if _in_turn(example, turn)]
        fitted = fit(known, senses(), vectors_of([example.text for example in known], kept, model))
        policy = [one for one in marked(number) if one.rows]
        readings = [reading(one.clause) for one in policy] + [(example.text, "") for example in unseen]
        stated = [one.clause.modality for one in policy] + [modality(example.text) for example in unseen]
        right = [one.wanted for one in policy] + [frozenset(example.controls) for example in unseen]
        for engine, served in ((WORDS, None), (VECTORS, model)):
            if engine == WORDS or served:
                support = answer(readings, fitted, served).support
                found[engine].append(_fold(fitted.controls, readings, stated, right, support, len(policy)))
    return {engine: Evidence(*map(np.concatenate, zip(*folds, strict=True))) for engine, folds in found.items()}


def _in_turn(example: Example, turn: int) -> bool:
    return example.id.startswith(SENTENCE) and int(example.id.removeprefix(SENTENCE)) % len(SEEDS) == turn


def _fold(
    controls: tuple[str, ...],
    readings: list[Reading],
    stated: list[str],
    right: list[frozenset[str]],
    support: Floats,
    policy: int,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The numbers of one turn. What a suggestion is worth is learnt from the policy's own clauses alone, ``policy`` in number."""
    suggested, good = [], []
    for (text, _), row, wanted in zip(readings[:policy], support[:policy], right[:policy], strict=True):
        places = [int(place) for place in np.argsort(-row[:-1], kind="stable")[:CONSIDERED]]
        suggested.append(suggestion_numbers(row, places, text))
        good += [controls[place] in wanted for place in places]
    read = [reading_numbers(row, text, force) for (text, _), row, force in zip(readings, support, stated, strict=True)]
    return np.concatenate(suggested), np.array(good), np.array(read), np.array([not wanted for wanted in right])

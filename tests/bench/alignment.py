"""How well ``policy align`` finds the school's passage and says how it stands, against a clerk's labels, with a plain peer beside it.

The labels are in tests/policytext/gold/alignment.json: hashes only, made by reading both texts side by side. Those of part "held" were
never used to choose anything. The peer is a TF-IDF nearest neighbour that reads strictness from the modal verb alone.
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from sklearn.feature_extraction.text import TfidfVectorizer
from tests.policytext.gold_score import GOLD, POLICIES, finger

from schoolgate.policytext import Clause, Document, align, read

ALIKE = 0.2
"""The peer's least likeness, the one that makes most of its verdicts right on the tuned part."""

FORCE = {"must_not": 2, "must": 2, "declares": 2, "should": 1, "should_not": 1, "may": 0}


class Answer(NamedTuple):
    """What was said about one principle: a verdict or None, the fingers of the school's passages, and of those named as nearest."""

    verdict: str | None
    passages: tuple[str, ...]
    nearest: tuple[str, ...] = ()


Aligner = Callable[[Document, Document], Mapping[str, Answer]]


def labels() -> list[dict[str, Any]]:
    """The labelled pairs of documents."""
    return json.loads((GOLD / "alignment.json").read_text(encoding="utf-8"))


@cache
def document(source: str) -> Document:
    """One of the shared policies, read."""
    return read(Path(POLICIES) / source)


def ours(trust: Document, school: Document) -> dict[str, Answer]:
    """What the product says."""
    principles = align(trust, school).principles
    return {finger(one.text): Answer(one.verdict, _fingers(one.school), _fingers(one.nearest)) for one in principles}


def _fingers(clauses: Sequence[Clause]) -> tuple[str, ...]:
    return tuple(finger(clause.text) for clause in clauses)


def peer(trust: Document, school: Document) -> dict[str, Answer]:
    """The nearest neighbour by TF-IDF; the stronger modal verb is stricter."""
    texts, others = [clause.text for clause in trust.clauses], [clause.text for clause in school.clauses]
    bags = TfidfVectorizer(sublinear_tf=True, stop_words="english").fit_transform([*texts, *others])
    table = (bags[: len(texts)] @ bags[len(texts) :].T).toarray()
    return {finger(clause.text): _nearest(clause, row, school.clauses) for clause, row in zip(trust.clauses, table, strict=True)}


def _nearest(clause: Clause, row: Sequence[float], others: Sequence[Clause]) -> Answer:
    best = max(range(len(row)), key=lambda place: row[place])
    if row[best] < ALIKE:
        return Answer("missing", ())
    difference = FORCE[others[best].modality] - FORCE[clause.modality]
    return Answer("same" if not difference else "stricter" if difference > 0 else "looser", (finger(others[best].text),))


def judged(part: str, aligner: Aligner) -> Iterator[tuple[dict[str, Any], Answer]]:
    """Every label of a part with what was answered; a principle that is not read as a clause any more is left out."""
    for pair in labels():
        if pair["part"] == part:
            answers = aligner(document(pair["trust"]), document(pair["school"]))
            for mark, label in pair["principles"].items():
                if mark in answers:
                    yield label, answers[mark]


def figures(rows: Sequence[tuple[dict[str, Any], Answer]]) -> dict[str, float]:
    """Shares from 0 to 1: partner found, verdict right, missing found and rightly said, the rest left out as it should be."""
    spoken = [(label, answer) for label, answer in rows if label["passages"]]
    four = [(label, answer) for label, answer in rows if label["verdicts"][0] not in ("none", "silent")]
    absent = [(label, answer) for label, answer in four if "missing" in label["verdicts"]]
    said = [label for label, answer in four if answer.verdict == "missing"]
    apart = [answer for label, answer in rows if label["verdicts"][0] in ("none", "silent")]
    return {
        "labels": len(rows),
        "partner": _share(bool(set(label["passages"]) & set(answer.passages)) for label, answer in spoken),
        "partner or nearest": _share(bool(set(label["passages"]) & {*answer.passages, *answer.nearest}) for label, answer in spoken),
        "verdict": _share(_right(label, answer) for label, answer in four),
        "verdict where spoken": _share(_right(label, answer) for label, answer in spoken),
        "missing recall": _share(_right(label, answer) for label, answer in absent),
        "missing precision": _share("missing" in label["verdicts"] for label in said),
        "left out": _share(answer.verdict is None for answer in apart),
    }


def _right(label: Mapping[str, Any], answer: Answer) -> bool:
    return (answer.verdict or "none") in label["verdicts"]


def _share(truths: Iterator[bool]) -> float:
    values = list(truths)
    return round(sum(values) / len(values), 3) if values else 0.0


def main() -> None:
    """Print the figures of both parts, ours and the peer's, and the time of the largest pair."""
    for part in ("tuned", "held"):
        for name, aligner in (("schoolgate", ours), ("tf-idf and force", peer)):
            rows = list(judged(part, aligner))
            spread = Counter(label["verdicts"][0] for label, _ in rows)
            print(f"{part:6} {name:18}", "  ".join(f"{key} {value}" for key, value in figures(rows).items()))
        print("       labelled", dict(spread))
    began = time.process_time()
    pair = labels()[0]
    trust, school = document(pair["trust"]), document(pair["school"])
    align(trust, school)
    print(f"align, {len(trust.clauses)} x {len(school.clauses)} clauses: {time.process_time() - began:.2f} s CPU")


if __name__ == "__main__":
    main()

"""A trust's principles beside a school's own text: where the school says the same, is stricter, is looser, or says nothing."""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from schoolgate.policytext.comparing.demands import ALLOWS, demand_of, weigh
from schoolgate.policytext.matching import match
from schoolgate.policytext.model import Clause, Document, Match, Source
from schoolgate.policytext.words import content_words

VERDICTS = ("same", "stricter", "looser", "missing")
Likeness = Callable[[Sequence[str], Sequence[str]], Sequence[Sequence[float]]]
"""Of every text of the first list to every text of the second: from 0, nothing in common, to 1, the same."""

_ABOUT = 0.5
"""The least likeness at which a school's clause is about a principle at all."""

_NEAR = 0.85
"""Of the likest clauses, those with at least this share of the best likeness are weighed together; the strictest counts."""

_LEAD_SHARE = 0.5
_CONTROL_SHARE = 0.35


@dataclass(frozen=True, slots=True)
class Principle:
    """One statement of the trust, and how a school's text stands to it.

    ``verdict`` is one of VERDICTS, or None where the trust only allows something and the school says nothing about it. ``school`` holds the
    school's clauses that speak of it, likest first; ``likeness`` is that of the first, from 0 to 1; ``why`` says what made the verdict.
    """

    ref: str
    text: str
    modality: str
    verdict: str | None
    likeness: float
    why: str
    school: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Alignment:
    """Every principle of a trust's text beside a school's text."""

    trust: Source
    school: Source
    principles: tuple[Principle, ...]

    @property
    def summary(self) -> dict[str, int]:
        """How many principles have each verdict."""
        return {verdict: sum(one.verdict == verdict for one in self.principles) for verdict in VERDICTS}

    def as_json(self) -> dict[str, Any]:
        """Plain dicts and lists, with the summary."""
        return {
            "trust": asdict(self.trust),
            "school": asdict(self.school),
            "principles": [_row(one) for one in self.principles],
            "summary": self.summary,
        }


def _row(one: Principle) -> dict[str, Any]:
    passages = [{"ref": clause.ref, "path": list(clause.path), "text": clause.text, "modality": clause.modality} for clause in one.school]
    said = {"ref": one.ref, "text": one.text, "modality": one.modality, "verdict": one.verdict}
    return {**said, "likeness": one.likeness, "why": one.why, "school": passages}


def align(trust: Document, school: Document) -> Alignment:
    """Each principle of a trust's document against a school's. Background statements of the trust are no principles."""
    mine, theirs = match(trust), match(school)
    kept = [(clause, found) for clause, found in zip(trust.clauses, mine, strict=True) if found.kind != "informational"]
    principles = align_clauses([clause for clause, _ in kept], school.clauses, [found for _, found in kept], theirs)
    return Alignment(trust.source, school.source, principles)


def align_clauses(
    trust: Sequence[Clause], school: Sequence[Clause], mine: Sequence[Match], theirs: Sequence[Match], likeness: Likeness | None = None
) -> tuple[Principle, ...]:
    """Each clause of the trust against the school's clauses, with the controls suggested for both."""
    texts, others = [_whole(clause) for clause in trust], [_whole(clause) for clause in school]
    table = (likeness or _shared_words)(texts, others) if others else [[] for _ in texts]
    principles = []
    for clause, found, row in zip(trust, mine, table, strict=True):
        scored = sorted(
            ((like + _CONTROL_SHARE * _agree(found, other), -place) for place, (like, other) in enumerate(zip(row, theirs, strict=True))),
            reverse=True,
        )
        principles.append(_principle(clause, [(score, school[-place]) for score, place in scored[:3]]))
    return tuple(principles)


def _whole(clause: Clause) -> str:
    """The words of a clause with the lead-in or heading it stands under."""
    return f"{clause.path[-1]} {clause.text}" if clause.path else clause.text


def _agree(first: Match, second: Match) -> float:
    """How far two clauses are carried by the same controls: the product of the scores of the best one they share."""
    scores = {one.control: one.score for one in second.suggestions}
    return max((math.sqrt(one.score * scores[one.control]) for one in first.suggestions if one.control in scores), default=0.0)


def _principle(clause: Clause, near: Sequence[tuple[float, Clause]]) -> Principle:
    best = near[0][0] if near else 0.0
    about = tuple(other for score, other in near if score >= max(_ABOUT, _NEAR * best))
    likeness = round(min(1.0, best), 3)
    if not about:
        allows = demand_of(clause).way == ALLOWS
        why = "the trust only allows this, so nothing has to be said" if allows else "no clause of the school speaks of it"
        return Principle(clause.ref, clause.text, clause.modality, None if allows else "missing", likeness, why, ())
    weighed = [weigh(demand_of(clause), demand_of(other)) for other in about]
    verdict, why = max(weighed, key=lambda pair: ("looser", "same", "stricter").index(pair[0]))
    return Principle(clause.ref, clause.text, clause.modality, verdict, likeness, why, about)


def _shared_words(texts: Sequence[str], others: Sequence[str]) -> list[list[float]]:
    """Likeness by rare words in common: the cosine of two bags of stems, each weighted by how few clauses of both texts hold it."""
    bags, other_bags = [Counter(content_words(text)) for text in texts], [Counter(content_words(text)) for text in others]
    holders = Counter(word for bag in (*bags, *other_bags) for word in bag)
    rarity = {word: math.log((1 + len(bags) + len(other_bags)) / (1 + times)) + 1 for word, times in holders.items()}
    first, second = [_weighed(bag, rarity) for bag in bags], [_weighed(bag, rarity) for bag in other_bags]
    return [[sum(weight * other.get(word, 0.0) for word, weight in one.items()) for other in second] for one in first]


def _weighed(bag: Mapping[str, int], rarity: Mapping[str, float]) -> dict[str, float]:
    raw = {word: (1 + math.log(times)) * rarity[word] for word, times in bag.items()}
    length = math.sqrt(sum(weight * weight for weight in raw.values()))
    return {word: weight / length for word, weight in raw.items()} if length else {}

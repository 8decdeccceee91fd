"""A trust's principles beside a school's own text: where the school says the same, is stricter, is looser, or says nothing."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources
from typing import Any

from schoolgate.policytext.comparing.demands import ALLOWS, Demand, demand_of, weigh
from schoolgate.policytext.comparing.likeness import Near, nearness
from schoolgate.policytext.comparing.standing import why_no_principle
from schoolgate.policytext.comparing.units import letters_of
from schoolgate.policytext.matching import match
from schoolgate.policytext.model import Clause, Document, Match, Source
from schoolgate.policytext.outline.wording import modality

VERDICTS = ("same", "stricter", "looser", "missing")

_ABOUT = 0.2
"""The least likeness at which a school's clause is about a principle at all."""

_NEAR = 0.04
"""Below that, a clause with at least this likeness is named as the nearest."""

_DOUBTED = 0.5
"""Below that, fewer than half of the verdicts were right on the labelled texts, above it five in six: the reader is told."""

_BESIDE = 0.3
"""Of the likest clauses, those with at least this share of the best likeness are shown."""

_TOGETHER = 0.7
"""Those with at least this share are read together: what the strictest asks is what the school asks."""

_SHOWN = 3
_STRICTNESS = ("looser", "same", "stricter")


@dataclass(frozen=True, slots=True)
class Principle:
    """One statement of the trust, and how a school's text stands to it.

    ``verdict`` is one of VERDICTS, or None where nothing need be said: the statement asks nothing of a school, or only allows something
    about which the school is silent. ``school`` holds the school's clauses that speak of it, likest first; ``likeness`` is that of the
    first, from 0 to 1; ``why`` says in plain words what made the verdict. ``nearest`` holds the clauses a reader may look at before
    believing that nothing speaks of it; it is empty where nothing comes near.
    """

    ref: str
    text: str
    modality: str
    verdict: str | None
    likeness: float
    why: str
    school: tuple[Clause, ...]
    nearest: tuple[Clause, ...] = ()


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
    said = {"ref": one.ref, "text": one.text, "modality": one.modality, "verdict": one.verdict}
    passages = {"school": [_passage(clause) for clause in one.school], "nearest": [_passage(clause) for clause in one.nearest]}
    return {**said, "likeness": one.likeness, "why": one.why, **passages}


def _passage(clause: Clause) -> dict[str, Any]:
    return {"ref": clause.ref, "path": list(clause.path), "text": clause.text, "modality": clause.modality}


@cache
def engine_print() -> str:
    """SHA-256 of the code that compares: with another value the verdicts may be others."""
    told = hashlib.sha256()
    folder = resources.files("schoolgate.policytext.comparing")
    for file in sorted((one for one in folder.iterdir() if one.name.endswith(".py")), key=lambda one: one.name):
        told.update(file.read_bytes())
    return told.hexdigest()


def align(trust: Document, school: Document) -> Alignment:
    """Each statement of a trust's document against a school's. Facts, background and what the trust's own board does get no verdict."""
    return Alignment(trust.source, school.source, align_clauses(trust.clauses, school.clauses, match(trust, top=1), match(school, top=1)))


def align_clauses(
    trust: Sequence[Clause], school: Sequence[Clause], mine: Sequence[Match], theirs: Sequence[Match]
) -> tuple[Principle, ...]:
    """Each clause of the trust against the school's clauses, with the matches of both for what is background."""
    apart = [why_no_principle(clause, found.kind) for clause, found in zip(trust, mine, strict=True)]
    asking = [clause for clause, why in zip(trust, apart, strict=True) if why is None]
    answering = [clause for clause, found in zip(school, theirs, strict=True) if why_no_principle(clause, found.kind) is None]
    rows = iter(nearness(asking, answering))
    return tuple(
        Principle(clause.ref, clause.text, clause.modality, None, 0.0, why, ()) if why else _principle(clause, next(rows), answering)
        for clause, why in zip(trust, apart, strict=True)
    )


def _principle(clause: Clause, row: Sequence[Near], answering: Sequence[Clause]) -> Principle:
    own = letters_of(clause.text)
    word_for_word = [place for place, other in enumerate(answering) if letters_of(other.text) == own]
    if word_for_word:
        found = tuple(answering[place] for place in word_for_word[:_SHOWN])
        return Principle(clause.ref, clause.text, clause.modality, "same", 1.0, "word for word the same", found)
    ranked = sorted(range(len(row)), key=lambda place: (-row[place].likeness, place))[:_SHOWN]
    best = row[ranked[0]].likeness if ranked else 0.0
    about = [place for place in ranked if row[place].likeness >= max(_ABOUT, _BESIDE * best)]
    likeness = round(best, 3)
    if not about:
        nearest = tuple(answering[place] for place in ranked if row[place].likeness >= _NEAR)
        verdict, why = _silence(clause, nearest)
        return Principle(clause.ref, clause.text, clause.modality, verdict, likeness, why, (), nearest)
    weighed = [_weighed(clause, row[place], answering[place]) for place in about if row[place].likeness >= _TOGETHER * best]
    verdict, why = max(weighed, key=lambda pair: _STRICTNESS.index(pair[0]))
    why += "; the two are only a little alike, so read both" if best < _DOUBTED else ""
    return Principle(clause.ref, clause.text, clause.modality, verdict, likeness, why, tuple(answering[place] for place in about))


def _silence(clause: Clause, nearest: Sequence[Clause]) -> tuple[str | None, str]:
    if demand_of(clause.text, clause.modality).way == ALLOWS:
        return None, "the trust only allows this, so nothing has to be said"
    if nearest:
        return "missing", f"no clause of the school clearly speaks of it; the nearest is {nearest[0].ref}"
    return "missing", "no clause of the school speaks of it"


def _weighed(clause: Clause, near: Near, other: Clause) -> tuple[str, str]:
    """The verdict on the sentences of both clauses that meet."""
    return weigh(_demand(near.mine, clause), _demand(near.theirs, other))


def _demand(part: str, clause: Clause) -> Demand:
    """What a sentence of a clause demands; a sentence that shows no force of its own has that of its clause."""
    force = modality(part, clause.path)
    return demand_of(part, clause.modality if force == "declares" else force)

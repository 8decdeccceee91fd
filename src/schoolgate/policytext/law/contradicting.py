"""Clauses of one document that cannot both hold.

A false alarm costs a clerk more than a miss, so two sentences are only set against each other where they speak of the same people and the
same thing in all but a word or two, and neither carries a condition that could tell an exception from its rule.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from schoolgate.policytext.law.claims import Claim, claims_of
from schoolgate.policytext.law.preparing import shortened
from schoolgate.policytext.law.statements import Statement, statements
from schoolgate.policytext.model import Clause, Finding

_ALIKE = 0.75
_FEWEST = 3
_MOST_NEAR = 60


def contradictions(clauses: Sequence[Clause]) -> list[Finding]:
    """Pairs of clauses that cannot both hold, shown at the later one: allowed and forbidden, two limits, two ages, two people to tell."""
    said = list(statements(clauses))
    found = [*_opposed(said), *_disagreeing([claim for one in said for claim in claims_of(one)])]
    seen: set[tuple[str, str]] = set()
    findings = []
    for finding in found:
        if (finding.rule, finding.ref or "") not in seen:
            seen.add((finding.rule, finding.ref or ""))
            findings.append(finding)
    return findings


def _opposed(said: Sequence[Statement]) -> Iterator[Finding]:
    """Sentences that say nearly the same of the same people, one allowing or asking what the other forbids."""
    weighed = [one for one in said if len(one.about) >= _FEWEST and one.force != "states"]
    common = Counter(word for one in weighed for word in one.about)
    nearby: dict[str, list[Statement]] = defaultdict(list)
    for one in weighed:
        if one.force != "forbids":
            for word in _rarest(one.about, common):
                nearby[word].append(one)
    for one in weighed:
        if one.force != "forbids":
            continue
        others = [other for word in _rarest(one.about, common) for other in nearby[word][:_MOST_NEAR]]
        other = next((other for other in others if _opposes(one, other)), None)
        if other is not None:
            yield _opposite(*sorted((one, other), key=lambda row: row.order))


def _opposes(one: Statement, other: Statement) -> bool:
    if one.ref == other.ref or one.conditional != other.conditional or not _same_people(one, other):
        return False
    if one.conditional and _numbers(one.text) != _numbers(other.text):
        return False
    return _alike(one.about, other.about) and 2 * len(one.own & other.own) >= max(len(one.own), len(other.own), 1)


def _numbers(text: str) -> list[str]:
    return re.findall(r"\d+", text)


def _opposite(first: Statement, later: Statement) -> Finding:
    forbids = later.force == "forbids"
    here, there = ("forbids", "allows or asks for") if forbids else ("allows or asks for", "forbids")
    message = f'This {here} what {first.ref} {there}: "{shortened(first.text)}".'
    advice = f"Decide which holds, then say it once: keep {first.ref} or {later.ref}, or name the exception in one of them."
    return Finding("Q05", "warn", later.ref, shortened(later.text), message, advice)


def _same_people(one: Statement, other: Statement) -> bool:
    if one.form != other.form:
        return False
    return not one.who or not other.who or bool(one.who & other.who)


def _rarest(words: frozenset[str], common: Counter[str]) -> list[str]:
    """The words two texts cannot both be without: if they share three quarters, they share one of these."""
    ranked = sorted(words, key=lambda word: (common[word], word))
    return ranked[: len(words) - -(-3 * len(words) // 4) + 1]


def _alike(words: frozenset[str], others: frozenset[str]) -> bool:
    return len(words & others) >= _ALIKE * len(words | others)


def _disagreeing(claims: Iterable[Claim]) -> Iterator[Finding]:
    """Claims of one kind about the same thing with different values."""
    kinds: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        earlier = next((other for other in kinds[claim.kind][:_MOST_NEAR] if _disagree(other, claim)), None)
        kinds[claim.kind].append(claim)
        if earlier is not None:
            yield _disagreement(earlier, claim)


def _disagree(first: Claim, later: Claim) -> bool:
    if first.value == later.value or first.said.ref == later.said.ref or first.about != later.about or len(first.about) < 2:
        return False
    if first.kind != "duty" and not first.kind.startswith("age") and not _same_people(first.said, later.said):
        return False
    if first.said.under != later.said.under and first.said.under & later.said.under:
        return False  # Parallel sections, such as "Verbal warning" and "Written warning", each with its own limit.
    return not _another_measure(first, later)


def _another_measure(first: Claim, later: Claim) -> bool:
    """School days, working days and plain days are counted apart; the same number of them is no disagreement to be sure of."""
    if first.kind not in ("deadline", "period", "cycle"):
        return False
    (hours, *_), (other, *_) = str(first.value).split(), str(later.value).split()
    return hours == other


def _disagreement(first: Claim, later: Claim) -> Finding:
    what = {
        "tell": ("Q08", "names another person to tell"),
        "duty": ("Q08", "gives the duty to another person"),
        "cycle": ("Q06", "sets another rhythm"),
    }
    rule, told = what.get(later.kind, ("Q07", "gives another age") if later.kind.startswith("age") else ("Q06", "sets another time limit"))
    message = f'This {told} than {first.said.ref} for the same thing: here "{later.shown}", there "{first.shown}".'
    advice = f"Decide which holds and write it in both {first.said.ref} and {later.said.ref}."
    return Finding(rule, "warn", later.said.ref, shortened(later.said.text), message, advice)

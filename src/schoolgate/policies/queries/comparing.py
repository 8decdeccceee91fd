"""Two versions of a policy beside each other."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from schoolgate import policytext
from schoolgate.people.access import Scope
from schoolgate.policies import rules
from schoolgate.policies.models import Clause, ClauseKind, PolicyVersion
from schoolgate.policies.queries.library import versions_in_reach, versions_of, words_decided_before

Changes = tuple[policytext.Change, ...]

_COMPARED: OrderedDict[tuple[Any, ...], Changes] = OrderedDict()
"""Comparisons of two long texts take longer than a page may, and the two fingerprints say all that matters: kept in this process."""

_MOST_COMPARED = 64


def changes(before: PolicyVersion, after: PolicyVersion) -> Changes:
    """Every change from one version to another, in the order of the newer text."""
    key = (before.id, before.fingerprint, after.id, after.fingerprint)
    found = _COMPARED.get(key)
    if found is None:
        found = policytext.compare(_texts(before), _texts(after))
        _COMPARED[key] = found
        while len(_COMPARED) > _MOST_COMPARED:
            _COMPARED.popitem(last=False)
    return found


def _texts(version: PolicyVersion) -> list[policytext.Clause]:
    rows = version.clauses.order_by("position").values_list("ref", "path", "text", "modality")
    return [policytext.Clause(ref, tuple(path), text, modality) for ref, path, text, modality in rows]


def clauses_changed(scope: Scope, version: PolicyVersion, refs: Iterable[str]) -> dict[str, Clause]:
    """Clauses of a version by reference, joins fetched along."""
    rows = Clause.objects.filter(versions_in_reach(scope, "version__"), version=version, ref__in=list(refs))
    return {row.ref: row for row in rows.defer("suggestions", "places").prefetch_related("joins")}


def differences(before: PolicyVersion, after: PolicyVersion) -> dict[str, int]:
    """How many clauses changed how, and from which version: what the library keeps about a version."""
    return {"from": before.number, **rules.change_counts(changes(before, after))}


def earlier(scope: Scope, found: PolicyVersion) -> list[PolicyVersion]:
    """The versions a version can be compared with: those before it in reach, newest first."""
    return [row for row in versions_of(scope, found.policy_id) if row.number < found.number]


@dataclass(frozen=True, slots=True)
class Carrying:
    """What can be carried over from the version before: clauses whose words stayed, and clauses that were reworded and are asked again."""

    kept: int = 0
    reworded: int = 0


def carrying(scope: Scope, found: PolicyVersion) -> Carrying:
    """How many clauses with nothing behind them were decided in an earlier version, in the same words or in others."""
    before = next(iter(earlier(scope, found)), None)
    if before is None:
        return Carrying()
    texts = dict(Clause.objects.filter(version=found, kind=ClauseKind.UNJOINED).order_by().values_list("ref", "text"))
    decided = set(Clause.objects.filter(version=before).exclude(kind=ClauseKind.UNJOINED).order_by().values_list("ref", flat=True))
    words = words_decided_before(scope, found)
    kept = {ref for ref, text in texts.items() if rules.same_words(text) in words} if words else set()
    reworded = {
        ref
        for change in (changes(before, found) if decided and texts else ())
        if change.kind in ("reworded", "dates_or_names") and decided.intersection(change.before)
        for ref in change.after
    }
    return Carrying(len(kept), len((reworded & set(texts)) - kept))

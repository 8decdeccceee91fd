"""Two versions of a policy beside each other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from schoolgate import policytext
from schoolgate.people.access import Scope
from schoolgate.policies import rules
from schoolgate.policies.models import Clause, PolicyVersion
from schoolgate.policies.queries.library import clauses_in_force, decided_before, versions_of


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every change from one version to another, with the clauses of both by their references."""

    changes: tuple[policytext.Change, ...]
    before: dict[str, Clause]
    after: dict[str, Clause]

    @property
    def counts(self) -> dict[str, int]:
        return rules.change_counts(self.changes)


def comparison(scope: Scope, before: PolicyVersion, after: PolicyVersion) -> Comparison:
    """What became of each clause. The texts alone decide, so the answer for two fingerprints is worked out once."""
    rows: dict[UUID, dict[str, Clause]] = {before.id: {}, after.id: {}}
    for row in clauses_in_force(scope, rows):
        rows[row.version_id][row.ref] = row
    old, new = rows[before.id], rows[after.id]
    return Comparison(_compared(_texts(old.values()), _texts(new.values())), old, new)


Texts = tuple[tuple[str, tuple[str, ...], str, str], ...]


def _texts(rows: Iterable[Clause]) -> Texts:
    return tuple((row.ref, tuple(row.path), row.text, row.modality) for row in rows)


@lru_cache(maxsize=16)
def _compared(before: Texts, after: Texts) -> tuple[policytext.Change, ...]:
    """Pure in the words of both texts: a comparison of two long texts takes longer than a page may."""
    return policytext.compare(_clauses(before), _clauses(after))


def _clauses(texts: Texts) -> Sequence[policytext.Clause]:
    return [policytext.Clause(*text) for text in texts]


def differences(before: PolicyVersion, after: PolicyVersion) -> dict[str, int]:
    """How many clauses changed how, and from which version: what the library keeps about a version."""
    old, new = (_texts(version.clauses.order_by("position")) for version in (before, after))
    return {"from": before.number, **rules.change_counts(_compared(old, new))}


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
    held = comparison(scope, before, found)
    open_refs = {ref for ref, row in held.after.items() if row.kind == "unjoined"}
    decided = {ref for ref, row in held.before.items() if row.kind != "unjoined"}
    words = decided_before(scope, found)
    kept = {ref for ref in open_refs if rules.same_words(held.after[ref].text) in words}
    reworded = {
        ref
        for change in held.changes
        if change.kind in ("reworded", "dates_or_names") and decided.intersection(change.before)
        for ref in change.after
    }
    return Carrying(len(kept), len((reworded & open_refs) - kept))

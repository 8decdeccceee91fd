"""A version with everything a bundle takes along, and where a policy came from."""

from dataclasses import dataclass
from datetime import date

from schoolgate import policytext
from schoolgate.people.access import Scope
from schoolgate.policies import bundling
from schoolgate.policies.models import AdoptedFrom, PolicyVersion
from schoolgate.policies.queries.comparing import changes
from schoolgate.policies.queries.library import clauses_of
from schoolgate.policies.queries.settings import settings_needed, standings
from schoolgate.policies.rules import CHANGES, change_counts


@dataclass(frozen=True, slots=True)
class Trail:
    """Where the text of a version came from, and what became of it since: how many clauses changed how against the text that was taken."""

    taken: AdoptedFrom
    changed: dict[str, int]  # by kind, those that changed; empty: nothing did
    mended: bool  # the text that was taken was put right here before anybody approved it

    @property
    def origins(self) -> list[policytext.Origin]:
        """Every school it passed through, the first first."""
        return [*(policytext.Origin(**step) for step in self.taken.trail), bundling.origin_of(self.taken)]


def taken_from(scope: Scope, found: PolicyVersion) -> AdoptedFrom | None:
    """The last bundle that this version or one before it came in."""
    rows = AdoptedFrom.objects.filter(
        version__policy_id=found.policy_id, version__number__lte=found.number, version__policy__trust_id=scope.trust_id
    )
    return rows.select_related("version").order_by("-version__number").first()


def trail_of(scope: Scope, found: PolicyVersion) -> Trail | None:
    """Where a version came from and what was changed since: beside the queries, the comparison of two texts."""
    taken = taken_from(scope, found)
    if taken is None:
        return None
    counts = change_counts(changes(taken.version, found)) if taken.version_id != found.id else {}
    changed = {kind: count for kind, count in counts.items() if kind in CHANGES and kind != "kept" and count}
    return Trail(taken, changed, taken.version.fingerprint != taken.fingerprint)


def bundle_of(scope: Scope, found: PolicyVersion, today: date) -> policytext.Bundle:
    """A version as it is handed on, with the settings its clauses need as they stand where it belongs."""
    needed = settings_needed(scope, [found])
    told = standings(scope, found.policy.school, keys=sorted(needed))
    taken = taken_from(scope, found)
    return bundling.bundle_of(found, clauses_of(scope, found.id), told.values(), [taken] if taken else [], today)

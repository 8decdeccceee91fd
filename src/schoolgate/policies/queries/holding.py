"""What holds at several schools at once, since when, and what the records know that suggests reviewing it early."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q

from schoolgate.common import clock
from schoolgate.people.access import Scope
from schoolgate.people.models import Appointment, School
from schoolgate.policies.models import Adoption, Clause, PolicyVersion
from schoolgate.policies.queries.library import clauses_in_force, findings_in, live_adoptions, stood
from schoolgate.policies.rules import knowing
from schoolgate.policies.rules.knowing import Held, Known


def held_at(scope: Scope, school_ids: Iterable[UUID], on: date) -> dict[UUID, list[Held]]:
    """Versions in force on a day at each of these schools in reach, by title: two queries, however many schools there are.

    A trust text holds at a school from its adoption or, if later, from its own first day.
    """
    within = [one for one in school_ids if one in scope.schools]
    taken: dict[UUID, list[Adoption]] = defaultdict(list)
    for row in Adoption.objects.filter(live_adoptions(on), school_id__in=within):
        taken[row.policy_id].append(row)
    own = Q(policy__school_id__in=within) | Q(policy__school_id__isnull=True, policy_id__in=taken)
    rows = PolicyVersion.objects.filter(stood(on), own, policy__trust_id=scope.trust_id).select_related("policy")
    found: dict[UUID, list[Held]] = {school: [] for school in within}
    for version in rows.order_by("policy__title", "policy_id"):
        began = version.in_force_from or on
        if version.policy.school_id:
            found[version.policy.school_id].append(Held(version, None, began))
        for row in taken.get(version.policy_id, ()):
            found[row.school_id].append(Held(version, row, max(began, row.adopted_on or clock.local_date(row.adopted_at))))
    return found


def known_reasons(scope: Scope, of: School, on: date) -> list[Known]:
    """What the records know that suggests reviewing a policy of a school early, whether it was written down before or not."""
    held = held_at(scope, [of.id], on).get(of.id, [])
    versions = [one.version.id for one in held]
    clauses: dict[UUID, list[Clause]] = defaultdict(list)
    for clause in clauses_in_force(scope, versions):
        clauses[clause.version_id].append(clause)
    at = Q(school_id__isnull=True) | Q(school=of)
    held_roles = Appointment.objects.filter(at, trust_id=of.trust_id).select_related("person").order_by("starts_on", "id")
    law = knowing.of_law(held, findings_in(scope, versions))
    return [*law, *knowing.of_staff(held, clauses, list(held_roles), on, of.ref), *knowing.of_trust(held)]

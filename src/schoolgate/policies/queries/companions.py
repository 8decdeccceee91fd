"""The documents that a school's policies tell people to read."""

from datetime import date
from uuid import UUID

from schoolgate.common.errors import NotFound
from schoolgate.people.access import Scope
from schoolgate.people.permissions import Permission
from schoolgate.policies.models import Clause, Companion
from schoolgate.policies.queries.library import clauses_in_force, versions_in_force
from schoolgate.policies.rules import companions


def companions_of(scope: Scope, school_id: UUID) -> list[Companion]:
    """The listed companions of a school, editions and checks fetched along: four queries."""
    rows = Companion.objects.filter(school_id=school_id, school_id__in=scope.school_ids).select_related("clause")
    return list(rows.prefetch_related("editions", "checks__checked_by"))


def companion(scope: Scope, companion_id: UUID) -> Companion:
    rows = Companion.objects.filter(pk=companion_id, school_id__in=scope.schools_where(Permission.POLICY_READ))
    found = rows.select_related("school").prefetch_related("editions").first()
    if found is None:
        raise NotFound("There is no such document in your reach")
    return found


def companions_named(scope: Scope, school_id: UUID, on: date) -> dict[str, Clause]:
    """The documents that the policies in force at a school name, each with the first clause that does."""
    versions = versions_in_force(scope, school_id, on)
    return companions.named_in(clauses_in_force(scope, [row.id for row in versions]), [row.policy.title for row in versions])

"""Reviews of the policies that hold at a school, and the reasons to review them early."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from schoolgate.common import clock
from schoolgate.common.errors import NotFound
from schoolgate.people import queries as people
from schoolgate.people.access import Scope
from schoolgate.people.models import Appointment, Person, School
from schoolgate.people.permissions import Permission
from schoolgate.policies.models import EarlyReason, PolicyReview, PolicyVersion, VersionState
from schoolgate.policies.queries.library import versions_for, versions_in_force
from schoolgate.policies.queries.settings import settings_for
from schoolgate.policies.rules import reviewing
from schoolgate.policies.rules.reviewing import Next


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A version in force at a school and when it is next reviewed."""

    version: PolicyVersion
    next: Next
    reviews: list[PolicyReview]
    warn_days: int


def reviews_at_schools(scope: Scope, school_ids: Iterable[UUID]) -> dict[tuple[UUID, UUID], list[PolicyReview]]:
    """The reviews schools have held, by school and policy, oldest first, signatures fetched along: three queries."""
    found: dict[tuple[UUID, UUID], list[PolicyReview]] = defaultdict(list)
    rows = PolicyReview.objects.filter(school_id__in=[one for one in school_ids if one in scope.schools]).select_related("recorded_by")
    for row in rows.prefetch_related("signatures__signed_by").order_by("held_on", "recorded_at", "id"):
        found[row.school_id, row.policy_id].append(row)
    return found


def reviews_at(scope: Scope, school_id: UUID) -> dict[UUID, list[PolicyReview]]:
    """The reviews a school has held, by policy."""
    rows = reviews_at_schools(scope, [school_id])
    return defaultdict(list, {policy_id: reviews for (_, policy_id), reviews in rows.items()})


def reviewed_of(version: PolicyVersion, reviews: list[PolicyReview], *, on: date, months: int, notice: int) -> Reviewed:
    """A version with its next review, by the numbers of its school."""
    told = reviewing.next_review(version.review_on, reviews, on=on, months=months, notice=notice, roles=reviewing.signers())
    return Reviewed(version, told, reviews, notice)


def reviewed(scope: Scope, school_id: UUID, on: date) -> list[Reviewed]:
    """The policies that hold at a school on a day, each with its next review: a constant number of queries."""
    settings = settings_for(scope, school_id)
    reviews = reviews_at(scope, school_id)
    months, notice = int(settings["review.policy_months"]), int(settings["review.warn_days"])
    return [
        reviewed_of(version, reviews[version.policy_id], on=on, months=months, notice=notice)
        for version in versions_in_force(scope, school_id, on)
    ]


def reviewed_policy(scope: Scope, school_id: UUID, policy_id: UUID, on: date) -> Reviewed:
    found = next((row for row in reviewed(scope, school_id, on) if row.version.policy_id == policy_id), None)
    if found is None:
        raise NotFound("There is no such policy in force at this school")
    return found


def review(scope: Scope, review_id: UUID) -> PolicyReview:
    """One review of a school where the person may read policies, signatures fetched along."""
    rows = PolicyReview.objects.filter(pk=review_id, school_id__in=scope.schools_where(Permission.POLICY_READ))
    found = rows.select_related("policy", "school", "version").prefetch_related("signatures").first()
    if found is None:
        raise NotFound("There is no such review in your reach")
    return found


def policy_school(scope: Scope, ref: str) -> School:
    """A school in reach where the person may read policies."""
    found = people.schools(scope).filter(ref=ref, id__in=scope.schools_where(Permission.POLICY_READ)).first()
    if found is None:
        raise NotFound("There is no such school in your reach")
    return found


def early_reasons(scope: Scope, school_id: UUID, since: date, until: date) -> list[EarlyReason]:
    """The reasons to review early that were raised between two days, oldest first, decisions fetched along: one query."""
    rows = EarlyReason.objects.filter(
        school_id=school_id, school_id__in=scope.school_ids,
        raised_at__gte=clock.at(since, 0), raised_at__lt=clock.at(until + timedelta(days=1), 0),
    )  # fmt: skip
    return list(rows.select_related("policy", "clause", "decision__decided_by", "raised_by"))


def same_fact(scope: Scope, reason: EarlyReason) -> list[EarlyReason]:
    """The undecided reasons at other schools that rest on the same record, where the person may decide them: one query."""
    if not reason.source:
        return []
    rows = EarlyReason.objects.filter(
        policy_id=reason.policy_id, source=reason.source, decision__isnull=True, school_id__in=scope.schools_where(Permission.POLICY_EDIT)
    )
    return list(rows.exclude(pk=reason.pk).select_related("policy", "school").order_by("school__name", "id"))


def in_force_everywhere(scope: Scope) -> list[PolicyVersion]:
    """Every version in force of the trust and its schools in reach."""
    return list(versions_for(scope).filter(state=VersionState.IN_FORCE))


def early_reason(scope: Scope, reason_id: UUID) -> EarlyReason:
    rows = EarlyReason.objects.filter(pk=reason_id, school_id__in=scope.schools_where(Permission.POLICY_READ))
    found = rows.select_related("policy", "school", "decision").first()
    if found is None:
        raise NotFound("There is no such entry in your reach")
    return found


def own_roles(scope: Scope, school_id: UUID, on: date) -> set[str]:
    """The roles the person holds at a school, those across the trust included."""
    if scope.person_id is None:
        return set()
    rows = Appointment.objects.filter(people.live(on), person_id=scope.person_id, trust_id=scope.trust_id)
    return {role for role, at in rows.values_list("role", "school_id") if at in (None, school_id)}


def holders(scope: Scope, role: str, school_id: UUID | None, on: date) -> list[Person]:
    """Who holds a role at a school (none: only those who hold it across the trust) or across the trust."""
    rows = Appointment.objects.filter(people.live(on), trust_id=scope.trust_id, role=role).select_related("person")
    return [row.person for row in rows if row.school_id in (None, school_id)]

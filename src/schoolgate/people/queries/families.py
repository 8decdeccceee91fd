"""Pupils, guardians, and what a roster of a whole trust would change."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, QuerySet

from schoolgate.common import clock
from schoolgate.common.errors import NotFound
from schoolgate.people import trust_comparison
from schoolgate.people.access import Scope
from schoolgate.people.models import Engagement, Guardian, GuardianLimit, Guardianship, Person, Pupil, School
from schoolgate.people.queries.reach import live
from schoolgate.people.rosters.rows import TrustRoster
from schoolgate.people.trust_comparison import OF_GUARDIAN, OF_PUPIL, Known, Stored, TrustPlan


def trust_roster_plan(scope: Scope, roster: TrustRoster, today: date, only: School | None = None) -> TrustPlan:
    """What a roster would change in the schools in reach: six queries, however many rows."""
    schools = list(School.objects.filter(trust_id=scope.trust_id, id__in=scope.school_ids))
    places: dict[UUID, list[Engagement]] = defaultdict(list)
    for place in Engagement.objects.filter(school__in=schools).select_related("person"):
        places[place.school_id].append(place)
    known = Known(
        schools=schools,
        persons=list(Person.objects.filter(trust_id=scope.trust_id)),
        places=places,
        pupils=_stored(Pupil.objects.filter(trust_id=scope.trust_id), OF_PUPIL),
        guardians=_stored(Guardian.objects.filter(trust_id=scope.trust_id), OF_GUARDIAN),
        ties=set(Guardianship.objects.filter(pupil__trust_id=scope.trust_id).values_list("pupil__external_id", "guardian__external_id")),
    )
    return trust_comparison.compare(roster, known, trust_id=scope.trust_id, today=today, now=clock.now(), only=only)


def _stored(rows: QuerySet[Any], names: Sequence[str]) -> dict[str, Stored]:
    """Records by their external id. Plain rows, not instances: a trust has sixty thousand of them."""
    found = rows.order_by().values_list("external_id", "id", *names)
    return {external_id: (key, dict(zip(names, values, strict=True))) for external_id, key, *values in found}


def pupils_of(scope: Scope, school_id: UUID, on: date) -> QuerySet[Pupil]:
    """Pupils on roll at a school in reach on a day, by year and name. The looked-after flag is not fetched."""
    rows = Pupil.objects.filter(live(on), school_id=school_id, school_id__in=scope.school_ids)
    return rows.defer("looked_after").order_by("year", "family", "given")


def pupil_counts(scope: Scope, on: date) -> dict[UUID, int]:
    """How many pupils each school in reach has on roll that day."""
    rows = Pupil.objects.filter(live(on), school_id__in=scope.school_ids).order_by()
    return dict(rows.values_list("school_id").annotate(Count("id")))


def pupil(scope: Scope, pupil_id: UUID) -> Pupil:
    """One pupil of a school in reach; NotFound for any other."""
    found = (
        Pupil.objects.filter(school_id__in=scope.school_ids, trust_id=scope.trust_id).select_related("school").filter(pk=pupil_id).first()
    )
    if found is None:
        raise NotFound("There is no such pupil in your reach")
    return found


def guardians_of(scope: Scope, pupil_id: UUID) -> list[Guardianship]:
    """Who answers for a pupil of a school in reach, with what limits them: two queries."""
    rows = Guardianship.objects.filter(pupil_id=pupil_id, pupil__school_id__in=scope.school_ids)
    return list(rows.select_related("guardian").prefetch_related("limits").order_by("guardian__family", "guardian__given", "id"))


def guardianship(scope: Scope, tie_id: UUID) -> Guardianship:
    """One guardian of one pupil of a school in reach."""
    rows = Guardianship.objects.filter(pk=tie_id, pupil__school_id__in=scope.school_ids)
    found = rows.select_related("guardian", "pupil__school").prefetch_related("limits").first()
    if found is None:
        raise NotFound("There is no such guardian in your reach")
    return found


def answering_for(scope: Scope, school_id: UUID, on: date, guardian_id: UUID | None = None) -> list[Guardianship]:
    """Who may answer for whom, of the pupils on roll at a school on a day, or one guardian of them. Two queries.

    Nobody with a limit is among them.
    """
    pupils = pupils_of(scope, school_id, on).order_by().values("id")
    rows = Guardianship.objects.filter(pupil__in=pupils, added_at__lt=clock.at(on + timedelta(days=1), 0))
    rows = rows.filter(guardian_id=guardian_id) if guardian_id else rows
    known = Prefetch("limits", GuardianLimit.objects.filter(at__lt=clock.at(on + timedelta(days=1), 0)))
    found = rows.select_related("guardian", "pupil").defer("pupil__looked_after").prefetch_related(known)
    return [one for one in found.order_by("pupil__family", "pupil__given", "guardian__family", "id") if one.may_answer]


def pupil_names(scope: Scope, pupil_ids: Sequence[UUID]) -> list[Pupil]:
    """Pupils of the schools in reach by their ids, with their schools."""
    return list(Pupil.objects.filter(id__in=pupil_ids, school_id__in=scope.school_ids).defer("looked_after").select_related("school"))

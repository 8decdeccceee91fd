"""When the schools in reach are open."""

from collections.abc import Sequence
from uuid import UUID

from schoolgate.common.deadlines import SchoolCalendar
from schoolgate.common.errors import NotFound
from schoolgate.people.access import Scope
from schoolgate.people.models import ClosedDay, School, Term


def terms_of(scope: Scope, school_id: UUID) -> list[Term]:
    """The terms of a school in reach, first to last."""
    return list(Term.objects.filter(school_id=school_id, school_id__in=scope.school_ids))


def closed_days_of(scope: Scope, school_id: UUID) -> list[ClosedDay]:
    """Training days and closures of a school in reach, first to last."""
    return list(ClosedDay.objects.filter(school_id=school_id, school_id__in=scope.school_ids))


def term(scope: Scope, term_id: UUID) -> Term:
    """One term of a school in reach."""
    found = Term.objects.filter(pk=term_id, school_id__in=scope.school_ids).select_related("school").first()
    if found is None:
        raise NotFound("There is no such term in your reach")
    return found


def closed_day(scope: Scope, closed_id: UUID) -> ClosedDay:
    """One closed day of a school in reach."""
    found = ClosedDay.objects.filter(pk=closed_id, school_id__in=scope.school_ids).select_related("school").first()
    if found is None:
        raise NotFound("There is no such day in your reach")
    return found


def calendars(scope: Scope, school_ids: Sequence[UUID]) -> dict[UUID, SchoolCalendar]:
    """The calendars of these schools, in three queries however many there are."""
    reach = [school_id for school_id in school_ids if school_id in scope.schools]
    terms: dict[UUID, list] = {school_id: [] for school_id in reach}
    closed: dict[UUID, set] = {school_id: set() for school_id in reach}
    for one in Term.objects.filter(school_id__in=reach):
        terms[one.school_id].append((one.starts_on, one.ends_on))
    for day in ClosedDay.objects.filter(school_id__in=reach):
        closed[day.school_id].add(day.day)
    nations = School.objects.filter(pk__in=reach).values_list("pk", "nation")
    return {pk: SchoolCalendar(nation, tuple(terms[pk]), frozenset(closed[pk])) for pk, nation in nations}

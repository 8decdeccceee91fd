"""When the schools in reach are open."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import DateField, Value

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
    """The calendars of these schools, in one query however many there are."""
    reach = [school_id for school_id in school_ids if school_id in scope.schools]
    never = Value(date.min, DateField())
    schools = School.objects.filter(pk__in=reach).order_by().values_list("pk", "nation", never, never)
    terms = Term.objects.filter(school_id__in=reach).order_by().values_list("school_id", Value(TERM), "starts_on", "ends_on")
    shut = ClosedDay.objects.filter(school_id__in=reach).order_by().values_list("school_id", Value(SHUT), "day", "day")
    nations: dict[UUID, str] = {}
    found: dict[tuple[UUID, str], list[tuple[date, date]]] = defaultdict(list)
    for school_id, what, first, last in schools.union(terms, shut, all=True):
        if what in (TERM, SHUT):
            found[school_id, what].append((first, last))
        else:
            nations[school_id] = what
    return {
        pk: SchoolCalendar(nations[pk], tuple(sorted(found[pk, TERM])), frozenset(day for day, _ in found[pk, SHUT]))
        for pk in reach
        if pk in nations
    }


TERM, SHUT = "term", "shut"
"""What the rows of a calendar are, beside the school's nation."""

"""Questions about people. Those that make a scope are the only ones that do not take one."""

from collections import defaultdict
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from schoolgate.common.actors import Actor
from schoolgate.people import rules
from schoolgate.people.access import Scope, process_scope
from schoolgate.people.models import Appointment, Engagement, Person, School, Trust
from schoolgate.people.permissions import Permission


def live(on: date, start: str = "starts_on", end: str = "ends_on") -> Q:
    """Rows that hold on a day; both ends count, an empty start or end is open."""
    return (Q(**{f"{start}__isnull": True}) | Q(**{f"{start}__lte": on})) & (Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gte": on}))


def scope_of(person: Person, on: date, from_where: str = "") -> Scope:
    """What a person may do on a day: three queries, however many schools there are."""
    appointments = list(Appointment.objects.filter(live(on), person=person))
    engagements = list(Engagement.objects.filter(live(on), person=person))
    at_school: dict[UUID, set[str]] = defaultdict(set)
    trust_roles: set[str] = set()
    for appointment in appointments:
        if appointment.school_id is None or rules.works_across_trust(appointment.role):
            trust_roles.add(appointment.role)
        else:
            at_school[appointment.school_id].add(appointment.role)
    for engagement in engagements:
        at_school[engagement.school_id].add(rules.ROLE_OF_CATEGORY[engagement.category])
    across = rules.permissions_of_all(trust_roles)
    reach = set(School.objects.filter(trust_id=person.trust_id).values_list("id", flat=True)) if trust_roles else set(at_school)
    schools: dict[UUID, frozenset[Permission]] = {school: rules.permissions_of_all(at_school.get(school, ())) | across for school in reach}
    held = frozenset(trust_roles.union(*at_school.values()))
    label = ", ".join(sorted(held)) or "person"
    return Scope(Actor("person", str(person.id), label, from_where), person.trust_id, person.id, schools, across, held)


def scope_of_process(process: str, trust: Trust) -> Scope:
    """The scope of a named system process over one trust."""
    return process_scope(process, trust.id, list(trust.schools.values_list("id", flat=True)))


def trusts() -> QuerySet[Trust]:
    """Every trust on this installation: for processes only, never for a page."""
    return Trust.objects.order_by("name")


def schools(scope: Scope) -> QuerySet[School]:
    """The schools in reach."""
    return School.objects.filter(trust_id=scope.trust_id, id__in=scope.school_ids)


def covered_adults(scope: Scope, school_id: UUID, on: date) -> QuerySet[Engagement]:
    """Everyone on the school's register that day, persons fetched along. Long leave is for the caller to set aside."""
    return Engagement.objects.filter(live(on), school_id=school_id, school_id__in=scope.school_ids).select_related("person")

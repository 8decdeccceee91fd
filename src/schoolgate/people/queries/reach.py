"""Who may reach what, and the one school, person, place or role a page is about."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import TypeVar
from uuid import UUID

from django.db.models import Count, Model, Q, QuerySet

from schoolgate.common.actors import Actor
from schoolgate.common.errors import NotFound
from schoolgate.people import rules
from schoolgate.people.access import Scope, process_scope
from schoolgate.people.models import (
    Appointment,
    Category,
    Engagement,
    LeaverLetter,
    Person,
    RosterUpload,
    School,
    Trust,
)
from schoolgate.people.permissions import Permission

Found = TypeVar("Found", bound=Model)


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
        at_school[engagement.school_id].add(rules.ROLE_OF_CATEGORY[Category(engagement.category)])
    across = rules.permissions_of_all(trust_roles)
    reach = set(School.objects.filter(trust_id=person.trust_id).values_list("id", flat=True)) if trust_roles else set(at_school)
    schools: dict[UUID, frozenset[Permission]] = {school: rules.permissions_of_all(at_school.get(school, ())) | across for school in reach}
    held = frozenset(trust_roles.union(*at_school.values()))
    label = ", ".join(sorted(held)) or "person"
    return Scope(Actor("person", str(person.id), label, from_where), person.trust_id, person.id, schools, across, held)


def scope_of_process(process: str, trust: Trust) -> Scope:
    """The scope of a named system process over one trust."""
    return process_scope(process, trust.id, list(trust.schools.values_list("id", flat=True)))


def scopes_of_process(process: str) -> Iterator[Scope]:
    """The scope of a named system process over each trust in turn: for jobs and commands, never for a page."""
    for trust in trusts():
        yield scope_of_process(process, trust)


def trusts() -> QuerySet[Trust]:
    """Every trust on this installation: for processes only, never for a page."""
    return Trust.objects.order_by("name")


def every_school() -> QuerySet[School]:
    """Every school on this installation: for the command line only, never for a page."""
    return School.objects.select_related("trust").order_by("ref")


def schools(scope: Scope) -> QuerySet[School]:
    """The schools in reach."""
    return School.objects.filter(trust_id=scope.trust_id, id__in=scope.school_ids)


def trust(scope: Scope) -> Trust:
    """The trust of the person signed in."""
    return Trust.objects.get(pk=scope.trust_id)


def people_counts(scope: Scope, on: date) -> dict[UUID, int]:
    """How many adults each school in reach has on its register that day."""
    rows = Engagement.objects.filter(live(on), school_id__in=scope.school_ids).order_by()
    return dict(rows.values_list("school_id").annotate(Count("person_id", distinct=True)))


def school(scope: Scope, school_id: UUID) -> School:
    """One school in reach; NotFound for any other."""
    return _only(schools(scope).select_related("trust"), school_id, "school")


def school_by_ref(scope: Scope, ref: str) -> School:
    """The school in reach that people on the command line call by this reference."""
    return _only(schools(scope), ref, "school", "ref")


def _only(rows: QuerySet[Found], key: object, what: str, field: str = "pk") -> Found:
    found = rows.filter(**{field: key}).first()
    if found is None:
        raise NotFound(f"There is no such {what} in your reach")
    return found


def person(scope: Scope, person_id: UUID) -> Person:
    """One person: of a school in reach, oneself, or (for those who may add people) of the trust without a place anywhere yet."""
    mine = Q(engagements__school_id__in=scope.school_ids) | Q(appointments__school_id__in=scope.school_ids) | Q(pk=scope.person_id)
    if scope.may_anywhere(Permission.USER_MANAGE):
        mine |= Q(engagements__isnull=True, appointments__school__isnull=True)
    return _only(Person.objects.filter(mine, trust_id=scope.trust_id).distinct(), person_id, "person")


def place(scope: Scope, engagement_id: UUID) -> Engagement:
    """One place on the register of a school in reach."""
    rows = Engagement.objects.filter(school_id__in=scope.school_ids, school__trust_id=scope.trust_id)
    return _only(rows.select_related("person", "school", "leaver_letter"), engagement_id, "place")


def place_or_own(scope: Scope, engagement_id: UUID) -> Engagement:
    """One place of a school in reach, or one's own that has ended: a leaver may still read the letter."""
    mine = Q(school_id__in=scope.school_ids) | Q(person_id=scope.person_id)
    rows = Engagement.objects.filter(mine, school__trust_id=scope.trust_id)
    return _only(rows.select_related("person", "school__trust", "leaver_letter"), engagement_id, "place")


def appointment(scope: Scope, appointment_id: UUID) -> Appointment:
    """One role held at a school in reach, across the trust, or by oneself."""
    mine = Q(school_id__in=scope.school_ids) | Q(school=None) | Q(person_id=scope.person_id)
    return _only(Appointment.objects.filter(mine, trust_id=scope.trust_id).select_related("person", "school"), appointment_id, "role")


def letter(scope: Scope, letter_id: UUID) -> LeaverLetter:
    """One leaver's letter of a school whose letters one sends, or one's own."""
    mine = Q(school_id__in=scope.schools_where(Permission.AGREEMENT_CHASE)) | Q(engagement__person_id=scope.person_id)
    rows = LeaverLetter.objects.filter(mine, school__trust_id=scope.trust_id)
    return _only(rows.select_related("engagement__person", "school"), letter_id, "letter")


def upload(scope: Scope, upload_id: UUID) -> RosterUpload:
    """A roster this very person is looking through."""
    rows = RosterUpload.objects.filter(Q(school_id__in=scope.school_ids) | Q(school=None), by_person_id=scope.person_id)
    return _only(rows.select_related("school"), upload_id, "upload")


def covered_adults(scope: Scope, school_id: UUID, on: date) -> QuerySet[Engagement]:
    """Everyone on the school's register that day, persons fetched along. Long leave is for the caller to set aside."""
    return Engagement.objects.filter(live(on), school_id=school_id, school_id__in=scope.school_ids).select_related("person")


def places_of(scope: Scope, person_id: UUID) -> list[Engagement]:
    """Every place a person has or had at the schools in reach, newest first."""
    rows = Engagement.objects.filter(person_id=person_id, school_id__in=scope.school_ids).select_related("school", "leaver_letter")
    return sorted(rows, key=lambda one: one.starts_on or date.min, reverse=True)


def roles_of(scope: Scope, person_id: UUID) -> list[Appointment]:
    """Every role a person has or had at the schools in reach or across the trust, newest first, acceptances fetched along."""
    mine = Q(school_id__in=scope.school_ids) | Q(school=None)
    rows = (
        Appointment.objects.filter(mine, person_id=person_id, trust_id=scope.trust_id)
        .select_related("school")
        .prefetch_related("acceptances")
    )
    return sorted(rows, key=lambda one: one.starts_on, reverse=True)


def people_without_place(scope: Scope) -> QuerySet[Person]:
    """Persons of the trust who are on no school's register and hold no role."""
    return Person.objects.filter(trust_id=scope.trust_id, engagements=None, appointments=None)


def appointable_people(scope: Scope, school_id: UUID, on: date) -> list[Person]:
    """Those on a school's register that day, by family name, each once."""
    return sorted({one.person for one in covered_adults(scope, school_id, on)}, key=lambda one: (one.family, one.given))


def trust_holders(scope: Scope, on: date) -> list[Appointment]:
    """Live roles held across the trust."""
    return list(Appointment.objects.filter(live(on), trust_id=scope.trust_id, school=None).select_related("person"))

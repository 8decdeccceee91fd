"""Questions about people. Those that make a scope are the only ones that do not take one."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import Count, Prefetch, Q, QuerySet

from schoolgate.audit.models import ChainCheck, ChainExplanation, Entry
from schoolgate.common import clock
from schoolgate.common.actors import Actor
from schoolgate.common.errors import NotFound
from schoolgate.people import comparison, rules
from schoolgate.people.access import Scope, process_scope
from schoolgate.people.models import (
    Absence,
    Appointment,
    DutiesAcceptance,
    Engagement,
    IdentitySecondStep,
    LeaverLetter,
    Person,
    RegisterCheck,
    RequiredRole,
    RoleDuties,
    RosterUpload,
    School,
    Trust,
    User,
)
from schoolgate.people.permissions import Permission
from schoolgate.people.roster import Roster


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


def school(scope: Scope, school_id: UUID) -> School:
    """One school in reach; NotFound for any other."""
    return _only(schools(scope).select_related("trust"), school_id, "school")


def school_by_ref(scope: Scope, ref: str) -> School:
    """The school in reach that people on the command line call by this reference."""
    return _only(schools(scope), ref, "school", "ref")


def _only(rows: QuerySet, key: object, what: str, field: str = "pk") -> object:
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


def appointment(scope: Scope, appointment_id: UUID) -> Appointment:
    """One role held at a school in reach, across the trust, or by oneself."""
    mine = Q(school_id__in=scope.school_ids) | Q(school=None) | Q(person_id=scope.person_id)
    return _only(Appointment.objects.filter(mine, trust_id=scope.trust_id).select_related("person", "school"), appointment_id, "role")


def letter(scope: Scope, letter_id: UUID) -> LeaverLetter:
    """One leaver's letter of a school in reach, or one's own."""
    mine = Q(school_id__in=scope.school_ids) | Q(engagement__person_id=scope.person_id)
    rows = LeaverLetter.objects.filter(mine, school__trust_id=scope.trust_id)
    return _only(rows.select_related("engagement__person", "school"), letter_id, "letter")


def upload(scope: Scope, upload_id: UUID) -> RosterUpload:
    """A roster this very person is looking through."""
    rows = RosterUpload.objects.filter(by_person_id=scope.person_id, school_id__in=scope.school_ids)
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
    rows = Appointment.objects.filter(mine, person_id=person_id, trust_id=scope.trust_id).select_related("school").prefetch_related("acceptances")
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


# ---- the register


@dataclass(slots=True)
class CategoryFacts:
    """One category at one school: its places, and each time it was looked at, oldest first."""

    places: list[Engagement] = field(default_factory=list)
    checks: list[RegisterCheck] = field(default_factory=list)


def category_facts(scope: Scope, school_ids: Sequence[UUID], on: date) -> dict[tuple[UUID, str], CategoryFacts]:
    """What is known by the end of a day of every category of these schools, in two queries."""
    reach = [one for one in school_ids if one in scope.schools]
    end = end_of(on)
    facts: dict[tuple[UUID, str], CategoryFacts] = defaultdict(CategoryFacts)
    for one in Engagement.objects.filter(school_id__in=reach, added_at__lt=end).select_related("person"):
        facts[one.school_id, one.category].places.append(one)
    for check in RegisterCheck.objects.filter(school_id__in=reach, at__lt=end).select_related("by_person").order_by("at"):
        facts[check.school_id, check.category].checks.append(check)
    return facts


def end_of(on: date) -> datetime:
    """The instant a school day is over: what was recorded before it was known on that day."""
    return clock.at(on + timedelta(days=1), 0)


def roster_plan(scope: Scope, school: School, roster: Roster, today: date) -> comparison.Plan:
    """What a roster would change at a school: two queries, however many rows."""
    numbers = {row.external_id for row in roster.rows}
    emails = {row.email for row in roster.rows if row.email}
    persons = Person.objects.filter(trust_id=school.trust_id).only("trust_id", "given", "family", "email", "external_id", "created_at")
    meant = [one for one in persons if one.external_id in numbers or (not one.external_id and one.email in emails)]
    places = Engagement.objects.filter(school=school, school_id__in=scope.school_ids).select_related("person")
    register = comparison.register_of(meant, places)
    return comparison.compare(roster, register, trust_id=school.trust_id, school_id=school.id, today=today, now=clock.now())


# ---- roles


@dataclass(slots=True)
class RoleFacts:
    """What is known of one school's roles: confirmations, appointments with acceptances, written duties, days away."""

    required: list[RequiredRole] = field(default_factory=list)  # oldest first
    appointments: list[Appointment] = field(default_factory=list)  # here and across the trust
    duties: list[RoleDuties] = field(default_factory=list)  # oldest first
    away: set[UUID] = field(default_factory=set)  # persons who cannot be reached that day


def role_facts(scope: Scope, school_ids: Sequence[UUID], on: date) -> dict[UUID, RoleFacts]:
    """What is known by the end of a day of the roles of these schools, in six queries."""
    reach = [one for one in school_ids if one in scope.schools]
    end, facts = end_of(on), {school_id: RoleFacts() for school_id in reach}
    for row in RequiredRole.objects.filter(school_id__in=reach, confirmed_at__lt=end).select_related("held_by").order_by("confirmed_at"):
        facts[row.school_id].required.append(row)
    for duties in RoleDuties.objects.filter(school_id__in=reach, written_at__lt=end).order_by("written_at"):
        facts[duties.school_id].duties.append(duties)
    accepted = Prefetch("acceptances", DutiesAcceptance.objects.filter(at__lt=end))
    held = Appointment.objects.filter(Q(school_id__in=reach) | Q(school=None), trust_id=scope.trust_id, starts_on__lte=on)
    for one in held.select_related("person").prefetch_related(accepted).order_by("starts_on", "made_at"):
        for school_id in reach if one.school_id is None else [one.school_id]:
            facts[school_id].appointments.append(one)
    persons = {one.person_id for fact in facts.values() for one in fact.appointments}
    absent = set(Absence.objects.filter(live(on), person_id__in=persons).values_list("person_id", flat=True))
    leave = Engagement.objects.filter(live(on), live(on, "away_from", "away_until"), away_from__isnull=False, school_id__in=reach)
    for fact in facts.values():
        fact.away |= absent
    for school_id, person_id in leave.values_list("school_id", "person_id"):
        facts[school_id].away.add(person_id)
    return facts


# ---- leavers


def leavers(scope: Scope, school_ids: Sequence[UUID], first: date, last: date) -> list[Engagement]:
    """Places whose end, between two days, was the person's last day at that school; letters fetched along. Two queries."""
    reach = [one for one in school_ids if one in scope.schools]
    ended = Engagement.objects.filter(school_id__in=reach, ends_on__gte=first, ends_on__lte=last)
    whole = Engagement.objects.filter(school_id__in=reach, person_id__in=ended.values("person_id"))
    by_person: dict[tuple[UUID, UUID], list[Engagement]] = defaultdict(list)
    for one in whole.select_related("person", "leaver_letter", "school"):
        by_person[one.school_id, one.person_id].append(one)
    found = [leaving for placed in by_person.values() for leaving in rules.leaves_on(placed) if leaving.ends_on and first <= leaving.ends_on <= last]
    return sorted(found, key=lambda one: (one.ends_on or date.min, one.person.family))


# ---- sign-in and the trail


@dataclass(frozen=True, slots=True)
class WideAccess:
    """Somebody who can sign in and holds a role with wide access: since when, and when the second step was switched on."""

    person: Person
    roles: tuple[str, ...]
    since: date
    enrolled_on: date | None


def wide_access(scope: Scope, school_id: UUID, roles: Iterable[str], on: date) -> list[WideAccess]:
    """Those who on a day can sign in and hold one of the roles at a school or across its trust.

    Access counts from the last of three days: the role's first, the day it was written down here, the day the sign-in was given.
    """
    wanted = Q(school_id=school_id, school_id__in=scope.school_ids) | Q(school=None)
    held = Appointment.objects.filter(wanted, live(on), trust_id=scope.trust_id, role__in=list(roles), made_at__lt=end_of(on))
    users = {user.person_id: user for user in User.objects.filter(person__in=held.values("person_id"), is_active=True, date_joined__lt=end_of(on))}
    steps: dict[UUID, date] = {}
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    for step in Authenticator.objects.filter(user__in=users.values(), type__in=kinds, created_at__lt=end_of(on)).order_by("-created_at"):
        steps[step.user_id] = clock.local_date(step.created_at)
    mine: dict[UUID, list[Appointment]] = defaultdict(list)
    for one in held.select_related("person"):
        mine[one.person_id].append(one)
    found = []
    for person_id, user in users.items():
        since = min(max(one.starts_on, clock.local_date(one.made_at)) for one in mine[person_id])
        since = max(since, clock.local_date(user.date_joined))
        found.append(WideAccess(mine[person_id][0].person, tuple(sorted({one.role for one in mine[person_id]})), since, steps.get(user.id)))
    return sorted(found, key=lambda one: one.since)


def identity_second_step(scope: Scope, school_id: UUID, on: date) -> IdentitySecondStep | None:
    """The last record, by the end of a day, that the school's own identity service asks for a second step."""
    rows = IdentitySecondStep.objects.filter(school_id=school_id, school_id__in=scope.school_ids, at__lt=end_of(on))
    return rows.order_by("-at").first()


@dataclass(frozen=True, slots=True)
class Check:
    """One check of the trail: when, what it covered, and when a break it found was explained."""

    at: datetime
    entries: int
    ok: bool
    first_bad: int | None
    explained_on: date | None


def trail_checks(scope: Scope, before: datetime) -> list[Check]:
    """Every check of the trust's trail before an instant, oldest first. A break explained once is explained each time it is met."""
    rows = list(ChainCheck.objects.filter(trust_id=scope.trust_id, at__lt=before).order_by("at", "pk"))
    bad = {row.pk: row.first_bad for row in rows if not row.ok}
    told: dict[int | None, date] = {}
    for said in ChainExplanation.objects.filter(check_id__in=list(bad), at__lt=before).order_by("-at"):
        told[bad[said.check_id]] = clock.local_date(said.at)
    return [Check(row.at, row.entries, row.ok, row.first_bad, None if row.ok else told.get(row.first_bad)) for row in rows]


def trail_counts(scope: Scope, school_id: UUID, first: date, on: date) -> dict[str, int]:
    """How many decisions, declarations, looks and exports the trail of a school holds for a stretch of days; no names."""
    entries = Entry.objects.filter(trust_id=scope.trust_id, school_id=school_id, at__gte=clock.at(first, 0), at__lt=end_of(on))
    counted: Counter[str] = Counter()
    for verb, number in entries.order_by().values_list("verb").annotate(Count("pk")):
        counted[KIND_OF_ENTRY.get(verb.rpartition(".")[2], "other")] += number
    return dict(sorted(counted.items()))


KIND_OF_ENTRY = {
    "approved": "approvals", "declared": "declarations", "looked": "looks", "viewed": "looks", "opened": "looks", "exported": "exports",
}  # fmt: skip
"""What the last word of an audit verb is counted as."""

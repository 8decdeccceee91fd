"""What is known by the end of a day: of the register, of roles, of leavers, of sign-in and of the trail."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import Count, Prefetch, Q

from schoolgate.audit.models import ChainCheck, ChainExplanation, Entry
from schoolgate.common import clock
from schoolgate.common.deadlines import SchoolCalendar
from schoolgate.common.errors import NotFound
from schoolgate.people import comparison, rules
from schoolgate.people.access import Scope
from schoolgate.people.models import (
    Absence,
    Appointment,
    DutiesAcceptance,
    Engagement,
    IdentitySecondStep,
    Person,
    RegisterCheck,
    RequiredRole,
    RoleDuties,
    School,
    User,
)
from schoolgate.people.queries.calendar import calendars
from schoolgate.people.queries.reach import live
from schoolgate.people.roster import Roster

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
    calendar: SchoolCalendar = field(default_factory=SchoolCalendar)


def role_facts(scope: Scope, school_ids: Sequence[UUID], on: date) -> dict[UUID, RoleFacts]:
    """What is known by the end of a day of the roles of these schools, in seven queries."""
    reach = [one for one in school_ids if one in scope.schools]
    end, facts = end_of(on), {school_id: RoleFacts(calendar=calendar) for school_id, calendar in calendars(scope, reach).items()}
    confirmed = RequiredRole.objects.filter(school_id__in=reach, confirmed_at__lt=end).select_related("held_by")
    for row in confirmed.order_by("confirmed_at", "id"):
        facts[row.school_id].required.append(row)
    for duties in RoleDuties.objects.filter(school_id__in=reach, written_at__lt=end).order_by("written_at"):
        facts[duties.school_id].duties.append(duties)
    accepted = Prefetch("acceptances", DutiesAcceptance.objects.filter(at__lt=end))
    held = Appointment.objects.filter(Q(school_id__in=reach) | Q(school=None), trust_id=scope.trust_id, starts_on__lte=on)
    for one in held.select_related("person").prefetch_related(accepted).order_by("starts_on", "made_at", "id"):
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


def duties_of(scope: Scope, held: Appointment) -> RoleDuties | None:
    """The school's own words for the duties of an appointment; None where the standard ones stand."""
    rows = RoleDuties.objects.filter(school=held.school, school__trust_id=scope.trust_id, role=held.role)
    return rows.order_by("-written_at").first()


def duties_not_accepted(scope: Scope, on: date) -> list[Appointment]:
    """One's own live roles whose duties, as they are written now, are not accepted. Three queries."""
    if scope.person_id is None:
        return []
    mine = Appointment.objects.filter(live(on), trust_id=scope.trust_id, person_id=scope.person_id)
    held = list(mine.prefetch_related("acceptances"))
    written = RoleDuties.objects.filter(school_id__in=scope.school_ids, role__in={one.role for one in held}).order_by("written_at")
    current: dict[tuple[UUID | None, str], str] = {(text.school_id, text.role): text.version for text in written}
    return [
        one
        for one in held
        if current.get((one.school_id, one.role), rules.STANDARD_DUTIES) not in {said.version for said in one.acceptances.all()}
    ]


def duties_waiting(scope: Scope, wanted: Mapping[UUID, Collection[UUID]], on: date) -> list[Appointment]:
    """The live roles that these persons hold at these schools and whose duties, as written now, they have not accepted. Three queries."""
    reach = [one for one in wanted if one in scope.schools]
    persons = {person for one in reach for person in wanted[one]}
    held = Appointment.objects.filter(live(on), school_id__in=reach, person_id__in=persons).prefetch_related("acceptances").order_by("id")
    written = RoleDuties.objects.filter(school_id__in=reach).order_by("written_at", "id")
    current = {(text.school_id, text.role): text.version for text in written}
    return [
        one
        for one in held
        if one.school_id
        and one.person_id in wanted[one.school_id]
        and current.get((one.school_id, one.role), rules.STANDARD_DUTIES) not in {said.version for said in one.acceptances.all()}
    ]


# ---- leavers


def leavers(scope: Scope, school_ids: Sequence[UUID], first: date, last: date) -> list[Engagement]:
    """Places whose end, between two days, was the person's last day at that school; letters fetched along. Two queries."""
    reach = [one for one in school_ids if one in scope.schools]
    ended = Engagement.objects.filter(school_id__in=reach, ends_on__gte=first, ends_on__lte=last)
    whole = Engagement.objects.filter(school_id__in=reach, person_id__in=ended.values("person_id"))
    by_person: dict[tuple[UUID, UUID], list[Engagement]] = defaultdict(list)
    for one in whole.select_related("person", "leaver_letter", "school"):
        by_person[one.school_id, one.person_id].append(one)
    found = [
        leaving
        for placed in by_person.values()
        for leaving in rules.leaves_on(placed)
        if leaving.ends_on and first <= leaving.ends_on <= last
    ]
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
    users = {
        user.person_id: user
        for user in User.objects.filter(person__in=held.values("person_id"), is_active=True, date_joined__lt=end_of(on))
    }
    steps: dict[UUID, date] = {}
    for step in Authenticator.objects.filter(user__in=users.values(), type__in=SECOND_STEPS, created_at__lt=end_of(on)).order_by(
        "-created_at"
    ):
        steps[step.user_id] = clock.local_date(step.created_at)
    mine: dict[UUID | None, list[Appointment]] = defaultdict(list)
    for one in held.select_related("person"):
        mine[one.person_id].append(one)
    found = []
    for person_id, user in users.items():
        since = min(max(one.starts_on, clock.local_date(one.made_at)) for one in mine[person_id])
        since = max(since, clock.local_date(user.date_joined))
        found.append(WideAccess(mine[person_id][0].person, tuple(sorted({one.role for one in mine[person_id]})), since, steps.get(user.id)))
    return sorted(found, key=lambda one: one.since)


def own_step_owed_since(scope: Scope, roles: Iterable[str], on: date) -> date | None:
    """Since when oneself owes a second step; None when it is on, or one's schools' own sign-in asks for it."""
    if scope.person_id is None:
        return None
    held = list(Appointment.objects.filter(live(on), trust_id=scope.trust_id, person_id=scope.person_id, role__in=list(roles)))
    user = User.objects.filter(person_id=scope.person_id, is_active=True).first()
    if not held or user is None or Authenticator.objects.filter(user=user, type__in=SECOND_STEPS).exists():
        return None
    year = clock.at(on - timedelta(days=365), 0)
    records = set(IdentitySecondStep.objects.filter(school_id__in=scope.school_ids, at__gte=year).values_list("school_id", flat=True))
    owed = [one for one in held if one.school_id not in records]
    return max(clock.local_date(user.date_joined), min(max(one.starts_on, clock.local_date(one.made_at)) for one in owed)) if owed else None


def identity_second_step(scope: Scope, school_id: UUID, on: date) -> IdentitySecondStep | None:
    """The last record, by the end of a day, that the school's own identity service asks for a second step."""
    rows = IdentitySecondStep.objects.filter(school_id=school_id, school_id__in=scope.school_ids, at__lt=end_of(on))
    return rows.order_by("-at").first()


@dataclass(frozen=True, slots=True)
class Check:
    """One check of the trail: when, what it covered, and when a break it found was explained."""

    at: datetime
    id: int
    entries: int
    ok: bool
    first_bad: int | None
    explained_on: date | None


def trail_checks(scope: Scope, before: datetime) -> list[Check]:
    """The checks of the trust's trail before an instant, oldest first, the last 400: a year of nights and more.

    A break explained once is explained each time it is met.
    """
    rows = list(ChainCheck.objects.filter(trust_id=scope.trust_id, at__lt=before).order_by("-at", "-pk")[:400])[::-1]
    bad = {row.pk: row.first_bad for row in rows if not row.ok}
    told: dict[int | None, date] = {}
    for said in ChainExplanation.objects.filter(check_id__in=list(bad), at__lt=before).order_by("-at"):
        told[bad[said.check_id]] = clock.local_date(said.at)
    return [Check(row.at, row.pk, row.entries, row.ok, row.first_bad, None if row.ok else told.get(row.first_bad)) for row in rows]


def unexplained_break(scope: Scope) -> ChainCheck:
    """The oldest check of the trust's trail that found a break nobody has explained; NotFound where there is none."""
    waiting = [check for check in trail_checks(scope, clock.now()) if not check.ok and check.explained_on is None]
    if not waiting:
        raise NotFound("There is no break to explain")
    return ChainCheck.objects.get(trust_id=scope.trust_id, pk=waiting[0].id)


def trail_counts(scope: Scope, school_id: UUID, first: date, on: date) -> dict[str, int]:
    """How many decisions, declarations, looks and exports the trail of a school holds for a stretch of days; no names."""
    entries = Entry.objects.filter(trust_id=scope.trust_id, school_id=school_id, at__gte=clock.at(first, 0), at__lt=end_of(on))
    counted: Counter[str] = Counter()
    for verb, number in entries.order_by().values_list("verb").annotate(Count("pk")):
        counted[KIND_OF_ENTRY.get(verb.rpartition(".")[2], "other")] += number
    return dict(sorted(counted.items()))


SECOND_STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)

KIND_OF_ENTRY = {
    "approved": "approvals", "declared": "declarations", "looked": "looks", "viewed": "looks", "opened": "looks", "exported": "exports",
}  # fmt: skip
"""What the last word of an audit verb is counted as."""

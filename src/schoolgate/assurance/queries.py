"""Questions about readings and what stands beside them. Every one keeps to the schools in reach."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Min, OuterRef, Q, QuerySet, Subquery

from schoolgate.assurance import catalogue, living
from schoolgate.assurance.models import AcceptedException, Assessment, Attestation, NilStatement, NotApplicable, Reading, VersionTally
from schoolgate.common import clock
from schoolgate.common.errors import NotFound
from schoolgate.common.models import JobRun
from schoolgate.contracts.controls import State
from schoolgate.notify.models import Message
from schoolgate.people.access import Scope
from schoolgate.people.models import Appointment, Engagement, Person, School
from schoolgate.people.permissions import Permission
from schoolgate.people.queries import live
from schoolgate.policies import queries as policies
from schoolgate.policies.models import ClauseKind, PolicyVersion

HISTORY = timedelta(days=366)


def school_called(scope: Scope, name: str) -> School:
    """The school in reach with this ref or id."""
    by = Q(ref=name)
    with suppress(ValueError):  # not an id: only a ref can be meant
        by |= Q(id=UUID(name))
    found = School.objects.filter(by, trust_id=scope.trust_id, id__in=scope.school_ids).select_related("trust").first()
    if found is None:
        raise NotFound(f"There is no school called {name} in your reach")
    return found


def control_called(name: str) -> catalogue.Control:
    """The control of the catalogue with this id."""
    found = catalogue.controls().get(name)
    if found is None:
        raise NotFound(f"There is no control called {name} in the catalogue")
    return found


def _newest(assessments: QuerySet[Assessment]) -> QuerySet[Assessment]:
    """A reading of a past date never hides a later one."""
    return assessments.order_by("-on", "-taken_at")


def latest_assessment(scope: Scope, school_id: UUID) -> Assessment | None:
    """The last round of readings at a school; None before the first."""
    return _newest(Assessment.objects.filter(school_id=school_id, school_id__in=scope.school_ids)).first()


def readings_of(assessment: Assessment | None) -> dict[str, Reading]:
    """The readings of a round by control, without the records behind them."""
    return {reading.control: reading for reading in Reading.objects.filter(assessment=assessment)} if assessment else {}


def reading_of(scope: Scope, school_id: UUID, control: str) -> Reading | None:
    """The control's reading of the last round, the records behind it fetched along; None if that round has none."""
    last = latest_assessment(scope, school_id)
    return Reading.objects.filter(assessment=last, control=control).select_related("evidence").first() if last else None


def readings_with_records(assessment: Assessment | None, controls: Collection[str]) -> dict[str, Reading]:
    """Some readings of a round by control, the records behind them fetched along."""
    if assessment is None:
        return {}
    return {
        reading.control: reading
        for reading in Reading.objects.filter(assessment=assessment, control__in=controls).select_related("evidence")
    }


def past_readings(scope: Scope, school_id: UUID, controls: Collection[str], until: date) -> dict[date, dict[str, Reading]]:
    """A year of readings of some controls, by date and control, oldest first; of several on one date the last one taken."""
    rows = Reading.objects.filter(
        school_id=school_id, school_id__in=scope.school_ids, control__in=controls, on__gt=until - HISTORY, on__lte=until
    )
    days: dict[date, dict[str, Reading]] = defaultdict(dict)
    for reading in rows.order_by("on", "taken_at"):
        days[reading.on][reading.control] = reading
    return dict(days)


def exceptions_in_force(scope: Scope, school_id: UUID, on: date) -> dict[str, list[AcceptedException]]:
    """Accepted exceptions that hold on a day, by control, owners and approvers fetched along."""
    rows = AcceptedException.objects.filter(
        school_id=school_id, school_id__in=scope.school_ids, starts_on__lte=on, ends_on__gte=on, withdrawn_at__isnull=True
    ).select_related("owner", "approver")
    by_control: dict[str, list[AcceptedException]] = defaultdict(list)
    for row in rows.order_by("ends_on"):
        by_control[row.control].append(row)
    return dict(by_control)


def not_applicable_in_force(scope: Scope, school_id: UUID, on: date) -> dict[str, NotApplicable]:
    """Records that a control cannot arise here, by control, where they hold on a day."""
    rows = NotApplicable.objects.filter(
        school_id=school_id, school_id__in=scope.school_ids, starts_on__lte=on, ends_on__gte=on, withdrawn_at__isnull=True
    ).select_related("owner", "approver")
    return {row.control: row for row in rows.order_by("ends_on")}


def kept_beside(scope: Scope, school_id: UUID, on: date) -> list[AcceptedException | NotApplicable]:
    """Every exception and not-applicable record recorded by a day and not withdrawn; of several for one control the newest.

    One whose end has passed is still here: a page must not let it fade away.
    """
    found: list[AcceptedException | NotApplicable] = []
    for model in (AcceptedException, NotApplicable):
        rows = model.objects.filter(school_id=school_id, school_id__in=scope.school_ids, starts_on__lte=on, withdrawn_at__isnull=True)
        found.extend({row.control: row for row in rows.select_related("owner").order_by("ends_on", "recorded_at")}.values())
    return found


def in_post(scope: Scope, persons: Iterable[UUID], school_id: UUID, on: date) -> set[UUID]:
    """Those of the persons who have a place or a role at the school, or a role across its trust, on a day."""
    wanted = list(persons)
    if school_id not in scope.schools:
        return set()
    engaged = Engagement.objects.filter(live(on), school_id=school_id, person_id__in=wanted).values_list("person_id", flat=True)
    appointed = Appointment.objects.filter(
        live(on), Q(school_id=school_id) | Q(school__isnull=True), trust_id=scope.trust_id, person_id__in=wanted
    )
    return set(engaged) | set(appointed.values_list("person_id", flat=True))


def roles_at(scope: Scope, school_id: UUID, on: date) -> frozenset[str]:
    """The roles and capacities the person of this scope holds at a school, or across the trust, on a day."""
    if scope.person_id is None or school_id not in scope.schools:
        return frozenset()
    held = Appointment.objects.filter(
        live(on), Q(school_id=school_id) | Q(school__isnull=True), trust_id=scope.trust_id, person_id=scope.person_id
    )
    return frozenset(held.values_list("role", flat=True))


def staff_choices(scope: Scope, school_id: UUID, on: date) -> list[Person]:
    """People who could own an exception: everyone with a role at the school or across the trust on a day."""
    held = Appointment.objects.filter(live(on), Q(school_id=school_id) | Q(school__isnull=True), trust_id=scope.trust_id)
    return list(Person.objects.filter(trust_id=scope.trust_id, id__in=held.values("person_id"))) if school_id in scope.schools else []


def person_called(scope: Scope, person_id: UUID) -> Person:
    """A person of the trust by id."""
    found = Person.objects.filter(trust_id=scope.trust_id, id=person_id).first()
    if found is None:
        raise NotFound("There is no such person in your trust")
    return found


def exception_called(scope: Scope, exception_id: UUID) -> AcceptedException:
    found = AcceptedException.objects.filter(id=exception_id, school_id__in=scope.school_ids).select_related("school").first()
    if found is None:
        raise NotFound("There is no such exception in your reach")
    return found


def not_applicable_called(scope: Scope, record_id: UUID) -> NotApplicable:
    found = NotApplicable.objects.filter(id=record_id, school_id__in=scope.school_ids).select_related("school").first()
    if found is None:
        raise NotFound("There is no such record in your reach")
    return found


def nil_statements(scope: Scope, school_id: UUID, on: date) -> dict[str, NilStatement]:
    """The nil statement that reaches furthest for each control, of those made by the end of a day."""
    rows = NilStatement.objects.filter(school_id=school_id, school_id__in=scope.school_ids, covers_to__lte=on, made_at__lt=_end_of(on))
    return {row.control: row for row in rows.select_related("made_by").order_by("covers_to", "made_at")}


def attestations(scope: Scope, school_id: UUID, clause_ids: Collection[UUID], on: date) -> dict[UUID, Attestation]:
    """The confirmation that stands longest for each attested clause, of those made by the end of a day."""
    rows = Attestation.objects.filter(
        school_id=school_id, school_id__in=scope.school_ids, clause_id__in=clause_ids, confirmed_at__lt=_end_of(on)
    )
    return {row.clause_id: row for row in rows.select_related("confirmed_by").order_by("stands_until", "confirmed_at") if row.clause_id}


def _end_of(on: date) -> Any:
    return clock.at(on + timedelta(days=1), 0)


def last_read(scope: Scope, school_id: UUID, before: Any) -> dict[str, Reading]:
    """The newest reading of each control taken up to an instant, wherever it stands in time."""
    rows = Reading.objects.filter(
        school_id=school_id, school_id__in=scope.school_ids, taken_at__lte=before, taken_at__gt=before - timedelta(days=60)
    )
    return {reading.control: reading for reading in rows.order_by("taken_at")}


def broken_since(scope: Scope, school_id: UUID) -> dict[str, date]:
    """The controls that were broken in the last round, each with the date from which every reading was: two queries."""
    last = latest_assessment(scope, school_id)
    rows = Reading.objects.filter(school_id=school_id, school_id__in=scope.school_ids)
    now = rows.filter(assessment=last, state=State.BROKEN).values("control")
    other = rows.filter(control=OuterRef("control")).exclude(state=State.BROKEN).order_by("-on").values("on")[:1]
    run = rows.filter(control__in=now, state=State.BROKEN).annotate(before=Subquery(other)).filter(Q(before=None) | Q(on__gt=F("before")))
    return dict(run.order_by().values_list("control").annotate(first=Min("on")).order_by("control"))


def has_readings(scope: Scope, school_id: UUID) -> bool:
    return Assessment.objects.filter(school_id=school_id, school_id__in=scope.school_ids).exists()


def schools_without_reading_since(moment: Any) -> list[School]:
    """Schools of every trust that have had no round of readings since an instant: for the nightly process only."""
    fresh = Assessment.objects.filter(taken_at__gte=moment).values("school_id")
    return list(School.objects.exclude(id__in=fresh).select_related("trust").order_by("trust__name", "name"))


def latest_tallies(scope: Scope, schools: Collection[UUID]) -> tuple[dict[UUID, Assessment], dict[UUID, list[VersionTally]]]:
    """The last round of each school and how many clauses of each policy version showed what in it: two queries for any number."""
    newest = _newest(Assessment.objects.filter(school_id=OuterRef("id"))).values("id")[:1]
    ids = School.objects.filter(trust_id=scope.trust_id, id__in=set(schools) & set(scope.school_ids)).values_list(
        Subquery(newest), flat=True
    )
    rounds = {each.id: each for each in Assessment.objects.filter(id__in=[one for one in ids if one])}
    tallies: dict[UUID, list[VersionTally]] = defaultdict(list)
    for row in VersionTally.objects.filter(assessment_id__in=list(rounds)):
        tallies[rounds[row.assessment_id].school_id].append(row)
    return {each.school_id: each for each in rounds.values()}, dict(tallies)


def versions_by_id(scope: Scope, ids: Collection[UUID]) -> dict[UUID, PolicyVersion]:
    """Policy versions of the trust by id, their policies fetched along."""
    return {row.id: row for row in PolicyVersion.objects.filter(policy__trust_id=scope.trust_id, id__in=list(ids)).select_related("policy")}


def failed_checks(scope: Scope, schools: Collection[UUID]) -> list[Reading]:
    """Readings of the last rounds of these schools whose check failed to run."""
    rounds, _ = latest_tallies(scope, schools)
    failed = Reading.objects.filter(assessment_id__in=[each.id for each in rounds.values()], measured__error=True).select_related("school")
    return list(failed.order_by("school__name", "control"))


def messages_since(scope: Scope, school_id: UUID, since: Any) -> list[Message]:
    """Messages about one school queued since an instant."""
    rows = Message.objects.filter(trust_id=scope.trust_id, school_id=school_id, school_id__in=scope.school_ids, queued_at__gte=since)
    return list(rows.order_by("queued_at"))


def first_job_start() -> Any:
    """When the worker started any job for the first time that is still known; None if it never did."""
    return JobRun.objects.order_by("started_at").values_list("started_at", flat=True).first()


def administrators(scope: Scope, school_id: UUID, on: date) -> list[Person]:
    """Those who are told when the system itself fails."""
    held = Appointment.objects.filter(
        live(on), Q(school_id=school_id) | Q(school__isnull=True), trust_id=scope.trust_id, role="administrator"
    )
    return list(Person.objects.filter(trust_id=scope.trust_id, id__in=held.values("person_id"))) if school_id in scope.schools else []


def ending_by(scope: Scope, schools: Collection[UUID], day: date) -> list[AcceptedException]:
    """Exceptions at these schools that end by a day and were not withdrawn, schools fetched along."""
    mine = set(schools) & set(scope.school_ids)
    rows = AcceptedException.objects.filter(school_id__in=mine, ends_on__lte=day, withdrawn_at__isnull=True)
    return list(rows.select_related("school").order_by("ends_on"))


@dataclass(frozen=True, slots=True)
class Living:
    """A school, one of its policies in force, and everything its living page shows."""

    school: School
    facts: living.Facts


def living_policy(scope: Scope, school_name: str, version_id: UUID, today: date) -> Living:
    """Everything the living page of one policy in force at a school needs, in a fixed number of questions."""
    school = school_called(scope, school_name)
    version = version_in_force(scope, school, version_id)
    clauses = policies.clauses_in_force(scope, [version.id])
    assessment = latest_assessment(scope, school.id)
    attested = [clause.id for clause in clauses if clause.kind == ClauseKind.ATTESTED]
    confirmed = attestations(scope, school.id, attested, today) if attested else {}
    return Living(
        school, living.Facts(version, clauses, assessment, readings_of(assessment), exceptions_in_force(scope, school.id, today), confirmed)
    )


def version_in_force(scope: Scope, school: School, version_id: UUID) -> PolicyVersion:
    """One policy version that holds at a school and that this person may read."""
    if scope.may(Permission.POLICY_READ, school.id):
        for version in policies.versions_in_force(scope, school.id):
            if version.id == version_id:
                return version
    raise NotFound("There is no such policy in force at the school")


def schools_in_reach(scope: Scope, permission: Permission = Permission.POLICY_READ) -> list[School]:
    """The schools where the person holds a permission, by name, their trust fetched along."""
    found = list(School.objects.filter(trust_id=scope.trust_id, id__in=scope.schools_where(permission)).select_related("trust"))
    if not found:
        raise NotFound("There is no school in your reach")
    return found

"""A roster goes into a school's register in one transaction: compared first, then written in bulk."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from schoolgate.audit import actions as audit
from schoolgate.audit.rules import Draft
from schoolgate.common import clock
from schoolgate.common.errors import BadInput, Denied, Replaced
from schoolgate.people import queries, rules
from schoolgate.people.access import Scope
from schoolgate.people.actions.places import end_roles_of_leaver
from schoolgate.people.comparison import Change, Kind, Plan
from schoolgate.people.models import Appointment, Engagement, Person, RegisterCheck, RosterUpload, School
from schoolgate.people.roster import Roster

UPLOAD_STANDS = timedelta(days=1)
OF_PERSON = ["external_id", "given", "family", "email"]
OF_PLACE = ["job_title", "employer", "starts_on", "ends_on", "completed_at"]
VERBS = {Kind.NEW: "engagement.started", Kind.CHANGED: "engagement.changed", Kind.ENDED: "engagement.ended"}


@transaction.atomic
def import_roster(*, school: School, roster: Roster, expected: str = "", by: Scope) -> Plan:
    """Write a roster into the register and return what was done. The same roster again changes nothing.

    `expected` is the fingerprint of the plan a person was shown; Replaced when the register has changed since.
    """
    rules.check_can_keep_register(by, school.id)
    School.objects.select_for_update().get(pk=school.pk)  # two imports for one school take turns
    plan = queries.roster_plan(by, school, roster, clock.today())
    if expected and plan.fingerprint != expected:
        raise Replaced("The register has changed since you looked. Look through the changes again, then confirm.")
    drafts = write_adults(plan, school, by)
    if drafts:
        audit.record_many(drafts, trust_id=by.trust_id)
    return plan


def write_adults(plan: Plan, school: School, by: Scope) -> list[Draft]:
    """Write one school's plan in bulk; returns what the log is to say, for the caller to record in the same transaction."""
    persons = {change.person.id: change.person for change in plan.changes if change.new_person and change.person._state.adding}
    Person.objects.bulk_create(persons.values())
    Engagement.objects.bulk_create(change.place for change in plan.changes if change.new_place)
    _rewrite(Person, [change.person for change in plan.changes if change.of_person], OF_PERSON)
    _rewrite(Engagement, [change.place for change in plan.changes if change.of_place], OF_PLACE)
    _end_roles(plan, school, by)
    checks = _checks(plan, school, by)
    if checks or any(change.kind != Kind.UNCHANGED for change in plan.changes):
        return list(_drafts(plan, school, by, set(persons)))
    return []


def _rewrite(model: type[Person] | type[Engagement], changed: list, fields: list[str]) -> None:
    """One statement a batch: an insert that meets its own id and updates, many times quicker than an update a row."""
    rows = list({row.pk: row for row in changed}.values())
    model.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=fields)


def _end_roles(plan: Plan, school: School, by: Scope) -> None:
    """A leaver's roles end with the last day, as they do when the last day is typed in."""
    ended = [change.place for change in plan.changes if change.kind == Kind.ENDED]
    holders = set(
        Appointment.objects.filter(school=school, person_id__in=[place.person_id for place in ended]).values_list("person_id", flat=True)
    )
    for place in ended:
        if place.person_id in holders:
            end_roles_of_leaver(place, by)


def _checks(plan: Plan, school: School, by: Scope) -> list[RegisterCheck]:
    """An imported list counts as looked at (catalogue people.register_confirmed), once a day for each category."""
    today = clock.today()
    recent = RegisterCheck.objects.filter(school=school, imported=True, at__gte=clock.now() - timedelta(days=2))
    done = {check.category for check in recent if clock.local_date(check.at) == today}
    fresh = [
        RegisterCheck(school=school, category=category, at=clock.now(), by_person_id=by.person_id, imported=True)
        for category in plan.categories
        if category not in done
    ]
    return RegisterCheck.objects.bulk_create(fresh)


def _drafts(plan: Plan, school: School, by: Scope, persons: set[UUID]) -> Iterator[Draft]:
    """One entry for each change, without a name, and one for the import as a whole."""
    for change in plan.changes:
        if change.person.id in persons:
            persons.discard(change.person.id)
            yield Draft("person.added", audit.subject_of(change.person), by.actor, school.id)
        if change.of_person:
            yield Draft("person.changed", audit.subject_of(change.person), by.actor, school.id, facts={"fields": change.of_person})
        if change.new_place or change.of_place:
            yield Draft(VERBS[change.kind], audit.subject_of(change.place), by.actor, school.id, facts=_facts(change))
    whole = {"rows": plan.rows_in, "listed": len(plan.listed), "missing": len(plan.missing), **plan.counts}
    yield Draft("register.imported", audit.subject_of(school), by.actor, school.id, facts={**whole, "categories": plan.categories})


def _facts(change: Change) -> dict:
    return {"fields": change.of_place} if change.of_place else {"starts_on": change.place.starts_on}


@transaction.atomic
def keep_upload(*, school: School | None, name: str, content: bytes, by: Scope) -> RosterUpload:
    """Hold a roster of a school, or of the trust where no school is named, between its preview and its confirmation.

    A new one takes the place of the one before.
    """
    rules.check_can_keep_register(by, school.id if school else None)
    if by.person_id is None:
        raise Denied("A roster is held for a named person.")
    if not content:
        raise BadInput("The file is empty. Choose another.", "file")
    upload, _ = RosterUpload.objects.update_or_create(
        school=school, by_person_id=by.person_id, defaults={"name": name[:200], "content": content, "at": clock.now()}
    )
    audit.record("roster.uploaded", upload, trust_id=by.trust_id, school_id=upload.school_id, facts={"bytes": len(content)}, by=by.actor)
    return upload


@transaction.atomic
def drop_upload(*, upload: RosterUpload, by: Scope) -> None:
    """Throw a held roster away."""
    rules.check_can_keep_register(by, upload.school_id)
    subject = audit.subject_of(upload)
    RosterUpload.objects.filter(pk=upload.pk, by_person_id=by.person_id).delete()
    audit.record("roster.dropped", subject, trust_id=by.trust_id, school_id=upload.school_id, by=by.actor)


def forget_uploads() -> int:
    """Throw away rosters nobody confirmed for a day: they hold names. Returns how many. Not a fact about the school, so not recorded."""
    return RosterUpload.objects.filter(at__lt=clock.now() - UPLOAD_STANDS).delete()[0]

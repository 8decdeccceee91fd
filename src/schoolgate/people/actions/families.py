"""A roster of pupils, guardians and adults goes into a trust in one transaction: compared first, then written in bulk."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from schoolgate.audit import actions as audit
from schoolgate.audit.rules import Draft, Subject
from schoolgate.common import clock
from schoolgate.common.bulk import insert_rows
from schoolgate.common.errors import BadInput, NotFound, Replaced
from schoolgate.common.ids import new_id
from schoolgate.people import queries, rules
from schoolgate.people.access import Scope
from schoolgate.people.actions.roster import write_adults
from schoolgate.people.comparison import Kind
from schoolgate.people.models import Guardian, GuardianLimit, Guardianship, Pupil, School
from schoolgate.people.rosters.rows import TrustRoster
from schoolgate.people.trust_comparison import OF_GUARDIAN, OF_PUPIL, Record, TrustPlan

BATCH = 2_000
VERBS = {Kind.NEW: "added", Kind.CHANGED: "changed", Kind.ENDED: "ended"}


@transaction.atomic
def import_trust_roster(*, roster: TrustRoster, only: School | None = None, expected: str = "", by: Scope) -> TrustPlan:
    """Write a roster of several schools, or with `only` of one, and return what was done. The same roster again changes nothing.

    `expected` is the fingerprint of the plan a person was shown; Replaced when the records have changed since. Whoever brings it in must
    keep the register of every school in it.
    """
    if only is not None:
        rules.check_can_keep_register(by, only.id)
    list(School.objects.select_for_update().filter(trust_id=by.trust_id).order_by("pk"))  # imports of one trust take turns
    plan = queries.trust_roster_plan(by, roster, clock.today(), only)
    for school_id in _schools_in(plan):
        rules.check_can_keep_register(by, school_id)
    if expected and plan.fingerprint != expected:
        raise Replaced("The records have changed since you looked. Look through the changes again, then confirm.")
    if plan.changes_anything:
        _write(plan, by)
    return plan


def _schools_in(plan: TrustPlan) -> set[UUID]:
    return {*plan.adults, *(one.values["school_id"] for one in plan.pupils)}


def _write(plan: TrustPlan, by: Scope) -> None:
    schools = {school.pk: school for school in School.objects.filter(pk__in=list(plan.adults))}
    drafts: list[Draft] = []
    for school_id, adults in plan.adults.items():
        drafts += write_adults(adults, schools[school_id], by)
    now = clock.now()
    _put(Pupil, plan.pupils, OF_PUPIL, {"trust_id": by.trust_id, "added_at": now, "looked_after": False})
    _put(Guardian, plan.guardians, OF_GUARDIAN, {"trust_id": by.trust_id, "added_at": now})
    ties = ((new_id(), tie.pupil_id, tie.guardian_id, tie.relation, now) for tie in plan.ties)
    insert_rows(Guardianship, ("id", "pupil_id", "guardian_id", "relation", "added_at"), ties)
    drafts += _drafts(plan, by)
    audit.record_many(drafts, trust_id=by.trust_id)


def _put(model: Any, records: list[Record], names: tuple[str, ...], more: dict[str, Any]) -> None:
    """New records in bulk; changed ones by an insert that meets its own id and updates, many times quicker than an update a row."""
    new = ((one.id, one.row.external_id, *one.values.values(), *more.values()) for one in records if one.new)
    insert_rows(model, ("id", "external_id", *names, *more), new)
    changed = [
        model(id=one.id, external_id=one.row.external_id, **one.values, **more) for one in records if one.fields
    ]  # more: never updated
    columns = [name.removesuffix("_id") for name in names]
    model.objects.bulk_create(changed, batch_size=BATCH, update_conflicts=True, unique_fields=["id"], update_fields=columns)


def _drafts(plan: TrustPlan, by: Scope) -> Iterator[Draft]:
    """One entry for each pupil and guardian that came or changed, without a name, and one for the import as a whole."""
    for noun, kind, records in (("pupil", "people.pupil", plan.pupils), ("guardian", "people.guardian", plan.guardians)):
        for one in records:
            if one.kind != Kind.UNCHANGED:
                subject = Subject(kind, str(one.id), f"{noun} {str(one.id)[:8]}")
                facts: dict[str, Any] | None = {"fields": [name.removesuffix("_id") for name in one.fields]} if one.fields else None
                yield Draft(f"{noun}.{VERBS[one.kind]}", subject, by.actor, one.values.get("school_id"), facts=facts)
    whole: dict[str, Any] = {
        "rows": plan.people_in,
        "refused": len(plan.refused),
        "missing_pupils": len(plan.missing_pupils),
        "links": len(plan.ties),
    }
    facts = {**whole, "missing_adults": len(plan.missing_adults), **plan.counts}
    yield Draft(
        "roster.imported", Subject("people.trust", str(by.trust_id), f"roster of {str(by.trust_id)[:8]}"), by.actor, None, facts=facts
    )


@transaction.atomic
def mark_looked_after(*, pupil: Pupil, looked_after: bool, by: Scope) -> Pupil:
    """Set or clear the flag that says a pupil is looked after by the council. For the safeguarding lead alone."""
    rules.check_can_protect(by, pupil.school_id)
    pupil.looked_after = looked_after
    pupil.save(update_fields=["looked_after"])
    audit.record("pupil.protection_changed", pupil, trust_id=by.trust_id, school_id=pupil.school_id, by=by.actor)
    return pupil


@transaction.atomic
def end_pupil(*, pupil: Pupil, ends_on: Any, by: Scope) -> Pupil:
    """Write down a pupil's last day on roll."""
    rules.check_can_keep_register(by, pupil.school_id)
    rules.check_last_day(pupil.starts_on, ends_on)
    pupil.ends_on = ends_on
    pupil.save(update_fields=["ends_on"])
    audit.record("pupil.ended", pupil, trust_id=by.trust_id, school_id=pupil.school_id, facts={"ends_on": ends_on}, by=by.actor)
    return pupil


@transaction.atomic
def limit_guardian(*, guardianship: Guardianship, kind: str, note: str = "", by: Scope) -> GuardianLimit:
    """Say whether a guardian may answer for a pupil: no responsibility, a restriction, or neither any more. Adds a row, keeps those before.

    Answers that are being given at this moment wait for it, or are in before it.
    """
    row = Guardianship.objects.select_for_update(of=("self",), no_key=True).select_related("pupil").filter(pk=guardianship.pk).first()
    if row is None or row.pupil.school_id not in by.schools:
        raise NotFound("There is no such guardian in your reach")
    if kind not in GuardianLimit.Kind.values:
        raise BadInput("Choose whether this person may answer for the child.", "kind")
    last = row.limit
    rules.check_can_limit_guardian(by, row.pupil.school_id, now=last.kind if last else "", wanted=kind)
    at = max(clock.now(), last.at + timedelta(microseconds=1)) if last else clock.now()  # two words on one tie never stand at one instant
    made = GuardianLimit.objects.create(
        school_id=row.pupil.school_id, guardianship=row, kind=kind, note=note.strip(), at=at, by_person_id=by.person_id
    )
    audit.record("guardian.limited", row, trust_id=by.trust_id, school_id=row.pupil.school_id, facts={"limit": kind}, by=by.actor)
    return made


def hold_guardianships(*, guardian_id: UUID) -> None:
    """Keep who a guardian answers for as it is until the transaction is over, so that no restriction slips in beside an answer."""
    list(Guardianship.objects.select_for_update(no_key=True).filter(guardian_id=guardian_id).order_by("id"))

"""What changes in assurance: rounds of readings, and the few things a person may put beside them."""

import hashlib
import json
import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from schoolgate.assurance import catalogue, living, queries, rules
from schoolgate.assurance.models import (
    AcceptedException,
    Assessment,
    Attestation,
    EvidenceSet,
    NilStatement,
    NotApplicable,
    Reading,
    VersionTally,
)
from schoolgate.assurance.rules import Settled
from schoolgate.audit import actions as audit
from schoolgate.common import clock
from schoolgate.common.errors import BadInput, Denied
from schoolgate.contracts.controls import Ask, Question, State, carried
from schoolgate.notify import actions as notify
from schoolgate.people.access import Scope, process_scope
from schoolgate.people.models import Person, School
from schoolgate.policies import actions as policy_actions
from schoolgate.policies import queries as policies
from schoolgate.policies.models import Clause, EarlyKind, PolicyVersion
from schoolgate.policies.rules.knowing import Known

log = logging.getLogger(__name__)

ASKED_LAST = "assurance."  # these look at the readings of the same round


@dataclass(frozen=True, slots=True)
class Round:
    """What every control of one round is asked with."""

    school: School
    on: date
    settings: Mapping[str, Any]
    switched_on: Mapping[str, date]
    not_applicable: Mapping[str, NotApplicable]
    nil: Mapping[str, NilStatement]
    administrators: list[Person]


@transaction.atomic
def assess(*, school: School, on: date, by: Scope) -> Assessment:
    """Ask every carried control about one school on one date and keep what it showed, with the records behind it.

    A control that fails to run stops no other: its reading says so and the administrators are told. BadInput for a day to come.
    """
    rules.check_can_take_readings(by, school.id)
    if on > clock.today():
        raise BadInput(f"{on:%d %B %Y} has not come yet. Readings are taken for today or an earlier day.", "on")
    reader = process_scope("readings", school.trust_id, [school.id])
    asked = _round(reader, school, on)
    assessment = Assessment.objects.create(school=school, on=on, taken_at=clock.now())
    readings: dict[str, Reading] = {}
    for last in (False, True):
        batch = {ref: _read(asked, ref, ask) for ref, ask in carried().items() if ref.startswith(ASKED_LAST) == last}
        readings |= _keep(assessment, batch)
    failed = [ref for ref, reading in readings.items() if reading.measured.get("error")]
    if failed:
        _tell_administrators(asked)
    _keep_tallies(reader, assessment, readings)
    states = Counter(reading.state for reading in readings.values())
    audit.record("assessment.taken", assessment, trust_id=school.trust_id, school_id=school.id,
                 facts={"on": on.isoformat(), "states": dict(states), "failed": failed}, by=by.actor)  # fmt: skip
    return assessment


def _round(reader: Scope, school: School, on: date) -> Round:
    return Round(
        school, on,
        policies.settings_for(reader, school.id),
        policies.switched_on(reader, school.id),
        queries.not_applicable_in_force(reader, school.id, on),
        queries.nil_statements(reader, school.id, on),
        queries.administrators(reader, school.id, on),
    )  # fmt: skip


def _read(asked: Round, ref: str, ask: Ask) -> Settled:
    """One control. Whatever goes wrong inside it is undone, logged and shown as what it is."""
    control = catalogue.controls()[ref]
    record = asked.not_applicable.get(ref)
    if record is not None and control.may_be_not_applicable:
        return Settled(State.NOT_APPLICABLE, why=record.reason)
    try:
        with transaction.atomic():
            question = _question(asked, control)
            return rules.settle(control, ask(question), on=asked.on, switched_on=question.switched_on, params=question.params)
    except Exception:  # one control's fault must not hide what the others show
        log.exception("The control %s failed to run for school %s on %s", ref, asked.school.ref, asked.on)
        return Settled(State.NO_DATA, why=rules.FAILED_TOLD if asked.administrators else rules.FAILED_UNTOLD, measured={"error": True})


def _question(asked: Round, control: catalogue.Control) -> Question:
    params = catalogue.resolved(control, asked.settings)
    nil = asked.nil.get(control.id)
    return Question(
        school_id=asked.school.id, trust_id=asked.school.trust_id, on=asked.on, params=params,
        nil_from=nil.covers_from if nil else None,
        nil_until=nil.covers_to + timedelta(days=params["nil_days"]) if nil else None,
        switched_on=asked.switched_on.get(control.id),
    )  # fmt: skip


def _keep(assessment: Assessment, settled: Mapping[str, Settled]) -> dict[str, Reading]:
    """Store readings, and their records once however often they were the same."""
    sets = {ref: _evidence_set(one.evidence) for ref, one in settled.items()}
    EvidenceSet.objects.bulk_create({each.id: each for each in sets.values()}.values(), ignore_conflicts=True)
    readings = [
        Reading(
            school_id=assessment.school_id, assessment=assessment, control=ref, on=assessment.on, taken_at=assessment.taken_at,
            state=one.state, good=one.good, counted=one.counted, lines=one.lines, by_clause=one.by_clause,
            why=one.why, evidence=sets[ref], measured=one.measured,
        )
        for ref, one in settled.items()
    ]  # fmt: skip
    return {reading.control: reading for reading in Reading.objects.bulk_create(readings)}


def _evidence_set(items: list[dict[str, Any]]) -> EvidenceSet:
    text = json.dumps(items, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return EvidenceSet(id=hashlib.sha256(text.encode()).hexdigest(), items=items)


def _tell_administrators(asked: Round) -> None:
    """A failing check is news for whoever keeps the system, once a day."""
    school = asked.school
    path = reverse("assurance:school", args=[school.ref])
    for person in asked.administrators:
        notify.queue(
            person_id=person.id, trust_id=school.trust_id, school_id=school.id, template="control.broken", path=path,
            address=person.email, by_email=bool(person.email), once=f"check-failed:{school.id}:{asked.on}:{person.id}",
        )  # fmt: skip


def _keep_tallies(reader: Scope, assessment: Assessment, readings: Mapping[str, Reading]) -> None:
    """How many clauses of each policy in force show what: kept with the round, so that pages across schools need not count."""
    rows = []
    for version in policies.versions_in_force(reader, assessment.school_id, assessment.on):
        clauses = policies.clauses_in_force(reader, [version.id])
        attested = queries.attestations(
            reader, assessment.school_id, [each.id for each in clauses if each.kind == "attested"], assessment.on
        )
        shown = (living.of_clause(each, readings, attested.get(each.id), assessment.on).state for each in clauses)
        rows.append(VersionTally(assessment=assessment, version_id=version.id, states=dict(Counter(str(state) for state in shown))))
    VersionTally.objects.bulk_create(rows)


@transaction.atomic
def report_long_broken(*, school: School, by: Scope) -> int:
    """Where a promise of a policy has been broken for long, write that down once as a reason to review the policy; how many were new."""
    today, held = clock.today(), policies.versions_in_force(by, school.id)
    joined = [(clause, join.control) for clause in policies.clauses_in_force(by, [one.id for one in held]) for join in clause.joins.all()]
    new = 0
    for control, since in queries.broken_since(by, school.id).items():
        if not rules.is_long_broken(control, since, today):
            continue
        for version in held:
            clause = next((clause for clause, name in joined if name == control and clause.version_id == version.id), None)
            if clause is not None:
                known = _long_broken(school, version, clause, control, since)
                new += policy_actions.raise_known_reason(school=school, known=known, by=by)
    return new


def _long_broken(school: School, version: PolicyVersion, clause: Clause, control: str, since: date) -> Known:
    words = (
        f"“{catalogue.controls()[control].title}”, which clause {clause.ref} promises, has been broken since {clock.in_words(since)}. "
        "Decide whether the school keeps the promise or changes it."
    )
    path = reverse("assurance:control", args=[school.ref, control])
    return Known(version.policy, EarlyKind.BROKEN, words, f"broken:{control}:{since}", path, clause)


def _control_at(by: Scope, school: School, control: str) -> catalogue.Control:
    if school.id not in by.schools:
        queries.school_called(by, str(school.id))  # raises NotFound
    return queries.control_called(control)


def _max_months(by: Scope, school: School) -> int:
    return int(policies.settings_for(by, school.id)["except.max_months"])


@transaction.atomic
def accept_exception(
    *, school: School, control: str, reason: str, owner: Person, ends_on: date, starts_on: date | None = None, by: Scope
) -> AcceptedException:
    """The head accepts that a broken control stays so until a day, with a reason and an owner. The state does not change.

    Denied when the control is not broken or the owner is the approver; BadInput for dates beyond except.max_months.
    """
    entry, today = _control_at(by, school, control), clock.today()
    approver = rules.check_is_person(by)
    rules.check_can_approve(by, school.id)
    reading = queries.reading_of(by, school.id, control)
    rules.check_can_accept_exception(entry, reading.state if reading else None)
    rules.check_dated(reason, starts_on or today, ends_on, today=today, max_months=_max_months(by, school))
    rules.check_two_people(owner.id, approver, queries.in_post(by, [owner.id], school.id, today))
    made = AcceptedException.objects.create(
        school=school, control=control, reason=reason.strip(), owner=owner, approver_id=approver,
        starts_on=starts_on or today, ends_on=ends_on, recorded_at=clock.now(),
    )  # fmt: skip
    _record("exception.accepted", made, school, by, ends_on=ends_on, control=control)
    return made


@transaction.atomic
def record_not_applicable(*, school: School, control: str, reason: str, owner: Person, ends_on: date, by: Scope) -> NotApplicable:
    """The head records that the question of a control cannot arise here until a day. Denied where the catalogue says it always can."""
    entry, today = _control_at(by, school, control), clock.today()
    rules.check_may_be_not_applicable(entry)
    approver = rules.check_is_person(by)
    rules.check_can_approve(by, school.id)
    rules.check_dated(reason, today, ends_on, today=today, max_months=_max_months(by, school))
    rules.check_two_people(owner.id, approver, queries.in_post(by, [owner.id], school.id, today))
    made = NotApplicable.objects.create(
        school=school, control=control, reason=reason.strip(), owner=owner, approver_id=approver,
        starts_on=today, ends_on=ends_on, recorded_at=clock.now(),
    )  # fmt: skip
    _record("not_applicable.recorded", made, school, by, ends_on=ends_on, control=control)
    return made


@transaction.atomic
def make_nil_statement(*, school: School, control: str, covers_from: date, covers_to: date, by: Scope) -> NilStatement:
    """Somebody whose task it is says: I looked, there was nothing from A to B."""
    entry, today = _control_at(by, school, control), clock.today()
    person = rules.check_is_person(by)
    rules.check_can_state_nothing(entry, queries.roles_at(by, school.id, today))
    rules.check_stretch(covers_from, covers_to, today)
    made = NilStatement.objects.create(
        school=school, control=control, covers_from=covers_from, covers_to=covers_to, made_at=clock.now(), made_by_id=person
    )
    _record("nil_statement.made", made, school, by, covers_from=covers_from, covers_to=covers_to, control=control)
    return made


@transaction.atomic
def attest(*, school: School, clause: Clause, evidence: str, stands_until: date, by: Scope) -> Attestation:
    """A named person confirms a clause that no record can show, says what they looked at, and until when it stands."""
    if school.id not in by.schools or clause.version_id not in {version.id for version in policies.versions_in_force(by, school.id)}:
        raise Denied("This clause is not part of a policy in force at the school.")
    person = rules.check_is_person(by)
    rules.check_can_attest(by, school.id, clause.kind)
    rules.check_confirmation(evidence, stands_until, clock.today())
    made = Attestation.objects.create(
        school=school,
        clause_id=clause.id,
        evidence=evidence.strip(),
        confirmed_at=clock.now(),
        confirmed_by_id=person,
        stands_until=stands_until,
    )
    _record("clause.attested", made, school, by, stands_until=stands_until, clause=clause.id)
    return made


@transaction.atomic
def withdraw_exception(*, exception: AcceptedException, by: Scope) -> AcceptedException:
    """An exception ends before its day: the fault is mended, or it is no longer accepted."""
    return _withdraw(AcceptedException, queries.exception_called(by, exception.id).id, "exception.withdrawn", by)


@transaction.atomic
def withdraw_not_applicable(*, record: NotApplicable, by: Scope) -> NotApplicable:
    """The question of the control can arise here after all."""
    return _withdraw(NotApplicable, queries.not_applicable_called(by, record.id).id, "not_applicable.withdrawn", by)


def _withdraw(model: Any, row_id: UUID, verb: str, by: Scope) -> Any:
    row = model.objects.select_for_update().select_related("school").get(id=row_id)
    rules.check_is_person(by)
    rules.check_can_approve(by, row.school_id)
    if row.withdrawn_at is not None:
        raise Denied("This was withdrawn already.")
    row.withdrawn_at = clock.now()
    row.save(update_fields=["withdrawn_at"])
    _record(verb, row, row.school, by, control=row.control)
    return row


def _record(verb: str, row: Any, school: School, by: Scope, **facts: Any) -> None:
    audit.record(
        verb, row, trust_id=school.trust_id, school_id=school.id, facts={name: str(fact) for name, fact in facts.items()}, by=by.actor
    )

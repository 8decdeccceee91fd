"""Policies reach their readers: where the public finds them, the check of the public copy, and the receipts of the bodies."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from schoolgate.audit import actions as audit
from schoolgate.common import clock
from schoolgate.common.errors import Replaced
from schoolgate.people.access import Scope
from schoolgate.people.models import School
from schoolgate.policies import copies, queries, rules
from schoolgate.policies.models import (
    CopyFound,
    Policy,
    PolicyVersion,
    PublicCheck,
    PublicPlace,
    ReaderChoice,
    ReaderReceipt,
    ReceiptMeans,
    ReceiptUndone,
)
from schoolgate.policies.rules import delivering
from schoolgate.policies.rules.delivering import Delivery

RECHECK_AFTER = 4
"""Days after which a right copy is fetched again: well inside page_check_days, so that a day on which nothing ran harms nobody."""


def _check(by: Scope, school_id: UUID | None) -> None:
    held = queries.own_roles(by, school_id, clock.today()) if school_id else set()
    delivering.check_can_deliver(by, school_id, held)


@transaction.atomic
def choose_place(*, school: School, policy: Policy, shown: bool, address: str, reason: str, by: Scope) -> PublicPlace:
    """Say where the public finds a policy of a school, or why it may not read it. What was said before stays."""
    _check(by, school.id)
    queries.delivery(by, school.id, policy.id, clock.today())
    given = address.strip() if shown else ""
    delivering.check_place(shown, given, reason)
    row = PublicPlace.objects.create(
        school=school, policy=policy, shown=shown, address=given, reason="" if shown else reason.strip(), recorded_at=clock.now(),
        recorded_by_id=by.person_id,
    )  # fmt: skip
    facts = {"shown": shown, "own_address": bool(given)}
    audit.record("policy.public_place", row, trust_id=by.trust_id, school_id=school.id, facts=facts, by=by.actor)
    return row


def check_public_copy(*, school: School, policy: Policy, by: Scope) -> PublicCheck:
    """Fetch the copy the public finds and record what was there. The network is waited for before anything is written."""
    _check(by, school.id)
    one = queries.delivery(by, school.id, policy.id, clock.today())
    return record_check(one, told=look(one, school), school=school, by=by)


def look(one: Delivery, school: School) -> copies.Told:
    """What the public finds of a version now."""
    if not one.public:
        return copies.Told(CopyFound.MISSING, "It is marked as not public.")
    if one.address:
        return copies.of_address(one.address, copies.Known(queries.fingerprints_of(one.version), {one.version.source_sha256}))
    return copies.of_our_page(school.ref, one.version.policy_id, one.version.fingerprint)


@transaction.atomic
def record_check(one: Delivery, *, told: copies.Told, school: School, by: Scope) -> PublicCheck:
    row = PublicCheck.objects.create(
        school=school, version=one.version, address=one.address, found=told.found, told=told.told[:300], fingerprint=told.fingerprint,
        sha256=told.sha256, checked_at=clock.now(), asked_by_id=by.person_id,
    )  # fmt: skip
    facts = {"version": str(one.version.id), "found": str(told.found)}
    audit.record("policy.public_checked", row, trust_id=by.trust_id, school_id=school.id, facts=facts, by=by.actor)
    return row


def check_public_copies(*, schools: Iterable[School], today: date, by: Scope) -> int:
    """Fetch every public copy that owes a check: none yet, not right at the last one, or that one some days ago. How many were fetched."""
    rows = {school.id: school for school in schools}
    owing = [one for one in queries.deliveries(by, list(rows), today) if one.public and _owes(one, today)]
    for one in owing:
        school = rows[one.school_id]
        record_check(one, told=look(one, school), school=school, by=by)
    return len(owing)


def _owes(one: Delivery, today: date) -> bool:
    last = one.last_check
    if last is None:
        return True
    looked_on = clock.local_date(last.checked_at)
    return looked_on < today if last.found != CopyFound.SAME else looked_on <= today - timedelta(days=RECHECK_AFTER)


# ------------------------------------------------------------------ bodies


@transaction.atomic
def choose_readers(*, policy: Policy, bodies: Iterable[str], by: Scope) -> ReaderChoice:
    """Say which bodies a policy is addressed to. What was said before stays."""
    rules.check_can_edit(by, policy.school_id)
    row = ReaderChoice.objects.create(
        policy=policy, bodies=delivering.check_bodies(bodies), chosen_at=clock.now(), chosen_by_id=by.person_id
    )
    audit.record("policy.readers", row, trust_id=by.trust_id, school_id=policy.school_id, facts={"readers": row.bodies}, by=by.actor)
    return row


@transaction.atomic
def record_receipt(
    *, version: PolicyVersion, school: School | None, body: str, means: str, received_on: date, minute: str, address: str, by: Scope
) -> ReaderReceipt:
    """Write down that a body received a version: at a school, or (no school) for the whole trust."""
    school_id = school.id if school else None
    _check(by, school_id)
    told = {"means": means, "received_on": received_on, "minute": minute, "address": address}
    bodies = queries.bodies_of(by, version.policy)
    delivering.check_receipt(version, body, told, bodies, clock.today(), trust=school is None)
    meeting = means == ReceiptMeans.MEETING
    row = ReaderReceipt.objects.create(
        school=school, version=version, body=body, means=means, received_on=received_on, minute=minute.strip()[:200] if meeting else "",
        address="" if meeting else address.strip()[:300], recorded_at=clock.now(), recorded_by_id=by.person_id,
    )  # fmt: skip
    facts = {"version": str(version.id), "reader": body, "means": means, "on": received_on.isoformat()}
    audit.record("policy.received", row, trust_id=by.trust_id, school_id=school_id, facts=facts, by=by.actor)
    return row


@transaction.atomic
def undo_receipt(*, receipt: ReaderReceipt, reason: str, by: Scope) -> ReceiptUndone:
    """Take a wrong receipt back, with a reason. It stays in the list and counts no more."""
    _check(by, receipt.school_id)
    delivering.check_can_undo(receipt)
    said = rules.check_reason(reason, "why it was wrong")
    try:
        with transaction.atomic():
            row = ReceiptUndone.objects.create(
                school_id=receipt.school_id, receipt=receipt, reason=said, undone_at=clock.now(), undone_by_id=by.person_id
            )
    except IntegrityError as taken:
        raise Replaced("Somebody took this receipt back a moment ago. Load the page again.") from taken
    audit.record(
        "policy.receipt_undone", row, trust_id=by.trust_id, school_id=receipt.school_id, facts={"receipt": str(receipt.id)}, by=by.actor
    )
    return row

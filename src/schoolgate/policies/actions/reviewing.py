"""Reviews are recorded and signed, and owners are reminded of them."""

from datetime import date

from django.db import IntegrityError, transaction
from django.urls import reverse

from schoolgate.audit import actions as audit
from schoolgate.common import clock
from schoolgate.common.errors import BadInput, Denied, Replaced
from schoolgate.notify import actions as notify
from schoolgate.people.access import Scope
from schoolgate.people.models import School
from schoolgate.policies import queries
from schoolgate.policies.models import (
    Policy,
    PolicyReview,
    ReviewOutcome,
    ReviewSignature,
)
from schoolgate.policies.rules import reviewing


@transaction.atomic
def record_review(*, policy: Policy, school: School, held_on: date, outcome: str, minute: str, note: str, by: Scope) -> PolicyReview:
    """Write down that a school looked at a policy that holds there. It counts once every role has signed it."""
    reviewing.check_can_review(by, school.id)
    version = queries.reviewed_policy(by, school.id, policy.id, clock.today()).version
    reviewing.check_review(held_on, minute, version.in_force_from, clock.today())
    if outcome not in ReviewOutcome.values:
        raise BadInput("Choose whether a change is needed.", "outcome")
    row = PolicyReview.objects.create(
        school=school, policy=version.policy, version=version, held_on=held_on, outcome=outcome, minute=minute.strip()[:200],
        note=note.strip(), recorded_at=clock.now(), recorded_by_id=by.person_id,
    )  # fmt: skip
    facts = {"version": str(version.id), "held_on": held_on.isoformat(), "outcome": outcome}
    audit.record("policy.reviewed", row, trust_id=by.trust_id, school_id=school.id, facts=facts, by=by.actor)
    return row


@transaction.atomic
def sign_review(*, review: PolicyReview, role: str, comment: str, by: Scope) -> ReviewSignature:
    """Sign a review for one role, with a comment. Each role signs once."""
    found = queries.review(by, review.id)
    held = queries.own_roles(by, found.school_id, clock.today())
    reviewing.check_can_sign(found, role, held, queries.settings_for(by, found.school_id), clock.today())
    if by.person_id is None:
        raise Denied("A named person must sign; a process cannot.")
    said = comment.strip()
    if not said:
        raise BadInput("Write a comment, such as “Read and agreed”.", "comment")
    try:
        with transaction.atomic():
            row = ReviewSignature.objects.create(
                school_id=found.school_id, review=found, role=role, comment=said[:1000], signed_at=clock.now(), signed_by_id=by.person_id
            )
    except IntegrityError as taken:
        raise Replaced("Somebody signed for this role a moment ago. Load the page again.") from taken
    audit.record("review.signed", row, trust_id=by.trust_id, school_id=found.school_id, facts={"role": role}, by=by.actor)
    return row


@transaction.atomic
def remind_of_reviews(*, school: School, by: Scope) -> int:
    """Remind the owner of each policy whose review is near or past; how many reminders were owed. Queued twice, sent once."""
    today, owed = clock.today(), 0
    warn = int(queries.settings_for(by, school.id)["review.warn_days"])
    for one in queries.reviewed(by, school.id, today):
        role, due = one.version.policy.owner_role, one.next.on
        step = reviewing.reminder_step(due, today, warn) if due else ""
        for person in queries.holders(by, role, school.id, today) if step and role else ():
            owed += 1
            notify.queue(
                person_id=person.id, trust_id=by.trust_id, school_id=school.id, template="policy.review_due",
                path=reverse("policies:reviews", args=[school.ref]), address=person.email, by_email=bool(person.email),
                once=f"review:{one.version.policy_id.hex}:{school.id.hex}:{due}:{step}:{person.id.hex}",
            )  # fmt: skip
    return owed

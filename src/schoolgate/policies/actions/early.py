"""Reasons to review a policy early: written down by people or by the system itself, and decided once."""

from hashlib import sha256

from django.db import IntegrityError, transaction
from django.urls import reverse

from schoolgate.audit import actions as audit
from schoolgate.common import clock
from schoolgate.common.errors import BadInput, Denied, Replaced
from schoolgate.notify import actions as notify
from schoolgate.people.access import Scope
from schoolgate.people.models import Person, School
from schoolgate.people.permissions import Permission
from schoolgate.policies import queries, rules
from schoolgate.policies.models import Clause, EarlyAnswer, EarlyDecision, EarlyKind, EarlyReason, Policy
from schoolgate.policies.rules import reviewing
from schoolgate.policies.rules.knowing import Known


@transaction.atomic
def raise_early_reason(*, policy: Policy, school: School, kind: str, words: str, clause: Clause | None = None, by: Scope) -> EarlyReason:
    """Write down something that suggests reviewing a policy before its time."""
    reviewing.check_can_review(by, school.id)
    queries.reviewed_policy(by, school.id, policy.id, clock.today())
    if kind not in EarlyKind.values:
        raise BadInput("Choose what kind of reason it is.", "kind")
    if not words.strip():
        raise BadInput("Say what happened, without names of people.", "words")
    row = EarlyReason.objects.create(
        school=school, policy=policy, clause=clause, kind=kind, words=words.strip()[:1000], raised_at=clock.now(), raised_by_id=by.person_id
    )
    audit.record("policy.early_reason", row, trust_id=by.trust_id, school_id=school.id, facts={"kind": kind}, by=by.actor)
    return row


@transaction.atomic
def raise_known_reason(*, school: School, known: Known, by: Scope) -> bool:
    """Write down a fact the records know, once, and tell whoever decides what it means. Whether it was new."""
    reviewing.check_can_review(by, school.id)
    row, fresh = EarlyReason.objects.get_or_create(
        school=school, policy=known.policy, source=known.source,
        defaults={
            "clause": known.clause, "kind": known.kind, "words": known.words, "path": known.path, "raised_at": clock.now(),
            "raised_by_id": by.person_id,
        },
    )  # fmt: skip
    if fresh:
        facts = {"kind": str(known.kind), "source": known.source}
        audit.record("policy.early_reason", row, trust_id=by.trust_id, school_id=school.id, facts=facts, by=by.actor)
        for person in _deciders(row, by):
            _tell(row, person, by)
    return fresh


@transaction.atomic
def raise_known_reasons(*, school: School, by: Scope) -> int:
    """Write down what the records know about a school's policies; how much of it was new. A second time it is nothing."""
    return sum(raise_known_reason(school=school, known=known, by=by) for known in queries.known_reasons(by, school, clock.today()))


def _deciders(row: EarlyReason, by: Scope) -> list[Person]:
    """Who decides: the holders of the owner role, else whoever edits that policy; about an adoption, whoever adopts at the school."""
    today, policy = clock.today(), row.policy
    if row.kind == EarlyKind.TRUST:
        return queries.able(by, Permission.POLICY_ADOPT, row.school_id, today)
    owners = queries.holders(by, policy.owner_role, policy.school_id, today) if reviewing.owner_decides(policy.owner_role) else []
    return owners or queries.able(by, Permission.POLICY_EDIT, policy.school_id, today)


def _tell(row: EarlyReason, person: Person, by: Scope) -> None:
    """One fact about a trust text is told once, however many schools hold the text."""
    fact = sha256(f"{row.policy_id.hex}:{row.source}".encode()).hexdigest()[:32]
    notify.queue(
        person_id=person.id, trust_id=by.trust_id, school_id=row.school_id, template="policy.early_reason",
        path=reverse("policies:early_reason", args=[row.id]), address=person.email, by_email=bool(person.email),
        once=f"early:{fact}:{person.id.hex}",
    )  # fmt: skip


@transaction.atomic
def decide_early_reason(*, reason: EarlyReason, answer: str, why: str, everywhere: bool = False, by: Scope) -> EarlyDecision:
    """Decide what a reason to review early means, once, and why; `everywhere` also at the other schools that know the same fact."""
    reviewing.check_can_review(by, reason.school_id)
    if by.person_id is None:
        raise Denied("A named person must decide this; a process cannot.")
    if answer not in EarlyAnswer.values:
        raise BadInput("Choose what to do: review now, change at the next review, or nothing.", "answer")
    said = rules.check_reason(why, "why")
    try:
        with transaction.atomic():
            row = EarlyDecision.objects.create(
                school_id=reason.school_id, reason=reason, answer=answer, why=said, decided_at=clock.now(), decided_by_id=by.person_id
            )
    except IntegrityError as taken:
        raise Replaced("This has been decided already. Load the page again.") from taken
    _record_decision(row, by)
    for other in queries.same_fact(by, reason) if everywhere else ():
        _decide_alike(other, row, by)
    return row


def _decide_alike(other: EarlyReason, as_in: EarlyDecision, by: Scope) -> None:
    """One that somebody decided a moment ago keeps that decision."""
    row, fresh = EarlyDecision.objects.get_or_create(
        reason=other,
        defaults={
            "school_id": other.school_id, "answer": as_in.answer, "why": as_in.why, "decided_at": as_in.decided_at,
            "decided_by_id": as_in.decided_by_id,
        },
    )  # fmt: skip
    if fresh:
        _record_decision(row, by)


def _record_decision(row: EarlyDecision, by: Scope) -> None:
    facts = {"answer": row.answer}
    audit.record("policy.early_decided", row, trust_id=by.trust_id, school_id=row.school_id, facts=facts, by=by.actor)

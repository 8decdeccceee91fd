"""Decisions of a school or trust: to adopt a text, about a finding, whose use a clause is about."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from schoolgate.audit import actions as audit
from schoolgate.common import clock
from schoolgate.common.errors import BadInput, Replaced
from schoolgate.people.access import Scope
from schoolgate.people.models import School
from schoolgate.people.permissions import Permission
from schoolgate.policies import rules
from schoolgate.policies.actions.holding import locked_version, own_policy, record_about
from schoolgate.policies.models import (
    Adoption,
    ClauseUse,
    FindingDecision,
    Policy,
    PolicyVersion,
    TextFinding,
    VersionState,
)


@transaction.atomic
def adopt(*, policy: Policy, school: School, body: str, minute: str, adopted_on: date | None, local_changes: str, by: Scope) -> Adoption:
    """Take a trust policy as the school's own, by the school's own decision. Adopting again mends what was recorded."""
    own_policy(policy, by)
    in_force = PolicyVersion.objects.filter(policy=policy, state=VersionState.IN_FORCE).exists()
    rules.check_can_adopt(policy, school.id, in_force, by)
    if adopted_on and adopted_on > clock.today():
        raise BadInput("The day of adoption is in the future. Enter the day on which it was decided.", "adopted_on")
    told = {"body": body.strip()[:200], "minute": minute.strip()[:200], "adopted_on": adopted_on, "local_changes": local_changes.strip()}
    adoption, _ = Adoption.objects.update_or_create(
        policy=policy, school=school, ended_on=None, defaults=told, create_defaults={**told, "adopted_at": clock.now()}
    )
    facts = {"policy": str(policy.id), "adopted_on": adopted_on.isoformat() if adopted_on else None}
    audit.record("policy.adopted", adoption, trust_id=by.trust_id, school_id=school.id, facts=facts, by=by.actor)
    return adoption


@transaction.atomic
def end_adoption(*, adoption: Adoption, reason: str, by: Scope) -> Adoption:
    """A school lets go of a trust policy, such as when its own text takes its place."""
    by.require(Permission.POLICY_ADOPT, adoption.school_id, "Only someone who may adopt policies for this school can end an adoption.")
    why = rules.check_reason(reason, "why the school lets go of this policy")
    if not Adoption.objects.filter(pk=adoption.pk, ended_on__isnull=True).update(ended_on=clock.today()):
        raise Replaced("This adoption has already ended.")
    adoption.ended_on = clock.today()
    audit.record("policy.adoption_ended", adoption, trust_id=by.trust_id, school_id=adoption.school_id, why=why, by=by.actor)
    return adoption


@transaction.atomic
def decide_finding(*, finding: TextFinding, decision: str, reason: str, by: Scope) -> TextFinding:
    """Say what will be done about a finding. A decision can be changed; the log keeps each."""
    version = locked_version(finding.version_id, by)
    why = _check_decision(version, decision, reason, by)
    row = TextFinding.objects.select_for_update().filter(pk=finding.pk).first()
    if row is None:
        raise Replaced("The text was checked again a moment ago, and this fault is no longer in it. Load the page again.")
    _write_decision(version, row, decision, why, by)
    return row


@transaction.atomic
def decide_findings(*, version: PolicyVersion, rule: str, decision: str, reason: str, by: Scope) -> int:
    """Say once what will be done about every undecided finding of one rule; how many there were. Each has its entry in the log."""
    locked = locked_version(version.pk, by)
    why = _check_decision(locked, decision, reason, by)
    rows = list(locked.findings.select_for_update().filter(rule=rule, decision=FindingDecision.OPEN))
    for row in rows:
        _write_decision(locked, row, decision, why, by)
    return len(rows)


def _check_decision(version: PolicyVersion, decision: str, reason: str, by: Scope) -> str:
    rules.check_can_join(version, by)
    if decision not in set(FindingDecision.values) - {FindingDecision.OPEN}:
        raise BadInput("Choose what to do: correct it in the next version, accept it, or link it as a repeat.", "decision")
    return rules.check_reason(reason, "why, or where it is dealt with")


def _write_decision(version: PolicyVersion, row: TextFinding, decision: str, why: str, by: Scope) -> None:
    row.decision, row.reason, row.decided_at, row.decided_by_id = decision, why, clock.now(), by.person_id
    row.save(update_fields=["decision", "reason", "decided_at", "decided_by"])
    facts = {"rule": row.rule, "decision": decision, "version": str(version.id)}
    audit.record("finding.decided", row, trust_id=by.trust_id, school_id=version.policy.school_id, facts=facts, by=by.actor)


@transaction.atomic
def tag_clauses(*, version: PolicyVersion, refs: Sequence[str], use: str, by: Scope) -> int:
    """Say of clauses, by reference, whether they are about official use, personal use or both; how many there were."""
    locked = locked_version(version.pk, by)
    rules.check_can_join(locked, by)
    if use not in ClauseUse.values:
        raise BadInput("Choose official, personal or both.", "use")
    rows = locked.clauses.select_for_update().filter(ref__in=list(refs))
    number = rows.update(use=use, use_set_at=clock.now(), use_set_by_id=by.person_id)
    if not number:
        raise BadInput("Choose at least one clause.", "refs")
    record_about("clauses.tagged", locked, {"use": use, "clauses": number, "refs": ", ".join(refs)[:480]}, by)
    return number

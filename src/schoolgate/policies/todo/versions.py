"""Versions on their way, clauses to join, findings to decide, and the trust's own texts near their review: four queries."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.urls import reverse

from schoolgate.contracts.todo import Task, todo
from schoolgate.people.access import Scope
from schoolgate.people.permissions import Permission
from schoolgate.policies import queries, rules
from schoolgate.policies.models import VersionState
from schoolgate.policies.queries import Pending
from schoolgate.policies.rules import choices

REMIND = "review.warn_days"


@todo("policies.versions")
def versions_to_act_on(scope: Scope, today: date) -> Iterable[Task]:
    """Clauses to join, findings to decide, versions to approve, to mend or to bring into force, reviews of the trust's texts coming."""
    if not scope.may_anywhere(Permission.POLICY_EDIT) and not scope.may_anywhere(Permission.POLICY_APPROVE):
        return []
    warn = _warn_days(scope)
    tasks: list[Task] = []
    for row in queries.pending(scope):
        school_id = row.version.policy.school_id
        if rules.can_approve(row.version, scope):
            first = "policies:version" if row.version.number == 1 else "policies:compare"  # what changed is read before it is approved
            tasks.append(_task(row, "Approve", first, _submitted(row)))
        if scope.may(Permission.POLICY_EDIT, school_id):
            tasks += [*_to_mend(row), *_next_step(row), *_review(row, warn, today)]
    return tasks


def _warn_days(scope: Scope) -> int:
    """How many days ahead a review of the trust's own texts is announced."""
    held = queries.setting_choices(scope, [])
    return int(choices.resolve(REMIND, trust=held[None, REMIND].value if (None, REMIND) in held else None))


def _named(row: Pending) -> str:
    policy = row.version.policy
    return f"“{policy.title}”, version {row.version.number} ({policy.school or policy.trust})"


def _task(row: Pending, verb: str, where: str, why: str, *, due_on: date | None = None, count: int = 1) -> Task:
    return Task(f"{verb} {_named(row)}", reverse(where, args=[row.version.id]), due_on, why, count)


def _submitted(row: Pending) -> str:
    unjoined = row.unjoined
    return f"It waits for your decision. {unjoined} of its clauses have nothing behind them." if unjoined else "It waits for your decision."


def _to_mend(row: Pending) -> Iterable[Task]:
    version, unjoined = row.version, row.unjoined
    if unjoined:
        days = rules.parameter("policies.clauses_joined", "join_days")
        due = version.in_force_from + timedelta(days=days) if version.state == VersionState.IN_FORCE and version.in_force_from else None
        verb = f"Join {unjoined} {'clause' if unjoined == 1 else 'clauses'} of"
        yield _task(row, verb, "policies:clauses", "Nothing stands behind them yet.", due_on=due, count=unjoined)
    if row.findings and row.oldest_finding:
        due = row.oldest_finding + timedelta(days=rules.parameter("policies.text_faults_closed", "decide_days"))
        verb = f"Decide {row.findings} {'finding' if row.findings == 1 else 'findings'} in"
        yield _task(row, verb, "policies:findings", "The text check found them.", due_on=due, count=row.findings)


def _next_step(row: Pending) -> Iterable[Task]:
    if row.version.state == VersionState.CHANGES_ASKED:
        yield _task(row, "Change", "policies:version", "The approver asked for changes.")
    if row.version.state == VersionState.APPROVED:
        yield _task(row, "Bring into force", "policies:version", "It is approved and holds nowhere yet.")


def _review(row: Pending, warn: int, today: date) -> Iterable[Task]:
    """The trust's own text by its printed date; what holds at a school is asked for there (todo.reviews)."""
    version, near = row.version, today + timedelta(days=warn)
    if version.policy.school_id is None and version.state == VersionState.IN_FORCE and version.review_on and version.review_on <= near:
        yield _task(row, "Review", "policies:version", "Its review date is near or past.", due_on=version.review_on)

"""What can be proved about the documents themselves: approved and complete, every clause joined, every fault of the text decided."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from uuid import UUID

from django.urls import reverse

from schoolgate.common import clock
from schoolgate.contracts.controls import Count, Item, Question, control
from schoolgate.policies import queries, rules
from schoolgate.policies.controls.held import BROKEN, GOOD, Held, reader, versions_held, waiting
from schoolgate.policies.models import Clause, ClauseKind, FindingDecision, TextFinding

# ------------------------------------------------------------------ policies.approved_and_complete


@control("policies.approved_and_complete")
def approved_and_complete(q: Question) -> Count:
    """Every policy in force at the school has its details, its approval, its adoption and its summary of changes."""
    scope = reader(q)
    held = versions_held(q)
    roles = {True: queries.roles_held(scope, None, q.on), False: queries.roles_held(scope, q.school_id, q.on)}
    items = [_policy_item(one, roles[one.version.policy.school_id is None], q) for one in held]
    return Count(
        items, silent="No policy is in force at the school." if queries.policies_for(scope).exists() else "No policy is in the library."
    )


def _policy_item(held: Held, roles: set[str], q: Question) -> Item:
    version, days = held.version, int(q.params["complete_days"])
    missing = {line: check(held, roles) for line, check in LINES.items()}
    standing = waiting(held.since, days, q.on) if version.approved_at else BROKEN
    lines = {line: standing if lacks else GOOD for line, lacks in missing.items() if lacks is not None}
    lacking = [words for lacks in missing.values() for words in lacks or ()]
    good = not lacking
    return Item(
        f"{version.policy.title}, version {version.number}",
        GOOD if good else standing,
        why="" if good else f"Missing: {', '.join(lacking)}.",
        url=reverse("policies:version", args=[version.id]),
        due_on=None if good else held.since + timedelta(days=days),
        lines=lines,
    )


def _details(held: Held, roles: set[str]) -> list[str]:
    version, policy = held.version, held.version.policy
    told: Mapping[str, object] = {
        "title": policy.title,
        "owner role": policy.owner_role,
        "live holder of the owner role": not policy.owner_role or policy.owner_role in roles,
        "authors": version.authors,
        "version number": version.number,
        "content fingerprint": version.fingerprint,
        "audience": policy.audience,
        "next review date": version.review_on,
    }
    return [name for name, value in told.items() if not value]


def _approval(held: Held, _roles: set[str]) -> list[str]:
    version = held.version
    told = {
        "approving body": version.approving_body,
        "date of approval": version.approved_on,
        "minute of approval": version.approval_minute,
    }
    missing = [name for name, value in told.items() if not value]
    if version.approved_on and version.in_force_from and version.approved_on > version.in_force_from:
        missing.append("approval before the day it came into force")
    return missing


def _adoption(held: Held, _roles: set[str]) -> list[str] | None:
    """None where the text is the school's own: the line does not fit it."""
    if held.version.policy.school_id is not None:
        return None
    told = held.adoption
    if told is None:
        return ["this school's adoption"]
    facts = {
        "body that adopted it": told.body,
        "date of adoption": told.adopted_on,
        "minute of adoption": told.minute,
        "list of local changes": told.local_changes,
    }
    return [name for name, value in facts.items() if not value]


def _change_summary(held: Held, _roles: set[str]) -> list[str] | None:
    version = held.version
    if version.number == 1:
        return None
    told = {"summary of what changed": version.change_summary, "clause differences": version.differences}
    return [name for name, value in told.items() if not value]


LINES: dict[str, Callable[[Held, set[str]], list[str] | None]] = {
    "details": _details,
    "approval": _approval,
    "adoption": _adoption,
    "change_summary": _change_summary,
}


# ------------------------------------------------------------------ policies.clauses_joined


@control("policies.clauses_joined")
def clauses_joined(q: Question) -> Count:
    """Each clause in force is joined to a working control, to a person's confirmation, or marked as information only."""
    held = {one.version.id: one for one in versions_held(q)}
    clauses = queries.clauses_in_force(reader(q), held)
    days = int(q.params["join_days"])
    items = [_clause_item(row, held[row.version_id], days, q.on) for row in clauses]
    items.sort(key=lambda item: item.standing == GOOD)  # evidence: unjoined clauses first
    return Count(items, silent="No policy version in force has been split into clauses.")


def _clause_item(clause: Clause, held: Held, days: int, on: date) -> Item:
    controls = [join.control for join in clause.joins.all()]
    decided = clause.decided_at is not None and clock.local_date(clause.decided_at) <= on
    strangers = [control for control in controls if control not in rules.catalogue()]
    if decided and rules.is_carried(clause, controls):
        standing, why = GOOD, ", ".join(controls) or clause.reason
    elif decided and clause.kind == ClauseKind.CONTROL and strangers:
        standing, why = BROKEN, f"It points at {strangers[0]}, which is no control."
    else:
        standing = waiting(held.since, days, on)
        why = "It has no person behind its mark." if decided else "Nothing stands behind this clause yet."
    return Item(
        f"{clause.ref} of {held.version.policy.title}",
        standing,
        why=why,
        url=reverse("policies:clause", args=[clause.id]),
        due_on=None if standing == GOOD else held.since + timedelta(days=days),
        clause_id=clause.id,
    )


# ------------------------------------------------------------------ policies.text_faults_closed


@control("policies.text_faults_closed")
def text_faults_closed(q: Question) -> Count:
    """Each fault the text check found in a version in force is decided, and what was to be corrected is gone."""
    scope = reader(q)
    checked = {
        one.version.id: one for one in versions_held(q) if one.version.checked_at and clock.local_date(one.version.checked_at) <= q.on
    }
    faults = [row for row in queries.findings_in(scope, checked) if row.rule not in rules.citation_rules()]
    promised = queries.promised_corrections(scope, [one.version.policy_id for one in checked.values()])
    items = [_finding_item(row, checked[row.version_id], promised, q) for row in faults]
    items += _clean(checked.values(), {row.version_id for row in faults})
    return Count(items, silent="The text check has not run on a version in force.")


def _clean(checked: Iterable[Held], faulty: set[UUID]) -> list[Item]:
    """A clean check counts as one good item."""
    return [
        Item(f"{one.version.policy.title}: no faults found", GOOD, url=reverse("policies:findings", args=[one.version.id]))
        for one in checked
        if one.version.id not in faulty
    ]


def _finding_item(finding: TextFinding, held: Held, promised: Mapping[tuple[UUID, str, str], int], q: Question) -> Item:
    days = int(q.params["decide_days"])
    version = held.version
    decided = finding.decided_at is not None and clock.local_date(finding.decided_at) <= q.on and finding.decision != FindingDecision.OPEN
    number = promised.get((version.policy_id, finding.rule, finding.quote))
    closed = decided and finding.decision in (FindingDecision.ACCEPT, FindingDecision.REPEAT)
    found_on = clock.local_date(finding.found_at)
    if number is not None and number < version.number and not closed:
        standing, why = BROKEN, f"Version {number} was to be corrected, and it is still there."
    elif decided:
        standing, why = GOOD, f"{finding.get_decision_display()}: {finding.reason}"
    else:
        standing, why = waiting(found_on, days, q.on), finding.message
    where = finding.clause.ref if finding.clause else "the whole text"
    return Item(
        f"{finding.rule} in {where} of {version.policy.title}",
        standing,
        why=why,
        url=reverse("policies:findings", args=[version.id]) + f"#finding-{finding.id}",
        due_on=None if standing == GOOD else found_on + timedelta(days=days),
        clause_id=finding.clause_id,
    )

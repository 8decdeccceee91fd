"""What stands behind each clause is decided, one by one or many at once."""

from collections.abc import Sequence

from django.db import transaction

from schoolgate.audit import actions as audit
from schoolgate.common import clock
from schoolgate.people.access import Scope
from schoolgate.policies import queries, rules
from schoolgate.policies.actions.holding import locked_version, record_about
from schoolgate.policies.models import Clause, ClauseControl, ClauseKind, PolicyVersion


def _locked_clause(clause: Clause, by: Scope) -> tuple[Clause, PolicyVersion]:
    version = locked_version(clause.version_id, by)
    rules.check_can_join(version, by)
    return Clause.objects.select_for_update().get(pk=clause.pk), version


def _decide(clause: Clause, kind: ClauseKind, controls: Sequence[tuple[str, list[str]]], reason: str, by: Scope) -> Clause:
    """Write how one clause is carried, in place of what was decided before. The verb is recorded with what changed."""
    row, version = _locked_clause(clause, by)
    before = {"kind": str(row.kind), "controls": sorted(row.joins.values_list("control", flat=True))}
    row.joins.all().delete()
    ClauseControl.objects.bulk_create([ClauseControl(clause=row, control=control, lines=list(lines)) for control, lines in controls])
    row.kind, row.reason = kind, reason
    row.decided_at, row.decided_by_id = (None, None) if kind == ClauseKind.UNJOINED else (clock.now(), by.person_id)
    row.save(update_fields=["kind", "reason", "decided_at", "decided_by"])
    facts = {"version": str(version.id), "kind": str(kind), "controls": [control for control, _ in controls], "before": before}
    audit.record("clause.decided", row, trust_id=by.trust_id, school_id=version.policy.school_id, facts=facts, by=by.actor)
    return row


@transaction.atomic
def join_clause(*, clause: Clause, controls: list[tuple[str, list[str]]], by: Scope) -> Clause:
    """Let controls carry a clause, each whole (no lines) or by named lines."""
    rules.check_controls(controls)
    return _decide(clause, ClauseKind.CONTROL, controls, "", by)


@transaction.atomic
def mark_informational(*, clause: Clause, reason: str, by: Scope) -> Clause:
    """Say that a clause asks nothing of anybody, and why."""
    return _decide(clause, ClauseKind.INFORMATIONAL, [], rules.check_reason(reason, "why this clause is information only"), by)


@transaction.atomic
def mark_attested(*, clause: Clause, reason: str, by: Scope) -> Clause:
    """Say that a named person confirms a clause: who, and how often."""
    return _decide(clause, ClauseKind.ATTESTED, [], rules.check_reason(reason, "who confirms this clause and how often"), by)


@transaction.atomic
def unjoin_clause(*, clause: Clause, by: Scope) -> Clause:
    """Take a decision back: the clause has nothing behind it again."""
    return _decide(clause, ClauseKind.UNJOINED, [], "", by)


@transaction.atomic
def accept_suggestions(*, version: PolicyVersion, at_least: float = rules.STRONG, by: Scope) -> int:
    """Join every clause that has nothing behind it to its suggestions of at least this likelihood; how many clauses were joined."""
    locked = locked_version(version.pk, by)
    rules.check_can_join(locked, by)
    rows = list(locked.clauses.select_for_update().filter(kind=ClauseKind.UNJOINED).order_by("position"))
    known = rules.catalogue()
    chosen = {row: [s for s in row.suggestions if s["score"] >= at_least and s["control"] in known] for row in rows}
    return _decide_many(
        locked, {row: (ClauseKind.CONTROL, "", [(s["control"], s["lines"]) for s in kept]) for row, kept in chosen.items() if kept}, by
    )


@transaction.atomic
def keep_decisions(*, version: PolicyVersion, by: Scope) -> int:
    """Carry over what was decided about clauses whose words have not changed since an earlier version; how many clauses it settled."""
    locked = locked_version(version.pk, by)
    rules.check_can_join(locked, by)
    before = queries.decided_before(by, locked)
    rows = locked.clauses.select_for_update().filter(kind=ClauseKind.UNJOINED).order_by("position")
    same = {row: before[rules.same_words(row.text)] for row in rows if rules.same_words(row.text) in before}
    for row, old in same.items():
        row.use, row.use_set_at, row.use_set_by_id = old.use, old.use_set_at, old.use_set_by_id
    Clause.objects.bulk_update(same, ["use", "use_set_at", "use_set_by"], batch_size=100)
    return _decide_many(
        locked, {row: (ClauseKind(old.kind), old.reason, [(j.control, j.lines) for j in old.joins.all()]) for row, old in same.items()}, by
    )


def _decide_many(version: PolicyVersion, decided: dict[Clause, tuple[ClauseKind, str, list[tuple[str, list[str]]]]], by: Scope) -> int:
    """Decide several clauses of one version in three statements, recorded as one entry."""
    now = clock.now()
    joins = []
    for row, (kind, reason, controls) in decided.items():
        row.kind, row.reason, row.decided_at, row.decided_by_id = kind, reason, now, by.person_id
        joins += [ClauseControl(clause=row, control=control, lines=list(lines)) for control, lines in controls]
    Clause.objects.bulk_update(decided, ["kind", "reason", "decided_at", "decided_by"], batch_size=100)
    ClauseControl.objects.bulk_create(joins, batch_size=400)
    if decided:
        refs = ", ".join(row.ref for row in decided)
        record_about("clauses.decided", version, {"clauses": len(decided), "joins": len(joins), "refs": refs[:480]}, by)
    return len(decided)

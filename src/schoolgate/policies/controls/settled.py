"""policies.settings_decided: open words, disputed choices, terms and the use each clause is about are settled."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from uuid import UUID

from django.urls import reverse

from schoolgate.common import clock
from schoolgate.contracts.controls import Count, Item, Question, Standing, control
from schoolgate.policies import queries
from schoolgate.policies.controls.held import BROKEN, GOOD, Held, reader, versions_held, waiting
from schoolgate.policies.models import Clause
from schoolgate.policies.rules import settling
from schoolgate.policies.rules.settling import Need, Settled


@control("policies.settings_decided")
def settings_decided(q: Question) -> Count:
    """Each setting that the clauses in force need has a value and a person behind it, and each clause says whose use it is about."""
    scope = reader(q)
    held = {one.version.id: one for one in versions_held(q)}
    clauses = [row for row in queries.clauses_in_force(scope, held) if row.version_id in held]
    needs = settling.needed((row, _controls_on(row, q.on)) for row in clauses)
    here = queries.school(scope, q.school_id)
    stands = queries.standings(scope, here, q.on, needs)
    own = {row.id for row in clauses if any(join.control == "policies.settings_decided" for join in row.joins.all())}
    items = [_setting_item(one, needs[key], held, own, here.ref, q) for key, one in stands.items() if not one.locked]
    items += [_use_item(row, held[row.version_id], q) for row in clauses]
    return Count(items, silent="No policy is in force.")


def _controls_on(clause: Clause, on: date) -> list[str]:
    """The controls that carried a clause on a day: a join decided later does not count."""
    decided = clause.decided_at is not None and clock.local_date(clause.decided_at) <= on
    return [join.control for join in clause.joins.all()] if decided else []


def _setting_item(one: Settled, needs: Iterable[Need], held: Mapping[UUID, Held], own: set[UUID], school: str, q: Question) -> Item:
    """A setting, counted once, from the day the first policy that needs it held here."""
    needs = list(needs)
    since = min(held[need.version_id].since for need in needs)
    standing: Standing = GOOD if one.decided else waiting(since, int(q.params["decide_days"]), q.on)
    lines = {one.line: standing}
    if one.differs:
        lines["local_differences"] = GOOD if one.difference_approved else BROKEN
    worst = BROKEN if BROKEN in lines.values() else standing
    why = "" if worst == GOOD else f"It is {settling.NOT_CHOSEN}: {settling.shown(one.key, one.value)}."
    if lines.get("local_differences") == BROKEN:
        why = "The school differs from the trust, and no reason or no approver is recorded."
    return Item(
        str(one.told["question"]), worst, why=why,
        url=reverse("policies:setting_school", args=[school, one.key]),
        due_on=None if one.decided else since + timedelta(days=int(q.params["decide_days"])),
        clause_id=next((need.clause_id for need in needs if need.clause_id in own), needs[0].clause_id),
        lines=lines,
    )  # fmt: skip


def _use_item(clause: Clause, held: Held, q: Question) -> Item:
    tagged = bool(clause.use) and clause.use_set_at is not None and clock.local_date(clause.use_set_at) <= q.on
    days = int(q.params["decide_days"])
    standing = GOOD if tagged else waiting(held.since, days, q.on)
    return Item(
        f"{clause.ref} of {held.version.policy.title}: official, personal or both",
        standing,
        why="" if tagged else "The clause does not say whose use it is about.",
        url=reverse("policies:clause_use", args=[clause.version_id]),
        due_on=None if tagged else held.since + timedelta(days=days),
        clause_id=clause.id,
        lines={"scope_tags": standing},
    )

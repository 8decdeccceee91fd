"""policies.reviewed_on_time and policies.early_review_decided."""

from datetime import timedelta

from django.urls import reverse

from schoolgate.common import clock
from schoolgate.common.deadlines import SchoolCalendar
from schoolgate.common.workingdays import add_days
from schoolgate.contracts.controls import Count, Item, Question, Standing, control
from schoolgate.people.queries import calendars
from schoolgate.people.rules import title_of
from schoolgate.policies import queries
from schoolgate.policies.controls.held import BROKEN, DUE, GOOD, LAPSING, Held, reader, versions_held, waiting
from schoolgate.policies.models import EarlyReason, PolicyReview
from schoolgate.policies.rules import reviewing

WORST = (BROKEN, DUE, LAPSING, GOOD)


@control("policies.reviewed_on_time")
def reviewed_on_time(q: Question) -> Count:
    """The next review of each policy in force is still ahead, and the last one was signed by every role."""
    scope = reader(q)
    held = versions_held(q)
    reviews = queries.reviews_at(scope, q.school_id) if held else {}
    url = reverse("policies:reviews", args=[queries.school(scope, q.school_id).ref]) if held else ""
    return Count([_policy_item(one, reviews.get(one.version.policy_id, []), url, q) for one in held], silent="No policy is in force.")


def _policy_item(held: Held, reviews: list[PolicyReview], url: str, q: Question) -> Item:
    version, notice, roles = held.version, int(q.params["review_notice_days"]), tuple(q.params["review_signers"])
    told = reviewing.next_review(version.review_on, reviews, on=q.on, months=int(q.params["policy_months"]), notice=notice, roles=roles)
    lines: dict[str, Standing] = {"in_date": _in_date(held, told, notice, q)}
    if told.last:
        ahead = told.on is not None and told.on >= q.on
        lines["signed_off"] = GOOD if not told.unsigned else DUE if ahead else BROKEN
    standing = next(one for one in WORST if one in lines.values())
    return Item(version.policy.title, standing, why=_why(told, standing), url=url, due_on=told.on, lines=lines)


def _in_date(held: Held, told: reviewing.Next, notice: int, q: Question) -> Standing:
    """Still ahead; announced inside the notice; a policy without any date has its first days in the library to be given one."""
    if told.on is None:
        return waiting(clock.local_date(held.version.policy.created_at), int(q.params["complete_days"]), q.on)
    if told.on < q.on:
        return BROKEN
    return LAPSING if told.on - timedelta(days=notice) <= q.on else GOOD


def _why(told: reviewing.Next, standing: Standing) -> str:
    if standing == GOOD:
        return ""
    parts = ["It has no review date."] if told.on is None else [f"Next review {clock.in_words(told.on)}, by {told.set_by}."]
    if told.unsigned:
        parts.append(f"The last review is not signed by: {', '.join(title_of(role).lower() for role in told.unsigned)}.")
    return " ".join(parts)


# ------------------------------------------------------------------ policies.early_review_decided


@control("policies.early_review_decided")
def early_review_decided(q: Question) -> Count:
    """Each reason to review early of the last 12 months was decided in time, with a reason."""
    scope = reader(q)
    rows = queries.early_reasons(scope, q.school_id, add_days(q.on, -12, "months") + timedelta(days=1), q.on)
    calendar = calendars(scope, [q.school_id])[q.school_id]
    items = [_early_item(row, q, calendar) for row in rows]
    nil = "The policy owner has stated that they looked for changes and found none." if _nil(q) and not items else ""
    silent = "Nobody has written down a reason to review early, or stated that they looked for one."
    return Count(items, silent=silent, nil_stands=nil, window="in the last 12 months")


def _nil(q: Question) -> bool:
    return q.nil_until is not None and q.nil_until >= q.on


def _early_item(row: EarlyReason, q: Question, calendar: SchoolCalendar) -> Item:
    due_on = reviewing.decide_by(row, calendar, int(q.params["decide_days"]))
    decision = getattr(row, "decision", None)
    label, url = f"{row.get_kind_display()}: {row.policy.title}", reverse("policies:early_reason", args=[row.id])
    decided_on = clock.local_date(decision.decided_at) if decision else None
    if decision is None or decided_on is None or decided_on > q.on:
        standing = DUE if q.on < due_on else BROKEN
        return Item(label, standing, why=row.words[:200], url=url, due_on=due_on, clause_id=row.clause_id)
    if decided_on > due_on:
        why = f"Decided on {clock.in_words(decided_on)}, after its time."
        return Item(label, Standing.LATE, why=why, url=url, put_right_on=decided_on, clause_id=row.clause_id)
    return Item(label, GOOD, why=f"{decision.get_answer_display()}: {decision.why}", url=url, clause_id=row.clause_id)

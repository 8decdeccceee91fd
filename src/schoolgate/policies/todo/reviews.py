"""Reviews to hold and to sign, and reasons to review early that wait for a decision."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.urls import reverse

from schoolgate.common.deadlines import SchoolCalendar
from schoolgate.contracts.todo import Task, todo
from schoolgate.people.access import Scope
from schoolgate.people.permissions import Permission
from schoolgate.people.queries import calendars
from schoolgate.people.rules import title_of
from schoolgate.policies import queries
from schoolgate.policies.models import EarlyKind, EarlyReason
from schoolgate.policies.rules import reviewing


def _edited_here(scope: Scope) -> list[UUID]:
    """The schools whose policies the person edits as somebody of that school: whoever does so across the trust has the readings."""
    return [] if Permission.POLICY_EDIT in scope.across_trust else scope.schools_where(Permission.POLICY_EDIT)


@todo("policies.reviews")
def reviews_to_hold(scope: Scope, today: date) -> Iterable[Task]:
    """Each policy of a school whose next review is near or past, as policies.reviewed_on_time counts it."""
    schools = _edited_here(scope)
    for school, one in queries.reviewed_at(scope, schools, today) if schools else ():
        due, unsigned = one.next.on, one.next.unsigned
        if due is None:
            why, near = "It has no review date. Give it one, or record the review.", True
        else:
            why, near = f"Set by {one.next.set_by}.", due <= today + timedelta(days=one.warn_days)
        if near and not unsigned:  # a review that was held waits for those who sign it
            yield Task(f"Review “{one.version.policy.title}” ({school.name})", reverse("policies:reviews", args=[school.ref]), due, why)


@todo("policies.signatures")
def reviews_to_sign(scope: Scope, today: date) -> Iterable[Task]:
    """Each review that waits for a role the person holds. It is due by the date the review is there to meet."""
    for school, one, role in queries.reviews_to_sign(scope, today):
        yield Task(
            f"Sign the review of “{one.version.policy.title}” as {title_of(role).lower()} ({school.name})",
            reverse("policies:reviews", args=[school.ref]), one.next.on, "It counts once every role has signed it.",
        )  # fmt: skip


@todo("policies.early_reasons")
def early_reasons_to_decide(scope: Scope, today: date) -> Iterable[Task]:
    """Reasons to review early, for whoever decides: a fact about a trust text once, however many schools hold the text."""
    facts: dict[tuple[UUID, str], list[EarlyReason]] = defaultdict(list)
    for row in _own(scope, today):
        facts[row.policy_id, row.source or row.id.hex].append(row)
    held_at = calendars(scope, list({rows[0].school_id for rows in facts.values()})) if facts else {}
    for rows in facts.values():
        first = rows[0]
        due = reviewing.decide_by(first, held_at.get(first.school_id, SchoolCalendar()))
        at = first.school.name if len(rows) == 1 else f"{len(rows)} schools"
        yield Task(
            f"Decide about a reason to review “{first.policy.title}” early ({at})",
            reverse("policies:early_reason", args=[first.id]), due, f"{first.get_kind_display()}.", len(rows),
        )  # fmt: skip


def _own(scope: Scope, today: date) -> list[EarlyReason]:
    """The undecided ones this person is asked about: the owner of the policy, else those who edit it; about an adoption, the school."""
    if not scope.may_anywhere(Permission.POLICY_EDIT):
        return []
    here = set(_edited_here(scope))
    rows = queries.undecided_reasons(scope, today, here)
    owners = queries.owners_at(scope, {row.policy for row in rows}, today) if rows else {}

    def asked(row: EarlyReason) -> bool:
        held = owners.get(row.policy_id)
        if row.kind == EarlyKind.TRUST:
            return row.school_id in here
        if held:
            return scope.person_id in held
        return row.school_id in here if row.policy.school_id else scope.may(Permission.POLICY_EDIT, None)

    return [row for row in rows if asked(row)]

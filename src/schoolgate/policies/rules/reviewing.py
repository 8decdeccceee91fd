"""When a policy is next reviewed, by whom a review must be signed, when its owner is reminded, and what an early reason asks. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from schoolgate.common import clock
from schoolgate.common.deadlines import SchoolCalendar
from schoolgate.common.errors import BadInput, Denied
from schoolgate.common.workingdays import add_days
from schoolgate.people.access import Scope
from schoolgate.people.permissions import Permission
from schoolgate.people.rules import permissions_of, title_of
from schoolgate.policies import rules
from schoolgate.policies.models import EarlyReason, PolicyReview

CONTROL, EARLY = "policies.reviewed_on_time", "policies.early_review_decided"
BEFORE = (30, 7, 0)
"""Days before the review on which the owner is reminded again, after the first reminder of review.warn_days."""
OVERDUE_EVERY = 14
PRINTED, SETTING = "the date in the policy", "the last review and the setting for how often"


@dataclass(frozen=True, slots=True)
class Next:
    """When a policy is next reviewed at a school, which rule set the date, and what is still unsigned."""

    on: date | None
    set_by: str
    completed: date | None
    last: PolicyReview | None
    unsigned: tuple[str, ...]


def signers() -> tuple[str, ...]:
    """The roles that must sign a review (catalogue, review_signers)."""
    return tuple(rules.parameter(CONTROL, "review_signers"))


def may_sign_as(role: str, held: Collection[str], settings: Mapping[str, Any]) -> bool:
    """Whether roles a person holds let them sign for a role. Who co-ordinates the policy is a setting."""
    return role in held or (role == "coordinator" and settings["review.coordinator"] in held)


def unsigned(review: PolicyReview, roles: Iterable[str], on: date) -> tuple[str, ...]:
    """The roles that had not signed by the end of a day; signatures fetched along."""
    signed = {row.role for row in review.signatures.all() if clock.local_date(row.signed_at) <= on}
    return tuple(role for role in roles if role not in signed)


def completed_on(review: PolicyReview, roles: Collection[str], on: date) -> date | None:
    """The day the last role signed; None while one is missing."""
    if unsigned(review, roles, on):
        return None
    days = [clock.local_date(row.signed_at) for row in review.signatures.all() if row.role in roles]
    return max([review.held_on, *days])


def next_review(
    printed: date | None, reviews: Iterable[PolicyReview], *, on: date, months: int, notice: int, roles: Collection[str]
) -> Next:
    """The earlier of the printed date and last completed review + months (catalogue, policies.reviewed_on_time).

    A printed date that a completed review has served, held inside the notice before it or later, counts no more.
    """
    held = sorted((row for row in reviews if clock.local_date(row.recorded_at) <= on), key=lambda row: (row.held_on, row.recorded_at))
    done = [day for row in held if (day := completed_on(row, roles, on))]
    completed = max(done, default=None)
    last = held[-1] if held else None
    missing = unsigned(last, roles, on) if last else ()
    dates = [(add_days(completed, months, "months"), SETTING)] if completed else []
    if printed and not (completed and completed >= printed - timedelta(days=notice)):
        dates.append((printed, PRINTED))
    day, set_by = min(dates, default=(None, ""))
    return Next(day, set_by, completed, last, missing)


def reminder_step(due: date, today: date, warn: int) -> str:
    """Which reminder of a review is owed today, by name; nothing before the first one is.

    The name stays the same until the next step, so that a reminder queued twice under it is sent once.
    """
    left = (due - today).days
    if left > warn:
        return ""
    if left < 0:
        return f"late{-left // OVERDUE_EVERY}"
    return f"before{min(step for step in (warn, *BEFORE) if step >= left)}"


# ------------------------------------------------------------------ who may do what


def check_can_review(scope: Scope, school_id: Any) -> None:
    scope.require(
        Permission.POLICY_EDIT, school_id,
        "Only someone who edits your school's policies can record a review. Ask the headteacher or the clerk.",
    )  # fmt: skip


def check_review(held_on: date, minute: str, in_force_from: date | None, today: date) -> None:
    if held_on > today:
        raise BadInput("The review is in the future. Enter the day on which it was held.", "held_on")
    if in_force_from and held_on < in_force_from:
        raise BadInput("The review was before this version came into force. Enter the day on which this version was looked at.", "held_on")
    if not minute.strip():
        raise BadInput("Enter the minute, or where the review is written down.", "minute")


def check_can_sign(review: PolicyReview, role: str, held: Collection[str], settings: Mapping[str, Any], today: date) -> None:
    """Each role signs a review once, by somebody who holds it at the school."""
    if role not in signers():
        raise BadInput("Choose a role that signs reviews.", "role")
    if not may_sign_as(role, held, settings):
        raise Denied(f"Only the {title_of(role).lower()} can sign here: you do not hold that role at this school.")
    if role not in unsigned(review, signers(), today):
        raise Denied(f"The {title_of(role).lower()} has signed this review already.")


# ------------------------------------------------------------------ early reasons


def owner_decides(role: str) -> bool:
    """Whether a role that owns a policy may also decide what an early reason means."""
    return Permission.POLICY_EDIT in permissions_of(role) if role else False


def decide_by(reason: EarlyReason, calendar: SchoolCalendar, days: int | None = None) -> date:
    """The last day on which an early reason may stay undecided, by the school's own calendar."""
    return calendar.promised(clock.local_date(reason.raised_at), int(rules.parameter(EARLY, "decide_days")) if days is None else days)

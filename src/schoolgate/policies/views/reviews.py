"""Reviews at a school: what is due, what was found, who signed, and the reasons to review early."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from schoolgate.common import clock
from schoolgate.common.errors import BadInput, Denied
from schoolgate.common.workingdays import add_days
from schoolgate.people.access import Scope
from schoolgate.people.models import School
from schoolgate.people.queries import calendars
from schoolgate.people.rules import title_of
from schoolgate.policies import actions, queries
from schoolgate.policies.forms.documents import EarlyDecisionForm, EarlyForm, ReviewForm
from schoolgate.policies.models import EarlyReason
from schoolgate.policies.queries import Reviewed
from schoolgate.policies.rules import reviewing
from schoolgate.policies.views.answers import answered, sent, trail
from schoolgate.ui.dates import day
from schoolgate.ui.forms import Form


def _trail(school: School, here: str = "") -> list[dict[str, str]]:
    own = (f"Reviews at {school.name}", reverse("policies:reviews", args=[school.ref]) if here else "")
    return trail(own, *([(here, "")] if here else []))


def _denied(scope: Scope, school: School) -> str:
    try:
        reviewing.check_can_review(scope, school.id)
    except Denied as denied:
        return denied.sentence
    return ""


@require_safe
def reviews(request: HttpRequest, school: str) -> HttpResponse:
    """The policies that hold at a school by the date of their next review, and the reasons to review early."""
    scope, today = request.scope, clock.today()  # type: ignore[attr-defined]
    found = queries.policy_school(scope, school)
    rows = queries.reviewed(scope, found.id, today)
    settings, held = queries.settings_for(scope, found.id), queries.own_roles(scope, found.id, today)
    mine = [role for role in reviewing.signers() if reviewing.may_sign_as(role, held, settings)]
    early = queries.early_reasons(scope, found.id, add_days(today, -12, "months") + timedelta(days=1), today)
    calendar = calendars(scope, [found.id])[found.id]
    context = {
        "school": found, "rows": [_row(one, mine, today) for one in sorted(rows, key=lambda one: str(one.next.on or ""))],
        "early": [(row, getattr(row, "decision", None), reviewing.decide_by(row, calendar)) for row in reversed(early)],
        "may_edit": not _denied(scope, found), "breadcrumbs": _trail(found), "months": settings["review.policy_months"],
    }  # fmt: skip
    return render(request, "policies/review_list.html", context)


def _row(one: Reviewed, mine: list[str], today: Any) -> dict[str, Any]:
    last, told = one.next.last, one.next
    return {
        "version": one.version, "next": told, "late": bool(told.on and told.on < today), "last": last,
        "unsigned": [title_of(role) for role in told.unsigned],
        "signatures": [(title_of(row.role), row) for row in last.signatures.all()] if last else [],
        "mine": [(role, title_of(role)) for role in mine if role in told.unsigned],
        "columns": ["Held on", "Outcome", "Minute", "Signed by"],
        "before": [
            [{"day": row.held_on}, row.get_outcome_display(), row.minute, ", ".join(title_of(s.role) for s in row.signatures.all())]
            for row in reversed(one.reviews)
        ],
    }  # fmt: skip


def _ask(
    request: HttpRequest, school: School, form: Form, act: Any, words: tuple[str, str, str], about: str, record: str = ""
) -> HttpResponse:
    """A page that asks about one policy of a school.

    `words`: heading, button, what is said when it is done; `record`: the page of the record it is known from.
    """
    heading, button, done = words
    if answered(request, form, act):
        messages.success(request, done)
        return redirect("policies:reviews", school.ref)
    denied = _denied(request.scope, school)  # type: ignore[attr-defined]
    context = {
        "form": form, "heading": heading, "button": button, "about": about, "denied": denied, "record": record,
        "breadcrumbs": _trail(school, heading),
    }  # fmt: skip
    return render(request, "policies/review_form.html", context)


@require_http_methods(["GET", "POST"])
def record_review(request: HttpRequest, school: str, policy_id: UUID) -> HttpResponse:
    """Write down a review of one policy at one school."""
    scope = request.scope  # type: ignore[attr-defined]
    found = queries.policy_school(scope, school)
    policy = queries.reviewed_policy(scope, found.id, policy_id, clock.today()).version.policy
    words = ("Record a review", "Record the review", "It is recorded. It counts once everybody who must has signed it.")

    def act(told: dict[str, Any]) -> None:
        actions.record_review(policy=policy, school=found, by=scope, **told)

    return _ask(request, found, ReviewForm(sent(request), initial={"held_on": clock.today()}), act, words, policy.title)


@require_http_methods(["GET", "POST"])
def raise_early(request: HttpRequest, school: str, policy_id: UUID) -> HttpResponse:
    """Write down a reason to review one policy before its time."""
    scope = request.scope  # type: ignore[attr-defined]
    found = queries.policy_school(scope, school)
    policy = queries.reviewed_policy(scope, found.id, policy_id, clock.today()).version.policy
    words = ("A reason to review early", "Write it down", "It is written down. Somebody now decides what it means.")

    def act(told: dict[str, Any]) -> None:
        actions.raise_early_reason(policy=policy, school=found, by=scope, **told)

    return _ask(request, found, EarlyForm(sent(request)), act, words, policy.title)


@require_http_methods(["GET", "POST"])
def early_reason(request: HttpRequest, reason_id: UUID) -> HttpResponse:
    """Decide what a reason to review early means."""
    scope = request.scope  # type: ignore[attr-defined]
    row: EarlyReason = queries.early_reason(scope, reason_id)
    words = ("Review early?", "Decide", "It is decided.")

    if getattr(row, "decision", None):
        return _decided(request, row)
    others = queries.same_fact(scope, row)
    form = EarlyDecisionForm(sent(request), others=len(others))

    def act(told: dict[str, Any]) -> None:
        actions.decide_early_reason(reason=row, by=scope, **told)

    about = f"{row.policy.title}. {row.get_kind_display()}: {row.words}"
    return _ask(request, row.school, form, act, words, about, row.path)


def _decided(request: HttpRequest, row: EarlyReason) -> HttpResponse:
    """What was decided, and that it is decided once."""
    decision = row.decision
    said = f"It was decided on {day(clock.local_date(decision.decided_at))}: {decision.get_answer_display()}. {decision.why}"
    about = f"{row.policy.title}. {row.get_kind_display()}: {row.words}"
    context = {"heading": "Review early?", "about": about, "record": row.path, "denied": said, "breadcrumbs": _trail(row.school, "Decided")}
    return render(request, "policies/review_form.html", context)


@require_POST
def sign_review(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """Sign a review for one role."""
    scope = request.scope  # type: ignore[attr-defined]
    found = queries.review(scope, review_id)
    try:
        actions.sign_review(review=found, role=request.POST.get("role", ""), comment=request.POST.get("comment", ""), by=scope)
        messages.success(request, "You have signed the review.")
    except (BadInput, Denied) as refused:
        messages.error(request, refused.sentence)
    return redirect("policies:reviews", found.school.ref)

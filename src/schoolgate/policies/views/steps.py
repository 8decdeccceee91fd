"""One version: where it stands, what was found in it, and each step of its way into force."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from schoolgate.common import clock
from schoolgate.common.errors import Denied
from schoolgate.people.rules import title_of
from schoolgate.policies import actions, queries, rules
from schoolgate.policies.forms.documents import ApproveForm, ChangesForm, DetailsForm, ForceForm
from schoolgate.policies.models import PolicyVersion
from schoolgate.policies.views.answers import answered, sent, stated, steps, trail
from schoolgate.ui.forms import Form


def _trail(version: PolicyVersion, here: str = "") -> list[dict[str, str]]:
    policy = (version.policy.title, reverse("policies:detail", args=[version.policy_id]))
    own = (f"Version {version.number}", reverse("policies:version", args=[version.id]) if here else "")
    return trail(policy, own, *([(here, "")] if here else []))


@require_safe
def version(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Where a version stands, what was understood of the document, and what can be done next."""
    scope = request.scope  # type: ignore[attr-defined]
    found = queries.version(scope, version_id)
    findings = queries.findings_of(scope, version_id)
    context = {
        "version": found,
        "progress": queries.progress(scope, [found.id]).get(found.id, queries.Progress()),
        "findings": len(findings),
        "undecided": sum(not row.decision for row in findings),
        "carrying": queries.carrying(scope, found) if rules.can_join(found, scope) else None,
        "changes": [(rules.CHANGES[kind], count) for kind, count in found.differences.items() if kind in rules.CHANGES and count],
        "decide_days": rules.parameter("policies.text_faults_closed", "decide_days"),
        "may_correct": rules.can_correct(found, scope),
        "may_edit": rules.can_join(found, scope),
        "steps": steps(found, scope),
        "rows": _said(found),
        "columns": ["State", "When", "Who"],
        "happened": _happened(found),
        "breadcrumbs": _trail(found),
    }
    return render(request, "policies/version_detail.html", context)


def _said(found: PolicyVersion) -> list[dict[str, Any]]:
    """What the document says of itself, and what the library holds beside it."""
    said, policy = found.facts, found.policy
    return [
        {"key": "Title in the document", "value": said.get("title")},
        {"key": "Version in the document", "value": found.printed_version},
        {"key": "Owner in the document", "value": said.get("owner")},
        {
            "key": "Approved, says the document",
            "value": ", ".join(filter(None, [said.get("approved_by"), stated(said.get("approved_on"))])),
        },
        {"key": "Owner role", "value": title_of(policy.owner_role) if policy.owner_role else ""},
        {"key": "Authors", "value": found.authors},
        {"key": "Next review", "value": clock.in_words(found.review_on)},
        {"key": "Source", "value": found.source_name},
        {"key": "Fingerprint", "value": found.fingerprint[:16]},
    ]


def _happened(found: PolicyVersion) -> list[list[Any]]:
    """The way this version has gone, oldest first, as rows of state, day and person."""
    approved = f"Approved by {found.approving_body}" + (f" ({found.approval_minute})" if found.approval_minute else "")
    told = [
        ("Imported", found.imported_at, found.imported_by),
        ("Submitted for review", found.submitted_at, found.submitted_by),
        ("Changes asked for", found.changes_asked_at, found.changes_asked_by),
        (approved, found.approved_at, found.approved_by),
    ]
    taken = sorted(((at, text, by) for text, at, by in told if at), key=lambda step: step[0])
    rows = [[text, {"moment": at}, str(by) if by else "The system"] for at, text, by in taken]
    ends = [("In force", found.in_force_from), ("Replaced", found.in_force_until)]
    return rows + [[text, {"day": day}, ""] for text, day in ends if day]


@require_POST
def submit(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Hand a draft to the approvers."""
    scope = request.scope  # type: ignore[attr-defined]
    found = queries.version(scope, version_id)
    try:
        actions.submit(version=found, by=scope)
        messages.success(request, "It is with the approvers now. Somebody other than you approves it.")
    except Denied as denied:
        messages.error(request, denied.sentence)
    return redirect("policies:version", version_id)


def _step(
    request: HttpRequest, found: PolicyVersion, form: Form, act: Callable[..., PolicyVersion], words: tuple[str, str, str]
) -> HttpResponse:
    """One step that asks something first. `words`: the heading, the button, and what is said when it is done."""
    scope = request.scope  # type: ignore[attr-defined]
    heading, button, done = words
    if answered(request, form, lambda told: act(version=found, by=scope, **told)):
        messages.success(request, done)
        return redirect("policies:version", found.id)
    context = {"form": form, "version": found, "heading": heading, "button": button, "breadcrumbs": _trail(found, heading)}
    return render(request, "policies/version_form.html", context)


@require_http_methods(["GET", "POST"])
def ask_for_changes(request: HttpRequest, version_id: UUID) -> HttpResponse:
    found = queries.version(request.scope, version_id)  # type: ignore[attr-defined]
    words = ("Ask for changes", "Send it back", "It is back with its editors, with your words.")
    return _step(request, found, ChangesForm(sent(request)), actions.ask_for_changes, words)


@require_http_methods(["GET", "POST"])
def approve(request: HttpRequest, version_id: UUID) -> HttpResponse:
    found = queries.version(request.scope, version_id)  # type: ignore[attr-defined]
    words = ("Approve this version", "Approve", "It is approved. It holds once it is brought into force.")
    return _step(request, found, ApproveForm(sent(request)), actions.approve, words)


@require_http_methods(["GET", "POST"])
def bring_into_force(request: HttpRequest, version_id: UUID) -> HttpResponse:
    found = queries.version(request.scope, version_id)  # type: ignore[attr-defined]
    initial = {"from_day": clock.today(), "review_on": found.review_on, "change_summary": found.change_summary}
    words = (
        "Bring this version into force",
        "Bring into force",
        "It is in force. The version before, if there was one, is kept as history.",
    )
    return _step(request, found, ForceForm(sent(request), initial=initial), actions.bring_into_force, words)


@require_http_methods(["GET", "POST"])
def details(request: HttpRequest, version_id: UUID) -> HttpResponse:
    found = queries.version(request.scope, version_id)  # type: ignore[attr-defined]
    initial = {
        "owner_role": found.policy.owner_role, "audience": found.policy.audience, "authors": found.authors,
        "minute": found.approval_minute, "review_on": found.review_on, "change_summary": found.change_summary,
    }  # fmt: skip
    words = ("Owner, authors and dates", "Save", "Saved.")
    return _step(request, found, DetailsForm(sent(request), initial=initial), actions.complete_details, words)

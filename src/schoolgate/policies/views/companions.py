"""The documents that a school's policies tell people to read: listed, told where they are, and tried."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from schoolgate.common import clock
from schoolgate.common.errors import Denied
from schoolgate.people.access import Scope
from schoolgate.people.rules import title_of
from schoolgate.policies import actions, queries, rules
from schoolgate.policies.forms.documents import CompanionForm, EditionForm
from schoolgate.policies.models import Companion
from schoolgate.policies.rules import companions
from schoolgate.policies.views.answers import answered, sent, trail


def _denied(scope: Scope, school_id: UUID) -> str:
    try:
        rules.check_can_edit(scope, school_id)
    except Denied as denied:
        return denied.sentence
    return ""


@require_http_methods(["GET", "POST"])
def companion_list(request: HttpRequest, school: str) -> HttpResponse:
    """What is listed, how it stands, and what the policies name that is not listed yet."""
    scope, today = request.scope, clock.today()  # type: ignore[attr-defined]
    found = queries.policy_school(scope, school)
    named = queries.companions_named(scope, found.id, today)
    form = CompanionForm(sent(request))

    def act(told: dict[str, Any]) -> None:
        actions.list_companion(school=found, clause=named.get(told["title"]), by=scope, **told)

    if answered(request, form, act):
        messages.success(request, "It is listed. Say where it is.")
        return redirect("policies:companions", found.ref)
    listed = queries.companions_of(scope, found.id)
    titles = {row.title for row in listed}
    context = {
        "school": found, "form": form, "denied": _denied(scope, found.id),
        "rows": [_row(row, today) for row in listed], "named": [(title, row) for title, row in named.items() if title not in titles],
        "breadcrumbs": trail((f"Companion documents of {found.name}", "")),
    }  # fmt: skip
    return render(request, "policies/companion_list.html", context)


def _row(row: Companion, today: Any) -> dict[str, Any]:
    standing, why, _ = companions.stands(row, today, companions.parameters())
    edition, check = companions.latest(row.editions.all(), today, "recorded_at"), companions.latest(row.checks.all(), today, "checked_at")
    owner = title_of(edition.owner_role) if edition and edition.owner_role else ""
    return {"companion": row, "good": standing == "good", "why": why, "edition": edition, "check": check, "owner": owner}


@require_http_methods(["GET", "POST"])
def companion_edition(request: HttpRequest, companion_id: UUID) -> HttpResponse:
    """Say where a companion is and when it is reviewed."""
    scope = request.scope  # type: ignore[attr-defined]
    row = queries.companion(scope, companion_id)
    edition = companions.latest(row.editions.all(), clock.today(), "recorded_at")
    form = EditionForm(sent(request), initial={"where": edition.where, "owner_role": edition.owner_role} if edition else None)
    if answered(request, form, lambda told: actions.record_edition(companion=row, by=scope, **told)):
        messages.success(request, "It is recorded.")
        return redirect("policies:companions", row.school.ref)
    listed = (f"Companion documents of {row.school.name}", reverse("policies:companions", args=[row.school.ref]))
    context = {
        "form": form, "heading": "Where it is and when it is reviewed", "button": "Save", "about": row.title,
        "denied": _denied(scope, row.school_id), "breadcrumbs": trail(listed, (row.title, "")),
    }  # fmt: skip
    return render(request, "policies/review_form.html", context)


@require_POST
def companion_check(request: HttpRequest, companion_id: UUID) -> HttpResponse:
    """Record whether a companion opened."""
    scope = request.scope  # type: ignore[attr-defined]
    row = queries.companion(scope, companion_id)
    try:
        actions.check_companion(companion=row, opened=request.POST.get("opened") == "yes", by=scope)
        messages.success(request, "It is recorded that you tried to open it.")
    except Denied as denied:
        messages.error(request, denied.sentence)
    return redirect("policies:companions", row.school.ref)

"""Schools that depart from the trust: what waits for its answer, what was answered, and what it was told."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from schoolgate.common import clock
from schoolgate.common.errors import Denied
from schoolgate.common.workingdays import add_days
from schoolgate.people.access import Scope
from schoolgate.policies import actions, queries, rules
from schoolgate.policies.forms.documents import AnswerForm
from schoolgate.policies.models import SettingChoice
from schoolgate.policies.rules import choices, settling
from schoolgate.policies.views.answers import answered, sent, trail

MONTHS = 12
TITLE = "Schools that depart from the trust"


@require_safe
def departures(request: HttpRequest) -> HttpResponse:
    """What schools asked, what the trust answered in the last year, and where a school's own body approved."""
    scope = request.scope  # type: ignore[attr-defined]
    since = add_days(clock.today(), -MONTHS, "months")
    context = {
        "waiting": [_told(row) for row in queries.departures_waiting(scope)],
        "answered": [_told(row) for row in queries.departures_answered(scope, since)],
        "columns": ["When", "School", "Question", "Answer", "Reason", "Approved by"],
        "by_themselves": [
            [{"day": row.chosen_at}, row.school.name if row.school else "", _question(row), _shown(row), row.reason, row.approver]
            for row in queries.departures_told(scope, since)
        ],
        "heading": TITLE, "breadcrumbs": trail(("Settings", reverse("policies:settings")), (TITLE, "")),
    }  # fmt: skip
    return render(request, "policies/departure_list.html", context)


def _question(row: SettingChoice) -> str:
    return str(choices.setting(row.key)["question"])


def _shown(row: SettingChoice) -> str:
    return settling.shown(row.key, row.value)


def _told(row: SettingChoice) -> dict[str, Any]:
    return {"row": row, "question": _question(row), "value": _shown(row), "answer": getattr(row, "answer", None)}


@require_http_methods(["GET", "POST"])
def departure(request: HttpRequest, choice_id: UUID) -> HttpResponse:
    """One departure: what the school asks and why, what the trust says, and the answer."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    row = queries.departure(scope, choice_id)
    form = AnswerForm(sent(request))

    def act(told: dict[str, Any]) -> None:
        actions.answer_departure(choice=row, agreed=told["agreed"] == AnswerForm.AGREE, why=told["why"], by=scope)

    if answered(request, form, act):
        messages.success(request, "It is answered. Whoever asked is told.")
        return redirect("policies:departures")
    stands = queries.standings(scope, None, keys=[row.key])[row.key]
    listed, name = (TITLE, reverse("policies:departures")), row.school.name if row.school else ""
    context = {
        **_told(row), "form": form, "denied": _denied(row, scope), "overtaken": queries.is_overtaken(row),
        "trust_value": settling.shown(row.key, stands.trust_value), "limits": settling.limits(row.key),
        "breadcrumbs": trail(("Settings", reverse("policies:settings")), listed, (name, "")),
    }  # fmt: skip
    return render(request, "policies/departure_detail.html", context)


def _denied(row: SettingChoice, scope: Scope) -> str:
    try:
        rules.check_can_answer(row.chosen_by_id, scope)
    except Denied as denied:
        return denied.sentence
    return ""

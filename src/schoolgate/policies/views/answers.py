"""How a form is answered: what the rules refuse is shown beside the form that was sent, and nothing is stored."""

import calendar
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from schoolgate.common.errors import BadInput, Denied
from schoolgate.people.access import Scope
from schoolgate.policies import rules
from schoolgate.policies.models import PolicyVersion, VersionState
from schoolgate.policytext import Unreadable
from schoolgate.ui.forms import Form


def sent(request: HttpRequest) -> QueryDict | None:
    """What was posted, an empty form included; None where the page is only looked at."""
    return request.POST if request.method == "POST" else None


def answered(request: HttpRequest, form: Form, act: Callable[[dict[str, Any]], object]) -> bool:
    """Whether the form was sent, is in order, and the action took it. Else its errors say why not."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except BadInput as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
    except Denied as denied:
        form.add_error(None, denied.sentence)
    except Unreadable as unreadable:
        form.add_error("file" if "file" in form.fields else None, str(unreadable))
    return not form.errors


def trail(*steps: tuple[str, str]) -> list[dict[str, str]]:
    """Breadcrumbs below the library: (text, address) from the top down; the last has no address."""
    return [{"text": text, "url": url} for text, url in (("Policies", reverse("policies:list")), *steps)]


def steps(found: PolicyVersion, scope: Scope) -> list[dict[str, Any]]:
    """The next steps from this state, each with the sentence of the rule where it may not be taken."""
    offered: dict[str, list[tuple[str, str, Callable[[PolicyVersion, Scope], None], bool]]] = {
        VersionState.DRAFT: [("Submit for review", "policies:submit", rules.check_can_submit, True)],
        VersionState.CHANGES_ASKED: [("Submit for review", "policies:submit", rules.check_can_submit, True)],
        VersionState.IN_REVIEW: [
            ("Approve", "policies:approve", rules.check_can_approve, False),
            ("Ask for changes", "policies:ask", rules.check_can_ask_for_changes, False),
        ],
        VersionState.APPROVED: [("Bring into force", "policies:force", rules.check_can_bring_into_force, False)],
    }
    return [
        {
            "text": text,
            "url": reverse(name, args=[found.id]),
            "denied": rules.refusal(check, found, scope),
            "posts": posts,
            "first": place == 0,
        }
        for place, (text, name, check, posts) in enumerate(offered.get(found.state, []))
    ]


def stated(iso: str | None) -> str:
    """A date as a document gives it, in words: `15 September 2026`, `November 2018` or `2018`. It need not be a real day."""
    year, *rest = (iso or "").split("-")
    words = [calendar.month_name[int(rest[0])], year] if rest else [year]
    return " ".join([str(int(rest[1])), *words] if len(rest) > 1 else words)

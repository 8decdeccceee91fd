"""Pupils of a school, and one pupil with those who answer for them."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from schoolgate.common import clock
from schoolgate.common.errors import NotFound
from schoolgate.people import actions, forms, queries, rules
from schoolgate.people.models import GuardianLimit, Pupil
from schoolgate.people.views.asking import ask, change

PAGE = 100


@require_safe
def pupil_list(request: HttpRequest, school_id: UUID) -> HttpResponse:
    """Pupils on roll today, a hundred to a page."""
    scope = request.scope  # type: ignore[attr-defined]
    school = queries.school(scope, school_id)
    rules.check_can_see_pupils(scope, school.id)
    page = Paginator(queries.pupils_of(scope, school.id, clock.today()), PAGE).get_page(request.GET.get("page"))
    head = ["Name", "Year", "On roll since"]
    lines = [
        [
            {"text": one.name, "url": reverse("people:pupil", args=[one.id])},
            year_name(one.year),
            clock.in_words(one.starts_on) or "Not known",
        ]
        for one in page
    ]
    shown = {"school": school, "page": page, "head": head, "lines": lines, "keeper": rules.can_keep_register(scope, school.id)}
    return render(request, "people/pupil_list.html", shown)


def year_name(year: str) -> str:
    """A year group in words."""
    return {"": "Not known", "N": "Nursery", "R": "Reception"}.get(year, f"Year {year}")


def _seen(scope: Any, pupil_id: UUID) -> Pupil:
    """A pupil this person may look at; for anybody else there is none."""
    found = queries.pupil(scope, pupil_id)
    if not rules.can_see_pupils(scope, found.school_id):
        raise NotFound("There is no such pupil in your reach")
    return found


@require_safe
def pupil(request: HttpRequest, pupil_id: UUID) -> HttpResponse:
    """One pupil: where, since when, and who answers for them. Whether they are looked after is shown to the safeguarding lead alone."""
    scope = request.scope  # type: ignore[attr-defined]
    found = _seen(scope, pupil_id)
    protects = rules.can_protect(scope, found.school_id)
    rows = [
        {"key": "School", "value": found.school.name},
        {"key": "Year", "value": year_name(found.year)},
        {"key": "Full first name", "value": found.given},
        {"key": "Date of birth", "value": clock.in_words(found.born_on) or "Not known"},
        {"key": "On roll since", "value": clock.in_words(found.starts_on) or "Not known"},
        {"key": "Last day", "value": clock.in_words(found.ends_on) or "No end known"},
    ]
    rows += [{"key": "Looked after by the council", "value": "Yes" if found.looked_after else "No"}] if protects else []
    shown = {
        "pupil": found, "rows": rows, "ties": queries.guardians_of(scope, found.id), "protects": protects,
        "keeper": rules.can_keep_register(scope, found.school_id), "limits": rules.can_limit_guardian(scope, found.school_id),
    }  # fmt: skip
    return render(request, "people/pupil_detail.html", shown)


@require_POST
def protect(request: HttpRequest, pupil_id: UUID) -> HttpResponse:
    """Set or clear the looked-after flag."""
    scope = request.scope  # type: ignore[attr-defined]
    found = queries.pupil(scope, pupil_id)
    if not rules.can_protect(scope, found.school_id):
        raise NotFound("There is no such pupil in your reach")
    wanted = request.POST.get("looked_after") == "yes"
    return change(
        request,
        lambda: actions.mark_looked_after(pupil=found, looked_after=wanted, by=scope),
        back=reverse("people:pupil", args=[found.id]),
        done="Saved. Only you and the deputies see it.",
    )


def pupil_end(request: HttpRequest, pupil_id: UUID) -> HttpResponse:
    """Write down a pupil's last day on roll."""
    scope = request.scope  # type: ignore[attr-defined]
    found = _seen(scope, pupil_id)
    rules.check_can_keep_register(scope, found.school_id)
    return ask(
        request, forms.LeftOnForm(request.POST or None), lambda told: actions.end_pupil(pupil=found, by=scope, **told),
        title=f"Last day of {found.name}", button="Save the last day", done="The last day is saved.",
        back=reverse("people:pupil", args=[found.id]),
    )  # fmt: skip


def guardian_limit(request: HttpRequest, tie_id: UUID) -> HttpResponse:
    """Say whether a guardian may answer for a pupil."""
    scope = request.scope  # type: ignore[attr-defined]
    tie = queries.guardianship(scope, tie_id)
    if not rules.can_limit_guardian(scope, tie.pupil.school_id):
        raise NotFound("There is no such guardian in your reach")
    start = {"kind": tie.limit.kind, "note": tie.limit.note} if tie.limit else {"kind": GuardianLimit.Kind.NONE}
    return ask(
        request, forms.GuardianLimitForm(request.POST or None, initial=start),
        lambda told: actions.limit_guardian(guardianship=tie, by=scope, **told),
        title=f"{tie.guardian.name} and {tie.pupil.name}", button="Save", done="Saved. It counts from now.",
        intro="Who may not answer is offered no link and no form for this child.",
        back=reverse("people:pupil", args=[tie.pupil_id]),
    )  # fmt: skip

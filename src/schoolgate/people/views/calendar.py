"""A school's own calendar: terms, training days, closures, beside the bank holidays of its nation."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from schoolgate.common import clock
from schoolgate.common.workingdays import bank_holidays
from schoolgate.people import actions, forms, queries, rules
from schoolgate.people.views.asking import ask, change


@require_safe
def calendar(request: HttpRequest, school_id: UUID) -> HttpResponse:
    """When the school is open, and what the days beside its terms are."""
    scope = request.scope  # type: ignore[attr-defined]
    school = queries.school(scope, school_id)
    today = clock.today()
    keeper = rules.can_keep_register(scope, school.id)
    days = sorted(bank_holidays(school.nation, today.year) | bank_holidays(school.nation, today.year + 1))
    shown = {
        "school": school, "keeper": keeper, "holidays": [day for day in days if day >= today][:10],
        "terms": queries.terms_of(scope, school.id), "closed": queries.closed_days_of(scope, school.id),
        "open_today": queries.calendars(scope, [school.id])[school.id].school_day(today),
    }  # fmt: skip
    return render(request, "people/calendar_detail.html", shown)


def term_add(request: HttpRequest, school_id: UUID) -> HttpResponse:
    """Write down a term."""
    scope = request.scope  # type: ignore[attr-defined]
    school = queries.school(scope, school_id)
    rules.check_can_keep_register(scope, school.id)
    intro = "A half-term break divides a term into two rows: write each down by itself."
    return _ask(request, school, forms.TermForm, actions.add_term, "Add a term", "Save the term", "The term is saved.", intro)


def day_close(request: HttpRequest, school_id: UUID) -> HttpResponse:
    """Write down a training day or a closure."""
    scope = request.scope  # type: ignore[attr-defined]
    school = queries.school(scope, school_id)
    rules.check_can_keep_register(scope, school.id)
    return _ask(
        request, school, forms.ClosedDayForm, actions.close_day, "Add a day without pupils", "Save the day", "The day is saved.", ""
    )


def _ask(request: HttpRequest, school: Any, form: Any, act: Any, title: str, button: str, done: str, intro: str) -> HttpResponse:
    scope = request.scope  # type: ignore[attr-defined]
    return ask(
        request, form(request.POST or None), lambda told: act(school=school, by=scope, **told),
        title=title, button=button, done=done, intro=intro, back=reverse("people:calendar", args=[school.id]),
    )  # fmt: skip


@require_POST
def term_drop(request: HttpRequest, term_id: UUID) -> HttpResponse:
    """Take a term out again."""
    scope = request.scope  # type: ignore[attr-defined]
    found = queries.term(scope, term_id)
    back = reverse("people:calendar", args=[found.school_id])
    return change(request, lambda: actions.drop_term(term=found, by=scope), back=back, done=f"{found.name} is taken out.")


@require_POST
def day_open(request: HttpRequest, closed_id: UUID) -> HttpResponse:
    """Let a closed day count again."""
    scope = request.scope  # type: ignore[attr-defined]
    found = queries.closed_day(scope, closed_id)
    back = reverse("people:calendar", args=[found.school_id])
    return change(request, lambda: actions.open_day(closed=found, by=scope), back=back, done="The day counts as a school day again.")

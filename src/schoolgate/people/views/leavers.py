"""People who leave, and the letter that tells them which duties go on."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from schoolgate.common import clock
from schoolgate.common.deadlines import SchoolCalendar
from schoolgate.common.errors import NotFound
from schoolgate.common.workingdays import add_days
from schoolgate.people import actions, queries, rules
from schoolgate.people.models import Engagement
from schoolgate.people.permissions import Permission
from schoolgate.people.views.asking import change

SEND_FIRST = "Send the letter first."


@require_safe
def leaver_list(request: HttpRequest, school_id: UUID) -> HttpResponse:
    """Who left in the last 12 months or leaves within a year, soonest letter first."""
    scope, today = request.scope, clock.today()  # type: ignore[attr-defined]
    school = queries.school(scope, school_id)
    scope.require(Permission.AGREEMENT_CHASE, school.id, "Only the office, or someone who may chase signatures, sees the leavers.")
    calendar = queries.calendars(scope, [school.id])[school.id]
    found = queries.leavers(scope, [school.id], add_days(today, -12, "months"), today + timedelta(days=366))
    head = ["Name", "Category", "Last day", "Letter"]
    lines = [
        [
            {"text": one.person.name, "url": reverse("people:leaver", args=[one.id])},
            one.get_category_display(),
            {"day": one.ends_on},
            _letter_cell(one, calendar),
        ]
        for one in sorted(found, key=lambda one: hasattr(one, "leaver_letter"))
    ]
    return render(request, "people/leaver_list.html", {"school": school, "head": head, "lines": lines})


def due_on(place: Engagement, calendar: SchoolCalendar) -> date:
    """The last day on which the letter is in time."""
    return calendar.promised(place.ends_on, rules.catalogue_number("people.leaver_reminders_sent", "letter_days"))  # type: ignore[arg-type]


def _letter_cell(place: Engagement, calendar: SchoolCalendar) -> dict[str, Any]:
    letter = getattr(place, "leaver_letter", None)
    if letter is None:
        by = due_on(place, calendar)
        return {"state": "due", "text": f"Send by {by.day} {by:%B}"} if by >= clock.today() else {"state": "broken", "text": "Not sent"}
    if letter.answered_at is None:
        return {"state": "due", "text": "Sent, no answer yet"}
    return {"state": "met", "text": "Signed" if letter.signed_at else "Refused, recorded"}


@require_safe
def leaver(request: HttpRequest, place_id: UUID) -> HttpResponse:
    """The letter itself, to read or print, with the buttons to send and answer it."""
    scope = request.scope  # type: ignore[attr-defined]
    place = queries.place_or_own(scope, place_id)
    letter = getattr(place, "leaver_letter", None)
    own, office = place.person_id == scope.person_id, scope.may(Permission.AGREEMENT_CHASE, place.school_id)
    if place.ends_on is None or not (office or (own and letter)):
        raise NotFound("There is no such letter in your reach")
    answering = letter is not None and rules.can_answer_letter(scope, letter, place.person_id)
    by = due_on(place, queries.calendars(scope, [place.school_id]).get(place.school_id, SchoolCalendar()))
    shown = {"leaving": place, "letter": letter, "office": office, "answering": answering, "due_on": by, "today": clock.today()}
    return render(request, "people/leaver_letter.html", shown)


@require_POST
def leaver_send(request: HttpRequest, place_id: UUID) -> HttpResponse:
    """Record that the letter was given or sent today."""
    scope = request.scope  # type: ignore[attr-defined]
    place = queries.place(scope, place_id)
    return change(
        request, lambda: actions.send_leaver_letter(engagement=place, by=scope),
        back=reverse("people:leaver", args=[place.id]), done="Recorded as sent today.",
    )  # fmt: skip


@require_POST
def leaver_answer(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """Record that the letter was signed or refused."""
    scope = request.scope  # type: ignore[attr-defined]
    letter = queries.letter(scope, letter_id)
    return change(
        request, lambda: actions.answer_leaver_letter(letter=letter, answer=request.POST.get("answer", ""), by=scope),
        back=reverse("people:leaver", args=[letter.engagement_id]), done="The answer is recorded.",
    )  # fmt: skip

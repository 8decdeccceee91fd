"""Who joined, moved and left between two days: on a page to print, and as a table to download."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from schoolgate.common import clock, csv_out
from schoolgate.common.errors import Denied
from schoolgate.contracts.still_to_do import Owed
from schoolgate.people import queries, rules
from schoolgate.people.forms import BetweenForm
from schoolgate.people.movements import Way
from schoolgate.people.queries import Moved

BACK, AHEAD = timedelta(days=91), timedelta(days=28)
"""Shown at first: the last quarter, and who is known to come or go in the next four weeks."""
TITLES = {Way.JOINED: "Joined", Way.MOVED: "Moved", Way.LEFT: "Left"}
NOBODY = {Way.JOINED: "Nobody joined in this time.", Way.MOVED: "Nobody moved in this time.", Way.LEFT: "Nobody left in this time."}
COLUMNS = ("School", "Name", "Way", "Day", "What", "Written down on", "Still to do", "Do it by")


@require_safe
def movements(request: HttpRequest, school_id: UUID) -> HttpResponse:
    """The lists of one school."""
    scope = request.scope  # type: ignore[attr-defined]
    school = queries.school(scope, school_id)
    rules.check_can_keep_register(scope, school.id)
    return _page(
        request, [school.id], school.name, reverse("people:school", args=[school.id]), reverse("people:movements_csv", args=[school.id])
    )


@require_safe
def movements_trust(request: HttpRequest) -> HttpResponse:
    """The lists of every school whose register the person keeps."""
    trust = queries.trust(request.scope)  # type: ignore[attr-defined]
    return _page(request, _kept(request), trust.name, reverse("people:list"), reverse("people:movements_trust_csv"))


@require_safe
def movements_csv(request: HttpRequest, school_id: UUID | None = None) -> HttpResponse:
    """The same rows as a table to download."""
    scope = request.scope  # type: ignore[attr-defined]
    schools = [queries.school(scope, school_id).id] if school_id else _kept(request)
    for one in schools:
        rules.check_can_keep_register(scope, one)
    first, last, form = _between(request)
    if form.errors:
        sentence = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return HttpResponse(sentence, status=400, content_type="text/plain; charset=utf-8")
    rows = [_row(one) for one in queries.moved_between(scope, schools, first, last, clock.today())]
    name = f"joiners-movers-leavers-{first}-to-{last}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(csv_out.table(COLUMNS, rows), content_type="text/csv; charset=utf-8", headers=headers)


def _kept(request: HttpRequest) -> list[UUID]:
    scope = request.scope  # type: ignore[attr-defined]
    found = [one for one in scope.schools if rules.can_keep_register(scope, one)]
    if not found:
        raise Denied(rules.NOT_A_KEEPER)
    return found


def _between(request: HttpRequest) -> tuple[date, date, BetweenForm]:
    """The two days asked for, else those shown at first; what is wrong with them stands on the form."""
    today = clock.today()
    start = {"first": today - BACK, "last": today + AHEAD}
    asked = any(name.startswith(("first", "last")) for name in request.GET)
    form = BetweenForm(request.GET if asked else None, initial=start)
    if asked and form.is_valid():
        return form.cleaned_data["first"], form.cleaned_data["last"], form
    return start["first"], start["last"], form


def _page(request: HttpRequest, schools: list[UUID], name: str, back: str, csv_url: str) -> HttpResponse:
    scope, several = request.scope, len(schools) > 1  # type: ignore[attr-defined]
    first, last, form = _between(request)
    found = [] if form.errors else queries.moved_between(scope, schools, first, last, clock.today())
    head = ["Name", *(["School"] if several else []), "Day", "What", "Still to do"]
    tables = [
        {"title": TITLES[way], "empty": NOBODY[way], "lines": [_line(one, several) for one in found if one.it.way == way]} for way in Way
    ]
    days = {f"{name}_{part}": getattr(day, part) for name, day in (("first", first), ("last", last)) for part in ("day", "month", "year")}
    context = {
        "name": name, "back": back, "csv_url": f"{csv_url}?{urlencode(days)}", "form": form, "head": head, "tables": tables,
        "first": first, "last": last, "waiting": sum(bool(one.owed) for one in found),
    }  # fmt: skip
    return render(request, "people/movement_list.html", context, status=400 if form.errors else 200)


def _line(one: Moved, several: bool) -> list[Any]:
    owed = [_owed(thing) for thing in one.owed]
    return [
        {"text": one.it.person.name, "url": reverse("people:person", args=[one.it.person.id])},
        *([one.it.school.name] if several else []),
        {"day": one.it.on},
        one.it.words,
        {"cells": owed} if owed else "Nothing",
    ]


def _owed(thing: Owed) -> dict[str, str]:
    late = thing.due_on and thing.due_on < clock.today()
    return {"state": "broken" if late else "due", "text": thing.words + (f", by {clock.in_words(thing.due_on)}" if thing.due_on else "")}


def _row(one: Moved) -> list[Any]:
    days = [thing.due_on for thing in one.owed if thing.due_on]
    words = "; ".join(thing.words for thing in one.owed)
    return [
        one.it.school.name, one.it.person.name, TITLES[one.it.way], one.it.on, one.it.words, one.it.recorded_on, words,
        min(days, default=None),
    ]  # fmt: skip

"""What the office enters for others: arrivals at the desk, a signature on somebody's behalf, a paper form with its scan."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from schoolgate.agreements import actions, queries
from schoolgate.agreements.actions.scanning import SUFFIX
from schoolgate.agreements.forms import BehalfForm, PaperForm, ScanForm
from schoolgate.agreements.models import Agreement, Kind
from schoolgate.agreements.views.reading import say_beside
from schoolgate.common import clock
from schoolgate.common.errors import BadInput, Denied, NotFound
from schoolgate.people.access import Scope
from schoolgate.people.models import Person
from schoolgate.people.permissions import Permission
from schoolgate.people.queries import school as school_in_reach
from schoolgate.ui.dates import moment

FOR_OFFICE = "Only someone who sees who has signed may do this"


@require_safe
def desk(request: HttpRequest, school_id: UUID) -> HttpResponse:
    """Who may start today and who must sign first."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    school = school_in_reach(scope, school_id)
    scope.require(Permission.AGREEMENT_CHASE, school.id, "Only someone who sees who has signed may open the desk")
    found = queries.expected(scope, school.id, clock.today())
    asked = [one.form for one in queries.asked_at(scope, school.id, clock.today(), [Kind.POLICY])]
    context = {"school": school, "must": [one for one in found if not one.verdict.may_start], "forms": asked, "today": clock.today()}
    return render(request, "agreements/desk.html", {**context, "may": [one for one in found if one.verdict.may_start]})


@require_POST
def arrive(request: HttpRequest, place_id: UUID) -> HttpResponse:
    """Note that somebody has come in."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    engagement = queries.starting(scope, place_id)
    if engagement is None:
        raise NotFound("There is no such place in your reach")
    arrival = actions.note_arrival(engagement=engagement, by=scope)
    messages.success(request, f"{engagement.person.name} arrived on {moment(arrival.at)}.")
    return redirect("agreements:desk", engagement.school_id)


def _who(request: HttpRequest, form_id: UUID, person_id: UUID) -> tuple[Scope, Agreement, Person]:
    """The scope, the form and the person asked by it; NotFound for anybody else."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    agreement = queries.form(scope, form_id)
    scope.require(Permission.AGREEMENT_CHASE, agreement.school_id, FOR_OFFICE)
    place = queries.place_of(scope, agreement, person_id, clock.today())
    if place is None:
        raise NotFound("There is no such person in your reach")
    return scope, agreement, place.person


@require_http_methods(["GET", "POST"])
def on_behalf(request: HttpRequest, form_id: UUID, person_id: UUID) -> HttpResponse:
    """Enter the signature of somebody who cannot do it themself."""
    scope, agreement, person = _who(request, form_id, person_id)
    form = BehalfForm(agreement, request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        page = actions.Page(given["name"], form.ticked, given["token"], given["fingerprint"], form.answers)
        try:
            made = actions.sign_on_behalf(
                agreement=agreement, person=person, page=page, why=given["why"], witness=given["witness"], by=scope
            )
        except (BadInput, Denied) as refused:
            say_beside(form, refused, person)
        else:
            return redirect("agreements:receipt", made.id)
    context = {"agreement": agreement, "person": person, "form": form, "sections": queries.sections(scope, agreement)}
    return render(request, "agreements/behalf_form.html", context)


@require_http_methods(["GET", "POST"])
def paper(request: HttpRequest, form_id: UUID, person_id: UUID) -> HttpResponse:
    """Enter a signed paper form with its scan."""
    scope, agreement, person = _who(request, form_id, person_id)
    form = PaperForm(agreement, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        sheet = actions.Paper(
            given["name"], given["ticked"], given["written_on"], given["given_on"], given["witness"], bool(given.get("understood"))
        )
        try:
            made = actions.enter_paper(
                agreement=agreement, person=person, paper=sheet, scan=given["scan"].read(), token=given["token"], by=scope
            )
        except (BadInput, Denied) as refused:
            _beside(form, refused)
        else:
            return redirect("agreements:receipt", made.id)
    return render(request, "agreements/paper_form.html", {"agreement": agreement, "person": person, "form": form})


def _beside(form: Any, refused: BadInput | Denied) -> None:
    field = getattr(refused, "field", None)
    form.add_error(field if field in form.fields else None, refused.sentence)


@require_safe
def scan(request: HttpRequest, signature_id: UUID) -> HttpResponse:
    """The scan as a download: never shown inside a page, and nothing in it can run."""
    found = queries.scan(request.scope, signature_id)  # type: ignore[attr-defined]
    name = f"signed-form-{found.sha256[:8]}.{SUFFIX[found.media_type]}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox",
    }  # fmt: skip
    return HttpResponse(bytes(found.content), content_type=found.media_type, headers=headers)


@require_http_methods(["GET", "POST"])
def look(request: HttpRequest, signature_id: UUID) -> HttpResponse:
    """Say whether a scan shows the signature that was entered."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    found = queries.scan(scope, signature_id)
    signature = queries.signature(scope, signature_id)
    form = ScanForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.look_at_scan(scan=found, holds=form.cleaned_data["holds"] == "yes", note=form.cleaned_data["note"], by=scope)
        except (BadInput, Denied) as refused:
            _beside(form, refused)
        else:
            messages.success(request, "What you saw is kept beside the signature.")
            return redirect("agreements:receipt", signature.id)
    return render(request, "agreements/scan_form.html", {"scan": found, "signature": signature, "form": form})

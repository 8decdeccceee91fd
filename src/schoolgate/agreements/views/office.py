"""For those who ask others to sign: publish a form, see who has signed, remind, make a link, answer a refusal."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from schoolgate.agreements import actions, queries, rules
from schoolgate.agreements.forms import AnswerForm, PublishForm
from schoolgate.common import clock
from schoolgate.common.errors import BadInput, Denied, NotFound
from schoolgate.contracts.controls import Standing
from schoolgate.notify import queries as told
from schoolgate.people.access import Scope
from schoolgate.people.models import Category
from schoolgate.people.permissions import Permission
from schoolgate.policies import queries as policies
from schoolgate.ui.dates import day

HEAD = ["Name", "State", "Signed", "Last reminded", "Next step"]
WORDS = {
    Standing.GOOD: ("met", "Signed"),
    Standing.LAPSING: ("due", "Sign again"),
    Standing.DUE: ("due", "Sign"),
    Standing.BROKEN: ("broken", "Late"),
}


@require_GET
def forms_list(request: HttpRequest) -> HttpResponse:
    """The forms of my schools with their counts, and the versions in force that nobody is asked to sign."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    schools = scope.schools_where(Permission.AGREEMENT_CHASE)
    tallies = queries.tallies(scope, schools, clock.today())
    missing = [(policies.school(scope, school), version) for school in schools for version in queries.unpublished(scope, school)]
    may_publish = set(scope.schools_where(Permission.POLICY_EDIT))
    return render(request, "agreements/form_list.html", {"tallies": tallies, "missing": missing, "may_publish": may_publish})


@require_GET
def people(request: HttpRequest, form_id: UUID) -> HttpResponse:
    """Who has signed one form and who has not, by category."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    agreement = queries.form(scope, form_id)
    scope.require(Permission.AGREEMENT_CHASE, agreement.school_id, "Only someone who chases signatures may see who has signed")
    places = sorted(queries.places_for(scope, agreement, clock.today()), key=lambda place: not place.owes)  # the unsigned first
    owing = [place for place in queries.owing(places) if place.verdict and place.verdict.standing != Standing.LAPSING]
    path = reverse("agreements:read", args=[agreement.id])
    reminded = told.last_told(scope, actions.REMINDER, path)
    groups = [
        (label, [_line(agreement, place, reminded) for place in places if key in place.categories]) for key, label in Category.choices
    ]
    refusals = [place.refusal for place in places if place.refusal]
    context = {
        "agreement": agreement,
        "head": HEAD,
        "groups": [group for group in groups if group[1]],
        "owing": owing,
        "refusals": refusals,
    }
    counted = {"all": len(places), "away": sum(1 for place in places if place.set_aside), "now": clock.now()}
    return render(request, "agreements/form_detail.html", {**context, **counted, "is_current": bool(places)})


def _line(agreement: Any, place: queries.Place, reminded: dict[UUID, Any]) -> list[Any]:
    """One row of the table: name, state, signed, reminded, what can be done."""
    if place.set_aside:
        back = f"Away until {day(place.set_aside.away_until)}" if place.set_aside.away_until else "Away"
        state: Any = {"state": "not_applicable", "text": f"{back}: {place.set_aside.away_reason}"}
    else:
        key, words = WORDS[place.verdict.standing] if place.verdict else ("no_data", "Not asked")
        refused = place.refusal and place.owes
        by = f" by {day(place.verdict.due_on)}" if place.verdict and place.verdict.due_on and key == "due" else ""
        state = {"state": key, "text": "Refused" if refused else f"{words}{by}"}
    link = {"text": "Make a one-time link", "url": reverse("agreements:make_link", args=[agreement.id, place.person.id])}
    signed = {"moment": place.signed_at} if place.signed_at else "No"
    last = {"moment": reminded[place.person.id]} if place.person.id in reminded else "No"
    return [place.person.name, state, signed, last, link if place.owes and not place.set_aside else "None"]


@require_POST
def remind(request: HttpRequest, form_id: UUID) -> HttpResponse:
    """Remind everybody who has not signed."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    agreement = queries.form(scope, form_id)
    try:
        count = actions.remind(agreement=agreement, by=scope)
        messages.success(request, "1 person is reminded." if count == 1 else f"{count} people are reminded.")
    except Denied as refused:
        messages.error(request, refused.sentence)
    return redirect("agreements:people", agreement.id)


@require_http_methods(["GET", "POST"])
def make_link(request: HttpRequest, form_id: UUID, person_id: UUID) -> HttpResponse:
    """Ask, then make a one-time link and show it once, ready to print."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    agreement = queries.form(scope, form_id)
    scope.require(Permission.AGREEMENT_CHASE, agreement.school_id, "Only someone who chases signatures may make a link")
    place = queries.place_of(scope, agreement, person_id, clock.today())
    if place is None:
        raise NotFound("There is no such person in your reach")
    context = {"agreement": agreement, "person": place.person, "days": rules.LINK_DAYS}
    if request.method == "GET":
        return render(request, "agreements/link_confirm.html", context)
    made = actions.make_link(agreement=agreement, person=place.person, by=scope)
    urls = {
        "typed_url": settings.BASE_URL + reverse("agreements:link_typed"),
        "url": settings.BASE_URL + reverse("agreements:link", args=[made.key]),
    }
    return render(request, "agreements/link_made.html", {**context, **urls, "key": made.key, "ends_at": made.link.ends_at})


@require_http_methods(["GET", "POST"])
def refusal(request: HttpRequest, refusal_id: UUID) -> HttpResponse:
    """Read a refusal and answer it. The reason is for the head and deputies only."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    found = queries.refusal(scope, refusal_id)
    if not queries.is_head(scope, found.school_id, clock.today()) or found.person_id == scope.person_id:
        raise Denied("The reason for a refusal is read and answered by the head or a deputy head, and never by the person who refused.")
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer_refusal(refusal=found, decision=form.cleaned_data["decision"], by=scope)
        except Denied as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, "Your answer is kept and the person is told that there is one.")
            return redirect("agreements:people", found.agreement_id)
    return render(request, "agreements/refusal_detail.html", {"refusal": found, "form": form})


@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, school_id: UUID, version_id: UUID) -> HttpResponse:
    """Publish the form to sign for one version in force."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    scope.require(Permission.POLICY_EDIT, school_id, "Only someone who edits policies at this school may publish a form to sign")
    school, version = policies.school(scope, school_id), policies.version(scope, version_id)
    form = PublishForm(version, request.POST or None, has_earlier=queries.has_earlier(scope, school_id, version.policy_id))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.publish(
                version=version, school=school, categories=given["categories"], statements=form.lines,
                minor_change=given.get("minor_change", ""), by=scope,
            )  # fmt: skip
        except BadInput as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        except Denied as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(
                request,
                f"The form is published. {len(queries.owing(queries.places_for(scope, made, clock.today())))} people are asked to sign.",
            )
            return redirect("agreements:people", made.id)
    return render(request, "agreements/publish_form.html", {"school": school, "version": version, "form": form})

"""For those who ask others to sign: publish a form, see who has signed, remind, answer."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from schoolgate.agreements import actions, queries, rules
from schoolgate.agreements.forms import AnswerForm, PublishForm, UndertakingForm
from schoolgate.agreements.models import Agreement, Kind
from schoolgate.common import clock
from schoolgate.common.errors import BadInput, Denied, NotFound
from schoolgate.contracts.controls import Standing
from schoolgate.notify import queries as told
from schoolgate.people import queries as people_queries
from schoolgate.people.access import Scope
from schoolgate.people.models import Category
from schoolgate.people.permissions import Permission
from schoolgate.people.rules import can_see_pupils
from schoolgate.policies import queries as policies
from schoolgate.ui.dates import day

MAY_PUBLISH = "Only someone who edits policies at this school may publish a form to sign"
HEAD = ["Name", "State", "Signed", "Last reminded", "Next step"]
WORDS = {
    Standing.GOOD: ("met", "Signed"),
    Standing.LAPSING: ("due", "Sign again"),
    Standing.DUE: ("due", "Sign"),
    Standing.BROKEN: ("broken", "Late"),
}


@require_GET
def forms_list(request: HttpRequest) -> HttpResponse:
    """The forms of my schools with their counts, the versions in force that nobody is asked to sign, and scans to look at."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    schools = scope.schools_where(Permission.AGREEMENT_CHASE)
    tallies = queries.tallies(scope, schools, clock.today())
    named = {one.id: one for one in people_queries.schools(scope)}
    missing = [(named[school], version) for school in schools for version in queries.unpublished(scope, school)]
    context = {"tallies": tallies, "missing": missing, "may_publish": set(scope.schools_where(Permission.POLICY_EDIT))}
    scans, mine = queries.scans_to_check(scope, schools), [named[one] for one in schools]
    sees = {one for one in schools if can_see_pupils(scope, one)}  # families and classes are for those who may see pupils
    return render(request, "agreements/form_list.html", {**context, "scans": scans, "schools": sorted(mine, key=str), "sees": sees})


@require_GET
def people(request: HttpRequest, form_id: UUID) -> HttpResponse:
    """Who has signed one form and who has not, by category."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    agreement = queries.form(scope, form_id)
    scope.require(Permission.AGREEMENT_CHASE, agreement.school_id, "Only someone who chases signatures may see who has signed")
    places = sorted(queries.places_for(scope, agreement, clock.today()), key=lambda place: not place.owes)  # the unsigned first
    owing = [place for place in queries.owing(places) if place.verdict and place.verdict.standing != Standing.LAPSING]
    path = reverse("agreements:read", args=[agreement.id])
    reminded: dict[UUID, Any] = {}
    for template in actions.REMINDERS:
        for who, at in told.last_told(scope, template, path).items():
            reminded[who] = max(at, reminded.get(who, at))
    groups = [
        (label, [_line(agreement, place, reminded) for place in places if key in place.categories]) for key, label in Category.choices
    ]
    said = [place.refusal for place in places if place.refusal]
    context = {"agreement": agreement, "head": HEAD, "groups": [group for group in groups if group[1]], "owing": owing}
    answers = {"refusals": [one for one in said if one.is_refusal], "asked": [one for one in said if not one.is_refusal]}
    counted = {"all": len(places), "away": sum(1 for place in places if place.set_aside), "now": clock.now()}
    more = {"is_current": bool(places), "left": queries.left_unsigned(scope, agreement), "stale": queries.sheet_is_stale(scope, agreement)}
    return render(request, "agreements/form_detail.html", {**context, **answers, **counted, **more})


def _line(agreement: Agreement, place: queries.Place, reminded: dict[UUID, Any]) -> list[Any]:
    """One row of the table: name, state, signed, reminded, what can be done."""
    if place.set_aside:
        back = f"Away until {day(place.set_aside.away_until)}" if place.set_aside.away_until else "Away"
        state: Any = {"state": "not_applicable", "text": f"{back}: {place.set_aside.away_reason}"}
    else:
        key, words = WORDS[place.verdict.standing] if place.verdict else ("no_data", "Not asked")
        refused = place.refusal and place.refusal.is_refusal and place.owes
        by = f" by {day(place.verdict.due_on)}" if place.verdict and place.verdict.due_on and key == "due" else ""
        state = {"state": key, "text": "Refused" if refused else f"{words}{by}"}
    ways = {"text": "Other ways to sign", "url": reverse("agreements:ways", args=[agreement.id, place.person.id])}
    signed = {"moment": place.signed_at} if place.signed_at else "No"
    last = {"moment": reminded[place.person.id]} if place.person.id in reminded else "No"
    return [place.person.name, state, signed, last, ways if place.owes and not place.set_aside else "None"]


@require_GET
def ways(request: HttpRequest, form_id: UUID, person_id: UUID) -> HttpResponse:
    """How one person can sign without signing in: a link, on paper, or through somebody else."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    agreement = queries.form(scope, form_id)
    scope.require(Permission.AGREEMENT_CHASE, agreement.school_id, "Only someone who chases signatures may see who has signed")
    place = queries.place_of(scope, agreement, person_id, clock.today())
    if place is None:
        raise NotFound("There is no such person in your reach")
    return render(request, "agreements/ways.html", {"agreement": agreement, "person": place.person, "days": rules.LINK_DAYS})


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
def refusal(request: HttpRequest, refusal_id: UUID) -> HttpResponse:
    """Read a refusal or a question and answer it. The reason for a refusal is for the head and deputies only."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    found = queries.refusal(scope, refusal_id)
    own = found.person_id == scope.person_id
    if own or (found.is_refusal and not queries.is_head(scope, found.school_id, clock.today())):
        raise Denied("The reason for a refusal is read and answered by the head or a deputy head, and never by the person who refused.")
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer_refusal(refusal=found, decision=form.cleaned_data["decision"], by=scope)
        except (BadInput, Denied) as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, "Your answer is kept and the person is told that there is one.")
            return redirect("agreements:people", found.agreement_id)
    return render(request, "agreements/refusal_detail.html", {"refusal": found, "form": form})


@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, school_id: UUID, version_id: UUID) -> HttpResponse:
    """Publish the form to sign for one version in force."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    scope.require(Permission.POLICY_EDIT, school_id, MAY_PUBLISH)
    school, version = policies.school(scope, school_id), policies.version(scope, version_id)
    refs = [clause.ref for clause in policies.clauses_in_force(scope, [version.id])]
    former = queries.former_form(scope, school_id, version.policy_id)
    only = policies.settings_for(scope, school_id)["agree.signed_form"] == "read_receipt"
    form = PublishForm(version, refs, request.POST or None, former=former, receipt_only=only)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        is_policy = given["kind"] == Kind.POLICY
        made = _try(
            form, lambda: actions.publish(
                version=version, school=school, categories=given["categories"], roles=given["roles"], statements=form.lines,
                one_by_one=given["one_by_one"], questions=form.questions, kind=Kind.POLICY if is_policy else Kind.CODE,
                code="" if is_policy else given["kind"], notice=given["notice"], minor_change=given.get("minor_change", ""), by=scope,
            ),
        )  # fmt: skip
        if made:
            return _published(request, made, scope)
    return render(request, "agreements/publish_form.html", {"school": school, "version": version, "form": form})


def _try(form: Any, action: Callable[[], Agreement]) -> Agreement | None:
    """Do it, or write beside the field why it cannot be done."""
    try:
        return action()
    except BadInput as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
    except Denied as refused:
        form.add_error(None, refused.sentence)
    return None


def _published(request: HttpRequest, made: Agreement, scope: Scope) -> HttpResponse:
    count = len(queries.owing(queries.places_for(scope, made, clock.today())))
    people = "1 person is" if count == 1 else f"{count} people are"
    messages.success(request, f"The form is published. {people} asked to sign.")
    return redirect("agreements:people", made.id)


@require_http_methods(["GET", "POST"])
def private_rules(request: HttpRequest, school_id: UUID) -> HttpResponse:
    """The rules for private use as policies and settings make them today, to look through and publish."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    scope.require(Permission.POLICY_EDIT, school_id, MAY_PUBLISH)
    school = policies.school(scope, school_id)
    if request.method == "POST":
        try:
            return _published(request, actions.publish_private_rules(school=school, by=scope), scope)
        except Denied as refused:
            messages.error(request, refused.sentence)
            return redirect("agreements:private_rules", school.id)
    today = queries.private_rules(scope, school.id, clock.today())
    now = queries.open_sheet_form(scope, school.id, Kind.PRIVATE_RULES)
    same = bool(today and now and now.fingerprint == today.fingerprint)
    return render(request, "agreements/private_rules.html", {"school": school, "sheet": today, "published": now, "same": same})


@require_http_methods(["GET", "POST"])
def undertaking(request: HttpRequest, school_id: UUID) -> HttpResponse:
    """Word the confidentiality undertaking and publish it."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    scope.require(Permission.POLICY_EDIT, school_id, MAY_PUBLISH)
    school = policies.school(scope, school_id)
    now = queries.open_sheet_form(scope, school.id, Kind.UNDERTAKING)
    words = "\n".join(line["text"] for part in now.sheet.parts for line in part["lines"]) if now and now.sheet else None
    form = UndertakingForm(request.POST or None, has_earlier=now is not None, initial={"lines": words} if words else None)
    if request.method == "POST" and form.is_valid():
        minor = form.cleaned_data.get("minor_change", "")
        made = _try(form, lambda: actions.publish_undertaking(school=school, lines=form.given, minor_change=minor, by=scope))
        if made:
            return _published(request, made, scope)
    return render(request, "agreements/undertaking_form.html", {"school": school, "form": form, "published": now})

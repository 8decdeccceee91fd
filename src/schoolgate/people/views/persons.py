"""One person: their places, roles and letters, and what may be done about them."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from schoolgate.common import clock
from schoolgate.common.errors import NotFound
from schoolgate.people import actions, forms, queries, rules
from schoolgate.people.models import Appointment, Engagement, Person
from schoolgate.people.permissions import Permission
from schoolgate.people.views.asking import ask


@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """One's own page."""
    return redirect("people:person", request.scope.person_id)  # type: ignore[attr-defined]


@require_safe
def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Places, roles and letters of one person: for those who keep the register where they are, and for themselves."""
    scope = request.scope  # type: ignore[attr-defined]
    found = queries.person(scope, person_id)
    places, roles = queries.places_of(scope, found.id), queries.roles_of(scope, found.id)
    own = found.id == scope.person_id
    keeper = rules.can_keep_person(scope, _schools_of(scope, found))
    if not (own or keeper):
        raise NotFound("There is no such person in your reach")
    shown = {
        "person": found, "own": own, "keeper": keeper, "places": [_place(scope, one) for one in places],
        "roles": [_role(scope, one) for one in roles], "letters": [_letter(one) for one in places if hasattr(one, "leaver_letter")],
        "may_sign_in": hasattr(found, "user"), "may_be_absent": rules.can_mark_absent(scope, found, [one.school_id for one in places]),
    }  # fmt: skip
    return render(request, "people/person_detail.html", shown)


def _place(scope: Any, one: Engagement) -> dict[str, Any]:
    """One place as a card with what may be done about it."""
    today = clock.today()
    rows = [
        {"key": "Category", "value": one.get_category_display()},
        {"key": "Job", "value": one.job_title},
        {"key": "Employer", "value": one.employer},
        {"key": "First day", "value": clock.in_words(one.starts_on)},
        {"key": "Last day", "value": clock.in_words(one.ends_on) or "No end known"},
    ]
    if one.away(today):
        rows.append({"key": "On long leave", "value": f"{one.away_reason}, until {clock.in_words(one.away_until)}"})
    links = []
    if rules.can_keep_register(scope, one.school_id) and one.active(today):
        pairs = [("end_place", "Write down the last day"), ("away", "Set aside for long leave")]
        links = [{"url": reverse(f"people:{name}", args=[one.id]), "text": text} for name, text in pairs]
        links += [] if one.complete else [{"url": reverse("people:mend", args=[one.id]), "text": "Fill in what is missing"}]
    if one.ends_on and rules.can_send_letter(scope, one, False):
        links.append({"url": reverse("people:leaver", args=[one.id]), "text": "Leaver’s letter"})
    return {"title": one.school.name, "rows": rows, "links": links}


def _role(scope: Any, one: Appointment) -> dict[str, Any]:
    """One role as a card with what may be done about it."""
    accepted = [said.at for said in one.acceptances.all()]
    rows = [
        {"key": "Where", "value": one.school.name if one.school else "Across the trust"},
        {"key": "From", "value": clock.in_words(one.starts_on)},
        {"key": "Until", "value": clock.in_words(one.ends_on) or "No end known"},
        {"key": "Duties accepted", "value": clock.in_words(clock.local_date(max(accepted))) if accepted else "Not yet"},
    ]
    if one.minute or one.role in rules.GOVERNOR_ROLES:
        rows.append({"key": "Minute", "value": one.minute})
    if one.delegated_power:
        rows.append(
            {"key": "Delegated power", "value": f"{one.delegated_power} ({clock.in_words(one.delegated_on)}, {one.delegation_minute})"}
        )
    links = []
    if one.live(clock.today()):
        if scope.person_id == one.person_id:
            links.append({"url": reverse("people:accept", args=[one.id]), "text": "Read the duties"})
        if rules.can_fill_role(scope, one.role, one.school_id):
            links.append({"url": reverse("people:end_role", args=[one.id]), "text": "End this role"})
    return {"title": f"{rules.title_of(one.role)}{' (stands in)' if one.deputy else ''}", "rows": rows, "links": links}


def _letter(one: Engagement) -> dict[str, Any]:
    letter = one.leaver_letter
    answer = "Signed" if letter.signed_at else "Refused" if letter.refused_at else "Not answered yet"
    return {"url": reverse("people:leaver", args=[one.id]), "sent_at": letter.sent_at, "school": one.school.name, "answer": answer}


def add(request: HttpRequest, school_id: UUID) -> HttpResponse:
    """Somebody new joins a school's register."""
    scope = request.scope  # type: ignore[attr-defined]
    school = queries.school(scope, school_id)
    rules.check_can_keep_register(scope, school.id)
    return ask(
        request, forms.AddPersonForm(request.POST or None, initial={"employer": school.name}),
        lambda said: actions.join(school=school, by=scope, **said),
        title="Add a person", button="Add to the register", back=reverse("people:register", args=[school.id]),
        done="Added to the register.", intro=f"They join the register of {school.name}.",
    )  # fmt: skip


def end_place(request: HttpRequest, place_id: UUID) -> HttpResponse:
    """Write down somebody's last day."""
    scope, place = _kept_place(request, place_id)
    return ask(
        request, forms.LastDayForm(request.POST or None),
        lambda said: actions.end_engagement(engagement=place, by=scope, **said),
        title="Write down the last day", button="Save the last day", back=reverse("people:person", args=[place.person_id]),
        done="Saved. Send the leaver’s letter next.",
        intro=f"{place.person.name} leaves {place.school.name}. Their roles there end on the same day.",
    )  # fmt: skip


def away(request: HttpRequest, place_id: UUID) -> HttpResponse:
    """Set somebody aside for long leave."""
    scope, place = _kept_place(request, place_id)
    return ask(
        request, forms.AwayForm(request.POST or None),
        lambda said: actions.set_aside(engagement=place, by=scope, **said),
        title="Set aside for long leave", button="Save the leave", back=reverse("people:person", args=[place.person_id]),
        done="Saved.", intro=f"{place.person.name} keeps the place at {place.school.name} but is not counted until the return.",
    )  # fmt: skip


def mend(request: HttpRequest, place_id: UUID) -> HttpResponse:
    """Fill in what a row of the register lacks."""
    scope, place = _kept_place(request, place_id)
    given = {"employer": place.employer, "starts_on": place.starts_on}
    return ask(
        request, forms.MendForm(request.POST or None, initial=given),
        lambda said: actions.mend_place(engagement=place, by=scope, **said),
        title="Fill in what is missing", button="Save", back=reverse("people:person", args=[place.person_id]),
        done="Saved. The row is complete.", intro=f"{place.person.name} at {place.school.name}.",
    )  # fmt: skip


def mark_absent(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Say that somebody cannot be reached; their deputy stands in."""
    scope = request.scope  # type: ignore[attr-defined]
    found = queries.person(scope, person_id)
    rules.check_can_mark_absent(scope, found, [one.school_id for one in queries.places_of(scope, found.id)])
    today = {"starts_on": clock.today(), "ends_on": clock.today()}
    return ask(
        request, forms.AbsentForm(request.POST or None, initial=today),
        lambda said: actions.mark_absent(person=found, by=scope, **said),
        title="Mark as absent", button="Save the absence", back=reverse("people:person", args=[found.id]),
        done="Saved.", intro="On these days whoever stands in is asked instead.",
    )  # fmt: skip


def sign_in(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Let somebody sign in."""
    scope = request.scope  # type: ignore[attr-defined]
    found = queries.person(scope, person_id)
    rules.check_can_give_sign_in(scope, found, _schools_of(scope, found))
    return ask(
        request, forms.SignInForm(request.POST or None, initial={"email": found.email}),
        lambda said: actions.give_sign_in(person=found, by=scope, **said),
        title="Let this person sign in", button="Give the sign-in", back=reverse("people:person", args=[found.id]),
        done="They can sign in now: a code is sent to the address the first time.", intro=f"{found.name} signs in with this address.",
    )  # fmt: skip


def _schools_of(scope: Any, found: Person) -> set[UUID]:
    """The schools in reach where somebody has or had a place or a role."""
    roles = {one.school_id for one in queries.roles_of(scope, found.id) if one.school_id}
    return roles | {one.school_id for one in queries.places_of(scope, found.id)}


def _kept_place(request: HttpRequest, place_id: UUID) -> tuple[Any, Engagement]:
    scope = request.scope  # type: ignore[attr-defined]
    place = queries.place(scope, place_id)
    if not scope.may(Permission.USER_MANAGE, place.school_id):
        raise NotFound("There is no such place in your reach")
    return scope, place

"""The roles a school relies on: who holds them, who stands in, and what is missing."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from schoolgate.common import clock
from schoolgate.contracts.controls import Standing
from schoolgate.people import actions, forms, queries, rules, vacancies
from schoolgate.people.models import Appointment, School
from schoolgate.people.views.asking import ask

STATE = {Standing.GOOD: "met", Standing.DUE: "due", Standing.LAPSING: "due", Standing.BROKEN: "broken", Standing.LATE: "broken"}
LINE_TITLES = {
    "holder": "Holder", "duties_accepted": "Duties accepted", "deputy": "Somebody stands in", "delegation": "Delegation recorded",
    "reachable_today": "Reachable today",
}  # fmt: skip


@require_safe
def role_list(request: HttpRequest, school_id: UUID) -> HttpResponse:
    """Every required role with holder and deputy, faults first; then the roles struck out and every other role held."""
    scope, today = request.scope, clock.today()  # type: ignore[attr-defined]
    school = queries.school(scope, school_id)
    facts = queries.role_facts(scope, [school.id], today)[school.id]
    params = rules.role_numbers()
    standings = (
        [vacancies.role_standing(one, facts, today, params) for one in vacancies.required_roles(facts, today, params)]
        if facts.required
        else []
    )
    standings.sort(key=lambda one: vacancies.WORST_FIRST.index(one.standing))
    held = {one.id for standing in standings for one in (*standing.holders, *standing.deputies)}
    others = [one for one in facts.appointments if one.school_id == school.id and one.live(today) and one.id not in held]
    shown = {
        "school": school, "confirmed": bool(facts.required), "roles": [_shown(scope, one, school) for one in standings],
        "struck_out": [{"title": rules.title_of(one.role), "why": one.struck_out} for one in vacancies.struck_out_roles(facts, today)],
        "others": [_holding(scope, one) for one in others], "may_confirm": rules.can_fill_role(scope, "link_governor", school.id),
    }  # fmt: skip
    return render(request, "people/role_list.html", shown)


def _shown(scope: Any, one: vacancies.RoleStanding, school: School) -> dict[str, Any]:
    """One required role as a card."""
    faults = [
        {
            "title": LINE_TITLES[name],
            "why": line.why,
            "state": STATE[line.standing],
            "due_on": line.due_on if line.standing == Standing.DUE else None,
        }
        for name, line in one.found.items()
        if line.standing != Standing.GOOD and line.why
    ]
    may_name = rules.can_fill_role(scope, one.role, school.id)
    return {
        "key": one.role, "title": rules.title_of(one.role), "state": STATE[one.standing], "faults": faults,
        "holders": [_holding(scope, held) for held in one.holders], "deputies": [_holding(scope, held) for held in one.deputies],
        "wants_deputy": "deputy" in one.found, "by_trust": bool(one.required and one.required.held_by_id),
        "name_url": f"{reverse('people:appoint', args=[school.id])}?role={one.role}" if may_name else "",
    }  # fmt: skip


def _holding(scope: Any, one: Appointment) -> dict[str, Any]:
    """One holder with what may be done about the appointment."""
    links = []
    if rules.can_fill_role(scope, one.role, one.school_id):
        links.append({"url": reverse("people:end_role", args=[one.id]), "text": "End"})
        if one.role in rules.GOVERNOR_ROLES and not one.minute:
            links.append({"url": reverse("people:minute", args=[one.id]), "text": "Add the minute"})
        if one.role in rules.DELEGATED_ROLES and not one.delegation_at:
            links.append({"url": reverse("people:delegate", args=[one.id]), "text": "Record the delegation"})
    if scope.person_id == one.person_id:
        links.append({"url": reverse("people:accept", args=[one.id]), "text": "Read the duties"})
    return {"name": one.person.name, "title": rules.title_of(one.role), "since": one.starts_on, "minute": one.minute, "links": links}


def required(request: HttpRequest, school_id: UUID) -> HttpResponse:
    """The head or the clerk says how the school carries each required role."""
    scope, today = request.scope, clock.today()  # type: ignore[attr-defined]
    school = queries.school(scope, school_id)
    rules.check_says_which_roles(scope, school.id)
    facts = queries.role_facts(scope, [school.id], today)[school.id]
    keys = list(dict.fromkeys([*rules.role_numbers()["required_roles"], *(one.role for one in facts.required)]))
    holders = queries.trust_holders(scope, today)
    given: dict[str, str] = {}
    for row in facts.required:
        given |= {
            row.role: str(row.held_by_id) if row.held_by_id else forms.OUT if row.struck_out else forms.HERE,
            f"{row.role}__why": row.struck_out,
        }
    form = forms.RequiredRolesForm(request.POST or None, roles=keys, trust_holders=holders, initial=given)
    return ask(
        request, form, lambda said: actions.confirm_roles(school=school, answers=_answers(said, keys, holders), by=scope),
        title="Confirm the roles this school needs", button="Confirm the roles", back=reverse("people:roles", args=[school.id]),
        done="Confirmed.",
        intro="Each role your policies lean on is held by somebody here, by the trust, or is not needed for a reason you give.",
    )  # fmt: skip


def _answers(said: dict[str, Any], keys: list[str], holders: list[Appointment]) -> dict[str, rules.RoleAnswer]:
    by_id = {str(one.id): one for one in holders}
    return {
        role: rules.RoleAnswer(held_by=by_id.get(said[role]), struck_out=said[f"{role}__why"] if said[role] == forms.OUT else "")
        for role in keys
    }


def appoint(request: HttpRequest, school_id: UUID) -> HttpResponse:
    """Name somebody for a role."""
    scope, today = request.scope, clock.today()  # type: ignore[attr-defined]
    school = queries.school(scope, school_id)
    role = request.GET.get("role", "")
    rules.check_can_fill_role(scope, role or "link_governor", school.id)
    people = {str(one.id): one for one in queries.appointable_people(scope, school.id, today)}
    form = forms.AppointForm(request.POST or None, people=people.values(), initial={"role": role, "starts_on": today})
    return ask(
        request, form, lambda said: actions.appoint(school=school, by=scope, **{**said, "person": people[said["person"]]}),
        title="Name somebody for a role", button="Name them", back=reverse("people:roles", args=[school.id]),
        done="Named. They are asked to accept the duties.", intro="Somebody who is not in the list must be on the register first.",
    )  # fmt: skip


def end_role(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """Write down the last day of a role."""
    scope = request.scope  # type: ignore[attr-defined]
    held = queries.appointment(scope, appointment_id)
    rules.check_can_fill_role(scope, held.role, held.school_id)
    return ask(
        request, forms.LastDayForm(request.POST or None, initial={"ends_on": clock.today()}),
        lambda said: actions.end_appointment(appointment=held, by=scope, **said),
        title=f"End a role: {rules.title_of(held.role)}", button="End the role", back=_back(held),
        done="Saved. Name somebody else if nobody holds the role now.",
        intro=f"Held by {held.person.name} since {clock.in_words(held.starts_on)}.",
    )  # fmt: skip


def minute(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """Add the minute that made a governor's appointment."""
    scope = request.scope  # type: ignore[attr-defined]
    held = queries.appointment(scope, appointment_id)
    rules.check_can_fill_role(scope, held.role, held.school_id)
    return ask(
        request, forms.MinuteForm(request.POST or None), lambda said: actions.record_minute(appointment=held, by=scope, **said),
        title="Add the minute", button="Save the minute", back=_back(held), done="Saved.",
        intro=f"{rules.title_of(held.role)}: {held.person.name}.",
    )  # fmt: skip


def delegate(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """Record the power a board handed to the holder."""
    scope = request.scope  # type: ignore[attr-defined]
    held = queries.appointment(scope, appointment_id)
    rules.check_can_fill_role(scope, "governor", held.school_id)
    return ask(
        request, forms.DelegationForm(request.POST or None), lambda said: actions.record_delegation(appointment=held, by=scope, **said),
        title="Record the delegation", button="Record it", back=_back(held), done="Recorded.",
        intro=f"{rules.title_of(held.role)}: {held.person.name}. It lapses when somebody else takes the role.",
    )  # fmt: skip


def accept(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """The holder reads the duties and accepts them."""
    scope = request.scope  # type: ignore[attr-defined]
    held = queries.appointment(scope, appointment_id)
    rules.check_can_accept_duties(scope, held)
    written = queries.duties_of(scope, held)
    return ask(
        request, forms.Form(request.POST if request.method == "POST" else None),
        lambda said: actions.accept_duties(appointment=held, by=scope),
        title=f"Your duties: {rules.title_of(held.role)}", button="I accept these duties",
        back=reverse("people:person", args=[held.person_id]),
        done="You accepted the duties.", text=written.text if written else rules.plain_duties(held.role),
    )  # fmt: skip


def write_duties(request: HttpRequest, school_id: UUID, role: str) -> HttpResponse:
    """Put the school's own words in the place of a role's standard duties."""
    scope = request.scope  # type: ignore[attr-defined]
    school = queries.school(scope, school_id)
    rules.check_can_fill_role(scope, role, school.id)
    return ask(
        request, forms.DutiesForm(request.POST or None, initial={"text": rules.plain_duties(role)}),
        lambda said: actions.write_duties(school=school, role=role, by=scope, **said),
        title=f"Write the duties: {rules.title_of(role)}", button="Save these duties", back=reverse("people:roles", args=[school.id]),
        done="Saved. Whoever holds the role is asked to accept them.",
        intro="These words take the place of the standard ones at your school.",
    )  # fmt: skip


def _back(held: Appointment) -> str:
    return reverse("people:roles", args=[held.school_id]) if held.school_id else reverse("people:person", args=[held.person_id])

"""The trust and its schools, a school's register by category, and the checks of the trail."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from schoolgate.audit import actions as audit
from schoolgate.common import clock
from schoolgate.people import actions, forms, queries, rules
from schoolgate.people.models import Category
from schoolgate.people.permissions import Permission
from schoolgate.people.views.asking import ask, change


@require_safe
def school_list(request: HttpRequest) -> HttpResponse:
    """The schools in reach; somebody with one school goes straight to it."""
    scope = request.scope  # type: ignore[attr-defined]
    found = list(queries.schools(scope).select_related("trust"))
    if len(found) == 1:
        return redirect("people:school", found[0].id)
    counts = queries.people_counts(scope, clock.today())
    head = ["School", "Phase", "Reference", {"text": "Adults", "numeric": True}]
    lines = [
        [{"text": one.name, "url": reverse("people:school", args=[one.id])}, one.get_phase_display(), one.ref, counts.get(one.id, 0)]
        for one in found
    ]
    return render(
        request,
        "people/school_list.html",
        {"trust": queries.trust(scope), "head": head, "lines": lines, "keeper": rules.can_keep_register(scope, None)},
    )


@require_safe
def school(request: HttpRequest, school_id: UUID) -> HttpResponse:
    """One school: what it is, and where its lists are."""
    scope = request.scope  # type: ignore[attr-defined]
    found = queries.school(scope, school_id)
    keeper = rules.can_keep_register(scope, found.id)
    rows = [
        {"key": "Trust", "value": found.trust.name},
        {"key": "Phase", "value": found.get_phase_display()},
        {"key": "Nation", "value": found.get_nation_display()},
        {"key": "Number in the national register", "value": found.urn},
        {"key": "Reference", "value": found.ref},
        {"key": "Adults on the register", "value": queries.people_counts(scope, clock.today()).get(found.id, 0)},
    ]
    sees_pupils = rules.can_see_pupils(scope, found.id)
    if sees_pupils:
        rows.append({"key": "Pupils on roll", "value": queries.pupil_counts(scope, clock.today()).get(found.id, 0)})
    record = queries.identity_second_step(scope, found.id, clock.today()) if keeper else None
    shown = {
        "school": found, "rows": rows, "keeper": keeper, "identity": record, "sees_pupils": sees_pupils,
        "chaser": scope.may(Permission.AGREEMENT_CHASE, found.id),
    }  # fmt: skip
    return render(request, "people/school_detail.html", shown)


@require_safe
def register(request: HttpRequest, school_id: UUID) -> HttpResponse:
    """Everyone the policy covers at a school, by category, each with its last confirmation."""
    scope = request.scope  # type: ignore[attr-defined]
    found = queries.school(scope, school_id)
    rules.check_can_keep_register(scope, found.id)
    today = clock.today()
    facts = queries.category_facts(scope, [found.id], today)
    categories = [_category(category, facts[found.id, category], today, found.id) for category in Category]
    adults = sum(one["number"] for one in categories)
    return render(request, "people/register_list.html", {"school": found, "categories": categories, "adults": adults})


def _category(category: Category, facts: queries.CategoryFacts, today: date, school_id: UUID) -> dict[str, Any]:
    """One category as its section of the page shows it."""
    present = sorted((one for one in facts.places if one.active(today)), key=lambda one: (one.person.family, one.person.given))
    last = facts.checks[-1] if facts.checks else None
    stands = timedelta(days=rules.catalogue_number("people.register_confirmed", "reconcile_days"))
    remind = timedelta(days=rules.catalogue_number("people.register_confirmed", "remind_days"))
    lapses = clock.local_date(last.at) + stands if last else None
    state = "broken" if lapses is None or today > lapses else "due" if today >= lapses - remind else "met"
    return {
        "key": category.value, "label": category.label, "number": len(present), "last": last, "lapses": lapses,
        "state": "no_data" if last is None else state, "head": ["Name", "Job", "Employer", "First day", "On the list"],
        "lines": [_line(one, today) for one in present], "confirm_url": reverse("people:confirm", args=[school_id, category.value]),
    }  # fmt: skip


def _line(one: Any, today: date) -> list[Any]:
    first = {"day": one.starts_on} if one.starts_on else {"state": "due", "text": "Missing"}
    employer = one.employer or {"state": "due", "text": "Missing"}
    standing = f"Away until {clock.in_words(one.away_until)}" if one.away(today) else "Yes"
    standing = f"Until {clock.in_words(one.ends_on)}" if one.ends_on else standing
    return [
        {"text": one.person.name, "url": reverse("people:person", args=[one.person_id])},
        one.job_title or "–",
        employer,
        first,
        standing,
    ]


@require_POST
def confirm_category(request: HttpRequest, school_id: UUID, category: str) -> HttpResponse:
    """Say that one list is right today."""
    scope = request.scope  # type: ignore[attr-defined]
    found = queries.school(scope, school_id)
    none_here = request.POST.get("none_here") == "yes"
    return change(
        request,
        lambda: actions.confirm_register(school=found, category=category, none_here=none_here, by=scope),
        back=f"{reverse('people:register', args=[found.id])}#{category}",
        done=f"You confirmed the list “{dict(Category.choices).get(category, category)}”.",
    )


def identity(request: HttpRequest, school_id: UUID) -> HttpResponse:
    """The administrator records that the school's own sign-in asks for a second step."""
    scope = request.scope  # type: ignore[attr-defined]
    found = queries.school(scope, school_id)
    rules.check_can_keep_register(scope, found.id)
    return ask(
        request, forms.IdentityForm(request.POST or None),
        lambda said: actions.record_identity_second_step(school=found, by=scope, **said),
        title="Record the school’s own second step", button="Record it", back=reverse("people:school", args=[found.id]),
        done="Recorded. It stands for a year.",
        intro=f"Record this only if everyone at {found.name} signs in through a service that asks for a second step.",
    )  # fmt: skip


@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    """The nightly checks of the record of who did what, newest first."""
    scope = request.scope  # type: ignore[attr-defined]
    checks = queries.trail_checks(scope, clock.now())[::-1][:60]
    may_explain = rules.can_explain_break(scope)
    head = ["Checked", {"text": "Entries", "numeric": True}, "Found", "Explained"]
    lines = [
        [
            {"moment": one.at},
            one.entries,
            {"state": "met", "text": "Whole"} if one.ok else {"state": "broken", "text": f"Break at {one.first_bad}"},
            {"day": one.explained_on}
            if one.explained_on
            else {"text": "Explain it", "url": reverse("people:explain")}
            if may_explain and not one.ok
            else "–",
        ]
        for one in checks
    ]
    return render(request, "people/trail_list.html", {"head": head, "lines": lines})


def explain(request: HttpRequest) -> HttpResponse:
    """The administrator writes down what a break in the record was."""
    scope = request.scope  # type: ignore[attr-defined]
    rules.check_can_explain_break(scope)
    check = queries.unexplained_break(scope)
    return ask(
        request, forms.ExplainForm(request.POST or None),
        lambda said: audit.explain_break(check, by=scope.actor, **said),
        title="Explain a break in the record", button="Save the explanation", back=reverse("people:trail"),
        done="Saved. The break stays on record with your explanation beside it.", intro=check.fault,
    )  # fmt: skip

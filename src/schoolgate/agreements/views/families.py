"""Families and pupils: plain words published with their reading age, answers kept, classes taken through their rules."""

from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from schoolgate.agreements import actions, queries, readability
from schoolgate.agreements.forms import ClassForm, FamilyAnswerForm, PlainWordsForm
from schoolgate.agreements.models import Kind
from schoolgate.agreements.rules import families as rules
from schoolgate.common import clock
from schoolgate.common.errors import BadInput, Denied, NotFound
from schoolgate.people.access import Scope
from schoolgate.people.permissions import Permission
from schoolgate.people.queries import school as school_in_reach
from schoolgate.people.rules import can_see_pupils, catalogue_number, check_can_see_pupils
from schoolgate.policies import queries as policies

MAY_PUBLISH = "Only someone who edits policies at this school may publish a form to sign"


@require_safe
def families(request: HttpRequest, school_id: UUID) -> HttpResponse:
    """Every family and what it said this school year, with the form they were given."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    school = school_in_reach(scope, school_id)
    check_can_see_pupils(scope, school.id)
    found = queries.families(scope, school.id, clock.today())
    form = queries.family_form(scope, school.id)
    waiting = [one for one in found if not one.answered]
    counts = {"all": len(found), "answered": len(found) - len(waiting), "unasked": sum(1 for one in waiting if not one.said)}
    context = {"school": school, "form": form, "waiting": waiting[:MOST], "more": max(0, len(waiting) - MOST), **counts}
    return render(request, "agreements/families.html", {**context, "may_publish": scope.may(Permission.POLICY_EDIT, school.id)})


MOST = 200
"""Families shown at once; their number is always told."""


@require_POST
def ask_families(request: HttpRequest, form_id: UUID) -> HttpResponse:
    """Write down that every family was given the form today."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    agreement = queries.form(scope, form_id)
    count = actions.ask_families(agreement=agreement, by=scope)
    messages.success(request, "1 family is written down as asked." if count == 1 else f"{count} families are written down as asked.")
    return redirect("agreements:families", agreement.school_id)


@require_http_methods(["GET", "POST"])
def family_answer(request: HttpRequest, form_id: UUID, pupil_id: UUID) -> HttpResponse:
    """Keep what one family said."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    agreement = queries.form(scope, form_id)
    scope.require(Permission.AGREEMENT_CHASE, agreement.school_id, "Only someone who sees who has signed may keep what families say")
    check_can_see_pupils(scope, agreement.school_id)
    family = queries.family_of(scope, agreement.school_id, pupil_id, clock.today())
    if family is None or agreement.kind != Kind.FAMILY:
        raise NotFound("There is no such family in your reach")
    form = FamilyAnswerForm(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and _done(form, lambda: actions.keep_family_answer(agreement=agreement, pupil_id=pupil_id, by=scope, **form.cleaned_data))
    ):
        messages.success(request, "The answer is kept.")
        return redirect("agreements:families", agreement.school_id)
    return render(request, "agreements/family_form.html", {"agreement": agreement, "family": family, "form": form})


@require_http_methods(["GET", "POST"])
def plain_words(request: HttpRequest, school_id: UUID, audience: str) -> HttpResponse:
    """Write the plain words for families or for one age band, see their reading age, and publish them."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    school = policies.school(scope, school_id)
    scope.require(Permission.POLICY_EDIT, school.id, MAY_PUBLISH)
    if audience not in {"families", *rules.BANDS}:
        raise NotFound("There is no such audience")
    versions = policies.versions_in_force(scope, school.id)
    band = "" if audience == "families" else audience
    form = PlainWordsForm(versions, rules.PUPIL_LINES[band] if band else rules.FAMILY_LINES, request.POST or None)
    age = None
    if request.method == "POST" and form.is_valid():
        age = readability.reading_age("\n".join(form.given))
        kind = Kind.PUPIL if band else Kind.FAMILY
        version = next(one for one in versions if str(one.id) == form.cleaned_data["version"])
        if "publish" in request.POST and _done(
            form, lambda: actions.publish_plain_words(version=version, school=school, kind=kind, lines=form.given, band=band, by=scope)
        ):
            messages.success(request, "The plain words are published.")
            return redirect("agreements:classes" if band else "agreements:families", school.id)
    told = {"age": age, "measured": request.method == "POST" and not form.errors, "audience": rules.BANDS.get(band, "Families")}
    return render(request, "agreements/plain_words.html", {"school": school, "form": form, "versions": versions, **told})


def _done(form: django_forms.Form, action: Any) -> bool:
    """Do it; where it cannot be done, say why beside the field."""
    try:
        action()
    except (BadInput, Denied) as refused:
        field = getattr(refused, "field", None)
        form.add_error(field if field in form.fields else None, refused.sentence)
        return False
    return True


@require_safe
def classes(request: HttpRequest, school_id: UUID) -> HttpResponse:
    """Every class and whether it has gone through its rules this school year."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    school = school_in_reach(scope, school_id)
    if not (can_see_pupils(scope, school.id) or queries.teaches(scope, school.id, clock.today())):
        raise Denied("Classes are seen by their teachers and by the office.")
    forms, from_year = queries.pupil_forms(scope, school.id), catalogue_number(rules.PUPILS, "sign_singly_from_year")
    found = []
    for one in queries.classes(scope, school.id, clock.today()):
        done = bool(one.rounds) and not one.missing(from_year)
        found.append({"it": one, "form": forms.get(rules.band_of(one.year)), "missing": one.missing(from_year), "done": done})
    by = rules.collect_by(catalogue_number(rules.PUPILS, "collect_by"), clock.today())
    context = {"school": school, "classes": found, "forms": forms, "by": by, "late": clock.today() > by, "bands": rules.BANDS}
    return render(request, "agreements/classes.html", {**context, "may_publish": scope.may(Permission.POLICY_EDIT, school.id)})


@require_http_methods(["GET", "POST"])
def class_round(request: HttpRequest, form_id: UUID, year: str) -> HttpResponse:
    """Record that a class was taken through its rules; where each pupil signs, who did and who was absent."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    agreement = queries.form(scope, form_id)
    if not (can_see_pupils(scope, agreement.school_id) or queries.teaches(scope, agreement.school_id, clock.today())):
        raise Denied("A class is recorded by its teacher or by the office.")
    found = next((one for one in queries.classes(scope, agreement.school_id, clock.today()) if one.year == year.strip("-")), None)
    if found is None or agreement.kind != Kind.PUPIL:
        raise NotFound("There is no such class in your reach")
    singly = rules.signs_singly(found.year, catalogue_number(rules.PUPILS, "sign_singly_from_year"))
    form = ClassForm(found.pupils if singly else [], found.marks, request.POST or None, initial={"taken_on": clock.today()})
    if (
        request.method == "POST"
        and form.is_valid()
        and _done(
            form,
            lambda: actions.record_class(
                agreement=agreement, year=found.year, taken_on=form.cleaned_data["taken_on"], marks=form.marks, by=scope
            ),
        )
    ):
        messages.success(request, f"{found.name} is recorded.")
        return redirect("agreements:classes", agreement.school_id)
    sections = queries.sections(scope, agreement)
    return render(request, "agreements/class_form.html", {"agreement": agreement, "class": found, "form": form, "sections": sections})

"""A school's policy beside the trust's principles: the list of them, one at a time, what each clause serves, a departure decided."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from schoolgate.common import clock
from schoolgate.common.errors import BadInput, Denied, NotFound
from schoolgate.people.access import Scope
from schoolgate.policies import actions, queries
from schoolgate.policies.forms.principles import DepartureForm, MarkForm
from schoolgate.policies.models import MarkKind, PolicyVersion
from schoolgate.policies.rules import principles
from schoolgate.policies.rules.principles import Judged, Passage, Side
from schoolgate.policies.views.answers import answered, sent, trail

SUGGESTED = {
    "same": "the same",
    "stricter": "stricter than the principle",
    "looser": "looser than the principle",
    "missing": "missing from your policy",
}


def _denied(scope: Scope, version: PolicyVersion) -> str:
    try:
        principles.check_can_mark(scope, version)
    except Denied as denied:
        return denied.sentence
    return ""


def _path(version: PolicyVersion, *more: tuple[str, str]) -> list[dict[str, str]]:
    listed = ("The trust's principles", reverse("policies:principles", args=[version.id]) if more else "")
    return trail((version.policy.title, reverse("policies:detail", args=[version.policy_id])), listed, *more)


def sections(found: Iterable[Judged]) -> list[tuple[str, list[Judged]]]:
    """Principles under the headings of the trust's text, in its order."""
    return [(title, list(rows)) for title, rows in groupby(found, key=lambda one: one.principle.heading)]


@require_safe
def principle_list(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Every principle that binds the school, and how this version stands to it."""
    scope = request.scope  # type: ignore[attr-defined]
    version = queries.version(scope, version_id)
    school = version.policy.school
    if school is None:
        return redirect("policies:version", version.id)
    board = queries.principles_at(scope, school.id, clock.today(), version)
    side, found = board.sides[school.id], board.judged(school.id)
    told = queries.suggestions(scope, board.parent, version) if board.parent else {}
    shown = [one for one in found if one.mark is None] if request.GET.get("show") == "open" else found
    values = principles.tagged(board.parent, side, found) if board.parent else {}
    context = {
        "version": version, "school": school, "parent": board.parent, "side": side, "sections": sections(shown),
        "only_open": request.GET.get("show") == "open", "total": len(found), "open": sum(one.mark is None for one in found),
        "strong": sum(principles.strong(one, told) for one in found), "suggested": bool(told), "denied": _denied(scope, version),
        "untagged": sum(refs is None for refs in values.values()), "breadcrumbs": _path(version),
        "mode": principles.Mode(side.mode).label,
    }  # fmt: skip
    return render(request, "policies/principle_list.html", context)


@require_POST
def accept_same(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Mark every strong suggestion "the same" at once."""
    scope = request.scope  # type: ignore[attr-defined]
    version = queries.version(scope, version_id)
    try:
        count = actions.accept_same(version=version, by=scope)
        messages.success(request, f"{count} {'principle is' if count == 1 else 'principles are'} marked as the same.")
    except Denied as denied:
        messages.error(request, denied.sentence)
    except NotFound:
        messages.error(request, "The trust has loaded no text, so there is nothing to mark.")
    return redirect("policies:principles", version.id)


@require_http_methods(["GET", "POST"])
def principle(request: HttpRequest, version_id: UUID, ref: str) -> HttpResponse:
    """One principle beside the school's passage, with the suggestion, and the mark to make."""
    scope = request.scope  # type: ignore[attr-defined]
    version = queries.version(scope, version_id)
    school = version.policy.school
    board = queries.principles_at(scope, school.id, clock.today(), version) if school else None
    if school is None or board is None or board.parent is None or board.sides[school.id].stand_alone:
        return redirect("policies:principles", version.id)
    side, found = board.sides[school.id], board.judged(school.id)
    one = next((each for each in found if each.principle.ref == ref), None)
    if one is None:
        raise NotFound("There is no such principle in the trust's text")
    told = queries.suggestions(scope, board.parent, version).get(ref)
    marked, offered = _passages(one, side, told)
    form = MarkForm(sent(request), offered=[*marked, *offered], initial=_initial(one, marked))
    if answered(request, form, lambda given: _mark(version, ref, form, given, scope)):
        messages.success(request, f"Principle {ref} is marked.")
        return redirect(_next(version, found, ref))
    context = {
        "version": version, "school": school, "parent": board.parent, "one": one, "form": form, "told": told,
        "suggestion": SUGGESTED.get(told["verdict"], "") if told else "", "passages": marked, "nearest": offered,
        "denied": _denied(scope, version), "limit": queries.gap_limit(scope, one.principle, version), **_around(found, ref),
        "breadcrumbs": _path(version, (f"Principle {ref}", "")),
    }  # fmt: skip
    return render(request, "policies/principle_mark.html", context)


def _mark(version: PolicyVersion, ref: str, form: MarkForm, told: dict[str, Any], scope: Scope) -> None:
    actions.mark_principle(
        version=version, ref=ref, kind=told["kind"], refs=form.refs, reason=told["reason"], gap_on=told["gap_on"], by=scope
    )


def _passages(one: Judged, side: Side, told: dict[str, Any] | None) -> tuple[list[Passage], list[Passage]]:
    """The passages that answer a principle, as marked or else as suggested, and others worth a look."""
    if one.mark is not None:
        wanted = {passage["key"] for passage in one.mark.passages}
        marked = [row for row in side.clauses if row.key in wanted]
    else:
        marked = _by_ref(side, told["school"] if told else ())
    near = _by_ref(side, [*told["school"], *told["nearest"]] if told else ())
    return marked, [row for row in near if row not in marked]


def _by_ref(side: Side, refs: Iterable[str]) -> list[Passage]:
    known = {row.ref: row for row in side.clauses}
    return [known[ref] for ref in refs if ref in known]


def _initial(one: Judged, marked: list[Passage]) -> dict[str, Any]:
    """What was marked before; the kind is never ticked for a person who has not marked it yet."""
    told: dict[str, Any] = {"clauses": [row.ref for row in marked]}
    if one.mark is not None:
        told |= {"kind": one.mark.kind, "reason": one.mark.reason, "gap_on": one.mark.gap_on}
    return told


def _next(version: PolicyVersion, found: list[Judged], ref: str) -> str:
    """The next principle nobody has marked, after this one and then from the top; the list when all are."""
    place = next(number for number, one in enumerate(found) if one.principle.ref == ref)
    open_ones = [one.principle.ref for one in [*found[place + 1 :], *found[:place]] if one.mark is None]
    if open_ones:
        return reverse("policies:principle", args=[version.id, open_ones[0]])
    return reverse("policies:principles", args=[version.id])


def _around(found: list[Judged], ref: str) -> dict[str, Any]:
    refs = [one.principle.ref for one in found]
    place = refs.index(ref)
    before, after = refs[place - 1] if place else "", refs[place + 1] if place + 1 < len(refs) else ""
    return {"before": before, "after": after, "number": place + 1, "total": len(refs)}


# ------------------------------------------------------------------ what each clause serves


@require_http_methods(["GET", "POST"])
def principle_values(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Which principles each clause of the school serves; those that answer one by a mark need no more."""
    scope = request.scope  # type: ignore[attr-defined]
    version = queries.version(scope, version_id)
    if version.policy.school_id is None:
        return redirect("policies:version", version.id)
    board = queries.principles_at(scope, version.policy.school_id, clock.today(), version)
    side = board.sides[version.policy.school_id]
    if board.parent is None or side.stand_alone:
        return redirect("policies:principles", version.id)
    given = _given(request, side)
    error = _tag(request, version, given, scope) if request.method == "POST" else ""
    if request.method == "POST" and not error:
        return redirect("policies:principle_values", version.id)
    told = principles.tagged(board.parent, side, board.judged(side.school_id))
    near = _serves(queries.suggestions(scope, board.parent, version))
    rows = [(row, request.POST.get(f"serves-{row.ref}", " ".join(near.get(row.ref, ())))) for row in side.clauses if told[row.key] is None]
    context = {
        "version": version, "rows": rows, "done": [(row, told[row.key]) for row in side.clauses if told[row.key] is not None],
        "principles": board.parent.principles, "error": error, "denied": _denied(scope, version),
        "breadcrumbs": _path(version, ("What each clause serves", "")),
    }  # fmt: skip
    return render(request, "policies/principle_values.html", context)


def _given(request: HttpRequest, side: Side) -> dict[str, list[str] | None]:
    """What was said of each clause: numbers, none fits (empty), or nothing (None)."""
    given: dict[str, list[str] | None] = {}
    for row in side.clauses:
        refs = request.POST.get(f"serves-{row.ref}", "").replace(",", " ").split()
        how = request.POST.get(f"how-{row.ref}", "")
        given[row.ref] = [] if how == "none" else refs if how == "serves" else None
        if how == "serves" and not refs:
            given[row.ref] = [""]
    return given


def _tag(request: HttpRequest, version: PolicyVersion, given: dict[str, list[str] | None], scope: Scope) -> str:
    """The sentence of what could not be used; nothing where it was stored."""
    try:
        count = actions.tag_values(version=version, told=given, by=scope)
    except (BadInput, Denied) as refused:
        return refused.sentence
    messages.success(request, f"{count} {'clause is' if count == 1 else 'clauses are'} recorded.")
    return ""


def _serves(told: dict[str, dict[str, Any]]) -> dict[str, list[str]]:
    """For each clause of the school the principles whose likest passage it is."""
    near: dict[str, list[str]] = {}
    for ref, row in told.items():
        for clause in row["school"][:1]:
            near.setdefault(clause, []).append(ref)
    return near


# ------------------------------------------------------------------ a departure


@require_http_methods(["GET", "POST"])
def principle_departure(request: HttpRequest, mark_id: UUID) -> HttpResponse:
    """Approve or refuse a departure that a school marked."""
    scope = request.scope  # type: ignore[attr-defined]
    mark = queries.marked_departure(scope, mark_id)
    denied = ""
    try:
        principles.check_can_approve_departure(scope, mark)
    except Denied as refused:
        denied = refused.sentence
    form = DepartureForm(sent(request))
    if answered(
        request, form, lambda told: actions.decide_departure(mark=mark, approved=told["answer"] == "yes", why=told["why"], by=scope)
    ):
        messages.success(request, "Your decision is recorded.")
        return redirect("policies:principle", mark.version_id, mark.ref)
    context = {
        "mark": mark, "form": form, "denied": denied, "decision": getattr(mark, "decision", None),
        "principle": queries.clause_printed(mark.parent_version_id, mark.ref),
        "passages": [queries.clause_printed(mark.version_id, one["ref"]) for one in mark.passages],
        "breadcrumbs": _path(mark.version, (f"Departure from principle {mark.ref}", "")), "kind": MarkKind.DEPARTS.label,
    }  # fmt: skip
    return render(request, "policies/principle_departure.html", context)

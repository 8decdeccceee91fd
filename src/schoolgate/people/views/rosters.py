"""A list of people is brought in: choose a file, look through what it would change, confirm."""

from io import BytesIO
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from schoolgate.common import clock
from schoolgate.common.errors import BadInput, Replaced
from schoolgate.people import actions, forms, queries, roster, rules
from schoolgate.people.access import Scope
from schoolgate.people.comparison import Kind, Plan
from schoolgate.people.models import Category, RosterUpload, School
from schoolgate.people.rosters import reading
from schoolgate.people.rosters.layouts import LAYOUTS
from schoolgate.people.rosters.rows import TrustRoster
from schoolgate.people.rosters.tables import ZIP, files_in_zip
from schoolgate.people.trust_comparison import TrustPlan
from schoolgate.people.views.asking import change

MOST_SHOWN = 200
"""Rows of one kind shown in the preview; their number is always told."""

KINDS = {
    Kind.NEW: "New on the register",
    Kind.CHANGED: "Changed",
    Kind.ENDED: "Given a last day",
    Kind.UNCHANGED: "Unchanged",
}
GROUPS = {"adults": "Adults", "pupils": "Pupils", "guardians": "Parents and carers"}


def roster_import(request: HttpRequest, school_id: UUID | None = None) -> HttpResponse:
    """Choose a file, for one school or the whole trust. It is read before it is kept: one that cannot be used is refused here."""
    scope = request.scope  # type: ignore[attr-defined]
    school = queries.school(scope, school_id) if school_id else None
    rules.check_can_keep_register(scope, school_id)
    form = forms.RosterForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["file"]
        content = given.read()
        try:
            _read(content, given.name, school)
            upload = actions.keep_upload(school=school, name=given.name, content=content, by=scope)
        except BadInput as refusal:
            form.add_error("file", refusal.sentence)
        else:
            return redirect("people:preview", upload.id)
    shown = {"form": form, "school": school, "columns": roster.COLUMNS, "layouts": LAYOUTS.values(), "back_url": _lists(school_id)}
    return render(request, "people/roster_form.html", shown, status=400 if form.errors else 200)


def _lists(school_id: UUID | None) -> str:
    return reverse("people:register", args=[school_id]) if school_id else reverse("people:list")


def _read(content: bytes, name: str, school: School | None) -> roster.Roster | TrustRoster:
    """A zip is a roster of pupils, guardians and adults; one file is a list of one school's adults."""
    if content.startswith(ZIP):
        return reading.read_files(files_in_zip(content, name))
    if school is None:
        raise BadInput(f"{name} is not a zip file. A list of one school’s adults is brought in on that school’s own page.")
    return roster.read(BytesIO(content), name)


def _plan(scope: Scope, upload: RosterUpload) -> Plan | TrustPlan:
    read = _read(bytes(upload.content), upload.name, upload.school)
    if isinstance(read, TrustRoster):
        return queries.trust_roster_plan(scope, read, clock.today(), upload.school)
    return queries.roster_plan(scope, upload.school, read, clock.today())  # type: ignore[arg-type]  # a list always has its school


@require_safe
def roster_preview(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """What the file would change, before anything is written."""
    scope = request.scope  # type: ignore[attr-defined]
    upload = queries.upload(scope, upload_id)
    plan = _plan(scope, upload)
    if isinstance(plan, TrustPlan):
        return render(request, "people/trust_roster_confirm.html", _trust_preview(scope, upload, plan))
    parts = [_part(kind, plan) for kind in Kind if plan.counts[kind] and kind != Kind.UNCHANGED]
    counts = [{"key": title, "value": plan.counts[kind]} for kind, title in KINDS.items()]
    counts += [{"key": "Rows that cannot be used", "value": len(plan.listed)}, {"key": "Rows in the file", "value": plan.rows_in}]
    missing = [
        [{"text": one.person.name, "url": reverse("people:person", args=[one.person_id])}, one.get_category_display()]
        for one in plan.missing[:MOST_SHOWN]
    ]
    shown = {
        "upload": upload,
        "plan": plan,
        "counts": counts,
        "parts": parts,
        "missing": missing,
        "back_url": reverse("people:import", args=[upload.school_id]),
    }
    return render(request, "people/roster_confirm.html", {**shown, "listed": plan.listed[:MOST_SHOWN], "most": MOST_SHOWN})


def _trust_preview(scope: Scope, upload: RosterUpload, plan: TrustPlan) -> dict[str, Any]:
    """A roster of a trust in numbers: what comes, what changes, what cannot be used, and who is not in it."""
    counts = [[title, *({"text": plan.counts[group][kind], "numeric": True} for kind in KINDS)] for group, title in GROUPS.items()]
    head = ["Who", *({"text": title, "numeric": True} for title in KINDS.values())]
    pupils = queries.pupil_names(scope, plan.missing_pupils[:MOST_SHOWN])
    missing = [(one.name, f"pupil, {one.school.name}") for one in pupils]
    missing += [(one.person.name, one.get_category_display()) for one in plan.missing_adults[: MOST_SHOWN - len(missing)]]
    return {
        "upload": upload, "plan": plan, "title": LAYOUTS[plan.layout].title, "head": head, "counts": counts, "missing": missing,
        "missing_count": len(plan.missing_pupils) + len(plan.missing_adults), "refused": plan.refused[:MOST_SHOWN], "most": MOST_SHOWN,
        "back_url": _lists(upload.school_id),
    }  # fmt: skip


def _part(kind: Kind, plan: Plan) -> dict[str, Any]:
    rows = [one for one in plan.changes if one.kind == kind]
    lines = [
        [
            f"{one.row.given} {one.row.family}",
            Category(one.row.category).label,
            one.differences or "–",
            {"text": one.row.line, "numeric": True},
        ]
        for one in rows[:MOST_SHOWN]
    ]
    head = ["Name", "Category", "What changes", {"text": "Line", "numeric": True}]
    return {"title": f"{KINDS[kind]}: {len(rows)}", "head": head, "lines": lines, "more": len(rows) - len(lines)}


@require_POST
def roster_take(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Write what was previewed into the register."""
    scope = request.scope  # type: ignore[attr-defined]
    upload = queries.upload(scope, upload_id)
    read = _read(bytes(upload.content), upload.name, upload.school)
    expected = request.POST.get("fingerprint", "") or "none"
    try:
        if isinstance(read, TrustRoster):
            done = _said_of_trust(actions.import_trust_roster(roster=read, only=upload.school, expected=expected, by=scope))
        else:
            done = _said(actions.import_roster(school=upload.school, roster=read, expected=expected, by=scope))  # type: ignore[arg-type]
    except Replaced as refusal:
        messages.error(request, refusal.sentence)
        return redirect("people:preview", upload.id)
    actions.drop_upload(upload=upload, by=scope)
    messages.success(request, done)
    return redirect(_lists(upload.school_id))


def _said(plan: Plan) -> str:
    counts = plan.counts
    return f"Imported: {counts['new']} new, {counts['changed']} changed, {counts['ended']} ended, {len(plan.listed)} not used."


def _said_of_trust(plan: TrustPlan) -> str:
    new = ", ".join(f"{plan.counts[group][Kind.NEW]} {group}" for group in GROUPS)
    changed = sum(group[Kind.CHANGED] + group[Kind.ENDED] for group in plan.counts.values())
    return f"Imported. New: {new}. Changed: {changed}. Not used: {len(plan.refused)}."


@require_POST
def roster_drop(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Throw the file away without importing it."""
    scope = request.scope  # type: ignore[attr-defined]
    upload = queries.upload(scope, upload_id)
    back = _lists(upload.school_id)
    return change(
        request, lambda: actions.drop_upload(upload=upload, by=scope), back=back, done="The file was thrown away. Nothing was changed."
    )

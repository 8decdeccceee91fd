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
from schoolgate.people.comparison import Kind, Plan
from schoolgate.people.models import Category, RosterUpload
from schoolgate.people.views.asking import change

MOST_SHOWN = 200
"""Rows of one kind shown in the preview; their number is always told."""

KINDS = {
    Kind.NEW: "New on the register",
    Kind.CHANGED: "Changed",
    Kind.ENDED: "Given a last day",
    Kind.UNCHANGED: "Unchanged",
}


def roster_import(request: HttpRequest, school_id: UUID) -> HttpResponse:
    """Choose a file. It is read before it is kept: one that cannot be used is refused here."""
    scope = request.scope  # type: ignore[attr-defined]
    school = queries.school(scope, school_id)
    rules.check_can_keep_register(scope, school.id)
    form = forms.RosterForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["file"]
        try:
            roster.read(given, given.name)
            given.seek(0)
            upload = actions.keep_upload(school=school, name=given.name, content=given.read(), by=scope)
        except BadInput as refusal:
            form.add_error("file", refusal.sentence)
        else:
            return redirect("people:preview", upload.id)
    shown = {
        "form": form,
        "school": school,
        "columns": roster.COLUMNS,
        "categories": Category.choices,
        "back_url": reverse("people:register", args=[school.id]),
    }
    return render(request, "people/roster_form.html", shown, status=400 if form.errors else 200)


def _plan(scope: Any, upload: RosterUpload) -> Plan:
    read = roster.read(BytesIO(bytes(upload.content)), upload.name)
    return queries.roster_plan(scope, upload.school, read, clock.today())


@require_safe
def roster_preview(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """What the file would change, before anything is written."""
    scope = request.scope  # type: ignore[attr-defined]
    upload = queries.upload(scope, upload_id)
    plan = _plan(scope, upload)
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
    read = roster.read(BytesIO(bytes(upload.content)), upload.name)
    try:
        plan = actions.import_roster(school=upload.school, roster=read, expected=request.POST.get("fingerprint", "") or "none", by=scope)
    except Replaced as refusal:
        messages.error(request, refusal.sentence)
        return redirect("people:preview", upload.id)
    actions.drop_upload(upload=upload, by=scope)
    counts = plan.counts
    messages.success(
        request, f"Imported: {counts['new']} new, {counts['changed']} changed, {counts['ended']} ended, {len(plan.listed)} not used."
    )
    return redirect("people:register", upload.school_id)


@require_POST
def roster_drop(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Throw the file away without importing it."""
    scope = request.scope  # type: ignore[attr-defined]
    upload = queries.upload(scope, upload_id)
    back = reverse("people:register", args=[upload.school_id])
    return change(
        request, lambda: actions.drop_upload(upload=upload, by=scope), back=back, done="The file was thrown away. Nothing was changed."
    )

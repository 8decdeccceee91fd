"""Pages of assurance: the living policy, a clause, a control, a school, the trust, and the forms beside a reading."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from schoolgate.assurance import actions, boards, forms, living, queries, rules
from schoolgate.common import clock, pdf
from schoolgate.common.errors import BadInput, Denied
from schoolgate.people.access import Scope
from schoolgate.people.permissions import Permission
from schoolgate.ui.states import STATES


def _made(request: HttpRequest, place: str) -> Scope:
    """What the page's frame shows, and the reader's scope."""
    if not getattr(request, "page_made_at", None):
        request.page_made_at = clock.now()  # type: ignore[attr-defined]
    request.place = getattr(request, "place", "") or place  # type: ignore[attr-defined]
    return request.scope  # type: ignore[attr-defined]


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The page that fits the reader: the trust's for those who report on it, else their school's."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    if scope.may(Permission.REPORT_TRUST) and len(scope.schools) > 1:
        return redirect("assurance:trust")
    return redirect("assurance:school", queries.schools_in_reach(scope)[0].ref)


def _living(request: HttpRequest, school: str, version_id: UUID) -> dict[str, Any]:
    scope, today = request.scope, clock.today()  # type: ignore[attr-defined]
    found = queries.living_policy(scope, school, version_id, today)
    only = request.GET.get("state", "")
    base = reverse("assurance:living", args=[found.school.ref, version_id])
    counts = rules.may_see_counts(scope, found.school.id)
    page = living.page(found.facts, now=clock.now(), today=today, counts_shown=counts, only=only if only in living.WORDS else "")
    return {"page": page, "school": found.school, "version": page.version, "counts_shown": counts, "base": base}


@require_GET
def living_policy(request: HttpRequest, school: str, version_id: UUID) -> HttpResponse:
    """The school's own text with what is happening now beside every clause."""
    context = _living(request, school, version_id)
    scope = _made(request, context["school"].name)
    context["may_read"] = rules.holds(rules.check_can_take_readings, scope, context["school"].id)
    return render(request, "assurance/living_detail.html", context)


@require_GET
def living_pdf(request: HttpRequest, school: str, version_id: UUID) -> HttpResponse:
    """The same as a file to hand to governors; a plain page says so where this machine cannot draw one."""
    context = _living(request, school, version_id)
    _made(request, context["school"].name)
    try:
        drawn = pdf.made_from(render_to_string("assurance/living_pdf.html", {**context, "key": STATES}, request))
    except pdf.NoPdf as missing:
        return render(request, "assurance/living_no_pdf.html", {**context, "sentence": missing.sentence}, status=503)
    name = f"{context['school'].ref}-policy-{context['version'].number}-{clock.today().isoformat()}.pdf"
    return HttpResponse(drawn, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'})


@require_GET
def clause(request: HttpRequest, school: str, version_id: UUID, clause_id: UUID) -> HttpResponse:
    """Everything behind one clause: controls, promises, counts, lines, records, exceptions and history."""
    return _clause_page(request, school, version_id, clause_id, forms.AttestForm())


def _clause_page(request: HttpRequest, school: str, version_id: UUID, clause_id: UUID, form: forms.AttestForm) -> HttpResponse:
    board = boards.clause(request.scope, school, version_id, clause_id, clock.today())  # type: ignore[attr-defined]
    _made(request, board.school.name)
    return render(
        request, "assurance/clause_detail.html", {"board": board, "school": board.school, "form": form}, status=400 if form.errors else 200
    )


@require_POST
def attest(request: HttpRequest, school: str, version_id: UUID, clause_id: UUID) -> HttpResponse:
    scope: Scope = request.scope  # type: ignore[attr-defined]
    form = forms.AttestForm(request.POST)
    board = boards.clause(scope, school, version_id, clause_id, clock.today())
    if form.is_valid() and _done(form, actions.attest, school=board.school, clause=board.row.clause, by=scope, **form.cleaned_data):
        messages.success(request, "Your confirmation is recorded. It shows beside the clause now.")
        return redirect("assurance:clause", school, version_id, clause_id)
    return _clause_page(request, school, version_id, clause_id, form)


def _done(form: Any, act: Any, **given: Any) -> bool:
    """Do it; False with the reason beside the form where it was refused."""
    try:
        act(**given)
    except (BadInput, Denied) as refused:
        field = getattr(refused, "field", None)
        form.add_error(field if field in form.fields else None, refused.sentence)
        return False
    return True


@require_GET
def control(request: HttpRequest, school: str, control: str) -> HttpResponse:
    """One control at one school."""
    return _control_page(request, school, control)


def _control_page(request: HttpRequest, school: str, control: str, refused: dict[str, Any] | None = None) -> HttpResponse:
    scope: Scope = request.scope  # type: ignore[attr-defined]
    today = clock.today()
    board = boards.control(scope, school, control, today)
    _made(request, board.school.name)
    owners = queries.staff_choices(scope, board.school.id, today) if board.may_approve else []
    fresh = {
        "exception_form": forms.ExceptionForm(owners=owners, prefix="exception"),
        "na_form": forms.NotApplicableForm(owners=owners, prefix="na"),
        "nil_form": forms.NilForm(prefix="nil"),
    }
    context = {**fresh, **(refused or {}), "board": board, "school": board.school, "today": today, "page_has_errors": bool(refused)}
    return render(request, "assurance/control_detail.html", context, status=400 if refused else 200)


@require_POST
def accept_exception(request: HttpRequest, school: str, control: str) -> HttpResponse:
    found = queries.school_called(request.scope, school)  # type: ignore[attr-defined]
    form = forms.ExceptionForm(request.POST, owners=queries.staff_choices(request.scope, found.id, clock.today()), prefix="exception")  # type: ignore[attr-defined]
    if form.is_valid() and _done(form, actions.accept_exception, school=found, control=control, **_owned(request, form.cleaned_data)):
        messages.success(request, "The exception is recorded. The control still shows broken, with the exception beside it.")
        return redirect("assurance:control", school, control)
    return _control_page(request, school, control, {"exception_form": form})


@require_POST
def record_not_applicable(request: HttpRequest, school: str, control: str) -> HttpResponse:
    found = queries.school_called(request.scope, school)  # type: ignore[attr-defined]
    form = forms.NotApplicableForm(request.POST, owners=queries.staff_choices(request.scope, found.id, clock.today()), prefix="na")  # type: ignore[attr-defined]
    if form.is_valid() and _done(form, actions.record_not_applicable, school=found, control=control, **_owned(request, form.cleaned_data)):
        messages.success(request, "Recorded. It shows from the next readings on.")
        return redirect("assurance:control", school, control)
    return _control_page(request, school, control, {"na_form": form})


def _owned(request: HttpRequest, cleaned: dict[str, Any]) -> dict[str, Any]:
    scope: Scope = request.scope  # type: ignore[attr-defined]
    return {
        "reason": cleaned["reason"],
        "ends_on": cleaned["ends_on"],
        "owner": queries.person_called(scope, UUID(cleaned["owner"])),
        "by": scope,
    }


@require_POST
def make_nil_statement(request: HttpRequest, school: str, control: str) -> HttpResponse:
    found = queries.school_called(request.scope, school)  # type: ignore[attr-defined]
    form = forms.NilForm(request.POST, prefix="nil")
    if form.is_valid() and _done(form, actions.make_nil_statement, school=found, control=control, by=request.scope, **form.cleaned_data):  # type: ignore[attr-defined]
        messages.success(request, "Your statement is recorded. It shows from the next readings on.")
        return redirect("assurance:control", school, control)
    return _control_page(request, school, control, {"nil_form": form})


@require_POST
def withdraw_exception(request: HttpRequest, exception_id: UUID) -> HttpResponse:
    row = actions.withdraw_exception(exception=queries.exception_called(request.scope, exception_id), by=request.scope)  # type: ignore[attr-defined]
    messages.success(request, "The exception is withdrawn.")
    return redirect("assurance:control", row.school.ref, row.control)


@require_POST
def withdraw_not_applicable(request: HttpRequest, record_id: UUID) -> HttpResponse:
    row = actions.withdraw_not_applicable(record=queries.not_applicable_called(request.scope, record_id), by=request.scope)  # type: ignore[attr-defined]
    messages.success(request, "Withdrawn. The control is read again from the next readings on.")
    return redirect("assurance:control", row.school.ref, row.control)


@require_GET
def school(request: HttpRequest, school: str) -> HttpResponse:
    """A school's policies in force and every control behind them."""
    board = boards.school(request.scope, school, clock.now(), clock.today())  # type: ignore[attr-defined]
    _made(request, board.school.name)
    return render(request, "assurance/school_detail.html", {"board": board, "school": board.school})


@require_POST
def take_readings(request: HttpRequest, school: str) -> HttpResponse:
    """Ask every control now rather than tonight."""
    found = queries.school_called(request.scope, school)  # type: ignore[attr-defined]
    actions.assess(school=found, on=clock.today(), by=request.scope)  # type: ignore[attr-defined]
    messages.success(request, "Readings are taken. Every figure is from this minute.")
    back = request.POST.get("version", "")
    return redirect("assurance:living", found.ref, UUID(back)) if _is_id(back) else redirect("assurance:school", found.ref)


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


@require_GET
def trust(request: HttpRequest) -> HttpResponse:
    """Every school by every policy, worst first."""
    board = boards.trust(request.scope, clock.now())  # type: ignore[attr-defined]
    _made(request, board.name)
    return render(request, "assurance/trust_list.html", {"board": board})

"""Reading and signing by the person signed in, and what they keep of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from schoolgate.agreements import actions, queries, rules
from schoolgate.agreements.forms import AskForm, RefuseForm, SignForm
from schoolgate.agreements.models import Agreement
from schoolgate.common import clock, pdf
from schoolgate.common.errors import BadInput, Denied, Replaced
from schoolgate.people.access import Scope
from schoolgate.people.permissions import Permission


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """What I have to sign and what I have signed."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    asked = queries.to_sign(scope, clock.today())
    owed = [one for one in asked if one.place.owes and one.place.set_aside is None]
    context = {"owed": owed, "asked": asked, "signatures": queries.signatures(scope)}
    return render(request, "agreements/agreement_list.html", {**context, "chases": scope.may_anywhere(Permission.AGREEMENT_CHASE)})


@require_http_methods(["GET", "POST"])
def read(request: HttpRequest, form_id: UUID) -> HttpResponse:
    """The text, or only what changed since I last signed with the whole text folded under it, and the form."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    agreement = queries.form(scope, form_id)
    form = SignForm(agreement, request.POST or None, name_hint="As the school holds it on its register.")
    if request.method == "POST" and form.is_valid():
        answer = _sign(request, form, scope)
        if answer:
            return answer
    if not queries.is_current(agreement):
        return _replaced(request, agreement)
    place = queries.place_of(scope, agreement, scope.person_id, clock.today()) if scope.person_id else None
    if place is None:
        raise Denied("You are not among the people who are asked to sign this policy here.")
    actions.open_text(agreement=agreement, person=place.person, by=scope.actor)
    last, changes = queries.changes_since(scope, agreement, place.person.id)
    text = {"agreement": agreement, "form": form, "standing": place, "sections": queries.sections(scope, agreement)}
    role, _ = queries.role_that_day(place.person, agreement.school_id, clock.today())
    about = {"last": last, "changes": changes, "said": queries.said_by(scope, agreement), "role": role, "today": clock.today()}
    signed = queries.signatures(scope).filter(agreement=agreement).first()
    return render(request, "agreements/agreement_detail.html", {**text, **about, "signed": signed})


def _sign(request: HttpRequest, form: SignForm, scope: Scope) -> HttpResponse | None:
    """The receipt, the page that says the text was replaced, or None with the reason written beside the form."""
    given = form.cleaned_data
    try:
        signature = actions.sign(
            agreement=form.agreement, name=given["name"], statements=form.ticked, token=given["token"],
            fingerprint=given["fingerprint"], answers=form.answers, by=scope,
        )  # fmt: skip
    except Replaced:
        return _replaced(request, form.agreement, rules.CHANGED)
    except (BadInput, Denied) as refused:
        person = scope.person_id and queries.place_of(scope, form.agreement, scope.person_id, clock.today())
        say_beside(form, refused, person.person if person else None)
        return None
    return redirect("agreements:receipt", signature.id)


def say_beside(form: SignForm, refused: BadInput | Denied, person: Any) -> None:
    """Write a refusal beside its field; a check that was not passed beside each question, and count the try."""
    if isinstance(refused, rules.WrongAnswers):
        form.mark_wrong(refused.wrong)
        if person:
            actions.note_wrong_answers(agreement=form.agreement, person=person)
        return
    field = getattr(refused, "field", None)
    form.add_error(field if field in form.fields else None, refused.sentence)


def _replaced(request: HttpRequest, agreement: Agreement, sentence: str = "This text is no longer in force.") -> HttpResponse:
    """Says that the text has changed and leads to the new one."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    newer = queries.form_now(scope, agreement)
    newer = newer if newer and newer.id != agreement.id and queries.is_current(newer) else None
    return render(request, "agreements/agreement_replaced.html", {"agreement": agreement, "newer": newer, "sentence": sentence}, status=409)


@require_http_methods(["GET", "POST"])
def refuse(request: HttpRequest, form_id: UUID) -> HttpResponse:
    """Decline to sign, with a reason."""
    done = "The head has your reason and will answer you. You can still sign at any time."
    return _say(request, form_id, RefuseForm, "agreements/refusal_form.html", actions.refuse, done)


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, form_id: UUID) -> HttpResponse:
    """Ask something before signing."""
    done = "Your question is sent. The answer comes to your messages and stands on the page of the text."
    return _say(request, form_id, AskForm, "agreements/question_form.html", actions.ask, done)


def _say(request: HttpRequest, form_id: UUID, form_class: Any, template: str, action: Any, done: str) -> HttpResponse:
    scope: Scope = request.scope  # type: ignore[attr-defined]
    agreement = queries.form(scope, form_id)
    form = form_class(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            action(agreement=agreement, reason=form.cleaned_data["reason"], by=scope)
        except Replaced:
            return _replaced(request, agreement, "The policy changed while you were writing. Nothing was sent.")
        except (BadInput, Denied) as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, done)
            return redirect("agreements:mine")
    return render(request, template, {"agreement": agreement, "form": form})


@require_GET
def receipt(request: HttpRequest, signature_id: UUID) -> HttpResponse:
    """Who signed what, when, and each thing agreed to."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    found = queries.signature(scope, signature_id)
    chases = scope.may(Permission.AGREEMENT_CHASE, found.school_id)
    return render(request, "agreements/signature_detail.html", {"signature": found, "chases": chases})


@require_safe
def certificate(request: HttpRequest, signature_id: UUID) -> HttpResponse:
    """The receipt as a PDF to keep."""
    found = queries.signature(request.scope, signature_id)  # type: ignore[attr-defined]
    try:
        drawn = pdf.made_from(render_to_string("agreements/certificate.html", {"signature": found, "page_made_at": clock.now()}, request))
    except pdf.NoPdf as missing:
        return render(request, "agreements/no_certificate.html", {"signature": found, "sentence": missing.sentence}, status=503)
    name = f"signature-{clock.local_date(found.signed_at).isoformat()}.pdf"
    return HttpResponse(drawn, content_type="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'})

"""Reading and signing: by the person signed in, and by a one-time link."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from schoolgate.agreements import actions, queries, rules
from schoolgate.agreements.forms import KeyForm, RefuseForm, SignForm
from schoolgate.agreements.models import Agreement, SigningLink
from schoolgate.common import clock
from schoolgate.common.actors import Actor
from schoolgate.common.errors import BadInput, Denied, Replaced
from schoolgate.people.access import Scope
from schoolgate.people.entrance.sign_in import from_where
from schoolgate.people.permissions import Permission
from schoolgate.policies.models import VersionState


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
    """The full text, what changed since I last signed, and the form under it."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    agreement = queries.form(scope, form_id)
    form = SignForm(agreement, request.POST or None, name_hint="As the school holds it on its register.")
    if request.method == "POST" and form.is_valid():
        answer = _sign(request, form, scope)
        if answer:
            return answer
    if not _current(agreement):
        return _replaced(request, agreement)
    place = queries.place_of(scope, agreement, scope.person_id, clock.today()) if scope.person_id else None
    if place is None:
        raise Denied("You are not among the people who are asked to sign this policy here.")
    actions.open_text(agreement=agreement, person=place.person, by=scope.actor)
    last, changes = queries.changes_since(scope, agreement, place.person.id)
    text = {"agreement": agreement, "form": form, "standing": place, "sections": queries.sections(scope, agreement)}
    signed = queries.signatures(scope).filter(agreement=agreement).first()
    return render(request, "agreements/agreement_detail.html", {**text, "last": last, "changes": changes, "signed": signed})


def _sign(request: HttpRequest, form: SignForm, scope: Scope) -> HttpResponse | None:
    """The receipt, the page that says the text was replaced, or None with the reason written beside the form."""
    given = form.cleaned_data
    try:
        signature = actions.sign(
            agreement=form.agreement, name=given["name"], statements=form.ticked, token=given["token"],
            fingerprint=given["fingerprint"], by=scope,
        )  # fmt: skip
    except Replaced:
        return _replaced(request, form.agreement, rules.CHANGED)
    except BadInput as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        return None
    except Denied as refused:
        form.add_error(None, refused.sentence)
        return None
    return redirect("agreements:receipt", signature.id)


def _current(agreement: Agreement) -> bool:
    return agreement.open and agreement.version.state == VersionState.IN_FORCE


def _replaced(request: HttpRequest, agreement: Agreement, sentence: str = "This text is no longer in force.") -> HttpResponse:
    """Says that the text has changed and leads to the new one."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    newer = queries.form_now(scope, agreement)
    newer = newer if newer and newer.id != agreement.id and _current(newer) else None
    return render(request, "agreements/agreement_replaced.html", {"agreement": agreement, "newer": newer, "sentence": sentence}, status=409)


@require_http_methods(["GET", "POST"])
def refuse(request: HttpRequest, form_id: UUID) -> HttpResponse:
    """Decline to sign, with a reason."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    agreement = queries.form(scope, form_id)
    form = RefuseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.refuse(agreement=agreement, reason=form.cleaned_data["reason"], by=scope)
        except Replaced:
            return _replaced(request, agreement, "The policy changed while you were writing. Nothing was sent.")
        except Denied as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, "The head has your reason and will answer you. You can still sign at any time.")
            return redirect("agreements:mine")
    return render(request, "agreements/refusal_form.html", {"agreement": agreement, "form": form})


@require_GET
def receipt(request: HttpRequest, signature_id: UUID) -> HttpResponse:
    """Who signed what, when, and each thing agreed to."""
    found = queries.signature(request.scope, signature_id)  # type: ignore[attr-defined]
    return render(request, "agreements/signature_detail.html", {"signature": found})


# ------------------------------------------------------------------ one-time links


@require_http_methods(["GET", "POST"])
def link_typed(request: HttpRequest) -> HttpResponse:
    """For a key typed from paper."""
    form = KeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect("agreements:link", form.cleaned_data["key"])
    return render(request, "agreements/link_key.html", {"form": form})


@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, key: str) -> HttpResponse:
    """The full text and the form, for the one person the link was made for. Shows nothing else."""
    found = queries.link(key)
    author = Actor("link", str(found.id), "one-time link", from_where(request))
    form = SignForm(found.agreement, request.POST or None, name_hint="Your first name and family name, as the school holds them.")
    if request.method == "POST" and form.is_valid():
        answer = _sign_by_link(request, form, found, author)
        if answer:
            return answer
    try:
        actions.check_link(found)
    except Denied as refused:
        return _link_ended(request, refused.sentence)
    if not _current(found.agreement):
        return _link_ended(request, "The policy has changed since this link was made. Ask the school office for a new one.")
    actions.open_text(agreement=found.agreement, person=found.person, by=author)
    sections = queries.sections(actions.link_scope(found), found.agreement)
    return render(request, "agreements/link_detail.html", {"agreement": found.agreement, "form": form, "sections": sections})


def _sign_by_link(request: HttpRequest, form: SignForm, found: SigningLink, author: Actor) -> HttpResponse | None:
    given: dict[str, Any] = form.cleaned_data
    try:
        signature = actions.sign_by_link(
            link=found, name=given["name"], statements=form.ticked, token=given["token"], fingerprint=given["fingerprint"], by=author
        )
    except Replaced:
        return _link_ended(request, "The policy changed while you were reading. Nothing was signed. Ask the school office for a new link.")
    except BadInput as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        return None
    except Denied as refused:
        return _link_ended(request, refused.sentence)
    return render(request, "agreements/link_receipt.html", {"signature": signature})


def _link_ended(request: HttpRequest, sentence: str) -> HttpResponse:
    return render(request, "agreements/link_ended.html", {"sentence": sentence}, status=410)

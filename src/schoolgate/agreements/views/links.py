"""Without a sign-in: a one-time link for one person, a sheet of them, and the pages a link opens."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from schoolgate.agreements import actions, queries, rules
from schoolgate.agreements.forms import KeyForm, RefuseForm, SignForm
from schoolgate.agreements.models import SigningLink
from schoolgate.agreements.views.reading import say_beside
from schoolgate.common import clock
from schoolgate.common.actors import Actor
from schoolgate.common.errors import BadInput, Denied, NotFound, Replaced
from schoolgate.people.access import Scope
from schoolgate.people.entrance.sign_in import from_where
from schoolgate.people.permissions import Permission

CHANGED = "The policy has changed since this link was made. Ask the school office for a new one."


def address(key: str) -> str:
    """What the QR code of a link holds."""
    return str(settings.BASE_URL + reverse("agreements:link", args=[key]))


@require_http_methods(["GET", "POST"])
def link_typed(request: HttpRequest) -> HttpResponse:
    """For a key typed from paper."""
    form = KeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["key"]
        return redirect("agreements:family_link" if queries.opens_for_a_family(typed) else "agreements:link", typed)
    return render(request, "agreements/link_key.html", {"form": form})


@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, key: str) -> HttpResponse:
    """The full text and the form, for the one person the link was made for. Shows nothing else."""
    found = queries.link(key)
    author = _author(found, request)
    form = SignForm(found.agreement, request.POST or None, name_hint="Your first name and family name, as the school holds them.")
    if request.method == "POST" and form.is_valid():
        answer = _sign_by_link(request, form, found, author)
        if answer:
            return answer
    ended = _ended(request, found)
    if ended:
        return ended
    actions.open_text(agreement=found.agreement, person=found.person, by=author)
    sections = queries.sections(actions.link_scope(found), found.agreement)
    return render(request, "agreements/link_detail.html", {"agreement": found.agreement, "form": form, "sections": sections, "key": key})


def _author(found: SigningLink, request: HttpRequest) -> Actor:
    return Actor("link", str(found.id), "one-time link", from_where(request))


def _ended(request: HttpRequest, found: SigningLink) -> HttpResponse | None:
    """The page that says why a link cannot be used, or nothing."""
    try:
        actions.check_link(found)
    except Denied as refused:
        return _link_ended(request, refused.sentence)
    return None if queries.is_current(found.agreement) else _link_ended(request, CHANGED)


def _sign_by_link(request: HttpRequest, form: SignForm, found: SigningLink, author: Actor) -> HttpResponse | None:
    given: dict[str, Any] = form.cleaned_data
    try:
        signature = actions.sign_by_link(
            link=found, name=given["name"], statements=form.ticked, token=given["token"], fingerprint=given["fingerprint"],
            answers=form.answers, by=author,
        )  # fmt: skip
    except Replaced:
        return _link_ended(request, "The policy changed while you were reading. Nothing was signed. Ask the school office for a new link.")
    except BadInput as refused:
        say_beside(form, refused, found.person)
        return None
    except Denied as refused:
        return _link_ended(request, refused.sentence)
    return render(request, "agreements/link_receipt.html", {"signature": signature})


@require_http_methods(["GET", "POST"])
def link_refuse(request: HttpRequest, key: str) -> HttpResponse:
    """Decline with a reason, without a sign-in."""
    found = queries.link(key)
    ended = _ended(request, found)
    if ended:
        return ended
    form = RefuseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.refuse_by_link(link=found, reason=form.cleaned_data["reason"], by=_author(found, request))
        except (BadInput, Denied) as refused:
            form.add_error(None, refused.sentence)
        else:
            return render(request, "agreements/link_refused.html", {"agreement": found.agreement, "key": key})
    return render(request, "agreements/link_refuse.html", {"agreement": found.agreement, "form": form, "key": key})


def _link_ended(request: HttpRequest, sentence: str) -> HttpResponse:
    return render(request, "agreements/link_ended.html", {"sentence": sentence}, status=410)


# ------------------------------------------------------------------ made by the office


@require_http_methods(["GET", "POST"])
def make_link(request: HttpRequest, form_id: UUID, person_id: UUID) -> HttpResponse:
    """Ask, then make a one-time link and show it once, as a QR code and as a key, ready to print."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    agreement = queries.form(scope, form_id)
    scope.require(Permission.AGREEMENT_CHASE, agreement.school_id, "Only someone who chases signatures may make a link")
    place = queries.place_of(scope, agreement, person_id, clock.today())
    if place is None:
        raise NotFound("There is no such person in your reach")
    context = {"agreement": agreement, "person": place.person, "days": rules.LINK_DAYS}
    if request.method == "GET":
        return render(request, "agreements/link_confirm.html", context)
    made = actions.make_link(agreement=agreement, person=place.person, by=scope)
    urls = {"typed_url": settings.BASE_URL + reverse("agreements:link_typed"), "url": address(made.key)}
    return render(request, "agreements/link_made.html", {**context, **urls, "key": made.key, "ends_at": made.link.ends_at})


@require_POST
def link_sheet(request: HttpRequest, form_id: UUID) -> HttpResponse:
    """A printed sheet of QR codes: one for everybody who has not signed and has no sign-in, to cut apart and hand out."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    agreement = queries.form(scope, form_id)
    try:
        made = actions.make_links(agreement=agreement, by=scope)
    except Denied as refused:
        messages.error(request, refused.sentence)
        return redirect("agreements:people", agreement.id)
    cards = [{"person": one.link.person, "key": one.key, "url": address(one.key)} for one in made]
    typed = settings.BASE_URL + reverse("agreements:link_typed")
    context = {"agreement": agreement, "cards": cards, "typed_url": typed, "ends_at": made[0].link.ends_at}
    return render(request, "agreements/link_sheet.html", context)

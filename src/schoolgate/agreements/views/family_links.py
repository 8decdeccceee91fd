"""Guardians without a sign-in: links made class by class, the sheet to print, and the pages a guardian's link opens."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from schoolgate.agreements import actions, queries, rules
from schoolgate.agreements.forms import FamilySignForm, GuardianNameForm
from schoolgate.agreements.models import Agreement, FamilyLink, Kind
from schoolgate.agreements.rules import families as family_rules
from schoolgate.common import clock
from schoolgate.common.actors import Actor
from schoolgate.common.errors import BadInput, Denied, NotFound, Replaced
from schoolgate.people.access import Scope
from schoolgate.people.entrance.sign_in import from_where
from schoolgate.people.permissions import Permission
from schoolgate.people.rules import check_can_see_pupils
from schoolgate.ui.forms import Form

CHANGED = "The words have changed since this link was made. Ask the school office for a new one."
MEANWHILE = "The words changed while you were reading. Nothing was kept. Ask the school office for a new link."


def _form(request: HttpRequest, form_id: UUID) -> tuple[Scope, Agreement]:
    """The form for families, for somebody who may keep what families say."""
    scope: Scope = request.scope  # type: ignore[attr-defined]
    agreement = queries.form(scope, form_id)
    scope.require(Permission.AGREEMENT_CHASE, agreement.school_id, "Only someone who sees who has signed may make links for families")
    check_can_see_pupils(scope, agreement.school_id)
    if agreement.kind != Kind.FAMILY:
        raise NotFound("There is no such form in your reach")
    return scope, agreement


@require_safe
def family_classes(request: HttpRequest, form_id: UUID) -> HttpResponse:
    """The classes of the school: how many have still to answer, and for whom nobody may."""
    scope, agreement = _form(request, form_id)
    desk = queries.family_desk(scope, agreement, clock.today())
    head = ["Class", *({"text": words, "numeric": True} for words in ("Pupils", "Not answered", "Nobody may answer"))]
    lines = [
        [
            {"text": one.name, "url": reverse("agreements:family_class", args=[agreement.id, one.year or "-"])},
            one.pupils, one.waiting, len(one.unspoken),
        ]
        for one in desk.classes
    ]  # fmt: skip
    return render(request, "agreements/family_classes.html", {"agreement": agreement, "head": head, "lines": lines})


@require_safe
def family_class(request: HttpRequest, form_id: UUID, year: str) -> HttpResponse:
    """One class: who may answer, who has, who holds a link, who is missing."""
    scope, agreement = _form(request, form_id)
    desk = queries.family_desk(scope, agreement, clock.today())
    found = next((one for one in desk.classes if one.year == year.strip("-")), None)
    if found is None:
        raise NotFound("There is no such class in your reach")
    answerers = desk.of_class(found.year)
    waiting = [one for one in answerers if not one.answered]
    mailable = sum(bool(one.guardian.email) for one in waiting)
    context = {"class": found, "year": year, "waiting": waiting, "done": [one for one in answerers if one.answered], "mailable": mailable}
    return render(request, "agreements/family_class.html", {**context, "agreement": agreement, "days": rules.LINK_DAYS})


@require_POST
def family_sheet(request: HttpRequest, form_id: UUID, year: str) -> HttpResponse:
    """A sheet of cards for a class, each with a QR code and a key: shown once, printed, cut apart and sent home."""
    scope, agreement = _form(request, form_id)
    try:
        made = actions.make_family_links(agreement=agreement, year=year.strip("-"), by=scope)
    except Denied as refused:
        messages.error(request, refused.sentence)
        return redirect("agreements:family_class", agreement.id, year)
    return _cards(request, agreement, made, reverse("agreements:family_class", args=[agreement.id, year]))


@require_POST
def family_mail(request: HttpRequest, form_id: UUID, year: str) -> HttpResponse:
    """The same by e-mail."""
    scope, agreement = _form(request, form_id)
    try:
        count = actions.mail_family_links(agreement=agreement, year=year.strip("-"), by=scope)
    except Denied as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, "1 e-mail is on its way." if count == 1 else f"{count} e-mails are on their way.")
    return redirect("agreements:family_class", agreement.id, year)


@require_http_methods(["GET", "POST"])
def guardian_link(request: HttpRequest, form_id: UUID, guardian_id: UUID) -> HttpResponse:
    """Ask, then make a link for one guardian and show it once."""
    scope, agreement = _form(request, form_id)
    found = queries.family_desk(scope, agreement, clock.today()).guardian(guardian_id)
    if found is None:
        raise NotFound("There is no such guardian in your reach")
    back = reverse("agreements:family_class", args=[agreement.id, found.child.year or "-"])
    if request.method == "GET":
        context = {"agreement": agreement, "one": found, "days": rules.LINK_DAYS, "back_url": back}
        return render(request, "agreements/guardian_confirm.html", context)
    try:
        made = actions.make_family_link(agreement=agreement, guardian_id=guardian_id, by=scope)
    except Denied as refused:
        messages.error(request, refused.sentence)
        return redirect(back)
    return _cards(request, agreement, [made], back)


def _cards(request: HttpRequest, agreement: Agreement, made: list[actions.MadeFamilyLink], back: str) -> HttpResponse:
    address = settings.BASE_URL
    cards = [{"one": one.answerer, "key": one.key, "url": address + reverse("agreements:family_link", args=[one.key])} for one in made]
    typed = address + reverse("agreements:link_typed")
    context = {"agreement": agreement, "cards": cards, "typed_url": typed, "ends_at": made[0].link.ends_at, "back_url": back}
    return render(request, "agreements/family_sheet.html", context)


# ------------------------------------------------------------------ at the other end


@require_http_methods(["GET", "POST"])
def family_link(request: HttpRequest, key: str) -> HttpResponse:
    """The plain words, then, to whoever knows the guardian's name, the children by name with an answer for each."""
    found = queries.family_link(key)
    author = Actor("link", str(found.id), "one-time link", from_where(request))
    answer = _answer(request, found, request.POST, author) if "token" in request.POST else None
    answer = answer or _ended(request, found)
    if answer:
        return answer
    actions.open_family_link(link=found, by=author)
    form: Form = GuardianNameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            rules.check_name(form.cleaned_data["name"], found.guardian.name)
        except BadInput as refused:
            actions.note_wrong_name(link=found, by=author)
            form.add_error("name", refused.sentence)
        else:
            form = FamilySignForm(found.agreement, _children(found), name=form.cleaned_data["name"])
    return _page(request, found, form)


def _children(found: FamilyLink) -> list[Any]:
    return queries.children_of(actions.family_scope(found), found, clock.today())


def _ended(request: HttpRequest, found: FamilyLink) -> HttpResponse | None:
    """The page that says why a link cannot be used, or nothing."""
    try:
        actions.check_family_link(found)
    except Denied as refused:
        return _over(request, refused.sentence)
    if not queries.is_current(found.agreement):
        return _over(request, CHANGED)
    return None if _children(found) else _over(request, family_rules.NOBODY)


def _over(request: HttpRequest, sentence: str) -> HttpResponse:
    return render(request, "agreements/link_ended.html", {"sentence": sentence}, status=410)


def _page(request: HttpRequest, found: FamilyLink, form: Form) -> HttpResponse:
    sections = queries.sections(actions.family_scope(found), found.agreement)
    context = {"agreement": found.agreement, "sections": sections, "form": form, "naming": isinstance(form, GuardianNameForm)}
    return render(request, "agreements/family_link.html", context)


def _answer(request: HttpRequest, found: FamilyLink, sent: Any, author: Actor) -> HttpResponse | None:
    """What was sent is kept, or the page again with what is wrong beside it; None where the page of the link says what is the matter.

    Children are named again only to whoever sent the guardian's name.
    """
    form = FamilySignForm(found.agreement, _children(found), sent)
    if not rules.same_name(sent.get("name", ""), found.guardian.name):
        return None
    if not form.is_valid():
        return _ended(request, found) or _page(request, found, form)
    given = form.cleaned_data
    try:
        said = actions.answer_by_link(
            link=found, name=given["name"], answers=form.answers, statements=form.ticked, token=given["token"],
            fingerprint=given["fingerprint"], by=author,
        )  # fmt: skip
    except Replaced:
        return _over(request, MEANWHILE)
    except BadInput as refused:
        form.add_error(None, refused.sentence)
        return _page(request, found, form)
    except Denied as refused:
        return _over(request, refused.sentence)
    return render(request, "agreements/family_receipt.html", {"agreement": found.agreement, "said": said})

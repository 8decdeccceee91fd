"""Whether the policies of a school reached their readers: the public page, the bodies, and what is still missing."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from schoolgate.common import clock
from schoolgate.common.errors import Denied
from schoolgate.people.access import Scope
from schoolgate.people.models import School
from schoolgate.policies import actions, queries, rules
from schoolgate.policies.forms.delivery import NOWHERE, OURS, OWN, PlaceForm, ReadersForm, ReceiptForm, UndoForm
from schoolgate.policies.models import Policy, ReaderReceipt
from schoolgate.policies.rules import delivering
from schoolgate.policies.rules.delivering import Delivery
from schoolgate.policies.views.answers import answered, sent, trail
from schoolgate.ui.forms import Form


def _denied(scope: Scope, school_id: UUID | None) -> str:
    """Why this person cannot see to the readers there."""
    held = queries.own_roles(scope, school_id, clock.today()) if school_id else set()
    return _refused(lambda: delivering.check_can_deliver(scope, school_id, held))


def _no_editor(scope: Scope, school_id: UUID | None) -> str:
    """Why this person cannot say whom a policy is addressed to."""
    return _refused(lambda: rules.check_can_edit(scope, school_id))


def _refused(check: Callable[[], None]) -> str:
    try:
        check()
    except Denied as denied:
        return denied.sentence
    return ""


def _trail(school: School, here: str = "") -> list[dict[str, str]]:
    own = (f"Readers at {school.name}", reverse("policies:readers", args=[school.ref]) if here else "")
    return trail(own, *([(here, "")] if here else []))


@require_safe
def readers(request: HttpRequest, school: str) -> HttpResponse:
    """Each policy in force at a school: where the public finds it, who received it, and who has not."""
    scope, today = request.scope, clock.today()  # type: ignore[attr-defined]
    found = queries.policy_school(scope, school)
    held = queries.deliveries(scope, [found.id], today)
    receipts, params = queries.receipts_of(scope, found.id, [one.version.id for one in held]), delivering.parameters()
    context = {
        "school": found, "denied": _denied(scope, found.id), "breadcrumbs": _trail(found),
        "rows": [_row(one, receipts, scope, today, params) for one in held],
        "public_url": request.build_absolute_uri(reverse("policies:public_list", args=[found.ref])),
    }  # fmt: skip
    return render(request, "policies/reader_list.html", context)


def _row(one: Delivery, receipts: Iterable[ReaderReceipt], scope: Scope, today: date, params: Mapping[str, Any]) -> dict[str, Any]:
    standing, why = delivering.page_stands(one, today, params)
    bodies = [
        {
            "title": delivering.title_of_body(body), "receipt": one.receipts.get(body), "due_on": delivering.body_due(one, params),
            "told": delivering.told_of(one.receipts[body]) if body in one.receipts else "",
            "mine": body in one.receipts and one.receipts[body].school_id is not None,
            "late": body in one.missing and today >= delivering.body_due(one, params),
        }
        for body in one.bodies
    ]  # fmt: skip
    undone = [row for row in receipts if row.version_id == one.version.id and getattr(row, "undone", None)]
    return {
        "one": one, "version": one.version, "good": standing == "good", "why": why, "broken": standing == "broken", "check": one.last_check,
        "page_due": delivering.page_due(one, params), "bodies": bodies, "undone": [(delivering.told_of(row), row) for row in undone],
        "may_address": not _no_editor(scope, one.version.policy.school_id),
    }  # fmt: skip


def _ask(request: HttpRequest, form: Form, act: Any, told: dict[str, Any], back: str) -> HttpResponse:
    """A page that asks something and goes back. `told`: heading, button, done, about, denied and the trail."""
    if answered(request, form, act):
        messages.success(request, told["done"])
        return redirect(back)
    return render(request, "policies/review_form.html", {"form": form, **told})


@require_http_methods(["GET", "POST"])
def public_place(request: HttpRequest, school: str, policy_id: UUID) -> HttpResponse:
    """Say where the public finds a policy, or why it may not read it."""
    scope = request.scope  # type: ignore[attr-defined]
    found = queries.policy_school(scope, school)
    one = queries.delivery(scope, found.id, policy_id, clock.today())
    before = {"place": (OWN if one.address else OURS) if one.public else NOWHERE, "address": one.address}
    before["reason"] = one.place.reason if one.place else ""

    def act(told: dict[str, Any]) -> None:
        address = told["address"] if told["place"] == OWN else ""
        actions.choose_place(
            school=found, policy=one.version.policy, shown=told["place"] != NOWHERE, address=address, reason=told["reason"], by=scope
        )

    heading = "Where the public finds it"
    told = {
        "heading": heading, "button": "Save", "done": "It is recorded. The copy is fetched and compared by tomorrow, or now if you ask.",
        "about": one.version.policy.title, "denied": _denied(scope, found.id), "breadcrumbs": _trail(found, heading),
    }  # fmt: skip
    return _ask(request, PlaceForm(sent(request), initial=before), act, told, reverse("policies:readers", args=[found.ref]))


@require_POST
def public_check(request: HttpRequest, school: str, policy_id: UUID) -> HttpResponse:
    """Fetch the public copy now and compare it."""
    scope = request.scope  # type: ignore[attr-defined]
    found = queries.policy_school(scope, school)
    one = queries.delivery(scope, found.id, policy_id, clock.today())
    try:
        check = actions.check_public_copy(school=found, policy=one.version.policy, by=scope)
    except Denied as denied:
        messages.error(request, denied.sentence)
    else:
        if check.told:
            messages.error(request, check.told)
        else:
            messages.success(request, "The copy was fetched and is the version in force.")
    return redirect("policies:readers", found.ref)


@require_http_methods(["GET", "POST"])
def receipt(request: HttpRequest, school: str, policy_id: UUID) -> HttpResponse:
    """Write down that a body of a school received the version in force."""
    scope = request.scope  # type: ignore[attr-defined]
    found = queries.policy_school(scope, school)
    one = queries.delivery(scope, found.id, policy_id, clock.today())
    bodies = [(body, delivering.title_of_body(body)) for body in one.bodies]
    form = ReceiptForm(sent(request), bodies=bodies, initial={"body": next(iter(one.missing), ""), "received_on": clock.today()})

    def act(told: dict[str, Any]) -> None:
        actions.record_receipt(version=one.version, school=found, by=scope, **told)

    heading = "Who received it"
    denied = _denied(scope, found.id) or ("" if bodies else "Say first which bodies this policy is addressed to.")
    told = {
        "heading": heading, "button": "Record it", "done": "It is recorded.", "denied": denied, "breadcrumbs": _trail(found, heading),
        "about": f"{one.version.policy.title}, version {one.version.number}",
    }  # fmt: skip
    return _ask(request, form, act, told, reverse("policies:readers", args=[found.ref]))


@require_http_methods(["GET", "POST"])
def undo_receipt(request: HttpRequest, receipt_id: UUID) -> HttpResponse:
    """Take a wrong receipt back, with a reason."""
    scope = request.scope  # type: ignore[attr-defined]
    row = queries.receipt(scope, receipt_id)
    policy = row.version.policy
    back = reverse("policies:readers", args=[row.school.ref]) if row.school else reverse("policies:readers_of", args=[policy.id])
    about = f"{policy.title}, version {row.version.number}. {row.get_body_display()}: {delivering.told_of(row)}"
    told = {
        "heading": "Take a receipt back", "button": "Take it back", "done": "It is taken back. The receipt stays in the list.",
        "about": about, "denied": _denied(scope, row.school_id), "breadcrumbs": trail((policy.title, back), ("Take a receipt back", "")),
    }  # fmt: skip
    return _ask(request, UndoForm(sent(request)), lambda told: actions.undo_receipt(receipt=row, by=scope, **told), told, back)


# ------------------------------------------------------------------ by policy


@require_safe
def readers_of(request: HttpRequest, policy_id: UUID) -> HttpResponse:
    """The bodies one policy is addressed to; for one of the trust, also what the bodies of the trust received."""
    scope = request.scope  # type: ignore[attr-defined]
    policy = queries.policy(scope, policy_id)
    live = queries.live_version(scope, policy_id)
    receipts = queries.receipts_of(scope, None, [live.id]) if live and policy.school_id is None else []
    bodies = queries.bodies_of(scope, policy)
    context = {
        "policy": policy, "live": live, "bodies": [delivering.title_of_body(body) for body in bodies],
        "receipts": [(delivering.told_of(row), row) for row in receipts], "denied": _no_editor(scope, policy.school_id),
        "of_the_trust": [delivering.title_of_body(body) for body in bodies if body in delivering.OF_THE_TRUST],
        "breadcrumbs": _policy_trail(policy, "Readers"),
    }  # fmt: skip
    return render(request, "policies/reader_policy.html", context)


def _policy_trail(policy: Policy, here: str) -> list[dict[str, str]]:
    steps = [(policy.title, reverse("policies:detail", args=[policy.id]))]
    if here != "Readers":
        steps.append(("Readers", reverse("policies:readers_of", args=[policy.id])))
    return trail(*steps, (here, ""))


@require_http_methods(["GET", "POST"])
def choose_readers(request: HttpRequest, policy_id: UUID) -> HttpResponse:
    """Say which bodies a policy is addressed to."""
    scope = request.scope  # type: ignore[attr-defined]
    policy = queries.policy(scope, policy_id)
    form = ReadersForm(sent(request), initial={"bodies": queries.bodies_of(scope, policy)})
    told = {
        "heading": "Who it is addressed to", "button": "Save", "done": "It is recorded.", "about": policy.title,
        "denied": _no_editor(scope, policy.school_id), "breadcrumbs": _policy_trail(policy, "Who it is addressed to"),
    }  # fmt: skip
    back = reverse("policies:readers_of", args=[policy.id])
    return _ask(request, form, lambda told: actions.choose_readers(policy=policy, by=scope, **told), told, back)


@require_http_methods(["GET", "POST"])
def trust_receipt(request: HttpRequest, policy_id: UUID) -> HttpResponse:
    """Write down that a body of the whole trust received the trust's own policy: it counts at every school that holds it."""
    scope = request.scope  # type: ignore[attr-defined]
    policy = queries.policy(scope, policy_id)
    live = queries.live_version(scope, policy_id)
    bodies = [(body, delivering.title_of_body(body)) for body in queries.bodies_of(scope, policy) if body in delivering.OF_THE_TRUST]
    form = ReceiptForm(sent(request), bodies=bodies, initial={"received_on": clock.today()})

    def act(told: dict[str, Any]) -> None:
        if live is None:
            raise Denied("No version is in force, so there is nothing to receive yet.")
        actions.record_receipt(version=live, school=None, by=scope, **told)

    told = {
        "heading": "Who received it", "button": "Record it", "done": "It is recorded for every school that holds this policy.",
        "about": policy.title, "denied": _no_trust_receipt(scope, policy, bool(live and bodies)),
        "breadcrumbs": _policy_trail(policy, "Who received it"),
    }  # fmt: skip
    return _ask(request, form, act, told, reverse("policies:readers_of", args=[policy.id]))


def _no_trust_receipt(scope: Scope, policy: Policy, ready: bool) -> str:
    if policy.school_id is not None:
        return "This policy belongs to a school, so its receipts are recorded on the school's own page of readers."
    return _denied(scope, None) or ("" if ready else "It must be in force and addressed to the trustees or the regional board first.")

"""The trust's map: schools by principles, each cell a colour and a letter, and a school asked about one of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_safe

from schoolgate.common import clock
from schoolgate.common.errors import Denied
from schoolgate.people.models import School
from schoolgate.policies import actions, queries
from schoolgate.policies.forms.principles import AskForm, ParentForm, TakeForm
from schoolgate.policies.models import Mode, Policy
from schoolgate.policies.queries import Board
from schoolgate.policies.rules import principles
from schoolgate.policies.rules.principles import CONTRADICTS, How, Judged, Parent
from schoolgate.policies.views.answers import answered, sent, trail

FEW = 6
"""With so many schools or fewer the cells hold words; with more, letters."""
MOST = 50  # places listed above the map; the map has them all
PLACE, NO_ID = "~place~", UUID(int=0)
Ones = dict[UUID, dict[str, Judged]]
"""Schools by id: how each stands to a principle, by the principle's number."""


@dataclass(frozen=True, slots=True)
class Row:
    """One principle across the schools, its cells ready drawn: there are thousands of them."""

    ref: str
    text: str
    heading: str
    cells: SafeString


@dataclass(frozen=True, slots=True)
class Found:
    """A school whose text is looser than a principle or contradicts it."""

    school: School
    one: Judged
    url: str


def _named(trust_id: UUID, *more: tuple[str, str]) -> list[dict[str, str]]:
    return trail(("Schools by principles", reverse("policies:principle_map", args=[trust_id]) if more else ""), *more)


@require_safe
def principle_map(request: HttpRequest, trust_id: UUID) -> HttpResponse:
    """Every school beside every principle; with `show=looser` only what is looser or contradicts."""
    scope = request.scope  # type: ignore[attr-defined]
    trust = queries.trust_of(scope, trust_id)
    schools = queries.schools_compared(scope)
    board = queries.principles_board(scope, [row.id for row in schools], clock.today())
    found = {school.id: {one.principle.ref: one for one in board.judged(school.id)} for school in schools}
    addresses = _addresses(board, schools)

    def urls(school: School, one: Judged) -> str:
        return _url(board, school, one, addresses)

    loose, doubts = _found(schools, found, urls, CONTRADICTS), _found(schools, found, urls, (How.DOUBT,))
    only = request.GET.get("show") == "looser"
    shown = [school for school in schools if not only or any(one.school == school for one in loose)]
    rows = _rows(board, shown, found, urls, {one.one.principle.ref for one in loose} if only else None)
    context = {
        "trust": trust, "parent": board.parent, "schools": shown, "loose": loose[:MOST], "more": max(0, len(loose) - MOST),
        "found": len(loose), "doubts": doubts, "only": only, "few": len(shown) <= FEW,
        "groups": [(heading, list(each)) for heading, each in groupby(rows, key=lambda row: row.heading)],
        "alone": [school for school in schools if board.sides[school.id].stand_alone], "key": list(How), "may_ask": not _load_denied(scope),
        "silent": [school for school in schools if _silent(board, school)], "breadcrumbs": _named(trust_id),
    }  # fmt: skip
    return render(request, "policies/principle_map.html", context)


def _load_denied(scope: Any) -> str:
    try:
        principles.check_can_load(scope)
    except Denied as denied:
        return denied.sentence
    return ""


def _silent(board: Board, school: School) -> bool:
    """Whether no text of the school answers the trust's."""
    side = board.sides[school.id]
    return board.parent is not None and not (side.stand_alone or side.adoption or side.version)


def _addresses(board: Board, schools: Sequence[School]) -> dict[UUID, str]:
    """The page of each school on which a pair is shown, with PLACE for the principle's number or the id of its clause."""
    urls = {}
    for school in schools:
        side = board.sides[school.id]
        if side.version is not None:
            urls[school.id] = reverse("policies:principle", args=[side.version.id, PLACE])
        elif side.adoption is not None:
            urls[school.id] = reverse("policies:clause", args=[NO_ID]).replace(str(NO_ID), PLACE)
        else:
            urls[school.id] = reverse("policies:take_parent", args=[school.ref])
    return urls


def _url(board: Board, school: School, one: Judged, urls: dict[UUID, str]) -> str:
    own = board.sides[school.id].adoption is None
    return urls[school.id].replace(PLACE, quote(one.principle.ref, safe="") if own else str(one.principle.clause_id))


def _found(schools: Sequence[School], found: Ones, urls: Callable[[School, Judged], str], hows: Sequence[How]) -> list[Found]:
    """What an officer looks at first, in this order: a contradiction nobody approved before what the comparison suggests."""
    pairs = ((school, one) for school in schools for one in found[school.id].values() if one.how in hows)
    return sorted((Found(school, one, urls(school, one)) for school, one in pairs), key=lambda row: hows.index(row.one.how))


def _rows(
    board: Board, schools: Sequence[School], found: Ones, urls: Callable[[School, Judged], str], refs: set[str] | None
) -> list[Row]:  # fmt: skip
    """Each principle that binds a school at least, in the order of the trust's text."""
    few = len(schools) <= FEW
    rows = []
    for principle in board.parent.principles if board.parent else ():
        ones = [(school, found[school.id].get(principle.ref)) for school in schools]
        if any(one for _, one in ones) and (refs is None or principle.ref in refs):
            cells = "".join(_cell(one, urls(school, one) if one else "", few) for school, one in ones)
            rows.append(Row(principle.ref, principle.text, principle.heading, SafeString(cells)))
    return rows


def _cell(one: Judged | None, url: str, few: bool) -> str:
    """A colour with a word, or with a letter and the word for those who hear the page. Addresses are quoted where they are made."""
    if one is None:
        return '<td class="pp-map__none"><span class="govuk-visually-hidden">Does not bind</span></td>'
    before, after = DRAWN[one.how, few]
    return f"{before}{url}{after}"


def _drawn(how: How, few: bool) -> tuple[str, str]:
    letter, words, tone = how.value
    shown = words if few else f'<span aria-hidden="true">{letter}</span><span class="govuk-visually-hidden">{words}</span>'
    return f'<td class="pp-how--{tone}"><a href="', f'">{shown}</a></td>'


DRAWN = {(how, few): _drawn(how, few) for how in How for few in (True, False)}


@require_http_methods(["GET", "POST"])
def load_parent(request: HttpRequest, trust_id: UUID) -> HttpResponse:
    """Choose the trust's text that its schools' policies are held against."""
    scope = request.scope  # type: ignore[attr-defined]
    queries.trust_of(scope, trust_id)
    offered = queries.parents_to_choose(scope)
    parent = queries.parent_text(scope, clock.today())
    form = ParentForm(sent(request), policies=offered, initial={"policy": str(parent.policy.id) if parent else ""})

    def act(told: dict[str, Any]) -> None:
        actions.load_parent(policy=_chosen(offered, told["policy"]), by=scope)

    if answered(request, form, act):
        messages.success(request, "It is recorded. The comparison with your schools' policies is made within the next minutes.")
        return redirect("policies:principle_map", trust_id)
    context = {
        "form": form, "heading": "The text your schools are held against", "button": "Save",
        "about": "Each of its statements becomes a principle that every school's policy is marked against.",
        "denied": _load_denied(scope),
        "breadcrumbs": _named(trust_id, ("The text", "")),
    }  # fmt: skip
    return render(request, "policies/review_form.html", context)


def _chosen(offered: Sequence[Policy], key: str) -> Policy | None:
    return next((row for row in offered if str(row.id) == key), None)


@require_http_methods(["GET", "POST"])
def take_parent(request: HttpRequest, school: str) -> HttpResponse:
    """Record how a school takes the trust's text, and which of its policies answers it."""
    scope = request.scope  # type: ignore[attr-defined]
    found = queries.policy_school(scope, school)
    offered = queries.own_policies(scope, found.id)
    board = queries.principles_at(scope, found.id, clock.today())
    side = board.sides[found.id]
    mode = Mode.STAND_ALONE if side.stand_alone else side.mode
    form = TakeForm(sent(request), policies=offered, initial={"mode": mode, "policy": str(side.version.policy_id) if side.version else ""})

    def act(told: dict[str, Any]) -> None:
        policy = _chosen(offered, told["policy"])
        actions.take_parent(school=found, policy=policy, mode=told["mode"], reason=told["reason"], by=scope)

    if answered(request, form, act):
        messages.success(request, "It is recorded.")
        return redirect("policies:list")
    context = {
        "form": form, "heading": "How the trust's text is taken", "button": "Save", "about": _about(found, board.parent),
        "denied": _why_not(scope, found), "breadcrumbs": trail((found.name, ""), ("How the trust's text is taken", "")),
    }  # fmt: skip
    return render(request, "policies/review_form.html", context)


def _about(school: School, parent: Parent | None) -> str:
    if parent is None:
        return f"{school.name}. The trust has loaded no text yet: a stand-alone school can be recorded as one."
    return f"{school.name} beside “{parent.policy.title}”."


def _why_not(scope: Any, school: School) -> str:
    try:
        principles.check_can_take(scope, school.id, changes_mode=False)
    except Denied as denied:
        return denied.sentence
    return ""


@require_http_methods(["GET", "POST"])
def ask_school(request: HttpRequest, school: str, ref: str) -> HttpResponse:
    """Ask a school about one principle: it comes up on the list of whoever owns its policies."""
    scope = request.scope  # type: ignore[attr-defined]
    found = queries.policy_school(scope, school)
    form = AskForm(sent(request), initial={"words": f"Your policy seems to ask for less than principle {ref}. Is that on purpose?"})
    if answered(request, form, lambda told: actions.ask_school(school=found, ref=ref, words=told["words"], by=scope)):
        messages.success(request, f"{found.name} is asked about principle {ref}.")
        return redirect("policies:principle_map", scope.trust_id)
    denied = ""
    try:
        principles.check_can_ask(scope, found.id)
    except Denied as refused:
        denied = refused.sentence
    context = {
        "form": form, "heading": f"Ask about principle {ref}", "button": "Ask the school", "about": found.name, "denied": denied,
        "breadcrumbs": _named(scope.trust_id, (f"Ask {found.name}", "")),
    }  # fmt: skip
    return render(request, "policies/review_form.html", context)

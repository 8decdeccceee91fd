"""The joining screen: what stands behind each clause, one clause at a time or as a list."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from schoolgate.common.errors import BadInput, Denied
from schoolgate.policies import actions, queries, rules
from schoolgate.policies.forms.documents import JoinForm
from schoolgate.policies.models import Clause, ClauseKind
from schoolgate.policies.rules import settling
from schoolgate.policies.views.answers import answered, trail
from schoolgate.policies.views.places import place_of, source

SHOWN = {
    "unjoined": ("Nothing behind them", [ClauseKind.UNJOINED]),
    "control": ("Carried by controls", [ClauseKind.CONTROL]),
    "attested": ("Confirmed by a person", [ClauseKind.ATTESTED]),
    "informational": ("Information only", [ClauseKind.INFORMATIONAL]),
    "all": ("All", list(ClauseKind)),
}
A_PAGE = 10


@dataclass(slots=True)
class Option:
    """One control as the joining screen offers it, with the parts a clause can be joined to alone."""

    control: str
    title: str
    promise: str
    why: str = ""
    score: float | None = None
    ticked: bool = False
    lines: list[tuple[str, str, bool]] = field(default_factory=list)  # name, meaning, ticked


def _option(control: str, *, ticked: bool = False, lines: list[str] | None = None, why: str = "", score: float | None = None) -> Option:
    row = rules.catalogue().get(control)
    if row is None:
        return Option(control, control, "This control is not in the catalogue any more.", why, score, ticked)
    parts = [(name, str(meaning), name in (lines or [])) for name, meaning in rules.lines_of(control).items()]
    return Option(control, row["title"], row["promise"], why, score, ticked, parts)


def offered(clause: Clause) -> list[Option]:
    """The suggestions of a clause, best first; ticked where it is joined to them."""
    joined = {join.control: join.lines for join in clause.joins.all()}
    return [
        _option(s["control"], ticked=s["control"] in joined, lines=joined.get(s["control"], s["lines"]), why=s["why"], score=s["score"])
        for s in clause.suggestions
    ]


@require_safe
def clauses(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """The clauses of a version as a list, those with nothing behind them first asked for."""
    scope = request.scope  # type: ignore[attr-defined]
    version = queries.version(scope, version_id)
    progress = queries.progress(scope, [version.id]).get(version.id, queries.Progress())
    show = request.GET.get("show") if request.GET.get("show") in SHOWN else "unjoined" if progress.unjoined else "all"
    page = Paginator(queries.clauses_shown(version, SHOWN[str(show)][1]), A_PAGE).get_page(request.GET.get("page"))
    counts = {"all": progress.total, **{key: getattr(progress, key) for key in SHOWN if key != "all"}}
    context = {
        "version": version, "progress": progress, "show": show, "page": page,
        "filters": [(key, words, counts[key]) for key, (words, _) in SHOWN.items()],
        "rows": [(row, offered(row), joined(row)) for row in page],
        "strong": queries.strong_suggestions(scope, version_id, rules.STRONG),
        "carrying": queries.carrying(scope, version) if rules.can_join(version, scope) else None,
        "may_edit": rules.can_join(version, scope),
        "breadcrumbs": _trail(version, "Clauses"),
    }  # fmt: skip
    return render(request, "policies/clause_list.html", context)


def joined(clause: Clause) -> list[Option]:
    """The controls that carry a clause."""
    return [_option(join.control, ticked=True, lines=join.lines) for join in clause.joins.all()]


def _trail(version: Any, *here: str) -> list[dict[str, str]]:
    policy = (version.policy.title, reverse("policies:detail", args=[version.policy_id]))
    own = (f"Version {version.number}", reverse("policies:version", args=[version.id]))
    listed = ("Clauses", reverse("policies:clauses", args=[version.id]) if len(here) > 1 else "")
    return trail(policy, own, listed, *[(text, "") for text in here[1:]])


@require_http_methods(["GET", "POST"])
def clause(request: HttpRequest, clause_id: UUID) -> HttpResponse:
    """One clause: its words, what it could be joined to, and the decision."""
    scope = request.scope  # type: ignore[attr-defined]
    found = queries.clause(scope, clause_id)
    searching = "search" in request.POST
    form = _form(request, found, searching)
    if not searching and answered(request, form, lambda told: _decide(request, found, told)):
        return _onwards(request, found)
    progress = queries.progress(scope, [found.version_id])[found.version_id]
    asked = request.POST.get("q", "")
    context = {
        "clause": found, "version": found.version, "form": form, "progress": progress,
        "options": _options(request, found), "found": _hits(found, asked, _ticked(request, found)), "q": asked, "searched": searching,
        "near": queries.neighbours(found), "settings": _settings(request, found),
        "denied": rules.refusal(rules.check_can_join, found.version, scope),
        "breadcrumbs": _trail(found.version, "Clauses", found.ref),
    }  # fmt: skip
    return render(request, "policies/clause_form.html", context)


def _settings(request: HttpRequest, found: Clause) -> list[tuple[str, str, str, str]]:
    """The settings a clause needs, as question, answer, who chose it, and where it is changed by whoever may look there."""
    scope = request.scope  # type: ignore[attr-defined]
    needs = settling.needs_of(found, [join.control for join in found.joins.all()])
    place = place_of(found.version.policy, scope)
    return [
        (str(one.told["question"]), settling.shown(key, one.value), source(one), place.url(key) if place else "")
        for key, one in queries.standings(scope, found.version.policy.school, keys=needs).items()
    ]


def _form(request: HttpRequest, found: Clause, searching: bool) -> JoinForm:
    kind = found.kind if found.kind != ClauseKind.UNJOINED else ClauseKind.CONTROL
    initial = {"kind": request.POST.get("kind", kind), "reason": request.POST.get("reason", found.reason)}
    return JoinForm(request.POST if request.method == "POST" and not searching else None, initial=initial)


def _ticked(request: HttpRequest, found: Clause) -> dict[str, list[str]]:
    """The controls ticked on the form, or those the clause is joined to, with their parts."""
    if request.method != "POST":
        return {join.control: join.lines for join in found.joins.all()}
    parts = [part.partition("#")[::2] for part in request.POST.getlist("line")]
    return {control: [line for of, line in parts if of == control] for control in request.POST.getlist("control")}


def _options(request: HttpRequest, found: Clause) -> list[Option]:
    """The suggestions, then whatever else is ticked."""
    ticked = _ticked(request, found)
    options = [
        _option(s["control"], ticked=s["control"] in ticked, lines=ticked.get(s["control"], s["lines"]), why=s["why"], score=s["score"])
        for s in found.suggestions
    ]
    listed = {option.control for option in options}
    return options + [_option(control, ticked=True, lines=lines) for control, lines in ticked.items() if control not in listed]


def _hits(found: Clause, asked: str, ticked: dict[str, list[str]]) -> list[Option]:
    """Controls found by word that are not on the list already."""
    listed = {s["control"] for s in found.suggestions} | set(ticked)
    return [_option(control) for control in rules.search(asked) if control not in listed]


def _decide(request: HttpRequest, found: Clause, told: dict[str, Any]) -> None:
    scope = request.scope  # type: ignore[attr-defined]
    if told["kind"] == ClauseKind.CONTROL:
        actions.join_clause(clause=found, controls=list(_ticked(request, found).items()), by=scope)
    elif told["kind"] == ClauseKind.ATTESTED:
        actions.mark_attested(clause=found, reason=told["reason"], by=scope)
    elif told["kind"] == ClauseKind.INFORMATIONAL:
        actions.mark_informational(clause=found, reason=told["reason"], by=scope)
    else:
        actions.unjoin_clause(clause=found, by=scope)


def _onwards(request: HttpRequest, found: Clause) -> HttpResponse:
    """To the next clause with nothing behind it, or back to the list the form came from."""
    after = queries.neighbours(found)["unjoined"]
    messages.success(request, f"{found.ref} is decided." if after else f"{found.ref} is decided, and it was the last one.")
    if after and "list" not in request.POST:
        return redirect("policies:clause", after.id)
    return redirect("policies:clauses", found.version_id)


@require_POST
def accept(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Join every clause that has a strong suggestion."""
    scope = request.scope  # type: ignore[attr-defined]
    version = queries.version(scope, version_id)
    try:
        number = actions.accept_suggestions(version=version, at_least=rules.STRONG, by=scope)
        messages.success(request, f"{number} clauses are joined to what was suggested. Each can still be changed.")
    except (BadInput, Denied) as refused:
        messages.error(request, refused.sentence)
    return redirect("policies:clauses", version_id)


@require_POST
def keep(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Carry decisions over from the version before."""
    scope = request.scope  # type: ignore[attr-defined]
    version = queries.version(scope, version_id)
    try:
        number = actions.keep_decisions(version=version, by=scope)
        messages.success(request, f"{number} clauses keep what was decided before. Each can still be changed.")
    except (BadInput, Denied) as refused:
        messages.error(request, refused.sentence)
    return redirect("policies:clauses", version_id)

"""What the text and law check found in a version, each with its decision."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from schoolgate.policies import actions, queries, rules
from schoolgate.policies.forms.documents import FindingForm, RepeatedFindingsForm
from schoolgate.policies.models import Citation, Clause, FindingDecision, PolicyVersion, TextFinding
from schoolgate.policies.views.answers import answered, trail

SEVERITIES = {
    "error": ("Wrong", "The words are out of date or cannot stand."),
    "warn": ("Look at it", "It may be right. Decide whether it is."),
    "info": ("Good to know", "Nothing has to change."),
}
SHOWN = {"open": "Undecided", "decided": "Decided", "all": "All"}
A_PAGE = 30
AROUND = 160
"""Letters of the clause shown on each side of the words that were found."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding with its form, and the words of its clause parted around the words that were found."""

    row: TextFinding
    form: FindingForm
    before: str
    quote: str
    after: str
    sources: list[str]


@dataclass(slots=True)
class Group:
    """The findings of one severity on this page."""

    severity: str
    heading: str
    meaning: str
    rows: list[Shown] = field(default_factory=list)


@require_safe
def findings(request: HttpRequest, version_id: UUID) -> HttpResponse:
    return _page(request, queries.version(request.scope, version_id))  # type: ignore[attr-defined]


def _page(request: HttpRequest, found: PolicyVersion, refused: tuple[str, FindingForm] | None = None) -> HttpResponse:
    """`refused` is a form that could not stand, with the id of its finding or the rule it was about."""
    scope = request.scope  # type: ignore[attr-defined]
    every = queries.findings_of(scope, found.id)
    undecided = [row for row in every if not row.decision]
    show = str(request.GET.get("show")) if request.GET.get("show") in SHOWN else "open" if undecided else "all"
    chosen = {"open": undecided, "decided": [row for row in every if row.decision], "all": every}
    page = Paginator(chosen[show] if not refused else every, A_PAGE).get_page(request.GET.get("page"))
    may_edit = rules.can_join(found, scope)
    context = {
        "version": found, "page": page, "total": len(every), "undecided": len(undecided), "show": show,
        "groups": _groups(page, refused), "repeats": _repeats(undecided, refused) if may_edit else [],
        "filters": [(key, words, len(chosen[key])) for key, words in SHOWN.items()],
        "sent": refused[1] if refused else None, "page_has_errors": refused is not None, "may_edit": may_edit,
        "in_order": _in_order(queries.citations_in(scope, [found.id])), "breadcrumbs": _trail(found),
    }  # fmt: skip
    return render(request, "policies/finding_list.html", context)


def _in_order(rows: Sequence[Citation]) -> list[tuple[str, list[Clause]]]:
    """Law and guidance in order, each once, with the clauses that cite it."""
    found: dict[str, tuple[str, list[Clause]]] = {}
    for row in rows:
        _, clauses = found.setdefault(rules.same_words(row.quote), (row.quote, []))
        if row.clause:
            clauses.append(row.clause)
    return sorted(found.values(), key=lambda pair: pair[0].lower())


def _trail(found: PolicyVersion) -> list[dict[str, str]]:
    policy = (found.policy.title, reverse("policies:detail", args=[found.policy_id]))
    return trail(policy, (f"Version {found.number}", reverse("policies:version", args=[found.id])), ("Findings", ""))


def _groups(rows: Any, refused: tuple[str, FindingForm] | None) -> list[Group]:
    groups = {key: Group(key, *words) for key, words in SEVERITIES.items()}
    for row in rows:
        form = refused[1] if refused and refused[0] == str(row.id) else _form(row)
        groups[row.severity if row.severity in groups else "info"].rows.append(_shown(row, form))
    return [group for group in groups.values() if group.rows]


def _shown(row: TextFinding, form: FindingForm) -> Shown:
    """The found words within their clause; alone where they stand in a heading or nowhere in particular."""
    text = row.clause.text if row.clause else ""
    at = text.lower().find(row.quote.lower()) if row.quote else -1
    sources = rules.sources_for_people(row.sources)
    if at < 0:
        return Shown(row, form, "", row.quote, "", sources)
    end = at + len(row.quote)
    before = ("…" if at > AROUND else "") + text[max(at - AROUND, 0) : at]
    return Shown(row, form, before, text[at:end], text[end : end + AROUND] + ("…" if len(text) - end > AROUND else ""), sources)


def _repeats(undecided: Sequence[TextFinding], refused: tuple[str, FindingForm] | None) -> list[tuple[str, int, str, FindingForm]]:
    """Rules that found several things nobody has decided: decided together with one form each."""
    by_rule: dict[str, list[TextFinding]] = {}
    for row in undecided:
        by_rule.setdefault(row.rule, []).append(row)
    return [
        (rule, len(rows), rows[0].message, refused[1] if refused and refused[0] == rule else _rule_form(rule))
        for rule, rows in by_rule.items()
        if len(rows) > 1
    ]


def _form(row: TextFinding, given: Any = None) -> FindingForm:
    return FindingForm(given, prefix=f"f{row.id.hex[:12]}", initial={"decision": row.decision, "reason": row.reason})


def _rule_form(rule: str, given: Any = None) -> RepeatedFindingsForm:
    return RepeatedFindingsForm(given, prefix=f"r{rule}", initial={"rule": rule})


@require_POST
def decide(request: HttpRequest, finding_id: UUID) -> HttpResponse:
    """Say what is done about one finding."""
    scope = request.scope  # type: ignore[attr-defined]
    row = queries.finding(scope, finding_id)
    form = _form(row, request.POST)
    if answered(request, form, lambda told: actions.decide_finding(finding=row, by=scope, **told)):
        messages.success(request, f"{FindingDecision(form.cleaned_data['decision']).label}: decided.")
        return redirect(_next_open(request, row))
    return _page(request, queries.version(scope, row.version_id), (str(row.id), form))


def _next_open(request: HttpRequest, decided: TextFinding) -> str:
    """To the next one nobody has decided, so that deciding goes on from one to the next."""
    rows = [row for row in queries.findings_of(request.scope, decided.version_id) if not row.decision]  # type: ignore[attr-defined]
    near = f"#finding-{rows[0].id}" if rows else ""
    return reverse("policies:findings", args=[decided.version_id]) + near


@require_POST
def decide_rule(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """The same decision for everything one rule found and nobody has decided yet."""
    scope = request.scope  # type: ignore[attr-defined]
    found = queries.version(scope, version_id)
    rule = request.POST.get("rule", "")[:20]
    form = _rule_form(rule, request.POST)
    number: list[int] = []
    if answered(request, form, lambda told: number.append(actions.decide_findings(version=found, by=scope, **{**told, "rule": rule}))):
        messages.success(request, f"{number[0]} findings are decided together.")
        return redirect("policies:findings", version_id)
    return _page(request, found, (rule, form))

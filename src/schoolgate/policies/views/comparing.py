"""Two versions side by side: what an approver reads before deciding."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from schoolgate import policytext
from schoolgate.policies import queries, rules
from schoolgate.policies.models import Clause, ClauseKind, PolicyVersion
from schoolgate.policies.views.answers import steps, trail

A_PAGE = 50
UNCHANGED = ("kept",)


@dataclass(frozen=True, slots=True)
class Row:
    """One change as the page shows it: the words of both texts, and what stands behind each."""

    change: policytext.Change
    label: str
    heading: str
    carried_before: list[str]
    carried_after: list[str]
    clause: Clause | None  # of the newer text, to go to

    @property
    def left(self) -> list[tuple[str, str]]:
        """The older words, what went marked."""
        return [piece for piece in self.change.pieces if piece[0] != "added"]

    @property
    def right(self) -> list[tuple[str, str]]:
        """The newer words, what came marked."""
        return [piece for piece in self.change.pieces if piece[0] != "removed"]


@require_safe
def compare(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """What changed against the version before, or one that is chosen; only changes unless everything is asked for."""
    scope = request.scope  # type: ignore[attr-defined]
    version = queries.version(scope, version_id)
    others = queries.earlier(scope, version)
    before = next((row for row in others if str(row.number) == request.GET.get("with")), next(iter(others), None))
    context: dict[str, Any] = {
        "version": version, "before": before, "others": others, "all": request.GET.get("show") == "all",
        "steps": steps(version, scope) if version.state == "in_review" else [],
        "breadcrumbs": _trail(version),
    }  # fmt: skip
    if before:
        every = queries.changes(before, version)
        shown = [change for change in every if context["all"] or change.kind not in UNCHANGED]
        page = Paginator(shown, A_PAGE).get_page(request.GET.get("page"))
        old = queries.clauses_changed(scope, before, {ref for change in page for ref in change.before})
        new = queries.clauses_changed(scope, version, {ref for change in page for ref in change.after})
        counts = rules.change_counts(every)
        context |= {
            "page": page,
            "rows": [_row(change, old, new) for change in page],
            "counts": [(rules.CHANGES[kind], counts[kind]) for kind in rules.CHANGES if kind not in UNCHANGED],
            "same": counts["kept"],
        }
    return render(request, "policies/version_compare.html", context)


def _trail(version: PolicyVersion) -> list[dict[str, str]]:
    policy = (version.policy.title, reverse("policies:detail", args=[version.policy_id]))
    own = (f"Version {version.number}", reverse("policies:version", args=[version.id]))
    return trail(policy, own, ("What changed", ""))


def _row(change: policytext.Change, before: dict[str, Clause], after: dict[str, Clause]) -> Row:
    old, new = [before[ref] for ref in change.before], [after[ref] for ref in change.after]
    label = rules.CHANGES[change.kind] + (" and moved" if change.moved and change.kind != "moved" else "")
    heading = " › ".join((new or old)[0].path)
    return Row(change, label, heading, _carried(old), _carried(new), next(iter(new), None))


def _carried(clauses: Iterable[Clause]) -> list[str]:
    """What stands behind clauses, in words, each once."""
    told: list[str] = []
    for clause in clauses:
        if clause.kind == ClauseKind.CONTROL:
            told += [rules.title_of_control(join.control) for join in clause.joins.all()]
        else:
            told.append(f"{clause.get_kind_display()}{': ' if clause.reason else ''}{clause.reason}")
    return list(dict.fromkeys(told))

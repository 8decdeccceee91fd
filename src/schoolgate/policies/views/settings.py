"""The settings of the trust and of each school: what waits for a decision, what counts, why, and which clauses need it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from schoolgate.common.errors import NotFound
from schoolgate.people.permissions import Permission
from schoolgate.policies import actions, queries, rules
from schoolgate.policies.forms.documents import UseForm
from schoolgate.policies.forms.settings import SettingForm
from schoolgate.policies.models import ClauseUse, SettingChoice
from schoolgate.policies.rules import choices, settling
from schoolgate.policies.rules.settling import Need, Settled
from schoolgate.policies.views.answers import answered, sent, trail
from schoolgate.policies.views.places import Place, source

WAITING, ALL = "waiting", "all"
NEEDS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Line:
    """One setting in the list."""

    key: str
    question: str
    value: str
    source: str
    waits: bool
    locked: bool
    url: str
    asks: Sequence[str]
    needs: Sequence[Need]
    more: int


@require_safe
def settings_places(request: HttpRequest) -> HttpResponse:
    """The trust and the schools whose settings the person may see; straight on where there is only one."""
    scope = request.scope  # type: ignore[attr-defined]
    places = [Place(row.name, row, scope.trust_id) for row in queries.settings_schools(scope)]
    if scope.may(Permission.SETTING_VIEW, None):
        places.insert(0, Place("The trust, for all its schools", None, scope.trust_id))
    if len(places) == 1:
        return redirect(places[0].url())
    context = {"places": [(one.name, one.url()) for one in places], "breadcrumbs": trail(("Settings", ""))}
    return render(request, "policies/setting_places.html", context)


@require_safe
def settings_trust(request: HttpRequest, trust_id: UUID) -> HttpResponse:
    """What the trust has chosen, and what waits for it."""
    return _list(request, _trust(request, trust_id))


@require_safe
def settings_school(request: HttpRequest, school: str) -> HttpResponse:
    """What counts at a school, and what waits for a decision there."""
    return _list(request, _school(request, school))


@require_http_methods(["GET", "POST"])
def setting_trust(request: HttpRequest, trust_id: UUID, key: str) -> HttpResponse:
    return _one(request, _trust(request, trust_id), key)


@require_http_methods(["GET", "POST"])
def setting_school(request: HttpRequest, school: str, key: str) -> HttpResponse:
    return _one(request, _school(request, school), key)


def _trust(request: HttpRequest, trust_id: UUID) -> Place:
    found = queries.settings_trust(request.scope, trust_id)  # type: ignore[attr-defined]
    return Place(found.name, None, found.id)


def _school(request: HttpRequest, ref: str) -> Place:
    found = queries.settings_school(request.scope, ref)  # type: ignore[attr-defined]
    return Place(found.name, found, found.trust_id)


def _needed(request: HttpRequest, place: Place) -> dict[str, list[Need]]:
    scope = request.scope  # type: ignore[attr-defined]
    versions = queries.versions_in_force(scope, place.school.id) if place.school else queries.trust_versions(scope)
    return queries.settings_needed(scope, versions)


# ------------------------------------------------------------------ the list


def _list(request: HttpRequest, place: Place) -> HttpResponse:
    needs, stands = _needed(request, place), queries.standings(request.scope, place.school)  # type: ignore[attr-defined]
    asked_for = {*needs, *(() if place.school else queries.needed_of_trust(request.scope))}  # type: ignore[attr-defined]
    at_school = place.school is not None
    waiting = [key for key, one in stands.items() if settling.needs_decision(one, key in asked_for, at_school=at_school)]
    asked = request.GET.get("q", "").strip()
    show = request.GET.get("show", WAITING if waiting else ALL)
    keys = [key for key in _ordered(stands, waiting) if _fits(key, show, asked, waiting)]
    groups = choices.groups()
    context = {
        "at": place, "q": asked, "show": "" if asked else show, "waiting": len(waiting), "total": len(stands),
        "shows": [(WAITING, "Needs a decision", len(waiting)), (ALL, "All", len(stands))], "subjects": _subjects(stands),
        "by_subject": not asked and show in groups,
        "lines": [(groups[stands[key].told["group"]], _line(place, stands[key], needs.get(key, []), key in waiting)) for key in keys],
        "breadcrumbs": trail(("Settings", reverse("policies:settings")), (place.name, "")),
    }  # fmt: skip
    return render(request, "policies/setting_list.html", context)


def _ordered(stands: Mapping[str, Settled], waiting: Sequence[str]) -> list[str]:
    """By heading in the order of the file; under each, what needs a decision first."""
    order = list(choices.groups())
    return sorted(stands, key=lambda key: (order.index(stands[key].told["group"]), key not in waiting))


def _fits(key: str, show: str, asked: str, waiting: Sequence[str]) -> bool:
    told = choices.setting(key)
    if asked:
        text = f"{told['question']} {key} {' '.join(str(row['label']) for row in told.get('options', ()))}".lower()
        return all(word in text for word in asked.lower().split())
    return key in waiting if show == WAITING else show == ALL or told["group"] == show


def _subjects(stands: Mapping[str, Settled]) -> list[tuple[str, str, int]]:
    held = [one.told["group"] for one in stands.values()]
    return [(group, words, held.count(group)) for group, words in choices.groups().items()]


def _line(place: Place, one: Settled, needs: Sequence[Need], waits: bool) -> Line:
    words = list(dict.fromkeys(need.word for need in needs if need.word))
    return Line(
        one.key, str(one.told["question"]), settling.shown(one.key, one.value), source(one), waits, one.locked,
        place.url(one.key), [settling.asked_as(word, one.told) for word in words], needs[:NEEDS_SHOWN], max(0, len(needs) - NEEDS_SHOWN),
    )  # fmt: skip


# ------------------------------------------------------------------ one setting


def _one(request: HttpRequest, place: Place, key: str) -> HttpResponse:
    """One setting: what counts, its limits and why, who may change it, which clauses need it, and everything chosen before."""
    scope = request.scope  # type: ignore[attr-defined]
    if key not in choices.settings():
        raise NotFound("There is no such setting")
    one = queries.standings(scope, place.school, keys=[key])[key]
    denied = rules.why_not_choose(one.told, place.school.id if place.school else None, scope)
    form = SettingForm(sent(request), told=one.told, value=one.value)

    def act(told: dict[str, Any]) -> None:
        row = actions.choose_setting(
            key=key, value=form.value, school=place.school, reason=told["reason"], approver=told["approver"], by=scope
        )
        said = settling.shown(key, form.value)
        messages.success(request, f"The trust is asked about this: {said}." if row.asks_trust else f"It is recorded: {said}.")

    if answered(request, form, act):
        return redirect(place.url(key))
    asked = queries.departure_at(scope, key, place.school) if place.school else None
    history = [_past(row) for row in queries.setting_history(scope, key, place.school)]
    context = {
        "at": place, "form": form, "denied": denied, "one": one, "limits": settling.limits(key),
        "line": _line(place, one, _needed(request, place).get(key, []), waits=False),
        "asked": asked, "asked_value": settling.shown(key, asked.value) if asked else "",
        "trust_value": settling.shown(key, one.trust_value) if place.school else "",
        "who": settling.WHO.get(one.told.get("change_by", ""), ""),
        "columns": ["When", "Who", "For", "Answer", "Reason", "Approved by"], "history": history,
        "breadcrumbs": trail(("Settings", reverse("policies:settings")), (place.name, place.url()), (str(one.told["question"]), "")),
    }  # fmt: skip
    return render(request, "policies/setting_form.html", context)


def _past(row: SettingChoice) -> list[Any]:
    by = str(row.chosen_by) if row.chosen_by else "The system"
    where = row.school.name if row.school else "The trust"
    return [{"moment": row.chosen_at}, by, where, settling.shown(row.key, row.value), row.reason, _approval(row)]


def _approval(row: SettingChoice) -> str:
    """Who stands behind a departure, or what became of asking the trust."""
    if not row.asks_trust:
        return row.approver
    answer = getattr(row, "answer", None)
    if answer is None:
        return "The trust was asked"
    return f"The trust {'agreed' if answer.agreed else 'did not agree'}: {answer.why} ({answer.answered_by})"


# ------------------------------------------------------------------ whose use a clause is about


@require_http_methods(["GET", "POST"])
def clause_use(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Say of many clauses at once whose use of social media they are about."""
    scope = request.scope  # type: ignore[attr-defined]
    version = queries.version(scope, version_id)
    form = UseForm(sent(request))

    def act(told: dict[str, Any]) -> None:
        number = actions.tag_clauses(version=version, refs=request.POST.getlist("ref"), use=told["use"], by=scope)
        messages.success(request, f"{number} {'clause is' if number == 1 else 'clauses are'} marked.")

    if answered(request, form, act):
        return redirect("policies:clause_use", version_id)
    clauses = queries.clauses_of(scope, version_id)
    here = (version.policy.title, reverse("policies:detail", args=[version.policy_id]))
    own = (f"Version {version.number}", reverse("policies:version", args=[version.id]))
    context = {
        "version": version, "form": form, "open": [row for row in clauses if not row.use],
        "done": [(ClauseUse(row.use).label, row) for row in clauses if row.use], "total": len(clauses),
        "denied": rules.refusal(rules.check_can_join, version, scope), "breadcrumbs": trail(here, own, ("Whose use", "")),
    }  # fmt: skip
    return render(request, "policies/clause_use.html", context)

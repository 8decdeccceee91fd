"""Who is asked to sign and when a signature still stands. Pure: days and rows come from outside.

Source: catalogue/controls.yaml, agreements.signed_by_everyone; settings agree.* and scope.people_covered.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from schoolgate import data
from schoolgate.agreements.models import Kind
from schoolgate.common import clock, workingdays
from schoolgate.contracts.controls import Standing
from schoolgate.people.models import Category
from schoolgate.people.rules import catalogue_number

CONTROL = "agreements.signed_by_everyone"

# scope.people_covered speaks of groups, the register of categories. Friends of the school stand on the register as volunteers.
CATEGORY_OF = {
    "employees": Category.EMPLOYEE,
    "trust_staff": Category.EMPLOYEE,
    "supply": Category.SUPPLY,
    "governors": Category.GOVERNOR,
    "volunteers": Category.VOLUNTEER,
    "trainees": Category.TRAINEE,
    "friends_association": Category.VOLUNTEER,
}
"""Contractors are left out: agreements.signed_before_start counts them."""

EVERYBODY = frozenset(str(category) for category in Category)

LINE_OF = {
    Category.EMPLOYEE: "staff",
    Category.SUPPLY: "staff",
    Category.GOVERNOR: "governors",
    Category.VOLUNTEER: "volunteers_and_trainees",
    Category.TRAINEE: "volunteers_and_trainees",
}

_WORST_FIRST = (Standing.BROKEN, Standing.DUE, Standing.LAPSING, Standing.GOOD)


@dataclass(frozen=True, slots=True)
class Terms:
    """The school's own numbers: who signs, in how many days, and after how many months again (None: only for a new version)."""

    categories: frozenset[str]
    sign_days: int
    resign_days: int
    renew_months: int | None
    reminder_days: int
    remind_days: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where one person stands with the forms they are asked to sign. `due_on` is the last day on which signing is in time."""

    standing: Standing
    due_on: date | None = None
    why: str = ""


def terms_of(params: Mapping[str, Any]) -> Terms:
    """The terms from the control's parameters, settings already resolved."""
    groups = params["signing_categories"]
    return Terms(
        categories=frozenset(str(CATEGORY_OF[group]) for group in groups if group in CATEGORY_OF),
        sign_days=params["sign_days"],
        resign_days=params["resign_days"],
        renew_months=params["renew_months"] if "each_autumn" in params["resign_when"] else None,
        reminder_days=params["reminder_days"],
        remind_days=params.get("remind_days", catalogue_number(CONTROL, "remind_days")),
    )


def terms_for(kind: str, held: Terms) -> Terms:
    """The terms of one kind of form: a companion code is signed again each cycle_months, a sheet only when its words change."""
    if kind == Kind.CODE:
        return replace(held, renew_months=catalogue_number("agreements.linked_codes_signed", "cycle_months"))
    return held if kind == Kind.POLICY else replace(held, renew_months=None)


def params_from(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The control's parameters with the school's settings put in, for pages that ask outside a reading."""
    entry = next(entry for entry in data.load("catalogue/controls.yaml")["controls"] if entry["id"] == CONTROL)
    return {name: settings[one["setting"]] if "setting" in one else one["default"] for name, one in entry["parameters"].items()}


def judge(*, category: str, joined: date, signed_on: date | None, since: date, terms: Terms, on: date) -> Verdict:
    """One person in one category and one form. `signed_on` is their latest signature on the current material version.

    `since` is the first day on which that version could be signed. A governor signs again in each term of office, so a signature
    from before the present term does not count for that line.
    """
    if signed_on and category == Category.GOVERNOR and signed_on < joined:
        signed_on = None
    if signed_on is None:
        last = max(last_day(joined, terms.sign_days), last_day(since, terms.resign_days))
        return Verdict(Standing.DUE if on <= last else Standing.BROKEN, last, "Not signed")
    if terms.renew_months is None:
        return Verdict(Standing.GOOD)
    lapses = workingdays.add_days(signed_on, terms.renew_months, "months")
    last = lapses - timedelta(days=1)
    if on >= lapses:
        return Verdict(Standing.BROKEN, last, f"Signed on {clock.in_words(signed_on)}, which is {terms.renew_months} months ago or more")
    if on >= lapses - timedelta(days=terms.remind_days):
        return Verdict(Standing.LAPSING, last, f"Signed on {clock.in_words(signed_on)}; to be signed again by {clock.in_words(last)}")
    return Verdict(Standing.GOOD, None, f"Signed on {clock.in_words(signed_on)}")


def last_day(start: date, days: int) -> date:
    """The last day on which fewer than `days` days have passed since `start`."""
    return start + timedelta(days=days - 1)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict that decides; of equals the one that runs out first."""
    return min(verdicts, key=lambda verdict: (_WORST_FIRST.index(verdict.standing), verdict.due_on or date.max))

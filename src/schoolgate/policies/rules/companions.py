"""Which documents a text tells people to read beside it, and how one of them stands on a day. Pure."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from schoolgate import data
from schoolgate.common import clock
from schoolgate.common.workingdays import add_days
from schoolgate.contracts.controls import Standing
from schoolgate.policies import rules
from schoolgate.policies.models import Clause, Companion, CompanionCheck, CompanionEdition

CONTROL = "policies.companions_current"
YEARLY = re.compile(r"safeguarding|child protection", re.IGNORECASE)
_WORD = r"[A-Z][\w'’&-]*"
_NAMED = re.compile(
    rf"\b((?:{_WORD}(?:,? (?:(?:and|of|for|in|on|&) )?{_WORD}){{0,6}} )?(?:Policy|Code|Procedures?|Protocol|Agreement)\b(?: of {_WORD})?)"
)
_OPENERS = re.compile(r"^(?:The|Our|This|See|Please|Also|Their|A|An|In|Under|Read)\s+")


def named_in(clauses: Iterable[Clause], own_titles: Iterable[str]) -> dict[str, Clause]:
    """The documents that clauses name, each with the first clause that does; the policies themselves are left out."""
    own = {_plain(title) for title in own_titles}
    found: dict[str, tuple[str, Clause]] = {}
    for clause in clauses:
        for hit in _NAMED.finditer(clause.text):
            title = _OPENERS.sub("", hit.group(1))
            if " " in title and _plain(title) not in own:
                found.setdefault(_plain(title), (title[:200], clause))
    return dict(found.values())


def _plain(title: str) -> str:
    return " ".join(re.findall(r"\w+", title.lower()))


def is_yearly(title: str) -> bool:
    """Of a kind that must be renewed every year (catalogue, yearly_kinds)."""
    return bool(YEARLY.search(title))


def parameters() -> dict[str, Any]:
    """The numbers of policies.companions_current, and the shared one it uses."""
    shared = data.load("catalogue/controls.yaml")["shared_parameters"]
    own = {name: rules.parameter(CONTROL, name) for name in ("link_check_days", "link_fix_days")}
    return {**own, "remind_days": shared["remind_days"]["default"]}


def latest(rows: Iterable[Any], on: date, when: str) -> Any:
    """The last row up to the end of a day; None where there is none."""
    return max((row for row in rows if clock.local_date(getattr(row, when)) <= on), key=lambda row: getattr(row, when), default=None)


def out_of_date_on(companion: Companion, edition: CompanionEdition) -> date | None:
    """The last day on which an edition is in date; None where nothing ends it."""
    days = [edition.review_on] if edition.review_on else []
    return min([*days, *([add_days(edition.dated, 12, "months")] if companion.yearly else [])], default=None)


def stands(companion: Companion, on: date, params: Mapping[str, Any]) -> tuple[Standing, str, date | None]:
    """How a companion stands on a day, why, and when time runs out; editions and checks fetched along."""
    edition: CompanionEdition | None = latest(companion.editions.all(), on, "recorded_at")
    if edition is None:
        return Standing.BROKEN, "Nobody has said where it is.", None
    ends = out_of_date_on(companion, edition)
    if ends and on > ends:
        return Standing.BROKEN, f"It is out of date since {clock.in_words(ends)}.", ends
    if companion.outside and on > add_days(clock.local_date(edition.recorded_at), 12, "months"):
        return Standing.BROKEN, "Nobody has looked for a new edition for 12 months.", None
    opens = _opens(companion, on, params)
    if opens[0] != Standing.GOOD:
        return opens
    if ends and ends - timedelta(days=int(params["remind_days"])) <= on:
        return Standing.LAPSING, f"It goes out of date on {clock.in_words(ends)}.", ends
    return Standing.GOOD, "", ends


def _opens(companion: Companion, on: date, params: Mapping[str, Any]) -> tuple[Standing, str, date | None]:
    checks = sorted(
        (row for row in companion.checks.all() if clock.local_date(row.checked_at) <= on), key=lambda row: row.checked_at, reverse=True
    )
    if not checks or (on - clock.local_date(checks[0].checked_at)).days > int(params["link_check_days"]):
        return Standing.BROKEN, "Nobody has tried to open it lately.", None
    if checks[0].opened:
        return Standing.GOOD, "", None
    first = clock.local_date(_first_failure(checks).checked_at)
    due_on = first + timedelta(days=int(params["link_fix_days"]))
    standing = Standing.DUE if on < due_on else Standing.BROKEN
    return standing, "It did not open when somebody last tried.", due_on


def _first_failure(newest_first: list[CompanionCheck]) -> CompanionCheck:
    """Where the present run of failures began."""
    failed = newest_first[0]
    for row in newest_first:
        if row.opened:
            break
        failed = row
    return failed

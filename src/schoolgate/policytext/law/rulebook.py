"""The rules about citations and unsafe sentences, made ready to use, and the dated editions of guidance."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from schoolgate.policytext.law.guidance import titles_pattern
from schoolgate.policytext.law.shelf import shelf


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the shelf, its patterns compiled. ``register`` says that a hit is listed, never shown as something to mend.

    ``acts`` names Acts with the years the rule is about; no years: the Act named without one, or in a year it has none of.
    """

    id: str
    title: str
    kind: str
    pattern: re.Pattern[str] | None
    acts: Mapping[str, frozenset[int]]
    guidance: re.Pattern[str] | None
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    whole: re.Pattern[str] | None
    status: str
    severity: str
    register: bool
    history_sensitive: bool
    edition_of: str | None
    target: str | None
    replaced_by: str | None
    suggest: str | None
    effective_from: date | None
    nations: frozenset[str]
    explain: str
    report_once: bool
    confidence: str
    sources: tuple[str, ...]


@cache
def rules() -> tuple[Rule, ...]:
    """All rules of the shelf in its order."""
    return tuple(_rule(row) for row in shelf()["rules"])


@cache
def dated_by_rule() -> frozenset[tuple[str, int]]:
    """Acts with a year that some rule is about already."""
    return frozenset((title, year) for rule in rules() for title, years in rule.acts.items() for year in years)


def _rule(row: Mapping[str, Any]) -> Rule:
    status = shelf()["statuses"][row["status"]]
    return Rule(
        id=row["id"],
        title=row["title"],
        kind=row.get("kind", "pattern"),
        pattern=_compiled(row.get("pattern")),
        acts={title: frozenset(years) for title, years in row.get("acts", {}).items()},
        guidance=titles_pattern(row),
        before=_compiled(row.get("unless_before")),
        after=_compiled(row.get("unless_after")),
        whole=_compiled(row.get("unless_whole")),
        status=row["status"],
        severity=row.get("severity") or status["severity"],
        register=status["shows_as"] == "register",
        history_sensitive=status["history_sensitive"],
        edition_of=row.get("edition_of"),
        target=row.get("target_pattern"),
        replaced_by=row["replaced_by"],
        suggest=row.get("suggest"),
        effective_from=row["effective_from"],
        nations=frozenset(row["nation"]),
        explain=row["explain"],
        report_once=bool(row.get("report_once")),
        confidence=row["confidence"],
        sources=tuple(row["sources"]),
    )


def _compiled(pattern: str | None) -> re.Pattern[str] | None:
    return re.compile(pattern, re.IGNORECASE) if pattern else None


def edition_status(key: str, year: int, on: date, editions: Mapping[str, Any] | None = None) -> tuple[str, date | None]:
    """How an edition of guidance stands on a day: current, superseded, not_yet_in_force or unknown_edition.

    The second value is the first day it was out of date, for a superseded edition whose last day is known. ``editions`` stands in for the
    shelf's own table, to ask about an edition that is not on it yet.
    """
    rows = (editions or shelf()["editions"])[key]["editions"]
    cited = [row for row in rows if year == row["year"] or year in row.get("also_cited_as", ())]
    if not cited:
        newest = max(row["year"] for row in rows)
        return ("superseded", None) if year < newest else ("unknown_edition", None)
    if any(row["in_force_from"] <= on and (row["in_force_to"] is None or on <= row["in_force_to"]) for row in cited):
        return "current", None
    if all(row["in_force_from"] > on for row in cited):
        return "not_yet_in_force", None
    ends = [row["in_force_to"] for row in cited if row["in_force_to"] and row["in_force_to"] < on]
    return "superseded", max(ends) + timedelta(days=1) if ends else None


def edition_to_cite(key: str, on: date) -> str | None:
    """The edition in force on a day as a clerk would cite it: its title, its year and since when; None where none was."""
    table = shelf()["editions"][key]
    held = [row for row in table["editions"] if row["in_force_from"] <= on and (row["in_force_to"] is None or on <= row["in_force_to"])]
    if not held:
        return None
    newest = max(held, key=lambda row: row["in_force_from"])
    since = f"{newest['in_force_from'].day} {newest['in_force_from']:%B %Y}"
    return f"{table['title']}, {newest['year']} edition ({newest.get('label') or f'in force since {since}'})"


def with_edition(added: Mapping[str, Any]) -> dict[str, Any]:
    """The editions of the shelf with one more; the one before it ends on the day before it starts."""
    editions = dict(shelf()["editions"])
    key = added["edition_of"]
    rows = [dict(row) for row in editions[key]["editions"]]
    for row in rows:
        if row["in_force_to"] is None:
            row["in_force_to"] = added["in_force_from"] - timedelta(days=1)
    row = {name: value for name, value in added.items() if name != "edition_of"}
    editions[key] = {**editions[key], "editions": [*rows, {"in_force_to": None, **row}]}
    return editions

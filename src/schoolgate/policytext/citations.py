"""The rule engine: finds out-of-date law, guidance, names and unsafe sentences by the rules in ``rules/citations.yaml``.

How text is prepared and when a hit is dropped follows the section ``matching`` of that file to the letter.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any

from schoolgate import data

_SHELF = "rules/citations.yaml"
_SINGLE = dict.fromkeys(map(ord, "‘’‚‛′`´ʼ"), "'")
_DOUBLE = dict.fromkeys(map(ord, "“”„‟″«»"), '"')
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"), "-")
_SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u202f"), " ")
_TABLE = {**_SINGLE, **_DOUBLE, **_DASHES, **_SPACES, 0x00AD: None, 0x200B: None}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the shelf, its patterns compiled. ``register`` says that a hit is listed, never shown as something to mend."""

    id: str
    title: str
    kind: str
    pattern: re.Pattern[str]
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    status: str
    severity: str
    register: bool
    history_sensitive: bool
    edition_of: str | None
    target: str | None
    replaced_by: str | None
    effective_from: date | None
    nations: frozenset[str]
    explain: str
    report_once: bool
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that holds at one place of one text. ``since`` is the first day the words were out of date, where that is known."""

    rule: Rule
    quote: str
    status: str
    severity: str
    register: bool
    since: date | None


@dataclass(frozen=True, slots=True)
class _View:
    """What a rule looks at: one text, the whole it is part of, the day, and the editions known (None: those of the shelf)."""

    text: str
    whole: str
    on: date
    editions: Mapping[str, Any] | None


def prepare(text: str) -> str:
    """Text as the rules expect it: straight quotes, plain dashes, single spaces."""
    return " ".join(text.translate(_TABLE).split())


def shelf() -> dict[str, Any]:
    """The rule file as loaded; read it, never change it."""
    return data.load(_SHELF)


@cache
def rules() -> tuple[Rule, ...]:
    """All rules of the shelf in its order."""
    return tuple(_rule(row) for row in shelf()["rules"])


def _rule(row: Mapping[str, Any]) -> Rule:
    status = shelf()["statuses"][row["status"]]
    return Rule(
        id=row["id"],
        title=row["title"],
        kind=row.get("kind", "pattern"),
        pattern=re.compile(row["pattern"], re.IGNORECASE),
        before=_compiled(row.get("unless_before")),
        after=_compiled(row.get("unless_after")),
        status=row["status"],
        severity=row.get("severity") or status["severity"],
        register=status["shows_as"] == "register",
        history_sensitive=status["history_sensitive"],
        edition_of=row.get("edition_of"),
        target=row.get("target_pattern"),
        replaced_by=row["replaced_by"],
        effective_from=row["effective_from"],
        nations=frozenset(row["nation"]),
        explain=row["explain"],
        report_once=bool(row.get("report_once")),
        sources=tuple(row["sources"]),
    )


def _compiled(pattern: str | None) -> re.Pattern[str] | None:
    return re.compile(pattern, re.IGNORECASE) if pattern else None


@cache
def _history() -> tuple[re.Pattern[str], re.Pattern[str], int]:
    matching = shelf()["matching"]
    history = matching["history"]
    return re.compile(history["before"], re.IGNORECASE), re.compile(history["after"], re.IGNORECASE), matching["context_chars"]


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


def hits(
    text: str, *, on: date, nation: str = "england", whole: str | None = None, editions: Mapping[str, Any] | None = None
) -> Iterator[Hit]:
    """The rules that hold in one prepared text, each at most once. ``whole`` is the prepared whole document, for rules about references."""
    view = _View(text, text if whole is None else whole, on, editions)
    for rule in rules():
        if nation not in rule.nations or (rule.effective_from is not None and rule.effective_from > on):
            continue
        for found in rule.pattern.finditer(text):
            hit = _hit(rule, found, view)
            if hit is not None:
                yield hit
                break


def _hit(rule: Rule, found: re.Match[str], view: _View) -> Hit | None:
    status, since = rule.status, rule.effective_from
    if rule.edition_of:
        status, since = edition_status(rule.edition_of, int(found["edition"]), view.on, view.editions)
    elif rule.target and _target_stands(rule, found["ref"].lower(), view.whole):
        return None
    if _excused(rule, status, found, view.text):
        return None
    if status == "current" and rule.edition_of:
        return Hit(rule, found[0], status, "info", True, since)
    if status in ("unknown_edition", "not_yet_in_force"):
        return Hit(rule, found[0], status, "info", False, since)
    return Hit(rule, found[0], status, rule.severity, rule.register, since)


@lru_cache(maxsize=32)
def _target_stands(rule: Rule, ref: str, whole: str) -> bool:
    """Whether what a reference points to stands in the document, other than in references to it."""
    target = re.compile((rule.target or "").replace("{ref}", re.escape(ref)), re.IGNORECASE)
    pointing = {place for reference in rule.pattern.finditer(whole) for place in range(*reference.span())}
    return any(hit.start() not in pointing for hit in target.finditer(whole))


def _excused(rule: Rule, status: str, found: re.Match[str], text: str) -> bool:
    history_before, history_after, width = _history()
    before, after = text[max(0, found.start() - width) : found.start()], text[found.end() : found.end() + width]
    if (rule.before and rule.before.search(before)) or (rule.after and rule.after.search(after)):
        return True
    sensitive = rule.history_sensitive if not rule.edition_of else status == "superseded"
    return sensitive and bool(history_before.search(before) or history_after.search(after))


def in_parts(parts: Sequence[tuple[str | None, str]], *, on: date, nation: str) -> Iterator[tuple[str | None, Hit]]:
    """The hits in a document given as (reference, prepared text) parts: each rule once per clause, or once in all where it says so."""
    whole = "\n".join(text for _, text in parts)
    seen: set[tuple[str, str | None]] = set()
    for ref, text in parts:
        for hit in hits(text, on=on, nation=nation, whole=whole):
            key = (hit.rule.id, None if hit.rule.report_once else ref)
            if key not in seen or (ref is None and not hit.rule.report_once):
                seen.add(key)
                yield ref, hit

"""The law and quality check of one document: what it cites, what it lacks and where it contradicts itself."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from schoolgate.policytext.law.case import Case, case_of
from schoolgate.policytext.law.contradicting import contradictions
from schoolgate.policytext.law.hits import Hit, Part, in_parts
from schoolgate.policytext.law.pointing import dangling, numbering_gap
from schoolgate.policytext.law.repeating import duplicate_list_item, twice
from schoolgate.policytext.law.shelf import shelf
from schoolgate.policytext.law.stating import (
    absent,
    absent_if,
    cycle_conflict,
    instead,
    metadata_missing,
    not_cited,
    review_overdue,
    stale_when_signed,
    unstated,
)
from schoolgate.policytext.model import Document, Finding, Report

NATIONS = ("england", "wales", "scotland", "northern_ireland")
# Said beside a statement about the law or a body for which no source has been read.
_UNREAD = "Check this before you rely on it: no source has been read for it."
_NO_LAW = frozenset(("vague", "residue", "link-rot", "dangling", "outdated-wording"))
_CHECKS: dict[str, Callable[[Case, Mapping[str, Any]], list[Finding]]] = {
    "review_overdue": review_overdue,
    "metadata_missing": metadata_missing,
    "cycle_conflict": cycle_conflict,
    "duplicate_list_item": duplicate_list_item,
    "numbering_gap": numbering_gap,
    "stale_when_signed": stale_when_signed,
    "absent": absent,
    "absent_if": absent_if,
}


def check(document: Document, *, on: date, nation: str = "england") -> Report:
    """Check a document as things stand on a day in a nation. Raises ValueError for a nation that is not one of NATIONS."""
    if nation not in NATIONS:
        raise ValueError(f"There are no rules for {nation}. Choose one of: {', '.join(NATIONS)}.")
    case = case_of(document, on, nation)
    cited = [(_cited(part, hit, case), hit.register) for part, hit in in_parts(case.parts, on=on, nation=nation)]
    findings = [finding for finding, register in cited if not register]
    for row in shelf()["document_checks"]:
        if nation in row.get("nation", NATIONS):
            findings += _CHECKS[row["kind"]](case, row)
    findings += not_cited(case)
    findings += unstated(document)
    findings += [*twice(document.clauses), *dangling(document), *contradictions(document.clauses)]
    register = tuple(finding for finding, listed in cited if listed)
    return Report(document.source, on.isoformat(), nation, tuple(findings), register)


def _cited(part: Part, hit: Hit, case: Case) -> Finding:
    since = hit.since.isoformat() if hit.since else None
    message = _why(hit)
    if part.heading:
        message += " It stands in the heading above this clause."
    if hit.rule.confidence == "unconfirmed" and hit.rule.status not in _NO_LAW:
        message += f" {_UNREAD}"
    return Finding(hit.rule.id, hit.severity, part.ref, hit.quote, message, instead(hit, case), since, hit.rule.sources)


def _why(hit: Hit) -> str:
    """One or two plain sentences on what is wrong with the words of a hit."""
    if hit.status == "unknown_edition":
        return "This edition is newer than any we know of; check that it exists."
    if hit.status == "not_yet_in_force":
        return "This edition had not come into force on that day."
    if hit.status == "current" and hit.rule.edition_of:
        return "This is the edition in force."
    if hit.rule.edition_of and hit.since:
        return f"{hit.rule.explain} The {hit.year} edition has been out of date since {hit.since.day} {hit.since:%B %Y}."
    return hit.rule.explain

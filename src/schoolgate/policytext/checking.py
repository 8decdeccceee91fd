"""The law and quality check of one document: what it cites, what it lacks and where it contradicts itself."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from schoolgate.policytext.citations import Hit, in_parts, prepare, shelf
from schoolgate.policytext.model import Document, Finding, Report
from schoolgate.policytext.outline.dates import cycles, first_day, review_due
from schoolgate.policytext.quality import quality_findings

NATIONS = ("england", "wales", "scotland", "northern_ireland")
_LISTED = ("contents",)


@dataclass(frozen=True, slots=True)
class _Case:
    """A document prepared for the checks: its parts, all its words, the day and the nation."""

    document: Document
    parts: tuple[tuple[str | None, str], ...]
    text: str
    on: date
    nation: str


def check(document: Document, *, on: date, nation: str = "england") -> Report:
    """Check a document as things stand on a day in a nation. Raises ValueError for a nation that is not one of NATIONS."""
    if nation not in NATIONS:
        raise ValueError(f"There are no rules for {nation}. Choose one of: {', '.join(NATIONS)}.")
    parts = tuple(_parts(document))
    case = _Case(document, parts, " ".join(text for _, text in parts), on, nation)
    cited = [(_cited(ref, hit), hit.register) for ref, hit in in_parts(parts, on=on, nation=nation)]
    findings = [finding for finding, register in cited if not register]
    for row in shelf()["document_checks"]:
        if nation in row.get("nation", NATIONS):
            findings += _CHECKS[row["kind"]](case, row)
    findings += _not_cited(case)
    findings += quality_findings(document)
    register = tuple(finding for finding, listed in cited if listed)
    return Report(document.source, on.isoformat(), nation, tuple(findings), register)


def _parts(document: Document) -> Iterator[tuple[str | None, str]]:
    """Every text of the document once: clauses, the headings and lead-ins above them, and what was set aside (contents lists left out)."""
    seen: set[str] = set()
    for clause in document.clauses:
        for line in clause.path:
            if line not in seen:
                seen.add(line)
                yield clause.ref, prepare(line)
        yield clause.ref, prepare(clause.text)
    for aside in document.asides:
        if aside.kind not in _LISTED and aside.text not in seen:
            seen.add(aside.text)
            yield None, prepare(aside.text)


def _cited(ref: str | None, hit: Hit) -> Finding:
    message = hit.rule.explain
    if hit.status == "unknown_edition":
        message = "This edition is newer than any we know of; check that it exists."
    elif hit.status == "not_yet_in_force":
        message = "This edition had not come into force on that day."
    elif hit.status == "current" and hit.rule.edition_of:
        message = "This is the edition in force."
    since = hit.since.isoformat() if hit.since else None
    replaced = hit.rule.replaced_by if hit.status not in ("current", "unknown_edition") or not hit.rule.edition_of else None
    return Finding(hit.rule.id, hit.severity, ref, hit.quote, message, replaced, since, hit.rule.sources)


def _found(row: Mapping[str, Any], message: str, *, ref: str | None = None, quote: str | None = None) -> Finding:
    severity = row.get("severity") or shelf()["statuses"][row["status"]]["severity"]
    return Finding(row["id"], severity, ref, quote, message, sources=tuple(row["sources"]))


def _review_overdue(case: _Case, row: Mapping[str, Any]) -> list[Finding]:
    due = review_due(case.document, case.text)
    if due is None or case.on <= due:
        return []
    return [_found(row, f"{row['explain']} It was due by {due.isoformat()}.", quote=case.document.review_on)]


def _metadata_missing(case: _Case, row: Mapping[str, Any]) -> list[Finding]:
    missing = [] if case.document.approved_on else ["when it was approved"]
    if review_due(case.document, case.text) is None:
        missing.append("when it is due for review")
    return [_found(row, f"The document does not say {' or '.join(missing)}.")] if missing else []


def _cycle_conflict(case: _Case, row: Mapping[str, Any]) -> list[Finding]:
    printed = cycles(case.text)
    if len(printed) < 2:
        return []
    return [_found(row, f"{row['explain']} It says every {' months and every '.join(map(str, printed))} months.")]


def _duplicate_list_item(case: _Case, row: Mapping[str, Any]) -> list[Finding]:
    pattern = re.compile(row["item_pattern"])
    seen: set[tuple[tuple[str, ...], str]] = set()
    findings: list[Finding] = []
    for clause in case.document.clauses:
        for found in pattern.finditer(prepare(clause.text)) if "Act" in clause.text else ():
            key = (clause.path, found[0])
            if key in seen and not (findings and findings[-1].ref == clause.ref):
                findings.append(_found(row, row["explain"], ref=clause.ref, quote=found[0]))
            seen.add(key)
    return findings


def _numbering_gap(case: _Case, row: Mapping[str, Any]) -> list[Finding]:
    labels = _labels(case.document)
    lowest: dict[str, int] = {}
    for label in labels:
        stem, _, last = label.rpartition(".")
        lowest[stem] = min(lowest.get(stem, int(last)), int(last))
    findings = []
    for label in labels:
        stem, _, last = label.rpartition(".")
        before = f"{stem}.{int(last) - 1}" if stem else str(int(last) - 1)
        if before not in labels and lowest[stem] < int(last):
            findings.append(_found(row, f"{row['explain']} {before} is missing before {label}.", ref=label, quote=label))
    return findings


def _labels(document: Document) -> dict[str, None]:
    """The printed numbers of the document in order, from clauses, headings and lead-ins."""
    found: dict[str, None] = {}
    for clause in document.clauses:
        for line in (*clause.path, clause.ref):
            number = re.match(r"(?:section |part )?(\d{1,2}(?:\.\d{1,3})*)(?=[.:)]?(?:\s|$))", line, re.IGNORECASE)
            if number:
                found.setdefault(number[1])
    return found


def _stale_when_signed(case: _Case, row: Mapping[str, Any]) -> list[Finding]:
    """Law that had gone on the day of approval. A rule with no date is left out: it cannot be proved."""
    if not case.document.approved_on:
        return []
    signed = first_day(case.document.approved_on)
    findings: dict[str, Finding] = {}
    for ref, hit in in_parts(case.parts, on=signed, nation=case.nation):
        if hit.status in row["statuses"] and hit.since is not None:
            stale = f"{hit.quote} ({hit.rule.id}) was out of date from {hit.since.isoformat()}"
            message = f"{row['explain']} {stale}; approval is dated {case.document.approved_on}."
            severity = row.get("severity") or shelf()["statuses"][row["status"]]["severity"]
            finding = Finding(
                row["id"], severity, ref, hit.quote, message, hit.rule.replaced_by, hit.since.isoformat(), (hit.rule.id, *hit.rule.sources)
            )
            findings.setdefault(hit.rule.id, finding)
    return list(findings.values())


def _absent(case: _Case, row: Mapping[str, Any]) -> list[Finding]:
    return [] if re.search(row["pattern"], case.text, re.IGNORECASE) else [_found(row, row["explain"])]


def _absent_if(case: _Case, row: Mapping[str, Any]) -> list[Finding]:
    return _absent(case, row) if re.search(row["if_pattern"], case.text) else []


_CHECKS: dict[str, Callable[[_Case, Mapping[str, Any]], list[Finding]]] = {
    "review_overdue": _review_overdue,
    "metadata_missing": _metadata_missing,
    "cycle_conflict": _cycle_conflict,
    "duplicate_list_item": _duplicate_list_item,
    "numbering_gap": _numbering_gap,
    "stale_when_signed": _stale_when_signed,
    "absent": _absent,
    "absent_if": _absent_if,
}


def _not_cited(case: _Case) -> Iterator[Finding]:
    """What a policy of today should cite and this one does not."""
    for row in shelf()["core_citations"]:
        if case.nation in row["nation"] and not re.search(row["pattern"], case.text, re.IGNORECASE):
            yield Finding(row["id"], "info", None, None, f"The document does not mention {row['title']}.", row["title"])

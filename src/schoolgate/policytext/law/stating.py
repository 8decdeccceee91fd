"""What a document must state and does not, and what it states about itself that has passed or disagrees."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from schoolgate.policytext.law.acts import known_years
from schoolgate.policytext.law.case import Case, finding_of
from schoolgate.policytext.law.hits import Hit, Part, in_parts
from schoolgate.policytext.law.rulebook import edition_to_cite
from schoolgate.policytext.law.shelf import shelf
from schoolgate.policytext.model import Document, Finding
from schoolgate.policytext.outline.dates import first_day, review_due

_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_CYCLE = re.compile(
    r"\b(?:every|each|at least every) (?:(?P<count>\d|one|two|three|four|five) )?(?P<unit>year|term|month)s?\b"
    r"|\b(?P<count2>two|three|four|2|3|4)-year(?:ly)?\b|\bon an annual basis\b|\b(?P<word>annual(?:ly)?|yearly|biennial(?:ly)?|termly)\b",
    re.IGNORECASE,
)
_WORDS = {"annual": 12, "yearly": 12, "bienni": 24, "termly": 4}
# Only the review of the policy itself: other things are reviewed as well, each by its own rhythm.
_OF_POLICY = re.compile(
    r"\b(?:this|the|our) (?:[\w-]+ ){0,4}?(?:policy|document|agreement)\b[^.;]{0,60}\breview|\breview[^.;]{0,40}\b(?:this|the|our) "
    r"(?:[\w-]+ ){0,3}?(?:policy|document|agreement)\b|"
    r"^(?:policy |document )?(?:review )?(?:cycle|frequency|period)\b|\breview (?:cycle|frequency|period)\b",
    re.IGNORECASE,
)
_REVIEW_HEAD = re.compile(
    r"^(?:\d[\d.]*\W* ?)?(?:monitoring and |policy )?review(?:s|ed|ing)?"
    r"(?: (?:of (?:the |this )?policy|cycle|period|frequency|dates?))?\W*(?:$|:)",
    re.IGNORECASE,
)


def unstated(document: Document) -> Iterator[Finding]:
    """The owner and the version number, where the document gives none."""
    if document.owner is None:
        message = "The document names no owner: say which role keeps it up to date."
        yield Finding("Q01", "warn", None, None, message, "Policy owner: the role that keeps this policy up to date")
    if document.version is None:
        message = "The document gives no version number: add one so that people know which text they signed."
        yield Finding("Q02", "info", None, None, message, "Version 1.0, and one more with each change")


def review_overdue(case: Case, row: Mapping[str, Any]) -> list[Finding]:
    """The review the document promises is late: today is after its last day."""
    due = review_due(case.document, case.text)
    if due is None or case.on <= due:
        return []
    return [finding_of(row, f"{row['explain']} It was due by {due.isoformat()}.", quote=case.document.review_on)]


def metadata_missing(case: Case, row: Mapping[str, Any]) -> list[Finding]:
    """No approval date, or nothing from which the review date follows."""
    missing = [] if case.document.approved_on else ["when it was approved"]
    if review_due(case.document, case.text) is None:
        missing.append("when it is due for review")
    return [finding_of(row, f"The document does not say {' or '.join(missing)}.")] if missing else []


def cycle_conflict(case: Case, row: Mapping[str, Any]) -> list[Finding]:
    """Two review cycles for the policy itself."""
    found: dict[int, tuple[Part, str]] = {}
    for part in case.parts:
        if part.heading or not (_OF_POLICY.search(part.text) or _REVIEW_HEAD.search(part.above) or _REVIEW_HEAD.search(part.text)):
            continue
        for hit in _CYCLE.finditer(part.text):
            found.setdefault(_months(hit), (part, hit[0]))
    if len(found) < 2:
        return []
    (part, quote), *_ = list(found.values())[1:]
    told = " and ".join(f"every {months} months{f' (clause {where.ref})' if where.ref else ''}" for months, (where, _) in found.items())
    return [finding_of(row, f"{row['explain']} It says {told}.", ref=part.ref, quote=quote)]


def _months(hit: re.Match[str]) -> int:
    if hit["word"]:
        return _WORDS[hit["word"].lower()[:6]]
    told = (hit["count"] or hit["count2"] or "one").lower()
    count = _NUMBERS.get(told) or int(told)
    return count * {"term": 4, "month": 1}.get((hit["unit"] or "year").lower(), 12)


def stale_when_signed(case: Case, row: Mapping[str, Any]) -> list[Finding]:
    """Law that had gone on the day of approval. A rule with no date is left out: it cannot be proved."""
    if not case.document.approved_on:
        return []
    signed = first_day(case.document.approved_on)
    findings: dict[str, Finding] = {}
    for part, hit in in_parts(case.parts, on=signed, nation=case.nation):
        if hit.status in row["statuses"] and hit.since is not None:
            findings.setdefault(hit.rule.id, _stale(case, row, part, hit))
    return list(findings.values())


def _stale(case: Case, row: Mapping[str, Any], part: Part, hit: Hit) -> Finding:
    since = hit.since.isoformat() if hit.since else ""
    message = f"{row['explain']} {hit.quote} ({hit.rule.id}) was out of date from {since}; approval is dated {case.document.approved_on}."
    severity = row.get("severity") or shelf()["statuses"][row["status"]]["severity"]
    return Finding(row["id"], severity, part.ref, hit.quote, message, instead(hit, case), since, (hit.rule.id, *hit.rule.sources))


def instead(hit: Hit, case: Case) -> str | None:
    """What to write in place of the words of a hit: wording where the rule offers some; for guidance, the edition in force on the day."""
    if hit.rule.edition_of:
        return (
            None if hit.status in ("current", "unknown_edition") else edition_to_cite(hit.rule.edition_of, case.on) or hit.rule.replaced_by
        )
    if hit.act and hit.rule.kind == "misdated":
        return f"The {hit.act} is of {' or '.join(map(str, known_years()[hit.act]))}: check which Act is meant"
    if hit.act and hit.rule.kind == "misnamed":
        years = known_years()[hit.act]
        return f"{hit.act} {years[0]}" if len(years) == 1 else hit.act
    return hit.rule.suggest or hit.rule.replaced_by


def absent(case: Case, row: Mapping[str, Any]) -> list[Finding]:
    """Words every policy needs and this one lacks."""
    return [] if re.search(row["pattern"], case.text, re.IGNORECASE) else [finding_of(row, row["explain"])]


def absent_if(case: Case, row: Mapping[str, Any]) -> list[Finding]:
    """Words a document of this kind needs and this one lacks."""
    return absent(case, row) if re.search(row["if_pattern"], case.text) else []


def not_cited(case: Case) -> Iterator[Finding]:
    """What a policy of today should cite and this one does not."""
    if not re.search(shelf()["core_if_pattern"], case.text):
        return
    for row in shelf()["core_citations"]:
        if case.nation in row["nation"] and not re.search(row["pattern"], case.text, re.IGNORECASE):
            yield Finding(row["id"], "info", None, None, f"The document does not mention {row['title']}.", row["title"])

"""A document laid out for the checks: its parts, all its words, the day and the nation."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from schoolgate.policytext.law.hits import Part, is_change_note
from schoolgate.policytext.law.preparing import prepare
from schoolgate.policytext.law.shelf import shelf
from schoolgate.policytext.model import Document, Finding

_LISTED = ("contents",)
_LONGEST_BROKEN = 160
_FINISHED = re.compile(r"[.;:!?)\]'\"]$")
_HISTORY = re.compile(
    r"\b(?:version|amendment|revision|change|review|document)s? (?:history|log|record|table)\b|\bhistory of (?:changes|amendments|this)\b|"
    r"\b(?:amendments?|changes|revisions|updates) (?:made|since|to this)\b|\bsummary of (?:changes|differences|amendments|revisions)\b|"
    r"\bdescription of changes?\b|"
    r"\bversion (?:number )?(?:and )?date\b|\bwhat(?:'s| is| has) (?:new|changed)\b|^(?:amendments|revisions|change control|changes)\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Case:
    """A document prepared for the checks. ``text`` is all its prepared words, contents lists left out."""

    document: Document
    parts: tuple[Part, ...]
    text: str
    on: date
    nation: str


def case_of(document: Document, on: date, nation: str) -> Case:
    """Lay a document out for the checks as things stand on a day in a nation."""
    parts = tuple(_parts(document))
    return Case(document, parts, " ".join(part.text for part in parts), on, nation)


def _parts(document: Document) -> Iterator[Part]:
    """Every text of the document once: clauses, the headings and lead-ins above them, and what was set aside (contents lists left out)."""
    seen: set[str] = set()
    broken: tuple[tuple[str, ...], str] = ((), "")
    for clause in document.clauses:
        path = [prepare(line) for line in clause.path]
        past = is_history(path)
        for line, told in zip(clause.path, path, strict=True):
            if line not in seen:
                seen.add(line)
                yield Part(clause.ref, told, past=past, heading=True)
        text = prepare(clause.text)
        above = path[-1] if path else ""
        yield Part(clause.ref, text, above, past or is_change_note(text), before=broken[1] if broken[0] == clause.path else "")
        broken = (clause.path, text if len(text) <= _LONGEST_BROKEN and not _FINISHED.search(text) else "")
    for aside in document.asides:
        if aside.kind not in _LISTED and aside.text not in seen:
            seen.add(aside.text)
            yield Part(None, prepare(aside.text))


def is_history(path: Sequence[str]) -> bool:
    """Whether headings say that a clause under them tells what changed in earlier versions."""
    return any(map(_HISTORY.search, path))


def finding_of(row: Mapping[str, Any], message: str, *, ref: str | None = None, quote: str | None = None) -> Finding:
    """A finding of a check of the whole document, with the severity and the advice of its row."""
    severity = row.get("severity") or shelf()["statuses"][row["status"]]["severity"]
    return Finding(row["id"], severity, ref, quote, message, row.get("replaced_by"), sources=tuple(row["sources"]))

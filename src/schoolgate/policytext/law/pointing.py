"""References that lead nowhere, and numbers missing from a sequence."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from schoolgate.policytext.law.case import Case, finding_of, is_history
from schoolgate.policytext.law.preparing import prepare, shortened
from schoolgate.policytext.model import Document, Finding

_SECTION = re.compile(
    r"\b(?:see|in|under|at|by|to|of|per|with|from) (?:the )?(?:sections?|paragraphs?|paras?\.?|clauses?|parts?) "
    r"(?P<ref>\d{1,2}(?:\.\d{1,3})*)\b"
    r"(?!\s*['\"(]?[^.;]{0,50}?\b(?:of|in) (?:the )?['\"A-Z])|\(see (?P<bare>\d{1,2}\.\d{1,3}(?:\.\d{1,3})*)(?: (?:above|below))?\)",
    re.IGNORECASE,
)
_NAMED = re.compile(r"\b(?:see|in|under|at|to|of|per) (?:section|part|chapter) (?P<ref>[A-H]|[IVX]{1,5})\b(?! ?[.'-]?\w)(?! (?:of|to|in) )")
_PAGE = re.compile(r"\b(?:see|on|at|to) pages? (?P<ref>\d{1,3})\b(?! ?(?:of|in) )", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"\b(?:of|in|under) (?:the |our )?(?:['\"]|[\w ]{0,40}\b(?:Act|Regulations?|Policy|policy|Guidance|guidance|Code|KCSIE)\b)"
)
# Another paper is spoken of just before: its parts are not ours to find.
_OTHER_PAPER = re.compile(
    r"\b(?:Act|Regulations?|Code|KCSiE|KCSIE|Safe in Education|Working Together|guidance|Guidance|framework|Framework|handbook|Handbook|"
    r"contract|Contract|GDPR)\b[^.;]{0,60}$"
)
_NUMBER = re.compile(r"(?:section |part )?(\d{1,2}(?:\.\d{1,3})*)(?=[.:)]?(?:\s|$)|\()", re.IGNORECASE)
_NAME = re.compile(r"(?:section|part|chapter|appendix|annex) ([A-Z]|[IVX]{1,5})\b|([A-H]|[IVX]{1,5})[.:)]? ", re.IGNORECASE)
_APPENDIX = re.compile(r"(?:appendix|annex) (?:([A-Z])|(\d{1,2}))\b", re.IGNORECASE)


def dangling(document: Document) -> Iterator[Finding]:
    """References to a section, part or page that stands nowhere. Those of other papers ("section 89 of the Act") are not ours to find."""
    numbers, names = _numbers(document), _names(document)
    for clause in document.clauses:
        text = prepare(clause.text)
        told: set[str] = set()
        for found in _pointers(text):
            target = found["ref"] or found.groupdict().get("bare") or ""
            page = found.re is _PAGE
            known = (
                {str(number) for number in range(1, (document.source.pages or 0) + 1)}
                if page
                else numbers
                if target[0].isdigit()
                else names
            )
            if known and target.lstrip("0") not in known and target not in told and not _of_other_paper(text, found):
                told.add(target)
                what = "page" if page else "section"
                message = f"The document has no {what} {target}: correct the number or name what is meant."
                yield Finding("Q04", "warn", clause.ref, found[0].strip("()"), message)


def _pointers(text: str) -> Iterator[re.Match[str]]:
    yield from _SECTION.finditer(text)
    yield from _NAMED.finditer(text)
    yield from _PAGE.finditer(text)


def _of_other_paper(text: str, found: re.Match[str]) -> bool:
    after = _ELSEWHERE.match(text[found.end() : found.end() + 60].lstrip(" ,'\"("))
    return bool(
        after
        or _ELSEWHERE.search(text[found.end() : found.end() + 60])
        or _OTHER_PAPER.search(text[max(0, found.start() - 70) : found.start()])
    )


def _numbers(document: Document) -> set[str]:
    """Every section number the document has, with the numbers above it: 6.2.1 makes 6.2 and 6."""
    printed = {clause.ref for clause in document.clauses}
    for line in {line for clause in document.clauses for line in clause.path}:
        number = _NUMBER.match(line)
        printed.add(number[1] if number else "")
    return {
        ".".join(parts[:size]) for parts in (ref.split(".") for ref in printed if ref[:1].isdigit()) for size in range(1, len(parts) + 1)
    }


def _names(document: Document) -> set[str]:
    """Letters and Roman numbers that headings bear; empty where none does, for then a letter may mean anything."""
    lines = {line for clause in document.clauses for line in clause.path}
    found = (_NAME.match(line) for line in lines)
    return {(name[1] or name[2]).upper() for name in found if name}


def numbering_gap(case: Case, row: Mapping[str, Any]) -> list[Finding]:
    """A printed number, or the letter of an appendix, whose predecessor stands nowhere."""
    labels = _labels(case.document)
    lowest: dict[str, int] = {}
    for label in labels:
        stem, _, last = label.rpartition(".")
        lowest[stem] = min(lowest.get(stem, int(last)), int(last))
    findings = []
    for label, (ref, words) in labels.items():
        stem, _, last = label.rpartition(".")
        before = f"{stem}.{int(last) - 1}" if stem else str(int(last) - 1)
        if before not in labels and lowest[stem] < int(last):
            findings.append(finding_of(row, f"{row['explain']} {before} is missing before {label}.", ref=ref, quote=words))
    return [*findings, *_appendix_gaps(case, row)]


def _labels(document: Document) -> dict[str, tuple[str, str]]:
    """The printed numbers of the document in order, each with the clause it stands at or above and that clause's first words."""
    found: dict[str, tuple[str, str]] = {}
    for clause in document.clauses:
        for line in () if is_history(clause.path) else (*clause.path, clause.ref):
            number = _NUMBER.match(line)
            if number:
                found.setdefault(number[1], (clause.ref, shortened(prepare(clause.text))))
    return found


def _appendix_gaps(case: Case, row: Mapping[str, Any]) -> Iterator[Finding]:
    stand: dict[str, tuple[str, str]] = {}
    for clause in case.document.clauses:
        for line in clause.path:
            named = _APPENDIX.match(line)
            if named:
                stand.setdefault((named[1] or named[2]).upper(), (clause.ref, named[0]))
    for name, (ref, printed) in stand.items():
        before = str(int(name) - 1) if name.isdigit() else chr(ord(name) - 1)
        if before not in stand and name not in ("A", "1") and len(stand) > 1 and before >= min(stand):
            message = f"An appendix is missing from the sequence; text may have been lost. There is {printed} and no {before}."
            yield finding_of(row, message, ref=ref, quote=printed)

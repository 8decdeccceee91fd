"""What stands on the pages of a policy written out: the cover, headings, lead-ins and clauses, line by line. Every format says the same."""

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from schoolgate.policytext.model import Document

FACTS = {
    "organisation": "School or trust",
    "version": "Version",
    "owner": "Owner",
    "approved_by": "Approved by",
    "approved_on": "Approved on",
    "review_on": "Next review",
}
_LONGEST_HEADING = 90
_DEEPEST = 5


@dataclass(frozen=True, slots=True)
class Line:
    """One line: ``kind`` is title, fact, heading, lead_in or clause. ``label`` is the fact's name or the clause's number."""

    kind: str
    text: str
    label: str = ""
    level: int = 0


def lines_of(document: Document, more: Sequence[tuple[str, str]] = ()) -> Iterator[Line]:
    """The lines of a document in reading order; ``more`` are facts of the cover that the document itself does not state."""
    title = one_line(document.title or document.source.name)
    yield Line("title", title)
    for name, label in FACTS.items():
        value = getattr(document, name)
        if value:
            yield Line("fact", stated(value) if name.endswith("_on") else one_line(value), label)
    yield from (Line("fact", one_line(value), label) for label, value in more)
    before: tuple[str, ...] = ()
    for clause in document.clauses:
        path = clause.path[1:] if clause.path and one_line(clause.path[0]) == title else clause.path  # the title stands on the cover
        yield from _opened(path, before)
        before = path
        yield Line("clause", clause.text, clause.ref)


def _opened(path: tuple[str, ...], before: tuple[str, ...]) -> Iterator[Line]:
    """The headings and lead-ins that open before a clause."""
    pairs = zip(before, path, strict=False)
    same = next((place for place, (old, new) in enumerate(pairs) if old != new), min(len(before), len(path)))
    for place, text in enumerate(path[same:], same):
        if is_heading(text):
            yield Line("heading", one_line(text), level=min(place + 1, _DEEPEST))
        else:
            yield Line("lead_in", one_line(text))


def is_heading(text: str) -> bool:
    """Whether a line above a clause is a heading: short, and not a sentence that runs on into what it opens."""
    return len(text) <= _LONGEST_HEADING and not text.rstrip().endswith((":", ".", ";", ","))


def one_line(text: str) -> str:
    return " ".join(text.split())


def stated(iso: str) -> str:
    """A date as a document gives it, in words: "15 September 2026", "November 2018" or "2018". It need not be a real day."""
    year, *rest = iso.split("-")
    if not rest or not all(part.isdigit() for part in rest) or not 1 <= int(rest[0]) <= 12:
        return iso
    words = [calendar.month_name[int(rest[0])], year]
    return " ".join([str(int(rest[1])), *words] if len(rest) > 1 else words)

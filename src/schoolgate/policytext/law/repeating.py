"""What a document says twice: clauses with the same words, and the same law or guidance in one list."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from schoolgate.policytext.law.acts import acts_in
from schoolgate.policytext.law.case import Case, finding_of
from schoolgate.policytext.law.preparing import bracketed, prepare, shortened
from schoolgate.policytext.model import Clause, Finding

_SHORTEST_TWICE = 40
_COPIED = 3
_PERSONAL = re.compile(r"(?:I|My)\b|I'")
# A fragment without one of these means what the heading above makes of it, and so the people named there.
_SENTENCE = re.compile(r"\b(?:is|are|must|should|shall|will|may|can|does|do|has|have)\b", re.IGNORECASE)
_LISTED = 0.5


def twice(clauses: Sequence[Clause]) -> Iterator[Finding]:
    """Clauses that repeat an earlier one for the same people. A whole passage said twice is one finding; forms repeat for each signer."""
    seen: dict[str, Clause] = {}
    copies: dict[tuple[tuple[str, ...], tuple[str, ...]], list[tuple[Clause, Clause]]] = defaultdict(list)
    for clause in clauses:
        text = prepare(clause.text)
        words = re.sub(r"\W+", " ", text).strip().lower()
        if len(words) < _SHORTEST_TWICE or _PERSONAL.match(text) or text.endswith((" or", " and", ",")):
            continue
        first = seen.setdefault(words, clause)
        same = set(first.actors) == set(clause.actors) or bool(_SENTENCE.search(text))
        if first is not clause and same and _same_lead_in(first, clause):
            copies[first.path, clause.path].append((first, clause))
    for pairs in copies.values():
        yield from [_passage(pairs)] if len(pairs) >= _COPIED else [_repeated(*pair) for pair in pairs]


def _same_lead_in(first: Clause, clause: Clause) -> bool:
    """Bullets under different lead-ins say different things, though their own words are the same."""
    leads = [[prepare(line) for line in row.path if line.rstrip().endswith(":")] for row in (first, clause)]
    return leads[0] == leads[1]


def _repeated(first: Clause, clause: Clause) -> Finding:
    message = f"This clause says the same as {first.ref}: keep one of them, so that a later change cannot miss the other."
    return Finding("Q03", "info", clause.ref, shortened(prepare(clause.text)), message, f"See clause {first.ref}")


def _passage(pairs: Sequence[tuple[Clause, Clause]]) -> Finding:
    first, clause = pairs[0]
    message = (
        f"{len(pairs)} clauses from here on say the same as those from {first.ref} on: keep one of the two passages, "
        "so that a later change cannot miss the other."
    )
    return Finding("Q03", "info", clause.ref, shortened(prepare(clause.text)), message, f"See clause {first.ref} and those after it")


def duplicate_list_item(case: Case, row: Mapping[str, Any]) -> list[Finding]:
    """The same Act twice in one list: in entries that are hardly more than its name."""
    first: dict[tuple[tuple[str, ...], str], str] = {}
    findings = []
    for clause in case.document.clauses:
        text = prepare(clause.text)
        for act in acts_in(text):
            name = text[act.start : bracketed(text, act.start, act.end)]
            if not act.years or len(name) < _LISTED * len(text):
                continue
            key = (clause.path, f"{act.title or name} {act.years}")
            if key in first and first[key] != clause.ref:
                findings.append(finding_of(row, f"{row['explain']} It stands in {first[key]} already.", ref=clause.ref, quote=name))
            first.setdefault(key, clause.ref)
    return findings

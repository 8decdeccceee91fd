"""Faults a document has by itself: no owner or version, clauses said twice, sections that are not there, clauses that contradict."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from schoolgate.policytext.citations import prepare
from schoolgate.policytext.model import Clause, Document, Finding
from schoolgate.policytext.words import content_words

_SECTION = re.compile(
    r"\b(?:see|in|under|at|by|to|of|per|with) (?:section|paragraph|para|clause|part)s? (?P<ref>\d{1,2}(?:\.\d{1,3})*)\b"
    r"(?!\s*['\"(]?[^.;]{0,50}?\b(?:of|in) (?:the )?['\"A-Z])",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"\b(?:of|in|under) (?:the |our )?(?:['\"]|[\w ]{0,40}\b(?:Act|Regulations?|Policy|policy|Guidance|guidance|Code)\b)"
)
_FORBIDS = ("must_not", "should_not")
_ALLOWS = ("must", "should", "may")
_SHORTEST_TWICE = 40
_ALIKE = 0.75
_FEWEST_WORDS = 4
_MOST_NEAR = 200


def quality_findings(document: Document) -> list[Finding]:
    """All faults of this kind, in the order of their rules."""
    return [*_missing(document), *_twice(document.clauses), *_dangling(document), *_contradictions(document.clauses)]


def _missing(document: Document) -> Iterator[Finding]:
    if document.owner is None:
        yield Finding("Q01", "warn", None, None, "The document names no owner: say which role keeps it up to date.")
    if document.version is None:
        yield Finding(
            "Q02", "info", None, None, "The document gives no version number: add one so that people know which text they signed."
        )


def _twice(clauses: Sequence[Clause]) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for clause in clauses:
        words = re.sub(r"\W+", " ", prepare(clause.text)).strip().lower()
        if len(words) < _SHORTEST_TWICE:
            continue
        if words in seen:
            yield Finding("Q03", "info", clause.ref, clause.text[:80], f"This clause says the same as {seen[words]}: keep one of them.")
        seen.setdefault(words, clause.ref)


def _dangling(document: Document) -> Iterator[Finding]:
    """References to a numbered section that stands nowhere. Sections of other papers ("section 89 of the Act") are not ours to find."""
    printed = {clause.ref for clause in document.clauses} | {_number(line) for clause in document.clauses for line in clause.path}
    refs = {
        ".".join(parts[:size]) for parts in (ref.split(".") for ref in printed if ref[:1].isdigit()) for size in range(1, len(parts) + 1)
    }
    if not refs:
        return
    for clause in document.clauses:
        text = prepare(clause.text)
        for found in _SECTION.finditer(text):
            target = found["ref"]
            outside = _ELSEWHERE.search(text[found.end() : found.end() + 60])
            if not outside and target not in refs:
                yield Finding(
                    "Q04", "warn", clause.ref, found[0], f"The document has no section {target}: correct the number or name what is meant."
                )


def _number(line: str) -> str:
    found = re.match(r"(?:section |part )?(\d{1,2}(?:\.\d{1,3})*)\b", line, re.IGNORECASE)
    return found[1] if found else ""


def _contradictions(clauses: Sequence[Clause]) -> Iterator[Finding]:
    """Pairs that say nearly the same of the same people, one allowing what the other forbids."""
    weighed = [(clause, frozenset(content_words(clause.text))) for clause in clauses if clause.modality != "declares"]
    weighed = [(clause, words) for clause, words in weighed if len(words) >= _FEWEST_WORDS]
    common = Counter(word for _, words in weighed for word in words)
    allowing: dict[str, list[tuple[Clause, frozenset[str]]]] = defaultdict(list)
    for clause, words in weighed:
        if clause.modality in _ALLOWS:
            for word in _rarest(words, common):
                allowing[word].append((clause, words))
    for clause, words in weighed:
        near = [pair for word in _rarest(words, common) for pair in allowing[word][:_MOST_NEAR]] if clause.modality in _FORBIDS else []
        other = next((other for other, others in near if _alike(words, others) and _same_people(clause, other)), None)
        if other is not None:
            message = f"This clause forbids what {other.ref} allows or asks: decide which one holds."
            yield Finding("Q05", "warn", clause.ref, clause.text[:80], message)


def _same_people(clause: Clause, other: Clause) -> bool:
    return not clause.actors or not other.actors or bool(set(clause.actors) & set(other.actors))


def _rarest(words: frozenset[str], common: Counter[str]) -> list[str]:
    """The words two texts cannot both be without: if they share three quarters, they share one of these."""
    ranked = sorted(words, key=lambda word: (common[word], word))
    return ranked[: len(words) - math.ceil(_ALIKE * len(words)) + 1]


def _alike(words: frozenset[str], others: frozenset[str]) -> bool:
    if min(len(words), len(others)) < _ALIKE * max(len(words), len(others)):
        return False
    return len(words & others) >= _ALIKE * len(words | others)

"""Which controls could carry a clause: nearest neighbours among the catalogue's promises and the obligations already joined to them.

Every text becomes a bag of stemmed words and word pairs weighted by rarity (TF-IDF); likeness is the cosine of two bags. A control scores
by the likest obligations joined to it and by its own promise. When the likest obligations are background ("informational"), or nothing
is like the clause, that is the answer.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from schoolgate import data
from schoolgate.policytext.model import Clause, Document, Match, Suggestion
from schoolgate.policytext.words import content_words

# Chosen by leaving one source policy out at a time and matching it from the other four.
_NEIGHBOURS = 25
_PAIR_SHARE = 0.6
_PATH_SHARE = 1.0
_PROMISE_SHARE = 2.5
_SECOND_CONTROL = 0.7
_SUPPORT_SHARE = 0.3
_BACKGROUND = 0.4
_ENOUGH = 7
"""Different words and word pairs a clause needs before a likeness counts whole: a date or a motto is never a strong match."""

_NOTHING = 0.15
_WHY_WORDS = 5
_LINES = re.compile(r"lines:\s*(?P<lines>[^;]+)")


@dataclass(frozen=True, slots=True)
class Example:
    """One text whose controls are known: an obligation, or the promise of a control. ``lines`` are (control, line) pairs."""

    id: str
    words: tuple[str, ...]
    kind: str
    controls: tuple[str, ...]
    lines: tuple[tuple[str, str], ...]
    promise: bool


@dataclass(frozen=True, slots=True)
class Index:
    """Examples ready to search: for each word, which examples hold it and with what weight."""

    examples: tuple[Example, ...]
    rarity: Mapping[str, float]
    postings: Mapping[str, tuple[tuple[int, float], ...]]


def match(document: Document, *, top: int = 3) -> tuple[Match, ...]:
    """Suggestions for every clause of a document, best first, at most ``top`` each."""
    if top < 1:
        raise ValueError("Ask for at least one suggestion.")
    index = shelf_index()
    return tuple(match_clause(clause, index, top) for clause in document.clauses)


@cache
def shelf_index() -> Index:
    """The index over the whole shelf: every control and every obligation."""
    return build_index((*promises(), *obligations()))


def promises() -> Iterator[Example]:
    """What each control promises, in its own words: its title twice, its promise, what it counts, its lines and what it asks."""
    for control in data.load("catalogue/controls.yaml")["controls"]:
        counts = control.get("counts") or {}
        lines = " ".join((counts.get("lines") or {}).values())
        counted = f"{counts.get('denominator', '')} {lines} {control.get('asks', '')}"
        text = f"{control['title']}. {control['title']}. {control['promise']} {counted}"
        yield Example(control["id"], bag(text), "control", (control["id"],), (), True)


def obligations() -> Iterator[Example]:
    """The obligations of the catalogue, each with the controls it is joined to and the lines its note names."""
    for row in data.rows("catalogue/obligations.csv"):
        found = _LINES.search(row["note"] or "")
        named = [part.strip() for part in found["lines"].split(",")] if found else []
        lines = tuple((control, line) for control, _, line in (part.partition("#") for part in named) if line)
        controls = tuple(part for part in row["controls"].split(";") if part)
        yield Example(row["id"], bag(row["paraphrase"]), row["kind"], controls, lines, False)


def bag(text: str) -> tuple[str, ...]:
    """The stemmed words of a text and its pairs of neighbouring words."""
    words = content_words(text)
    return (*words, *(f"{first} {second}" for first, second in pairwise(words)))


def build_index(examples: Iterable[Example]) -> Index:
    """An index over some examples."""
    examples = tuple(examples)
    holders = Counter(word for example in examples for word in set(example.words))
    rarity = {word: math.log((1 + len(examples)) / (1 + times)) + 1 for word, times in holders.items()}
    postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for place, example in enumerate(examples):
        for word, weight in _weights(Counter(example.words), rarity).items():
            postings[word].append((place, weight))
    return Index(examples, rarity, {word: tuple(places) for word, places in postings.items()})


def _weights(counts: Mapping[str, float], rarity: Mapping[str, float]) -> dict[str, float]:
    raw = {
        word: (1 + math.log(times) if times >= 1 else times) * rarity[word] * (_PAIR_SHARE if " " in word else 1.0)
        for word, times in counts.items()
        if word in rarity
    }
    length = math.sqrt(sum(weight * weight for weight in raw.values()))
    return {word: weight / length for word, weight in raw.items()} if length else {}


def match_clause(clause: Clause, index: Index, top: int) -> Match:
    """Suggestions for one clause."""
    counts: Counter[str] = Counter(bag(clause.text))
    lead = clause.path[-1] if clause.path else ""
    weighed: dict[str, float] = {word: float(times) for word, times in counts.items()}
    for word in bag(lead):
        weighed[word] = weighed.get(word, 0.0) + _PATH_SHARE
    weights = _weights(weighed, index.rarity)
    likeness: dict[int, float] = defaultdict(float)
    for word, weight in weights.items():
        for place, other in index.postings[word]:
            likeness[place] += weight * other
    near = sorted(likeness.items(), key=lambda pair: (-pair[1], pair[0]))
    neighbours = [(index.examples[place], score) for place, score in near if not index.examples[place].promise][:_NEIGHBOURS]
    scores = _scores(neighbours, {index.examples[place].id: score for place, score in near if index.examples[place].promise})
    ranked = sorted(((control, score) for control, score in scores.items() if score >= _NOTHING), key=lambda pair: (-pair[1], pair[0]))[
        :top
    ]
    if _is_background(neighbours):
        return Match(clause.ref, clause.text, "informational", ())
    sure = min(1.0, len(counts) / _ENOUGH)
    suggestions = tuple(_suggestion(control, score * sure, neighbours, weights, index) for control, score in ranked)
    return Match(clause.ref, clause.text, _kind(suggestions), suggestions)


def _scores(neighbours: list[tuple[Example, float]], promised: Mapping[str, float]) -> dict[str, float]:
    """A control's score from 0 to 1: its likest obligation, a share of the next ones, and how like its own promise is."""
    joined: dict[str, list[float]] = defaultdict(list)
    for example, score in neighbours:
        for place, control in enumerate(example.controls):
            joined[control].append(score * (1.0 if place == 0 else _SECOND_CONTROL))
    found = {}
    for control in {*joined, *list(promised)[:_NEIGHBOURS]}:
        first, *rest = sorted(joined.get(control, [0.0]), reverse=True)
        support = sum(score * 0.5**place for place, score in enumerate(rest))
        found[control] = 1 - math.exp(-(first + _SUPPORT_SHARE * support + _PROMISE_SHARE * promised.get(control, 0.0)))
    return found


def _is_background(neighbours: list[tuple[Example, float]]) -> bool:
    nearest = [(example.kind, score * score) for example, score in neighbours[:5]]
    total = sum(score for _, score in nearest)
    if not nearest or nearest[0][1] < _NOTHING * _NOTHING:
        return True
    return sum(score for kind, score in nearest if kind == "informational") > _BACKGROUND * total


@cache
def _attested() -> frozenset[str]:
    return frozenset(control["id"] for control in data.load("catalogue/controls.yaml")["controls"] if control["kind"] == "attested")


def _kind(suggestions: tuple[Suggestion, ...]) -> str:
    if not suggestions:
        return "informational"
    return "attested" if suggestions[0].control in _attested() else "control"


def _suggestion(
    control: str, score: float, neighbours: list[tuple[Example, float]], weights: Mapping[str, float], index: Index
) -> Suggestion:
    best = next((example for example, _ in neighbours if control in example.controls), None)
    lines = tuple(dict.fromkeys(line for owner, line in best.lines if owner == control)) if best else ()
    sources = [example for example, _ in neighbours if control in example.controls][:3]
    sources += [example for example in index.examples if example.promise and example.id == control]
    shared = {word for example in sources for word in example.words if word in weights and " " not in word}
    drove = sorted(shared, key=lambda word: (-weights[word], word))[:_WHY_WORDS]
    return Suggestion(control, round(score, 3), ", ".join(drove), lines)

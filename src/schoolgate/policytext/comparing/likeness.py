"""How far two statements speak of the same thing: words in common, subjects in common, and whether both ask or both forbid.

A long clause often holds several rules, so the sentences of both are compared as well as the whole under its heading, and the best pair of
sentences is kept: strictness is read from it.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from schoolgate.policytext.comparing.subjects import DISTINCT, OFFICIAL, PRIVATE, subjects_of
from schoolgate.policytext.model import Clause
from schoolgate.policytext.outline.wording import sentences
from schoolgate.policytext.words import content_words

# Terms of a logistic regression fitted to the labels of tests/policytext/gold/alignment.json that are not held back, then rounded.
# Sentence vectors and the controls suggested for both clauses were tried as further terms: neither made a verdict better.
_BASE = -7.4
_WORDS, _WHOLE_WORDS, _SHARED = 1.4, 1.5, 1.6
_SUBJECTS, _WHOLE_SUBJECTS = 2.5, 4.4
_SAME_WAY = 1.1
_MARK_SHARED, _MARKS_APART, _MARKED_ALONE = 0.3, -0.45, -0.4
_OTHER_ACCOUNT = -0.55

_RARE_WORDS = 3.0
"""So many of the rarest words in common count whole."""

_SHORT = 3
"""A sentence with fewer words that carry meaning goes with the one before it."""

_FORBIDS = ("must_not", "should_not")
Bag = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Near:
    """How like two clauses are, from 0 to 1, and the sentences of either that meet best."""

    likeness: float
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class _Table:
    """For each pair of clauses the greatest cosine of their pieces, the weight of what those share, and which pieces they are."""

    cosine: dict[tuple[int, int], float]
    shared: dict[tuple[int, int], float]
    pieces: dict[tuple[int, int], tuple[int, int]]


def parts_of(clause: Clause) -> list[str]:
    """The sentences of a clause and the items it strings together with semicolons; a very short one goes with the one before it."""
    parts: list[str] = []
    for sentence in sentences(clause.text):
        if parts and len(content_words(sentence)) < _SHORT:
            parts[-1] += " " + sentence
        else:
            parts.append(sentence)
    return parts or [clause.text]


def nearness(mine: Sequence[Clause], theirs: Sequence[Clause]) -> list[list[Near]]:
    """One row for each clause of the first list, one column for each of the second."""
    parts, others = [parts_of(clause) for clause in mine], [parts_of(clause) for clause in theirs]
    whole, other_whole = [[_under_heading(clause)] for clause in mine], [[_under_heading(clause)] for clause in theirs]
    words, subjects = _table(parts, others, _bag_of_words), _table(parts, others, subjects_of)
    all_words, all_subjects = _table(whole, other_whole, _bag_of_words), _table(whole, other_whole, subjects_of)
    about, other_about = [frozenset(subjects_of(text)) for (text,) in whole], [frozenset(subjects_of(text)) for (text,) in other_whole]

    def near(row: int, column: int) -> Near:
        at = (row, column)
        pull = _BASE + _SAME_WAY * (_way(mine[row]) == _way(theirs[column])) + _marks(about[row], other_about[column])
        pull += _WORDS * words.cosine.get(at, 0.0) + _SHARED * words.shared.get(at, 0.0) + _SUBJECTS * subjects.cosine.get(at, 0.0)
        pull += _WHOLE_WORDS * all_words.cosine.get(at, 0.0) + _WHOLE_SUBJECTS * all_subjects.cosine.get(at, 0.0)
        first, second = _meeting(at, words, subjects)
        return Near(1 / (1 + math.exp(-pull)), parts[row][first], others[column][second])

    return [[near(row, column) for column in range(len(theirs))] for row in range(len(mine))]


def _marks(mine: frozenset[str], theirs: frozenset[str]) -> float:
    """What the subjects that mark a rule speak for or against, and whether one is about private accounts, the other about the school's."""
    marks, others = mine & DISTINCT, theirs & DISTINCT
    account, other_account = mine & {PRIVATE, OFFICIAL}, theirs & {PRIVATE, OFFICIAL}
    pull = _OTHER_ACCOUNT if account and other_account and not account & other_account else 0.0
    if marks & others:
        return pull + _MARK_SHARED
    return pull + (_MARKS_APART if marks else 0.0) + (_MARKED_ALONE if others else 0.0)


def _meeting(at: tuple[int, int], words: _Table, subjects: _Table) -> tuple[int, int]:
    """The pair of sentences that meet best, by words where these are clear, else by subjects."""
    if words.cosine.get(at, 0.0) >= subjects.cosine.get(at, 0.0) / 2:
        return words.pieces.get(at, (0, 0))
    return subjects.pieces.get(at, (0, 0))


def _under_heading(clause: Clause) -> str:
    return f"{clause.path[-1]} {clause.text}" if clause.path else clause.text


def _bag_of_words(text: str) -> Bag:
    return Counter(content_words(text))


def _way(clause: Clause) -> str:
    return "forbids" if clause.modality in _FORBIDS else "allows" if clause.modality == "may" else "asks"


def _table(mine: Sequence[Sequence[str]], theirs: Sequence[Sequence[str]], bag_of: Callable[[str], Bag]) -> _Table:
    """Compare every piece of every text of the first list with those of the second. Rare things count more, by how few pieces name them."""
    bags = [[bag_of(piece) for piece in pieces] for pieces in mine]
    other_bags = [[bag_of(piece) for piece in pieces] for pieces in theirs]
    rarity = _rarity(bag for pieces in (*bags, *other_bags) for bag in pieces)
    full = _RARE_WORDS * max(rarity.values(), default=1.0)
    postings: dict[str, list[tuple[int, int, float]]] = defaultdict(list)
    for column, pieces in enumerate(other_bags):
        for piece, bag in enumerate(pieces):
            for name, weight in _unit(bag, rarity).items():
                postings[name].append((column, piece, weight))
    table = _Table({}, {}, {})
    for row, pieces in enumerate(bags):
        for piece, bag in enumerate(pieces):
            _add(table, row, piece, _unit(bag, rarity), postings, rarity, full)
    return table


def _add(
    table: _Table, row: int, piece: int, bag: Mapping[str, float], postings: Mapping[str, list], rarity: Mapping[str, float], full: float
) -> None:
    cosine: dict[tuple[int, int], float] = defaultdict(float)
    shared: dict[tuple[int, int], float] = defaultdict(float)
    for name, weight in bag.items():
        for column, other, other_weight in postings.get(name, ()):
            cosine[column, other] += weight * other_weight
            shared[column, other] += rarity[name] / full
    for (column, other), value in cosine.items():
        at = (row, column)
        if value > table.cosine.get(at, 0.0):
            table.cosine[at], table.pieces[at] = value, (piece, other)
        table.shared[at] = max(table.shared.get(at, 0.0), shared[column, other])


def _rarity(bags: Iterable[Bag]) -> dict[str, float]:
    bags = list(bags)
    holders = Counter(name for bag in bags for name in bag)
    return {name: math.log((1 + len(bags)) / (1 + times)) + 1 for name, times in holders.items()}


def _unit(bag: Bag, rarity: Mapping[str, float]) -> dict[str, float]:
    raw = {name: (1 + math.log(times)) * rarity[name] for name, times in bag.items()}
    length = math.sqrt(sum(weight * weight for weight in raw.values()))
    return {name: weight / length for name, weight in raw.items()} if length else {}

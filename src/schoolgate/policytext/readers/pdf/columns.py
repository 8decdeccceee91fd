"""The order in which a page is read: columns from the left, and what stands across them above and below."""

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from schoolgate.policytext.labels import BULLET
from schoolgate.policytext.readers.pdf.lines import levels
from schoolgate.policytext.readers.pdf.shapes import Flow, Line, Table

Atom = Line | Table
_GUTTER = 8.0
_EDGE = 3.0
_NARROWEST = 55.0
_FEWEST = 3
_DEEPEST = 12
_LABEL = re.compile(r"^(?:[(]?(?:\d{1,2}|[a-z]|[ivx]{1,5})[.)]|\d{1,2}(?:\.\d{1,3}){0,5}[.:)]?|[^\w\s]|o)$", re.IGNORECASE)


def flows_of(atoms: Sequence[Atom], page: int) -> list[Flow]:
    """The columns of a page in reading order."""
    if not atoms:
        return []
    left, right = min(atom.left for atom in atoms), max(atom.right for atom in atoms)
    return [_flow(part, start, end, page) for part, start, end in _ordered(list(atoms), left, right, 0) if part]


def is_label(text: str) -> bool:
    """Whether a stretch is only a number, a letter or a bullet that stands before its text."""
    return bool(_LABEL.match(text))


def _flow(atoms: list[Atom], left: float, right: float, page: int) -> Flow:
    lines: list[Atom] = [*levels(atom for atom in atoms if isinstance(atom, Line))]
    tables: list[Atom] = [atom for atom in atoms if isinstance(atom, Table)]
    return Flow(sorted(lines + tables, key=_middle), left, right, page)


def _middle(atom: Atom) -> float:
    return atom.base if isinstance(atom, Line) else (atom.top + min(atom.bottom, atom.top + 12)) / 2


def _ordered(atoms: list[Atom], left: float, right: float, depth: int) -> list[tuple[list[Atom], float, float]]:
    """Cut at the gutter beside which most text stands; what is above and below it is cut again."""
    cut = _best_cut(atoms) if depth < _DEEPEST else None
    if cut is None:
        return [(atoms, left, right)]
    above, first, second, below = cut
    gutter = min(atom.left for atom in second)
    parts = [(above, left, right), (first, left, gutter - _GUTTER), (second, gutter, right), (below, left, right)]
    return [found for part, start, end in parts if part for found in _ordered(part, start, end, depth + 1)]


def _best_cut(atoms: list[Atom]) -> tuple[list[Atom], list[Atom], list[Atom], list[Atom]] | None:
    inorder = sorted(atoms, key=_middle)
    lefts = sorted(atom.left for atom in atoms)
    best, most = None, 0.0
    last = -100.0
    for edge in lefts:
        if edge - last < _EDGE:
            continue
        last = edge
        for band in _bands(inorder, edge):
            first = [atom for atom in band if atom.left < edge - _EDGE]
            second = [atom for atom in band if atom.left >= edge - _EDGE]
            if len(first) < _FEWEST or len(second) < _FEWEST:
                continue
            width = min(atom.left for atom in second) - max(atom.right for atom in first)
            score = min(_height(first), _height(second)) + min(width, 40.0)
            if score > most and _two_columns(first, second):
                best, most = (inorder, first, second), score
    if best is None:
        return None
    return _parted(*best)


def _bands(inorder: list[Atom], edge: float) -> list[list[Atom]]:
    """Runs of atoms, from the top, of which none stands across the gutter left of an edge."""
    bands: list[list[Atom]] = [[]]
    for atom in inorder:
        if atom.left < edge - _EDGE and atom.right > edge - _GUTTER:
            bands.append([])
        else:
            bands[-1].append(atom)
    return bands


def _parted(inorder: list[Atom], first: list[Atom], second: list[Atom]) -> tuple[list[Atom], list[Atom], list[Atom], list[Atom]]:
    """Everything above the two columns and everything below, where lines far under the end of the second column count as below."""
    foot = max(atom.bottom for atom in second)
    step = 2 * median(atom.size if isinstance(atom, Line) else 12.0 for atom in first)
    ends = [atom for atom in first if atom.top > foot - 2]
    for last, atom in pairwise(first):
        if atom.top > foot and atom.top - last.bottom > step:
            ends = [other for other in first if other.top >= atom.top - 1]
            break
    else:
        ends = []
    inside = {id(atom) for atom in first} | {id(atom) for atom in second}
    start = min(_middle(atom) for atom in (*first, *second))
    above = [atom for atom in inorder if id(atom) not in inside and _middle(atom) < start]
    below = [atom for atom in inorder if id(atom) not in inside and _middle(atom) >= start] + ends
    kept = [atom for atom in first if atom not in ends]
    return above, kept, second, below


def _height(atoms: Sequence[Atom]) -> float:
    return max(atom.bottom for atom in atoms) - min(atom.top for atom in atoms)


def _two_columns(first: list[Atom], second: list[Atom]) -> bool:
    """Whether two stacks of lines are columns of text: neither labels beside their text nor the cells of a table."""
    if min(_width(first), _width(second)) < _NARROWEST:
        return False
    shared = min(max(a.bottom for a in first), max(a.bottom for a in second)) - max(min(a.top for a in first), min(a.top for a in second))
    if shared < 0.4 * min(_height(first), _height(second)):
        return False
    before = [atom for atom in first if isinstance(atom, Line)]
    after = [atom for atom in second if isinstance(atom, Line)]
    if len(before) < _FEWEST or len(after) < _FEWEST or median(len(line.text) for line in after) < 4:
        return False
    labels = [line for line in before if is_label(line.text)]
    if sum(_beside(line, labels) for line in after) >= 0.25 * len(after):
        return False
    return not _tabular(before, after)


def _width(atoms: Sequence[Atom]) -> float:
    return max(atom.right for atom in atoms) - min(atom.left for atom in atoms)


def _beside(line: Line, others: Sequence[Line]) -> bool:
    return any(abs(other.base - line.base) < 2 for other in others)


def _tabular(first: list[Line], second: list[Line]) -> bool:
    """Cells of a table begin on one level row by row; the paragraphs of two columns do not."""
    if min(_bulleted(first), _bulleted(second)) >= 2:
        return False
    heads, others = _heads(first), _heads(second)
    matched = sum(_beside(line, others) for line in heads)
    if min(_fill(first), _fill(second)) >= 0.5:
        fewer = min(len(heads), len(others))
        return fewer >= 3 and matched >= 0.8 * fewer and abs(len(heads) - len(others)) <= 0.3 * fewer
    return sum(_beside(line, second) for line in first) >= 0.7 * len(first)


def _bulleted(lines: list[Line]) -> int:
    return sum(bool(BULLET.match(line.text) or line.text in ("•", "☐")) for line in lines)


def _heads(lines: list[Line]) -> list[Line]:
    """The first lines of paragraphs or cells: those with more space above them than is usual."""
    steps = [line.base - last.base for last, line in pairwise(lines) if line.base - last.base > 2]
    usual = min(steps, default=0.0)
    return lines[:1] + [line for last, line in pairwise(lines) if line.base - last.base > 1.25 * usual]


def _fill(lines: list[Line]) -> float:
    """The share of lines that reach nearly as far to the right as the longest of them."""
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    return sum(line.right > right - 0.25 * (right - left) for line in lines) / len(lines)

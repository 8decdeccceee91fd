"""The order in which a page is read: columns from the left, and what stands across them above and below."""

import re
from collections import Counter
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
_FEWEST_WORDS = 4
_DEEPEST = 12
_MOST_ATOMS = 800
_LABEL = re.compile(r"^(?:[(]?(?:\d{1,2}|[a-z]|[ivx]{1,5})[.):]{1,2}|\d{1,2}(?:\.\d{1,3}){0,5}[.:)]?|[^\w\s]|o)$", re.IGNORECASE)


def flows_of(atoms: Sequence[Atom], page: int, known: set[float]) -> list[Flow]:
    """The columns of a page in reading order.

    ``known`` holds the left edges of columns on the page before, where even one line tells that they go on; it is changed to those of this.
    """
    if not atoms:
        return []
    left, right = _edges(atoms)
    before = frozenset(known)
    known.clear()
    flows = [_flow(part, start, end, page) for part, start, end in _ordered(list(atoms), left, right, before, 0) if part]
    known |= {flow.left for flow in flows if flow.left > left + _NARROWEST}
    return flows


def _edges(atoms: Sequence[Atom]) -> tuple[float, float]:
    """The left and right edge of the text of a page, small print apart."""
    sizes: Counter[int] = Counter()
    for atom in atoms:
        if isinstance(atom, Line):
            sizes[round(atom.size)] += len(atom.text)
    least = 0.9 * sizes.most_common(1)[0][0] if sizes else 0.0
    wide = [atom for atom in atoms if not isinstance(atom, Line) or atom.size >= least] or atoms
    return min(atom.left for atom in wide), max(atom.right for atom in wide)


def is_label(text: str) -> bool:
    """Whether a stretch is only a number, a letter or a bullet that stands before its text."""
    return bool(_LABEL.match(text))


def _flow(atoms: list[Atom], left: float, right: float, page: int) -> Flow:
    lines: list[Atom] = [*levels(atom for atom in atoms if isinstance(atom, Line))]
    tables: list[Atom] = [atom for atom in atoms if isinstance(atom, Table)]
    return Flow(sorted(lines + tables, key=_middle), left, right, page)


def _middle(atom: Atom) -> float:
    return atom.base if isinstance(atom, Line) else (atom.top + min(atom.bottom, atom.top + 12)) / 2


def _ordered(atoms: list[Atom], left: float, right: float, known: frozenset[float], depth: int) -> list[tuple[list[Atom], float, float]]:
    """Cut at the gutter beside which most text stands; what is above and below it is cut again."""
    cut = _best_cut(atoms, known) if depth < _DEEPEST and len(atoms) <= _MOST_ATOMS else None
    if cut is None:
        return [(atoms, left, right)]
    above, first, second, below = cut
    gutter = min(atom.left for atom in second)
    parts = [(above, left, right), (first, left, gutter - _GUTTER), (second, gutter, right), (below, left, right)]
    return [found for part, start, end in parts if part for found in _ordered(part, start, end, known, depth + 1)]


def _best_cut(atoms: list[Atom], known: frozenset[float]) -> tuple[list[Atom], list[Atom], list[Atom], list[Atom]] | None:
    inorder = sorted(atoms, key=_middle)
    lefts = sorted([*(atom.left for atom in atoms), *known])
    best, most = None, 0.0
    last = -100.0
    for edge in lefts:
        if edge - last < _EDGE and edge not in known:
            continue
        last = edge
        for band in _bands(inorder, edge):
            first = [atom for atom in band if atom.left < edge - _EDGE]
            second = [atom for atom in band if atom.left >= edge - _EDGE]
            if not first or not second:
                continue
            score = min(_height(first), _height(second)) + min(_gap(first, second), 40.0)
            if score > most and (_two_columns(first, second) or (edge in known and band[0] is inorder[0] and _few(first, second))):
                best, most = (inorder, first, second), score
    if best is None:
        return None
    return _parted(*best)


def _gap(first: list[Atom], second: list[Atom]) -> float:
    return min(atom.left for atom in second) - max(atom.right for atom in first)


def _few(first: list[Atom], second: list[Atom]) -> bool:
    """Whether there are too few lines to tell columns by."""
    return len(first) < _FEWEST or len(second) < _FEWEST


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
    """Everything above the two columns and everything below, what stands under the end of the second one apart."""
    ends = _ends(first, max(_foot(atom) for atom in second))
    inside = {id(atom) for atom in first} | {id(atom) for atom in second}
    start = min(_middle(atom) for atom in (*first, *second))
    above = [atom for atom in inorder if id(atom) not in inside and _middle(atom) < start]
    below = [atom for atom in inorder if id(atom) not in inside and _middle(atom) >= start] + ends
    kept = [atom for atom in first if atom not in ends]
    return above, kept, second, below


def _ends(first: list[Atom], foot: float) -> list[Atom]:
    """What stands under both columns though it is no wider than the first: after much empty space, or a heading with nothing below it."""
    size = median(atom.size if isinstance(atom, Line) else 12.0 for atom in first)
    for last, atom in pairwise(first):
        if _middle(atom) > foot + 0.5 * size and _middle(atom) - _foot(last) > 3 * size:
            return [other for other in first if _middle(other) >= _middle(atom)]
    final = first[-1]
    under = isinstance(final, Line) and final.base > foot + 0.5 * size
    return [final] if under and isinstance(final, Line) and (final.bold or final.size > 1.08 * size) else []


def _foot(atom: Atom) -> float:
    return atom.base if isinstance(atom, Line) else atom.bottom


def _height(atoms: Sequence[Atom]) -> float:
    return max(atom.bottom for atom in atoms) - min(atom.top for atom in atoms)


def _two_columns(first: list[Atom], second: list[Atom]) -> bool:
    """Whether two stacks of lines are columns of text: neither labels beside their text nor the cells of a table."""
    if _few(first, second) or min(_width(first), _width(second)) < _NARROWEST:
        return False
    shared = min(max(a.bottom for a in first), max(a.bottom for a in second)) - max(min(a.top for a in first), min(a.top for a in second))
    if shared < 0.4 * min(_height(first), _height(second)):
        return False
    before = [atom for atom in first if isinstance(atom, Line)]
    after = [atom for atom in second if isinstance(atom, Line)]
    if len(before) < _FEWEST or len(after) < _FEWEST or median(len(line.text) for line in after) < 4:
        return False
    if sum(_labelled(line, before) for line in after) >= 0.25 * len(after):
        return False
    return not _tabular(before, after)


def _labelled(line: Line, before: Sequence[Line]) -> bool:
    """Whether what stands just left of a line is only its number or bullet."""
    level = [other for other in before if abs(other.base - line.base) < 2]
    return bool(level) and is_label(max(level, key=lambda other: other.right).text)


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
    if min(_fill(first), _fill(second)) >= 0.5 and min(_words(first), _words(second)) >= _FEWEST_WORDS:
        fewer = min(len(heads), len(others))
        return fewer >= 3 and matched >= 0.8 * fewer and abs(len(heads) - len(others)) <= 0.3 * fewer
    return max(sum(_beside(line, second) for line in first) / len(first), sum(_beside(line, first) for line in second) / len(second)) >= 0.7


def _words(lines: list[Line]) -> float:
    return median(len(line.text.split()) for line in lines)


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

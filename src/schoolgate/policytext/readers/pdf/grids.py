"""Tables drawn with strokes: where their rows and cells are."""

import itertools
from dataclasses import dataclass

from schoolgate.policytext.readers.pdf.shapes import Page, Stroke

_NEAR = 3.0
_SMALLEST = 5.0
_MOST = 800
_MOST_CELLS = 2_000
_WHOLE_PAGE = 0.85


@dataclass(slots=True)
class Cell:
    """The edges of a cell, from the upper left of the page."""

    left: float
    top: float
    right: float
    bottom: float

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies in the cell."""
        return self.left - 1 <= x <= self.right + 1 and self.top - 1 <= y <= self.bottom + 1


@dataclass(slots=True)
class Grid:
    """The cells of one drawn table by rows, from the top; a cell that spans rows stands in the first of them."""

    rows: list[list[Cell]]
    box: Cell


def grids_of(page: Page) -> list[Grid]:
    """The drawn tables and boxes of a page. A frame round the whole page is none."""
    lying, standing = _merged(page.strokes, True), _merged(page.strokes, False)
    if len(lying) > _MOST or len(standing) > _MOST:
        return []
    found = []
    for group in _groups(lying, standing):
        grid = _grid([stroke for stroke in group if stroke.lies], [stroke for stroke in group if not stroke.lies])
        if grid is None:
            continue
        box = grid.box
        whole = box.right - box.left > _WHOLE_PAGE * page.width and box.bottom - box.top > _WHOLE_PAGE * page.height
        if not (whole and sum(map(len, grid.rows)) == 1):
            found.append(grid)
    return found


def _merged(strokes: list[Stroke], lies: bool) -> list[Stroke]:
    """Strokes that carry each other on, as one."""
    merged: list[Stroke] = []
    levels: list[list[Stroke]] = []
    for stroke in sorted((stroke for stroke in strokes if stroke.lies == lies), key=lambda stroke: stroke.at):
        if levels and stroke.at - levels[-1][0].at <= _NEAR:
            levels[-1].append(stroke)
        else:
            levels.append([stroke])
    for level in levels:
        at = sum(stroke.at for stroke in level) / len(level)
        first, *rest = sorted(level, key=lambda stroke: stroke.start)
        start, end = first.start, first.end
        for stroke in rest:
            if stroke.start > end + _NEAR:
                merged.append(Stroke(lies, at, start, end))
                start, end = stroke.start, stroke.end
            end = max(end, stroke.end)
        merged.append(Stroke(lies, at, start, end))
    return merged


def _groups(lying: list[Stroke], standing: list[Stroke]) -> list[list[Stroke]]:
    """Strokes that touch, directly or through others."""
    strokes = [*lying, *standing]
    owner = list(range(len(strokes)))

    def root(index: int) -> int:
        while owner[index] != index:
            owner[index] = owner[owner[index]]
            index = owner[index]
        return index

    for first, across in enumerate(lying):
        for second, down in enumerate(standing, len(lying)):
            if across.start - _NEAR <= down.at <= across.end + _NEAR and down.start - _NEAR <= across.at <= down.end + _NEAR:
                owner[root(second)] = root(first)
    groups: dict[int, list[Stroke]] = {}
    for index, stroke in enumerate(strokes):
        groups.setdefault(root(index), []).append(stroke)
    return [group for group in groups.values() if len(group) >= 4]


def _grid(lying: list[Stroke], standing: list[Stroke]) -> Grid | None:
    heights = _levels(lying)
    columns = len(_levels(standing))
    if len(heights) < 2 or columns < 2 or len(heights) * columns > _MOST_CELLS:
        return None
    rows: list[list[Cell]] = []
    for top, bottom in itertools.pairwise(heights):
        if bottom - top < _SMALLEST:
            continue
        middle = (top + bottom) / 2
        edges = _levels([stroke for stroke in standing if stroke.start - 1 <= middle <= stroke.end + 1])
        row = []
        for left, right in itertools.pairwise(edges):
            if right - left < _SMALLEST:
                continue
            above = _open_above(rows, lying, left, right, top)
            if above is None:
                row.append(Cell(left, top, right, bottom))
            else:
                above.bottom = bottom
        rows.append(row)
    cells = [cell for row in rows for cell in row]
    if not cells:
        return None
    box = Cell(min(c.left for c in cells), min(c.top for c in cells), max(c.right for c in cells), max(c.bottom for c in cells))
    return Grid([row for row in rows if row], box)


def _open_above(rows: list[list[Cell]], lying: list[Stroke], left: float, right: float, top: float) -> Cell | None:
    """The cell above, where no stroke parts it from this one."""
    covered = sum(max(0.0, min(right, stroke.end) - max(left, stroke.start)) for stroke in lying if abs(stroke.at - top) <= _NEAR)
    if covered >= 0.5 * (right - left):
        return None
    middle = (left + right) / 2
    return next((cell for row in rows for cell in row if cell.left < middle < cell.right and abs(cell.bottom - top) <= 2 * _NEAR), None)


def _levels(strokes: list[Stroke]) -> list[float]:
    found: list[float] = []
    for at in sorted(stroke.at for stroke in strokes):
        if not found or at - found[-1] > _NEAR:
            found.append(at)
    return found

"""Tables of a page: those the file names, those drawn with strokes, and those whose cells only stand under each other."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise

from schoolgate.policytext.labels import BULLET
from schoolgate.policytext.readers.pdf.columns import is_label
from schoolgate.policytext.readers.pdf.grids import Cell, Grid, grids_of
from schoolgate.policytext.readers.pdf.lines import levels, stretches
from schoolgate.policytext.readers.pdf.shapes import Flow, Line, Page, Piece, Stroke, Table

_SAME = 4.0
_NEAR_EDGE = 20.0
_FEWEST_ROWS = 2
_NEW_ROW = 1.35
_PADDING = 5.0
_MOST_WORK = 1_000_000


def taken_out(page: Page) -> list[Table]:
    """The named and drawn tables of a page, a drawn box as a table of one cell; their pieces are taken out of the page."""
    grids = grids_of(page)
    tables = _named(page, [cell for grid in grids for row in grid.rows for cell in row])
    for grid in grids:
        inside = [piece for piece in page.pieces if grid.box.holds((piece.left + piece.right) / 2, (piece.top + piece.bottom) / 2)]
        if not inside or len(inside) * sum(map(len, grid.rows)) > _MOST_WORK:
            continue
        if max(map(len, grid.rows)) > 1 or len(grid.rows) > 1:
            table = _drawn(grid, inside, page.number)
            if table is not None:
                tables.append(table)
                _take(page, inside)
        elif any(piece.base < grid.box.bottom for piece in inside):
            tables.append(_boxed(grid.box, inside, page.number))
            _take(page, inside)
    return tables


def _boxed(box: Cell, inside: list[Piece], page: int) -> Table:
    return Table([[_cell(inside, page, [box])]], box.left, box.right, box.top, box.bottom, page, True)


def _take(page: Page, gone: list[Piece]) -> None:
    taken = {id(piece) for piece in gone}
    page.pieces = [piece for piece in page.pieces if id(piece) not in taken]


def _named(page: Page, drawn: list[Cell]) -> list[Table]:
    """Tables the file itself names, with at least one row of two cells."""
    cells: dict[int, dict[int, dict[int, list[Piece]]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    for piece in page.pieces:
        if piece.tag and piece.tag.cell and piece.tag.cell[2]:
            table, row, cell = piece.tag.cell
            cells[table][row][cell].append(piece)
    found = []
    for rows in cells.values():
        if max(len(row) for row in rows.values()) < 2:
            continue
        pieces = [piece for row in rows.values() for cell in row.values() for piece in cell]
        lines = [[_cell(cell, page.number, drawn) for cell in row.values()] for row in rows.values()]
        found.append(_table(lines, pieces, page.number))
        _take(page, pieces)
    return found


def _drawn(grid: Grid, inside: list[Piece], page: int) -> Table | None:
    rows = []
    for row in grid.rows:
        filled = [_cell(held, page, [cell]) for cell in row if (held := _in(cell, inside))]
        if filled:
            rows.append(filled)
    table = _table(rows, inside, page)
    kept = sum(len(line.text.replace(" ", "")) for line in table.lines())
    return table if kept >= 0.9 * sum(len(piece.text) for piece in inside) else None


def _cell(pieces: list[Piece], page: int, drawn: list[Cell]) -> Flow:
    """The words of a cell as a column as wide as the cell is drawn, or as its longest line where it is not."""
    lines = levels(stretches(pieces, page))
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    around = next((cell for cell in drawn if cell.holds(left + 1, lines[0].base)), None)
    return Flow([*lines], left, max(right, around.right - _PADDING) if around else right, page)


def _in(cell: Cell, pieces: list[Piece]) -> list[Piece]:
    return [piece for piece in pieces if cell.holds((piece.left + piece.right) / 2, (piece.top + piece.bottom) / 2)]


def _table(rows: list[list[Flow]], pieces: list[Piece], page: int) -> Table:
    return Table(
        rows,
        min(piece.left for piece in pieces),
        max(piece.right for piece in pieces),
        min(piece.top for piece in pieces),
        max(piece.bottom for piece in pieces),
        page,
        True,
    )


def with_aligned(flow: Flow, strokes: Sequence[Stroke]) -> Flow:
    """A flow in which lines whose parts stand under each other have become tables; lying strokes part their rows."""
    rules = [
        stroke.at for stroke in strokes if stroke.lies and stroke.start < flow.left + _NEAR_EDGE and stroke.end > flow.left + _NEAR_EDGE
    ]
    parts: list[Line | Table] = []
    run: list[Line] = []
    for part in flow.parts:
        if isinstance(part, Line) and (not run or part.base - run[-1].base < 3.5 * part.size):
            run.append(part)
            continue
        parts += _aligned(run, rules)
        run = [part] if isinstance(part, Line) else []
        if isinstance(part, Table):
            parts.append(part)
    return Flow(parts + _aligned(run, rules), flow.left, flow.right, flow.page)


def _aligned(run: list[Line], rules: list[float]) -> list[Line | Table]:
    """Cut a run of close lines where tables begin and end."""
    made: list[Line | Table] = []
    index = 0
    while index < len(run):
        end = _table_end(run, index)
        if end > index:
            made.append(_from_lines(run[index:end], rules))
            index = end
        else:
            made.append(run[index])
            index += 1
    return made


def _divided(line: Line) -> bool:
    """Whether a line has cells: stretches far apart that are no label, bullet or leader before or after its text."""
    return len(cells_of(line)) > 1 and not is_listed(line)


def is_listed(line: Line) -> bool:
    """Whether a line is one of a table of contents: dots lead from its title to its page."""
    return any(len(text) > 3 and not text.strip("._… ·") for text, _, _ in line.parts) or bool(line.tag and line.tag.kind == "contents")


def cells_of(line: Line) -> list[tuple[str, float, float]]:
    """The stretches of a line that may be cells; a label or bullet belongs to the stretch behind it."""
    parts = list(line.parts)
    while len(parts) > 1 and (is_label(parts[0][0]) or BULLET.match(f"{parts[0][0]} x")):
        parts[:2] = [(f"{parts[0][0]} {parts[1][0]}", parts[0][1], parts[1][2])]
    return [part for part in parts if part[0].strip("._… ")]


def _table_end(run: list[Line], start: int) -> int:
    """One past the last line of a table that begins at ``start``; ``start`` itself where none does."""
    if not _divided(run[start]):
        return start
    edges = {part[1] for part in cells_of(run[start])[1:]}
    end, rows = start + 1, 1
    for index in range(start + 1, len(run)):
        line = run[index]
        parts = cells_of(line) if not is_listed(line) else []
        common = [left for _, left, _ in parts[1:] if _near(left, edges)]
        if common:
            rows, end = rows + 1, index + 1
            edges |= {left for _, left, _ in parts[1:]}
        elif len(parts) == 1 and _near(line.left, edges):
            end = index + 1
        elif len(parts) == 1 and line.right < min(edges):
            continue
        else:
            break
    return end if rows >= _FEWEST_ROWS else start


def _near(left: float, edges: set[float]) -> bool:
    return any(abs(left - edge) <= _SAME for edge in edges)


def _from_lines(lines: list[Line], rules: list[float]) -> Table:
    """Rows of an aligned table: a line begins one when its first cell is filled and it is no mere continuation of the line above."""
    counted = Counter(round(left / _SAME) for line in lines for _, left, _ in cells_of(line))
    edges = sorted(key * _SAME for key, times in counted.items() if times > 1)
    rows: list[dict[int, list[Line]]] = []
    usual = min((line.base - last.base for last, line in pairwise(lines)), default=0.0)
    within = [at for at in rules if lines[0].base < at < lines[-1].base]
    last: Line | None = None
    for line in lines:
        parts = cells_of(line)
        places = [max((index for index, edge in enumerate(edges) if edge <= left + _SAME), default=0) for _, left, _ in parts]
        carried = last is not None and line.base - last.base < _NEW_ROW * usual
        lower = any(text[:1].islower() for text, _, _ in parts)
        if len(within) >= _FEWEST_ROWS and last is not None:
            carried = not any(last.base < at < line.base for at in within)
        else:
            carried = carried and (lower or places[0] > 0 or (len(parts) == 1 and len(rows[-1]) > 1))
        if not rows or not carried:
            rows.append({})
        for place, (text, left, right) in zip(places, parts, strict=True):
            stretch = Line(
                text, left, right, line.top, line.bottom, line.base, line.size, line.page, line.bold, None, [(text, left, right)]
            )
            rows[-1].setdefault(place, []).append(stretch)
        last = line
    box = (min(x.left for x in lines), max(x.right for x in lines), min(x.top for x in lines), max(x.bottom for x in lines))
    cells = [[_column(row[key], edges, box[1]) for key in sorted(row)] for row in rows]
    return Table(cells, *box, lines[0].page)


def _column(lines: list[Line], edges: list[float], right: float) -> Flow:
    left, longest = min(line.left for line in lines), max(line.right for line in lines)
    end = min((edge for edge in edges if edge > left + _SAME), default=right)
    return Flow([*lines], left, max(longest, end - 2 * _PADDING), lines[0].page)

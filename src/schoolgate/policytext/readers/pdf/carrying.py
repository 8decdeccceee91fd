"""What a column or a page cuts in two made whole: paragraphs, and the rows of tables."""

from collections.abc import Sequence

from schoolgate.policytext.readers.pdf.paragraphs import ENDED, Group
from schoolgate.policytext.readers.pdf.shapes import Flow, Line, Table

_UNDER = 12.0  # points a cell may shift from page to page
_FEWEST_LINES = 2
_COLUMNS_BACK = 3
_FEWEST_LETTERS = 20


def carried_on(groups: Sequence[Group | Table]) -> list[Group | Table]:
    """The paragraphs and tables of a document in reading order, each one piece."""
    whole: list[Group | Table] = []
    ends: list[Group] = []  # The last paragraph of each column so far.
    for group in groups:
        last = whole[-1] if whole else None
        if isinstance(group, Table):
            rows = _rows_carried_on(last, group) if isinstance(last, Table) and group.page == last.page_end + 1 else group.rows
            if rows is not group.rows and isinstance(last, Table):
                last.rows += rows
                last.page_end = group.page
            else:
                whole.append(group)
            continue
        before = _before(group, ends)
        if before is not None:
            before.lines += group.lines
            before.flow = group.flow
            continue
        if ends and ends[-1].flow is group.flow:
            ends[-1] = group
        else:
            ends.append(group)
        whole.append(group)
    return whole


def _before(group: Group, ends: Sequence[Group]) -> Group | None:
    """The paragraph a column's first one carries on: that at the end of the column above, or, past a box, of one a little further back."""
    if not ends or group.flow is ends[-1].flow:
        return None
    if _goes_on(ends[-1], group, lower=False):
        return ends[-1]
    return next((end for end in reversed(ends[-_COLUMNS_BACK:-1]) if _goes_on(end, group, lower=True)), None)


def _goes_on(last: Group, group: Group, *, lower: bool) -> bool:
    """The sentence is open, the last line was full, and the next column starts with the same letters and no mark."""
    line, first = last.lines[-1], group.lines[0]
    if group.mark or ENDED.search(line.text) or line.bold != first.bold or abs(line.size - first.size) > 0.6:
        return False
    if first.text[:1].islower():
        return True
    right = last.flow.right if last.flow else line.right
    full = right - line.right < 0.2 * (right - last.lines[0].left)
    return not lower and full and len(last.lines) >= _FEWEST_LINES and not first.bold and first.text[:1].isalnum()


def _rows_carried_on(last: Table, table: Table) -> list[list[Flow]]:
    """The rows of a table that goes on from the page before: without the header printed again, and the first made whole with the last."""
    if last.rows is table.rows or not last.rows:
        return table.rows
    again = len(last.rows) > 1 and _words(last.rows[0]) == _words(table.rows[0])
    rows = table.rows[1:] if again else table.rows
    row, first = last.rows[-1], rows[0] if rows else []
    if len(first) == 1 and len(row) == 1 and first[0].left > row[0].right and max(map(len, last.rows)) > 1:
        row.append(first[0])
        return rows[1:]
    under = [next((above for above in row if abs(above.left - cell.left) <= _UNDER), None) for cell in first]
    if len(row) > 1 and first and first[0].left > row[0].left + _UNDER and all(under):
        pairs = [(above, cell) for above, cell in zip(under, first, strict=True) if above is not None]
        if any(_open(above, cell) for above, cell in pairs):
            for above, cell in pairs:
                above.parts += cell.parts
            return rows[1:]
    return rows


def _words(row: Sequence[Flow]) -> list[str]:
    return [part.text for cell in row for part in cell.parts if isinstance(part, Line)]


def _open(cell: Flow, following: Flow) -> bool:
    """Whether the words of one cell run on into another: they are set alike, and break off in a sentence."""
    before, after = cell.parts[-1], following.parts[0]
    if not isinstance(before, Line) or not isinstance(after, Line) or abs(before.size - after.size) > 0.6 or before.bold != after.bold:
        return False
    return after.text[:1].islower() or (not ENDED.search(before.text) and len(before.text) > _FEWEST_LETTERS)

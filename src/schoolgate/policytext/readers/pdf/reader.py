"""From the bytes of a PDF to blocks in reading order."""

from collections.abc import Sequence
from dataclasses import replace

import pypdfium2

from schoolgate.policytext.blocks import Block
from schoolgate.policytext.errors import Unreadable
from schoolgate.policytext.model import Place
from schoolgate.policytext.readers.pdf.columns import flows_of
from schoolgate.policytext.readers.pdf.furniture import set_apart
from schoolgate.policytext.readers.pdf.headings import plain_title, with_headings
from schoolgate.policytext.readers.pdf.lines import levels, stretches
from schoolgate.policytext.readers.pdf.notes import without_notes
from schoolgate.policytext.readers.pdf.pages import Frame, check_length, opened, pages_of
from schoolgate.policytext.readers.pdf.paragraphs import ENDED, Group, block_of, groups_of, rows_of_table
from schoolgate.policytext.readers.pdf.shapes import Flow, Line, Page, Table
from schoolgate.policytext.readers.pdf.tables import taken_out, with_aligned
from schoolgate.policytext.readers.pdf.wraps import Habits, habits_of

_FEWEST_LETTERS = 20
_PICTURED = 0.3
_MOST_TITLES = 500
_SHORT = 0.6


def read(data: bytes, name: str) -> tuple[list[Block], int | None]:
    """The blocks of a PDF and how many pages it has. Raises Unreadable when it is locked, damaged, too long or only pictures."""
    with opened(data, name) as document:
        count = len(document)
        check_length(count, name)
        framed = list(pages_of(document))
        outline = _outline(document)
    pages = [page for page, _ in framed]
    if sum(len(piece.text) for page in pages for piece in page.pieces) < _FEWEST_LETTERS:
        raise Unreadable(
            f"{name} has no text in its {count} pages, only pictures of it (a scan). Give the original, or run text recognition on it."
        )
    unread = _unread(pages)
    running = set_apart(pages)
    return [*_blocks(pages, [frame for _, frame in framed], outline), *running, *unread], count


def _unread(pages: Sequence[Page]) -> list[Block]:
    """A caution for each page that is only a picture."""
    return [
        Block("caution", f"Page {page.number} is only a picture, so its words were not read. Compare it with the paper.", "picture_page", page=page.number)
        for page in pages
        if page.pictured > _PICTURED and sum(len(piece.text) for piece in page.pieces if not piece.running) < _FEWEST_LETTERS
    ]


def _outline(document: pypdfium2.PdfDocument) -> dict[str, int]:
    """Titles of the outline (bookmarks) with their depth."""
    titles: dict[str, int] = {}
    try:
        for mark in document.get_toc(max_depth=6):
            titles.setdefault(plain_title(mark.get_title()), mark.level + 1)
            if len(titles) >= _MOST_TITLES:
                break
    except (pypdfium2.PdfiumError, ValueError, RecursionError):
        return {}
    titles.pop("", None)
    return titles


def _blocks(pages: Sequence[Page], frames: Sequence[Frame], outline: dict[str, int]) -> list[Block]:
    def placing(number: int, box: tuple[float, float, float, float]) -> Place:
        return frames[number - 1].shown_place(number, pages[number - 1].turn, box)

    paged = [_flows(page) for page in pages]
    habits = habits_of([flow for flows in paged for flow in flows])
    groups: list[Group | Table] = []
    notes: list[Group | Table] = []
    for page, flows in zip(pages, paged, strict=True):
        noted = without_notes(flows, habits.body, page.height)
        for flow in noted.flows:
            groups += groups_of(flow, habits)
        notes += [group for flow in noted.notes for group in groups_of(flow, habits)]
    blocks: list[Block] = []
    framed: set[int] = set()
    for group in _carried_on([*groups, *notes], habits):
        if isinstance(group, Table):
            rows = rows_of_table(group, habits, placing)
            framed |= {id(row) for row in rows}
            blocks += rows
        else:
            blocks.append(block_of(group, habits, placing))
    return _deepened(with_headings(_once(blocks), framed, habits.body, outline))


def _flows(page: Page) -> list[Flow]:
    """The columns of a page in reading order, its boxes where they stand."""
    tables, boxes = taken_out(page)
    inner = [levels(stretches(box, page.number)) for box in boxes]
    boxed = [_boxed(lines, page.number) for lines in inner if lines]
    flows = flows_of([*stretches(page.pieces, page.number), *tables, *boxed], page.number)
    if len(flows) == 1:
        flows[0].right = _margin(flows[0], page.width)
    return [with_aligned(flow) for flow in flows]


def _margin(flow: Flow, width: float) -> float:
    """The right edge of a page's only column. Where all its lines are short they do not show it; it is taken to be like the left one."""
    room = width - 2 * flow.left
    return width - flow.left if room > 0 and flow.right - flow.left < _SHORT * room else flow.right


def _boxed(lines: list[Line], page: int) -> Table:
    """The words in a drawn box, kept together as a table of one cell."""
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    return Table([[Flow([*lines], left, right, page)]], left, right, lines[0].top, lines[-1].bottom, page, True)


def _carried_on(groups: Sequence[Group | Table], habits: Habits) -> list[Group | Table]:
    """Paragraphs that go on in the next column or on the next page made whole."""
    whole: list[Group | Table] = []
    for group in groups:
        last = whole[-1] if whole else None
        if isinstance(group, Group) and isinstance(last, Group) and group.flow is not last.flow and _goes_on(last, group):
            last.lines += group.lines
        elif isinstance(group, Table) and isinstance(last, Table) and group.page == last.page + 1 and _row_goes_on(last, group):
            last.rows[-1][-1].parts += group.rows[0][0].parts
            last.rows += group.rows[1:]
        else:
            whole.append(group)
    return whole


def _row_goes_on(last: Table, table: Table) -> bool:
    """A page may end in the middle of a row: the next begins with a row of one cell, under the last one, that carries its words on."""
    row, first = last.rows[-1], table.rows[0]
    if len(first) != 1 or len(row) < 2 or abs(first[0].left - row[-1].left) > 12:
        return False
    before, after = row[-1].parts[-1], first[0].parts[0]
    return isinstance(before, Line) and isinstance(after, Line) and (not ENDED.search(before.text) or after.text[:1].islower())


def _goes_on(last: Group, group: Group) -> bool:
    """The sentence is open, the last line was full, and the next column starts with the same letters and no mark."""
    line, first = last.lines[-1], group.lines[0]
    if group.mark or ENDED.search(line.text) or line.bold != first.bold or abs(line.size - first.size) > 0.6:
        return False
    right = last.flow.right if last.flow else line.right
    full = right - line.right < 0.2 * (right - last.lines[0].left)
    return first.text[:1].islower() or (full and len(last.lines) > 1 and not first.bold and bool(first.text[:1].isalnum()))


def _deepened(blocks: Sequence[Block]) -> list[Block]:
    """Items given their level: deeper when they start further in than the item above."""
    made = []
    stack: list[float] = []
    for block in blocks:
        if block.kind != "item" or not block.places:
            if block.kind != "row":
                stack = []
            made.append(block)
            continue
        left, top, last = block.places[0].left, block.places[0].top, made[-1] if made else None
        if last and last.places and last.page == block.page and top < last.places[-1].top:
            stack = []  # The next column of the page.
        while stack and stack[-1] > left + 0.008:
            stack.pop()
        if not stack or left > stack[-1] + 0.008:
            stack.append(left)
        made.append(replace(block, level=len(stack) - 1))
    return made


def _once(blocks: Sequence[Block]) -> list[Block]:
    """A header row printed again at the top of the next page is read once."""
    kept: list[Block] = []
    heads: dict[tuple[str, ...], int] = {}
    for block in blocks:
        if block.kind == "row" and len(block.cells) > 1:
            last = kept[-1] if kept else None
            if block.cells in heads and last is not None and last.kind == "row" and block.page != heads[block.cells]:
                continue
            if last is None or last.kind != "row":
                heads[block.cells] = block.page or 0
        kept.append(block)
    return kept

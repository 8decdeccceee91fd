"""From the bytes of a PDF to blocks in reading order."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pypdfium2

from schoolgate.policytext.blocks import Block
from schoolgate.policytext.errors import Unreadable
from schoolgate.policytext.model import Place
from schoolgate.policytext.readers.pdf.carrying import carried_on
from schoolgate.policytext.readers.pdf.columns import flows_of
from schoolgate.policytext.readers.pdf.contents import with_contents
from schoolgate.policytext.readers.pdf.furniture import set_apart
from schoolgate.policytext.readers.pdf.headings import plain_title, with_headings
from schoolgate.policytext.readers.pdf.lines import stretches
from schoolgate.policytext.readers.pdf.notes import without_notes
from schoolgate.policytext.readers.pdf.pages import Frame, check_length, opened, pages_of
from schoolgate.policytext.readers.pdf.paragraphs import Group, block_of, groups_of, rows_of_table
from schoolgate.policytext.readers.pdf.shapes import Flow, Line, Page, Table
from schoolgate.policytext.readers.pdf.tables import taken_out, with_aligned
from schoolgate.policytext.readers.pdf.wraps import habits_of

_FEWEST_LETTERS = 20
_PICTURED = 0.3  # of a page
_BACKGROUND = 0.9  # from here up a picture with words on it lies behind them
_MOST_TITLES = 500
_SHORT = 0.6
_FEWEST_RUN_ON = 2


def read(data: bytes, name: str) -> tuple[list[Block], int | None]:
    """The blocks of a PDF and how many pages it has. Raises Unreadable when it is locked, damaged, too long or only pictures."""
    with opened(data, name) as document:
        count = len(document)
        check_length(count, name)
        framed = list(pages_of(document, name))
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
    """A caution for each page that is only a picture, and for each that holds a large one: a flow chart or a table may be hidden in it."""
    found = []
    for page in pages:
        silent = sum(len(piece.text) for piece in page.pieces if not piece.running) < _FEWEST_LETTERS
        if silent and page.pictured > _PICTURED:
            sentence = f"Page {page.number} is only a picture, so its words were not read. Compare it with the paper."
            found.append(Block("caution", sentence, "picture_page", page=page.number))
        elif _PICTURED < page.pictured < _BACKGROUND:
            sentence = f"Page {page.number} holds a large picture. If there are words in it, they were not read."
            found.append(Block("caution", sentence, "large_picture", page=page.number))
    return found


def _outline(document: pypdfium2.PdfDocument) -> dict[tuple[int, str], int]:
    """The depth of each title of the outline (bookmarks), by its page and its words."""
    titles: dict[tuple[int, str], int] = {}
    try:
        for mark in document.get_toc(max_depth=6):
            target = mark.get_dest()
            page = target.get_index() if target else None
            if page is not None:
                titles.setdefault((page + 1, plain_title(mark.get_title())), mark.level + 1)
            if len(titles) >= _MOST_TITLES:
                break
    except (pypdfium2.PdfiumError, ValueError, RecursionError):
        return {}
    return titles


def _blocks(pages: Sequence[Page], frames: Sequence[Frame], outline: dict[tuple[int, str], int]) -> list[Block]:
    def placing(number: int, box: tuple[float, float, float, float]) -> Place:
        return frames[number - 1].shown_place(number, pages[number - 1].turn, box)

    known: set[float] = set()
    paged = [_flows(page, known) for page in pages]
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
    for group in carried_on([*groups, *notes]):
        if isinstance(group, Table):
            rows = rows_of_table(group, habits, placing)
            framed |= {id(row) for row in rows}
            blocks += rows
        else:
            blocks.append(block_of(group, habits, placing))
    return _deepened(with_headings(with_contents(_once(blocks)), framed, habits.body, outline))


def _flows(page: Page, known: set[float]) -> list[Flow]:
    """The columns of a page in reading order, its boxes where they stand; ``known`` are the columns of the page before."""
    tables = taken_out(page)
    flows = flows_of([*stretches(page.pieces, page.number), *tables], page.number, known)
    if len(flows) == 1:
        flows[0].right = _margin(flows[0], page.width)
    return [with_aligned(flow, page.strokes) for flow in flows]


def _margin(flow: Flow, width: float) -> float:
    """The right edge of a page's only column. Lines that are short and do not run on cannot show it; then it is as the left."""
    room = width - 2 * flow.left
    pairs = [(last, line) for last, line in pairwise(flow.parts) if isinstance(last, Line) and isinstance(line, Line)]
    run_on = sum(last.text[-1:].isalnum() and line.text[:1].islower() for last, line in pairs)
    short = room > 0 and flow.right - flow.left < _SHORT * room and run_on < _FEWEST_RUN_ON
    return width - flow.left if short else flow.right


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

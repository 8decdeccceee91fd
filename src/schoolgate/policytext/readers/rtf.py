"""Rich Text Format into blocks, with the numbers and bullets it prints."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from schoolgate.policytext.blocks import Block, bounded
from schoolgate.policytext.errors import Unreadable
from schoolgate.policytext.labels import BULLET, label_of, letter_of, number_of
from schoolgate.policytext.readers.rows import Cell, carried, laid_out, row
from schoolgate.policytext.readers.rtfwords import Line, Rtf

_MOST_CELLS = 500
_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)


def read(data: bytes, name: str) -> tuple[list[Block], int | None]:
    """The blocks of an RTF file; it stores no pages. Raises Unreadable for a file that is cut short."""
    if not data.rstrip(b"\x00 \r\n\t\x1a").endswith(b"}"):
        raise Unreadable(f"{name} is cut short: it does not end as an RTF file does. Fetch the file again and retry.")
    rtf = Rtf(name)
    blocks = list(bounded(_blocks(rtf.lines(data.decode("latin-1")), rtf), name))
    title = [Block("property", f"Title: {rtf.title}")] if rtf.title else []
    running = [Block("furniture", text) for text in dict.fromkeys(rtf.running)]
    return [*title, *blocks, *(Block("note", text) for text in rtf.notes), *running], None


def _blocks(lines: Iterable[Line], rtf: Rtf) -> Iterator[Block]:
    """Paragraphs as they come; what stands in a table is gathered until its row ends."""
    cells: list[list[Block]] = []
    names: dict[int, str] = {}
    open_cell: list[Block] = []
    for line in lines:
        blocks = list(_said(line, rtf))
        if line.end == "par" and not line.in_table:
            yield from _left(cells, open_cell)
            cells, open_cell, names = [], [], {}
            yield from blocks
            continue
        open_cell += blocks
        if line.end == "cell":
            cells.append(open_cell)
            open_cell = []
            if len(cells) > _MOST_CELLS:
                yield from _left(cells, [])
                cells = []
        elif line.end == "row":
            yield from _row([*cells, *([open_cell] if open_cell else [])], line, names)
            cells, open_cell = [], []
    yield from _left(cells, open_cell)


def _left(cells: list[list[Block]], open_cell: list[Block]) -> Iterator[Block]:
    """What a row that never ended leaves behind."""
    for blocks in [*cells, open_cell]:
        yield from (block for block in blocks if block.text)


def _row(held: list[list[Block]], line: Line, names: dict[int, str]) -> Iterator[Block]:
    cells = carried((_cell(blocks, column, line.above[column : column + 1] == (True,)) for column, blocks in enumerate(held)), names)
    if laid_out(cells):
        for blocks in held:
            yield from blocks
        return
    block = row(cells, line.header)
    if block is not None:
        yield block


def _cell(blocks: list[Block], column: int, above: bool) -> Cell:
    told = [block for block in blocks if block.text or block.printed]
    text = " ".join(f"{block.printed} {block.text}".strip() for block in told)
    return Cell(" ".join(text.split()), len(told), bold=bool(told) and all(block.bold for block in told), column=column, above=above)


def _said(line: Line, rtf: Rtf) -> Iterator[Block]:
    """The blocks of one paragraph: one for each line of it, unless a list prints a number or a bullet before it."""
    printed = " ".join(line.listed.split())
    texts = [line.text.replace("\n", " ")] if printed else line.text.split("\n")
    for text in texts:
        yield replace(_block(text.strip(), printed, line, rtf), bold=line.bold, size=line.size)


def _block(text: str, printed: str, line: Line, rtf: Rtf) -> Block:
    glyph = printed == "o" or (bool(printed) and not any(letter.isalnum() for letter in printed))
    style = rtf.styles.get(line.style, "")
    heading = _HEADING.search(style)
    level = line.outline + 1 if line.outline is not None and 0 <= line.outline < 9 else int(heading[1]) if heading else 0
    tidy = " ".join(text.split())
    if not tidy:
        return Block("para", "", printed="" if glyph else printed, gap=True)
    if style.strip().lower().startswith(("toc ", "contents ")):
        return Block("contents", text)
    if level and not glyph:
        return Block("heading", tidy, label_of(printed), printed, level, sure=True)
    if printed and not glyph:
        label = label_of(printed)
        return Block("para", tidy, label, printed) if label else Block("item", tidy, printed=printed, level=line.level, sure=True)
    return Block("item", tidy, level=line.level, sure=True) if glyph else _typed(text, tidy)


def _typed(text: str, tidy: str) -> Block:
    """A line whose number, bullet or cells are typed out."""
    bullet, letter = BULLET.match(tidy), letter_of(tidy)
    if bullet:
        return Block("item", tidy[bullet.end() :])
    if number_of(tidy):
        return Block("para", tidy)
    if letter:
        return Block("item", letter[1], printed=letter[0])
    cells = tuple(cell.strip() for cell in text.split("\t") if cell.strip())
    return Block("row", tidy, cells=cells) if len(cells) > 1 else Block("para", tidy)

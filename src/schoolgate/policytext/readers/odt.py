"""OpenDocument text (odt) into blocks, with the numbers its list styles print."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace

from lxml import etree

from schoolgate.policytext.archive import Archive, open_archive
from schoolgate.policytext.blocks import Block, bounded
from schoolgate.policytext.errors import Unreadable
from schoolgate.policytext.labels import BULLET, label_of, letter_of, number_of
from schoolgate.policytext.readers.odtstyles import DRAW, OFFICE, STYLE, TABLE, TEXT, Counters, Sheets, read_sheets, whole
from schoolgate.policytext.readers.rows import MOST_COLUMNS, Cell, carried, laid_out, row

_SKIPPED = {
    *(f"{TEXT}{name}" for name in ("note", "tracked-changes", "ruby-text", "placeholder", "hidden-text", "list", "p", "h")),
    *(f"{OFFICE}annotation", f"{OFFICE}forms", f"{TABLE}table"),
}
_INDEXES = {
    f"{TEXT}{name}"
    for name in (
        "table-of-content",
        "illustration-index",
        "table-index",
        "object-index",
        "user-index",
        "alphabetical-index",
        "bibliography",
    )
}
_HOLDERS = {f"{TEXT}section", f"{TEXT}index-body", f"{DRAW}frame", f"{DRAW}text-box", f"{DRAW}g", f"{DRAW}custom-shape", f"{DRAW}rect"}
_SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
_DEEPEST = 120


@dataclass(slots=True)
class _Reader:
    """Where the reader stands: the styles, how far each list has counted, and the notes met on the way."""

    sheets: Sheets
    counters: Counters = field(default_factory=Counters)
    notes: list[Block] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in a list a paragraph stands: its level from 1, the style that numbers it, and the list it counts in."""

    level: int = 1
    style: str = ""
    key: str = ""


def read(data: bytes, name: str) -> tuple[list[Block], int | None]:
    """The blocks of an odt file. Raises Unreadable when the file is damaged, locked or a bomb."""
    archive = open_archive(data, name)
    if archive.has("META-INF/manifest.xml") and b"encryption-data" in archive.part("META-INF/manifest.xml"):
        raise Unreadable(f"{name} is locked with a password. Remove the password and save it again.")
    content = archive.tree("content.xml")
    styles = archive.tree("styles.xml") if archive.has("styles.xml") else None
    body = content.find(f"{OFFICE}body/{OFFICE}text")
    if body is None:
        raise Unreadable(f"{name} is not a text document: it may be a spreadsheet or a drawing. Save the policy as docx or odt text.")
    reader = _Reader(read_sheets((styles, content)))
    blocks = list(bounded(_walk(body, reader, 0), name))
    return [*_properties(archive), *blocks, *reader.notes, *_furniture(styles, reader)], None


def _properties(archive: Archive) -> list[Block]:
    """The title the file gives itself outside its text: set aside, because programs fill it in unasked."""
    found = []
    with suppress(Unreadable):  # Damage here loses nothing of the policy.
        for element in archive.tree("meta.xml").iter("{http://purl.org/dc/elements/1.1/}title") if archive.has("meta.xml") else ():
            text = " ".join((element.text or "").split())
            if text:
                found.append(Block("property", f"Title: {text[:300]}"))
    return found


def _furniture(styles: etree._Element | None, reader: _Reader) -> list[Block]:
    found: dict[str, Block] = {}
    for tag in ("header", "header-first", "header-left", "footer", "footer-first", "footer-left"):
        for holder in styles.iter(f"{STYLE}{tag}") if styles is not None else ():
            for paragraph in holder.iter(f"{TEXT}p"):
                text = " ".join(_text(paragraph, reader).split())
                if text:
                    found.setdefault(text, Block("furniture", text))
    return list(found.values())


def _walk(parent: etree._Element, reader: _Reader, deep: int) -> Iterator[Block]:
    if deep > _DEEPEST:
        return
    for element in parent:
        if element.tag == f"{TEXT}h":
            yield from _heading(element, reader, deep)
        elif element.tag == f"{TEXT}p":
            yield from _paragraph(element, reader, deep)
        elif element.tag == f"{TEXT}list":
            yield from _list(element, reader, _Place(), deep)
        elif element.tag == f"{TEXT}numbered-paragraph":
            yield from _numbered(element, reader, deep)
        elif element.tag == f"{TABLE}table":
            yield from _table(element, reader, deep)
        elif element.tag in _INDEXES:
            yield from _contents(element, reader)
        elif element.tag in _HOLDERS and element.get(f"{TEXT}display") != "none":
            yield from _walk(element, reader, deep + 1)


def _contents(element: etree._Element, reader: _Reader) -> Iterator[Block]:
    for line in element.iter(f"{TEXT}p"):
        text = _text(line, reader).strip()
        if text and next((True for above in line.iterancestors() if above.tag == f"{TEXT}index-body"), False):
            yield Block("contents", text)


def _heading(element: etree._Element, reader: _Reader, deep: int) -> Iterator[Block]:
    level = min(max(whole(element.get(f"{TEXT}outline-level"), 1), 1), 10)
    printed = ""
    if reader.sheets.outline and element.get(f"{TEXT}is-list-header") != "true":
        start = whole(element.get(f"{TEXT}start-value"), 1) if element.get(f"{TEXT}restart-numbering") == "true" else None
        printed = reader.counters.next("outline", reader.sheets.outline, level, start)
    yield from _titled(element, reader, printed, deep)


def _titled(element: etree._Element, reader: _Reader, printed: str, deep: int) -> Iterator[Block]:
    level = min(max(whole(element.get(f"{TEXT}outline-level"), 1), 1), 10)
    text = " ".join(_text(element, reader).split())
    if text:
        yield _looking(element, reader, Block("heading", text, label_of(printed), printed, level, sure=True))
    yield from _boxes(element, reader, deep)


def _looking(element: etree._Element, reader: _Reader, block: Block) -> Block:
    """The block with its weight and size: from its one span, or from the style of its paragraph."""
    bold, size, _ = reader.sheets.look("paragraph", element.get(f"{TEXT}style-name"))
    spans = [child for child in element if child.tag == f"{TEXT}span" and "".join(child.itertext()).strip()]
    if spans and not (element.text or "").strip() and not any((child.tail or "").strip() for child in element):
        looks = [reader.sheets.look("text", span.get(f"{TEXT}style-name")) for span in spans]
        bold = all(bold if own is None else own for own, _, _ in looks)
        size = next((own for _, own, _ in looks if own is not None), size)
    return replace(block, bold=bool(bold) and bool(block.text), size=reader.sheets.size if size is None else size)


def _paragraph(element: etree._Element, reader: _Reader, deep: int) -> Iterator[Block]:
    if not reader.sheets.look("paragraph", element.get(f"{TEXT}style-name"))[2]:
        for line in _text(element, reader).split("\n"):
            yield _looking(element, reader, _plain(line))
    yield from _boxes(element, reader, deep)


def _plain(line: str) -> Block:
    """One typed line: a bullet, a letter, cells between tabs, or plain words."""
    text = " ".join(line.split())
    bullet, letter = BULLET.match(text), letter_of(text)
    if bullet:
        return Block("item", text[bullet.end() :])
    if number_of(text) or not text:
        return Block("para", text, gap=not text)
    if letter:
        return Block("item", letter[1], printed=letter[0])
    cells = tuple(cell.strip() for cell in line.split("\t") if cell.strip())
    return Block("row", text, cells=cells) if len(cells) > 1 else Block("para", text)


def _boxes(element: etree._Element, reader: _Reader, deep: int) -> Iterator[Block]:
    """What stands in frames and shapes anchored in a paragraph, each once."""
    for child in element:
        if child.tag in _HOLDERS:
            yield from _walk(child, reader, deep + 1)
        elif child.tag not in _SKIPPED:
            yield from _boxes(child, reader, deep)


def _text(element: etree._Element, reader: _Reader) -> str:
    """The words of a paragraph: comments, hidden words and frames left out; notes are kept for later."""
    pieces = [element.text or ""]
    for child in element:
        if child.tag == f"{TEXT}tab":
            pieces.append("\t")
        elif child.tag == f"{TEXT}line-break":
            pieces.append("\n")
        elif child.tag == f"{TEXT}s":
            pieces.append(" " * min(max(whole(child.get(f"{TEXT}c"), 1), 0), 100))
        elif child.tag == f"{TEXT}note":
            _note(child, reader)
        elif child.tag in _SKIPPED or child.tag in _HOLDERS or child.tag.startswith(_SVG):
            pass
        elif child.tag != f"{TEXT}span" or not reader.sheets.look("text", child.get(f"{TEXT}style-name"))[2]:
            pieces.append(_text(child, reader))
        pieces.append(child.tail or "")
    return "".join(pieces)


def _note(element: etree._Element, reader: _Reader) -> None:
    texts = [" ".join(_text(line, reader).split()) for body in element.iter(f"{TEXT}note-body") for line in body.iter(f"{TEXT}p")]
    if any(texts):
        reader.notes.append(Block("note", " ".join(filter(None, texts))))


def _list(element: etree._Element, reader: _Reader, place: _Place, deep: int) -> Iterator[Block]:
    """The items of a list; a list inside an item is one level deeper and keeps the style and count of the outer one."""
    if deep > _DEEPEST:
        return
    style = element.get(f"{TEXT}style-name") or place.style
    place = _Place(place.level, style, place.key or reader.counters.open(element, style))
    for holder in element:
        if holder.tag not in (f"{TEXT}list-item", f"{TEXT}list-header"):
            continue
        counted = holder.tag == f"{TEXT}list-header"
        start = holder.get(f"{TEXT}start-value")
        here = replace(place, style=holder.get(f"{TEXT}style-override") or place.style)
        for child in holder:
            if child.tag == f"{TEXT}list":
                yield from _list(child, reader, replace(place, level=place.level + 1), deep + 1)
            elif child.tag in (f"{TEXT}p", f"{TEXT}h") and not counted:
                yield from _listed(child, reader, here, None if start is None else whole(start, 1), deep)
                counted = True
            elif child.tag in (f"{TEXT}p", f"{TEXT}h"):
                yield from _paragraph(child, reader, deep)


def _numbered(element: etree._Element, reader: _Reader, deep: int) -> Iterator[Block]:
    """A paragraph that names its list and level itself instead of standing in a list."""
    place = _Place(
        min(max(whole(element.get(f"{TEXT}level"), 1), 1), 10),
        element.get(f"{TEXT}style-name", ""),
        element.get(f"{TEXT}list-id", "numbered"),
    )
    start = element.get(f"{TEXT}start-value")
    for child in element:
        if child.tag in (f"{TEXT}p", f"{TEXT}h"):
            yield from _listed(child, reader, place, None if start is None else whole(start, 1), deep)


def _listed(element: etree._Element, reader: _Reader, place: _Place, start: int | None, deep: int) -> Iterator[Block]:
    if reader.sheets.look("paragraph", element.get(f"{TEXT}style-name"))[2]:
        return
    levels = reader.sheets.lists.get(place.style, {})
    printed = reader.counters.next(place.key, levels, min(place.level, 10), start)
    if element.tag == f"{TEXT}h":
        yield from _titled(element, reader, printed, deep)
        return
    text = " ".join(_text(element, reader).split())
    label = label_of(printed)
    if not text:
        block = Block("para", "", printed=printed, gap=True)
    elif label:
        block = Block("para", text, label, printed)
    else:
        block = Block("item", text, printed=printed, level=place.level - 1, sure=True)
    yield _looking(element, reader, block)
    yield from _boxes(element, reader, deep)


def _table(table: etree._Element, reader: _Reader, deep: int) -> Iterator[Block]:
    """The rows of a table. A row used only for layout is read as the paragraphs in it."""
    names: dict[int, str] = {}
    for line, header in _rows(table, False):
        held = [
            (cell, list(_walk(cell, reader, deep + 1))) for cell in line if cell.tag in (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")
        ]
        cells = carried(_cells(held), names)
        if laid_out(cells):
            for _, blocks in held:
                yield from blocks
            continue
        block = row(cells, header)
        if block is not None:
            yield block


def _rows(parent: etree._Element, header: bool) -> Iterator[tuple[etree._Element, bool]]:
    """The rows of a table and whether each is a header row, through the groups they may stand in."""
    for child in parent:
        if child.tag == f"{TABLE}table-row":
            yield child, header
        elif child.tag == f"{TABLE}table-header-rows":
            yield from _rows(child, True)
        elif child.tag in (f"{TABLE}table-rows", f"{TABLE}table-row-group"):
            yield from _rows(child, header)


def _cells(held: list[tuple[etree._Element, list[Block]]]) -> Iterator[Cell]:
    """The cells of a row. A covered one goes on from the cell above, unless the cell to its left covers it."""
    column, across = 0, 0
    for cell, blocks in held:
        covered = cell.tag == f"{TABLE}covered-table-cell"
        across = across - 1 if covered else whole(cell.get(f"{TABLE}number-columns-spanned"), 1) - 1
        yield _cell(cell, blocks, column, covered and across < 0)
        column += min(max(whole(cell.get(f"{TABLE}number-columns-repeated"), 1), 1), MOST_COLUMNS)


def _cell(cell: etree._Element, blocks: list[Block], column: int, above: bool) -> Cell:
    told = [block for block in blocks if block.text or block.printed]
    texts = " ".join(f"{block.printed} {block.text}".strip() for block in told)
    nested = any(True for _ in cell.iterchildren(f"{TABLE}table"))
    return Cell(" ".join(texts.split()), len(told), nested, bool(told) and all(block.bold for block in told), column, above)

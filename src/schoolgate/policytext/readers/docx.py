"""Word documents (docx) into blocks, with the numbers Word prints worked out."""

import re
from collections.abc import Iterator

from lxml import etree

from schoolgate.policytext.archive import Archive, open_archive
from schoolgate.policytext.blocks import Block
from schoolgate.policytext.errors import Unreadable
from schoolgate.policytext.labels import BULLET, number_of
from schoolgate.policytext.readers.numbering import Numbering, Style, W, read_numbering, value, whole

_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIPPED = {f"{W}del", f"{W}moveFrom", f"{W}instrText", f"{W}delText", f"{W}txbxContent", _FALLBACK, f"{W}pPr", f"{W}rPr"}
_HEADING = re.compile(r"^heading (\d)$")
_DEEPEST = 200


def read(data: bytes, name: str) -> tuple[list[Block], int | None]:
    """The blocks of a docx file. Word stores no pages. Raises Unreadable when the file is damaged, locked or a bomb."""
    archive = open_archive(data, name)
    body = archive.tree("word/document.xml").find(f"{W}body")
    if body is None:
        raise Unreadable(f"{name} is damaged: its main part has no body. Open it in Word and save it again.")
    parts = [archive.tree(part) if archive.has(part) else None for part in ("word/numbering.xml", "word/styles.xml")]
    numbering = read_numbering(*parts)
    blocks = list(_walk(body, numbering))
    return [*blocks, *_furniture(archive)], None


def _furniture(archive: Archive) -> list[Block]:
    """Running headers and footers: no clauses, but they may name the owner or the version."""
    parts = sorted(part for part in archive.handle.namelist() if re.fullmatch(r"word/(?:header|footer)\d*\.xml", part))
    found: dict[str, Block] = {}
    for part in parts:
        for paragraph in archive.tree(part).iter(f"{W}p"):
            text = _text(paragraph).replace("\n", " ").strip()
            if text:
                found.setdefault(text, Block("furniture", text))
    return list(found.values())


def _walk(parent: etree._Element, numbering: Numbering, depth: int = 0) -> Iterator[Block]:
    if depth > _DEEPEST:
        return
    for element in parent:
        if element.tag == f"{W}p":
            yield from _paragraph(element, numbering)
        elif element.tag == f"{W}tbl":
            yield from _table(element, numbering, depth)
        elif element.tag == f"{W}sdt":
            content = element.find(f"{W}sdtContent")
            if content is not None:
                yield from _walk(content, numbering, depth + 1)
        elif element.tag in (f"{W}ins", f"{W}moveTo", f"{W}customXml", f"{W}smartTag"):
            yield from _walk(element, numbering, depth + 1)


def _paragraph(element: etree._Element, numbering: Numbering) -> Iterator[Block]:
    for part in (
        re.split(r"\n", _text(element)) if "\n" in _text(element) and not _in_list(element) else [_text(element).replace("\n", " ")]
    ):
        block = _block(element, part.strip(), numbering)
        if block is not None:
            yield block
    for box in element.iter(f"{W}txbxContent"):
        if not any(parent.tag == _FALLBACK for parent in box.iterancestors()):
            yield from _walk(box, numbering, 1)


def _in_list(element: etree._Element) -> bool:
    return element.find(f"{W}pPr/{W}numPr") is not None


def _text(element: etree._Element) -> str:
    """The words of a paragraph as shown: insertions kept, deletions, field codes and text boxes left out."""
    pieces: list[str] = []
    for child in element:
        if child.tag in _SKIPPED:
            continue
        if child.tag == f"{W}t":
            pieces.append(child.text or "")
        elif child.tag in (f"{W}tab", f"{W}ptab"):
            pieces.append("\t")
        elif child.tag in (f"{W}br", f"{W}cr"):
            pieces.append("\n")
        elif child.tag == f"{W}noBreakHyphen":
            pieces.append("-")
        else:
            pieces.append(_text(child))
    return "".join(pieces)


def _block(element: etree._Element, text: str, numbering: Numbering) -> Block | None:
    properties = element.find(f"{W}pPr")
    style = value(properties, "pStyle")
    chain = numbering.chain(style)
    place = numbering.place(value(properties, "numPr", "numId"), whole(value(properties, "numPr", "ilvl")), style)
    if not text:
        return Block("para", "", gap=True)
    if any(step.name.startswith(("toc ", "table of contents", "toc")) for step in chain[:1]):
        return Block("contents", text)
    heading = _heading_level(chain, properties)
    printed, look = numbering.next(*place) if place else ("", "")
    if heading is not None:
        return _labelled(Block("heading", text, level=heading, sure=True), printed)
    if place and look == "bullet":
        return Block("item", text, level=place[1], sure=True)
    if place and printed:
        return _listed(text, printed, place[1])
    if "\t" in text and not number_of(text) and not BULLET.match(text):
        return Block("row", " ".join(text.split()), cells=tuple(cell.strip() for cell in text.split("\t") if cell.strip()))
    bullet = BULLET.match(text)
    if bullet or "list bullet" in (chain[0].name if chain else ""):
        return Block("item", text[bullet.end() :] if bullet else text, sure=True)
    if _bold(element, chain) and len(text) < 90 and not text.endswith((".", ";", ",", ":")) and not number_of(text):
        return Block("heading", text)
    return Block("para", text)


def _heading_level(chain: list[Style], properties: etree._Element | None) -> int | None:
    own = whole(value(properties, "outlineLvl"))
    if own is not None and own < 9:
        return own + 1
    for step in chain:
        found = _HEADING.match(step.name)
        if found:
            return int(found[1])
        if step.name == "title":
            return 1
        if step.outline is not None and step.outline < 9:
            return step.outline + 1
    return None


def _labelled(block: Block, printed: str) -> Block:
    number = number_of(f"{printed} X") if printed else None
    if number is None:
        return Block(block.kind, block.text, printed=printed, level=block.level, sure=block.sure)
    return Block(block.kind, block.text, number[0], printed, block.level, sure=block.sure)


def _listed(text: str, printed: str, level: int) -> Block:
    """A numbered paragraph: one with digits keeps its number, one with a letter hangs on the number above."""
    number = number_of(f"{printed} X") or number_of(f"{printed}. X")
    if number:
        return Block("para", text, number[0], printed)
    return Block("item", text, printed=printed, level=level, sure=True)


def _bold(element: etree._Element, chain: list[Style]) -> bool:
    runs = [run for run in element.iter(f"{W}r") if any((text.text or "").strip() for text in run.iter(f"{W}t"))]
    return bool(runs) and all(_is_bold(run) or any(step.bold for step in chain) for run in runs)


def _is_bold(run: etree._Element) -> bool:
    mark = run.find(f"{W}rPr/{W}b")
    return mark is not None and mark.get(f"{W}val", "1") not in ("0", "false")


def _table(table: etree._Element, numbering: Numbering, depth: int) -> Iterator[Block]:
    """The rows of a table. A table used only for layout, with one column or one big cell, is read as the paragraphs in it."""
    for row in table.iter(f"{W}tr"):
        if next(row.iterancestors(f"{W}tbl")) is not table:
            continue
        cells = [cell for cell in row.iter(f"{W}tc") if next(cell.iterancestors(f"{W}tr")) is row]
        filled = [cell for cell in cells if _cell_text(cell)]
        if len(filled) == 1 or any(sum(1 for _ in cell.iter(f"{W}p")) > 6 for cell in filled):
            for cell in filled:
                yield from _walk(cell, numbering, depth + 1)
        elif filled:
            texts = tuple(_cell_text(cell) for cell in filled)
            yield Block("row", " ".join(texts), cells=texts, sure=True)


def _cell_text(cell: etree._Element) -> str:
    return " ".join(" ".join(_text(paragraph).split()) for paragraph in cell.iter(f"{W}p")).strip()

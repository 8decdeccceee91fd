"""Word documents (docx) into blocks, with the numbers Word prints worked out."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

from lxml import etree

from schoolgate.policytext.archive import open_archive
from schoolgate.policytext.blocks import Block, bounded
from schoolgate.policytext.errors import Unreadable
from schoolgate.policytext.labels import BULLET, label_of, letter_of, number_of, titled
from schoolgate.policytext.readers import html, plain, rtf
from schoolgate.policytext.readers.numbering import Numbering, read_numbering
from schoolgate.policytext.readers.rows import Cell, carried, laid_out, row
from schoolgate.policytext.readers.wordparts import R, W, WordFile, open_word, switched, value, whole
from schoolgate.policytext.readers.wordstyles import Style, read_styles
from schoolgate.policytext.readers.wordtext import Speaker, Spoken, chosen

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_HEADING = re.compile(r"^heading ([1-9])$")
_DEEPEST = 200
_CHUNKS = {".htm": html.read, ".html": html.read, ".xhtml": html.read, ".rtf": rtf.read, ".txt": plain.read}


@dataclass(slots=True)
class _Reader:
    """Where the reader stands in a document. ``held`` is what a deleted paragraph mark leaves to the paragraph after it."""

    file: WordFile
    numbering: Numbering
    speaker: Speaker
    held: str = ""


def read(data: bytes, name: str) -> tuple[list[Block], int | None]:
    """The blocks of a docx file. Word stores no pages. Raises Unreadable when the file is damaged, locked or a bomb."""
    file = open_word(open_archive(data, name))
    body = file.tree(file.main).find(f"{W}body")
    if body is None:
        raise Unreadable(f"{name} is damaged: its main part has no body. Open it in Word and save it again.")
    styles = read_styles(file.only("styles"))
    reader = _Reader(file, read_numbering(file.only("numbering"), styles), Speaker(styles))
    blocks = list(bounded(_walk(body, reader), name))
    return [*_properties(file), *blocks, *_notes(reader), *_furniture(reader)], None


def _properties(file: WordFile) -> list[Block]:
    """What the file says of itself outside its text: set aside, because programs fill it in unasked."""
    found = []
    for part, tag in (("docProps/core.xml", "title"), ("docProps/app.xml", "Company")):
        with suppress(Unreadable):  # Damage here loses nothing of the policy.
            for element in file.archive.tree(part).iter(f"{{*}}{tag}") if file.archive.has(part) else ():
                text = " ".join((element.text or "").split())
                if text:
                    found.append(Block("property", f"{tag.capitalize()}: {text[:300]}"))
    return found


def _notes(reader: _Reader) -> list[Block]:
    """Footnotes and endnotes: they belong to no sentence, but are not lost."""
    found = []
    for kind in ("footnotes", "endnotes"):
        root = reader.file.only(kind)
        for note in root if root is not None else ():
            text = _plain(note, reader) if isinstance(note.tag, str) and note.get(f"{W}type", "normal") == "normal" else ""
            if text:
                found.append(Block("note", text))
    return found


def _furniture(reader: _Reader) -> list[Block]:
    """Running headers and footers of every section: no clauses, but they may name the owner or the version."""
    found: dict[str, Block] = {}
    for part in [*reader.file.parts("header"), *reader.file.parts("footer")]:
        for paragraph in reader.file.tree(part).iter(f"{W}p"):
            text = _plain_text(reader.speaker.say(paragraph, []))
            if text:
                found.setdefault(text, Block("furniture", text))
    return list(found.values())


def _plain(element: etree._Element, reader: _Reader) -> str:
    return " ".join(text for text in (_plain_text(reader.speaker.say(p, [])) for p in element.iter(f"{W}p")) if text)


def _plain_text(spoken: Spoken) -> str:
    return " ".join(spoken.text.split())


def _walk(parent: etree._Element, reader: _Reader, depth: int = 0) -> Iterator[Block]:
    if depth > _DEEPEST:
        return
    for element in parent:
        if element.tag == f"{W}p":
            yield from _paragraph(element, reader, depth)
        elif element.tag == f"{W}tbl":
            yield from _table(element, reader, depth)
        elif element.tag == f"{W}sdt":
            content = element.find(f"{W}sdtContent")
            if content is not None and not switched(element.find(f"{W}sdtPr"), "showingPlcHdr"):
                yield from _walk(content, reader, depth + 1)
        elif element.tag == f"{W}altChunk":
            yield from _chunk(element, reader)
        elif element.tag == f"{_MC}AlternateContent":
            yield from _walk(chosen(element), reader, depth + 1)
        elif element.tag in (f"{W}ins", f"{W}moveTo", f"{W}customXml", f"{W}smartTag"):
            yield from _walk(element, reader, depth + 1)


def _chunk(element: etree._Element, reader: _Reader) -> Iterator[Block]:
    """A piece of another format put into the document whole. What we cannot read is named among the things set aside."""
    part = reader.file.related.get(element.get(f"{R}id", ""), ("", ""))[1]
    readable = next((read_ for ending, read_ in _CHUNKS.items() if part.lower().endswith(ending)), None)
    if readable is None or not reader.file.archive.has(part):
        yield Block("furniture", f"A part of another kind, not read: {part or 'unnamed'}")
        return
    yield from readable(reader.file.archive.part(part), reader.file.archive.name)[0]


def _paragraph(element: etree._Element, reader: _Reader, depth: int) -> Iterator[Block]:
    """The blocks of one paragraph, then those of the text boxes anchored in it."""
    chain = reader.numbering.styles.chain(value(element.find(f"{W}pPr"), "pStyle"))
    spoken = reader.speaker.say(element, chain)
    mark = element.find(f"{W}pPr/{W}rPr")
    if mark is not None and (mark.find(f"{W}del") is not None or mark.find(f"{W}moveFrom") is not None):
        reader.held += spoken.text
    elif not spoken.gone:
        spoken.text, reader.held = reader.held + spoken.text, ""
        yield from _said(element, spoken, chain, reader)
    for box in _boxes(element):
        yield from _walk(box, reader, depth + 1)


def _boxes(element: etree._Element) -> Iterator[etree._Element]:
    """The text boxes of a paragraph, each once: not the older copy kept for older programs, nor those inside another box."""
    for child in element:
        if child.tag == f"{W}txbxContent":
            yield child
        elif child.tag == f"{_MC}AlternateContent":
            yield from _boxes(chosen(child))
        elif isinstance(child.tag, str) and child.tag not in (f"{W}del", f"{W}moveFrom", f"{W}pPr", f"{W}rPr"):
            yield from _boxes(child)


def _said(element: etree._Element, spoken: Spoken, chain: list[Style], reader: _Reader) -> Iterator[Block]:
    properties = element.find(f"{W}pPr")
    level = whole(value(properties, "numPr", "ilvl"))
    place = reader.numbering.place(value(properties, "numPr", "numId"), level, value(properties, "pStyle"))
    printed, shape = reader.numbering.next(*place) if place else ("", "")
    if spoken.contents or (chain and chain[0].name.startswith(("toc", "table of contents"))):
        if spoken.text.strip():
            yield Block("contents", spoken.text.replace("\n", " ").strip())
        return
    lines = [spoken.text.replace("\n", " ")] if place else spoken.text.split("\n")
    for line in lines:
        block = _block(line.strip(), chain, _heading_level(chain, properties), (printed, shape, place[1] if place else 0))
        made = spoken.bold and block.kind == "para" and not block.printed and titled(block.text)
        yield replace(block, kind="heading" if made else block.kind, bold=spoken.bold, size=spoken.size)


def _block(text: str, chain: list[Style], heading: int | None, place: tuple[str, str, int]) -> Block:
    """One line with what the format says of it: its number, the look of its list and its level; empty where it is in none."""
    printed, shape, level = place
    if not text:
        return Block("para", "", printed="" if shape == "bullet" else printed, gap=True)
    if heading is not None:
        return Block(
            "heading", text, label_of(printed) if shape != "bullet" else None, printed if shape != "bullet" else "", heading, sure=True
        )
    if shape == "bullet":
        return Block("item", text, level=level, sure=True)
    if printed:
        label = label_of(printed)
        return Block("para", text, label, printed) if label else Block("item", text, printed=printed, level=level, sure=True)
    letter = letter_of(text)
    if letter and not number_of(text):
        return Block("item", letter[1], printed=letter[0])
    bullet = BULLET.match(text)
    if "\t" in text and not number_of(text) and not bullet:
        return Block("row", " ".join(text.split()), cells=tuple(cell.strip() for cell in text.split("\t") if cell.strip()))
    if bullet or (chain and chain[0].name.startswith("list bullet")):
        return Block("item", text[bullet.end() :] if bullet else text, sure=True)
    return Block("para", text)


def _heading_level(chain: list[Style], properties: etree._Element | None) -> int | None:
    own = whole(value(properties, "outlineLvl"))
    if own is not None:
        return own + 1 if 0 <= own < 9 else None
    for step in chain:
        found = _HEADING.match(step.name)
        if found:
            return int(found[1])
        if step.name == "title":
            return 1
        if step.outline is not None:
            return step.outline + 1 if 0 <= step.outline < 9 else None
    return None


def _table(table: etree._Element, reader: _Reader, depth: int) -> Iterator[Block]:
    """The rows of a table. A row used only for layout is read as the paragraphs in it."""
    names: dict[int, str] = {}
    for line in _inside(table, "tr"):
        properties = line.find(f"{W}trPr")
        if properties is not None and properties.find(f"{W}del") is not None:
            continue
        held = [(cell, list(_walk(cell, reader, depth + 1))) for cell in _inside(line, "tc")]
        cells, column = [], 0
        for cell, blocks in held:
            cells.append(_cell(cell, blocks, column))
            column += min(max(whole(value(cell.find(f"{W}tcPr"), "gridSpan")) or 1, 1), 60)
        cells = carried(cells, names)
        if laid_out(cells):
            for _, blocks in held:
                yield from blocks
            continue
        block = row(cells, bool(switched(properties, "tblHeader")))
        if block is not None:
            yield block


def _inside(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    """The rows of a table or the cells of a row, through the wrappers that controls and changes put around them."""
    for child in parent:
        if child.tag == f"{W}{name}":
            yield child
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}ins", f"{W}moveTo"):
            yield from _inside(child, name)


def _cell(cell: etree._Element, blocks: list[Block], column: int) -> Cell:
    """A cell from the blocks read in it, with the numbers its paragraphs print."""
    told = [block for block in blocks if block.text or block.printed]
    texts = [f"{block.printed} {block.text}".strip() for block in told]
    merged = cell.find(f"{W}tcPr/{W}vMerge")
    above = merged is not None and merged.get(f"{W}val", "continue") == "continue"
    nested = any(True for _ in cell.iterchildren(f"{W}tbl")) and bool(texts)
    return Cell(" ".join(" ".join(texts).split()), len(told), nested, bool(told) and all(block.bold for block in told), column, above)

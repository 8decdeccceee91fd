"""OpenDocument text (odt) into blocks, with the numbers its list styles print."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from schoolgate.policytext.archive import open_archive
from schoolgate.policytext.blocks import Block
from schoolgate.policytext.errors import Unreadable
from schoolgate.policytext.labels import number_of
from schoolgate.policytext.readers.numerals import shown

_BASE = "urn:oasis:names:tc:opendocument:xmlns:"
OFFICE, STYLE, TEXT, TABLE, DRAW, MANIFEST = (
    f"{{{_BASE}{name}:1.0}}" for name in ("office", "style", "text", "table", "drawing", "manifest")
)
_LOOKS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_SKIPPED = {f"{TEXT}note", f"{OFFICE}annotation", f"{TEXT}tracked-changes", f"{TEXT}ruby-text"}
_DEEPEST = 120


@dataclass(slots=True)
class _Lists:
    """List styles by name, each a table from level (from 1) to how that level is numbered, and how far each list has counted."""

    styles: dict[str, dict[int, etree._Element]] = field(default_factory=dict)
    outline: dict[int, etree._Element] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=dict)

    def next(self, key: str, levels: dict[int, etree._Element], level: int, restart: bool) -> str:
        """Count one paragraph on at a level and return the number as printed; empty for a bullet."""
        counts = self.counts.setdefault(key, {})
        if restart:
            counts.clear()
        own = levels.get(level)
        counts[level] = counts.get(level, _start(own) - 1) + 1
        for deeper in [step for step in counts if step > level]:
            del counts[deeper]
        if own is None or not own.get(f"{STYLE}num-format"):
            return ""
        shown_levels = range(level - int(own.get(f"{TEXT}display-levels", "1")) + 1, level + 1)
        numbers = [shown(counts.get(step, 1), _look(levels.get(step))) for step in shown_levels if _look(levels.get(step))]
        return f"{own.get(f'{STYLE}num-prefix', '')}{'.'.join(numbers)}{own.get(f'{STYLE}num-suffix', '')}".strip()


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
    lists = _lists(content, styles)
    body = content.find(f"{OFFICE}body/{OFFICE}text")
    if body is None:
        raise Unreadable(f"{name} is not a text document: it may be a spreadsheet or a drawing. Save the policy as docx or odt text.")
    blocks = list(_walk(body, lists, 0))
    return [*blocks, *_furniture(styles)], None


def _furniture(styles: etree._Element | None) -> list[Block]:
    found: dict[str, Block] = {}
    for tag in ("header", "footer"):
        for holder in styles.iter(f"{STYLE}{tag}") if styles is not None else ():
            for paragraph in holder.iter(f"{TEXT}p"):
                text = " ".join(_text(paragraph).split())
                if text:
                    found.setdefault(text, Block("furniture", text))
    return list(found.values())


def _lists(content: etree._Element, styles: etree._Element | None) -> _Lists:
    lists = _Lists()
    for root in (styles, content):
        for style in root.iter(f"{TEXT}list-style") if root is not None else ():
            lists.styles[style.get(f"{STYLE}name", "")] = _levels(style)
        for style in root.iter(f"{TEXT}outline-style") if root is not None else ():
            lists.outline = _levels(style)
    return lists


def _levels(style: etree._Element) -> dict[int, etree._Element]:
    return {int(level.get(f"{TEXT}level", "1")): level for level in style if isinstance(level.tag, str)}


def _start(level: etree._Element | None) -> int:
    return int(level.get(f"{TEXT}start-value", "1")) if level is not None else 1


def _look(level: etree._Element | None) -> str:
    return _LOOKS.get(level.get(f"{STYLE}num-format", ""), "") if level is not None else ""


def _walk(parent: etree._Element, lists: _Lists, deep: int) -> Iterator[Block]:
    if deep > _DEEPEST:
        return
    for element in parent:
        if element.tag == f"{TEXT}h":
            yield _heading(element, lists)
        elif element.tag == f"{TEXT}p":
            yield from _paragraph(element, lists, deep)
        elif element.tag == f"{TEXT}list":
            yield from _list(element, lists, _Place(), deep)
        elif element.tag == f"{TABLE}table":
            yield from _table(element, lists, deep)
        elif element.tag == f"{TEXT}table-of-content":
            yield from (Block("contents", " ".join(_text(line).split())) for line in element.iter(f"{TEXT}p"))
        elif element.tag in (f"{TEXT}section", f"{TEXT}index-body", f"{DRAW}frame", f"{DRAW}text-box"):
            yield from _walk(element, lists, deep + 1)


def _heading(element: etree._Element, lists: _Lists) -> Block:
    level = int(element.get(f"{TEXT}outline-level", "1"))
    printed = lists.next("", lists.outline, level, False) if lists.outline else ""
    number = number_of(f"{printed} X") if printed else None
    text = " ".join(_text(element).split())
    return Block("heading", text, number[0] if number else None, printed, level, sure=True)


def _paragraph(element: etree._Element, lists: _Lists, deep: int) -> Iterator[Block]:
    for line in _text(element).split("\n"):
        cells = tuple(cell.strip() for cell in line.split("\t") if cell.strip())
        text = " ".join(line.split())
        if len(cells) > 1 and not number_of(text):
            yield Block("row", text, cells=cells)
        else:
            yield Block("para", text, gap=not text)
    for box in element.iter(f"{DRAW}text-box"):
        yield from _walk(box, lists, deep + 1)


def _text(element: etree._Element) -> str:
    """The words of a paragraph: notes, comments and text boxes left out."""
    pieces = [element.text or ""]
    for child in element:
        if child.tag == f"{TEXT}tab":
            pieces.append("\t")
        elif child.tag == f"{TEXT}line-break":
            pieces.append("\n")
        elif child.tag == f"{TEXT}s":
            pieces.append(" " * min(int(child.get(f"{TEXT}c", "1")), 100))
        elif child.tag not in _SKIPPED and child.tag not in (f"{DRAW}text-box",) and isinstance(child.tag, str):
            pieces.append(_text(child))
        pieces.append(child.tail or "")
    return "".join(pieces)


def _list(element: etree._Element, lists: _Lists, place: _Place, deep: int) -> Iterator[Block]:
    """The items of a list; a list inside an item is one level deeper and keeps the style of the outer one."""
    if deep > _DEEPEST:
        return
    style = element.get(f"{TEXT}style-name") or place.style
    place = _Place(place.level, style, place.key or style)
    restart = place.level == 1 and element.get(f"{TEXT}continue-numbering") != "true" and element.get(f"{TEXT}continue-list") is None
    for holder in element:
        counted = holder.tag != f"{TEXT}list-item"
        for child in holder:
            if child.tag == f"{TEXT}list":
                yield from _list(child, lists, replace(place, level=place.level + 1), deep + 1)
            elif child.tag in (f"{TEXT}p", f"{TEXT}h") and counted:
                yield Block("para", " ".join(_text(child).split()))
            elif child.tag in (f"{TEXT}p", f"{TEXT}h"):
                yield _listed(child, lists, place, restart)
                restart, counted = False, True


def _listed(element: etree._Element, lists: _Lists, place: _Place, restart: bool) -> Block:
    text = " ".join(_text(element).split())
    printed = lists.next(place.key, lists.styles.get(place.style, {}), place.level, restart)
    number = (number_of(f"{printed} X") or number_of(f"{printed}. X")) if printed else None
    if element.tag == f"{TEXT}h":
        return Block("heading", text, number[0] if number else None, printed, int(element.get(f"{TEXT}outline-level", "1")), sure=True)
    if number:
        return Block("para", text, number[0], printed)
    return Block("item", text, printed=printed, level=place.level - 1, sure=True)


def _table(table: etree._Element, lists: _Lists, deep: int) -> Iterator[Block]:
    for row in table.iter(f"{TABLE}table-row"):
        cells = [cell for cell in row if cell.tag == f"{TABLE}table-cell"]
        texts = tuple(
            text for text in (" ".join(" ".join(_text(line).split()) for line in cell.iter(f"{TEXT}p")) for cell in cells) if text
        )
        if len(texts) > 1:
            yield Block("row", " ".join(texts), cells=texts, sure=True)
        elif texts:
            for cell in cells:
                yield from _walk(cell, lists, deep + 1)

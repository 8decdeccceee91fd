"""HTML into blocks. Markdown and reStructuredText come through here too, once they have been turned into HTML."""

import re
from collections.abc import Iterator

from lxml import etree
from lxml import html as lxml_html

from schoolgate.policytext.blocks import Block
from schoolgate.policytext.errors import Unreadable
from schoolgate.policytext.labels import BULLET, letter_of, letters, number_of
from schoolgate.policytext.readers import plain

_DROPPED = {"script", "style", "noscript", "template", "svg", "iframe", "object", "head", "select", "button"}
_HOLDERS = {
    "div",
    "section",
    "article",
    "main",
    "body",
    "html",
    "form",
    "fieldset",
    "blockquote",
    "center",
    "dl",
    "details",
    "figure",
    "aside",
    "header",
}
_BREAKS = {
    "p",
    "br",
    "li",
    "tr",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "table",
    "dd",
    "dt",
    "pre",
    "hr",
    "nav",
    "footer",
    *_HOLDERS,
}
_DEEPEST = 120


def read(data: bytes, name: str) -> tuple[list[Block], int | None]:
    """The blocks of an HTML file; it has no pages."""
    declared = re.search(rb"<!ENTITY", data[:4096], re.IGNORECASE)
    if declared:
        raise Unreadable(f"{name} was refused: it declares entities, which no policy needs. Save the page again as plain HTML.")
    return blocks_of(plain.decode(data, name), name), None


def blocks_of(text: str, name: str) -> list[Block]:
    """The blocks of a text in HTML."""
    parser = lxml_html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    try:
        root = lxml_html.document_fromstring(text, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as problem:
        raise Unreadable(f"{name} holds no page we can read. Save the policy again as HTML, docx or plain text.") from problem
    body = root.find("body")
    return [block for block in _walk(root if body is None else body, 0, 0) if block.text or block.gap]


def _walk(parent: etree._Element, depth: int, deep: int) -> Iterator[Block]:
    """Blocks of an element's children; loose words between block elements become paragraphs."""
    loose: list[str] = [parent.text or ""]
    if deep > _DEEPEST:
        return
    for child in parent:
        tag = child.tag if isinstance(child.tag, str) else ""
        if tag == "br":
            loose.append("\n")
        elif tag in _BREAKS:
            yield from _loose(loose)
            loose = []
            yield from _element(child, tag, depth, deep)
        elif tag and tag not in _DROPPED:
            inner_blocks = any(inner.tag in _BREAKS - {"br"} for inner in child.iter() if inner is not child)
            if inner_blocks:
                yield from _loose(loose)
                loose = []
                yield from _walk(child, depth, deep + 1)
            else:
                loose.append(_words(child))
        loose.append(child.tail or "")
    yield from _loose(loose)


def _loose(pieces: list[str]) -> Iterator[Block]:
    for line in "".join(pieces).split("\n\n" if "\n" not in pieces else "\n"):
        text = " ".join(line.split())
        if text:
            yield from _paragraph(text)


def _element(element: etree._Element, tag: str, depth: int, deep: int) -> Iterator[Block]:
    if re.fullmatch(r"h[1-6]", tag):
        yield Block("heading", " ".join(_words(element).split()), level=int(tag[1]), sure=True)
    elif tag in ("ul", "ol"):
        yield from _list(element, tag, depth, deep)
    elif tag == "table":
        yield from _table(element)
    elif tag in ("nav", "footer"):
        yield Block("furniture", " ".join(_words(element).split()))
    elif tag == "p" or tag in ("dd", "dt", "pre"):
        yield from _lines(element)
    elif tag != "hr":
        yield from _walk(element, depth, deep + 1)


def _lines(element: etree._Element) -> Iterator[Block]:
    for line in _words(element).split("\n" if element.tag == "pre" or element.find(".//br") is not None else "\0"):
        text = " ".join(line.split())
        if text:
            yield from _paragraph(text)


def _paragraph(text: str) -> Iterator[Block]:
    bullet = BULLET.match(text)
    letter = letter_of(text)
    if bullet:
        yield Block("item", text[bullet.end() :])
    elif letter and not number_of(text):
        yield Block("item", letter[1], printed=letter[0])
    else:
        yield Block("para", text, gap=True)


def _words(element: etree._Element) -> str:
    if element.tag in _DROPPED:
        return ""
    pieces = [re.sub(r"\s+", " ", element.text or "") if element.tag != "pre" else element.text or ""]
    for child in element:
        if child.tag == "br":
            pieces.append("\n")
        elif isinstance(child.tag, str):
            pieces.append(_words(child))
        pieces.append(re.sub(r"\s+", " ", child.tail or "") if element.tag != "pre" else child.tail or "")
    return "".join(pieces)


def _list(element: etree._Element, tag: str, depth: int, deep: int) -> Iterator[Block]:
    start = element.get("start", "1")
    count = int(start) if start.isdigit() else 1
    for child in element:
        if child.tag in ("ul", "ol"):
            yield from _list(child, child.tag, depth + 1, deep + 1)
        if child.tag != "li":
            continue
        yield from _list_item(child, _mark(tag, element.get("type", "1"), count), depth, deep)
        count += 1


def _mark(tag: str, look: str, count: int) -> str:
    if tag == "ul":
        return ""
    return f"({letters(count - 1)})" if look in ("a", "A") else f"{count}."


def _list_item(element: etree._Element, mark: str, depth: int, deep: int) -> Iterator[Block]:
    """A list item: its own words first, then the lists inside it one level deeper."""
    first = True
    for block in _walk(element, depth + 1, deep + 1):
        if not first or block.kind not in ("para", "heading"):
            yield block
            first = False
            continue
        first = False
        number = number_of(block.text)
        if number and "." in number[0]:
            yield Block("para", number[2], number[0], number[1])
        elif mark and depth == 0 and mark[0].isdigit():
            yield Block("para", block.text, mark.rstrip("."), mark)
        else:
            yield Block("item", block.text, printed=mark, level=depth, sure=True)


def _table(element: etree._Element) -> Iterator[Block]:
    for row in element.iter("tr"):
        if next(row.iterancestors("table")) is not element:
            continue
        cells = tuple(" ".join(_words(cell).split()) for cell in row if cell.tag in ("td", "th"))
        filled = tuple(cell for cell in cells if cell)
        if len(filled) > 1:
            yield Block("row", " ".join(filled), cells=filled, sure=True)
        elif filled:
            yield from _paragraph(filled[0])

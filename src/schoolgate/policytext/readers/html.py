"""HTML into blocks. Markdown and reStructuredText come through here too, once they have been turned into HTML."""

import re
from collections.abc import Iterator
from dataclasses import replace

from lxml import etree
from lxml import html as lxml_html

from schoolgate.policytext.blocks import Block, bounded
from schoolgate.policytext.errors import Unreadable
from schoolgate.policytext.labels import BULLET, label_of, letter_of, number_of, titled
from schoolgate.policytext.readers import plain
from schoolgate.policytext.readers.htmlpage import UNSEEN, article_of, words
from schoolgate.policytext.readers.numerals import shown
from schoolgate.policytext.readers.rows import MOST_COLUMNS, Cell, carried, laid_out, row

_DROPPED = {"script", "style", "noscript", "template", "svg", "iframe", "object", "head", "select", "button", "textarea", "caption"}
_STRUCK = {"del", "s", "strike"}
_HOLDERS = {"div", "section", "article", "main", "body", "html", "form", "fieldset", "blockquote", "center", "details", "figure", "aside"}
_LINES = {"p", "dd", "dt", "pre", "summary", "figcaption", "legend", "address", "h1", "h2", "h3", "h4", "h5", "h6"}
_BREAKS = {"br", "li", "tr", "ul", "ol", "dl", "table", "hr", "nav", "footer", "header", *_HOLDERS, *_LINES}
_LOOKS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_STRONG = {"b", "strong"}
_DEEPEST = 120
_DECLARED = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{2,30})", re.IGNORECASE)
_TYPED = re.compile(r"mso-list\s*:\s*ignore", re.IGNORECASE)
_PLACED = re.compile(r"mso-list\s*:[^;]{0,60}?\blevel(\d)", re.IGNORECASE)
_GOOGLE = re.compile(r"lst-kix_\w{1,40}-(\d)")
_MOST_ROWS_SPANNED = 500
_MOST_ELEMENTS = 200_000


def read(data: bytes, name: str) -> tuple[list[Block], int | None]:
    """The blocks of an HTML file; it has no pages. Raises Unreadable for a page that declares entities or holds nothing to read."""
    if re.search(rb"<!ENTITY", data[:4096], re.IGNORECASE):
        raise Unreadable(f"{name} was refused: it declares entities, which no policy needs. Save the page again as plain HTML.")
    declared = _DECLARED.search(data[:4096])
    return blocks_of(plain.decode(data, name, declared[1].decode("ascii", "ignore") if declared else None), name, page=True), None


def blocks_of(text: str, name: str, page: bool = False) -> list[Block]:
    """The blocks of a text in HTML. A whole ``page`` from a website is first cut down to its article."""
    parser = lxml_html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    text = re.sub(r"^\s{0,100}<\?xml[^>]{0,200}\?>", "", UNSEEN.sub("", text))
    try:
        root = lxml_html.document_fromstring(text, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as problem:
        raise Unreadable(f"{name} holds no page we can read. Save the policy again as HTML, docx or plain text.") from problem
    body = root.find("body")
    body = root if body is None else body
    if sum(1 for _ in body.iter()) > _MOST_ELEMENTS:
        raise Unreadable(f"{name} holds more marks than any policy has. Give one policy at a time, or save it as plain text.")
    aside = [Block("furniture", words_) for words_ in article_of(body)] if page else []
    return [*bounded((block for block in _walk(body, 0, 0) if block.text or block.gap), name), *aside]


def _walk(parent: etree._Element, depth: int, deep: int) -> Iterator[Block]:
    """Blocks of an element's children; loose words between block elements become paragraphs."""
    if deep > _DEEPEST:
        yield from _loose([words(parent)])
        return
    loose: list[str] = [parent.text or ""]
    for child in parent:
        tag = child.tag if isinstance(child.tag, str) else ""
        if tag == "br":
            loose.append("\n")
        elif tag in _BREAKS or (tag and tag not in _DROPPED and _holds_blocks(child)):
            yield from _loose(loose)
            loose = []
            yield from _element(child, tag, depth, deep)
        elif tag and tag not in _DROPPED:
            loose.append(_words(child))
        loose.append(child.tail or "")
    yield from _loose(loose)


def _holds_blocks(element: etree._Element) -> bool:
    return next(element.iterdescendants(*(_BREAKS - {"br"})), None) is not None


def _loose(pieces: list[str]) -> Iterator[Block]:
    for line in "".join(pieces).split("\n\n" if "\n" not in pieces else "\n"):
        text = " ".join(line.split())
        if text:
            yield _paragraph(text)


def _element(element: etree._Element, tag: str, depth: int, deep: int) -> Iterator[Block]:
    if re.fullmatch(r"h[1-6]", tag):
        yield Block("heading", " ".join(_words(element).split()), level=int(tag[1]), sure=True)
    elif tag in ("ul", "ol"):
        yield from _list(element, tag, depth, deep)
    elif tag == "table":
        yield from _table(element, depth, deep)
    elif tag == "dl":
        yield from _definitions(element, depth, deep)
    elif tag == "aside" and element.get("class", "").split()[:1] == ["footnote"]:
        yield Block("note", words(element))
    elif tag in ("nav", "footer"):
        yield Block("furniture", words(element))
    elif tag in _LINES and not _holds_blocks(element):
        yield from _lines(element)
    elif tag != "hr":
        yield from _walk(element, depth, deep + 1)


def _lines(element: etree._Element) -> Iterator[Block]:
    """The lines of a paragraph: cut at its breaks where it has any. Word's own marks for lists and contents are followed."""
    if element.get("class", "").lower().startswith("msotoc"):
        yield Block("contents", words(element))
        return
    listed = _listed_by_word(element)
    if listed is not None:
        yield listed
        return
    bold = _bold(element)
    text = _words(element)
    for line in text.split("\n") if element.tag == "pre" or "\n" in text else [text]:
        tidy = " ".join(line.split())
        if tidy:
            block = _paragraph(tidy)
            made = bold and block.kind == "para" and titled(tidy)
            yield replace(block, kind="heading" if made else block.kind, bold=bold)


def _listed_by_word(element: etree._Element) -> Block | None:
    """A paragraph that Word numbered when it saved the page: the number is typed into a part marked to be passed over."""
    placed = _PLACED.search(element.get("style", ""))
    if not placed:
        return None
    mark = next((span for span in element.iter("span") if _TYPED.search(span.get("style", ""))), None)
    if mark is None:
        return None
    printed = words(mark)
    text = " ".join(_words(element).split()).removeprefix(printed).strip()
    level = max(int(placed[1]) - 1, 0)
    glyph = not any(letter.isalnum() for letter in printed) or printed == "o"
    label = None if glyph else label_of(printed)
    if not text:
        return None
    return Block("para", text, label, printed) if label else Block("item", text, printed="" if glyph else printed, level=level, sure=True)


def _bold(element: etree._Element) -> bool:
    """Whether all words of a paragraph are strong."""
    plain_words = [element.text or "", *(child.tail or "" for child in element)]
    strong = [child for child in element if isinstance(child.tag, str) and words(child)]
    if any(piece.strip() for piece in plain_words) or not strong:
        return False
    return all(child.tag in _STRONG or (child.tag in ("span", "u", "a", "font", "em") and _bold(child)) for child in strong)


def _paragraph(text: str) -> Block:
    bullet = BULLET.match(text)
    letter = letter_of(text)
    if bullet:
        return Block("item", text[bullet.end() :])
    if letter and not number_of(text):
        return Block("item", letter[1], printed=letter[0])
    return Block("para", text, gap=True)


def _words(element: etree._Element) -> str:
    if element.tag in _DROPPED or element.tag in _STRUCK or _refers_to_note(element):
        return ""
    if element.tag == "input":
        ticked = "☒" if element.get("checked") is not None else "☐"
        return f"{ticked} " if element.get("type", "").lower() in ("checkbox", "radio") else ""
    kept = element.tag == "pre"
    pieces = [element.text or "" if kept else re.sub(r"\s+", " ", element.text or "")]
    for child in element:
        if child.tag == "br":
            pieces.append("\n")
        elif isinstance(child.tag, str):
            pieces.append(_words(child))
        pieces.append(child.tail or "" if kept else re.sub(r"\s+", " ", child.tail or ""))
    return "".join(pieces)


def _refers_to_note(element: etree._Element) -> bool:
    """Whether an element is the small number that points to a footnote of the page."""
    if element.tag == "a":
        return element.get("role") == "doc-noteref" or "footnote-reference" in element.get("class", "")
    link = element.find("a") if element.tag == "sup" else None
    return link is not None and (link.get("href") or "").startswith("#") and bool(re.fullmatch(r"\[?\w{1,3}\]?", words(element)))


def _list(element: etree._Element, tag: str, depth: int, deep: int) -> Iterator[Block]:
    """The items of a list. A list of links that all stay on the page is a list of contents."""
    links = [child.find(".//a") for child in element if child.tag == "li"]
    if len(links) > 2 and all(link is not None and (link.get("href") or "").startswith("#") for link in links):
        yield from (Block("contents", words(child)) for child in element if child.tag == "li")
        return
    google = _GOOGLE.search(element.get("class", ""))
    depth = int(google[1]) if google else depth
    count = _number(element.get("start"), 1)
    for child in element:
        if child.tag in ("ul", "ol"):
            yield from _list(child, child.tag, depth + 1, deep + 1)
        if child.tag != "li":
            continue
        count = _number(child.get("value"), count)
        yield from _list_item(child, _mark(tag, element.get("type", "1"), count), depth, deep)
        count += 1


def _number(text: str | None, usual: int) -> int:
    return int(text) if text is not None and re.fullmatch(r"-?[0-9]{1,6}", text) else usual


def _mark(tag: str, look: str, count: int) -> str:
    if tag == "ul":
        return ""
    return f"({shown(count, _LOOKS[look])})" if look in _LOOKS else f"{count}."


def _list_item(element: etree._Element, mark: str, depth: int, deep: int) -> Iterator[Block]:
    """A list item: its own words first, then the lists inside it one level deeper."""
    for place, block in enumerate(_walk(element, depth + 1, deep + 1)):
        if place or block.kind not in ("para", "heading"):
            yield block
            continue
        number = number_of(block.text)
        if number and "." in number[0]:
            yield Block("para", number[2], number[0], number[1], bold=block.bold)
        elif mark and depth == 0 and mark[0].isdigit():
            yield Block("para", block.text, mark.rstrip("."), mark, bold=block.bold)
        else:
            yield Block("item", block.text, printed=mark, level=depth, sure=True, bold=block.bold)


def _definitions(element: etree._Element, depth: int, deep: int) -> Iterator[Block]:
    """A list of terms: each term with what it means is a row of two cells."""
    term = ""
    for child in element.iter("dt", "dd"):
        if next(child.iterancestors("dl", "dd", "dt"), None) is not element:
            continue  # of another list, or inside a meaning that was never closed: it is read with that
        if child.tag == "dt":
            term = words(child).rstrip(": ")
            continue
        meaning = [block for block in _walk(child, depth, deep + 1) if block.text]
        if term and len(meaning) == 1 and meaning[0].kind == "para":
            text = f"{meaning[0].printed} {meaning[0].text}".strip()
            yield Block("row", f"{term} {text}", cells=(term, text), sure=True)
        else:
            yield from [Block("para", term), *meaning] if term and meaning else meaning
            term = ""


def _table(element: etree._Element, depth: int, deep: int) -> Iterator[Block]:
    """The rows of a table. A row used only for layout is read as what stands in it."""
    names: dict[int, str] = {}
    spans: dict[int, int] = {}
    for line in element.iter("tr"):
        if next(line.iterancestors("table", "td", "th"), None) is not element:
            continue
        held = [(cell, list(_walk(cell, depth, deep + 1))) for cell in line if cell.tag in ("td", "th")]
        cells = carried(_cells(held, spans), names)
        if laid_out(cells):
            for _, blocks in held:
                yield from blocks
            continue
        header = next(line.iterancestors("thead"), None) is not None or all(cell.tag == "th" for cell, _ in held)
        block = row(cells, header)
        if block is not None:
            yield block


def _cells(held: list[tuple[etree._Element, list[Block]]], spans: dict[int, int]) -> Iterator[Cell]:
    """The cells of a row, those that reach down from the rows above among them. ``spans`` counts how far each still reaches."""
    column = 0
    for cell, blocks in held:
        while spans.get(column, 0) > 0:
            spans[column] -= 1
            yield Cell("", column=column, above=True)
            column += 1
        told = [block for block in blocks if block.text]
        text = " ".join(f"{block.printed} {block.text}".strip() for block in told)
        nested = next(cell.iterdescendants("table"), None) is not None
        strong = cell.tag == "th" or (bool(told) and all(block.bold for block in told))
        yield Cell(" ".join(text.split()), len(told), nested, strong, column)
        reach = min(max(_number(cell.get("rowspan"), 1), 1), _MOST_ROWS_SPANNED) - 1
        wide = min(max(_number(cell.get("colspan"), 1), 1), MOST_COLUMNS)
        spans.update({column + step: reach for step in range(wide) if reach})
        column = min(column + wide, MOST_COLUMNS * 10)

"""Running headers, footers and page numbers, told by standing at the edge of page after page."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass

from schoolgate.policytext.blocks import Block
from schoolgate.policytext.readers.pdf.lines import line_of, rows_of
from schoolgate.policytext.readers.pdf.shapes import Page, Piece

_EDGE = 0.14  # of the height of the page
_OUTERMOST = 5
_LEVEL = 6.0  # points by which a running line may move from page to page
_OFTEN = 0.4
_PAGE_NUMBER = re.compile(
    r"^[\s|–-]*(?P<word>page|p\.?)?\s*\|?\s*(?P<number>\d{1,3}|[ivxl]{1,6})(?P<of>\s*(?:of|/|from)\s*\d{1,3})?[\s|–-]*(?:page)?$",
    re.IGNORECASE,
)
_PRINTED = re.compile(
    r"^(?:[a-z]:|/|\\\\)?[\w ./\\()-]*\w\.(?:docx?|odt|rtf|pdf|pages)$|^file://\S+(?:\s+\d{1,3}/\d{1,3})?$|^https?://\S+\s+\d{1,3}/\d{1,3}$"
    r"|^\d{1,2}/\d{1,2}/\d{2,4},? \d{1,2}:\d\d(?: [ap]m)?\b",
    re.IGNORECASE,
)
_PAGE_WORD = re.compile(r"\bpage\s*\d|\d\s*(?:of|/)\s*\d", re.IGNORECASE)


@dataclass(slots=True)
class _Edge:
    """A line near the top or foot of a page."""

    page: int
    text: str
    base: float
    pieces: list[Piece]


def set_apart(pages: list[Page]) -> list[Block]:
    """Take the running lines out of the pages; give each once, as it first stands."""
    edges = [edge for page in pages for edge in _edges(page)]
    sizes = Counter(round(piece.size) for page in pages for piece in page.pieces)
    body = sizes.most_common(1)[0][0] if sizes else 0
    running = [*_repeated(edges, len(pages), body), *_numbers(edges, len(pages))]
    gone = {id(piece) for edge in running for piece in edge.pieces}
    for page in pages:
        marked = [piece for piece in page.pieces if piece.running and id(piece) not in gone]
        running += [_Edge(page.number, line_of(row, page.number).text, row[0].base, row) for row in rows_of(marked)]
        page.pieces = [piece for piece in page.pieces if not piece.running and id(piece) not in gone]
    found: dict[str, Block] = {}
    for edge in sorted(running, key=lambda edge: (edge.page, edge.base)):
        found.setdefault(_shape(edge.text), Block("furniture", edge.text, page=edge.page))
    return list(found.values())


def _edges(page: Page) -> list[_Edge]:
    rows = rows_of(page.pieces)
    above = [row for row in rows if row[0].base < _EDGE * page.height][:_OUTERMOST]
    below = [row for row in rows if row[0].base > (1 - _EDGE) * page.height][-_OUTERMOST:]
    return [_Edge(page.number, line_of(row, page.number).text, row[0].base, row) for row in above + below]


def _shape(text: str) -> str:
    return re.sub(r"\d+", "#", " ".join(text.split())).lower()


def _repeated(edges: list[_Edge], pages: int, body: float) -> list[_Edge]:
    """Lines with the same words at the same height of many pages. Their numbers may change, but not those of lines set like headings."""
    alike: dict[str, list[_Edge]] = defaultdict(list)
    for edge in edges:
        if sum(map(str.isalnum, edge.text)) > 2:
            alike[edge.text if _set_like_heading(edge, body) else _shape(edge.text)].append(edge)
    often = max(2, _OFTEN * pages)
    found = []
    for same in alike.values():
        near = max(([other for other in same if abs(other.base - edge.base) <= _LEVEL] for edge in same), key=len)
        if len({edge.page for edge in near}) >= often:
            found += near
    return found


def _set_like_heading(edge: _Edge, body: float) -> bool:
    heavy = any(piece.size > 1.2 * body or (piece.bold and piece.size > 0.95 * body) for piece in edge.pieces)
    return heavy and not _PAGE_WORD.search(edge.text)


def _numbers(edges: list[_Edge], pages: int) -> list[_Edge]:
    """Page numbers, told by the word "page" or by counting up with the pages, and the file names and hours that printing puts there."""
    numbered = [(edge, match) for edge in edges if (match := _PAGE_NUMBER.match(edge.text))]
    sure = [edge for edge, match in numbered if match["word"] or match["of"]] + [edge for edge in edges if _PRINTED.match(edge.text)]
    bare = [(edge, int(match["number"]) - edge.page) for edge, match in numbered if edge not in sure and match["number"].isdigit()]
    steps = Counter(step for _, step in bare)
    if not steps:
        return sure
    step, times = steps.most_common(1)[0]
    return sure + [edge for edge, own in bare if own == step and (times > 1 or pages == 1)]

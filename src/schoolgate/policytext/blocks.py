"""The blocks every reader produces: headings, paragraphs, list items and table rows, in reading order."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from schoolgate.policytext.errors import Unreadable
from schoolgate.policytext.model import Place


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph-like piece of a document.

    ``kind`` is heading, para, item, row, contents, furniture, note, property, or caution: a sentence of the reader itself on what it could
    not read, with the code of the caution as its label. The outline adds header (the names of a table's columns) and side (one column of
    a table of dos and don'ts). ``label`` is the number as it counts ("6.2"), ``printed`` the number as it stands on paper ("6.2.").
    ``level`` is the depth of a heading (from 1) or of a list item (from 0). ``gap`` says that empty space stands before it. ``sure`` says
    that the format itself named the kind (a heading style, say), so nobody has to guess. ``bold`` says that all its words are bold,
    ``size`` is the height of its letters in points (0 where the format does not say), and ``places`` where it stands on the pages.
    """

    kind: str
    text: str
    label: str | None = None
    printed: str = ""
    level: int = 0
    page: int | None = None
    gap: bool = False
    cells: tuple[str, ...] = ()
    sure: bool = False
    bold: bool = False
    size: float = 0.0
    places: tuple[Place, ...] = ()


MOST_BLOCKS = 15_000


def bounded(blocks: Iterable[Block], name: str) -> Iterator[Block]:
    """The blocks of a document as they come. Raises Unreadable as soon as there are more than any policy has."""
    for count, block in enumerate(blocks):
        if count >= MOST_BLOCKS:
            raise Unreadable(f"{name} holds more than {MOST_BLOCKS:,} paragraphs. Give one policy at a time.")
        yield block

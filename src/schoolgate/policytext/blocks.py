"""The blocks every reader produces: headings, paragraphs, list items and table rows, in reading order."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph-like piece of a document.

    ``kind`` is heading, para, item, row, contents or furniture. ``label`` is the number as it counts ("6.2"), ``printed`` the number as it
    stands on paper ("6.2."). ``level`` is the depth of a heading (from 1) or of a list item (from 0). ``gap`` says that empty space
    stands before it. ``sure`` says that the format itself named the kind (a heading style, say), so nobody has to guess.
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

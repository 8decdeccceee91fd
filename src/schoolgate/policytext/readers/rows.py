"""Table rows, read the same way from every format: which are layout, which are headers, and what a row says."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from schoolgate.policytext.blocks import Block
from schoolgate.policytext.labels import number_of

_LONGEST_NAME = 60
_MOST_PARAGRAPHS = 6
MOST_COLUMNS = 60


@dataclass(slots=True)
class Cell:
    """One cell: its words, how many paragraphs they are, whether it holds another table, is bold, or goes on from the cell above."""

    text: str
    paragraphs: int = 1
    nested: bool = False
    bold: bool = False
    column: int = 0
    above: bool = False


def laid_out(cells: Sequence[Cell]) -> bool:
    """Whether a row only places things on the page: one filled cell, or a cell that holds as much as a page does."""
    filled = [cell for cell in cells if cell.text]
    return len(filled) == 1 or any(cell.nested or cell.paragraphs > _MOST_PARAGRAPHS for cell in filled)


def named(cell: Cell) -> bool:
    """Whether a cell is a name for what stands beside it."""
    return 0 < len(cell.text) <= _LONGEST_NAME and cell.paragraphs == 1 and not re.search(r"[.!?;]$", cell.text)


def row(cells: Sequence[Cell], header: bool = False) -> Block | None:
    """What a row says; None where it says nothing. A header row is set aside; a number alone in the first cell is the row's number."""
    filled = [cell for cell in cells if cell.text]
    if not filled:
        return None
    texts = tuple(cell.text for cell in filled)
    bold = all(cell.bold for cell in filled)
    if header and len(filled) > 1 and all(map(named, filled)):
        return Block("furniture", " | ".join(texts))
    number = number_of(f"{texts[0]} X") if len(texts) > 1 else None
    if number and number[1] == texts[0] and number[2] == "X":
        label, printed, texts = number[0], number[1], texts[1:]
        if len(texts) == 1:
            return Block("para", texts[0], label, printed, bold=bold)
        return Block("row", " ".join(texts), label, printed, cells=texts, sure=True, bold=bold)
    return Block("row", " ".join(texts), cells=texts, sure=True, bold=bold)


def carried(cells: Iterable[Cell], names: dict[int, str]) -> list[Cell]:
    """The cells of a row, with the name of a cell that spans several rows said again in each of them.

    ``names`` holds the last name of each column and is brought up to date.
    """
    made = []
    for cell in cells:
        if cell.above and not cell.text:
            cell.text = names.get(cell.column, "")
        elif named(cell):
            names[cell.column] = cell.text
        else:
            names.pop(cell.column, None)
        made.append(cell)
    return made

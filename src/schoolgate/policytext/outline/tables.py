"""Tables: the header row is no clause, it stands in the path of its rows; columns of dos and don'ts are lists of their own."""

import re
from collections.abc import Sequence
from dataclasses import replace

from schoolgate.policytext.blocks import Block

_LONGEST_NAME = 50
_VERB = re.compile(r"\b(?:must|should|shall|will|may|can|cannot|is|are|has|have|do not|never)\b", re.IGNORECASE)
_SIDES = re.compile(
    r"^(?:(?:please )?do(?:['’]?s)?|do(?:n['’]?t| not)s?|dos and don['’]?ts|(?:un)?acceptable(?: use| behaviour)?|(?:not )?(?:allowed|permitted)|"
    r"(?:i|we|you|staff|pupils) (?:will|must|should|can)(?: not|n['’]t)?|always|never|good practice|bad practice|safe|unsafe|avoid)[:!.]?$",
    re.IGNORECASE,
)


def with_headers(blocks: list[Block]) -> list[Block]:
    """The blocks with the header rows of tables turned into lead-ins of the rows below."""
    made: list[Block] = []
    place = 0
    while place < len(blocks):
        end = place
        while end < len(blocks) and blocks[end].kind == "row" and len(blocks[end].cells) == len(blocks[place].cells):
            end += 1
        table = blocks[place:end]
        if len(table) > 1 and _header(table):
            made += _by_side(table) if all(_SIDES.match(cell.strip()) for cell in table[0].cells) else _under(table)
        else:
            made += table or [blocks[place]]
        place = max(end, place + 1)
    return made


def _under(table: Sequence[Block]) -> list[Block]:
    names = " | ".join(table[0].cells)
    return [replace(table[0], kind="header", text=names), *table[1:]]


def _by_side(table: Sequence[Block]) -> list[Block]:
    """One list for each column: what is under "Do", then what is under "Don't"."""
    made: list[Block] = []
    for column, name in enumerate(table[0].cells):
        made.append(replace(table[0], kind="header", text=name, cells=()))
        made += [replace(row, kind="side", text=row.cells[column], cells=()) for row in table[1:] if row.cells[column]]
    return made


def _header(table: Sequence[Block]) -> bool:
    """Whether the first row only names the columns: short names without a verb, over cells that say more or are set less boldly."""
    first, rest = table[0], table[1:]
    if not all(first.cells) or any(len(cell) > _LONGEST_NAME or cell.rstrip().endswith((".", ";", ",")) for cell in first.cells):
        return False
    if all(_SIDES.match(cell.strip()) for cell in first.cells):
        return True
    if any(_VERB.search(cell) and not cell.rstrip().endswith("?") for cell in first.cells) or any(re.search(r"\d", cell) for cell in first.cells):
        return False
    if first.bold and not all(row.bold for row in rest):
        return True
    if len(first.cells) == 2 and first.cells[0].rstrip().endswith(":"):
        return False
    average = sum(len(cell) for cell in first.cells) / len(first.cells)
    others = [len(cell) for row in rest for cell in row.cells]
    longer = sum(others) / len(others) >= max(1.5 * average, 20)
    telling = sum(any(len(cell) > _LONGEST_NAME for cell in row.cells) for row in rest) >= 0.5 * len(rest)
    return (longer or telling) and all(cell[:1].isupper() for cell in first.cells) and (len(first.cells) > 2 or telling)

"""Tables: the header row is no clause, it stands in the path of its rows; columns of dos and don'ts are lists of their own."""

import re
from collections.abc import Sequence
from dataclasses import replace

from schoolgate.policytext.blocks import Block
from schoolgate.policytext.model import Aside
from schoolgate.policytext.outline.evidence import about, pairs_in

_LONGEST_NAME = 50
_LONGEST_OF_MANY = 80
_LEAD_IN = 4
_VERB = re.compile(r"\b(?:must|should|shall|will|may|can|cannot|is|are|has|have|do not|never)\b", re.IGNORECASE)
_COLUMN = re.compile(
    r"^(?:terms?|definitions?|meanings?|roles?|responsibilit(?:y|ies)|key responsibilities|who|what|when|where|how|why|by whom|"
    r"by when|actions?(?: / sanctions)?|"
    r"sanctions?|names?|contact(?: (?:details|number|name))?|dates?|version|persons?(?: responsible)?|areas?|issues?|"
    r"exceptions?|who to contact|behaviours?|examples?|"
    r"steps?|stages?|levels?|descriptions?|documents?|polic(?:y|ies)|owners?|frequency|evidence|notes?|comments?|reasons?|"
    r"incidents?|consequences?|procedures?|"
    r"title|position|e-?mail|telephone|phone|acronym|full name|category|type|risks?|response|duties|task|outcome|lead|timescale|"
    r"deadline|status)s?[:?]?$",
    re.IGNORECASE,
)
_SIDES = re.compile(
    r"^(?:(?:please )?do(?:['’]?s)?|do(?:n['’]?t| not)s?|dos and don['’]?ts|(?:un)?acceptable(?: use| behaviour)?|"
    r"(?:not )?(?:allowed|permitted)|"
    r"(?:i|we|you|staff|pupils) (?:will|must|should|can)(?: not|n['’]t)?|always|never|good practice|bad practice|safe|unsafe|"
    r"avoid)[:!.]?$",
    re.IGNORECASE,
)


def with_headers(blocks: list[Block], asides: list[Aside]) -> list[Block]:
    """The blocks with header rows of tables turned into lead-ins of their rows. A table that is only its header is set aside."""
    made: list[Block] = []
    place = 0
    while place < len(blocks):
        end = place
        while end < len(blocks) and blocks[end].kind == "row":
            end += 1
        if end == place:
            made.append(blocks[place])
            place += 1
            continue
        closed = end == len(blocks) or blocks[end].kind == "heading"
        made += _headed(blocks[place:end], asides, closed=closed)
        place = end
    return made


def _headed(table: list[Block], asides: list[Aside], *, closed: bool) -> list[Block]:
    made: list[Block] = []
    for place, row in enumerate(table):
        rest = table[place:]
        first = not made or made[-1].kind == "header" or row.bold
        if first and _header(rest) and len(rest) == 1 and closed:
            asides.append(Aside("form", row.text, row.page))
        elif first and _header(rest) and len(rest) > 1 and _sided(rest):
            return [*made, *_by_side(rest)]
        elif first and _header(rest):
            made.append(replace(row, kind="header", text=" | ".join(filter(None, row.cells))))
        else:
            made += _merged(row, rest[1] if len(rest) > 1 else None)
    return made


def _merged(row: Block, following: Block | None) -> list[Block]:
    """A cell merged over several rows that leads into them is a lead-in: the rows below have one cell fewer."""
    lead, *cells = row.cells
    if (
        following is None
        or not cells
        or not lead.rstrip().endswith(":")
        or len(following.cells) != len(cells)
        or len(lead.split()) < _LEAD_IN
    ):
        return [row]
    return [replace(row, kind="header", text=lead), replace(row, text=" ".join(cells), cells=tuple(cells))]


def _sided(table: Sequence[Block]) -> bool:
    return all(_SIDES.match(cell.strip()) for cell in table[0].cells) and all(len(row.cells) == len(table[0].cells) for row in table)


def _by_side(table: Sequence[Block]) -> list[Block]:
    """One list for each column: what is under "Do", then what is under "Don't"."""
    made: list[Block] = []
    for column, name in enumerate(table[0].cells):
        made.append(replace(table[0], kind="header", text=f"{name.rstrip(': ')}:", cells=()))
        made += [replace(row, kind="side", text=row.cells[column], cells=()) for row in table[1:] if row.cells[column]]
    return made


def _header(table: Sequence[Block]) -> bool:
    """Whether the first row only names the columns: short names without a verb, over cells that say more, tick, or are set less boldly."""
    first, rest = table[0], table[1:]
    cells = [cell.strip() for cell in first.cells if cell.strip()]
    longest = _LONGEST_OF_MANY if len(cells) > 3 else _LONGEST_NAME
    if len(cells) < 2 or first.label or any(len(cell) > longest or cell.endswith((".", ";", ",")) for cell in cells):
        return False
    if all(_SIDES.match(cell) for cell in cells) or all(_COLUMN.match(cell) for cell in cells):
        return True
    if (
        any(_VERB.search(cell) and not cell.endswith("?") for cell in cells)
        or any(re.search(r"\d{2}", cell) for cell in cells)
        or pairs_in(first.text)
    ):
        return False
    if not all(cell[0].isupper() or cell[0] in "(‘'\"" for cell in cells) or about(cells[0]):
        return False
    if not rest:
        return len(cells) > 3
    if first.bold and not all(row.bold for row in rest):
        return True
    if len(cells) == 2 and cells[0].endswith(":"):
        return False
    others = [cell for row in rest for cell in row.cells]
    ticks = sum(len(cell.strip()) <= 2 for cell in others) >= 0.4 * len(others)
    longer = sum(map(len, others)) / len(others) >= max(1.5 * sum(map(len, cells)) / len(cells), 20)
    telling = sum(any(len(cell) > _LONGEST_NAME for cell in row.cells) for row in rest) >= 0.5 * len(rest)
    return telling or (len(cells) > 2 and (longer or ticks))

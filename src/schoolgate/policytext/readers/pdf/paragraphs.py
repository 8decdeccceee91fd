"""Lines of a column joined into paragraphs, list items and table rows."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from schoolgate.policytext.blocks import Block
from schoolgate.policytext.labels import BULLET, letter_of, number_of
from schoolgate.policytext.model import Place
from schoolgate.policytext.readers.pdf.shapes import Flow, Line, Table
from schoolgate.policytext.readers.pdf.tables import cells_of
from schoolgate.policytext.readers.pdf.wraps import Habits, glued

Placing = Callable[[int, tuple[float, float, float, float]], Place]
ENDED = re.compile(r"[.!?:;][\"'’”)]*$")
_PAGE = re.compile(r"(?:\d{1,3}|[ivxl]{1,6})\s*$")
_DOTS = " .·…_"
_FEWEST_DOTS = 4
_BOX = re.compile(r"^[☐☑☒✓✔]\s*(?=\S)")
_MOST_IN_A_CELL = 6
_HALF = re.compile(r"(?:\b(?:and|or|of|the|for|to|in|on|with|by|a)|[&–-])$", re.IGNORECASE)
_EXTRA = 1.3
_EMPTY_LINE = 1.8
_INDENT = 0.8


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands before the text of an item or a numbered paragraph."""

    kind: str
    printed: str
    label: str | None
    rest: str


@dataclass(slots=True)
class Group:
    """The lines of one paragraph, with its mark and whether more than the usual space stands above it."""

    lines: list[Line]
    mark: Mark | None = None
    gap: bool = False
    flow: Flow | None = None
    text_left: float = 0.0
    cells: list[list[Line]] = field(default_factory=list)


def mark_of(line: Line) -> Mark | None:
    """The bullet, letter or number a line starts with."""
    text = line.text
    bullet = BULLET.match(text) or _BOX.match(text)
    if bullet:
        inner = number_of(text[bullet.end() :])
        if inner and "." in inner[0]:
            return Mark("number", inner[1], inner[0], inner[2].strip())
        return Mark("bullet", "", None, text[bullet.end() :].strip())
    number = number_of(text)
    if number:
        closed = ")" if number[2].startswith(")") else ""
        return Mark("number", number[1] + closed, number[0], number[2].removeprefix(")").strip())
    letter = letter_of(text)
    return Mark("letter", letter[0], None, letter[1].strip()) if letter else None


def groups_of(flow: Flow, habits: Habits) -> list[Group | Table]:
    """The paragraphs and tables of a column, from the top."""
    found: list[Group | Table] = []
    last: Line | None = None
    for part in flow.parts:
        if isinstance(part, Table):
            found.append(part)
            last = None
            continue
        open_group = found[-1] if found and isinstance(found[-1], Group) else None
        mark = mark_of(part)
        gap = last is None or part.base - last.base > _EXTRA * habits.leading(part.size) + 1
        if open_group is None or last is None or _begins(open_group, last, part, mark, gap, habits):
            left = part.second if mark and mark.rest else part.left
            empty = last is not None and part.base - last.base > _EMPTY_LINE * habits.leading(part.size)
            found.append(Group([part], mark, empty, flow, left))
        else:
            open_group.lines.append(part)
            if len(open_group.lines) == 2 and open_group.mark and abs(part.left - open_group.lines[0].left) > 2:
                open_group.text_left = part.left
        last = part
    return found


def _begins(group: Group, last: Line, line: Line, mark: Mark | None, gap: bool, habits: Habits) -> bool:
    """Whether a line begins a new paragraph after ``last``."""
    flow = group.flow
    right = flow.right if flow else last.right
    room = right - last.right
    same = habits.trusted and bool(line.tag and last.tag and line.tag.paragraph == last.tag.paragraph and line.tag.paragraph)
    apart = habits.trusted and bool(line.tag and last.tag and line.tag.paragraph != last.tag.paragraph)
    if same:
        short = (habits.narrow(flow, last) or right) - last.right > max(0.4 * (right - group.lines[0].left), 2 * line.first_word)
        return bool(mark and mark.kind == "bullet") or (short and not gap and not line.text[:1].islower())
    if apart:
        return bool(mark) or not (_broken_off(group, last, line, room) or (not gap and _half_title(last, line)))
    if is_led(last.text) or len(cells_of(line)) > 1 or len(cells_of(last)) > 1:
        return True
    if mark and (mark.kind == "bullet" or not _runs_on(group, last, line, room)):
        return True
    if gap or not 0.89 < line.size / last.size < 1.12 or (line.bold != last.bold and (room > line.first_word or last.bold)):
        return True
    return _set_apart(group, last, line, room, right, habits)


def _broken_off(group: Group, last: Line, line: Line, room: float) -> bool:
    """Whether two paragraphs of the file are one: the first is a full line whose sentence is open, and the second starts below it."""
    if ENDED.search(last.text) or last.bold or line.bold or abs(line.size - last.size) > 0.6 or line.base - last.base > 2.2 * line.size:
        return False
    if abs(line.left - group.text_left) > 3 and abs(line.left - group.lines[0].left) > 3:
        return False
    return (
        room < line.first_word + 0.6 * line.size and last.right - last.left > 0.6 * (last.right + room - last.left) and len(last.text) > 15
    )


def _half_title(last: Line, line: Line) -> bool:
    """Whether two heavy lines are one title: the first ends in a word that needs another."""
    return last.bold and line.bold and abs(line.size - last.size) < 0.6 and bool(_HALF.search(last.text))


def _runs_on(group: Group, last: Line, line: Line, room: float) -> bool:
    """A number in the middle of a sentence may come to stand first in a line: the sentence is open and the line was full."""
    return (
        room < line.first_word + line.size
        and not ENDED.search(last.text)
        and abs(line.left - group.text_left) < line.size
        and group.mark is None
    )


def _set_apart(group: Group, last: Line, line: Line, room: float, right: float, habits: Habits) -> bool:
    """Whether the first word would still have fitted on the line above, or the line starts at another place."""
    if last.text.endswith(("-", "\u00ad")) and line.text[:1].islower():
        return False
    centred = flow_centred(group.flow, last) and flow_centred(group.flow, line)
    ended = bool(ENDED.search(last.text))
    spare = 0.35 * line.size
    if room > line.first_word + line.size * (0.6 if ended else 1.5) + spare:
        inner = habits.narrow(group.flow, last)
        if inner is None or inner - last.right > line.first_word + spare:
            return not (centred and not ended)
    if centred:
        return False
    shift = line.left - (group.text_left if len(group.lines) == 1 and group.mark else last.left)
    if shift > _INDENT * line.size:
        return ended or len(group.lines) > 1
    if shift < -_INDENT * line.size:
        return (
            len(group.lines) > 1
            or (ended and abs(line.left - group.lines[0].left) > 2 and group.mark is None)
            or (group.mark is not None and ended)
        )
    return False


def flow_centred(flow: Flow | None, line: Line) -> bool:
    """Whether a line stands in the middle of its column, with room on both sides."""
    if flow is None:
        return False
    before, after = line.left - flow.left, flow.right - line.right
    return before > 0.06 * (flow.right - flow.left) and abs(before - after) < max(6.0, 0.12 * (before + after))


def text_of(lines: Sequence[Line], habits: Habits) -> str:
    """The words of lines that follow each other, divided words made whole."""
    parts = [lines[0].text]
    for line in lines[1:]:
        parts[-1:] = glued(parts[-1], line.text, habits)
    return " ".join("".join(parts).replace("\u00ad", "").split())


def is_led(text: str) -> bool:
    """Whether dots lead from a title to the number of its page."""
    number = _PAGE.search(text[-12:])
    head = text[: len(text) - len(number[0])].rstrip() if number else ""
    title = head.rstrip(_DOTS)
    return len(head[len(title) :].replace(" ", "")) >= _FEWEST_DOTS and any(map(str.isalnum, title[-80:]))


def block_of(group: Group, habits: Habits, placing: Placing) -> Block:
    """The block of one paragraph; its level as an item is set later, from the items around it."""
    lines = group.lines
    text = text_of(lines, habits)
    tag = lines[0].tag
    places = _places(lines, placing)
    made = Block(
        "para", text, page=lines[0].page, gap=group.gap, bold=all(line.bold for line in lines), size=round(lines[0].size, 1), places=places
    )
    cells = cells_of(lines[0]) if len(lines) == 1 else []
    if is_led(text) or (tag and tag.kind == "contents"):
        return replace(made, kind="contents", sure=bool(tag and tag.kind == "contents"))
    if tag and tag.kind == "heading" and len(text) <= 200:
        made = replace(made, kind="heading", level=tag.level, sure=True)
    if group.mark is None:
        if len(cells) > 1 and made.kind == "para":
            return replace(made, kind="row", cells=tuple(cell for cell, _, _ in cells))
        return made
    return _marked(made, group.mark, text)


def _marked(made: Block, mark: Mark, text: str) -> Block:
    """A bullet or a letter makes an item, a number labels its paragraph or heading."""
    again = mark_of(Line(text, 0, 0, 0, 0, 0, 1, 0)) or mark
    if again.kind == "number":
        return replace(made, text=again.rest, label=again.label, printed=again.printed)
    if made.kind == "heading":
        return made if again.kind == "letter" else replace(made, text=again.rest)
    return replace(made, kind="item", text=again.rest, printed=again.printed)


def _places(lines: Sequence[Line], placing: Placing) -> tuple[Place, ...]:
    """One box for each column the lines stand in."""
    boxes: list[tuple[int, list[float]]] = []
    for line in lines:
        last = boxes[-1] if boxes else None
        if last and last[0] == line.page and line.top >= last[1][1] - 1 and line.left < last[1][2]:
            last[1][:] = [min(last[1][0], line.left), last[1][1], max(last[1][2], line.right), max(last[1][3], line.bottom)]
        else:
            boxes.append((line.page, [line.left, line.top, line.right, line.bottom]))
    return tuple(placing(page, (box[0], box[1], box[2], box[3])) for page, box in boxes)


def rows_of_table(table: Table, habits: Habits, placing: Placing) -> list[Block]:
    """The rows of a table. What has one cell only, or cells with many paragraphs, is read as the paragraphs in it."""
    made: list[Block] = []
    for row in table.rows:
        held = [_cell(cell, habits, placing) for cell in row]
        filled = [blocks for blocks in held if any(block.text for block in blocks)]
        if len(filled) == 1 or any(len(blocks) > _MOST_IN_A_CELL for blocks in filled):
            made += [block for blocks in filled for block in blocks]
        elif filled:
            cells = tuple(" ".join(f"{block.printed} {block.text}".strip() for block in blocks) for blocks in filled)
            lines = [line for cell in row for line in cell.parts if isinstance(line, Line)]
            places = tuple(place for blocks in filled for place in _one(blocks))
            bold = all(line.bold for line in lines)
            size = round(lines[0].size, 1)
            made.append(
                Block("row", " ".join(cells), page=lines[0].page, cells=cells, sure=table.sure, bold=bold, size=size, places=places)
            )
    return made


def _cell(cell: Flow, habits: Habits, placing: Placing) -> list[Block]:
    return [block_of(group, habits, placing) for group in groups_of(cell, habits) if isinstance(group, Group)]


def _one(blocks: list[Block]) -> list[Place]:
    """One box a page around all the words of a cell."""
    around: dict[int, Place] = {}
    for place in (place for block in blocks for place in block.places):
        box = around.get(place.page, place)
        edges = (min(box.left, place.left), min(box.top, place.top), max(box.right, place.right), max(box.bottom, place.bottom))
        around[place.page] = Place(place.page, *edges)
    return list(around.values())

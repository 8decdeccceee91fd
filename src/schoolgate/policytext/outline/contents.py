"""Contents lists set aside: with page numbers, with a title, or a bare run of lines that all come again further on."""

import re

from schoolgate.policytext.blocks import Block
from schoolgate.policytext.labels import number_of
from schoolgate.policytext.model import Aside

_TITLE = re.compile(r"^(?:table of )?contents(?: page)?\b\W*(?:\d+|page)?$|^index$", re.IGNORECASE)
_LEADER = re.compile(r"(?:\.{3,}|…|\t|\s{3,})\s*\d{0,3}\s*$|\s\d{1,3}(?:\s?[-–]\s?\d{1,3})?$")
_PAGE = re.compile(r"[\w)\]][\s.…_]+(?P<page>\d{1,3})(?:\s?[-–]\s?\d{1,3})?$")
_WITHIN = 120
_SHORTEST_RUN = 5
_LONGEST = 90
_MOSTLY = 0.6
_LEAD_IN = 5


def without_contents(blocks: list[Block], asides: list[Aside]) -> list[Block]:
    """The blocks that are no part of a contents list; the list goes to the asides."""
    kept: list[Block] = []
    inside = False
    last = {_bare(block.text): index for index, block in enumerate(blocks)}
    runs = _runs(blocks, last) | _paged(blocks)
    for index, block in enumerate(blocks):
        if block.kind == "contents":
            asides.append(Aside("contents", block.text, block.page))
            continue
        starts = bool(_TITLE.match(block.text)) or bool(block.cells and _TITLE.match(block.cells[0]))
        repeated = _repeated(blocks, index) if starts else set()
        if repeated or (starts and _led(blocks[index + 1 : index + 4])):
            inside = True
            runs |= repeated
            asides.append(Aside("contents", block.text, block.page))
            continue
        listed = last.get(_bare(block.text), 0) > index and len(block.text) < 90
        if index in runs or (inside and (_LEADER.search(_whole(block)) or listed or block.cells or _leads(blocks[index + 1 : index + 4]))):
            asides.append(Aside("contents", block.text or block.printed, block.page))
            continue
        inside = False
        kept.append(block)
    return kept


def _whole(block: Block) -> str:
    return "\t".join(block.cells) if block.cells else block.text


def _led(blocks: list[Block]) -> bool:
    return sum(bool(_LEADER.search(_whole(block)) or block.cells or (block.label and len(block.text) < 70)) for block in blocks) >= 2


def _repeated(blocks: list[Block], title: int) -> set[int]:
    """The lines under a title such as "Contents" up to where the first of them comes again, where all are short and most come again."""
    below = blocks[title + 1 : title + 1 + _WITHIN]
    first = _bare(below[0].text) if below else ""
    again = next((at for at, block in enumerate(below) if at and first and _bare(block.text) == first), 0)
    listed, rest = below[:again], {_bare(block.text) for block in blocks[title + 1 + again :]}
    if any(not (block.text or block.label) or len(block.text) >= _LONGEST or block.text.endswith((".", ";", ":")) for block in listed):
        return set()
    known = sum(_bare(block.text) in rest for block in listed)
    return set(range(title + 1, title + 1 + again)) if known >= max(2, _MOSTLY * len(listed)) else set()


def _leads(blocks: list[Block]) -> bool:
    return sum(bool(_LEADER.search(_whole(block))) for block in blocks) >= 2


def _runs(blocks: list[Block], last: dict[str, int]) -> set[int]:
    """A contents list without page numbers or a title: near the start, a run of short lines most of which come again further on."""
    runs: set[int] = set()
    run: list[int] = []
    again: list[int] = []
    led = False
    for index, block in enumerate([*blocks[:_WITHIN], Block("para", "")]):
        led = block.text.endswith(":") and len(block.text.split()) >= _LEAD_IN if block.kind != "item" else led
        if (
            not (led and block.kind == "item")
            and 0 < len(block.text) < _LONGEST
            and _bare(block.text)
            and not block.text.endswith((".", ";"))
        ):
            run.append(index)
            if _comes_again(index, _bare(block.text), last):
                again.append(index)
            continue
        inside = [place for place in run if again and again[0] <= place <= again[-1]]
        if len(again) >= _SHORTEST_RUN and len(again) >= _MOSTLY * len(inside):
            runs.update(inside)
        run, again = [], []
    return runs


def _paged(blocks: list[Block]) -> set[int]:
    """A contents list without a title, anywhere: a run of short lines that end in page numbers which never fall."""
    runs: set[int] = set()
    run: list[int] = []
    highest = 0
    for index, block in enumerate([*blocks, Block("para", "")]):
        ends = _PAGE.search(block.text) if len(block.text) < 120 and block.kind != "row" else None
        if ends and int(ends["page"]) >= highest:
            run.append(index)
            highest = int(ends["page"])
            continue
        if len(run) >= _SHORTEST_RUN and len({_PAGE.search(blocks[place].text)["page"] for place in run}) > 3:  # type: ignore[index]
            runs.update(run)
        run, highest = ([index], int(ends["page"])) if ends else ([], 0)
    return runs


def _comes_again(index: int, bare: str, last: dict[str, int]) -> bool:
    if last[bare] > index + 3:
        return True
    return len(bare) > 7 and any(
        place > index + 3 and (line.startswith(bare) or bare.startswith(line)) for line, place in last.items() if len(line) > 7
    )


def _bare(text: str) -> str:
    number = number_of(text)
    return re.sub(r"[\W\d_]+", " ", number[2] if number else text).strip().lower()

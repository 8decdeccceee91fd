"""Tables of contents: lines that end in the number of a page, with or without dots before it."""

import re
from collections.abc import Sequence
from dataclasses import replace

from schoolgate.policytext.blocks import Block

_PAGE = re.compile(r"(?:^|\s)(\d{1,3})$")
_FEWEST = 3
_LONGEST = 250


def with_contents(blocks: Sequence[Block]) -> list[Block]:
    """Rows of a title and a page number that count up, and lines beside others with dots that end in a number, made contents."""
    made = list(blocks)
    for start, end in _runs(made):
        for index in range(start, end):
            made[index] = replace(made[index], kind="contents", cells=())
    for index, block in enumerate(made):
        beside = (index and made[index - 1].kind == "contents") or (index + 1 < len(made) and made[index + 1].kind == "contents")
        if beside and block.kind in ("para", "row") and len(block.text) <= _LONGEST and _PAGE.search(block.text):
            made[index] = replace(block, kind="contents", cells=())
    return made


def _runs(blocks: Sequence[Block]) -> list[tuple[int, int]]:
    """Runs of at least three rows whose second cell is a page number, none smaller than the one above."""
    runs: list[tuple[int, int]] = []
    start, last = 0, -1
    for index, block in enumerate([*blocks, Block("para", "")]):
        listed = len(block.cells) == 2 and block.cells[1].isdigit() and len(block.cells[1]) <= 3 and block.kind == "row"
        number = int(block.cells[1]) if listed else -1
        if listed and number >= last:
            last = number
            continue
        if index - start >= _FEWEST:
            runs.append((start, index))
        start, last = (index, number) if listed else (index + 1, -1)
    return runs

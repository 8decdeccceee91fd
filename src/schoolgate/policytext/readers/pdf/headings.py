"""Headings told by their letters: bigger or heavier than the text of this document, short, with something under them."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from schoolgate.policytext.blocks import Block
from schoolgate.policytext.labels import number_of
from schoolgate.policytext.outline.facts import fact_line

_LONGEST = 110
_MOST_WORDS = 14
_LONGEST_LABEL = 8
_BIGGER = 1.14
_MOSTLY = 0.4  # of the paragraphs that look alike: where fewer could be headings, the look is one of text
_ENDED = re.compile(r"[.;,!][\"'’”)]*$")
_DATED = re.compile(r":\s.*\b(?:19|20)\d\d\b")
_STATES = re.compile(r"\b(?:must|should|shall|will|is|are|may|can|cannot|has|have)\b", re.IGNORECASE)
_ASKS = re.compile(r"^(?:what|who|when|where|why|how|which)\b|[?:–-]$", re.IGNORECASE)


def with_headings(blocks: Sequence[Block], framed: set[int], body: float, outline: dict[tuple[int, str], int]) -> list[Block]:
    """Paragraphs that look like headings made so; their level is the rank of their look in this document.

    ``framed`` are the blocks (by id) that stand in cells, where "label: value" makes no heading.
    """
    judged = [_sure(block, outline) for block in blocks]
    looks = [
        index for index, block in enumerate(judged) if block.kind == "para" and _looks_so(judged, index, body, id(blocks[index]) in framed)
    ]
    used = Counter(_look(block) for block in judged if block.kind == "para")
    seen = Counter(_look(judged[index]) for index in looks)
    looks = [index for index in looks if seen[_look(judged[index])] >= _MOSTLY * used[_look(judged[index])]]
    ranks = {look: rank for rank, look in enumerate(sorted({_look(judged[index]) for index in looks}, reverse=True), 1)}
    chosen = set(looks)
    return [replace(block, kind="heading", level=ranks[_look(block)]) if index in chosen else block for index, block in enumerate(judged)]


def _sure(block: Block, outline: dict[tuple[int, str], int]) -> Block:
    """A line that the file's own outline names is a heading of that depth."""
    title = plain_title(f"{block.printed} {block.text}") if block.kind == "para" and len(block.text) <= _LONGEST else ""
    level = outline.get((block.page or 0, title)) if title else None
    return replace(block, kind="heading", level=level, sure=True) if level else block


def plain_title(text: str) -> str:
    """A title without its number, signs and capitals, to be compared with another."""
    number = number_of(text.strip())
    return re.sub(r"[\W\d_]+", " ", number[2] if number else text).strip().lower()


def _look(block: Block) -> tuple[float, bool, bool]:
    capitals = block.text.isupper()
    return (round(block.size * 2) / 2, block.bold, capitals)


def _looks_so(blocks: Sequence[Block], index: int, body: float, framed: bool) -> bool:
    block = blocks[index]
    text = block.text
    longest, most_words = (130, 20) if block.label else (_LONGEST, _MOST_WORDS)
    if not text or len(text) > longest or len(text.split()) > most_words or _ENDED.search(text) or not any(map(str.isalpha, text)):
        return False
    if f"{block.printed}{text}"[0].islower() or "@" in text or "://" in text or "____" in text or fact_line(text) or _DATED.search(text):
        return False
    big = body > 0 and block.size >= _BIGGER * body and block.size - body >= 0.9
    if not big and (not block.bold or block.size < 0.9 * body or (_STATES.search(text) and not _ASKS.search(text) and not block.label)):
        return False
    if framed and ":" in text:
        return False
    following = next((other for other in blocks[index + 1 :] if other.kind != "furniture"), None)
    if text.endswith(":") and (_opens_a_list(text) or (following and _look(following) == _look(block) and following.text.endswith(":"))):
        return False
    return following is not None and (big or not following.bold or following.kind != "para" or following.gap)


def _opens_a_list(text: str) -> bool:
    """Whether a line with a colon is the beginning of a sentence that the lines below end."""
    return len(text.split()) > _LONGEST_LABEL and bool(_STATES.search(text))

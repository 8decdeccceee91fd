"""The outline cut into clauses: each numbered paragraph, bullet, table row or paragraph that states something."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from schoolgate.policytext.blocks import Block
from schoolgate.policytext.labels import depth, letters
from schoolgate.policytext.model import Aside, Clause
from schoolgate.policytext.outline.wording import LEAD_IN, actors, modality, sentences

_LONGEST_CONTINUED = 1500
_LONGEST_LEAD_IN = 130


@dataclass(slots=True)
class _Piece:
    """A clause in the making."""

    label: str | None
    above: str
    path: list[str]
    texts: list[str]
    page: int | None


@dataclass(slots=True)
class _Walk:
    """Where the reader stands: headings above, the number things hang under, the lead-ins that are open."""

    headings: list[tuple[int, str, str | None]] = field(default_factory=list)
    parent: str = "0"
    sections: int = 0
    numbered: bool = False
    styled: bool = False
    lead_ins: list[tuple[str, int, str]] = field(default_factory=list)
    pieces: list[_Piece] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)


def cut(blocks: list[Block]) -> tuple[tuple[Clause, ...], list[Aside]]:
    """The clauses of an outline in reading order, each with its own reference, and the headings that stand above them."""
    numbered = any(block.label and block.label[0].isdigit() and (block.kind == "heading" or "." in block.label) for block in blocks)
    walk = _Walk(numbered=numbered, styled=any(block.kind == "heading" and block.sure for block in blocks))
    for index, block in enumerate(blocks):
        following = blocks[index + 1] if index + 1 < len(blocks) else None
        if block.kind == "heading":
            _heading(walk, block)
        else:
            _statement(walk, block, following)
    return _finished(walk.pieces), walk.asides


def _heading(walk: _Walk, block: Block) -> None:
    title = _joined(block.printed, block.text).rstrip(":").strip()
    walk.asides.append(Aside("heading", title, block.page))
    walk.lead_ins.clear()
    level = _heading_level(walk, block)
    while walk.headings and walk.headings[-1][0] >= level:
        walk.headings.pop()
    walk.headings.append((level, title, block.label))
    if block.label:
        walk.parent = block.label
    elif not walk.numbered:
        walk.sections += 1
        walk.parent = str(walk.sections)


def _heading_level(walk: _Walk, block: Block) -> int:
    """A styled heading stands by its style, a numbered one by its number, and any other just under the number above it."""
    if block.sure and block.level:
        return 10 * block.level
    above = next(((level, label) for level, _, label in reversed(walk.headings) if label), None)
    if block.label:
        if above and above[1] and block.label.startswith(f"{above[1]}."):
            return above[0] + 10 * (depth(block.label) - depth(above[1]))
        return 10 * depth(block.label)
    styled = [level for level, _, label in walk.headings if not label and level % 10 == 0]
    if walk.numbered:
        return above[0] + 5 if above else 10
    return styled[-1] + 5 if styled and walk.styled else 10


def _joined(printed: str, text: str) -> str:
    return f"{printed} {text}".strip() if text else printed


def _statement(walk: _Walk, block: Block, following: Block | None) -> None:
    _close_lead_ins(walk, block)
    if block.kind == "row":
        _row(walk, block)
        return
    text, opening = _opening(block, following)
    if block.kind == "para" and block.label and not walk.numbered and walk.sections:
        block = replace(block, label=f"{walk.sections}.{block.label}")
    path = [title for _, title, _ in walk.headings] + [lead for lead, _, _ in walk.lead_ins]
    if text and _carries_on(walk, block, following):
        walk.pieces[-1].texts.append(text)
    elif text:
        walk.pieces.append(_Piece(_printed(walk, block), walk.parent, path, [text], block.page))
    if block.label:
        walk.parent = block.label
    if opening:
        walk.lead_ins.append((_joined(block.printed if not text else "", opening), block.level, _followers(block, following)))


def _printed(walk: _Walk, block: Block) -> str | None:
    """The reference as printed; a lettered item hangs on the number above it."""
    if block.label:
        return block.label
    if block.printed:
        letter = block.printed.strip("().")
        return f"{walk.parent}({letter})" if walk.parent != "0" else None
    return None


def _opening(block: Block, following: Block | None) -> tuple[str, str]:
    """What the block states by itself, and the lead-in (ending in a colon) it opens for what follows.

    A lead-in that follows other sentences, or says much itself, stays in its clause as well.
    """
    if following is None or following.kind == "heading" or not LEAD_IN.search(block.text):
        return block.text, ""
    if block.kind == "item" and not (following.kind == "item" and following.level > block.level):
        return block.text, ""
    *stated, opening = sentences(block.text)
    whole = bool(stated) or len(opening) > _LONGEST_LEAD_IN
    return block.text if whole else "", opening


def _followers(block: Block, following: Block | None) -> str:
    """What kind of block a lead-in governs: deeper items, items, numbered paragraphs, or the plain lines straight below."""
    if following is None or following.kind in ("item", "row"):
        return following.kind if following else "item"
    return f"label:{depth(following.label)}" if following.label else "line"


def _close_lead_ins(walk: _Walk, block: Block) -> None:
    while walk.lead_ins:
        _, level, kind = walk.lead_ins[-1]
        if kind == "item" and block.kind == "item" and (len(walk.lead_ins) == 1 or block.level > level):
            return
        if kind == "row" and block.kind == "row":
            return
        if kind.startswith("label:") and block.label and kind == f"label:{depth(block.label)}":
            return
        if kind == "line" and block.kind in ("para", "row") and not block.label and _still_listed(walk, block):
            return
        walk.lead_ins.pop()


def _still_listed(walk: _Walk, block: Block) -> bool:
    """Plain lines under a lead-in belong to it until an empty line; the first may stand after one."""
    first = not walk.pieces or walk.lead_ins[-1][0] not in walk.pieces[-1].path
    return not block.text.endswith(":") and (first or not block.gap)


def _carries_on(walk: _Walk, block: Block, following: Block | None) -> bool:
    """A plain paragraph between two numbered ones belongs to the number above it."""
    if block.kind != "para" or block.label or not walk.pieces or walk.lead_ins:
        return False
    last = walk.pieces[-1]
    if last.label != walk.parent or "." not in last.label or not last.label[0].isdigit() or "(" in last.label:
        return False
    if walk.headings and walk.headings[-1][1] not in last.path:
        return False
    fits = sum(map(len, last.texts)) + len(block.text) <= _LONGEST_CONTINUED
    return fits and (following is None or following.kind == "heading" or bool(following.label))


def _row(walk: _Walk, block: Block) -> None:
    """A table row is one statement: two cells are a label and what it says, more are divided by strokes."""
    path = [title for _, title, _ in walk.headings] + [lead for lead, _, _ in walk.lead_ins]
    name, *rest = block.cells
    short = len(name) <= 60 and not re.search(r"[.!?]$", name)
    text = f"{name.rstrip(': ')}: {rest[0]}" if short and len(rest) == 1 else " | ".join(block.cells)
    walk.pieces.append(_Piece(block.label, walk.parent, path, [text], block.page))


def _finished(pieces: Iterable[_Piece]) -> tuple[Clause, ...]:
    pieces = list(pieces)
    taken: set[str] = {piece.label for piece in pieces if piece.label}
    used: set[str] = set()
    counts: dict[str, int] = {}
    clauses = []
    for piece in pieces:
        ref = _reference(piece, taken, used, counts)
        used.add(ref)
        text = " ".join(piece.texts)
        clauses.append(Clause(ref, tuple(piece.path), text, modality(text, piece.path), actors(text, piece.path), piece.page))
    return tuple(clauses)


def _reference(piece: _Piece, taken: set[str], used: set[str], counts: dict[str, int]) -> str:
    """The printed number; with a mark ("1.1-2") where it is printed again; else the number above and the next free letters."""
    if piece.label and piece.label not in used:
        return piece.label
    while piece.label:
        counts[piece.label] = counts.get(piece.label, 1) + 1
        ref = f"{piece.label}-{counts[piece.label]}"
        if ref not in taken and ref not in used:
            return ref
    while True:
        index = counts.get(f"{piece.above}.", 0)
        counts[f"{piece.above}."] = index + 1
        ref = f"{piece.above}.{letters(index)}"
        if ref not in taken and ref not in used:
            return ref

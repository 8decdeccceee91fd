"""The outline cut into clauses: each numbered paragraph, bullet, table row or run of sentences that states something."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from schoolgate.policytext.blocks import Block
from schoolgate.policytext.labels import depth, letters
from schoolgate.policytext.model import Aside, Clause, Place
from schoolgate.policytext.outline.leadins import followers, leads_flat, opening, spelt_out
from schoolgate.policytext.outline.runs import runs
from schoolgate.policytext.outline.wording import actors, modality


@dataclass(slots=True)
class _Piece:
    """A clause in the making."""

    label: str | None
    above: str
    path: list[str]
    text: str
    page: int | None
    places: tuple[Place, ...] = ()
    named: str = ""


@dataclass(slots=True)
class _Open:
    """A lead-in that is open: its words, the level of the item it stands in (-1 for a paragraph), and what it governs.

    ``first`` is the first of a list's bullets where the lead-in is itself one of them: it governs those of its shape.
    """

    text: str
    level: int
    kind: str
    first: Block | None = None


@dataclass(slots=True)
class _Walk:
    """Where the reader stands: headings above, the number things hang under, the lead-ins that are open."""

    numbered: bool
    styled: bool
    own: bool
    headings: list[tuple[int, str, str | None]] = field(default_factory=list)
    parent: str = "0"
    sections: int = 0
    lead_ins: list[_Open] = field(default_factory=list)
    pieces: list[_Piece] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)

    def path(self) -> list[str]:
        return [title for _, title, _ in self.headings] + [lead.text for lead in self.lead_ins]


def cut(blocks: list[Block]) -> tuple[tuple[Clause, ...], list[Aside]]:
    """The clauses of an outline in reading order, each with its own reference, and the headings that stand above them."""
    numbered = any(block.label and block.label[0].isdigit() and (block.kind == "heading" or "." in block.label) for block in blocks)
    printed = Counter(block.label for block in blocks if block.label)
    styled = any(block.kind == "heading" and block.sure for block in blocks)
    walk = _Walk(numbered, styled, own=all(times == 1 for times in printed.values()))
    for index, block in enumerate(blocks):
        following = blocks[index + 1] if index + 1 < len(blocks) else None
        if block.kind == "heading":
            _heading(walk, block)
        elif block.kind == "header":
            _header(walk, block, following)
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
        return 100 * block.level
    above = next(((level, label) for level, _, label in reversed(walk.headings) if label), None)
    styled = [level for level, _, _ in walk.headings if level % 100 == 0] if walk.styled else []
    if block.label:
        if above and above[1] and block.label.startswith(f"{above[1]}."):
            return above[0] + 10 * (depth(block.label) - depth(above[1]))
        return (styled[-1] if styled else 0) + 10 * depth(block.label)
    if walk.numbered:
        return above[0] + 5 if above else 10
    return styled[-1] + 5 if styled else 10


def _joined(printed: str, text: str) -> str:
    return f"{printed} {text}".strip() if text else printed


def _header(walk: _Walk, block: Block, following: Block | None) -> None:
    """The names of a table's columns stand in the path of its rows."""
    walk.asides.append(Aside("heading", block.text, block.page))
    while walk.lead_ins and walk.lead_ins[-1].kind in ("row", "side") and walk.lead_ins[-1].level == 0:
        walk.lead_ins.pop()
    walk.lead_ins = [lead for lead in walk.lead_ins if lead.kind == "line"]
    walk.lead_ins.append(_Open(block.text, 0, following.kind if following else "row"))


def _statement(walk: _Walk, block: Block, following: Block | None) -> None:
    _close_lead_ins(walk, block)
    if block.kind == "row":
        _row(walk, block)
        return
    text, lead = opening(block, following)
    if block.kind == "para" and block.label and not walk.own and "." not in block.label:
        block = replace(block, label=_within(walk, block.label))
    path = walk.path()
    if text:
        parts = _parts(block, text, lead)
        label = _printed(walk, block)
        walk.pieces += [
            _Piece(label if not place else None, walk.parent, path, part, block.page, block.places) for place, part in enumerate(parts)
        ]
    if block.label:
        walk.parent = block.label
    if lead:
        level = block.level if block.kind == "item" else -1
        first = following if following is not None and block.kind == "item" and leads_flat(block, following) else None
        lead = spelt_out(lead, block.text)
        walk.lead_ins.append(_Open(_joined(block.printed if not text else "", lead), level - bool(first), followers(following), first))


def _parts(block: Block, text: str, lead: str) -> list[str]:
    """A paragraph without a number in runs; a lead-in at its end stays with the last of them."""
    if block.kind != "para" or block.label or block.printed:
        return [text]
    if not lead or not text.endswith(lead) or text == lead:
        return runs(text)
    *before, last = runs(text[: -len(lead)].strip())
    return [*before, f"{last} {lead}"]


def _within(walk: _Walk, label: str) -> str:
    """A number that starts again in every section, told apart by the section: "2.1" under the second heading, "4(1)" under the number 4."""
    if walk.numbered:
        above = next((printed for _, _, printed in reversed(walk.headings) if printed), None)
        return f"{above}({label})" if above else label
    return f"{walk.sections}.{label}" if walk.sections else label


def _printed(walk: _Walk, block: Block) -> str | None:
    """The reference as printed; a lettered item hangs on the number above it."""
    if block.label:
        return block.label
    if block.printed:
        letter = block.printed.strip("().")
        return f"{walk.parent}({letter})" if walk.parent != "0" else None
    return None


def _close_lead_ins(walk: _Walk, block: Block) -> None:
    while walk.lead_ins:
        lead = walk.lead_ins[-1]
        if lead.kind == "item" and block.kind == "item" and block.level > lead.level and _goes_on(lead, block):
            return
        if lead.kind in ("row", "side") and block.kind == lead.kind:
            return
        if lead.kind.startswith("label:") and block.label and lead.kind == f"label:{depth(block.label)}":
            return
        if lead.kind == "line" and block.kind in ("para", "row") and not block.label and _still_listed(walk, block):
            return
        walk.lead_ins.pop()


def _goes_on(lead: _Open, block: Block) -> bool:
    """Whether a bullet belongs to a lead-in that is a bullet of the same list: it looks like the first one and leads into no others."""
    if lead.first is None or block.level > lead.first.level:
        return True
    return not block.text.endswith(":") and _shape(block.text) == _shape(lead.first.text)


def _shape(text: str) -> tuple[bool, bool]:
    return text[:1].islower(), text.endswith(".")


def _still_listed(walk: _Walk, block: Block) -> bool:
    """Plain lines under a lead-in belong to it until an empty line; the first may stand after one."""
    first = not walk.pieces or walk.lead_ins[-1].text not in walk.pieces[-1].path
    return not block.text.endswith(":") and (first or not block.gap)


def _row(walk: _Walk, block: Block) -> None:
    """A table row is one statement: two cells are a label and what it says, more are divided by strokes."""
    name, *rest = [cell for cell in block.cells if cell]
    short = len(name) <= 60 and not re.search(r"[.!?]$", name)
    text = f"{name.rstrip(': ')}: {rest[0]}" if short and len(rest) == 1 else " | ".join([name, *rest])
    walk.pieces.append(
        _Piece(block.label, walk.parent, walk.path(), text, block.page, block.places, name if text.startswith(f"{name}:") else "")
    )


def _finished(pieces: Iterable[_Piece]) -> tuple[Clause, ...]:
    pieces = list(pieces)
    taken: set[str] = {piece.label for piece in pieces if piece.label}
    used: set[str] = set()
    counts: dict[str, int] = {}
    clauses = []
    for piece in pieces:
        ref = _reference(piece, taken, used, counts)
        used.add(ref)
        said, above = (piece.text[len(piece.named) + 1 :].strip(), [*piece.path, piece.named]) if piece.named else (piece.text, piece.path)
        force, who = modality(said, above), actors(said, above)
        clauses.append(Clause(ref, tuple(piece.path), piece.text, force, who, piece.page, piece.places))
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

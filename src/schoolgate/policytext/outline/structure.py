"""From raw blocks to an outline: residue and contents set aside, headings recognised, broken paragraphs mended."""

import re
from dataclasses import dataclass, field, replace

from schoolgate.policytext.blocks import Block
from schoolgate.policytext.labels import number_of
from schoolgate.policytext.model import Aside, Place
from schoolgate.policytext.outline.contents import without_contents
from schoolgate.policytext.outline.facts import fact_line, is_value
from schoolgate.policytext.outline.forms import POSTCODE, without_cover, without_forms
from schoolgate.policytext.outline.headings import with_headings
from schoolgate.policytext.outline.looks import looks_of
from schoolgate.policytext.outline.organisations import COVER
from schoolgate.policytext.outline.pointers import without_pointers
from schoolgate.policytext.outline.tables import with_headers
from schoolgate.policytext.outline.titles import title_of
from schoolgate.policytext.outline.webpage import is_web_line

_RESIDUE = re.compile(r"\[(?:image|bookmark)\s*:[^\]]*\]|\[(?:image|picture)\]", re.IGNORECASE)
_PICTURE = re.compile(r"^(?:[\U0001f1e6-\U0001faff\u2600-\u27bf\u2b50\u2b55\ufe0f\u200d\u20e3]+\s*)+(?=\w)")
_FEWEST_PICTURES = 2
_LONGEST = 1_500
_TITLE = 90
_HALF_HEADING = re.compile(r"\b(?:and|&|of|the|for|to|in|on|with)$", re.IGNORECASE)
_ADDRESS = re.compile(r"^[(<]?(?:https?://\S+|www\.\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)[)>.]*$")
_COMMENT = re.compile(r"^Commented \[\w+\]:?")
_CONTACT = re.compile(r"^[^.:;]{0,50}(?:[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b0\d{2,4} ?\d{3,4} ?\d{3,4})\W*$")
_BESIDE = ("furniture", "note", "property")


@dataclass(slots=True)
class Outline:
    """A document in order: the blocks to cut into clauses, the same with the cover and forms still there, and what is no part of either."""

    blocks: list[Block]
    whole: list[Block]
    asides: list[Aside] = field(default_factory=list)


def outline(blocks: list[Block]) -> Outline:
    """Blocks ready to be cut into clauses, and the text that is no part of any."""
    asides: list[Aside] = []
    kept = [part for block in blocks for part in _divided(block)]
    kept = _without_residue(kept, asides)
    kept = without_contents(kept, asides)
    kept = [_numbered(block) for block in _pictured(kept)]
    kept = _addressed(_mended(kept))
    looks = looks_of(kept)
    whole = _titled(with_headings(_valued([_stated(block) for block in kept]), looks))
    kept = without_cover(whole, looks, asides)
    kept = without_pointers(without_forms(kept, asides), asides)
    return Outline(with_headers(kept, asides), whole, asides)


def _divided(block: Block) -> list[Block]:
    """A paragraph far longer than any statement, cut after sentences into parts that later steps can look through quickly."""
    if len(block.text) <= _LONGEST:
        return [block]
    parts = []
    start = 0
    while start < len(block.text):
        end = start + _LONGEST
        stop = block.text.rfind(". ", start, end) + 1 if end < len(block.text) else 0
        space = stop or (block.text.rfind(" ", start, end) if end < len(block.text) else -1)
        parts.append(block.text[start : space if space > start else end])
        start = space + 1 if space > start else end
    rest = [replace(block, text=part, kind="para", cells=(), label=None, printed="") for part in parts[1:]]
    return [replace(block, text=parts[0], kind="para" if block.kind == "row" else block.kind, cells=()), *rest]


def _without_residue(blocks: list[Block], asides: list[Aside]) -> list[Block]:
    kept: list[Block] = []
    gap = False
    for raw in blocks:
        block = _tabled(raw, kept)
        if block.kind in _BESIDE or _COMMENT.match(block.text) or (block.kind == "para" and is_web_line(block.text)):
            asides.append(Aside(block.kind if block.kind in _BESIDE else "furniture", block.text, block.page))
            continue
        marks = _RESIDUE.findall(block.text)
        asides.extend(Aside("residue", mark, block.page) for mark in marks)
        text = _tidy(_RESIDUE.sub(" ", block.text)) if block.kind != "contents" else block.text
        cells = tuple(_tidy(_RESIDUE.sub(" ", cell)) for cell in block.cells)
        filled = sum(bool(cell) for cell in cells)
        if not block.label and not any(letter.isalnum() for letter in text):
            gap = True
            continue
        kind = "para" if block.kind == "row" and filled < min(2, len(cells)) else block.kind
        kept.append(replace(block, text=text, cells=cells if kind == "row" else (), kind=kind, gap=block.gap or gap))
        gap = False
    return kept


def _tabled(block: Block, kept: list[Block]) -> Block:
    """A line of a table that begins with a number, such as the version in a log of versions, is a row as well."""
    above = kept[-1] if kept else None
    if block.kind != "para" or len(block.cells) < 2 or not above or above.kind != "row" or len(above.cells) != len(block.cells):
        return block
    return replace(block, kind="row", label=None, printed="", text=" ".join(block.cells))


def _tidy(text: str) -> str:
    return re.sub(r"[ \u00a0\u2002-\u200a\n\r]+", " ", text.replace("\u200b", "").replace("\u00ad", "")).strip()


def _pictured(blocks: list[Block]) -> list[Block]:
    """Lines that begin with a little picture are a list, as in rules written for young pupils."""
    if sum(block.kind == "para" and bool(_PICTURE.match(block.text)) for block in blocks) < _FEWEST_PICTURES:
        return blocks
    return [
        replace(block, kind="item", text=_PICTURE.sub("", block.text)) if block.kind == "para" and _PICTURE.match(block.text) else block
        for block in blocks
    ]


def _numbered(block: Block) -> Block:
    """Give a paragraph or heading that starts with a typed number its label."""
    if block.label or block.kind not in ("para", "heading"):
        return block
    number = number_of(block.text)
    if not number:
        return block
    rest = number[2].strip()
    return replace(block, text=rest, label=number[0], printed=number[1])


def _stated(block: Block) -> Block:
    """A line such as "Next review: May 2027" is a row of two cells; "Approved by the board on 3 May 2024" is not, but a sentence."""
    pair = fact_line(block.text) if block.kind == "para" and not block.label else None
    divided = pair is not None and not block.text[len(pair[0]) : -len(pair[1])].isspace()
    return replace(block, kind="row", cells=pair) if pair and divided else block


def _valued(blocks: list[Block]) -> list[Block]:
    """A label on a line of its own ("Date of next review") and its value on the next are a row of two cells."""
    made: list[Block] = []
    for block in blocks:
        label = made[-1] if made and made[-1].kind == "para" and not made[-1].label else None
        if label is not None and block.kind == "para" and not block.label and is_value(label.text, block.text):
            cells = (label.text.rstrip(": "), block.text)
            made[-1] = replace(label, kind="row", text=" ".join(cells), cells=cells, places=joined(label.places, block.places))
        else:
            made.append(block)
    return made


def _titled(blocks: list[Block]) -> list[Block]:
    """The line that gives the document its title heads it, though it is long or stands between others; it states nothing."""
    title = title_of(blocks)
    lines = [place for place, block in enumerate(blocks[:COVER]) if block.kind == "para" and not block.label and block.text == title]
    return [replace(block, kind="heading") if place in lines[:1] else block for place, block in enumerate(blocks)]


def _mended(blocks: list[Block]) -> list[Block]:
    """Join a paragraph that a page break cut in two, and a heading that stands on two lines."""
    mended: list[Block] = []
    for block in blocks:
        last = mended[-1] if mended and (mended[-1].kind in ("para", "item") or not mended[-1].text) else None
        if last and last.label and not last.text and block.kind in ("para", "heading") and not block.label and len(block.text) <= _TITLE:
            mended[-1] = replace(block, label=last.label, printed=last.printed, places=joined(last.places, block.places))
        elif last and block.kind == "para" and not block.label and (_ADDRESS.match(block.text) or (not block.sure and _cut(last, block))):
            mended[-1] = replace(last, text=f"{last.text} {block.text}", places=joined(last.places, block.places))
        else:
            mended.append(block)
    return mended


def _cut(last: Block, block: Block) -> bool:
    """Whether a block goes on with the one before it."""
    if len(last.text) + len(block.text) > _LONGEST:
        return False
    if _HALF_HEADING.search(last.text) and len(last.text) < 40 and not block.gap:
        return True
    open_ended = not re.search(r"[.!?:;][\"'’”)]*$", last.text)
    return open_ended and block.text[:1].islower() and len(last.text) > 30


def _addressed(blocks: list[Block]) -> list[Block]:
    """An address of any kind on lines of its own belongs to the sentence that leads into it."""
    made: list[Block] = []
    place = 0
    while place < len(blocks):
        block = blocks[place]
        made.append(block)
        place += 1
        if block.kind not in ("para", "item") or not re.search(r"(?::|\b(?:to|at|address))$", block.text):
            continue
        contact = blocks[place] if place < len(blocks) else None
        if contact and contact.kind == "para" and not contact.label and len(contact.text) <= 90 and _CONTACT.search(contact.text):
            made[-1] = replace(block, text=f"{block.text} {contact.text}", places=joined(block.places, contact.places))
            place += 1
            continue
        lines = [line for line in blocks[place : place + 8] if line.kind == "para" and not line.label and len(line.text) <= 45]
        last = next((index for index, line in enumerate(lines) if POSTCODE.search(line.text)), -1)
        if last > 0 and lines[: last + 1] == blocks[place : place + last + 1]:
            for line in lines[: last + 1]:
                made[-1] = replace(made[-1], text=f"{made[-1].text} {line.text}", places=joined(made[-1].places, line.places))
            place += last + 1
    return made


def joined(places: tuple[Place, ...], more: tuple[Place, ...]) -> tuple[Place, ...]:
    """The boxes of two pieces of one paragraph; boxes in the same column of a page become one."""
    if not places or not more:
        return places or more
    last, first = places[-1], more[0]
    shared = min(last.right, first.right) - max(last.left, first.left)
    if last.page != first.page or shared < 0.5 * min(last.right - last.left, first.right - first.left):
        return places + more
    box = Place(
        last.page, min(last.left, first.left), min(last.top, first.top), max(last.right, first.right), max(last.bottom, first.bottom)
    )
    return (*places[:-1], box, *more[1:])

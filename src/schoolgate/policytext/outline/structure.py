"""From raw blocks to an outline: residue and contents set aside, headings recognised, broken paragraphs mended."""

import re
from collections import Counter
from dataclasses import replace

from schoolgate.policytext.blocks import Block
from schoolgate.policytext.labels import depth, number_of
from schoolgate.policytext.model import Aside
from schoolgate.policytext.outline.facts import fact_line

_RESIDUE = re.compile(r"\[(?:image|bookmark)\s*:[^\]]*\]|\[(?:image|picture)\]", re.IGNORECASE)
_CONTENTS = re.compile(r"^(?:table of )?contents(?: page)?\b\W*(?:\d+|page)?$|^index$", re.IGNORECASE)
_LEADER = re.compile(r"(?:\.{3,}|…|\t|\s{3,})\s*\d{0,3}\s*$|\s\d{1,3}$")
_SIGNATURE = re.compile(
    r"^(?:(?:print(?:ed)? )?name|full name|signed(?: by)?|signature|date|dated|position|role|job title|class|witness(?:ed by)?|"
    r"(?:parent|pupil|student|staff|carer|child|headteacher|chair|governor|employee)[\w’'/() ]{0,40}?(?:signature|name))\b[^.a-z]{0,12}"
    r"[\s._…:\-/]*(?:(?:signed|date|name|signature)[\s._…:\-/]*)*$",
    re.IGNORECASE,
)
_LONGEST = 1_500
_CONTENTS_WITHIN = 120
_SHORTEST_RUN = 5
_DOTS = re.compile(r"(?:\.{5,}|_{4,}|…{2,})")
_SENTENCE_END = re.compile(r"[.;,!?][\"'’”)]*$")
_HALF_HEADING = re.compile(r"\b(?:and|&|of|the|for|to|in|on|with)$", re.IGNORECASE)
_DATE_ONLY = re.compile(r"^(?:\d{1,2}(?:st|nd|rd|th)? )?[A-Z][a-z]{2,8}\.? (?:19|20)\d\d$|^[\d/.-]+$")
_FINITE = re.compile(
    r"\b(?:must|should|shall|is|are|was|were|has|have|may|can|cannot|does|do not|aims? to|believes?|recognises?|applies|agree|ensures?)\b",
    re.IGNORECASE,
)


def outline(blocks: list[Block]) -> tuple[list[Block], list[Aside]]:
    """Blocks ready to be cut into clauses, and the text that is no part of any."""
    asides: list[Aside] = []
    kept = [part for block in blocks for part in _divided(block)]
    kept = _without_residue(kept, asides)
    kept = _without_contents(kept, asides)
    kept = [_numbered(block) for block in kept]
    kept = _mended(kept)
    kept = [_stated(block) for block in kept]
    kept = _with_headings(kept)
    kept = _without_signatures(kept, asides)
    return kept, asides


def _divided(block: Block) -> list[Block]:
    """A paragraph far longer than any statement, cut at spaces into parts that later steps can look through quickly."""
    if len(block.text) <= _LONGEST:
        return [block]
    parts = []
    start = 0
    while start < len(block.text):
        end = start + _LONGEST
        space = block.text.rfind(" ", start, end) if end < len(block.text) else -1
        parts.append(block.text[start : space if space > start else end])
        start = space + 1 if space > start else end
    return [replace(block, text=part, kind="para", cells=()) for part in parts]


def _without_residue(blocks: list[Block], asides: list[Aside]) -> list[Block]:
    kept: list[Block] = []
    gap = False
    for block in blocks:
        if block.kind in ("furniture", "note", "property"):
            asides.append(Aside(block.kind, block.text, block.page))
            continue
        marks = _RESIDUE.findall(block.text)
        asides.extend(Aside("residue", mark, block.page) for mark in marks)
        text = _tidy(_RESIDUE.sub(" ", block.text)) if block.kind != "contents" else block.text
        cells = tuple(cell for cell in (_tidy(_RESIDUE.sub(" ", cell)) for cell in block.cells) if cell)
        if not any(letter.isalnum() for letter in text):
            gap = True
            continue
        kind = "para" if block.kind == "row" and len(cells) < min(2, len(block.cells)) else block.kind
        kept.append(replace(block, text=text, cells=cells, kind=kind, gap=block.gap or gap))
        gap = False
    return kept


def _tidy(text: str) -> str:
    return re.sub(r"[ \u00a0\u2002-\u200a\n\r]+", " ", text.replace("\u200b", "").replace("\u00ad", "")).strip()


def _without_contents(blocks: list[Block], asides: list[Aside]) -> list[Block]:
    kept: list[Block] = []
    inside = False
    last = {_bare(block.text): index for index, block in enumerate(blocks)}
    runs = _runs(blocks, last)
    for index, block in enumerate(blocks):
        if block.kind == "contents":
            asides.append(Aside("contents", block.text, block.page))
            continue
        starts = bool(_CONTENTS.match(block.text)) or bool(block.cells and _CONTENTS.match(block.cells[0]))
        if starts and _led(blocks[index + 1 : index + 4]):
            inside = True
            asides.append(Aside("contents", block.text, block.page))
            continue
        listed = last.get(_bare(block.text), 0) > index and len(block.text) < 90
        if index in runs or (inside and (_LEADER.search(_whole(block)) or listed or block.cells or _leads(blocks[index + 1 : index + 4]))):
            asides.append(Aside("contents", block.text, block.page))
            continue
        inside = False
        kept.append(block)
    return kept


def _whole(block: Block) -> str:
    return "\t".join(block.cells) if block.cells else block.text


def _led(blocks: list[Block]) -> bool:
    return sum(bool(_LEADER.search(_whole(block)) or block.cells or (block.label and len(block.text) < 70)) for block in blocks) >= 2


def _leads(blocks: list[Block]) -> bool:
    return sum(bool(_LEADER.search(_whole(block))) for block in blocks) >= 2


def _runs(blocks: list[Block], last: dict[str, int]) -> set[int]:
    """A contents list without page numbers or a title: near the start, a run of short lines that all come again further on."""
    runs: set[int] = set()
    run: list[int] = []
    for index, block in enumerate(blocks[:_CONTENTS_WITHIN]):
        again = last[_bare(block.text)]
        if len(block.text) < 90 and _bare(block.text) and again > index + 3 and not block.text.endswith((".", ";")):
            run.append(index)
            continue
        if len(run) >= _SHORTEST_RUN:
            runs.update(run)
        run = []
    return runs


def _bare(text: str) -> str:
    number = number_of(text)
    return re.sub(r"[\W\d_]+", " ", number[2] if number else text).strip().lower()


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
    """A line such as "Next review: May 2027" is a row of two cells."""
    pair = fact_line(block.text) if block.kind == "para" and not block.label else None
    return replace(block, kind="row", cells=pair) if pair else block


def _mended(blocks: list[Block]) -> list[Block]:
    """Join a paragraph that a page break cut in two, and a heading that stands on two lines."""
    mended: list[Block] = []
    for block in blocks:
        last = mended[-1] if mended else None
        if last and block.kind == "para" and not block.label and not block.sure and _cut(last, block):
            mended[-1] = replace(last, text=f"{last.text} {block.text}")
        else:
            mended.append(block)
    return mended


def _cut(last: Block, block: Block) -> bool:
    if last.kind not in ("para", "item") or len(last.text) + len(block.text) > _LONGEST:
        return False
    if _HALF_HEADING.search(last.text) and len(last.text) < 40 and not block.gap:
        return True
    open_ended = not re.search(r"[.!?:;][\"'’”)]*$", last.text)
    return open_ended and block.text[:1].islower() and len(last.text) > 30


def _with_headings(blocks: list[Block]) -> list[Block]:
    styled = sum(block.kind == "heading" and block.sure for block in blocks)
    deep = Counter(depth(block.label) for block in blocks if block.label and block.kind == "para" and len(block.text) > 90)
    made: list[Block] = []
    listing = False
    for index, block in enumerate(blocks):
        following = blocks[index + 1] if index + 1 < len(blocks) else None
        listing = bool(made) and not block.gap and (listing or made[-1].text.endswith(":")) and block.kind == "para"
        if block.kind != "para":
            made.append(block)
        elif block.label and _labelled_heading(block, following, deep):
            made.append(replace(block, kind="heading", level=depth(block.label)))
        elif not block.label and styled < 3 and not listing and _bare_heading(block, following):
            made.append(replace(block, kind="heading"))
        else:
            made.append(block)
    return made


def _titled(text: str, most: int) -> bool:
    return len(text) <= most and len(text.split()) <= 14 and not _SENTENCE_END.search(text) and any(map(str.isalpha, text))


def _labelled_heading(block: Block, following: Block | None, deep: Counter[int]) -> bool:
    """A short numbered line is a heading when something stands under it, or when its kind is never a whole statement."""
    if not block.text:
        return True
    if not _titled(block.text, 90) or following is None:
        return False
    colon = block.text.endswith(":") and bool(_FINITE.search(block.text))
    if colon or len(_FINITE.findall(block.text)) > 1:
        return False
    here = depth(block.label or "")
    if following.label:
        return depth(following.label) > here or (here == 1 and depth(following.label) == 1 and not deep[1])
    return following.kind == "heading" or (following.kind == "para" and (here < 3 or not deep[here])) or following.kind in ("item", "row")


def _bare_heading(block: Block, following: Block | None) -> bool:
    """A short unnumbered line with no verb and no full stop, with something under it."""
    text = block.text
    if following is None or not _titled(text, 75) or text.endswith(":") or "@" in text or "http" in text or _DATE_ONLY.match(text):
        return False
    if text[:1].islower() or not (text[:1].isalnum() or text[:1] in "‘'\"“"):
        return False
    if _DOTS.search(text) or (following.kind == "para" and not following.label and following.text[:1].islower()):
        return False
    if _FINITE.search(text):
        return False
    return len(text.split()) <= 9


def _without_signatures(blocks: list[Block], asides: list[Aside]) -> list[Block]:
    kept: list[Block] = []
    for block in blocks:
        dotted = bool(_DOTS.search(block.text)) and len(_DOTS.sub("", block.text)) < 60
        if block.kind != "contents" and (dotted or (len(block.text) < 120 and _SIGNATURE.match(block.text) and not block.label)):
            asides.append(Aside("signature", block.text, block.page))
        else:
            kept.append(block)
    return kept

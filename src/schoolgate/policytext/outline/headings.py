"""Which lines are headings: by the style the format names, by their look, by their number, or because they are short and lead on."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from schoolgate.policytext.blocks import Block
from schoolgate.policytext.labels import depth
from schoolgate.policytext.outline.evidence import pairs_in
from schoolgate.policytext.outline.forms import POSTCODE, says_nothing
from schoolgate.policytext.outline.looks import Looks
from schoolgate.policytext.outline.wording import DUTIES, LEAD_IN, force

_SENTENCE_END = re.compile(r"[.;,!][\"'’”)]*(?: (?:and|or))?$")
_DATE_ONLY = re.compile(r"^(?:\d{1,2}(?:st|nd|rd|th)? )?[A-Z][a-z]{2,8}\.? (?:19|20)\d\d$|^[\d/.-]+$")
_DOTS = re.compile(r"(?:\.{5,}|_{4,}|…{2,})")
_FINITE = re.compile(
    r"\b(?:must|should|shall|is|are|was|were|has|have|may|can|cannot|does|do not|aims? to|believes?|recognises?|applies|agree|"
    r"ensures?)\b",
    re.IGNORECASE,
)
_MEANS = re.compile(r"^[\w’'/ ]{2,30}\s(?:[-–—]|:)\s\S")
_RULE = re.compile(r"\b(?:must|should|shall|will|cannot|may not|do not)\b", re.IGNORECASE)
_ASKS = re.compile(r"^(?:what|who|whom|when|where|why|how|which)\b|[?:–-]$", re.IGNORECASE)
# A label and its value, as on a cover: "Committee responsible: Resources", "Date: July 2022".
_FACT = re.compile(
    r"^(?=[^:]*\b(?:date|policy|author|committee|review|version|owner|approved|responsible|issued?|status)\b)(?![^:]*\d)[^:?]{3,50}:\s+\S",
    re.IGNORECASE,
)
_LEADS = re.compile(
    r"^(?:in|for|to|if|when|where|at|on|by|as|with|and|or|also|please|i|we)\b|\b(?:includ\w+|following|examples?|below)\b", re.IGNORECASE
)
_STYLED = 3
_FEW = 2
_PARAGRAPH = 60
_SHORT_TITLE = 4
_MANY = 4
"""So many short numbered lines in a row, with nothing under any but the last, are a list."""


def with_headings(blocks: list[Block], looks: Looks) -> list[Block]:
    """The blocks with what are headings marked so."""
    styled = sum(block.kind == "heading" and block.sure for block in blocks)
    deep = Counter(depth(block.label) for block in blocks if block.label and block.kind == "para" and len(block.text) > 90)
    told = Counter(depth(block.label) for block in blocks if block.label and block.kind == "para" and block.text.endswith("."))
    shown = sum(_stands_out(block, looks) for block in blocks) >= _STYLED
    made: list[Block] = []
    listing = False
    entries = _entries(blocks)
    for index, block in enumerate(blocks):
        following = blocks[index + 1] if index + 1 < len(blocks) else None
        listing = bool(made) and not block.gap and (listing or made[-1].text.endswith(":")) and block.kind == "para"
        if block.kind != "para":
            made.append(block)
        elif block.label:
            leads = block.text.endswith(":") and bool(following and following.kind == "item") and bool(told[depth(block.label)])
            plain = not leads and index not in entries and _labelled_heading(block, following, deep)
            is_heading = plain or (_stands_out(block, looks) and following is not None)
            made.append(replace(block, kind="heading", level=depth(block.label)) if is_heading else block)
        elif (_stands_out(block, looks) and not _closing(block, following)) or (
            not listing
            and not _term(block, blocks[index - 1 : index + 2])
            and _bare_heading(block, following, first=not index)
            and _likely(block, following, made, guess=styled < _STYLED and not shown)
        ):
            made.append(replace(block, kind="heading", level=0))
        else:
            made.append(block)
    return _levelled(made, looks)


def _stands_out(block: Block, looks: Looks) -> bool:
    """A short line set larger or bolder than the text, with no full stop."""
    if block.kind != "para" or not looks.set_off(block) or not any(map(str.isalpha, block.text)) or pairs_in(block.text):
        return False
    if not looks.larger(block) and (_FINITE.search(block.text) or _RULE.search(block.text)) and not _ASKS.search(block.text):
        return False
    return len(block.text) <= 130 and len(block.text.split()) <= 20 and not re.search(r"[.;,][\"'’”)]*$", block.text)


def _closing(block: Block, following: Block | None) -> bool:
    """Whether a line that stands out has nothing under it and states a rule: then it is one."""
    alone = following is None or following.kind == "heading"
    return (alone and bool(_RULE.search(block.text))) or (following is None)


def _likely(block: Block, following: Block | None, made: Sequence[Block], *, guess: bool) -> bool:
    """In a document that marks its headings another way, only a very short line over real text counts as one more."""
    if guess:
        return True
    above = made[-1] if made else None
    lone = above is None or above.kind != "para" or len(above.text) > 60
    over = following is not None and (following.kind == "item" or len(following.text) >= 60)
    return block.gap and lone and over and len(block.text) <= 45 and len(block.text.split()) <= 5


def _term(block: Block, around: Sequence[Block]) -> bool:
    """Whether a line is one of a list of terms and what they mean: "Cyber - by text or e-mail" beside others of that shape."""
    return bool(_MEANS.match(block.text)) and sum(bool(_MEANS.match(other.text)) for other in around) > 1


def _titled(text: str, most: int) -> bool:
    return len(text) <= most and len(text.split()) <= 14 and not _SENTENCE_END.search(text) and any(map(str.isalpha, text))


def _labelled_heading(block: Block, following: Block | None, deep: Counter[int]) -> bool:
    """A short numbered line is a heading when something stands under it, or when its kind is never a whole statement."""
    if not block.text:
        return True
    if not _titled(block.text, 90) or following is None or (following.kind == "item" and _whole_rule(block.text)):
        return False
    colon = block.text.endswith(":") and bool(_FINITE.search(block.text))
    if colon or len(_FINITE.findall(block.text)) > 1:
        return False
    here = depth(block.label or "")
    if following.label:
        return depth(following.label) > here or (here == 1 and depth(following.label) == 1 and not deep[1])
    return following.kind == "heading" or (following.kind == "para" and (here < 3 or not deep[here])) or following.kind in ("item", "row")


def _whole_rule(text: str) -> bool:
    """Whether a line states a rule by itself: "3. Only school accounts will be used" does; "3. Staff must" and "What we must do" do not."""
    rule = _RULE.search(text)
    return rule is not None and len(text[rule.end() :].split()) > _FEW and not _ASKS.search(text)


def _entries(blocks: Sequence[Block]) -> set[int]:
    """The places of the short numbered lines that make up a list: they follow each other with nothing between, under a line that leads
    into them, or begin small, or are many. A lone numbered line over another one is a heading over an empty section."""
    found: set[int] = set()
    run: list[int] = []
    for index, block in enumerate([*blocks, Block("para", "")]):
        numbered = block.kind == "para" and (block.label or "")[:1].isdigit()
        if numbered and run and depth(block.label or "") == depth(blocks[run[-1]].label or ""):
            run.append(index)
            continue
        led = bool(run) and run[0] > 0 and blocks[run[0] - 1].text.endswith(":")
        small = sum(blocks[place].text[:1].islower() for place in run)
        if len(run) > 1 and (led or small > 1 or len(run) >= _MANY):
            found.update(run)
        run = [index] if numbered else []
    return found


def _bare_heading(block: Block, following: Block | None, *, first: bool) -> bool:
    """A short unnumbered line with no verb and no full stop, or one question, with something under it; the first may be longer."""
    text = block.text
    if following is None or not _titled(text, 75) or "@" in text or "http" in text or _DATE_ONLY.match(text):
        return False
    if LEAD_IN.search(text) and not _over_text(block, following):
        return False
    if pairs_in(text) or POSTCODE.search(text) or says_nothing(text):
        return False
    if (text[:1].islower() and not text[1:2].isupper()) or _FACT.match(text) or not (text[:1].isalnum() or text[:1] in "‘'\"“"):
        return False
    if _DOTS.search(text) or (following.kind == "para" and not following.label and following.text[:1].islower()):
        return False
    if text.endswith("?"):
        return following.kind in ("para", "item") and not following.text.endswith("?") and len(following.text) > 40
    if text.isupper() and len(text.split()) > _FEW:
        return not (_RULE.search(text) or force(text) in DUTIES)
    return not _FINITE.search(text) and len(text.split()) <= (12 if first else 9)


def _over_text(block: Block, following: Block) -> bool:
    """Whether a line that ends in a colon stands alone over a paragraph, as "Our expectations:" does: no list is announced."""
    alone = block.gap and following.gap and following.kind == "para" and not following.label and len(following.text) >= _PARAGRAPH
    return alone and len(block.text.split()) <= _SHORT_TITLE and not (_RULE.search(block.text) or _LEADS.search(block.text))


def _levelled(blocks: list[Block], looks: Looks) -> list[Block]:
    """Levels for headings that have none, from how prominent they are set; unnumbered ones only."""
    ranks = sorted({looks.rank(block) for block in blocks if _unlevelled(block) and looks.set_off(block)}, reverse=True)
    if not ranks:
        return blocks
    return [
        replace(block, level=ranks.index(looks.rank(block)) + 1, sure=True) if _unlevelled(block) and looks.set_off(block) else block
        for block in blocks
    ]


def _unlevelled(block: Block) -> bool:
    return block.kind == "heading" and not block.label and not block.level

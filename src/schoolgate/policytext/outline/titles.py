"""What a policy is called, from its cover and its headings."""

import re
from collections.abc import Sequence
from itertools import pairwise, takewhile

from schoolgate.policytext.blocks import Block
from schoolgate.policytext.outline.days import date_in, without_dates
from schoolgate.policytext.outline.evidence import about, pairs_in
from schoolgate.policytext.outline.organisations import COVER, schools_in, states

_TITLE = re.compile(
    r"\b(?:polic(?:y|ies)|procedures?|agreements?|code of conduct|statement|guidelines?|guidance|protocol|charter|contract|rules|"
    r"privacy notice|terms of reference|strategy|plan|arrangements|handbook|polisi)\b",
    re.IGNORECASE,
)
_GENERIC_TITLE = re.compile(
    r"^(?:(?:policy|mission|vision|general|introductory) statements?|statement of (?:intent|purpose)|(?:policy|related|linked|"
    r"other|legal|statutory) "
    r"(?:guidance|policies|procedures?|documents?|aims?|history|framework)|"
    r"(?:policy|policies) (?:and|&) procedures?|the policy|policy|policies|"
    r"procedures?|guidance|guidelines|"
    r"rationale|agreement|code of conduct for .*|version control.*|document control.*|(?:.* )?(?:version|change|control) (?:log|"
    r"history|record).*)$",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"safe|acceptable|behaviou?r|bully|conduct|complaint|protection|phone|media|privacy|photo|internet|whistle", re.IGNORECASE
)
_SECTION = re.compile(
    r"^(?:introduction|aims?|background|rationale|purpose|scope|overview|context|foreword|summary)\b.{0,20}$", re.IGNORECASE
)
# A heading over what is said of the policy itself; never its name.
_ABOUT_IT = re.compile(
    r"^(?:(?:us|review|monitor)ing|about|"
    r"(?:.{0,50}\b)?(?:aims?|scope|purpose|review|monitoring|development|implementation|evaluation) of) (?:this|the|our) polic(?:y|ies)$",
    re.IGNORECASE,
)
TITLE_LABEL = re.compile(
    r"^(?:policy title|title(?: of (?:the )?policy)?|name of (?:the )?policy|policy name|document title)$", re.IGNORECASE
)
_PERSON = re.compile(
    r"(?:(?:Mr|Mrs|Ms|Miss|Dr|Rev)\.? )?[A-Z][\w’'-]+(?: [A-Z][\w’'.-]*){1,3} ?[(,–-] ?(?:(?:Acting|Executive|Deputy) )?"
    r"(?:Head ?[Tt]eacher|Head|Principal|Chair(?: of (?:the )?Governors)?|Clerk|Governor|DSL|Designated .{4,30}|Business Manager)\)?"
)
# Whoever signs stands below.
_SIGNS = re.compile(r"^(?:signed|signature|name)\b.{0,60}:$", re.IGNORECASE)
# The heading of the page a policy hangs on.
_SHELF = re.compile(
    r"(?:(?:our|school|key|statutory|other|useful) )*(?:policies|policy|information|documents|downloads|parents)"
    r"(?: (?:and|&) (?:policies|procedures|documents|information))?",
    re.IGNORECASE,
)
_NEXT_LABEL = re.compile(r"\s(?=[A-Z][a-z]+:\s)")
_HALF = re.compile(r"(?:\b(?:and|&|of|the|for|to|in|on|with)|[-–—&/])$", re.IGNORECASE)
_NUMBERED = re.compile(r"^(?:section )?\d{1,2}[.):]*\s+(?=\D)", re.IGNORECASE)


def names_a_policy(title: str) -> bool:
    """Whether a title has a word such as "policy", "agreement" or "code of conduct" in it, or is about what such papers are about."""
    return bool(_TITLE.search(title) or _SUBJECT.search(title))


def title_of(blocks: Sequence[Block]) -> str | None:
    """The policy's name: one a label gives, else the line of the cover that sounds most like one, else the first heading that does."""
    cover = list(takewhile(lambda block: not (states(block) or _opens_text(block.text)), blocks[:COVER]))
    for block in cover:
        pairs = [block.cells] if len(block.cells) == 2 else [tuple(block.text.split(":", 1))]
        labelled = next((pair[1].strip() for pair in pairs if len(pair) == 2 and TITLE_LABEL.match(pair[0].strip(" :"))), None)
        if labelled:
            return _NEXT_LABEL.split(labelled)[0]
    signed = {id(below) for above, below in pairwise(cover) if _SIGNS.search(above.text)}
    lines = [
        block
        for block in cover
        if block.kind in ("heading", "para") and not block.label and id(block) not in signed and _names_something(block.text)
    ]
    best = max(lines, key=lambda block: _likeness(block, lines), default=None)
    headings = _headings(blocks)
    if best is not None and not _SHELF.fullmatch(best.text.strip()) and (_TITLE.search(best.text) or best.kind == "heading"):
        fuller = (block for block in headings[:6] if _sounds(block.text) and best.text.lower() in block.text.lower())
        return _whole(best if _TITLE.search(best.text) else next(fuller, best), lines)
    numbered = [block for block in blocks if block.kind == "heading" and block.label == "1"][:1]
    first = [block for block in headings[:1] if id(block) not in signed and _may_name(block.text)]
    named_one = next((block for block in (*headings[:8], *numbered) if _sounds(block.text)), next(iter(first), None))
    return _NUMBERED.sub("", named_one.text).strip() if named_one else None


def _may_name(text: str) -> bool:
    """Whether the first heading may stand for a title though no word in it says so: it is no person, section or page of policies."""
    return not (_SHELF.fullmatch(text.strip()) or _PERSON.fullmatch(text.strip()) or _ABOUT_IT.match(text) or _opens_text(text))


def _opens_text(text: str) -> bool:
    """Whether a line heads the first section, such as "Introduction": the title stands before it or nowhere."""
    bare = _NUMBERED.sub("", text)
    return bool(_SECTION.match(bare)) and not _TITLE.search(bare)


def _headings(blocks: Sequence[Block]) -> list[Block]:
    return [block for block in blocks if block.kind == "heading" and not block.label]


def _names_something(text: str) -> bool:
    bare = without_dates(text).strip(" -–—:.")
    if not 3 <= len(bare) <= 120 or "@" in text or "http" in text or about(text) or pairs_in(text) or _ABOUT_IT.match(text):
        return False
    if _PERSON.fullmatch(bare):
        return False
    return not re.match(r"(?:contents|index|page \d)", bare, re.IGNORECASE) and not (date_in(text) and len(bare) < 6)


def _sounds(text: str) -> bool:
    bare = _NUMBERED.sub("", text).strip()
    general = _GENERIC_TITLE.match(bare) or _ABOUT_IT.match(bare)
    return bool(_TITLE.search(bare)) and not general and len(bare) <= 120 and not bare.endswith("?")


def _likeness(block: Block, lines: Sequence[Block]) -> tuple[float, int]:
    """How much a cover line looks like the title: its words, the size of its letters, its style, and how early it stands."""
    place = lines.index(block)
    largest = max(line.size for line in lines)
    words = 3 if _sounds(block.text) else 2 if _TITLE.search(block.text) and place else 0
    if words < 3 and place and _GENERIC_TITLE.match(block.text) and not _joins(lines[place - 1], block):
        words = 0
    big = 2 if largest and block.size >= largest - 0.5 else 0
    school = 2.5 if any(name == block.text.strip(" .") for name, _ in schools_in(block.text)) else 0
    return words + big - school + (block.kind == "heading") + block.bold * 0.5 - (block.text.endswith(".")) * 3, -place


def _joins(above: Block, block: Block) -> bool:
    """Whether a line goes on with the title begun above it."""
    if above.page != block.page or (above.size and block.size and abs(above.size - block.size) > 0.5):
        return False
    alike = bool(above.size) and above.size == block.size and above.bold == block.bold
    lower = block.text[:1].islower() and not block.text[1:2].isupper()
    short = len(block.text.split()) == 1 and bool(_TITLE.search(block.text)) and not _TITLE.search(above.text)
    return bool(_HALF.search(above.text)) or lower or short or (alike and above.size >= 16 and not schools_in(above.text))


def _whole(best: Block, lines: Sequence[Block]) -> str:
    """A title that stands on two or three lines, joined."""
    if best not in lines:
        return _NUMBERED.sub("", best.text).strip()
    first = last = lines.index(best)
    while first and last - first < 2 and _joins(lines[first - 1], lines[first]):
        first -= 1
    while last + 1 < len(lines) and last - first < 2 and _joins(lines[last], lines[last + 1]) and not about(lines[last + 1].text):
        last += 1
    return _NUMBERED.sub("", " ".join(line.text.strip() for line in lines[first : last + 1])).strip(" :")

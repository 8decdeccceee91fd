"""What is there to be filled in, signed or skipped: signature lines, fields of forms, the cover, logs of versions, credits."""

import re
from collections.abc import Sequence

from schoolgate.policytext.blocks import Block
from schoolgate.policytext.model import Aside
from schoolgate.policytext.outline.days import date_in, without_dates
from schoolgate.policytext.outline.evidence import about, pairs_in
from schoolgate.policytext.outline.facts import history_rows
from schoolgate.policytext.outline.looks import Looks
from schoolgate.policytext.outline.wording import force

_FIELD = (
    r"(?:(?:print(?:ed)?|full|your|first|last|family|pupil(?:['’]?s)?|student(?:['’]?s)?|child(?:['’]?s)?|parent(?:['’]?s)?|"
    r"carer(?:['’]?s)?|staff|guardian|"
    r"volunteer|visitor|governor|employee|headteacher|witness|chair|contact|day ?time|evening|home|work|mobile|e-?mail|postal|"
    r"date of|of|the|and|or|/|"
    r"\([^)]{0,40}\)|&|member|learner|applicant|community|user)\s*)*"
    r"(?:names?|signatures?|signed|sign|date|dated|dates?|position|role|job title|title|class|form|year(?: group)?|address|"
    r"post ?code|telephone(?: (?:number|no\.?))?|"
    r"phone(?: (?:number|no\.?))?|number|e-?mail(?: address)?|birth|relationship(?: (?:to|with) [\w ]{2,30})?|"
    r"witness(?:ed by)?|by who(?:m)?|time|"
    r"location|department|group|initials|print name)"
)
_FIELDS = re.compile(
    rf"^(?:{_FIELD}(?:\s*\([^)]{{0,60}}\))?[\s._…:\-–/|☐□]*){{1,6}}(?:of (?:pupil|child|student|parent|carer|staff|volunteer|"
    rf"visitor|learner|user)s?[\s._…:]*)?"
    r"(?:\([^)]{0,60}\)[\s._…:]*)?$",
    re.IGNORECASE,
)
_SIGNED = re.compile(
    r"^(?:signed|signature)\b(?: (?:by|of|on behalf of|(?-i:[A-Z]))[^:.]{0,50})?\s*(?:\([^)]{0,60}\))?\s*(?::|…|_|-|–)", re.IGNORECASE
)
_DOTS = re.compile(r"(?:\.{5,}|_{4,}|…{2,}|(?:_ ){3,}|(?:\. ){4,})")
_TICK = re.compile(
    r"☐|□|\[\s?\]|\b(?:please tick|tick (?:as|the|if|one)|delete as (?:appropriate|applicable)|yes\s*/\s*no|circle (?:as|one)|"
    r"official use|office use)\b",
    re.I,
)
_ASKED = re.compile(
    r"^(?:please (?:complete|return|give|provide|state|describe|print|sign|complete|fill)|are you|what|have you|do you|how|"
    r"if (?:yes|so)|details? of|insert)\b",
    re.I,
)
_RULES = re.compile(r"\b(?:must|should|shall|will|may|cannot|agree|understand|is|are|have|has)\b", re.IGNORECASE)
_CREDIT = re.compile(
    r"^(?:©|copyright (?:©|\(c\)|of\b|\d{4})|based (?:up)?on\b|adapted from\b|source:|with (?:many )?thanks to\b|produced by\b|"
    r"all rights reserved)|\ball rights reserved\b",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"^(?:(?:many )?thanks?(?: you)?(?: for .{0,60})?|(?:yours|kind regards|regards|best wishes)\b.{0,20}|dear\b.{0,60}|re:.{0,60}|"
    r"(?:please )?(?:let us know|get in touch|do not hesitate|feel free)\b.{0,60})[.,!:\s]*$",
    re.IGNORECASE,
)
_LABELLED = re.compile(r"^[A-Z][^.!?]{2,50}:")
POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b\W*$")
_ADDRESS_LINE = 45
_OPENING = re.compile(r"^dear\b.{0,60}$", re.IGNORECASE)
_CLOSING = re.compile(r"^(?:yours (?:sincerely|faithfully|truly)|(?:kind|best) regards|best wishes)\b.{0,20}$", re.IGNORECASE)
_LONGEST_LETTER = 30
_NUMBER = re.compile(r"\W*\d{1,3}(?:\.\d{1,3})*\W*")
_TELEPHONE = re.compile(r"(?:(?:tel(?:ephone)?|phone|fax)\b[.: ]*)?0[\d() -]{8,14}", re.IGNORECASE)
_COVER_LABEL = re.compile(
    r"(?:status|job title|review (?:period|cycle|frequency)|frequency of review|policy (?:type|status|number|reference|category)|"
    r"reference(?: number)?|version (?:number|date|control)|date (?:issued|of issue)|document (?:control|history))"
    r"(?: (?:non-)?statutory)?:?",
    re.IGNORECASE,
)
_A_FEW = 3
_RUN = 3


def without_forms(blocks: list[Block], asides: list[Aside]) -> list[Block]:
    """The blocks that state something. Signature lines, fields, tick boxes, credits and greetings go to the asides."""
    fields = [_field(block, following) for block, following in zip(blocks, [*blocks[1:], None], strict=False)]
    asked = _prompts(blocks, fields)
    if not any(
        block.kind != "heading" and not field and index not in asked
        for index, (block, field) in enumerate(zip(blocks, fields, strict=True))
    ):
        asked = set()
    kept: list[Block] = []
    letter = _letterheads(blocks)
    written = _letters(blocks)
    for index, block in enumerate(blocks):
        if index in letter or _only_dates(block) or (block.kind == "para" and not block.label and says_nothing(block.text)):
            asides.append(Aside("furniture", block.text, block.page))
        elif index in written:
            asides.append(Aside("form", block.text, block.page))
        elif fields[index]:
            asides.append(Aside("signature" if re.search(r"sign|date|name", block.text, re.IGNORECASE) else "form", block.text, block.page))
        elif index in asked:
            asides.append(Aside("form", block.text, block.page))
        elif (block.kind in ("para", "item", "heading") and len(block.text) < 400 and _CREDIT.search(block.text.strip("*_ "))) or (
            block.kind in ("para", "heading") and _GREETING.match(block.text.strip("*_ "))
        ):
            asides.append(Aside("furniture", block.text, block.page))
        else:
            kept.append(block)
    return kept


def _field(block: Block, following: Block | None) -> bool:
    """A line to be filled in: "Name: ......", "Signed (parent):", or a row of such cells. A label with a list below it is none."""
    text = block.text.strip("*_ ")
    if block.kind == "contents" or (block.label and "." in block.label):
        return False
    bare = _DOTS.sub(" ", text)
    if _DOTS.search(text) and (len(bare) < 60 or len(bare) < 0.6 * len(text)):
        return True
    if text.endswith(":") and about(text) and (following is None or _LABELLED.match(following.text)):
        return True
    if _SIGNED.match(text) and len(text) <= 160:
        return True
    if len(text) > 120 or (following is not None and following.kind == "item" and block.kind == "para" and text.endswith(":")):
        return False
    if block.kind == "row" and all(len(cell) <= 60 and (_FIELDS.match(cell) or not cell.strip()) for cell in block.cells):
        return True
    return bool(_FIELDS.match(text)) and (block.kind != "item" or text.endswith(":")) and not about(text)


def _letters(blocks: Sequence[Block]) -> set[int]:
    """A letter to be copied out, from "Dear ..." to "Yours sincerely": a form, whatever it says."""
    found: set[int] = set()
    for index, block in enumerate(blocks):
        end = next(
            (place for place in range(index + 1, min(index + _LONGEST_LETTER, len(blocks))) if _CLOSING.match(blocks[place].text)), 0
        )
        if end and block.kind in ("para", "heading") and _OPENING.match(block.text):
            found.update(range(index, end + 1))
    return found


def _only_dates(block: Block) -> bool:
    """Whether a row only lists days, as the dates of meetings are."""
    cells = [cell for cell in block.cells if cell.strip()] if block.kind == "row" else []
    return bool(cells) and all(date_in(cell) and len(without_dates(cell).split()) < _A_FEW for cell in cells)


def says_nothing(text: str) -> bool:
    """Whether a line is only a number of a page or version, a day, or the label of an empty field of the cover."""
    return bool(_NUMBER.fullmatch(text) or _COVER_LABEL.fullmatch(text)) or (
        bool(date_in(text)) and not without_dates(text).strip(" .,:-–")
    )


def _letterheads(blocks: Sequence[Block]) -> set[int]:
    """Postal addresses on lines of their own, as at the head of a letter, with the telephone numbers below them."""
    found: set[int] = set()
    for index, block in enumerate(blocks):
        if block.kind != "para" or len(block.text) > _ADDRESS_LINE or not POSTCODE.search(block.text):
            continue
        first = index
        while (
            first
            and blocks[first - 1].kind == "para"
            and len(blocks[first - 1].text) <= _ADDRESS_LINE
            and not _RULES.search(blocks[first - 1].text)
        ):
            first -= 1
        last = index + 1
        while last < len(blocks) and _TELEPHONE.fullmatch(blocks[last].text):
            last += 1
        found.update(range(first, last) if index - first < 7 else ())
    return found


def _prompts(blocks: Sequence[Block], fields: Sequence[bool]) -> set[int]:
    """Questions and boxes of a form: what is asked near lines that are to be filled in, with nothing stated."""
    found: set[int] = set()
    for index, block in enumerate(blocks):
        if fields[index] or block.kind not in ("para", "row", "item", "heading") or len(block.text) > 250:
            continue
        near = sum(fields[max(0, index - 6) : index + 7])
        ends = block.text.rstrip().endswith((":", "?"))
        following = blocks[index + 1] if index + 1 < len(blocks) else None
        filled = following is None or fields[index + 1] or bool(_TICK.search(following.text))
        leads = following is not None and not filled and (following.kind == "item" or bool(_RULES.search(following.text)))
        prompt = bool(_ASKED.match(block.text) and (len(block.text) <= 160 or near > _RUN)) or (
            ends and not _RULES.search(block.text) and len(block.text) < 90
        )
        ticked = bool(_TICK.search(block.text)) and not _RULES.search(block.text)
        if ticked or (near >= _RUN and prompt and not leads and not block.label):
            found.add(index)
    return found


def without_cover(blocks: list[Block], looks: Looks, asides: list[Aside]) -> list[Block]:
    """The blocks without the cover: first pages on which nothing is stated, facts set larger than the text, logs of versions."""
    logs = history_rows(blocks)
    first = next((index for index, block in enumerate(blocks) if index not in logs and _states(block)), len(blocks))
    page = blocks[first].page if first < len(blocks) else None
    kept: list[Block] = []
    titled = False
    for index, block in enumerate(blocks):
        before = index < first and page is not None and block.page is not None and block.page < page
        facts = index < first and block.kind != "heading" and (bool(pairs_in(block.text)) or block.kind == "row") and looks.larger(block)
        if index in logs or facts or (before and (titled or block.kind != "heading")):
            asides.append(Aside("cover", block.text, block.page))
            continue
        titled = titled or (before and block.kind == "heading")
        kept.append(block)
    return kept


def _states(block: Block) -> bool:
    """Whether a block says something a clause could say: a sentence or a list item, not a name, a date or a motto."""
    if block.kind == "item":
        return len(block.text) > 20
    if block.kind == "row":
        return len(block.text) > 120 and not pairs_in(block.text)
    if block.kind != "para" or pairs_in(block.text):
        return False
    return bool(force(block.text)) or (len(block.text) > 40 and bool(_RULES.search(block.text)))

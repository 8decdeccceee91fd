"""What a document says about itself: its title, owner, version, approval and review. Nothing is invented, and what disagrees is told."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from schoolgate.policytext.blocks import Block
from schoolgate.policytext.model import Aside, Caution
from schoolgate.policytext.outline.days import MONTH, date_in
from schoolgate.policytext.outline.evidence import Evidence, about, body_in, name_like, pairs_in, told, version_in
from schoolgate.policytext.outline.organisations import organisation_of
from schoolgate.policytext.outline.roles import named
from schoolgate.policytext.outline.titles import TITLE_LABEL, title_of

_COVER = 40
_TELLING = 160
_LINE = 60
_HISTORY = re.compile(
    r"^(?:date|changes?|amendments?|description|summary|reason|detail|comment|notes?|author|section|page|by whom)", re.IGNORECASE
)
_OWN = re.compile(
    r"\b(?:policy|document|procedures?|statement|agreement|terms of reference|guidance|contract|charter|code|plan)\b", re.IGNORECASE
)
_LABELLED = re.compile(r"^[A-Z][^.!?]{2,50}:")
# Another label in the same line. "Approved by: the board   Date: 3 May 2024" is one fact.
_NEXT_LABEL = re.compile(r"\s(?=(?!Date:)[A-Z][\w ]{2,30}:\s)")
_TELLS = re.compile(r"20\d\d|owner|/\d\d\b|(?:approv|ratifi|adopt)ed by")
_YEAR = re.compile(r"^(?:19|20)\d\d\b")
_MONTH_ONLY = re.compile(rf"\b(?:{MONTH}|autumn|spring|summer|term)\W*$", re.IGNORECASE)
_PLURAL = {
    "approved_on": "days of approval",
    "approved_by": "approvers",
    "review_on": "days for its review",
    "version": "versions",
    "owner": "owners",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the cover and the body state about the document itself; None where they say nothing, with what they leave in doubt."""

    title: str | None = None
    organisation: str | None = None
    version: str | None = None
    owner: str | None = None
    approved_on: str | None = None
    approved_by: str | None = None
    review_on: str | None = None
    doubts: tuple[Caution, ...] = ()


def facts_of(blocks: Sequence[Block], asides: Sequence[Aside]) -> Facts:
    """Read the facts from labelled values ("Next review: May 2027"), sentences, version tables, headings and running lines."""
    gathered = [*_from_blocks(blocks), *_from_asides(asides)]
    doubts: list[Caution] = []
    review = _reviews(gathered)
    reviewed_on = _chosen("review_on", review, doubts)
    found = {
        "version": _chosen("version", [one for one in gathered if one.about == "version"], doubts),
        "owner": _chosen("owner", _first_kind(gathered, ("owner", "author")), doubts),
        "approved_on": _chosen("approved_on", _approvals(gathered, reviewed_on), doubts),
        "approved_by": _chosen("approved_by", _approvers(gathered), doubts),
        "review_on": reviewed_on,
    }
    unclear = next(
        (one for one in gathered if one.about == "date of review" and reviewed_on is None and found["approved_on"] is None), None
    )
    if unclear:
        doubts.append(Caution("unclear_review_on", f"“{unclear.words}” does not say whether that review is past or to come."))
    title = title_of(blocks)
    return Facts(title=title, organisation=organisation_of(blocks, asides, title), doubts=tuple(doubts), **found)


def fact_line(text: str) -> tuple[str, str] | None:
    """A line that states one fact about the document, such as "Next review: May 2027", as its label and its value; else None."""
    if len(text) > _TELLING or (text.rstrip().endswith(".") and (":" not in text or len(text) > _LINE)):
        return None
    pairs = pairs_in(text)
    if len(pairs) != 1 or not text.startswith(pairs[0][1]):
        return None
    return pairs[0][1].strip(" :"), pairs[0][2]


def is_value(label: str, text: str) -> bool:
    """Whether the line below a label that stands alone is its value: a date, a version, a name, or the title of the policy."""
    if len(text) > _LINE or about(text) or TITLE_LABEL.match(text.strip(" :")) or _LABELLED.match(text):
        return False
    if TITLE_LABEL.match(label.strip(" :")):
        return True
    kind = about(label)
    if kind in ("owner", "author", "approver", "approved"):
        return bool(date_in(text)) or (name_like(text) and not text.endswith("."))
    return bool(kind) and (bool(date_in(text)) or (kind == "version" and bool(version_in(text, labelled=True))))


def _from_blocks(blocks: Sequence[Block]) -> Iterator[Evidence]:
    history = latest_rows(blocks)
    for place, block in enumerate(blocks):
        weight = 3 if place < _COVER or place >= len(blocks) - 8 else 2
        following = blocks[place + 1] if place + 1 < len(blocks) else None
        if place in history:
            yield from (_weighed(one, 2) for one in _labelled(history[place], block))
            continue
        pairs = list(_pairs_of(block, following))
        yield from (_weighed(one, weight) for one in _labelled(pairs, block))
        if not pairs or len(block.text) > _TELLING:
            yield from _stated(block.text, block.page, short=len(block.text) <= _TELLING)
        if len(block.text) <= 60 and block.kind != "item" and (number := version_in(block.text, labelled=False)):
            yield Evidence("version", number, block.text, block.page, 2)


def _weighed(one: Evidence, weight: int) -> Evidence:
    return Evidence(one.about, one.value, one.words, one.page, min(one.weight, weight))


def _from_asides(asides: Sequence[Aside]) -> Iterator[Evidence]:
    """Running headers and footers, and the lines under which people sign, each line once."""
    for text, page in {aside.text: aside.page for aside in asides if aside.kind in ("furniture", "signature", "cover")}.items():
        block = Block("para", text, page=page)
        yield from (_weighed(one, 2) for one in _labelled(pairs_in(text), block))
        yield from _stated(text, page, short=True)
        number = version_in(text, labelled=False) if len(text) <= _TELLING else None
        if number:
            yield Evidence("version", number, text, page, 2)


def _pairs_of(block: Block, following: Block | None) -> Iterator[tuple[str, str, str]]:
    """Labels with their values: in the cells of a row, inside a line, or in the line below a label that stands alone."""
    if block.kind == "row":
        kinds = [about(cell) for cell in block.cells]
        if all(kinds) and following and following.kind == "row" and len(following.cells) == len(kinds):
            below = zip(kinds, block.cells, following.cells, strict=True)
            yield from ((kind or "", label, value) for kind, label, value in below if not about(value))
        for (kind, label), value in pairwise([*zip(kinds, block.cells, strict=True), (None, "")]):
            if kind and value[1] and not value[0]:
                yield kind, label, value[1]
        yield from (pair for cell in block.cells for pair in pairs_in(cell))
        return
    pairs = pairs_in(block.text) if len(block.text) <= _LINE or not block.text.endswith(".") else []
    if pairs and following and _YEAR.match(following.text) and _MONTH_ONLY.search(pairs[-1][2]):
        pairs[-1] = (*pairs[-1][:2], f"{pairs[-1][2]} {following.text}")
    yield from pairs
    kind = about(block.text) if not pairs else None
    if (
        kind
        and following
        and following.kind != "row"
        and len(following.text) <= 90
        and not about(following.text)
        and not _LABELLED.match(following.text)
    ):
        yield kind, block.text, following.text


def latest_rows(blocks: Sequence[Block]) -> dict[int, list[tuple[str, str, str]]]:
    """Tables of versions: the place of every row, with the labelled values of the latest version at its own row and none at the others."""
    rows: dict[int, list[tuple[str, str, str]]] = {}
    place = 0
    while place < len(blocks):
        columns = _columns(blocks[place])
        end = place + 1
        while columns and end < len(blocks) and _below(blocks[end], columns):
            end += 1
        if columns and end - place > 2:
            latest = max(range(place + 1, end), key=lambda row: (_rank(columns, blocks[row]), row))
            rows.update({row: [] for row in range(place, end)})
            rows[latest] = [
                (kind, label, value) for (kind, label), value in zip(columns, blocks[latest].cells, strict=False) if kind and value.strip()
            ]
        place = end if columns else place + 1
    return rows


def _below(block: Block, columns: Sequence[tuple[str, str]]) -> bool:
    """Whether a block is a further row of a table of versions: about as wide, and no header of another."""
    return block.kind == "row" and 2 * len(block.cells) > len(columns) and not _columns(block)


def history_rows(blocks: Sequence[Block]) -> set[int]:
    """The places of the rows of version tables, their header rows included."""
    return set(latest_rows(blocks))


def _columns(block: Block) -> list[tuple[str, str]]:
    """What the columns of a version table are about, from its header row; empty for any other row."""
    if block.kind != "row" or len(block.cells) < 2:
        return []
    kinds = [about(cell) or "" for cell in block.cells]
    telling = sum(bool(kind) for kind in kinds)
    known = sum(bool(kind) or bool(_HISTORY.match(cell)) for kind, cell in zip(kinds, block.cells, strict=True))
    if not telling or known < 2 or any(date_in(cell) for cell in block.cells) or known < len(kinds) - 1:
        return []
    return list(zip(kinds, block.cells, strict=True))


def _rank(columns: list[tuple[str, str]], block: Block) -> tuple[tuple[int, ...], str]:
    cells = dict(zip((kind for kind, _ in columns), block.cells, strict=False))
    number = version_in(cells.get("version", ""), labelled=True) or ""
    parts = tuple(int(part) for part in number.split(".")) if number and number[0].isdigit() else ()
    return parts, next((day for cell in block.cells if (day := date_in(cell))), "")


def _labelled(pairs: Sequence[tuple[str, str, str]], block: Block) -> Iterator[Evidence]:
    for kind, label, printed in pairs:
        value = _NEXT_LABEL.split(printed)[0]
        words = block.text[:120]
        day = date_in(value, late=kind in ("review_on", "review"))
        if kind == "version":
            number = version_in(value, labelled=True)
            if number:
                yield Evidence("version", number, words, block.page)
        elif kind in ("owner", "author", "signed", "approver"):
            name = body_in("", value) or (value if named(value, subject=False) and name_like(value.capitalize()) else None)
            if name:
                yield Evidence("intended" if kind == "approver" and not _ends(label, "approver") else kind, name, words, block.page)
        elif kind == "approved":
            yield from _approval(label, value, day, words, block.page)
        elif day:
            late = kind == "review" and re.search(r"\bof\b", label, re.IGNORECASE)
            yield Evidence("date of review" if late else kind, day, words, block.page)


def _ends(label: str, word: str) -> bool:
    return label.strip(" :").lower().endswith(word)


def _approval(label: str, value: str, day: str | None, words: str, page: int | None) -> Iterator[Evidence]:
    if day:
        yield Evidence("approved", day, words, page)
    body = body_in(label, value)
    if body:
        yield Evidence("approver", body, words, page)


def _stated(text: str, page: int | None, *, short: bool) -> Iterator[Evidence]:
    """What sentences tell. In a long text only sentences about the document itself count."""
    for sentence in re.split(r"(?<=[.!?])\s+(?=[A-Z])", text) if _TELLS.search(text) else ():
        if not short and not _OWN.search(sentence):
            continue
        for kind, value, who in told(sentence):
            day = date_in(value)
            words = sentence[:120]
            if day:
                yield Evidence(kind, day, words, page, 2)
            elif kind in ("owner", "approver") and name_like(_capital(value)):
                yield Evidence(kind, _capital(value), words, page, 2)
            name = re.sub(r"^the ", "", who.strip(), flags=re.IGNORECASE) if who else ""
            if name and re.search(r"[A-Z]", name) and not re.search(r"\b(?:date|on)$", name):
                yield Evidence("approver", _capital(name), words, page, 2)
            elif name and name_like(name.capitalize()):
                yield Evidence("approver", name.capitalize(), words, page, 2)


def _capital(name: str) -> str:
    """A name as a fact gives it: "the governing body" as "Governing body"."""
    bare = re.sub(r"^the ", "", name.strip(), flags=re.IGNORECASE)
    return bare[:1].upper() + bare[1:]


def _first_kind(gathered: Sequence[Evidence], kinds: Sequence[str]) -> list[Evidence]:
    return next((some for kind in kinds if (some := [one for one in gathered if one.about == kind])), [])


def _reviews(gathered: Sequence[Evidence]) -> list[Evidence]:
    """What says when the next review is. A bare "Review" or "Date of review" is the next one only where another day came before it."""
    sure = [one for one in gathered if one.about == "review_on"]
    if sure:
        return sure
    before = [one.value for one in gathered if one.about in ("approved", "issued", "reviewed", "changed")]
    bare = [one for one in gathered if one.about == "review" or (one.about == "date of review" and before)]
    return [one for one in bare if all(one.value > earlier for earlier in before)]


def _approvals(gathered: Sequence[Evidence], review_on: str | None) -> list[Evidence]:
    """What says when it was approved; else when it was last reviewed, where the next review is told beside it."""
    approved = [one for one in gathered if one.about == "approved"]
    if approved:
        return approved
    reviewed = [one for one in gathered if one.about in ("reviewed", "review", "date of review") and one.value != review_on and review_on]
    return [max(reviewed, key=lambda one: one.value)] if reviewed else []


def _approvers(gathered: Sequence[Evidence]) -> list[Evidence]:
    """Who approved; where only a day of approval is given, the body that was to approve or the person who signed."""
    said = [one for one in gathered if one.about == "approver"]
    meant = _first_kind(gathered, ("intended", "signed")) if any(one.about == "approved" for one in gathered) else []
    return [*said, *(one for one in meant if not said or any(_same(one.value, other.value) for other in said))]


def _chosen(name: str, some: Sequence[Evidence], doubts: list[Caution]) -> str | None:
    """The weightiest value, the first of equals, said as fully as the document says it; a value that disagrees is told."""
    if not some:
        return None
    best = max(some, key=lambda one: one.weight)
    alike = [one for one in some if _same(one.value, best.value)]
    fullest = max(alike, key=lambda one: (_initials(one.value) != one.value, one.weight, name.endswith("_on") * len(one.value)))
    other = next((one for one in some if one not in alike), None)
    if other:
        message = f"The document gives two {_PLURAL[name]}: {_told_where(fullest)} and {_told_where(other)}. We took the first."
        doubts.append(Caution(f"two_{name}", message))
    return fullest.value


def _told_where(one: Evidence) -> str:
    return f"{one.value} (“{one.words}”{f', page {one.page}' if one.page else ''})"


def _same(one: str, other: str) -> bool:
    """Whether two values say the same: one is finer than the other, a part of it, or its initials."""
    one, other = (re.sub(r"\b(?:the|of|for|and)\b|\W+", " ", value.lower()).strip() for value in (one, other))
    if one == other or one.startswith(f"{other} ") or other.startswith(f"{one} "):
        return True
    return one.replace(" ", "") == _initials(other) or other.replace(" ", "") == _initials(one)


def _initials(value: str) -> str:
    return "".join(word[0] for word in value.split()) if " " in value else value

"""What a document says about itself: its title, owner, version, approval and review. Nothing is invented."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from schoolgate.policytext.model import Aside, Clause

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
_MONTH = "|".join(f"{month[:3]}(?:{month[3:]})?" if month != "september" else "sept?(?:ember)?" for month in _MONTHS)
_DATES = (
    re.compile(r"\b(?P<y>(?:19|20)\d\d)-(?P<m>\d\d)-(?P<d>\d\d)\b"),
    re.compile(r"\b(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>(?:19|20)?\d\d)\b"),
    re.compile(rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<n>{_MONTH})\.?,?\s+(?P<y>(?:19|20)\d\d)\b", re.IGNORECASE),
    re.compile(rf"\b(?P<n>{_MONTH})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>(?:19|20)\d\d)\b", re.IGNORECASE),
    re.compile(rf"\b(?P<n>{_MONTH})\.?,?\s+(?P<y>(?:19|20)\d\d)\b", re.IGNORECASE),
    re.compile(r"\b(?P<m>\d{1,2})[/](?P<y>20\d\d)\b"),
    re.compile(r"\b(?P<y>(?:19|20)\d\d)\b"),
)
_LABELS = (
    (
        "review_on",
        r"(?:next|date (?:for|of next)|due for|planned|proposed)\b.{0,12}\breview\b.{0,12}|review (?:date|due|by)\b.{0,12}|"
        r"(?:policy )?to be reviewed\b.{0,12}|review",
    ),
    (
        "approved",
        r"(?:date (?:of )?)?(?:policy )?(?:last )?(?:approv|adopt|ratif|agreed|endors)\w*\b(?: (?:date|on|by)\b)?.{0,30}|"
        r"date of (?:approval|adoption)|approval date",
    ),
    ("reviewed", r"(?:date of (?:last )?review|(?:last |date )reviewed(?: on)?|date of (?:policy|issue)|policy date|date of this policy)"),
    (
        "owner",
        r"(?:(?:policy|document) )?(?:owner|lead)|(?:person|officer|member of staff|governor|staff) responsible|"
        r"responsible (?:person|officer|for policy)|responsibility of|owned by",
    ),
    ("version", r"(?:policy |document )?version(?: (?:number|no\.?))?|issue (?:number|no\.?)"),
)
_LABEL = tuple((name, re.compile(rf"^(?:{pattern})\W*$", re.IGNORECASE)) for name, pattern in _LABELS)
_INLINE = re.compile(r"^(?P<label>[A-Z][A-Za-z/ ]{2,45}?)\s*(?::|\t|\s[-–—]\s)\s*(?P<value>\S.{0,160})$")
_TRAILING = re.compile(
    r"^(?P<label>(?:Date (?:for|of) (?:next )?review|Next review(?: date)?|Review date|Approved(?: by)?|Adopted|Reviewed)):?\s+"
    r"(?P<value>.*\d.*)$",
    re.IGNORECASE,
)
_ANY_DATE = rf"(?P<date>(?:\d{{1,2}}(?:st|nd|rd|th)? )?(?:{_MONTH}) (?:19|20)\d\d|\d{{1,2}}/\d{{1,2}}/(?:19|20)\d\d)"
_SENTENCES = (
    ("approved_on", re.compile(rf"\b(?:approved|adopted|ratified)(?: by [\w ]{{2,40}}?)?(?: on| in|:)? {_ANY_DATE}", re.IGNORECASE)),
    (
        "review_on",
        re.compile(
            rf"\b(?:next review|review date|next reviewed|(?:to|will) be reviewed(?: again)?)(?: date)?(?: is)?(?: due)?"
            rf"(?: on| in| by|:)? {_ANY_DATE}",
            re.IGNORECASE,
        ),
    ),
)
_TITLE = re.compile(
    r"\b(?:polic(?:y|ies)|procedures?|agreement|code of conduct|statement|guidelines?|guidance|protocol|"
    r"privacy notice|terms of reference|strategy)\b",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"\b(?:The )?(?P<name>(?:St\.? |[A-Z][\w’'-]*[ ]){1,5}?"
    r"(?:(?:C(?:hurch)? [Oo]f E(?:ngland)?|C ?of ?E|RC|CE|Catholic|Community|Church of England|VA|VC|Free|"
    r"Primary|Junior|Infants?|Nursery|Secondary|High|Grammar|Middle|First|Special) )*"
    r"(?:Pre-?School|School|Academy Trust|Academy|Academies|College|Nursery|"
    r"Multi[- ]Academy Trust|Learning Trust|Primary|Federation|Labs)\b(?: Academy Trust| Trust)?)"
    r"(?! (?:Board|Council|Agreement|Policy|Standards|Employment))"
)
_NUMBERED = re.compile(r"^(?:section )?\d{1,2}[.):]*\s+(?=\D)", re.IGNORECASE)
_GENERIC = re.compile(
    r"^(?:the|this|our|all|any|each|every|state|local|governing|independent|maintained|private|in|at|if|when|staff|pupils?|parents?|home|"
    r"safeguarding|secondary|primary|national|a|an|no|other|special|free|boarding|high)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the cover and the body state about the document itself; None where they say nothing."""

    title: str | None = None
    organisation: str | None = None
    version: str | None = None
    owner: str | None = None
    approved_on: str | None = None
    approved_by: str | None = None
    review_on: str | None = None


def date_in(text: str) -> str | None:
    """The first date in a text as ISO 8601, month or year alone where it gives no more; None where there is none."""
    for pattern in _DATES:
        for found in pattern.finditer(text):
            parts = found.groupdict()
            year = int(parts["y"]) + (2000 if len(parts["y"]) == 2 else 0)
            month = _month(parts.get("n")) or int(parts.get("m") or 0)
            day = int(parts.get("d") or 0)
            if month > 12 or day > 31:
                continue
            return "-".join([str(year), *([f"{month:02}"] if month else []), *([f"{day:02}"] if month and day else [])])
    return None


def _month(name: str | None) -> int:
    return next((number for number, month in enumerate(_MONTHS, 1) if name and month.startswith(name.lower()[:3])), 0)


def facts_of(clauses: Sequence[Clause], asides: Sequence[Aside]) -> Facts:
    """Read the facts from labelled values ("Next review: May 2027"), headings and names in the text."""
    found: dict[str, str] = {}
    for label, value in _pairs(clauses, asides):
        kind = next((name for name, pattern in _LABEL if pattern.match(label)), None)
        if kind:
            _note(found, kind, label, value)
    if "approved_on" not in found and "reviewed" in found and found["reviewed"] != found.get("review_on"):
        found["approved_on"] = found["reviewed"]
    found.pop("reviewed", None)
    for clause in clauses:
        for name, pattern in _SENTENCES:
            stated = pattern.search(clause.text) if name not in found else None
            if stated and date_in(stated["date"]):
                found[name] = date_in(stated["date"]) or ""
    title = _title(clauses, asides)
    return Facts(title=title, organisation=_organisation(clauses, asides, title), **found)


def fact_line(text: str) -> tuple[str, str] | None:
    """A line that states one fact about the document, such as "Next review: May 2027", as its label and its value; else None."""
    found = (_INLINE.match(text) or _TRAILING.match(text)) if len(text) <= 160 else None
    if not found or not any(pattern.match(found["label"].strip()) for _, pattern in _LABEL):
        return None
    return found["label"].strip(), found["value"].strip()


def _pairs(clauses: Sequence[Clause], asides: Sequence[Aside]) -> list[tuple[str, str]]:
    pairs = []
    for clause in clauses:
        if clause.path and len(clause.text) <= 200:
            pairs.append((clause.path[-1].rstrip(": "), clause.text))
        pairs += _inline(clause.text)
    for aside in asides:
        if aside.kind in ("heading", "furniture", "cover", "signature"):
            pairs += _inline(aside.text)
    return pairs


def _inline(text: str) -> list[tuple[str, str]]:
    if len(text) > 220:
        return []
    found = _INLINE.match(text) or _TRAILING.match(text)
    return [(found["label"].strip(), found["value"])] if found else []


def _note(found: dict[str, str], kind: str, label: str, value: str) -> None:
    day = date_in(value)
    if kind == "version":
        number = re.search(r"\bv?(\d+(?:\.\d+)*)\b", value, re.IGNORECASE)
        found.setdefault("version", number[1] if number else value)
    elif kind == "owner":
        found.setdefault("owner", value)
    elif kind == "approved":
        if day:
            found.setdefault("approved_on", day)
        body = _body(label, value)
        if body:
            found.setdefault("approved_by", body)
    elif day:
        found.setdefault(kind, day)


def _body(label: str, value: str) -> str | None:
    """Who approved: the name beside the date, or the name in the label ("Date approved by LSCB")."""
    inside = re.search(r"\bby (?P<name>[A-Z].*)$", label)
    if inside:
        return inside["name"]
    rest = value
    for pattern in _DATES:
        rest = pattern.sub("", rest)
    rest = re.sub(r"\(\s*\)", "", rest).strip(" -–—:,.()")
    return rest if 2 < len(rest) <= 80 and re.match(r"[A-Z]", rest) else None


def _title(clauses: Sequence[Clause], asides: Sequence[Aside]) -> str | None:
    """The first heading that sounds like the name of a policy, else the first short opening line that does, else the first heading."""
    headings = [aside.text for aside in asides if aside.kind == "heading"][:8]
    headings = [_NUMBERED.sub("", text) if place == 0 else text for place, text in enumerate(headings)]
    plain = [text for text in headings if not re.match(r"\d|section\b", text, re.IGNORECASE)]
    named = next((text for text in plain if _TITLE.search(text)), None)
    if named:
        place = headings.index(named)
        return f"{headings[place - 1]} {named}" if place and len(named.split()) == 1 else named
    opening = next((clause.text for clause in clauses[:3] if _TITLE.search(clause.text) and len(clause.text) < 90), None)
    return opening or next(iter(plain[:1]), None)


def _organisation(clauses: Sequence[Clause], asides: Sequence[Aside], title: str | None) -> str | None:
    names: Counter[str] = Counter()
    for text in [title or "", *(aside.text for aside in asides if aside.kind != "contents"), *(clause.text for clause in clauses)]:
        for found in _NAME.finditer(text):
            name = found["name"].strip()
            if not _GENERIC.match(name) and len(name.split()) > 1:
                names[name] += 1
    if not names:
        return None
    name, times = names.most_common(1)[0]
    return name if times > 1 or name in (title or "") else None

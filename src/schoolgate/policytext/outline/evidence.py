"""What single lines say about the document itself: labels with values ("Next review: May 2027"), and sentences that tell the same."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from schoolgate.policytext.outline.days import MONTH, date_in, dates_in, without_dates
from schoolgate.policytext.outline.roles import named

_DONE = r"(?:approv\w+|adopt\w+|ratif\w+|agreed|endors\w+|accepted|authori[sz]ed|signed off)"
_PAPER = r"(?:(?:(?:the |this )?|this (?:[\w-]+ ){1,3})(?:policy|document|procedures?|agreement|statement) )?"
_NEXT = r"(?:next|following|planned|proposed|scheduled|future|forthcoming|anticipated|expected)"
_AGAIN = r"reviewed"
_BODY = r"(?:governors?|governing (?:body|board)|trustees?|board|trust|committee|headteacher|head|slt|lgb|fgb|council|sub|date)"
# What a label can be about, most telling first. A date or a name beside it is what it is about.
_LABELS = (
    (
        "review_on",
        rf"(?:date (?:of|for) )?(?:the )?{_NEXT} {_PAPER}(?:full )?(?:review|revision|reviewed|update)(?: (?:date|due|by|on|is|"
        rf"in|of policy|of document))*|"
        rf"{_PAPER}(?:review|revision|renewal|expiry) (?:date|due|by|deadline|on or before|before)(?: (?:date|by|on))*|review-?by|"
        rf"{_PAPER}date (?:for|due for|by which) {_PAPER}(?:review|renewal)|{_PAPER}date (?:of|for) (?:the )?{_NEXT} (?:policy )?review|"
        rf"{_PAPER}(?:to be|will be|is to be|due to be|must be|should be|due) (?:next )?(?:reviewed|revised|renewed)"
        rf"(?: again)?(?: (?:by|on|in|"
        rf"before|date))*|"
        rf"{_PAPER}(?:is )?due for (?:next )?(?:review|revision|renewal)(?: (?:by|on|in|date))*|"
        rf"next due(?: (?:by|on|date))*|valid (?:until|to)|review for",
    ),
    ("review", rf"{_PAPER}review|{_PAPER}date of {_PAPER}review|review month|review term"),
    (
        "reviewed",
        rf"{_PAPER}(?:date )?(?:was )?(?:last|latest|previously|most recently|previous|most recent)? ?{_AGAIN}(?: (?:by|on|in|"
        rf"date|and agreed))*|"
        rf"{_PAPER}(?:date (?:of )?)?(?:last|latest|previous|most recent) (?:review|{_AGAIN})(?: (?:date|by|on))*|"
        rf"date (?:of )?(?:last )?{_AGAIN}",
    ),
    (
        "changed",
        r"(?:(?:policy|document|date|last|latest|most recently) )*(?:updated|revised|amended)(?: (?:by|on|in|date))*|"
        r"date (?:of )?(?:last )?(?:update|revision|amendment)",
    ),
    (
        "approved",
        rf"{_PAPER}(?:date )?(?:of )?(?:was |has been |first |last |formally |originally |initially |finally )*{_DONE}"
        rf"(?: (?:by|on|in|at|date|and|/|{_DONE}|{_BODY}|the|full|local|of|school|academy))*|date (?:when |"
        rf"it was )?{_PAPER}{_DONE}(?: (?:by|on|in) ?[\w ]{{0,30}})?|"
        rf"{_PAPER}(?:date (?:of|for) )?(?:final )?(?:approval|adoption|ratification|agreement|authorisation)(?: (?:date|by|"
        rf"body|authority|level|on|given by))*|"
        rf"approving (?:body|committee|authority)",
    ),
    ("approver", rf"{_PAPER}(?:to be|will be|for) {_DONE}(?: by)?|{_PAPER}(?:to be|for) (?:approval|ratification)(?: by)?|approver"),
    (
        "issued",
        rf"(?:date of )?{_PAPER}(?:issue|publication|implementation|effective|commencement|start) date|date of (?:policy|"
        rf"document|issue|publication|"
        rf"implementation|this policy|this document|production)|(?:policy|document) date|{_PAPER}(?:issued|effective|in force|"
        rf"implemented)(?: (?:from|on|date))*|"
        rf"date (?:issued|effective|implemented|published|created|written)",
    ),
    (
        "owner",
        r"(?:(?:policy|document|current|procedure) )*owner(?:ship)?(?: (?:name|role|title|and contact))*|"
        r"(?:policy|document) (?:lead|holder|sponsor|custodian)(?: (?:name|role|title|and contact))*|"
        r"(?:(?:lead|named|nominated) )?(?:person|persons|people|officer|member of staff|governor|staff|staff member|"
        r"post ?holder|role)(?:\(?s\)?)?"
        r"(?: with)? responsib(?:le|ility)(?: for (?:the |this )?(?:policy|document|review|updating|implementation)[\w ]{0,20})?|"
        r"responsible (?:person|officer|member of staff|staff|for (?:the |this )?policy|governor|post ?holder|lead)|"
        r"(?:policy )?responsibility of|"
        r"(?:policy )?owned by|(?:policy )?maintained by|lead (?:member of staff|officer|person)(?: responsible)?",
    ),
    (
        "author",
        r"(?:policy |document |original )*(?:author(?:\(?s\)?)?|written by|prepared by|produced by|created by|compiled by|"
        r"drawn up by)(?: \(?name\)?)?",
    ),
    ("signed", r"(?:signed|signature)(?: (?:by|off by|name|on behalf of [\w ]{3,40}|by name))+"),
    ("version", r"(?:policy |document |current )*(?:version|issue|revision|edition) ?(?:number|no\.?|#|control|ref\.?)?|ver\.?"),
)
LABELS = tuple((name, re.compile(rf"(?:{shape})", re.IGNORECASE)) for name, shape in _LABELS)
# What a label may end in: who does it ("Date of next review by the finance committee", "... and by whom").
_BY_WHOM = re.compile(r"(?: and)? by (?:whom|who|(?:the )?[A-Za-z][A-Za-z’' -]{2,60})$")
_DIVIDED = re.compile(r"\s*(?::|\t|\s[-–—]{1,2}(?=\s)|[-–—](?=\s)|=|\.{3,}|…|_{3,})\s*")
_STARTS = re.compile(r"(?:^|[|/;,•·(\n]\s*|\s{2,}|[.!?]\s+|(?<=\d)\s+|\s[-–—]\s+)(?=[A-Za-z])")
_SHORT = 260
# A line without any of these beginnings or a colon holds no label: most lines are passed over at once.
_HINT = re.compile(
    r":|\t|rev|app|adop|adpo|rati|agree|endors|accept|auth|sign|issue|publi|effect|implem|own|lead|holder|sponsor|custod|respons|"
    r"written|prepared|produced|created|compiled|drawn|ver|edit|due|valid|expir|renew|maint|updat|amend|date",
    re.IGNORECASE,
)
_VERSION = re.compile(r"(?:^|[\s(])(?:v|ver|version)\.?\s?(?P<number>\d{1,3}(?:\.\d{1,3}){0,3})\b(?!\s?(?:of|per|%))", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\d/.])v?(?P<number>\d{1,3}(?:\.\d{1,3}){0,3})(?![\d/])", re.IGNORECASE)
_DAY = (
    r"(?:(?:on|in|at|dated|during|:|-|–|meeting|its|their|the|of|held|\(|,)\s*)*"
    rf"(?P<date>(?:\d{{1,2}}\s?(?:st|nd|rd|th)?(?:\s+of)?\s+)?"
    rf"(?:(?:the\s+)?(?:autumn|spring|summer)(?: term)?|{MONTH})\.?,?\s+(?:19|20)\d\d|"
    r"\d{1,2}[./-]\d{1,2}[./-](?:20)?\d\d|\d{1,2}/20\d\d)"
)
_WHO = r"(?P<who>(?:the\s+)?[A-Za-z][\w’'&,/ -]{1,70}?)"
_TOLD = (
    ("approved", re.compile(rf"\b(?:was|were|been|is|policy|and|procedure|document|s)?\s*\b{_DONE}\s+by\s+{_WHO}\s*{_DAY}", re.IGNORECASE)),
    ("approved", re.compile(rf"\b{_DONE}\s+at\s+(?:the|a|its|their)\s+(?:[\w-]+\s+){{0,2}}meeting\s+of\s+{_WHO}\s*{_DAY}", re.IGNORECASE)),
    ("approved", re.compile(rf"\b(?:approved|adopted|ratified|agreed)\s*(?:and \w+\s*)?{_DAY}", re.IGNORECASE)),
    (
        "approver",
        re.compile(
            r"\bpolicy\b(?:(?!\b(?:must|should|will|shall|may|to be)\b)[^.]){0,140}?"
            r"\b(?:has|have|was|been|and) (?:then )?(?:approved|ratified|adopted) by "
            r"(?P<who>(?:the )?(?:full |local )?"
            r"(?:governors|governing (?:body|board)|board of (?:governors|trustees)|trustees|trust board))\b",
            re.IGNORECASE,
        ),
    ),
    (
        "review_on",
        re.compile(
            rf"\b(?:next (?:policy )?(?:review|reviewed|due)|review date|(?:to|will|shall|"
            rf"should) be (?:next )?reviewed(?: again)?|due for review|"
            rf"(?:next|further|full) review (?:is due|will (?:take place|be)|is planned|is scheduled))(?:\s+(?:date|is|due|by|"
            rf"before|no later than|will be|again))*\s*{_DAY}",
            re.IGNORECASE,
        ),
    ),
    ("reviewed", re.compile(rf"\b(?:last|was|previously) reviewed\s*{_DAY}", re.IGNORECASE)),
    (
        "owner",
        re.compile(r"\b(?:policy owner|owner of this policy) is (?P<who>(?:the\s+)?[A-Z][\w’' ,&/-]{2,60}?)(?=[.;,(]|$)", re.IGNORECASE),
    ),
)
_NOT_NAMES = re.compile(
    r"\b(?:author|owner|version|reviewer)s?\b|^(?:and|or|the following|all|any|each|every|date|name|signature|signed|n/?a|tbc|"
    r"none|see|by|of|is|was|will|to|not|pending|awaiting|tb[ad]|updated?|information|description|details|comments)\b|"
    r"\b(?:new|draft|final|annual|first|this|updated?|revised) (?:policy|review|draft|release|edition)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing a line says: about what, the value as printed, the words it stands in, their page, and how much they weigh (3 most)."""

    about: str
    value: str
    words: str
    page: int | None = None
    weight: int = 3


@lru_cache(maxsize=4096)
def about(label: str) -> str | None:
    """What a label is about, misspelt ones included ("adpoted date"); None for a label that is not about the document itself."""
    bare = re.sub(r"\s*\([^)]*\)?|[*_#]", "", label).strip(" \t:.-–—=?")
    bare = re.sub(r"\s+", " ", bare)
    if not 2 < len(bare) <= 90 or not _HINT.search(bare):
        return None
    shorter = () if label.rstrip().endswith(".") else (_BY_WHOM.sub("", bare), *bare.split("/")[:2])
    return next(filter(None, map(_named, (bare, _spelt(bare), *shorter))), None)


def _named(bare: str) -> str | None:
    return next((name for name, pattern in LABELS if pattern.fullmatch(bare)), None)


_KEYS = ("approved", "adopted", "ratified", "reviewed", "review", "version", "owner", "author", "approval", "adoption", "responsible")


def _spelt(label: str) -> str:
    """A label with words that are one slip away from a word we know put right."""
    words = []
    for word in label.lower().split():
        near = difflib.get_close_matches(word, _KEYS, n=1, cutoff=0.85) if len(word) > 5 and word not in _KEYS else []
        words.append(near[0] if near else word)
    return " ".join(words)


def pairs_in(text: str) -> list[tuple[str, str, str]]:
    """The labels a short line prints, each with what it is about and its value: "Adopted: Sept 2019 / Review: Autumn 2021" has two."""
    if len(text) > _SHORT or not _HINT.search(text):
        return []
    hits: list[tuple[int, int, str, str]] = []
    for start in _STARTS.finditer(text):
        if hits and start.end() < hits[-1][1]:
            continue
        found = _label_at(text, start.end())
        if found:
            hits.append((start.end(), *found))
    ends = [*(place for place, *_ in hits[1:]), len(text)][: len(hits)]
    pairs = ((kind, label, text[start:end].strip(" \t|/;,•·-–—")) for (_, start, kind, label), end in zip(hits, ends, strict=True))
    return [pair for pair in pairs if pair[2]]


def _label_at(text: str, place: int) -> tuple[int, str, str] | None:
    """The label that begins at a place: where its value begins, what it is about, and the label itself.

    A label ends in a colon or a stroke, or a date follows it.
    """
    divided = _DIVIDED.search(text, place, place + 80)
    if divided and divided.start() > place:
        kind = about(text[place : divided.start()])
        if kind:
            return divided.end(), kind, text[place : divided.start()]
    for name, pattern in LABELS:
        found = pattern.match(text, place)
        while found and found.end() > place:
            rest = text[found.end() :]
            dated = next(iter(dates_in(rest[:40])), None)
            lead = rest[: dated[0]] if dated else rest
            if (
                rest[:1] in " \t"
                and dated
                and re.fullmatch(r"\s*(?:(?:on|in|by|autumn|spring|summer|term|the|:)\s*)*", lead, re.IGNORECASE)
            ):
                return found.end(), name, found[0]
            break
    return None


def told(text: str) -> Iterator[tuple[str, str, str]]:
    """What whole sentences tell: about what, the date or name, and who for an approval ("Ratified by the Governors on 3 March 2020")."""
    for kind, pattern in _TOLD:
        for found in pattern.finditer(text):
            parts = found.groupdict()
            yield kind, parts.get("date") or parts.get("who") or "", (parts.get("who") or "") if parts.get("date") else ""


def version_in(text: str, *, labelled: bool) -> str | None:
    """The version a text gives. Without a label only "v1.2" and "version 2" count, and only in a short line."""
    if not labelled and not _VERSION.search(text):
        return None
    bare = without_dates(text)
    found = _VERSION.search(bare) or (_NUMBER.search(bare) if labelled else None)
    if found:
        return found["number"]
    word = bare.strip(" -–()")
    return (
        word
        if labelled and 0 < len(word) <= 20 and re.fullmatch(r"(?:[A-Z]\d?|(?:final|draft|first|second|third)(?: \w+)?)", word, re.I)
        else None
    )


def body_in(label: str, value: str) -> str | None:
    """Who approved: the name beside the date, or the name in the label ("Date approved by LSCB")."""
    inside = re.search(r"\b(?:by|at) (?:the )?(?P<name>[A-Za-z][\w’'&/ -]*?)(?: (?:on|in|at|date))?$", label.strip(" :"))
    rest = re.sub(r"\(\s*\)|_{2,}|\.{3,}|…", " ", without_dates(value))
    rest = re.sub(r"^(?:(?:by|on|in|at|for|and|:|-|–)\s+)+", "", rest.strip(" -–—:,.()"), flags=re.IGNORECASE)
    rest = re.sub(r"^the (?=[A-Z])", "", rest, flags=re.IGNORECASE) if label else rest
    rest = re.sub(r"\s+", " ", re.sub(r"\s+(?:on|in|at|dated|date|minute|meeting|term|signed)\W*$", "", rest, flags=re.I)).strip(
        " -–—:,.()|/"
    )
    rest += ")" if "(" in rest and ")" not in rest else ""
    if name_like(rest):
        return rest
    name = inside["name"].strip() if inside else ""
    if (
        not name
        or date_in(name)
        or about(name)
        or name.lower() in ("date", "and date")
        or not (name[0].isupper() or named(name, subject=False))
    ):
        return None
    return name[0].upper() + name[1:]


def name_like(value: str) -> bool:
    """Whether a value reads as the name of a person, a post or a body."""
    words = value.split()
    if not 1 < len(value) <= 90 or len(words) > 12 or _NOT_NAMES.search(value) or not any(map(str.isalpha, value)):
        return False
    return value[0].isupper() and not re.search(
        r"(?<!\b[A-Z])(?<!\bMr)(?<!\bMs)(?<!\bDr)(?<!\bSt)(?<!\bMrs)(?<!\bRev)[.!?]\s+[A-Z]|\b(?:will|should|must|shall|every|annual(?:ly)?|years?|months?)\b|https?:|\d{4}",
        value,
    )

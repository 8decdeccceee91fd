"""What single sentences fix: a time limit, an age for a platform, the person to tell. Set side by side, two of them may disagree."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from schoolgate.policytext.law.statements import Statement, about
from schoolgate.policytext.outline.roles import named

_COUNT = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11}
_COUNT |= {"twelve": 12}
_COUNT |= {"thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "eighteen": 18, "twenty": 20}
_N = rf"(?P<n>\d{{1,3}}|{'|'.join(_COUNT)})"
_UNIT = r"(?:\(\d+\) )?(?P<kind>working |school |calendar |academic )?(?P<unit>minute|hour|day|week|month|term|year)s?'?"
_LIMIT = re.compile(
    rf"\b(?P<how>within|in under|no later than|not later than|for|after|at least every|every|up to|a (?:minimum|maximum) of) "
    rf"(?:a (?:period|minimum|maximum) of |at least |the next |another |up to |no more than )?{_N}[ -]{_UNIT}\b"
    rf"|\b(?P<how2>at least|minimum of|maximum of) {_N.replace('<n>', '<n2>')}[ -]"
    rf"{_UNIT.replace('<kind>', '<kind2>').replace('<unit>', '<unit2>')}\b",
    re.IGNORECASE,
)
_HOURS = {"minute": 1 / 60, "hour": 1, "day": 24, "week": 168, "month": 730, "term": 2920, "year": 8760}
_RHYTHM = re.compile(
    r"\b(?:every|each) (?P<unit>day|week|month|term|year)\b|\b(?P<word>daily|weekly|monthly|termly|annually|yearly)\b", re.IGNORECASE
)
_RHYTHMS = {**_HOURS, "daily": 24, "weekly": 168, "monthly": 730, "termly": 2920, "annually": 8760, "yearly": 8760}
_KIND = {"within": "deadline", "in under": "deadline", "no later than": "deadline", "not later than": "deadline", "every": "cycle"}
_KIND |= {"at least every": "cycle"}
_AGE = re.compile(
    r"\b(?:under|over|below|aged?|age of|age is|age limit (?:of|is)|at least|be|turned?|are|is|until (?:they are )?)(?: the age of)? "
    r"(?P<age>1[0-8]|eleven|twelve|thirteen|fourteen|fifteen|sixteen|eighteen)\b"
    r"(?! ?(?:%|[-:/.]\d|hour|day|week|month|minute|term|year group))"
    r"|\b(?P<plus>1[0-8])(?:\+| years old| and over| or over)",
    re.IGNORECASE,
)
_JOINING = re.compile(
    r"\bminimum age|\bage (?:limit|restriction|requirement|rating)|\bold enough|\b(?:to|can|may|must|should|not|cannot) (?:\w+ ){0,2}"
    r"(?:use|join|have|hold|open|register|sign up|access|create)\b|\busers?\b",
    re.IGNORECASE,
)
_PLACES = re.compile(
    r"\b(?:facebook|instagram|snapchat|tik ?tok|whatsapp|twitter|x|youtube|discord|threads|"
    r"bluesky|roblox|social media|social network\w*)\b",
    re.IGNORECASE,
)
_TELL = re.compile(
    r"\b(?:report(?:ed)?|refer(?:red)?|pass(?:ed)?|inform(?:ed)?|notif(?:y|ied)|tell|told|contact(?:ed)?|raised?|disclosed?)\b[^.;]{0,60}?"
    r"\b(?:to|with|the|their|our) (?P<role>(?:[\w-]+ ){0,3}?(?:head ?teacher|principal|DSL|designated safeguarding lead|chair of governors|"
    r"data protection (?:officer|lead)|DPO|SENCO|class teacher|form tutor|line manager|e-safety \w+|online safety \w+|"
    r"network manager|IT (?:manager|technician|support)|business manager|office))\b",
    re.IGNORECASE,
)
_TITLES = (
    ("the headteacher", re.compile(r"head ?teacher|principal", re.IGNORECASE)),
    ("the safeguarding lead", re.compile(r"DSL|designated safeguarding lead", re.IGNORECASE)),
    ("the data protection officer", re.compile(r"DPO|data protection", re.IGNORECASE)),
)
_DUTY = re.compile(
    r"^(?:the |our )?(?P<role>head ?teacher|principal|DSL|designated safeguarding lead|chair of governors|governing (?:body|board)|DPO|"
    r"data protection (?:officer|lead)|(?:school )?business manager|network manager|IT manager|online safety \w+) "
    r"(?:is|has) (?:solely |overall |the )?(?:responsib(?:le|ility)|in (?:sole )?charge of|in charge) (?:for )?(?P<what>[^.;]+)",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"\b(?:or|and/or|and|then|also|as well|copied|immediate|first)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Claim:
    """What one sentence fixes: a number of hours, an age or a role, for what it is about. ``shown`` is its own words."""

    said: Statement
    kind: str
    value: float | str
    shown: str
    about: frozenset[str]


def claims_of(one: Statement) -> Iterator[Claim]:
    """The claims of one sentence. A sentence with two limits, ages or people is left alone: which belongs to what is not certain."""
    yield from _limits(one)
    yield from _ages(one)
    yield from _told(one)
    yield from _duties(one)


def _limits(one: Statement) -> Iterator[Claim]:
    limits, rhythms = list(_LIMIT.finditer(one.text)), list(_RHYTHM.finditer(one.text))
    if len(limits) + len(rhythms) != 1:
        return
    for hit in rhythms:
        hours = _RHYTHMS[(hit["word"] or hit["unit"]).lower()]
        yield Claim(one, "cycle", f"{hours:g}", hit[0], about(one.text[: hit.start()] + " " + one.text[hit.end() :]))
    for hit in limits:
        yield _limit(one, hit)


def _limit(one: Statement, hit: re.Match[str]) -> Claim:
    how, number = (hit["how"] or hit["how2"]).lower(), (hit["n"] or hit["n2"]).lower()
    unit, kind = (hit["unit"] or hit["unit2"]).lower(), (hit["kind"] or hit["kind2"] or "").strip().lower()
    hours = (float(number) if number.isdigit() else _COUNT[number]) * _HOURS[unit]
    words = about(one.text[: hit.start()] + " " + one.text[hit.end() :])
    return Claim(one, _KIND.get(how, "period"), f"{hours:g} {'' if kind in ('', 'calendar') else kind}".strip(), hit[0], words)


def _ages(one: Statement) -> Iterator[Claim]:
    places = {place[0].lower().replace("twitter", "x").replace(" ", "") for place in _PLACES.finditer(one.text)}
    ages = {(hit["age"] or hit["plus"]).lower(): hit[0] for hit in _AGE.finditer(one.text)}
    if not places or len(ages) != 1 or not _JOINING.search(one.text) or one.who & {"staff", "governors"}:
        return
    (age, shown), *_ = ages.items()
    for place in places:
        yield Claim(one, f"age {place}", str(_COUNT.get(age, age)), shown, frozenset((place, "age", "join")))


def _told(one: Statement) -> Iterator[Claim]:
    roles = list(_TELL.finditer(one.text))
    if len(roles) != 1 or one.force not in ("asks", "states") or len(named(roles[0][0], subject=False)) > 2:
        return
    hit = roles[0]
    after = one.text[hit.end() : hit.end() + 50]
    if _SEVERAL.search(after) or _SEVERAL.search(hit[0]) or _SEVERAL.search(one.text[max(0, hit.start() - 12) : hit.start()]):
        return
    role = next((name for name, pattern in _TITLES if pattern.search(hit["role"])), hit["role"].lower())
    words = about(one.text[: hit.start("role")] + " " + one.text[hit.end("role") :])
    yield Claim(one, "tell", role, hit["role"], words)


def _duties(one: Statement) -> Iterator[Claim]:
    """Who alone is responsible for something, where one role is named."""
    hit = _DUTY.match(one.text)
    if hit and not one.conditional:
        role = next((name for name, pattern in _TITLES if pattern.search(hit["role"])), hit["role"].lower())
        yield Claim(one, "duty", role, hit["role"], about(hit["what"]))

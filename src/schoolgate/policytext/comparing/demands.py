"""How much a statement demands: which way it points, how firmly, how soon, how often, from what age, of whom, with what way out.

Each demand keeps the very words it was read from, so that a trust's officer is told what differs in the words of both texts.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

FORBIDS, ALLOWS, ASKS = "forbids", "allows", "asks"
_WAYS = {"must_not": FORBIDS, "should_not": FORBIDS, "may": ALLOWS, "must": ASKS, "should": ASKS, "declares": ASKS}
_FIRMNESS = {"must_not": 2, "must": 2, "declares": 2, "should": 1, "should_not": 1, "may": 0}
_PLAIN = {"must": "must", "must_not": "must not", "should": "should", "should_not": "should not", "may": "may", "declares": "is done"}
_NUMBERS = {word: number for number, word in enumerate(("one", "two", "three", "four", "five", "six"), 1)}
_NUMBERS |= {"seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12, "thirteen": 13, "sixteen": 16, "eighteen": 18}
_NUMBERS |= dict.fromkeys(("a", "an", "each", "every", "single"), 1)
_NUMBER = r"(?P<number>\d{1,3}|" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + r")"
_HOURS = {"minute": 1 / 60, "hour": 1.0, "day": 24.0, "night": 24.0, "week": 168.0, "fortnight": 336.0, "month": 730.0, "year": 8760.0}
_HOURS |= {"half-term": 1000.0, "half term": 1000.0, "term": 2100.0}
_UNIT = r"(?P<unit>" + "|".join(sorted(_HOURS, key=len, reverse=True)) + r")s?\b"
_WITHIN = re.compile(
    rf"\b(?:within|in under|no later than|not more than|at most|inside)\s+(?:the\s+)?(?:next\s+)?{_NUMBER}\W+(?:\w+\s+)?{_UNIT}",
    re.IGNORECASE,
)
_EVERY = re.compile(
    rf"\b(?:every|each|once (?:a|every|per)|per|at least every|at least once (?:a|every))\s+"
    rf"(?:{_NUMBER}\W+)?(?:school\s+|academic\s+)?{_UNIT}",
    re.IGNORECASE,
)
_ADVERBS = (
    (re.compile(r"\bhourly\b", re.IGNORECASE), 1.0),
    (re.compile(r"\b(?:daily|day by day)\b", re.IGNORECASE), 24.0),
    (re.compile(r"\bweekly\b", re.IGNORECASE), 168.0),
    (re.compile(r"\bfortnightly\b", re.IGNORECASE), 336.0),
    (re.compile(r"\bmonthly\b", re.IGNORECASE), 730.0),
    (re.compile(r"\bhalf[- ]termly\b", re.IGNORECASE), 1000.0),
    (re.compile(r"(?<!half-)(?<!half )\btermly\b", re.IGNORECASE), 2100.0),
    (re.compile(r"\btwice (?:a|each|every) year\b|\bsix-monthly\b", re.IGNORECASE), 4380.0),
    (re.compile(r"\b(?:annual(?:ly)?|yearly)\b", re.IGNORECASE), 8760.0),
    (re.compile(r"\bbiennial(?:ly)?\b|\bevery (?:two|2) years\b", re.IGNORECASE), 17520.0),
)
_AT_ONCE = re.compile(r"\b(?:immediately|at once|straight ?away|without delay|instantly|the same day)\b", re.IGNORECASE)
_DAYS_A_WEEK = re.compile(rf"\b{_NUMBER} (?:\w+ )?days (?:a|each|every|per) week\b", re.IGNORECASE)
_SOON = re.compile(
    r"\b(?:swiftly|promptly|quickly|as soon as (?:possible|practicable|is practicable)|soon|in a timely (?:manner|way)|"
    r"without undue delay)\b",
    re.I,
)
_OFTEN = re.compile(
    r"\b(?:regular(?:ly)?|often|frequent(?:ly)?|periodic(?:ally)?|from time to time|occasional(?:ly)?|as and when(?: required| needed)?|"
    r"(?:if and )?when required|continual(?:ly)?)\b",
    re.IGNORECASE,
)
_AGE = re.compile(
    rf"\b(?:age[ds]?|under(?: the age of)?|over|until|below|turned?|minimum age(?: restriction)? (?:of|is))\s+(?:of\s+|"
    rf"at least\s+)?{_NUMBER}\b"
    r"(?!\s*(?:hour|day|week|month|minute|%|(?!years old|years of age)[a-z]+s\b))",
    re.IGNORECASE,
)
# What lets somebody off: the words up to the next stop are shown, at most a line of them.
_WAYS_OUT = re.compile(
    r"\b(?:unless|except(?:ing| that| (?:in|for|where|with|when))?|with the exception of|other than|apart from|save (?:for|where|that)|"
    r"without (?:the )?(?:\w+ ){0,4}(?:permission|consent|approval|agreement|authorisation)|if agreed|by arrangement|"
    r"in (?:an )?emergenc(?:y|ies)|"
    r"if (?:that|this|the|such) (?:contact|link|use|post)|where (?:this|there|they|(?:the|a|such) \w+) (?:may|might|could|is likely|"
    r"are likely))\b[^.;:,]{0,70}|\bexcessive(?:ly)?\b",
    re.IGNORECASE,
)
_HEDGES = re.compile(
    r"\b(?:(?:where|if|when|whenever) (?:possible|practicable|appropriate|necessary|needed|required)|as (?:appropriate|required|"
    r"needed)|normally|"
    r"usually|generally|reasonabl[ey]|try to|endeavour|preferably|in most cases)\b",
    re.IGNORECASE,
)
_CONSEQUENCE = re.compile(
    r"\bmay (?:also )?(?:lead to|result in|face|render|be (?:subject to|liable|taken|disciplined|dismissed))|\b(?:action|"
    r"dismissal) (?:\w+ ){0,3}may\b"
    r"|\bmay result\b|\baction may\b",
    re.IGNORECASE,
)
# Whom a ban reaches beyond this school's present pupils.
_REACHES = (
    re.compile(
        r"\b(?:former|ex|past|prior|previous)\b[\s‐‑-]*(?:(?:or|and) (?:current|present) )?(?:pupils?|students?|learners?)\b", re.IGNORECASE
    ),
    re.compile(r"\b(?:any|every|all) other schools?\b|\bother schools\b|\bfrom any school\b", re.IGNORECASE),
)
_OPPOSITE = re.compile(
    r"\b(?:declin\w+|refus\w+|avoid\w*|refrain\w*|reject\w*|discontinu\w+|private|confidential(?:ity|ly)?|opt out|abstain\w*|ignore|"
    r"prevent\w*|"
    r"not to|does not|do not|could not|are not|is not|never|rather than|instead of|only|unacceptable|misconduct|disciplin\w+|"
    r"seriously)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Said:
    """A measure and the words that give it."""

    value: float
    words: str


@dataclass(frozen=True, slots=True)
class Demand:
    """What one statement asks.

    ``firm`` is 2 for must, 1 for should, 0 for may, and ``force`` the modality. ``within`` and ``every`` are hours (0: at once), ``age``
    years; None where the statement names none. ``soon`` and ``often`` are words that name a time without measuring it. ``ways_out`` and
    ``hedges`` are the words found, ``reaches`` those for former pupils and for other schools, each empty where not named. ``turned`` tells
    that the words speak of leaving something undone, so that what is asked may be the same as a ban.
    """

    force: str
    way: str
    firm: int
    within: Said | None
    every: Said | None
    age: Said | None
    soon: str
    often: str
    ways_out: tuple[str, ...]
    hedges: tuple[str, ...]
    reaches: tuple[str, ...]
    turned: bool


def demand_of(text: str, force: str) -> Demand:
    """What a statement of that force demands by its own words. What "may" follow a breach is a consequence, not a permission."""
    if force == "may" and _CONSEQUENCE.search(text):
        force = "declares"
    return Demand(
        force,
        _WAYS[force],
        _FIRMNESS[force],
        _least(_times(text)),
        _least(_frequencies(text)),
        _age(text),
        _words(_SOON, text),
        _words(_OFTEN, text),
        tuple(_whole_words(hit) for hit in _WAYS_OUT.finditer(text)),
        tuple(_tidy(hit[0]) for hit in _HEDGES.finditer(text)),
        tuple(_words(pattern, text) for pattern in _REACHES),
        bool(_OPPOSITE.search(text)),
    )


def _times(text: str) -> Iterator[Said]:
    for hit in _WITHIN.finditer(text):
        yield Said(_count(hit["number"]) * _HOURS[hit["unit"].lower()], _tidy(hit[0]))
    at_once = _AT_ONCE.search(text)
    if at_once:
        yield Said(0.0, _tidy(at_once[0]))


def _frequencies(text: str) -> Iterator[Said]:
    for hit in _EVERY.finditer(text):
        yield Said(_count(hit["number"] or "1") * _HOURS[hit["unit"].lower()], _tidy(hit[0]))
    for hit in _DAYS_A_WEEK.finditer(text):
        yield Said(_HOURS["week"] / _count(hit["number"]), _tidy(hit[0]))
    for pattern, hours in _ADVERBS:
        adverb = pattern.search(text)
        if adverb:
            yield Said(hours, _tidy(adverb[0]))


def _age(text: str) -> Said | None:
    found = next((hit for hit in _AGE.finditer(text) if 5 <= _count(hit["number"]) <= 25), None)
    return Said(_count(found["number"]), _tidy(found[0])) if found else None


def _least(found: Iterator[Said]) -> Said | None:
    return min(found, key=lambda said: said.value, default=None)


def _words(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return _tidy(found[0]) if found else ""


def _tidy(words: str) -> str:
    return " ".join(words.split()).strip(" ,;:")


def _whole_words(hit: re.Match[str]) -> str:
    """The words found, without a last one that was cut."""
    cut = hit.string[hit.end() : hit.end() + 1].isalnum()
    return _tidy(hit[0].rsplit(maxsplit=1)[0] if cut else hit[0])


def _count(word: str) -> float:
    return float(word) if word.isdigit() else float(_NUMBERS[word.lower()])


def weigh(trust: Demand, school: Demand) -> tuple[str, str]:
    """Whether the school's statement is the same, stricter or looser than the trust's, and why in the words of both."""
    if trust.way != school.way:
        decided = _other_way(trust, school)
        if decided:
            return decided
    for judge in (_by_time, _by_age, _by_scope, _by_ways_out, _by_firmness, _by_softness):
        decided = judge(trust, school)
        if decided:
            return decided
    return "same", f"both say '{_PLAIN[school.force]}'" if trust.force == school.force != "declares" else "both come to the same"


def _other_way(trust: Demand, school: Demand) -> tuple[str, str] | None:
    """None where one asks for what keeps the other's ban ("decline requests" beside "do not accept requests"): then firmness decides."""
    here, there = _PLAIN[school.force], _PLAIN[trust.force]
    if trust.way == ALLOWS:
        return "stricter", f"the school says '{here}' where the trust only says '{there}'"
    if school.way == ALLOWS:
        return "looser", f"the school only says '{here}' where the trust says '{there}'"
    if trust.way == FORBIDS and not school.turned:
        return "looser", f"the trust forbids it ('{there}'); the school asks for something but does not forbid it ('{here}')"
    return None


def _by_time(trust: Demand, school: Demand) -> tuple[str, str] | None:
    """A shorter time and a more frequent act are stricter; a measured one is stricter than "soon" or "regularly"."""
    for mine, theirs in ((trust.within, school.within), (trust.every, school.every)):
        if mine and theirs and mine.value != theirs.value:
            return "stricter" if theirs.value < mine.value else "looser", f"'{theirs.words}' here, '{mine.words}' in the trust's text"
    for mine, theirs, vague, own_vague in (
        (trust.within, school.within, school.soon, trust.soon),
        (trust.every, school.every, school.often, trust.often),
    ):
        if mine and not theirs and vague:
            return "looser", f"'{vague}' here, '{mine.words}' in the trust's text"
        if theirs and not mine and own_vague:
            return "stricter", f"'{theirs.words}' here, only '{own_vague}' in the trust's text"
    if trust.within and not school.within and trust.within.value < _HOURS["month"]:
        return "looser", f"the trust says '{trust.within.words}'; no time is named here"
    return None


def _by_age(trust: Demand, school: Demand) -> tuple[str, str] | None:
    if trust.age and school.age and trust.age.value != school.age.value:
        stricter = school.age.value > trust.age.value
        return "stricter" if stricter else "looser", f"'{school.age.words}' here, '{trust.age.words}' in the trust's text"
    return None


def _by_scope(trust: Demand, school: Demand) -> tuple[str, str] | None:
    """A ban that also reaches former pupils, or pupils of other schools, reaches further."""
    if trust.way != FORBIDS:
        return None
    for mine, theirs in zip(trust.reaches, school.reaches, strict=True):
        if mine and not theirs:
            return "looser", f"the trust's rule also reaches '{mine}'; the school's does not"
        if theirs and not mine:
            return "stricter", f"reaches further here: '{theirs}'"
    return None


def _by_ways_out(trust: Demand, school: Demand) -> tuple[str, str] | None:
    """Exceptions loosen a duty or a ban; on a permission they tighten it."""
    if trust.way == ALLOWS or bool(trust.ways_out) == bool(school.ways_out):
        return None
    if school.ways_out:
        return "looser", f"the school leaves a way out: '{school.ways_out[0]}'"
    return "stricter", f"the trust leaves a way out the school does not: '{trust.ways_out[0]}'"


def _by_firmness(trust: Demand, school: Demand) -> tuple[str, str] | None:
    if trust.firm == school.firm:
        return None
    verdict = "stricter" if school.firm > trust.firm else "looser"
    return verdict, f"'{_PLAIN[school.force]}' here, '{_PLAIN[trust.force]}' in the trust's text"


def _by_softness(trust: Demand, school: Demand) -> tuple[str, str] | None:
    if trust.way == ALLOWS:
        return None
    if school.hedges and not trust.hedges:
        return "looser", f"softened here by '{school.hedges[0]}'"
    if trust.hedges and not school.hedges:
        return "stricter", f"the trust softens it by '{trust.hedges[0]}'; the school does not"
    return None

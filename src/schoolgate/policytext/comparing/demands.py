"""How much a statement demands: which way it points, how firmly, within what time, from what age, with what way out."""

import re
from dataclasses import dataclass

from schoolgate.policytext.model import Clause

FORBIDS, ALLOWS, ASKS = "forbids", "allows", "asks"
_WAY = {"must_not": FORBIDS, "should_not": FORBIDS, "may": ALLOWS, "must": ASKS, "should": ASKS, "declares": ASKS}
_FIRM = {"must_not": 2, "must": 2, "declares": 2, "should": 1, "should_not": 1, "may": 0}
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
_AGE = re.compile(
    rf"\b(?:age[ds]?|under(?: the age of)?|over|until|below|turned?|minimum age (?:of|is))\s+(?:of\s+)?{_NUMBER}\b"
    r"(?!\s*(?:hour|day|week|month|minute|%|(?!years old|years of age)[a-z]+s\b))",
    re.IGNORECASE,
)
_WAYS_OUT = re.compile(
    r"\b(?:unless|except|excepted|exempt|other than|apart from|save (?:for|where)|"
    r"without (?:the )?(?:\w+ ){0,4}(?:permission|consent|approval|agreement)|relatives|emergenc(?:y|ies)|if agreed|by arrangement)\b",
    re.IGNORECASE,
)
_HEDGES = re.compile(
    r"\b(?:where (?:possible|practicable|appropriate|necessary)|if (?:possible|appropriate|necessary|required)|as appropriate|normally|"
    r"usually|generally|reasonabl[ey]|try to|endeavour|aim to|consider|be aware|mindful|caution|careful(?:ly)?|discouraged|advised|"
    r"recommended|encouraged|excessive)\b",
    re.IGNORECASE,
)
_ABSOLUTES = re.compile(
    r"\b(?:under no circumstances|at all times|at any time|never|always|strictly|in all cases|in every case|without exception|whatsoever|"
    r"any circumstances|completely|only)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Demand:
    """What one statement asks.

    ``firm`` is 2 for must, 1 for should, 0 for may. ``weight`` counts the words that tighten less the words that loosen.
    ``within`` and ``every`` are hours (0 means at once), ``age`` years; None where the statement names none.
    """

    way: str
    firm: int
    weight: int
    within: float | None
    every: float | None
    age: int | None


def demand_of(clause: Clause) -> Demand:
    """What a clause demands by its force and its own words."""
    text = clause.text
    weight = len(_ABSOLUTES.findall(text)) - 2 * len(_WAYS_OUT.findall(text)) - len(_HEDGES.findall(text))
    return Demand(_WAY[clause.modality], _FIRM[clause.modality], weight, _within(text), _every(text), _age(text))


def _within(text: str) -> float | None:
    found = [_count(hit["number"]) * _HOURS[hit["unit"].lower()] for hit in _WITHIN.finditer(text)]
    if found:
        return min(found)
    return 0.0 if _AT_ONCE.search(text) else None


def _every(text: str) -> float | None:
    found = [_count(hit["number"] or "1") * _HOURS[hit["unit"].lower()] for hit in _EVERY.finditer(text)]
    found += [hours for pattern, hours in _ADVERBS if pattern.search(text)]
    return min(found) if found else None


def _age(text: str) -> int | None:
    found = [int(_count(hit["number"])) for hit in _AGE.finditer(text)]
    return found[0] if found and 5 <= found[0] <= 25 else None


def _count(word: str) -> float:
    return float(word) if word.isdigit() else float(_NUMBERS[word.lower()])


def weigh(trust: Demand, school: Demand) -> tuple[str, str]:
    """Whether the school's statement is the same, stricter or looser than the trust's, and why in a few words."""
    if trust.way != school.way:
        return _other_way(trust, school)
    for verdict, why in (_times(trust, school), _firmness(trust, school), _ways_out(trust, school)):
        if verdict != "same":
            return verdict, why
    return "same", "asks the same"


def _other_way(trust: Demand, school: Demand) -> tuple[str, str]:
    if trust.way == ALLOWS:
        return (
            ("stricter", "forbids what the trust allows") if school.way == FORBIDS else ("stricter", "asks for what the trust only allows")
        )
    if school.way == ALLOWS:
        return "looser", f"allows what the trust {trust.way}" if trust.way == FORBIDS else "only allows what the trust asks for"
    if trust.way == FORBIDS:
        return ("looser", "sets a condition where the trust forbids") if school.firm < trust.firm else ("same", "asks for the opposite act")
    return "same", "forbids the opposite act"


def _times(trust: Demand, school: Demand) -> tuple[str, str]:
    """A shorter time and a more frequent act are stricter; so is a higher age where something is forbidden below it."""
    for mine, theirs, words in (
        (trust.within, school.within, ("sooner", "later")),
        (trust.every, school.every, ("more often", "less often")),
    ):
        if mine is not None and theirs is not None and mine != theirs:
            return ("stricter", f"{words[0]} than the trust asks") if theirs < mine else ("looser", f"{words[1]} than the trust asks")
    if trust.age is not None and school.age is not None and trust.age != school.age:
        return ("stricter", "from a higher age") if school.age > trust.age else ("looser", "from a lower age")
    if trust.within is not None and school.within is None and trust.within < 24 * 31:
        return "looser", "names no time, and the trust does"
    return "same", ""


def _firmness(trust: Demand, school: Demand) -> tuple[str, str]:
    if trust.firm == school.firm:
        return "same", ""
    return (
        ("stricter", "must, where the trust says should") if school.firm > trust.firm else ("looser", "should, where the trust says must")
    )


def _ways_out(trust: Demand, school: Demand) -> tuple[str, str]:
    """Exceptions and soft words loosen a duty or a ban; on a permission they tighten it."""
    difference = school.weight - trust.weight
    if abs(difference) < 2:
        return "same", ""
    tighter = difference > 0
    return ("stricter", "leaves fewer ways out") if tighter else ("looser", "leaves more ways out")

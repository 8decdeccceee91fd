"""Clauses of one document that cannot both hold.

A false alarm costs a clerk more than a miss, so two sentences are only set against each other where they speak of the same people and the
same thing in all but a word or two, and neither carries a condition that could tell an exception from its rule.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from schoolgate.policytext.law.preparing import shortened
from schoolgate.policytext.law.statements import Statement, about, statements
from schoolgate.policytext.model import Clause, Finding
from schoolgate.policytext.roles import named

_ALIKE = 0.75
_FEWEST = 3
_MOST_NEAR = 60
_COUNT = {name: number for number, name in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())}
_COUNT |= {"thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "eighteen": 18, "twenty": 20}
_N = rf"(?P<n>\d{{1,3}}|{'|'.join(_COUNT)})"
_UNIT = r"(?:\(\d+\) )?(?P<kind>working |school |calendar |academic )?(?P<unit>minute|hour|day|week|month|term|year)s?'?"
_LIMIT = re.compile(
    rf"\b(?P<how>within|in under|no later than|not later than|for|after|at least every|every|up to|a (?:minimum|maximum) of) "
    rf"(?:a (?:period|minimum|maximum) of |at least |the next |another |up to |no more than )?{_N}[ -]{_UNIT}\b"
    rf"|\b(?P<how2>at least|minimum of|maximum of) {_N.replace('<n>', '<n2>')}[ -]{_UNIT.replace('<kind>', '<kind2>').replace('<unit>', '<unit2>')}\b",
    re.IGNORECASE,
)
_HOURS = {"minute": 1 / 60, "hour": 1, "day": 24, "week": 168, "month": 730, "term": 2920, "year": 8760}
_KIND = {"within": "deadline", "in under": "deadline", "no later than": "deadline", "not later than": "deadline", "every": "cycle"}
_KIND |= {"at least every": "cycle"}
_AGE = re.compile(
    r"\b(?:under|over|below|aged?|age of|age is|age limit (?:of|is)|at least|be|turned?|are|is|until (?:they are )?)(?: the age of)? "
    r"(?P<age>1[0-8]|eleven|twelve|thirteen|fourteen|fifteen|sixteen|eighteen)\b(?! ?(?:%|[-:/.]\d|hour|day|week|month|minute|term|year group))"
    r"|\b(?P<plus>1[0-8])(?:\+| years old| and over| or over)",
    re.IGNORECASE,
)
_JOINING = re.compile(
    r"\bminimum age|\bage (?:limit|restriction|requirement|rating)|\bold enough|\b(?:to|can|may|must|should|not|cannot) (?:\w+ ){0,2}"
    r"(?:use|join|have|hold|open|register|sign up|access|create)\b|\busers?\b",
    re.IGNORECASE,
)
_PLACES = re.compile(
    r"\b(?:facebook|instagram|snapchat|tik ?tok|whatsapp|twitter|x|youtube|discord|threads|bluesky|roblox|social media|social network\w*)\b", re.IGNORECASE
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
_SEVERAL = re.compile(r"\b(?:or|and/or|and|then|also|as well|copied|immediate|first)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Claim:
    """What one sentence fixes: a number of hours, an age or a role, for what it is about. ``shown`` is its own words."""

    said: Statement
    kind: str
    value: float | str
    shown: str
    about: frozenset[str]


def contradictions(clauses: Sequence[Clause]) -> list[Finding]:
    """Pairs of clauses that cannot both hold, shown at the later one: allowed and forbidden, two limits, two ages, two people to tell."""
    said = list(statements(clauses))
    found = [*_opposed(said), *_disagreeing([claim for one in said for claim in _claims(one)])]
    seen: set[tuple[str, str]] = set()
    findings = []
    for finding in found:
        if (finding.rule, finding.ref or "") not in seen:
            seen.add((finding.rule, finding.ref or ""))
            findings.append(finding)
    return findings


def _opposed(said: Sequence[Statement]) -> Iterator[Finding]:
    """Sentences that say nearly the same of the same people, one allowing or asking what the other forbids."""
    weighed = [one for one in said if len(one.about) >= _FEWEST and one.force != "states"]
    common = Counter(word for one in weighed for word in one.about)
    nearby: dict[str, list[Statement]] = defaultdict(list)
    for one in weighed:
        if one.force != "forbids":
            for word in _rarest(one.about, common):
                nearby[word].append(one)
    for one in weighed:
        if one.force != "forbids":
            continue
        others = [other for word in _rarest(one.about, common) for other in nearby[word][:_MOST_NEAR]]
        other = next((other for other in others if _opposes(one, other)), None)
        if other is not None:
            yield _opposite(*sorted((one, other), key=lambda row: row.order))


def _opposes(one: Statement, other: Statement) -> bool:
    if one.ref == other.ref or one.conditional != other.conditional or not _same_people(one, other):
        return False
    if one.conditional and _numbers(one.text) != _numbers(other.text):
        return False
    return _alike(one.about, other.about) and 2 * len(one.own & other.own) >= max(len(one.own), len(other.own), 1)


def _numbers(text: str) -> list[str]:
    return re.findall(r"\d+", text)


def _opposite(first: Statement, later: Statement) -> Finding:
    forbids = later.force == "forbids"
    message = f'This {"forbids" if forbids else "allows or asks for"} what {first.ref} {"allows or asks for" if forbids else "forbids"}: "{shortened(first.text)}".'
    advice = f"Decide which holds, then say it once: keep {first.ref} or {later.ref}, or name the exception in one of them."
    return Finding("Q05", "warn", later.ref, shortened(later.text), message, advice)


def _same_people(one: Statement, other: Statement) -> bool:
    return not one.who or not other.who or bool(one.who & other.who)


def _rarest(words: frozenset[str], common: Counter[str]) -> list[str]:
    """The words two texts cannot both be without: if they share three quarters, they share one of these."""
    ranked = sorted(words, key=lambda word: (common[word], word))
    return ranked[: len(words) - -(-3 * len(words) // 4) + 1]


def _alike(words: frozenset[str], others: frozenset[str]) -> bool:
    return len(words & others) >= _ALIKE * len(words | others)


def _claims(one: Statement) -> Iterator[_Claim]:
    yield from _limits(one)
    yield from _ages(one)
    yield from _told(one)


def _limits(one: Statement) -> Iterator[_Claim]:
    limits = list(_LIMIT.finditer(one.text))
    if len(limits) != 1:
        return
    hit = limits[0]
    how, number = (hit["how"] or hit["how2"]).lower(), (hit["n"] or hit["n2"]).lower()
    unit, kind = (hit["unit"] or hit["unit2"]).lower(), (hit["kind"] or hit["kind2"] or "").strip().lower()
    hours = (float(number) if number.isdigit() else _COUNT[number]) * _HOURS[unit]
    words = about(one.text[: hit.start()] + " " + one.text[hit.end() :])
    yield _Claim(one, f"{_KIND.get(how, 'period')}", f"{hours:g} {'' if kind in ('', 'calendar') else kind}".strip(), hit[0], words)


def _ages(one: Statement) -> Iterator[_Claim]:
    places = {place[0].lower().replace("twitter", "x").replace(" ", "") for place in _PLACES.finditer(one.text)}
    ages = {(hit["age"] or hit["plus"]).lower(): hit[0] for hit in _AGE.finditer(one.text)}
    if not places or len(ages) != 1 or not _JOINING.search(one.text) or one.who & {"staff", "governors"}:
        return
    (age, shown), *_ = ages.items()
    for place in places:
        yield _Claim(one, f"age {place}", str(_COUNT.get(age, age)), shown, frozenset((place, "age", "join")))


def _told(one: Statement) -> Iterator[_Claim]:
    roles = list(_TELL.finditer(one.text))
    if len(roles) != 1 or one.force not in ("asks", "states") or len(named(roles[0][0], subject=False)) > 2:
        return
    hit = roles[0]
    after = one.text[hit.end() : hit.end() + 50]
    if _SEVERAL.search(after) or _SEVERAL.search(hit[0]) or _SEVERAL.search(one.text[max(0, hit.start() - 12) : hit.start()]):
        return
    role = next((name for name, pattern in _TITLES if pattern.search(hit["role"])), hit["role"].lower())
    words = about(one.text[: hit.start("role")] + " " + one.text[hit.end("role") :]) - {"head"}
    yield _Claim(one, "tell", role, hit["role"], words)


def _disagreeing(claims: Iterable[_Claim]) -> Iterator[Finding]:
    """Claims of one kind about the same thing with different values."""
    kinds: dict[str, list[_Claim]] = defaultdict(list)
    for claim in claims:
        earlier = next((other for other in kinds[claim.kind][:_MOST_NEAR] if _disagree(other, claim)), None)
        kinds[claim.kind].append(claim)
        if earlier is not None:
            yield _disagreement(earlier, claim)


def _disagree(first: _Claim, later: _Claim) -> bool:
    if first.value == later.value or first.said.ref == later.said.ref or not _same_people(first.said, later.said):
        return False
    if first.said.under != later.said.under and first.said.under & later.said.under:
        return False  # Parallel sections, such as "Verbal warning" and "Written warning", each with its own limit.
    if _another_measure(first, later):
        return False
    shared, extra = len(first.about & later.about), len(first.about ^ later.about)
    one_sided = first.about <= later.about or later.about <= first.about
    return one_sided and ((shared >= 2 and extra <= 1) or (shared >= 4 and extra <= 2))


def _another_measure(first: _Claim, later: _Claim) -> bool:
    """School days, working days and plain days are counted differently; the same number of them is no disagreement to be sure of."""
    if first.kind not in ("deadline", "period", "cycle"):
        return False
    (hours, *_), (other, *_) = str(first.value).split(), str(later.value).split()
    return hours == other


def _disagreement(first: _Claim, later: _Claim) -> Finding:
    what = {"tell": ("Q08", "names another person to tell"), "cycle": ("Q06", "sets another rhythm")}
    rule, told = what.get(later.kind, ("Q07", "gives another age") if later.kind.startswith("age") else ("Q06", "sets another time limit"))
    message = f'This {told} than {first.said.ref} for the same thing: here "{later.shown}", there "{first.shown}".'
    advice = f"Decide which holds and write it in both {first.said.ref} and {later.said.ref}."
    return Finding(rule, "warn", later.said.ref, shortened(later.said.text), message, advice)

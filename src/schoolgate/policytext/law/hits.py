"""The rule engine: finds out-of-date law, guidance, names and unsafe sentences by the rules in ``rules/citations.yaml``.

How text is prepared and when a hit is dropped follows the section ``matching`` of that file.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Any

from schoolgate.policytext.law.acts import acts_in, bare_acts, known_years
from schoolgate.policytext.law.guidance import editions_named
from schoolgate.policytext.law.needing import folded, may_match
from schoolgate.policytext.law.preparing import Mended, bracketed, mend
from schoolgate.policytext.law.rulebook import Rule, dated_by_rule, edition_status, rules
from schoolgate.policytext.law.shelf import shelf

_JOINT = ": "
_PART_END = " ;.\n; "
# A row of a version table starts with its version or its date: "1.2 | May 2019 | J Smith | Updated for ..."
_DATE_CELL = re.compile(
    r"^(?:[^|:]{1,25}(?: \||:) ?)?(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}-\d\d-\d\d|"
    r"(?:\d{1,2}(?:st|nd|rd|th)? )?(?:[A-Z][a-z]{2,8},? )?20\d\d)"
    r" ?(?:\||:)"
)
_YEAR_SOON, _SOON = re.compile(r"\d\d"), 80
_CHANGED = re.compile(r"\b(?:updat|amend|chang|replac|revis|add|remov|rewrit|rewrote|new (?:section|paragraph))\w*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """A prepared piece of a document: a clause, or a heading or lead-in above it.

    ``above`` is the line it stands under; ``before`` the entry before it in the same list, where that breaks off in the middle;
    ``past`` marks a part of the version history.
    """

    ref: str | None
    text: str
    above: str = ""
    past: bool = False
    heading: bool = False
    before: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that holds at one place of one text.

    ``since`` is the first day the words were out of date, where that is known; ``year`` the edition cited; ``act`` the Act named.
    """

    rule: Rule
    quote: str
    status: str
    severity: str
    register: bool
    since: date | None
    year: int | None = None
    act: str | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    """Words a rule is about: where they stand and the year or reference they give."""

    start: int
    end: int
    year: int | None = None
    ref: str | None = None
    act: str | None = None


@dataclass(frozen=True, slots=True)
class _View:
    """What a rule looks at: one text, the whole it is part of, the day, and the editions known (None: those of the shelf).

    ``led`` is what stands before the text, where a citation could start in it and end in the text.
    """

    text: str
    whole: str
    on: date
    editions: Mapping[str, Any] | None
    above: str = ""
    past: bool = False
    led: Sequence[str] = ()


def hits(
    text: str, *, on: date, nation: str = "england", whole: str | None = None, editions: Mapping[str, Any] | None = None
) -> Iterator[Hit]:
    """The rules that hold in one prepared text, each at most once. ``whole`` is the prepared whole document, for rules about references."""
    whole = text if whole is None else whole
    wanted = tuple(rule for rule in _in_force(on, nation) if rule.whole is None or not rule.whole.search(whole))
    yield from _held(Part(None, text), wanted, _View(text, whole, on, editions))


def _in_force(on: date, nation: str) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules() if nation in rule.nations and (rule.effective_from is None or rule.effective_from <= on))


def _held(part: Part, looked_for: Sequence[Rule], view: _View) -> Iterator[Hit]:
    mended = mend(part.text)
    lead = f"{part.above.rstrip(': ')}{_JOINT}" if part.above else ""
    led = (lead, f"{part.before} " if part.before else "") if _YEAR_SOON.search(mended.text[:_SOON]) else ("", "")
    view = _View(mended.text, view.whole, view.on, view.editions, lead, part.past, led)
    nothing_before, named = not any(led), {act.title for act in acts_in(mended.text)}
    for rule in looked_for:
        if nothing_before and not _stands(rule, named, lambda pattern: pattern.search(mended.text) is not None):
            continue  # most rules, most times: known at a third of the cost
        hit = next(filter(None, (_hit(rule, found, view, mended) for found in _found(rule, view))), None)
        if hit is not None:
            yield hit


def _found(rule: Rule, view: _View) -> Iterator[_Found]:
    """Every place of a text where the words of a rule stand; words that start in the lead-in above count from the text's first letter."""
    if rule.pattern is not None:
        for hit in rule.pattern.finditer(view.text):
            groups = hit.groupdict()
            year = groups.get("edition")
            yield _Found(hit.start(), hit.end(), int(year) if year else None, groups.get("ref") or groups.get("ref2"))
    if rule.guidance is not None:
        for named in editions_named(view.text, rule.guidance, view.above):
            yield _Found(named.start, named.end, named.year)
    for led in filter(None, view.led):
        yield from _across(rule, view, led)
    if rule.acts or rule.kind in ("misdated", "misnamed"):
        yield from _acts(rule, view)


def _across(rule: Rule, view: _View, led: str) -> Iterator[_Found]:
    """A citation that starts in the lead-in, or in a list entry that breaks off, and ends in the text."""
    edge = len(led)
    joined = led + view.text[:140]
    if rule.guidance is not None:
        for named in editions_named(joined, rule.guidance):
            if named.start < edge < named.end:
                yield _Found(0, named.end - edge, named.year)
    if led == view.led[-1] and rule.kind == "pattern" and rule.acts:
        for act in acts_in(joined):
            if act.start < edge < act.end and act.title and not rule.acts.get(act.title, frozenset()).isdisjoint(act.years):
                yield _Found(0, act.end - edge, act=act.title)


def _acts(rule: Rule, view: _View) -> Iterator[_Found]:
    for act in acts_in(view.text):
        if act.title is None:
            continue
        years = rule.acts.get(act.title)
        if rule.kind == "misnamed":
            holds = act.wrong
        elif rule.kind == "misdated":
            holds = any(year not in known_years()[act.title] and (act.title, year) not in dated_by_rule() for year in act.years)
        elif rule.kind == "undated":
            holds = years is not None and not act.years and not _dated_elsewhere(act.title, view.whole)
        else:
            holds = years is not None and not years.isdisjoint(act.years)
        if holds:
            yield _Found(act.start, act.end, act=act.title)


@lru_cache(maxsize=64)
def _dated_elsewhere(title: str, whole: str) -> bool:
    """Whether the document says somewhere which year an Act is of; then its bare name is clear enough."""
    return any(act.title == title and act.years for act in acts_in(whole))


def _hit(rule: Rule, found: _Found, view: _View, mended: Mended) -> Hit | None:
    status, since = rule.status, rule.effective_from
    if rule.edition_of and found.year is not None:
        status, since = edition_status(rule.edition_of, found.year, view.on, view.editions)
    elif rule.target and found.ref and _target_stands(rule.pattern, rule.target, found.ref.lower(), view.whole):
        return None
    if _excused(rule, status, found, view):
        return None
    quote = mended.quote(found.start, bracketed(view.text, found.start, found.end))
    if status == "current" and rule.edition_of:
        return Hit(rule, quote, status, "info", True, since, found.year)
    if status in ("unknown_edition", "not_yet_in_force"):
        return Hit(rule, quote, status, "info", False, since, found.year)
    return Hit(rule, quote, status, rule.severity, rule.register, since, found.year, found.act)


@lru_cache(maxsize=32)
def _target_stands(pattern: re.Pattern[str] | None, wanted: str, ref: str, whole: str) -> bool:
    """Whether what a reference points to stands in the document, other than in references to it."""
    if pattern is None:
        return False
    target = re.compile(wanted.replace("{ref}", re.escape(ref)), re.IGNORECASE)
    pointing = {place for reference in pattern.finditer(whole) for place in range(*reference.span())}
    return any(hit.start() not in pointing for hit in target.finditer(whole))


@cache
def _history() -> tuple[re.Pattern[str], re.Pattern[str], int]:
    matching = shelf()["matching"]
    history = matching["history"]
    return re.compile(history["before"], re.IGNORECASE), re.compile(history["after"], re.IGNORECASE), matching["context_chars"]


def _excused(rule: Rule, status: str, found: _Found, view: _View) -> bool:
    history_before, history_after, width = _history()
    before, after = view.text[max(0, found.start - width) : found.start], view.text[found.end : found.end + width]
    if (rule.before and rule.before.search(before)) or (rule.after and rule.after.search(after)):
        return True
    sensitive = rule.history_sensitive if not rule.edition_of else status == "superseded"
    return sensitive and (view.past or bool(history_before.search(before) or history_after.search(after)))


def is_change_note(text: str) -> bool:
    """Whether a prepared table row says what was changed on a day: a row of a version history."""
    return bool(_DATE_CELL.match(text) and _CHANGED.search(text))


def in_parts(parts: Sequence[Part], *, on: date, nation: str) -> Iterator[tuple[Part, Hit]]:
    """The hits in a document given as parts: each rule once per clause, or once in all where it says so."""
    whole = "".join(f"{' ' if part.before else _PART_END}{part.text}" for part in parts)
    looked_for = _mentioned(whole, _in_force(on, nation), parts)
    view = _View("", whole, on, None)
    seen: set[tuple[str, str | None]] = set()
    introduced: dict[int, Rule | None] = {}
    for part in parts:
        for hit in (*_held(part, looked_for, view), *_bare(part, introduced, view)):
            key = (hit.rule.id, None if hit.rule.report_once else part.ref)
            if key not in seen or (part.ref is None and not hit.rule.report_once):
                seen.add(key)
                yield part, hit
        _introduce(part, looked_for, introduced)


def _mentioned(whole: str, wanted: Sequence[Rule], parts: Sequence[Part]) -> tuple[Rule, ...]:
    """The rules whose words stand somewhere in the document: most do not, and need not be looked for clause by clause."""
    mended = mend(whole).text
    named = {act.title for part in parts for act in acts_in(mend(f"{part.before} {part.text}" if part.before else part.text).text)}
    return tuple(
        rule
        for rule in wanted
        if not (rule.whole is not None and rule.whole.search(mended)) and _stands(rule, named, lambda pattern: _in_whole(pattern, mended))
    )


def _stands(rule: Rule, named: Set[str | None], matches: Callable[[re.Pattern[str]], bool]) -> bool:
    """Whether the words of a rule stand somewhere in a text, which names some Acts and in which some patterns match."""
    return (
        (rule.pattern is not None and matches(rule.pattern))
        or (rule.guidance is not None and matches(rule.guidance))
        or (rule.kind in ("misdated", "misnamed") and bool(named))
        or not named.isdisjoint(rule.acts)
    )


@lru_cache(maxsize=1024)
def _in_whole(pattern: re.Pattern[str], whole: str) -> bool:
    """Whether a pattern matches in a document; kept, because a document is looked through for today and for its approval."""
    return may_match(pattern, _small(whole)) and pattern.search(whole) is not None


@lru_cache(maxsize=2)
def _small(whole: str) -> str:
    return folded(whole)


def _introduce(part: Part, looked_for: Sequence[Rule], introduced: dict[int, Rule | None]) -> None:
    """Note which Act "the 1998 Act" means from here on: the one of that year named last. None where no rule is about it."""
    for act in acts_in(part.text):
        for year in act.years:
            introduced[year] = next((rule for rule in looked_for if act.title and year in rule.acts.get(act.title, ())), None)


def _bare(part: Part, introduced: Mapping[int, Rule | None], view: _View) -> Iterator[Hit]:
    """Hits of "the 1998 Act", where the document has said which Act that is."""
    mended = mend(part.text)
    here = _View(mended.text, view.whole, view.on, view.editions, past=part.past)
    for year, start, end in bare_acts(mended.text):
        rule = introduced.get(year)
        hit = _hit(rule, _Found(start, end), here, mended) if rule is not None else None
        if hit is not None:
            yield hit

"""Guidance as a text names it, with the year of the edition: after the title, before it, or in the next cell of a table."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from schoolgate.policytext.law.shelf import shelf

_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
_NUMBER = r"(?:\d{1,2}|[ivx]{1,4}|[a-g]|one|two|three|four|five|six)"
# The words after a title, one at a time: what may stand before the year, the year, and what ends the search.
_TOKEN = re.compile(
    rf"(?P<date>\b\d{{1,2}}[/.-]\d{{1,2}}[/.-](?P<short>(?:20|19)?\d\d)\b)"
    rf"|(?P<year>(?<![\d/.£])(?:19|20)\d\d(?!\d))"
    rf"|(?P<part>\b(?:parts?|annex(?:es)?|sections?|paragraphs?|paras?|chapters?|pages?) {_NUMBER}(?:(?: ?[-,&] ?| and | to ){_NUMBER})*\b)"
    rf"|(?P<day>\b\d{{1,2}}(?:st|nd|rd|th)?(?= (?:of )?{_MONTH}))"
    rf"|(?P<month>\b{_MONTH})"
    r"|(?P<stop>;|[.!?](?= ?[A-Z\d])|\b(?:acts?|regulations?|polic(?:y|ies)|approved|adopted|reviewed|since|replac\w*|supersed\w*|"
    r"who(?! works?\b)|when|joined|attended|trained|training|(?:was|were|has|have|had)\b(?! (?:been )?(?:last |first |most recently )?"
    r"(?:updated|published|issued|revised|released|amended)))\b)"
    r"|(?P<ages>\b0(?: to |-)25\b)"
    r"|(?P<number>\d+)",
    re.IGNORECASE,
)
_DIRECT = re.compile(r"(?: ?')?(?P<two>\d\d)(?!\d|[:%/]|\.\d)")
_BEFORE = re.compile(
    r"(?<![\d/])(?P<year>20\d\d)(?:[-/]\d\d)?'?s?"
    r"(?: (?:edition|version|update|updated|revised|statutory|guidance|document|DfE|HM|Government|of|the))*[ '\"]{1,3}$",
    re.IGNORECASE,
)
_AUTHOR = re.compile(
    r"\b(?:DfES?|DCSF|HMG|HM Government|Home Office|Department for Education|Ofsted|UKCC?IS|Safer Recruitment Consortium)\.?,? "
    r"\((?P<year>20\d\d)\)[.,:]? ['\"]?$",
    re.IGNORECASE,
)
_UPDATED = re.compile(r"[^.;|\d]{0,20}\b(?:updated|revised|amended)(?! from)\b[^.;|\d]{0,20}(?P<year>20\d\d)(?!\d)", re.IGNORECASE)
_LEADS = re.compile(
    r"(?<![\d/])(?P<year>20\d\d) (?:\w+ )?(?:guidance|guidelines|advice|documents?|publications?|editions?)\b[^.;\d]{0,40}$", re.IGNORECASE
)
_REACH = 120
_NEWEST_SHORT = 60


@dataclass(frozen=True, slots=True)
class GuidanceNamed:
    """Guidance named in a text with the year it gives; the span holds title and year."""

    year: int
    start: int
    end: int


def editions_named(text: str, titles: re.Pattern[str], above: str = "") -> Iterator[GuidanceNamed]:
    """Where a prepared text names guidance with a year. ``above`` is the lead-in, whose year counts where the text has none of its own."""
    for hit in titles.finditer(text):
        found = _year_after(text, hit.end(), titles)
        if found is None:
            found = _year_before(text, hit.start(), above)
        if found is not None:
            year, start, end = found
            yield GuidanceNamed(year, min(hit.start(), start), max(hit.end(), end))


def _year_after(text: str, end: int, own: re.Pattern[str]) -> tuple[int, int, int] | None:
    direct = _DIRECT.match(text, end)
    if direct and 13 < int(direct["two"]) < _NEWEST_SHORT:
        return 2000 + int(direct["two"]), direct.start(), direct.end()
    others = (hit.start() for hit in _titles().finditer(text, end, end + _REACH) if not own.match(text, hit.start()))
    for token in _TOKEN.finditer(text, end, next(others, end + _REACH)):
        if token.lastgroup == "date" or token["date"]:
            year = int(token["short"])
            return year if year > 99 else 2000 + year, token.start(), token.end()
        if token["year"]:
            again = _UPDATED.match(text, token.end())
            return (int(again["year"]), token.start(), again.end()) if again else (int(token["year"]), token.start(), token.end())
        if token["stop"] or token["number"]:
            return None
    return None


def _year_before(text: str, start: int, above: str) -> tuple[int, int, int] | None:
    window = text[max(0, start - 70) : start]
    before = _BEFORE.search(window) or _AUTHOR.search(window)
    if before:
        place = start - len(window) + before.start()
        return int(before["year"]), place, start
    led = _LEADS.search(above)
    return (int(led["year"]), start, start) if led else None


@cache
def _titles() -> re.Pattern[str]:
    """Every guidance title the shelf knows: where another one starts, the year after it is not the first one's."""
    found = [title for row in shelf()["rules"] for title in cited_titles(row)]
    return re.compile(rf"\b(?:{'|'.join(found)})(?!\w)", re.IGNORECASE)


def cited_titles(row: Mapping[str, Any]) -> Sequence[str]:
    """The titles a rule about guidance looks for, as patterns: words may be divided by a comma, a colon or a hyphen, "and" may be "&"."""
    return [re.sub(r"\band\b", "(?:and|&)", title).replace(" ", "[ ,:-]{1,3}") for title in row.get("guidance", ())]


def titles_pattern(row: Mapping[str, Any]) -> re.Pattern[str] | None:
    """One pattern for the titles of a rule; None for a rule that is not about guidance."""
    titles = cited_titles(row)
    return re.compile(rf"\b(?:{'|'.join(titles)})(?![A-Za-z])", re.IGNORECASE) if titles else None

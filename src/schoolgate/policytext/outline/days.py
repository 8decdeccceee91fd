"""Days as people write them: "21st September 2021", "3/4/20", "Nov 18", "Autumn 2021", as ISO 8601 and never finer than printed."""

import calendar
import re
from collections.abc import Iterator

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
MONTH = "|".join(f"{month[:3]}(?:{month[3:]})?" if month != "september" else "sept?(?:ember)?" for month in _MONTHS)
_DAY = r"(?<![\d.])(?P<d>\d{1,2})(?:\s?(?:st|nd|rd|th))?"
_YEAR = r"(?P<y>(?:19|20)\d\d)"
_SHAPES = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        rf"\b{_YEAR}-(?P<m>\d\d)(?:-(?P<d>\d\d))?\b(?![-/]\d)",
        r"\b(?P<d>\d{1,2})\s?[/.-]\s?(?P<m>\d{1,2})\s?[/.-]\s?(?P<y>(?:19|20)?\d\d)\b(?!\.\d)",
        rf"\b{_DAY}(?:\s+of)?[\s-]+(?P<n>{MONTH})\b\.?,?[\s-]+(?P<y>(?:19|20)\d\d|[’']?\d\d(?![\d:.]))\b",
        rf"\b(?P<n>{MONTH})\b\.?\s+{_DAY},?\s+{_YEAR}\b",
        rf"\b(?P<n>{MONTH})\b(?-i:(?<!\bmay))\.?,?[\s/-]*(?P<y>(?:19|20)\d\d|[’']\d\d|[1-4]\d(?![\d:.,]|\s?(?:st|nd|rd|th)|"
        rf"\s+(?:19|20)\d\d))\b",
        rf"(?<![\d/.-])(?P<m>\d{{1,2}})\s?/\s?{_YEAR}\b(?!/\d)",
        rf"(?<![\d/.-]){_YEAR}\s?[/–-]\s?(?P<to>(?:20)?\d\d)\b(?![/-]\d)",
        rf"(?<![\d/.-])(?<!\bAct )(?<!\bRegulations ){_YEAR}\b(?![-/]\d)",
    )
)


def date_in(text: str, *, late: bool = False) -> str | None:
    """The first date in a text as ISO 8601, month or year alone where it gives no more; None where there is none.

    A school year ("2021/22") is the year it begins in, or the one it ends in when ``late`` asks for the last that can be meant.
    """
    return next((day for _, _, day in dates_in(text, late=late)), None)


def dates_in(text: str, *, late: bool = False) -> list[tuple[int, int, str]]:
    """Every date in a text with where it starts and ends, in reading order. Of readings that overlap the fullest counts."""
    found = sorted(_read(text, late), key=lambda hit: (hit[0], -hit[1]))
    kept: list[tuple[int, int, str]] = []
    for start, end, day in found:
        if not kept or start >= kept[-1][1]:
            kept.append((start, end, day))
    return kept


def without_dates(text: str) -> str:
    """A text with its dates taken out, and the words that only lead to a date."""
    for start, end, _ in reversed(dates_in(text)):
        text = (
            re.sub(r"\b(?:(?:on|in|at|dated?|term|the|of|autumn|spring|summer|winter|\(?reviewed)\s*)+$", "", text[:start], flags=re.I)
            + text[end:]
        )
    return text


def _read(text: str, late: bool) -> Iterator[tuple[int, int, str]]:
    for shape in _SHAPES:
        for found in shape.finditer(text):
            day = _iso(found.groupdict(), late)
            if day:
                yield found.start(), found.end(), day


def _iso(parts: dict[str, str | None], late: bool) -> str | None:
    year = _full(parts["y"] or "")
    month = _month(parts.get("n")) or int(parts.get("m") or 0)
    day = int(parts.get("d") or 0)
    if month > 12 >= day > 0:
        month, day = day, month
    if month > 12 or (parts.get("m") and not month):
        return None
    if parts.get("to"):
        end = _full(parts["to"] or "")
        return str(end if late else year) if end == year + 1 else None
    if not month:
        return str(year)
    whole = 0 < day <= calendar.monthrange(year, month)[1]
    return f"{year}-{month:02}-{day:02}" if whole else f"{year}-{month:02}"


def _full(year: str) -> int:
    digits = int(year.strip("'’"))
    return digits + 2000 if digits < 100 else digits


def _month(name: str | None) -> int:
    return next((number for number, month in enumerate(_MONTHS, 1) if name and month.startswith(name.lower()[:3])), 0)

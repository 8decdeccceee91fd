"""Dates and times in the words of a British school. Pure: the caller says what "now" is."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
NOON, MIDNIGHT = (12, 0), (0, 0)
UNITS = (("year", 365 * 24 * 60), ("month", 30 * 24 * 60), ("week", 7 * 24 * 60), ("day", 24 * 60), ("hour", 60), ("minute", 1))


def in_london(moment: datetime) -> datetime:
    """The same moment on a London clock; a moment without a zone is taken to be on one already."""
    return moment.astimezone(LONDON) if moment.tzinfo else moment


def day(value: date | datetime) -> str:
    """`6 March 2026`. A moment gives its London day, so 23:30 UTC in June is the next day."""
    if isinstance(value, datetime):
        value = in_london(value).date()
    return f"{value.day} {value:%B %Y}"


def clock(moment: datetime) -> str:
    """`2:05pm`, `9am`, `midday` or `midnight`, London time."""
    local = in_london(moment)
    if (local.hour, local.minute) == NOON:
        return "midday"
    if (local.hour, local.minute) == MIDNIGHT:
        return "midnight"
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"


def moment(value: datetime) -> str:
    """`6 March 2026, 2:05pm`, London time."""
    return f"{day(value)}, {clock(value)}"


def since(value: date | datetime, now: datetime) -> str:
    """How long ago, in the largest whole unit: `2 minutes ago`, `3 weeks ago`; `in 2 days` for what is to come.

    A date without a time is counted in whole days: `today`, `yesterday`, `tomorrow`.
    """
    if not isinstance(value, datetime):
        return _days((in_london(now).date() - value).days)
    gap = now - value
    words = _largest(abs(gap))
    if not words:
        return "just now"
    return f"{words} ago" if gap > timedelta(0) else f"in {words}"


def _days(days: int) -> str:
    near = {0: "today", 1: "yesterday", -1: "tomorrow"}
    if days in near:
        return near[days]
    words = _largest(timedelta(days=abs(days)))
    return f"{words} ago" if days > 0 else f"in {words}"


def _largest(gap: timedelta) -> str:
    """The gap in its largest unit, rounded down; a week is used from 14 days and a month from 60 on, or it would say too little."""
    minutes = int(gap.total_seconds() // 60)
    for unit, size in UNITS:
        least = 2 if unit in {"week", "month"} else 1
        if minutes >= size * least:
            count = minutes // size
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return ""

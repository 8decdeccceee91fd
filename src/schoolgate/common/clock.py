"""The only source of now. Instants are UTC; dates are the school's own, Europe/London (rules/calendar.yaml, zone)."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/London")

_set_to: ContextVar[datetime | None] = ContextVar("schoolgate_clock", default=None)


def now() -> datetime:
    """The present instant in UTC, or the one `standing_at` has set."""
    return _set_to.get() or datetime.now(UTC)


def today() -> date:
    """The school's own date."""
    return local_date(now())


def local_date(moment: datetime) -> date:
    """The date on the school's wall calendar at an instant: late evening in summer is already tomorrow in no other zone."""
    return moment.astimezone(ZONE).date()


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """The instant of a wall-clock time on one school date, in UTC."""
    return datetime.combine(day, time(hour, minute), tzinfo=ZONE).astimezone(UTC)


def in_words(day: date | None) -> str:
    """`6 March 2026`, as a British school writes a day; nothing where there is none."""
    return f"{day.day} {day:%B %Y}" if day else ""


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Do something as it would have been done at another instant: the demo year and the tests are told this way."""
    token = _set_to.set(moment)
    try:
        yield
    finally:
        _set_to.reset(token)

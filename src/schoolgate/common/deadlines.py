"""When a promise falls due: the named clocks of rules/calendar.yaml, each by its own rule there.

Elapsed clocks count real hours, weekends, holidays and clock changes included. Working-day clocks end at the close of the school's day.
A day that "rolls" moves to the next working day.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any

from schoolgate import data
from schoolgate.common import clock
from schoolgate.common.errors import BadInput
from schoolgate.common.workingdays import add_days, is_working_day

_LAST_MINUTE = time(23, 59)

LONGEST_BREAK = 70
"""Days between two terms: a summer is never longer, so in a wider hole the term dates were not written down."""


@dataclass(frozen=True, slots=True)
class SchoolCalendar:
    """When one school is open. ``terms`` are first and last days; without any, every working day counts as a school day.

    Training days and closures are no school days; local closures never move a clock that the law fixes.
    """

    nation: str = "england"
    terms: tuple[tuple[date, date], ...] = ()
    closed: frozenset[date] = frozenset()

    def working_day(self, day: date) -> bool:
        """Monday to Friday and no bank holiday in the school's nation."""
        return is_working_day(day, self.nation)

    def school_day(self, day: date) -> bool:
        """Pupils are in: a working day inside a term on which the school is not closed."""
        inside = not self.terms or any(first <= day <= last for first, last in self.terms)
        return inside and self.working_day(day) and day not in self.closed

    def in_term(self, day: date) -> bool:
        """Inside a term, training days included; with no terms known, every day is."""
        return not self.terms or any(first <= day <= last for first, last in self.terms)

    def nth_working_day(self, start: date, number: int) -> date:
        """The n-th working day after a date."""
        return _nth(start, number, self.working_day)

    def nth_school_day(self, start: date, number: int) -> date:
        """The n-th school day after a date. BadInput when the known terms end before it."""
        if self.terms and start >= max(last for _, last in self.terms):
            raise BadInput("The term dates end before this falls due. Add the dates of the next school year.")
        return _nth(start, number, self.school_day)

    def promised(self, start: date, number: int) -> date:
        """The n-th school day after a date, for a promise of our own (rules/calendar.yaml, units.school_days).

        Where the term dates are not known - none at all, before the first, after the last - every working day the school is not closed
        counts: the promise then falls due earlier than the school's own calendar would have it, never later.
        """
        return _nth(start, number, lambda day: self.working_day(day) and day not in self.closed and not self._break(day))

    def _break(self, day: date) -> bool:
        """Known to lie between two terms. A hole wider than any break is one where nobody wrote the terms down."""
        if self.in_term(day):
            return False
        ended = max((last for _, last in self.terms if last < day), default=None)
        begins = min((first for first, _ in self.terms if first > day), default=None)
        return ended is not None and begins is not None and (begins - ended).days <= LONGEST_BREAK

    def rolled(self, day: date) -> date:
        """The day itself if it is a working day, else the next one."""
        return day if self.working_day(day) else self.nth_working_day(day, 1)


def _nth(start: date, number: int, counts: Callable[[date], bool]) -> date:
    day = start
    for _ in range(1200 + number):  # three years without one such day: the dates are not known
        if number == 0:
            return day
        day += timedelta(days=1)
        number -= counts(day)
    raise BadInput("The term dates end before this falls due. Add the dates of the next school year.")


@dataclass(frozen=True, slots=True)
class Hours:
    """What a school may set about its day (rules/calendar.yaml, params; each names its setting)."""

    day_start: time = time(8, 30)
    day_end: time = time(17, 0)
    now_minutes: int = 15
    same_day_grace_hours: int = 2
    literal_24h: bool = False


@cache
def standard_hours() -> Hours:
    """The hours of rules/calendar.yaml, for a school that has set none of its own."""
    return hours_of({name: row["value"] for name, row in data.load("rules/calendar.yaml")["params"].items()})


def hours_of(params: Mapping[str, Any]) -> Hours:
    """Hours from the values of the settings; what is not named keeps its default."""
    standard = Hours()
    return Hours(
        day_start=time.fromisoformat(str(params.get("day_start", standard.day_start))),
        day_end=time.fromisoformat(str(params.get("day_end", standard.day_end))),
        now_minutes=int(params.get("now_minutes", standard.now_minutes)),
        same_day_grace_hours=int(params.get("same_day_grace_hours", standard.same_day_grace_hours)),
        literal_24h=params.get("friday_reading") == "literal_24h",
    )


def due(name: str, received: datetime, *, calendar: SchoolCalendar, hours: Hours | None = None) -> datetime:
    """The instant, in UTC, at which the clock `name` has run out for something received at an instant.

    Source of every rule: rules/calendar.yaml, clocks. BadInput for a clock that is not there.
    """
    rule = _CLOCKS.get(name)
    if rule is None:
        raise BadInput(f"There is no clock {name}. Known: {', '.join(sorted(_CLOCKS))}.")
    return rule(received, calendar, hours or standard_hours()).astimezone(UTC)


def escalations(start: datetime, end: datetime, shares: Iterable[int] = (50, 80, 100)) -> list[datetime]:
    """The instants at which shares (percent) of the time between start and due have gone."""
    return [start + (end - start) * share / 100 for share in shares]


def _wall(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=clock.ZONE)


def _elapsed(hours: int) -> Callable[[datetime, SchoolCalendar, Hours], datetime]:
    return lambda received, calendar, set_hours: received.astimezone(UTC) + timedelta(hours=hours)


def _working_days(number: int) -> Callable[[datetime, SchoolCalendar, Hours], datetime]:
    return lambda received, calendar, hours: _wall(calendar.nth_working_day(clock.local_date(received), number), hours.day_end)


def _school_days(number: int) -> Callable[[datetime, SchoolCalendar, Hours], datetime]:
    return lambda received, calendar, hours: _wall(calendar.nth_school_day(clock.local_date(received), number), _LAST_MINUTE)


def _now(received: datetime, calendar: SchoolCalendar, hours: Hours) -> datetime:
    return received.astimezone(UTC) + timedelta(minutes=hours.now_minutes)


def _same_day(received: datetime, calendar: SchoolCalendar, hours: Hours) -> datetime:
    today = clock.local_date(received)
    graced = received.astimezone(UTC) + timedelta(hours=hours.same_day_grace_hours)
    return min(max(_wall(today, hours.day_end), graced), _wall(today, _LAST_MINUTE))


def _day_or_next(received: datetime, calendar: SchoolCalendar, hours: Hours) -> datetime:
    """24 hours, or the close of the next working day where they would fall into a weekend or holiday."""
    in_a_day = received.astimezone(UTC) + timedelta(hours=24)
    on_working_day = calendar.working_day(clock.local_date(received))
    if on_working_day and (hours.literal_24h or calendar.working_day(clock.local_date(in_a_day))):
        return in_a_day
    return _working_days(1)(received, calendar, hours)


def _acknowledged(received: datetime, calendar: SchoolCalendar, hours: Hours) -> datetime:
    return _wall(calendar.rolled(clock.local_date(received) + timedelta(days=30)), _LAST_MINUTE)


def _month(received: datetime, calendar: SchoolCalendar, hours: Hours) -> datetime:
    return _wall(calendar.rolled(add_days(clock.local_date(received), 1, "months")), _LAST_MINUTE)


def _information_request(received: datetime, calendar: SchoolCalendar, hours: Hours) -> datetime:
    day = clock.local_date(received)
    return _wall(min(calendar.nth_school_day(day, 20), calendar.nth_working_day(day, 60)), _LAST_MINUTE)


_CLOCKS: dict[str, Callable[[datetime, SchoolCalendar, Hours], datetime]] = {
    "now": _now,
    "same_day": _same_day,
    "1_working_day": _working_days(1),
    "2_working_days": _working_days(2),
    "5_working_days": _working_days(5),
    "10_working_days": _working_days(10),
    "24h_or_next_working_day": _day_or_next,
    "24h": _elapsed(24),
    "48h": _elapsed(48),
    "72h": _elapsed(72),
    "30d_ack": _acknowledged,
    "1_calendar_month": _month,
    "15_school_days": _school_days(15),
    "20_school_days_or_60_working_days": _information_request,
}

"""What a number of days means: the only owner of working days, school days and the rolling of due dates.

Source of every rule: rules/calendar.yaml (`units`, `day_kinds`, `nations`, `bank_holidays`). Bank holidays are dated rows there;
for a year the rows do not reach, the well-kept `holidays` library answers.
"""

import calendar as months
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache

import holidays

from schoolgate import data
from schoolgate.common.errors import BadInput

SUBDIVISION = {"england": "ENG", "wales": "WLS", "scotland": "SCT", "northern_ireland": "NIR"}
SATURDAY = 5


@cache
def bank_holidays(nation: str, year: int) -> frozenset[date]:
    """The bank holidays of a nation in a year."""
    loaded = data.load("rules/calendar.yaml")
    listed = [row["date"] for row in loaded["bank_holidays"][loaded["nations"][nation]]]
    days = frozenset(_date(day) for day in listed)
    in_year = frozenset(day for day in days if day.year == year)
    if in_year:
        return in_year
    return frozenset(holidays.country_holidays("GB", subdiv=SUBDIVISION[nation], years=year))


def _date(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def is_working_day(day: date, nation: str = "england") -> bool:
    """Monday to Friday and no bank holiday in the nation. School holidays and training days are working days."""
    return day.weekday() < SATURDAY and day not in bank_holidays(nation, day.year)


def is_school_day(day: date, nation: str = "england", closed: Iterable[date] = ()) -> bool:
    """Pupils are in: a working day the school is not closed on.

    Until a school's term dates are held, every working day counts as a school day: a promise counted in school days then
    falls due earlier than the school's own calendar would have it, never later.
    """
    return is_working_day(day, nation) and day not in set(closed)


def add_days(start: date, number: int, unit: str, *, nation: str = "england", closed: Iterable[date] = ()) -> date:
    """The date on which a number of days, working days, school days, months or years from `start` ends.

    `closed` holds the days the school is shut beside bank holidays. An unknown unit is a mistake in the data: BadInput.
    """
    if unit == "days":
        return start + timedelta(days=number)
    if unit == "months":
        return _add_months(start, number)
    if unit == "years":
        return _add_months(start, 12 * number)
    if unit == "working_days":
        return _nth(start, number, nation, frozenset())
    if unit == "school_days":
        return _nth(start, number, nation, frozenset(closed))
    raise BadInput(f"A number of {unit} cannot be added to a date. Use days, working_days, school_days, months or years.")


def _nth(start: date, number: int, nation: str, closed: frozenset[date]) -> date:
    day = start
    while number > 0:
        day += timedelta(days=1)
        if is_school_day(day, nation, closed):
            number -= 1
    return day


def _add_months(start: date, number: int) -> date:
    """The same day of the month n months on, or the last day of that month where there is no such day."""
    year, month = divmod(start.year * 12 + start.month - 1 + number, 12)
    return date(year, month + 1, min(start.day, months.monthrange(year, month + 1)[1]))

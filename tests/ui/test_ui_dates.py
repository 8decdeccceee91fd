"""Dates and ages in words, on a London clock."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolgate.ui import dates

NOW = datetime(2026, 3, 6, 14, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 3, 6, 14, 5, tzinfo=UTC), "6 March 2026, 2:05pm"),
        (datetime(2026, 7, 1, 14, 5, tzinfo=UTC), "1 July 2026, 3:05pm"),
        (datetime(2026, 6, 30, 23, 30, tzinfo=UTC), "1 July 2026, 12:30am"),
        (datetime(2026, 3, 6, 9, 0, tzinfo=UTC), "6 March 2026, 9am"),
        (datetime(2026, 3, 6, 12, 0, tzinfo=UTC), "6 March 2026, midday"),
        (datetime(2026, 3, 6, 0, 0, tzinfo=UTC), "6 March 2026, midnight"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "29 March 2026, 2am"),
    ],
)
def test_a_moment_is_told_on_a_london_clock(moment, words):
    assert dates.moment(moment) == words


def test_a_day_has_no_leading_nought():
    assert dates.day(date(2026, 3, 6)) == "6 March 2026"


@pytest.mark.parametrize(
    ("gap", "words"),
    [
        (timedelta(seconds=0), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(seconds=60), "1 minute ago"),
        (timedelta(minutes=59, seconds=59), "59 minutes ago"),
        (timedelta(minutes=60), "1 hour ago"),
        (timedelta(hours=24), "1 day ago"),
        (timedelta(days=13), "13 days ago"),
        (timedelta(days=14), "2 weeks ago"),
        (timedelta(days=59), "8 weeks ago"),
        (timedelta(days=60), "2 months ago"),
        (timedelta(days=364), "12 months ago"),
        (timedelta(days=365), "1 year ago"),
        (timedelta(minutes=-2), "in 2 minutes"),
        (timedelta(seconds=-30), "just now"),
    ],
)
def test_an_age_is_told_in_its_largest_whole_unit(gap, words):
    assert dates.since(NOW - gap, NOW) == words


@pytest.mark.parametrize(("days", "words"), [(0, "today"), (1, "yesterday"), (-1, "tomorrow"), (3, "3 days ago"), (-14, "in 2 weeks")])
def test_a_date_without_a_time_is_counted_in_days(days, words):
    assert dates.since(NOW.date() - timedelta(days=days), NOW) == words


def test_today_changes_at_midnight_in_london_not_in_greenwich():
    late = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert dates.since(date(2026, 7, 1), late) == "today"


@given(st.timedeltas(min_value=timedelta(minutes=1), max_value=timedelta(days=9000)))
def test_an_age_never_claims_more_than_has_passed(gap):
    count, unit, _ = dates.since(NOW - gap, NOW).split()
    size = dict(dates.UNITS)[unit.rstrip("s")]
    assert int(count) * size <= gap.total_seconds() / 60 < (int(count) + 1) * size

"""The named clocks: every deadline of rules/calendar.yaml, and what a school's own calendar means."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import schoolgate
from schoolgate import data
from schoolgate.common.deadlines import SchoolCalendar, due, escalations, hours_of, standard_hours
from schoolgate.common.errors import BadInput

CALENDAR = data.load("rules/calendar.yaml")


def moment(text: str | datetime) -> datetime:
    return text if isinstance(text, datetime) else datetime.fromisoformat(text)


def sample() -> SchoolCalendar:
    school = CALENDAR["sample_school"]
    return SchoolCalendar(school["nation"], tuple((row["from"], row["to"]) for row in school["terms"]), frozenset(school["training_days"]))


@pytest.mark.parametrize("row", CALENDAR["tests"], ids=lambda row: row["id"])
def test_every_deadline_of_the_rules(row):
    calendar = sample() if row.get("calendar") else SchoolCalendar(row["nation"])
    params = {name: given["value"] for name, given in CALENDAR["params"].items()} | row.get("params", {})
    assert due(row["clock"], moment(row["received"]), calendar=calendar, hours=hours_of(params)) == moment(row["due"]), row["why"]


@pytest.mark.parametrize("row", CALENDAR["escalation_tests"], ids=lambda row: row["id"])
def test_every_escalation_of_the_rules(row):
    told = escalations(moment(row["start"]), moment(row["due"]))
    assert told == [moment(row[name]) for name in ("p50", "p80", "p100")]


def test_every_clock_of_the_rules_runs():
    for name in CALENDAR["clocks"]:
        received = datetime(2026, 11, 23, 10, tzinfo=UTC)
        assert due(name, received, calendar=SchoolCalendar()) > received


def test_a_school_day_is_a_working_day_in_term_on_which_it_is_open():
    school = sample()
    assert school.school_day(date(2026, 11, 2))
    assert not school.school_day(date(2026, 10, 27))  # half-term
    assert school.working_day(date(2026, 10, 27))
    assert not school.school_day(date(2027, 6, 25))  # training day
    assert school.in_term(date(2027, 6, 25))
    assert not school.school_day(date(2027, 5, 3))  # bank holiday in term


def test_without_terms_every_working_day_is_a_school_day():
    school = SchoolCalendar("scotland")
    assert school.school_day(date(2026, 7, 20))
    assert not school.school_day(date(2026, 11, 30))  # St Andrew's Day


def test_a_promise_past_the_last_known_term_says_what_to_do():
    with pytest.raises(BadInput, match="Add the dates of the next school year"):
        due("15_school_days", datetime(2027, 10, 20, tzinfo=UTC), calendar=sample())


@pytest.mark.parametrize(
    ("start", "number", "ends", "why"),
    [
        (date(2026, 10, 20), 5, date(2026, 11, 3), "half-term does not count"),
        (date(2027, 6, 23), 2, date(2027, 6, 28), "the training day on 25 June does not count"),
        (date(2027, 7, 20), 2, date(2027, 9, 6), "the summer between two known terms does not count"),
        (date(2027, 10, 21), 3, date(2027, 10, 26), "past the last known term working days count: earlier, never later"),
        (date(2026, 3, 2), 10, date(2026, 3, 16), "a year nobody wrote down is no six months' holiday"),
        (date(2026, 8, 31), 2, date(2026, 9, 4), "training days before the first term are known to be closed"),
    ],
)
def test_a_promise_counts_the_days_the_school_is_known_to_be_open(start, number, ends, why):
    assert sample().promised(start, number) == ends, why


def test_a_hole_wider_than_any_break_is_one_where_no_terms_were_written_down():
    terms = ((date(2025, 9, 3), date(2025, 10, 24)), (date(2026, 9, 3), date(2026, 10, 23)))
    assert SchoolCalendar(terms=terms).promised(date(2025, 10, 23), 3) == date(2025, 10, 28)


def test_a_promise_keeps_the_bank_holidays_of_its_nation():
    friday = date(2026, 11, 27)
    assert SchoolCalendar("scotland").promised(friday, 1) == date(2026, 12, 1)
    assert SchoolCalendar("wales").promised(friday, 1) == date(2026, 11, 30)


def test_no_clock_passes_over_the_schools_own_calendar():
    """Days of a school are counted by its calendar: `SchoolCalendar.promised` or `due`, never by a bare number of them."""
    house = Path(schoolgate.__file__).parent
    bare = re.compile(r"""add_days\([^\n]*["'](school|working)_days["']""")
    files = [one for one in house.rglob("*.py") if one.parent.name != "common"]
    assert len(files) > 100
    assert [str(one.relative_to(house)) for one in files if bare.search(one.read_text())] == []


def test_an_unknown_clock_is_refused_with_those_there_are():
    with pytest.raises(BadInput, match="There is no clock 25h"):
        due("25h", datetime(2026, 1, 1, tzinfo=UTC), calendar=SchoolCalendar())


def test_the_schools_own_hours_move_the_close_of_its_day():
    late = hours_of({"day_end": "18:30", "now_minutes": 5})
    received = datetime(2026, 11, 23, 10, tzinfo=UTC)
    assert due("1_working_day", received, calendar=SchoolCalendar(), hours=late) == datetime(2026, 11, 24, 18, 30, tzinfo=UTC)
    assert due("now", received, calendar=SchoolCalendar(), hours=late) == received + timedelta(minutes=5)
    assert standard_hours().day_end.isoformat() == "17:00:00"

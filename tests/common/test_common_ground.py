"""The clock, ids and working days that everything else stands on."""

from datetime import UTC, date, datetime

import pytest

from schoolgate import data
from schoolgate.common import clock, ids, workingdays
from schoolgate.common.errors import BadInput


def test_the_school_date_turns_at_local_midnight_in_summer():
    assert clock.local_date(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == date(2026, 7, 1)
    assert clock.local_date(datetime(2026, 12, 30, 23, 30, tzinfo=UTC)) == date(2026, 12, 30)


def test_standing_at_another_instant_ends_with_its_block():
    with clock.standing_at(clock.at(date(2026, 3, 2), 8, 15)):
        assert clock.today() == date(2026, 3, 2)
    assert clock.now().year >= 2026
    assert clock.today() != date(2026, 3, 2)


def test_repeatable_ids_are_the_same_twice_and_random_otherwise():
    def three() -> list[object]:
        with ids.repeatable("x"):
            return [ids.new_id() for _ in range(3)]

    assert three() == three()
    assert ids.new_id() != ids.new_id()


@pytest.mark.parametrize(
    ("start", "number", "unit", "nation", "end"),
    [
        (date(2026, 4, 2), 1, "working_days", "england", date(2026, 4, 7)),  # over Good Friday and Easter Monday
        (date(2026, 4, 2), 1, "working_days", "scotland", date(2026, 4, 6)),  # Easter Monday is a working day there
        (date(2026, 12, 24), 2, "working_days", "england", date(2026, 12, 30)),  # Boxing Day's substitute is the 28th
        (date(2026, 1, 31), 1, "months", "england", date(2026, 2, 28)),
        (date(2024, 2, 29), 1, "years", "england", date(2025, 2, 28)),
        (date(2026, 7, 10), 28, "days", "england", date(2026, 8, 7)),
        (date(2026, 7, 10), 0, "working_days", "england", date(2026, 7, 10)),
    ],
)
def test_due_dates(start, number, unit, nation, end):
    assert workingdays.add_days(start, number, unit, nation=nation) == end


def test_closed_days_are_no_school_days_but_are_working_days():
    half_term = [date(2026, 10, day) for day in range(26, 31)]
    assert workingdays.add_days(date(2026, 10, 23), 1, "school_days", closed=half_term) == date(2026, 11, 2)
    assert workingdays.add_days(date(2026, 10, 23), 1, "working_days", closed=half_term) == date(2026, 10, 26)


def test_bank_holidays_are_the_listed_ones_where_the_list_reaches():
    listed = data.load("rules/calendar.yaml")["bank_holidays"]["northern-ireland"]
    for row in listed:
        assert row["date"] in workingdays.bank_holidays("northern_ireland", row["date"].year)


def test_an_unknown_unit_is_a_plain_sentence():
    with pytest.raises(BadInput, match="fortnights"):
        workingdays.add_days(date(2026, 1, 1), 1, "fortnights")

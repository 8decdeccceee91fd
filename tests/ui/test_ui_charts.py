"""The sizes of the charts: what is drawn is what was counted."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolgate.ui import charts
from schoolgate.ui.states import STATES, state_of

KEYS = [state.key for state in STATES]
COUNTS = st.dictionaries(st.sampled_from(KEYS), st.integers(min_value=0, max_value=5000))
START = date(2025, 9, 1)


@given(COUNTS)
def test_the_pieces_of_a_bar_fill_it_in_the_order_of_the_states(counts):
    pieces = charts.segments(counts)
    assert {piece.state.key: piece.count for piece in pieces} == {key: count for key, count in counts.items() if count}
    assert [piece.state for piece in pieces] == [state for state in STATES if counts.get(state.key)]
    assert sum(piece.width for piece in pieces) == pytest.approx(100 if pieces else 0, abs=0.01)
    for before, after in pairwise(pieces):
        assert after.x == pytest.approx(before.x + before.width, abs=0.01)


@given(st.dictionaries(st.integers(min_value=0, max_value=300), st.sampled_from(KEYS), min_size=1), st.integers(min_value=0, max_value=60))
def test_every_day_shown_has_the_state_of_the_last_reading_before_it(readings, longer):
    dated = [(START + timedelta(days=offset), key) for offset, key in readings.items()]
    until = max(on for on, _ in dated) + timedelta(days=longer)
    runs = charts.periods(dated, until)
    day = runs[0].start
    for run in runs:
        assert run.start == day
        while day <= run.end:
            assert run.state.key == max((on, key) for on, key in dated if on <= day)[1]
            day += timedelta(days=1)
    assert runs[-1].end == until
    assert sum(run.width for run in runs) == pytest.approx(100, abs=0.1)


def test_readings_that_repeat_a_state_lengthen_its_run():
    readings = [(START, "met"), (START + timedelta(days=1), "met"), (START + timedelta(days=2), "broken")]
    runs = charts.periods(readings, START + timedelta(days=3))
    assert [(run.state.key, run.start, run.end) for run in runs] == [
        ("met", START, START + timedelta(days=1)),
        ("broken", START + timedelta(days=2), START + timedelta(days=3)),
    ]


def test_a_later_reading_of_the_same_day_replaces_the_earlier_one():
    runs = charts.periods([(START, "broken"), (START, "met")], START)
    assert [(run.state.key, run.width) for run in runs] == [("met", 100.0)]


def test_a_state_put_right_within_the_day_leaves_no_gap():
    later = START + timedelta(days=5)
    runs = charts.periods([(START, "met"), (later, "broken"), (later, "met")], later)
    assert [(run.state.key, run.start, run.end) for run in runs] == [("met", START, later)]


def test_a_reading_taken_after_the_last_day_shown_is_left_out():
    assert charts.periods([(START + timedelta(days=1), "met")], START) == []


def test_the_sentence_of_a_bar_names_every_number():
    assert charts.sentence(charts.segments({"broken": 1, "met": 12, "due": 3})) == "12 met, 3 due and 1 broken"
    assert charts.sentence([]) == "nothing to count"


def test_every_state_has_its_own_words_and_its_own_shape():
    assert len({state.words for state in STATES}) == len({state.icon for state in STATES}) == len(STATES) == 6


def test_a_state_that_does_not_exist_is_refused_by_name():
    with pytest.raises(ValueError, match="No state is called “green”"):
        state_of("green")

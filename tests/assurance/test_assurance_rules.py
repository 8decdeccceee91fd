"""How a count becomes a state and states a clause: the catalogue's rules as tables, without a database."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import uuid4

import pytest

from schoolgate.assurance import catalogue, rules
from schoolgate.assurance.rules import Part, Shown
from schoolgate.contracts.controls import Count, Item, Standing, State

ON = date(2026, 9, 14)
PARAMS = catalogue.shared_numbers()
STANDING = catalogue.controls()["people.register_confirmed"]
SCHEDULE = catalogue.controls()["assurance.head_review"]
LINED = catalogue.controls()["people.key_roles_filled"]
PER_CLAUSE = catalogue.controls()["policies.citations_sound"]
GOOD, LAPSING, DUE, BROKEN, LATE = Standing.GOOD, Standing.LAPSING, Standing.DUE, Standing.BROKEN, Standing.LATE


def item(standing, **more):
    return Item(more.pop("label", str(standing)), standing, **more)


def settle(*items, control=STANDING, on=ON, switched_on=None, **count):
    return rules.settle(control, Count(items, **count), on=on, switched_on=switched_on, params=PARAMS)


def late(days_ago):
    return item(LATE, put_right_on=ON - timedelta(days=days_ago))


@pytest.mark.parametrize(
    ("items", "state", "good", "counted"),
    [
        ([item(GOOD)], State.MET, 1, 1),
        ([item(GOOD), item(LAPSING)], State.DUE, 2, 2),
        ([item(GOOD), item(DUE)], State.DUE, 1, 2),
        ([item(GOOD), item(BROKEN)], State.BROKEN, 1, 2),
        ([item(DUE), item(BROKEN)], State.BROKEN, 0, 2),
        ([item(LAPSING), item(BROKEN)], State.BROKEN, 1, 2),
        ([item(GOOD), late(0)], State.BROKEN, 1, 2),
        ([item(GOOD), late(27)], State.BROKEN, 1, 2),
        ([item(GOOD), late(28)], State.MET, 1, 2),
        ([late(28)], State.MET, 0, 1),
        ([item(DUE), late(28)], State.DUE, 0, 2),
        ([item(GOOD), item(LATE)], State.BROKEN, 1, 2),  # what cannot be put right stays broken for the whole window
        ([], State.NO_DATA, 0, 0),
    ],
)
def test_items_decide_the_state_and_the_count(items, state, good, counted):
    settled = settle(*items, silent="Nothing was ever recorded.")
    assert (settled.state, settled.good, settled.counted) == (state, good, counted)


def test_a_recorded_fact_can_make_the_question_not_arise():
    settled = settle(not_applicable="The school's own service asks for a second step.")
    assert settled.state == State.NOT_APPLICABLE
    assert settled.why.startswith("The school's own service")


def test_silence_is_no_data_and_says_why():
    settled = settle(silent="Nothing was ever recorded.")
    assert (settled.state, settled.why) == (State.NO_DATA, "Nothing was ever recorded.")


def test_silence_without_a_sentence_takes_the_catalogues():
    assert settle().why == STANDING.no_data


def test_a_nil_rule_lets_silence_stand_as_met():
    settled = settle(nil_stands="None in force.", silent="No control has been read yet.")
    assert (settled.state, settled.why) == (State.MET, "None in force.")


def test_a_nil_rule_never_covers_something_counted():
    assert settle(item(BROKEN), nil_stands="None in force.").state == State.BROKEN


@pytest.mark.parametrize(
    ("control", "switched_on", "state"),
    [
        (SCHEDULE, None, State.NO_DATA),
        (SCHEDULE, ON, State.NO_DATA),
        (SCHEDULE, ON - timedelta(days=100), State.NO_DATA),
        (SCHEDULE, ON - timedelta(days=101), State.BROKEN),
        (STANDING, ON - timedelta(days=400), State.NO_DATA),
    ],
)
def test_a_schedule_may_not_stay_unstarted_for_ever(control, switched_on, state):
    assert settle(control=control, switched_on=switched_on).state == state


def test_a_schedule_once_begun_is_judged_by_its_items():
    assert settle(item(GOOD), control=SCHEDULE, switched_on=ON - timedelta(days=400)).state == State.MET


def test_each_line_is_counted_alone():
    settled = settle(
        item(BROKEN, lines={"holder": GOOD, "deputy": BROKEN}), item(DUE, lines={"holder": GOOD, "duties_accepted": DUE}), control=LINED
    )
    assert settled.lines["holder"] == {"state": "met", "good": 2, "counted": 2}
    assert settled.lines["deputy"] == {"state": "broken", "good": 0, "counted": 1}
    assert settled.lines["duties_accepted"]["state"] == "due"
    assert settled.lines["delegation"] == {"state": "no_data", "good": 0, "counted": 0}
    assert set(settled.lines) == set(LINED.lines)


def test_a_late_line_follows_the_day_its_item_was_put_right():
    kept = settle(item(LATE, put_right_on=ON, lines={"holder": LATE, "deputy": GOOD}), control=LINED)
    assert (kept.lines["holder"]["state"], kept.lines["deputy"]["state"]) == ("broken", "met")
    listed = settle(item(LATE, put_right_on=ON - timedelta(days=28), lines={"holder": LATE}), control=LINED)
    assert listed.lines["holder"]["state"] == "met"


def test_silence_that_is_met_makes_its_lines_met_too():
    assert settle(control=LINED, nil_stands="None.").lines["holder"]["state"] == "met"


def test_a_clause_of_a_per_clause_control_has_its_own_count():
    one, two = uuid4(), uuid4()
    settled = settle(item(GOOD, clause_id=one), item(BROKEN, clause_id=two), item(GOOD, clause_id=two), item(GOOD), control=PER_CLAUSE)
    assert settled.by_clause[str(one)]["state"] == "met"
    assert {**settled.by_clause[str(two)], "lines": None} == {"state": "broken", "good": 1, "counted": 2, "lines": None}
    assert settle(item(GOOD, clause_id=one)).by_clause == {}


def test_records_are_kept_worst_first_and_at_most_two_hundred():
    items = [item(GOOD, label=f"good {n:03}") for n in range(300)]
    items += [
        late(40),
        item(DUE, due_on=ON),
        item(DUE, label="soonest", due_on=ON - timedelta(days=1)),
        item(BROKEN, label="worst"),
        late(1),
    ]
    kept = settle(*items).evidence
    assert len(kept) == rules.MOST_EVIDENCE
    assert [each["standing"] for each in kept[:6]] == ["broken", "late", "due", "due", "late", "good"]
    assert kept[2]["label"] == "soonest"
    assert kept[2]["due_on"] == "2026-09-13"


def test_what_was_measured_is_kept_with_the_standings():
    settled = settle(item(GOOD), item(GOOD), item(DUE), measured={"people": 3}, window="the reading date")
    assert settled.measured == {"people": 3, "standings": {"good": 2, "due": 1}, "window": "the reading date"}


@dataclass
class Read:
    state: str = "met"
    good: int = 3
    counted: int = 3
    lines: dict = field(default_factory=dict)
    by_clause: dict = field(default_factory=dict)


def tallied(**states):
    return {
        line: {"state": state, "good": 0 if state == "broken" else 1, "counted": 0 if state == "no_data" else 1}
        for line, state in states.items()
    }


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        ([], Shown.BROKEN),
        (["holder"], Shown.MET),
        (["deputy"], Shown.BROKEN),
        (["holder", "deputy"], Shown.BROKEN),
        (["holder", "duties_accepted"], Shown.DUE),
        (["holder", "delegation"], Shown.NO_DATA),
        (["a line the catalogue no longer has"], Shown.NO_DATA),
    ],
)
def test_a_clause_joined_to_lines_shows_those_lines(lines, shown):
    reading = Read("broken", 1, 2, tallied(holder="met", deputy="broken", duties_accepted="due", delegation="no_data"))
    assert rules.part_of(LINED.id, lines, uuid4(), reading, carried=True).state == shown


def test_a_clause_joined_to_one_line_shows_that_lines_count():
    reading = Read("broken", 1, 9, {"holder": {"state": "broken", "good": 4, "counted": 7}})
    part = rules.part_of(LINED.id, ["holder"], uuid4(), reading, carried=True)
    assert (part.good, part.counted) == (4, 7)


def test_a_clause_of_a_per_clause_control_shows_only_its_own_items():
    mine, other = uuid4(), uuid4()
    reading = Read("broken", 1, 2, by_clause={str(mine): {"state": "met", "good": 1, "counted": 1, "lines": {}}})
    assert rules.part_of(PER_CLAUSE.id, [], mine, reading, carried=True).state == Shown.MET
    assert rules.part_of(PER_CLAUSE.id, [], other, reading, carried=True).state == Shown.NO_DATA
    assert rules.part_of(PER_CLAUSE.id, [], other, Read("met", 0, 0), carried=True).state == Shown.MET


def test_a_control_not_applicable_has_no_lines_to_show():
    assert rules.part_of(LINED.id, ["holder"], uuid4(), Read("not_applicable", 0, 0), carried=True).state == Shown.NOT_APPLICABLE


def test_not_carried_and_not_yet_read_are_told_apart():
    assert rules.part_of(LINED.id, [], uuid4(), None, carried=False).state == Shown.NOT_CARRIED
    unread = rules.part_of(LINED.id, [], uuid4(), None, carried=True)
    assert (unread.state, unread.unread) == (Shown.NO_DATA, True)


def test_an_old_reading_of_a_control_no_longer_carried_makes_nothing_met():
    assert rules.part_of(LINED.id, [], uuid4(), Read("met"), carried=False).state == Shown.NOT_CARRIED


@pytest.mark.parametrize(
    ("states", "shown"),
    [
        ([], "unjoined"),
        (["met"], "met"),
        (["met", "due"], "due"),
        (["due", "no_data"], "no_data"),
        (["no_data", "broken"], "broken"),
        (["broken", "met", "due", "no_data"], "broken"),
        (["met", "not_applicable"], "met"),
        (["not_applicable"], "not_applicable"),
        (["not_applicable", "not_applicable"], "not_applicable"),
        (["not_carried"], "not_carried"),
        (["not_carried", "not_carried"], "not_carried"),
        (["met", "not_carried"], "met"),
        (["broken", "not_carried"], "broken"),
        (["no_data", "not_carried"], "no_data"),
        (["not_applicable", "not_carried"], "not_carried"),
    ],
)
def test_a_clause_takes_the_first_state_of_its_controls(states, shown):
    assert rules.clause_state([Part("some.control", (), Shown(state)) for state in states]) == shown


@pytest.mark.parametrize(
    ("until", "shown"),
    [
        (None, Shown.NO_DATA),
        (ON + timedelta(days=15), Shown.MET),
        (ON + timedelta(days=14), Shown.DUE),
        (ON, Shown.DUE),
        (ON - timedelta(days=1), Shown.BROKEN),
    ],
)
def test_a_confirmed_clause_is_met_while_it_stands(until, shown):
    assert rules.attested_state(until, on=ON, remind_days=14) == shown


@pytest.mark.parametrize(
    ("kind", "shown"),
    [("control", Shown.MET), ("attested", Shown.DUE), ("informational", Shown.INFORMATIONAL), ("unjoined", Shown.UNJOINED)],
)
def test_what_a_clause_shows_depends_on_how_it_is_carried(kind, shown):
    assert rules.shown_for(kind, [Part("some.control", (), Shown.MET)], Shown.DUE) == shown

"""people.key_roles_filled: the whole item six ways, and each of its five lines by itself."""

from datetime import date, timedelta

import pytest
from tests.people.test_people_controls import asked, params_of

from schoolgate.common import clock
from schoolgate.common.actors import system
from schoolgate.contracts.controls import Item, Standing
from schoolgate.people import actions, queries, vacancies
from schoolgate.people.rules import RoleAnswer

DAY = date(2026, 3, 2)
ROLES = "people.key_roles_filled"
ALL = params_of(ROLES)["required_roles"]


class Town:
    """One school with a pool of people to appoint."""

    def __init__(self) -> None:
        with self.on(DAY):
            self.trust = actions.found_trust(ref="town", name="Town Trust", by=system("test"))
            self.school = actions.open_school(trust=self.trust, ref="town-school", name="Town School", phase="primary", by=system("test"))
            self.office = queries.scope_of_process("test", self.trust)
            self.people = [actions.add_person(given=f"Person {n}", family="Example", by=self.office) for n in range(30)]

    def on(self, day: date):
        return clock.standing_at(clock.at(day, 9))

    def confirm(self, day: date = DAY, **answers: RoleAnswer) -> None:
        with self.on(day):
            actions.confirm_roles(school=self.school, answers=answers or dict.fromkeys(ALL, RoleAnswer()), by=self.office)

    def only(self, *roles: str) -> None:
        """Strike out every role but these, so that a test sees one item."""
        self.confirm(**{role: RoleAnswer(struck_out="" if role in roles else "Not in this test") for role in ALL})

    def fill(self, role: str, number: int, day: date = DAY, *, accept: bool = True, **more):
        with self.on(day):
            at = {} if more.pop("across", False) else {"school": self.school}
            held = actions.appoint(
                person=self.people[number], role=role, starts_on=more.pop("starts_on", day), by=self.office, **at, **more
            )
            if accept:
                actions.accept_duties(appointment=held, by=queries.scope_of(self.people[number], day))
            return held

    def delegate(self, held, day: date = DAY) -> None:
        with self.on(day):
            actions.record_delegation(appointment=held, power="To run the school", delegated_on=day, minute="Board, item 2", by=self.office)

    def end(self, held, day: date) -> None:
        with self.on(day):
            actions.end_appointment(appointment=held, ends_on=day, by=self.office)

    def item(self, role_title: str, day: date) -> Item:
        return next(item for item in asked(ROLES, self.school, day).items if item.label == role_title)


@pytest.fixture
def town(db) -> Town:
    return Town()


def fill_everything(town: Town) -> None:
    """Every required role with its holder, deputy, minute, acceptance and delegation."""
    town.confirm()
    for number, role in enumerate(ALL):
        held = town.fill(role, number, minute="Board, item 1" if "governor" in role else "")
        if role == "headteacher":
            town.delegate(held)
    town.fill("deputy_dsl", 20)
    for number, role in enumerate(("website_lead", "school_comms_lead", "dp_lead"), start=21):
        town.fill(role, number, deputy=True)


def test_roles_nobody_confirmed_give_no_data(town):
    count = asked(ROLES, town.school, DAY)
    assert not count.items
    assert count.silent


def test_every_role_filled_is_good_in_every_line(town):
    fill_everything(town)
    count = asked(ROLES, town.school, DAY + timedelta(days=60))
    assert [item.label for item in count.items if item.standing != Standing.GOOD] == []
    assert len(count.items) == len(ALL) == 10
    lines = {line for item in count.items for line in item.lines}
    assert lines == set(vacancies.LINES)


def test_a_role_struck_out_with_a_reason_is_not_counted(town):
    town.only("sbm")
    assert [item.label for item in asked(ROLES, town.school, DAY).items] == ["School business manager"]


# ---- holder


def test_a_vacancy_is_due_for_thirty_days_and_broken_after(town):
    town.only("sbm")
    assert town.item("School business manager", DAY + timedelta(days=29)).lines["holder"] == Standing.DUE
    assert town.item("School business manager", DAY + timedelta(days=30)).lines["holder"] == Standing.BROKEN


def test_a_vacancy_counts_from_the_day_after_the_last_holder(town):
    town.only("sbm")
    held = town.fill("sbm", 0)
    town.end(held, DAY + timedelta(days=50))
    item = town.item("School business manager", DAY + timedelta(days=60))
    assert (item.lines["holder"], item.due_on) == (Standing.DUE, DAY + timedelta(days=81))


def test_a_long_vacancy_filled_is_late_for_28_days_and_then_good(town):
    town.only("sbm")
    filled = DAY + timedelta(days=40)
    town.fill("sbm", 0, filled)
    item = town.item("School business manager", filled + timedelta(days=27))
    assert (item.standing, item.put_right_on) == (Standing.LATE, filled)
    assert town.item("School business manager", filled + timedelta(days=28)).standing == Standing.GOOD


def test_a_short_vacancy_filled_leaves_no_trace(town):
    town.only("sbm")
    town.fill("sbm", 0, DAY + timedelta(days=20))
    assert town.item("School business manager", DAY + timedelta(days=21)).standing == Standing.GOOD


def test_a_governor_role_needs_the_minute(town):
    town.only("link_governor")
    held = town.fill("link_governor", 0)
    assert town.item("Link governor", DAY).lines["holder"] == Standing.DUE
    with town.on(DAY + timedelta(days=5)):
        actions.record_minute(appointment=held, minute="Board, item 3", by=town.office)
    assert town.item("Link governor", DAY + timedelta(days=5)).lines["holder"] == Standing.GOOD
    assert town.item("Link governor", DAY + timedelta(days=4)).lines["holder"] == Standing.DUE, "a past day reads as it was"


def test_the_coordinator_is_whoever_the_setting_names(town):
    town.only("coordinator")
    town.fill("sbm", 0)
    assert town.item("Policy co-ordinator", DAY).lines["holder"] == Standing.GOOD


def test_a_role_held_by_the_trust_stands_with_its_named_holder(town):
    held = town.fill("trust_dpo", 0, across=True)
    town.confirm(**{role: RoleAnswer(struck_out="Not in this test") for role in ALL} | {"dp_lead": RoleAnswer(held_by=held)})
    assert town.item("Data protection lead in school", DAY).lines["holder"] == Standing.GOOD
    assert town.item("Data protection lead in school", DAY).lines["deputy"] == Standing.DUE
    town.fill("trust_dpo", 1, across=True, deputy=True)
    assert town.item("Data protection lead in school", DAY).standing == Standing.GOOD
    town.end(held, DAY + timedelta(days=3))
    assert town.item("Data protection lead in school", DAY + timedelta(days=4)).lines["holder"] == Standing.DUE


# ---- duties_accepted


def test_duties_are_due_for_ten_school_days_and_broken_after(town):
    town.only("sbm")
    town.fill("sbm", 0, accept=False)
    assert town.item("School business manager", date(2026, 3, 13)).lines["duties_accepted"] == Standing.DUE
    item = town.item("School business manager", date(2026, 3, 16))
    assert (item.lines["duties_accepted"], item.lines["holder"]) == (Standing.BROKEN, Standing.GOOD)


def test_duties_accepted_late_are_late_for_28_days(town):
    town.only("sbm")
    held = town.fill("sbm", 0, accept=False)
    with town.on(date(2026, 4, 1)):
        actions.accept_duties(appointment=held, by=queries.scope_of(town.people[0], date(2026, 4, 1)))
    item = town.item("School business manager", date(2026, 4, 2))
    assert (item.lines["duties_accepted"], item.put_right_on) == (Standing.LATE, date(2026, 4, 1))
    assert town.item("School business manager", date(2026, 4, 29)).standing == Standing.GOOD


def test_duties_written_anew_must_be_accepted_anew(town):
    town.only("sbm")
    held = town.fill("sbm", 0)
    with town.on(date(2026, 5, 5)):
        actions.write_duties(school=town.school, role="sbm", version="May 2026", text="Keep the register.", by=town.office)
    assert town.item("School business manager", date(2026, 5, 6)).lines["duties_accepted"] == Standing.DUE
    with town.on(date(2026, 5, 7)):
        actions.accept_duties(appointment=held, by=queries.scope_of(town.people[0], date(2026, 5, 7)))
    assert town.item("School business manager", date(2026, 5, 7)).lines["duties_accepted"] == Standing.GOOD


def test_a_new_holder_has_their_own_ten_days(town):
    town.only("sbm")
    first = town.fill("sbm", 0, accept=False)
    town.end(first, date(2026, 4, 30))
    town.fill("sbm", 1, date(2026, 5, 1), accept=False)
    assert town.item("School business manager", date(2026, 5, 5)).lines["duties_accepted"] == Standing.DUE


# ---- deputy


def test_one_person_alone_is_a_fault_where_a_deputy_is_asked_for(town):
    town.only("dsl")
    town.fill("dsl", 0)
    assert town.item("Designated safeguarding lead", DAY + timedelta(days=29)).lines["deputy"] == Standing.DUE
    assert town.item("Designated safeguarding lead", DAY + timedelta(days=30)).lines["deputy"] == Standing.BROKEN


def test_a_deputy_named_late_is_late_and_one_in_time_is_good(town):
    town.only("dsl")
    town.fill("dsl", 0)
    named = DAY + timedelta(days=45)
    town.fill("deputy_dsl", 1, named)
    assert town.item("Designated safeguarding lead", named).lines["deputy"] == Standing.LATE
    assert town.item("Designated safeguarding lead", named + timedelta(days=28)).lines["deputy"] == Standing.GOOD


def test_the_same_person_twice_does_not_stand_in_for_themselves(town):
    town.only("dsl")
    town.fill("dsl", 0)
    town.fill("deputy_dsl", 0)
    assert town.item("Designated safeguarding lead", DAY).lines["deputy"] == Standing.DUE


def test_a_role_outside_the_deputy_list_needs_none(town):
    town.only("sbm")
    town.fill("sbm", 0)
    assert "deputy" not in town.item("School business manager", DAY).lines


# ---- delegation


def test_the_head_needs_the_boards_delegation(town):
    town.only("headteacher")
    held = town.fill("headteacher", 0)
    assert town.item("Headteacher", DAY + timedelta(days=29)).lines["delegation"] == Standing.DUE
    assert town.item("Headteacher", DAY + timedelta(days=30)).lines["delegation"] == Standing.BROKEN
    town.delegate(held, DAY + timedelta(days=35))
    item = town.item("Headteacher", DAY + timedelta(days=36))
    assert (item.lines["delegation"], item.put_right_on) == (Standing.LATE, DAY + timedelta(days=35))


def test_a_delegation_lapses_with_a_change_of_holder(town):
    town.only("headteacher")
    held = town.fill("headteacher", 0)
    town.delegate(held)
    assert town.item("Headteacher", DAY).lines["delegation"] == Standing.GOOD
    town.end(held, date(2026, 8, 31))
    town.fill("headteacher", 1, date(2026, 9, 1))
    assert town.item("Headteacher", date(2026, 9, 2)).lines["delegation"] == Standing.DUE


# ---- reachable_today


def test_nobody_to_reach_today_is_broken_at_once_and_good_tomorrow(town):
    town.only("dsl")
    town.fill("dsl", 0)
    town.fill("deputy_dsl", 1)
    with town.on(DAY):
        actions.mark_absent(person=town.people[0], starts_on=DAY, ends_on=DAY + timedelta(days=1), by=town.office)
    assert town.item("Designated safeguarding lead", DAY).lines["reachable_today"] == Standing.GOOD, "the deputy is there"
    with town.on(DAY):
        actions.mark_absent(person=town.people[1], starts_on=DAY, ends_on=DAY, by=town.office)
    item = town.item("Designated safeguarding lead", DAY)
    assert (item.lines["reachable_today"], item.standing) == (Standing.BROKEN, Standing.BROKEN)
    assert town.item("Designated safeguarding lead", DAY + timedelta(days=1)).lines["reachable_today"] == Standing.GOOD


def test_long_leave_counts_as_not_reachable(town):
    town.only("headteacher")
    town.fill("headteacher", 0)
    with town.on(DAY):
        place = actions.engage(
            person=town.people[0], school=town.school, category="employee", starts_on=DAY, employer="Town", by=town.office
        )
        actions.set_aside(engagement=place, away_from=DAY, away_until=DAY + timedelta(days=90), reason="Illness", by=town.office)
    assert town.item("Headteacher", DAY).lines["reachable_today"] == Standing.BROKEN


def test_the_facts_of_any_number_of_schools_cost_the_same_queries(town, django_assert_num_queries):
    fill_everything(town)
    with town.on(DAY):
        schools = [actions.open_school(trust=town.trust, ref=f"s{n}", name=f"S{n}", phase="primary", by=system("test")) for n in range(5)]
    scope = queries.scope_of_process("test", town.trust)
    with django_assert_num_queries(7):
        queries.role_facts(scope, [town.school.id], DAY)
    with django_assert_num_queries(7):
        queries.role_facts(scope, [town.school.id, *(one.id for one in schools)], DAY)

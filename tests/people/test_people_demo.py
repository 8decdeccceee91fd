"""The demo year of the people package: it can be told from beginning to end, and shows the faults it promises."""

from datetime import timedelta

import pytest
from tests.people.test_people_controls import asked

from schoolgate.common import clock
from schoolgate.contracts.controls import Standing
from schoolgate.contracts.demo import Stage, events
from schoolgate.people import demo, queries
from schoolgate.people.models import Category

ROLES_TO_SIGN_IN = {
    "Headteacher", "Designated safeguarding lead", "School business manager", "Clerk to the governors", "Link governor", "Teacher",
    "Trust head of communications", "Administrator",
}  # fmt: skip


@pytest.fixture
def stage(db) -> Stage:
    """The stage at the end of the demo year, told by this package's events alone."""
    stage, today = Stage(), clock.today()
    for event in events():
        if event.name.startswith(demo.__name__):
            with clock.standing_at(clock.at(today + timedelta(days=event.day), event.hour)):
                event.happen(stage)
    return stage


def test_one_sign_in_for_each_role_of_the_tour(stage):
    assert {title for title, _ in stage["sign_ins"]} == ROLES_TO_SIGN_IN
    assert ("Headteacher", "head@harbour.larkfield.example") in stage["sign_ins"]
    assert stage["harbour.headteacher"].user.check_password(demo.DEMO_PASSWORD)


def test_every_school_has_a_dozen_adults_or_more(stage):
    for key in ("harbour", "moss", "quarry"):
        adults = list(queries.covered_adults(stage["office"](), stage[key].id, clock.today()))
        assert 12 <= len(adults) <= 32, key
    assert {one.category for one in queries.covered_adults(stage["office"](), stage["harbour"].id, clock.today())} == set(Category)


def test_the_stage_names_the_people_others_build_on(stage):
    for key in ("harbour", "moss", "quarry"):
        for role in ("headteacher", "dsl", "sbm", "link_governor", "chair_of_governors"):
            assert stage[f"{key}.{role}"].name
        assert stage[f"{key}.teachers"]
    assert stage["trust.trust_comms"].name
    assert stage["harbour.clerk"].name
    assert stage["office"]().may_anywhere("user.manage")


def faults(stage, control: str, key: str) -> list[str]:
    """What is broken in one school's control today."""
    return [item.label for item in asked(control, stage[key], clock.today()).items if item.standing == Standing.BROKEN]


def test_quarry_hill_has_no_deputy_safeguarding_lead_and_lists_nobody_confirmed(stage):
    assert "Designated safeguarding lead" in faults(stage, "people.key_roles_filled", "quarry")
    assert len(faults(stage, "people.register_confirmed", "quarry")) >= 3


def test_mossbank_forgot_a_letter_and_its_volunteers(stage):
    assert len(faults(stage, "people.leaver_reminders_sent", "moss")) == 1
    assert faults(stage, "people.register_confirmed", "moss") == ["Volunteer: 2 on the list"]
    assert faults(stage, "people.key_roles_filled", "moss") == []


def test_harbour_lane_has_nothing_broken(stage):
    for control in ("people.register_confirmed", "people.key_roles_filled", "people.leaver_reminders_sent", "people.audit_trail_intact"):
        assert faults(stage, control, "harbour") == [], control
    assert asked("people.leaver_reminders_sent", stage["harbour"], clock.today()).items


def test_the_second_step_is_owed_where_the_school_has_no_service_of_its_own(stage):
    assert asked("people.two_step_on", stage["harbour"], clock.today()).not_applicable
    assert faults(stage, "people.two_step_on", "quarry")

"""The demo year of the people package: it can be told from beginning to end, and shows the faults it promises."""

from datetime import timedelta

import pytest

from schoolgate.common import clock
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

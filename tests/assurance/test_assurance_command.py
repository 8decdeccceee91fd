"""`schoolgate assess`: readings printed by state, or as one object."""

import json
from datetime import date

import pytest
from typer.testing import CliRunner

from schoolgate.assurance import catalogue
from schoolgate.assurance.commands import app
from schoolgate.common import clock
from schoolgate.common.errors import BadInput, NotFound
from schoolgate.contracts.controls import Count, Item, Standing

ON = date(2026, 9, 14)


@pytest.fixture(autouse=True)
def this_morning():
    with clock.standing_at(clock.at(ON, 6, 2)):
        yield


@pytest.fixture
def two(answers):
    answers["people.register_confirmed"] = Count([Item("Employees", Standing.GOOD), Item("Governors", Standing.BROKEN)])
    answers["people.two_step_on"] = Count(silent="Nobody [bold]has[/bold] wide access.")


def run(*words):
    return CliRunner().invoke(app, ["assess", *words] if len(app.registered_commands) > 1 else list(words))


def test_it_prints_the_worst_first_with_counts_and_reasons(cast, two):
    result = run("--school", "alder-park")
    assert result.exit_code == 0
    assert result.stdout.index("Broken") < result.stdout.index("No data")
    assert "1 of 2" in result.stdout
    assert "1 broken" in result.stdout
    assert "[bold]" in result.stdout, "what a control says is text, never markup"


def test_json_is_one_object_and_nothing_else(cast, two):
    answer = json.loads(run("--school", "alder-park", "--on", "2026-09-01", "--json").stdout)
    assert (answer["school"]["ref"], answer["on"]) == ("alder-park", "2026-09-01")
    assert answer["summary"] == {"broken": 1, "due": 0, "no_data": 1, "met": 0, "not_applicable": 0}
    assert [row["control"] for row in answer["readings"]] == ["people.register_confirmed", "people.two_step_on"]
    assert len(answer["not_carried"]) == len(catalogue.controls()) - 2


def test_a_school_nobody_knows_is_one_sentence(cast, two):
    error = run("--school", "nowhere").exception
    assert isinstance(error, NotFound)
    assert "There is no school called nowhere" in error.sentence


def test_a_day_to_come_is_one_sentence(cast, two):
    assert isinstance(run("--school", "alder-park", "--on", "2027-01-01").exception, BadInput)


def test_a_day_that_is_no_date_is_bad_usage(cast, two):
    assert run("--school", "alder-park", "--on", "yesterday").exit_code == 2

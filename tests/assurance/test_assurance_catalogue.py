"""The catalogue is loaded whole, and what this version does not carry is a list that only shrinks."""

import pytest

from schoolgate import data
from schoolgate.assurance import catalogue
from schoolgate.contracts.controls import State, carried
from schoolgate.people.rules import known_roles

SETTINGS = {key: entry.get("default") for key, entry in data.load("rules/settings.yaml")["settings"].items()}


def test_every_control_of_the_catalogue_is_loaded_once():
    entries = data.load("catalogue/controls.yaml")["controls"]
    assert len(entries) == 130
    assert list(catalogue.controls()) == [entry["id"] for entry in entries]


@pytest.mark.parametrize("control", catalogue.controls().values(), ids=lambda control: control.id)
def test_a_control_is_loaded_whole(control):
    entry = next(row for row in data.load("catalogue/controls.yaml")["controls"] if row["id"] == control.id)
    assert (control.title, control.promise, control.kind, control.shape) == (
        entry["title"],
        entry["promise"],
        entry["kind"],
        entry["shape"],
    )
    assert (control.denominator, control.numerator, control.window) == tuple(
        entry["counts"][k] for k in ("denominator", "numerator", "window")
    )
    assert dict(control.lines) == entry["counts"].get("lines", {})
    assert (control.due, control.broken) == (entry["due"]["due"], entry["due"]["broken"])
    assert (control.no_data, control.not_applicable) == (entry["nil_rule"]["no_data"], entry["nil_rule"]["not_applicable"])
    assert (list(control.who_acts), control.asks, control.evidence) == (entry["who_acts"], entry["asks"], entry["evidence"])
    assert (list(control.serves), control.per_clause) == (entry["serves"], entry.get("per_clause", False))
    assert control.kind in (catalogue.COMPUTED, catalogue.ATTESTED)
    assert control.serves or control.beyond, "a control serves a clause or says why it goes beyond them"


@pytest.mark.parametrize("control", catalogue.controls().values(), ids=lambda control: control.id)
def test_every_parameter_resolves_and_every_actor_is_a_known_role(control):
    params = catalogue.resolved(control, SETTINGS)
    assert set(control.parameters) | set(catalogue.shared_numbers()) == set(params)
    assert "setting" not in str([value for value in params.values() if isinstance(value, dict)])
    assert set(control.who_acts) <= known_roles()


def test_parameters_take_the_schools_own_setting_a_clock_a_shared_number_and_a_table():
    reports = catalogue.resolved(catalogue.controls()["assurance.reports_delivered"], {**SETTINGS, "review.head_reports": 7})
    assert reports["reporting_calendar"]["head_yearly"] == 7
    assert reports["minute_days"] == 60
    assert reports["late_days"] == 28
    assert catalogue.resolved(catalogue.controls()["monitoring.harmful_comments_acted_on"], SETTINGS)["chase_clock"] == "48h"


def test_a_setting_that_is_not_there_is_a_mistake_and_not_a_guess():
    with pytest.raises(KeyError, match=r"except\.max_months"):
        catalogue.resolved(catalogue.controls()["assurance.exceptions_in_date"], {})


def test_a_nil_rule_that_begins_never_takes_no_record():
    assert not catalogue.controls()["people.register_confirmed"].may_be_not_applicable
    assert not catalogue.controls()["people.key_roles_filled"].may_be_not_applicable
    assert catalogue.controls()["people.two_step_on"].may_be_not_applicable
    assert sum(control.may_be_not_applicable for control in catalogue.controls().values()) == 45


def test_nil_statements_are_taken_where_the_nil_rule_names_them():
    assert catalogue.controls()["people.leaver_reminders_sent"].takes_nil_statements
    assert not catalogue.controls()["people.register_confirmed"].takes_nil_statements


def test_a_text_is_told_with_the_schools_own_numbers():
    control = catalogue.controls()["people.register_confirmed"]
    assert "100 days" in catalogue.worded(control.broken, control, SETTINGS)
    assert "10 school days" in catalogue.worded(control.broken, control, SETTINGS)
    assert "14 days" in catalogue.worded(control.due, control, SETTINGS)


def test_the_precedence_is_the_catalogues():
    assert catalogue.precedence() == (State.NOT_APPLICABLE, State.NO_DATA, State.BROKEN, State.DUE, State.MET)
    assert catalogue.clause_precedence() == (State.BROKEN, State.NO_DATA, State.DUE, State.MET)


def test_every_carried_control_is_in_the_catalogue():
    assert set(carried()) <= set(catalogue.controls())

"""What assurance asks of whom."""

from datetime import date, timedelta

import pytest

from schoolgate.assurance import actions, todo
from schoolgate.common import clock
from schoolgate.contracts.controls import Count, Item, Standing

ON = date(2026, 9, 14)
CONTROL = "agreements.signed_by_everyone"


@pytest.fixture(autouse=True)
def this_morning():
    with clock.standing_at(clock.at(ON, 6, 2)):
        yield


@pytest.fixture
def broken(cast, answers):
    answers |= {CONTROL: Count([Item("A teacher", Standing.BROKEN)]), "people.two_step_on": lambda q: 1 / 0}
    actions.assess(school=cast.school, on=ON, by=cast.office)


def accept(cast, days):
    return actions.accept_exception(
        school=cast.school, control=CONTROL, reason="Printed.", owner=cast.sbm, ends_on=ON + timedelta(days=days), by=cast.scope("head")
    )


@pytest.mark.parametrize(("days", "asked"), [(14, 1), (15, 0)])
def test_the_head_is_asked_again_inside_remind_days(cast, broken, days, asked):
    accept(cast, days)
    tasks = list(todo.exceptions_ending(cast.scope("head"), ON))
    assert len(tasks) == asked
    assert list(todo.exceptions_ending(cast.scope("teacher"), ON)) == []
    assert list(todo.exceptions_ending(cast.scope("sister_head"), ON)) == []


def test_an_exception_that_ended_is_still_asked_about(cast, broken):
    made = accept(cast, 14)
    (task,) = todo.exceptions_ending(cast.scope("head"), ON + timedelta(days=30))
    assert task.due_on == made.ends_on
    assert CONTROL in task.url
    actions.withdraw_exception(exception=made, by=cast.scope("head"))
    assert list(todo.exceptions_ending(cast.scope("head"), ON + timedelta(days=30))) == []


def test_the_administrator_is_asked_about_a_check_that_failed(cast, broken):
    (task,) = todo.failed_checks(cast.scope("administrator"), ON)
    assert "Second sign-in step" in task.title
    assert list(todo.failed_checks(cast.scope("head"), ON)) == []


def test_both_questions_cost_the_same_however_many_schools_there_are(cast, broken, django_assert_num_queries):
    accept(cast, 10)
    head, administrator = cast.scope("head"), cast.scope("administrator")
    with django_assert_num_queries(1):
        list(todo.exceptions_ending(head, ON))
    with django_assert_num_queries(4):
        list(todo.failed_checks(administrator, ON))

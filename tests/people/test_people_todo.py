"""What is asked of whom about people."""

from datetime import date, timedelta

import pytest

from schoolgate.common import clock
from schoolgate.common.actors import system
from schoolgate.contracts.controls import carried
from schoolgate.people import actions, controls, queries, rules, todo
from schoolgate.people.models import Appointment, Category, Engagement
from schoolgate.people.rules import RoleAnswer

TODAY = date(2026, 11, 2)


@pytest.fixture(autouse=True)
def _monday():
    with clock.standing_at(clock.at(TODAY, 9)):
        yield


def titles(ask, scope, day: date = TODAY) -> list[str]:
    return [task.title for task in ask(scope, day)]


def test_the_keeper_is_asked_for_every_list_never_confirmed(cast):
    assert len(titles(todo.lists_to_confirm, cast.scope("sbm"))) == len(Category)
    assert titles(todo.lists_to_confirm, cast.scope("teacher")) == []


def test_a_confirmed_list_is_asked_for_again_a_fortnight_before_it_lapses(cast):
    for category in Category.values:
        held = Engagement.objects.filter(school=cast.school, category=category).exists()
        actions.confirm_register(school=cast.school, category=category, none_here=not held, by=cast.scope("sbm"))
    assert titles(todo.lists_to_confirm, cast.scope("sbm"), TODAY + timedelta(days=85)) == []
    tasks = list(todo.lists_to_confirm(cast.scope("sbm"), TODAY + timedelta(days=86)))
    assert {task.due_on for task in tasks} == {TODAY + timedelta(days=100)}


def test_the_head_is_asked_to_confirm_roles_and_then_to_fill_them(cast):
    assert titles(todo.roles_to_fill, cast.scope("head")) == ["Confirm which roles are needed"]
    answers = {"dsl": RoleAnswer(), "link_governor": RoleAnswer()}
    struck = dict.fromkeys(rules.role_numbers()["required_roles"], RoleAnswer(struck_out="Not here"))
    actions.confirm_roles(school=cast.school, answers=struck | answers, by=cast.scope("head"))
    assert titles(todo.roles_to_fill, cast.scope("head")) == [
        "Name a deputy: Designated safeguarding lead", "Name a holder: Link governor",
    ]  # fmt: skip
    assert titles(todo.roles_to_fill, cast.scope("clerk")) == ["Name a holder: Link governor"], "the clerk fills governors' roles"
    assert titles(todo.roles_to_fill, cast.scope("teacher")) == []


def test_holders_are_asked_to_accept_their_own_duties(cast):
    assert titles(todo.duties_to_accept, cast.scope("dsl")) == ["Read and accept your duties: Designated safeguarding lead"]
    actions.accept_duties(appointment=Appointment.objects.get(person=cast.dsl), by=cast.scope("dsl"))
    assert titles(todo.duties_to_accept, cast.scope("dsl")) == []
    actions.write_duties(school=cast.school, role="dsl", version="2", text="Listen first.", by=cast.office)
    assert len(titles(todo.duties_to_accept, cast.scope("dsl"))) == 1


def test_the_office_is_asked_for_the_letter_and_then_for_the_answer(cast):
    place = actions.end_engagement(engagement=Engagement.objects.get(person=cast.teacher), ends_on=TODAY, by=cast.office)
    assert titles(todo.letters_to_send, cast.scope("clerk")) == ["Send Teacher Example the leaver’s letter"]
    letter = actions.send_leaver_letter(engagement=place, by=cast.office)
    assert titles(todo.letters_to_send, cast.scope("clerk")) == ["Record the answer to Teacher Example’s leaver’s letter"]
    actions.answer_leaver_letter(letter=letter, answer="signed", by=cast.office)
    assert titles(todo.letters_to_send, cast.scope("clerk")) == []


def test_wide_access_without_a_second_step_is_asked_for_one(cast):
    assert titles(todo.step_to_switch_on, cast.scope("sbm")) == [], "cannot sign in yet"
    actions.give_sign_in(person=cast.sbm, email="sbm@example.org", by=cast.office)
    assert [task.due_on for task in todo.step_to_switch_on(cast.scope("sbm"), TODAY)] == [TODAY + timedelta(days=7)]
    actions.record_identity_second_step(school=cast.school, service="School accounts", by=cast.office)
    assert titles(todo.step_to_switch_on, cast.scope("sbm")) == []


@pytest.mark.parametrize(
    "ask",
    [todo.lists_to_confirm, todo.roles_to_fill, todo.duties_to_accept, todo.letters_to_send, todo.step_to_switch_on, todo.break_to_explain],
)
def test_more_schools_cost_no_more_queries(cast, ask, django_assert_max_num_queries):
    actions.appoint(person=cast.teacher, role="trust_it_lead", starts_on=TODAY, by=cast.office)
    for number in range(6):
        school = actions.open_school(trust=cast.trust, ref=f"more-{number}", name=f"More {number}", phase="primary", by=system("test"))
        office = queries.scope_of_process("test", cast.trust)
        actions.confirm_roles(school=school, answers={"dsl": RoleAnswer()}, by=office)
        person = actions.add_person(given="Ann", family="Other", by=office)
        actions.engage(person=person, school=school, category="employee", starts_on=TODAY, ends_on=TODAY, by=office)
    scope = cast.scope("teacher")
    assert len(scope.schools) == 8
    with django_assert_max_num_queries(8):
        list(ask(scope, TODAY))


def test_the_controls_of_the_package_are_registered():
    mine = {name for name in carried() if name.startswith("people.")}
    named = (
        controls.register_confirmed,
        controls.key_roles_filled,
        controls.leaver_reminders_sent,
        controls.audit_trail_intact,
        controls.two_step_on,
    )
    assert mine == {f"people.{ask.__name__}" for ask in named}

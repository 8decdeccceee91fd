"""The to-dos about settings, departures, reviews, early reasons and companions: to whom, by when, and gone when done."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.conftest import place
from tests.policies.conftest import DAY, TEXT

from schoolgate import policytext
from schoolgate.common import clock
from schoolgate.common.actors import system
from schoolgate.common.workingdays import add_days
from schoolgate.contracts.todo import Task, questions
from schoolgate.people import actions as people
from schoolgate.people import queries as reach
from schoolgate.policies import actions, rules, todo
from schoolgate.policies.models import PolicyReview
from schoolgate.policies.rules import choices, settling

OPEN = "It is regularly monitored."
KEY = "profile.employer_named"


@pytest.fixture
def live(imported, in_force):
    with clock.standing_at(clock.at(DAY)):
        return in_force(imported)


@pytest.fixture
def chief(cast):
    cast.people["chief"] = place(cast.office, cast.sister, "chief", "trust_ceo", "employee", across_trust=True)
    return cast.people["chief"]


def asked(ask, cast, who, on=DAY) -> list[Task]:
    with clock.standing_at(clock.at(on)):
        return list(ask(cast.scope(who, on), on))


EVERY = {
    "policies.companions": todo.companions_to_mend, "policies.departures": todo.departures_to_answer,
    "policies.early_reasons": todo.early_reasons_to_decide, "policies.reviews": todo.reviews_to_hold,
    "policies.settings": todo.settings_to_decide, "policies.signatures": todo.reviews_to_sign,
}  # fmt: skip


def test_the_questions_are_registered():
    assert {name: questions()[name] for name in EVERY} == EVERY


# ------------------------------------------------------------------ settings


def test_a_head_is_asked_once_for_all_settings_that_wait_by_the_day_the_control_counts(cast, live):
    (task,) = asked(todo.settings_to_decide, cast, "head")
    assert task.count > 1
    assert task.title == f"Decide {task.count} settings of {cast.school.name}"
    assert task.due_on == DAY + timedelta(days=30)
    for who in ("clerk", "teacher", "trust_comms", "outsider"):
        assert asked(todo.settings_to_decide, cast, who) == []


def test_it_is_gone_when_every_setting_is_decided(cast, live):
    own = [key for key, told in choices.settings().items() if not told.get("locked") and told.get("change_by") != "trust"]
    for key in own:
        actions.choose_setting(key=key, value=choices.default(key), school=cast.school, reason="As we do", by=cast.scope("head"))
    assert asked(todo.settings_to_decide, cast, "head") == []


def test_the_trusts_leaders_are_asked_for_what_only_the_trust_decides(cast, chief, live):
    """Once a clause in force at any school is joined to a control that uses such a setting."""
    assert asked(todo.settings_to_decide, cast, "chief") == []
    trusts = {key for key, told in choices.settings().items() if told.get("change_by") == "trust"}
    control = next(one for one in rules.catalogue() if trusts & set(settling.settings_of(one)))
    actions.join_clause(clause=live.clauses.get(ref="1.1"), controls=[(control, [])], by=cast.scope("clerk"))
    (task,) = asked(todo.settings_to_decide, cast, "chief")
    assert task.title.endswith("of the trust")
    for key, told in choices.settings().items():
        if not told.get("locked"):
            actions.choose_setting(key=key, value=choices.default(key), by=cast.scope("chief"))
    assert asked(todo.settings_to_decide, cast, "chief") == []
    assert asked(todo.settings_to_decide, cast, "head") == []


def test_the_trust_answers_what_schools_ask(cast, chief):
    assert asked(todo.departures_to_answer, cast, "chief") == []
    with clock.standing_at(clock.at(DAY)):
        row = actions.choose_setting(key=KEY, value="forbid", school=cast.school, reason="x", by=cast.scope("head", DAY))
    (task,) = asked(todo.departures_to_answer, cast, "chief")
    assert (task.due_on, cast.school.name in task.title) == (DAY + timedelta(days=30), True)
    for who in ("head", "trust_comms", "outsider"):
        assert asked(todo.departures_to_answer, cast, who) == []
    actions.answer_departure(choice=row, agreed=False, why="No", by=cast.scope("chief"))
    assert asked(todo.departures_to_answer, cast, "chief") == []


# ------------------------------------------------------------------ reviews


def record(cast, live, on) -> PolicyReview:
    with clock.standing_at(clock.at(on)):
        return actions.record_review(
            policy=live.policy, school=cast.school, held_on=on, outcome="no_change", minute="7", note="", by=cast.scope("clerk", on)
        )


def test_a_review_is_asked_for_then_signed_for_then_gone(cast, live):
    due = live.review_on
    near = due - timedelta(days=60)
    assert asked(todo.reviews_to_hold, cast, "clerk", near - timedelta(days=1)) == []
    (task,) = asked(todo.reviews_to_hold, cast, "clerk", near)
    assert task.due_on == due
    assert asked(todo.reviews_to_hold, cast, "trust_comms", near) == asked(todo.reviews_to_hold, cast, "teacher", near) == []
    row = record(cast, live, near)
    assert asked(todo.reviews_to_hold, cast, "clerk", near) == []
    for who, role in (("head", "headteacher"), ("sbm", "coordinator"), ("governor", "link_governor")):
        (task,) = asked(todo.reviews_to_sign, cast, who, near)
        assert (task.due_on, "Sign the review" in task.title) == (due, True)
        with clock.standing_at(clock.at(near)):
            actions.sign_review(review=row, role=role, comment="Agreed", by=cast.scope(who, near))
        assert asked(todo.reviews_to_sign, cast, who, near) == []
    assert asked(todo.reviews_to_sign, cast, "teacher", near) == asked(todo.reviews_to_sign, cast, "clerk", near) == []
    assert asked(todo.reviews_to_hold, cast, "clerk", due + timedelta(days=1)) == []
    again = add_days(near, 12, "months")
    (task,) = asked(todo.reviews_to_hold, cast, "clerk", again)
    assert task.due_on == again


# ------------------------------------------------------------------ early reasons


def reason(cast, live):
    with clock.standing_at(clock.at(DAY)):
        return actions.raise_early_reason(policy=live.policy, school=cast.school, kind="law", words="New", by=cast.scope("clerk"))


def test_the_owner_decides_an_early_reason_else_those_who_edit(cast, live):
    row = reason(cast, live)
    (task,) = asked(todo.early_reasons_to_decide, cast, "clerk")
    assert task.due_on == add_days(DAY, 20, "school_days")
    live.policy.owner_role = "headteacher"
    live.policy.save(update_fields=["owner_role"])
    assert asked(todo.early_reasons_to_decide, cast, "clerk") == []
    assert len(asked(todo.early_reasons_to_decide, cast, "head")) == 1
    live.policy.owner_role = "dsl"  # whoever owns it may not edit it, so the editors decide
    live.policy.save(update_fields=["owner_role"])
    assert len(asked(todo.early_reasons_to_decide, cast, "clerk")) == 1
    for who in ("teacher", "sister_head", "outsider", "trust_comms"):
        assert asked(todo.early_reasons_to_decide, cast, who) == []
    actions.decide_early_reason(reason=row, answer="nothing", why="It changes nothing", by=cast.scope("head"))
    assert asked(todo.early_reasons_to_decide, cast, "clerk") == asked(todo.early_reasons_to_decide, cast, "head") == []


# ------------------------------------------------------------------ companions


def test_companions_out_of_order_are_asked_for_until_they_are_in_order(cast, live):
    assert asked(todo.companions_to_mend, cast, "clerk") == []
    with clock.standing_at(clock.at(DAY)):
        rows = [actions.list_companion(school=cast.school, title=f"{one} Policy", by=cast.scope("clerk")) for one in ("Pay", "Leave")]
    (task,) = asked(todo.companions_to_mend, cast, "clerk")
    assert (task.count, task.due_on) == (2, None)
    ends = DAY + timedelta(days=10)
    for row, review_on in zip(rows, (ends, DAY + timedelta(days=300)), strict=True):
        with clock.standing_at(clock.at(DAY)):
            actions.record_edition(
                companion=row, where="https://example.org", owner_role="", dated=DAY, review_on=review_on, by=cast.scope("clerk")
            )
            actions.check_companion(companion=row, opened=True, by=cast.scope("clerk"))
    (task,) = asked(todo.companions_to_mend, cast, "clerk")
    assert (task.count, task.due_on) == (1, ends)
    for who in ("teacher", "trust_comms", "sister_head"):
        assert asked(todo.companions_to_mend, cast, who) == []
    with clock.standing_at(clock.at(DAY, 12)):
        actions.record_edition(
            companion=rows[0], where="x", owner_role="", dated=DAY, review_on=DAY + timedelta(days=300), by=cast.scope("clerk")
        )
    assert asked(todo.companions_to_mend, cast, "clerk") == []


# ------------------------------------------------------------------ size


@pytest.mark.parametrize("ask", EVERY.values(), ids=EVERY)
def test_the_number_of_queries_does_not_grow(cast, chief, ask):
    """A head of several schools and a leader of the trust, with 2 schools and then with 8."""
    counted = []
    for number in (2, 6):
        for _ in range(number):
            grow(cast)
        told = []
        for who in ("head", "chief", "clerk"):
            scope = cast.scope(who)
            with CaptureQueriesContext(connection) as made:
                list(ask(scope, clock.today()))
            told.append(len(made))
        counted.append(told)
    assert counted[0] == counted[1]
    assert max(counted[1]) <= 10


def grow(cast) -> None:
    """One more school of the same head and clerk, with everything there is to ask about."""
    today = clock.today()
    number = cast.trust.schools.count()
    school = people.open_school(trust=cast.trust, ref=f"more-{number}", name=f"More {number}", phase="primary", by=system("test set-up"))
    for who, role in (("head", "headteacher"), ("clerk", "clerk")):
        person = cast.people[who]
        people.engage(person=person, school=school, category="employee", starts_on=today, employer="x", by=cast_office(cast))
        people.appoint(person=person, role=role, school=school, starts_on=today, by=cast_office(cast))
    office = cast_office(cast)
    text = policytext.read_text(TEXT.replace("Alder Park", school.name) + f"3.1 The {OPEN}\n", "policy.txt")
    version = actions.import_version(document=text, school=school, title=f"Policy {number}", by=cast.scope("clerk"))
    actions.submit(version=version, by=office)
    version = actions.approve(version=version, body="x", minute="1", met_on=today, by=cast.scope("head"))
    version = actions.bring_into_force(version=version, from_day=today, by=office)
    actions.raise_early_reason(policy=version.policy, school=school, kind="law", words="New", by=office)
    actions.list_companion(school=school, title="Behaviour Policy", by=office)
    actions.record_review(policy=version.policy, school=school, held_on=today, outcome="change", minute="7", note="", by=office)
    actions.choose_setting(key=KEY, value="forbid", school=school, reason="x", by=cast.scope("head"))


def cast_office(cast):
    return reach.scope_of_process("test set-up", cast.trust)

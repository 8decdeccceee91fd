"""A promise broken for long is written down once as a reason to review the policy early."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from schoolgate.assurance import actions, queries
from schoolgate.common import clock
from schoolgate.contracts.controls import Count, Item, Standing
from schoolgate.contracts.jobs import jobs
from schoolgate.policies import actions as policies
from schoolgate.policies.models import EarlyReason

START = date(2026, 3, 9)
CONTROL = "agreements.signed_by_everyone"


@pytest.fixture
def joined(cast, in_force):
    version = in_force(cast.school)
    policies.join_clause(clause=version.clauses.get(ref="2.1"), controls=[(CONTROL, [])], by=cast.office)
    return version


def read(cast, answers, on, standing) -> None:
    answers |= {CONTROL: Count([Item("A teacher", standing)])}
    with clock.standing_at(clock.at(on, 6)):
        actions.assess(school=cast.school, on=on, by=cast.office)


def run(on) -> list[EarlyReason]:
    with clock.standing_at(clock.at(on, 7)):
        jobs()["assurance.long_broken"].run(clock.now())
    return list(EarlyReason.objects.order_by("raised_at", "id"))


def test_it_is_a_reason_after_a_term_and_only_once(cast, answers, joined):
    read(cast, answers, START, Standing.BROKEN)
    assert run(START + timedelta(days=89)) == []
    (row,) = run(START + timedelta(days=90))
    assert (row.kind, row.policy_id, row.clause.ref) == ("broken", joined.policy_id, "2.1")
    assert row.path == reverse("assurance:control", args=[cast.school.ref, CONTROL])
    assert "broken since 9 March 2026" in row.words
    read(cast, answers, START + timedelta(days=100), Standing.BROKEN)
    assert run(START + timedelta(days=101)) == [row]


def test_a_promise_kept_in_between_starts_the_count_anew(cast, answers, joined):
    read(cast, answers, START, Standing.BROKEN)
    read(cast, answers, START + timedelta(days=30), Standing.GOOD)
    assert run(START + timedelta(days=120)) == []
    read(cast, answers, START + timedelta(days=40), Standing.BROKEN)
    read(cast, answers, START + timedelta(days=60), Standing.BROKEN)
    assert queries.broken_since(cast.office, cast.school.id) == {CONTROL: START + timedelta(days=40)}
    assert run(START + timedelta(days=129)) == []
    assert len(run(START + timedelta(days=130))) == 1


def test_a_broken_control_that_no_policy_promises_is_no_reason(cast, answers, in_force):
    in_force(cast.school)
    read(cast, answers, START, Standing.BROKEN)
    assert run(START + timedelta(days=120)) == []


def test_the_count_costs_the_same_however_many_readings_there_are(cast, answers, joined, django_assert_num_queries):
    read(cast, answers, START, Standing.BROKEN)
    with django_assert_num_queries(2):
        queries.broken_since(cast.office, cast.school.id)
    for days in range(1, 6):
        read(cast, answers, START + timedelta(days=days), Standing.BROKEN)
    with django_assert_num_queries(2):
        assert queries.broken_since(cast.office, cast.school.id) == {CONTROL: START}

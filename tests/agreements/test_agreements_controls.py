"""agreements.signed_by_everyone: six ways, each line by itself, refusal, leave, minor change, and the number of queries."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.agreements.conftest import DAY
from tests.conftest import place

from schoolgate.agreements import actions
from schoolgate.agreements.models import Signature
from schoolgate.common import clock
from schoolgate.contracts.controls import Standing, carried
from schoolgate.people import actions as people
from schoolgate.people.models import Engagement, Person

EVERYONE = ["head", "dsl", "sbm", "clerk", "administrator", "teacher", "governor"]  # not the contractor


def of(count, name):
    return next(item for item in count.items if item.label.startswith(name.title()))


def standings(count):
    return Counter(item.standing for item in count.items)


def test_the_control_is_registered():
    assert "agreements.signed_by_everyone" in carried()


def test_met_when_everyone_has_signed(published, after):
    for name in EVERYONE:
        published.sign(name, after(1))
    count = published.ask(after(20))
    assert standings(count) == {Standing.GOOD: 7}
    assert all(item.url and not item.due_on for item in count.items)


def test_contractors_are_counted_elsewhere(published, after):
    assert not any(item.label.startswith("Contractor") for item in published.ask(after(1)).items)


def test_due_while_the_days_to_sign_run(published, after):
    count = published.ask(after(13))
    assert standings(count) == {Standing.DUE: 7}
    assert of(count, "teacher").due_on == after(13)


def test_broken_once_the_days_are_over(published, after):
    assert standings(published.ask(after(14))) == {Standing.BROKEN: 7}


def test_signed_late_is_good_again(published, after):
    published.sign("teacher", after(30))
    assert of(published.ask(after(29)), "teacher").standing == Standing.BROKEN
    assert of(published.ask(after(30)), "teacher").standing == Standing.GOOD


def test_no_data_without_a_form_and_without_adults(world, cast, after):
    assert not world.ask(after(0)).items
    version = world.bring()
    assert "No agreement form" in world.ask(after(0)).silent
    world.publish(version, categories=["employee"])
    Engagement.objects.filter(school=cast.school).update(ends_on=after(5))
    nobody = world.ask(after(6))
    assert nobody.items == []
    assert "no active adults" in nobody.silent


def test_no_data_from_the_day_a_new_version_holds_until_its_form_is_published(published, after):
    second = published.bring(2, after(10), policy=published.form.policy)
    assert published.ask(after(9)).items
    assert not published.ask(after(10)).items
    published.publish(second, after(12))
    assert standings(published.ask(after(12))) == {Standing.DUE: 7}


def test_a_new_version_is_signed_again_and_a_small_correction_is_not(published, after):
    published.sign("teacher", after(1))
    second = published.publish(published.bring(2, after(10), policy=published.form.policy), after(10))
    assert of(published.ask(after(10)), "teacher").standing == Standing.DUE
    assert of(published.ask(after(24)), "teacher").standing == Standing.BROKEN
    published.sign("teacher", after(24), form=second)
    third = published.bring(3, after(40), policy=second.policy)
    published.publish(third, after(40), minor_change="A spelling mistake in 1.2")
    assert of(published.ask(after(41)), "teacher").standing == Standing.GOOD
    assert of(published.ask(after(41)), "head").standing == Standing.BROKEN  # the earlier time to sign runs on
    assert Signature.objects.count() == 2


def test_a_small_correction_does_not_revive_what_an_earlier_change_ended(published, after):
    published.sign("teacher", after(1))
    second = published.bring(2, after(10), policy=published.form.policy)
    published.publish(second, after(10))
    published.publish(published.bring(3, after(11), policy=second.policy), after(11), minor_change="Spelling")
    assert of(published.ask(after(12)), "teacher").standing == Standing.DUE


def test_a_signature_lapses_after_renew_months_where_it_is_asked_each_autumn(published, after):
    published.sign("teacher", after(0))
    year = DAY.replace(year=2027)
    assert of(published.ask(year - timedelta(days=15)), "teacher").standing == Standing.GOOD
    assert of(published.ask(year - timedelta(days=14)), "teacher").standing == Standing.LAPSING
    assert of(published.ask(year), "teacher").standing == Standing.BROKEN
    assert of(published.ask(year, resign_when=["joining", "new_version"]), "teacher").standing == Standing.GOOD


def test_days_count_from_joining_for_who_joins_later(published, cast, after):
    with clock.standing_at(clock.at(after(50))):
        person = people.add_person(given="Newcomer", family="Example", by=cast.office)
        people.engage(person=person, school=cast.school, category="employee", starts_on=after(50), employer="x", by=cast.office)
    assert of(published.ask(after(63)), "newcomer").standing == Standing.DUE
    assert of(published.ask(after(64)), "newcomer").standing == Standing.BROKEN
    assert len(published.ask(after(49)).items) == 7


def test_a_refusal_is_unsigned_and_says_whether_the_head_answered(published, cast, after):
    with clock.standing_at(clock.at(after(1))):
        refusal = actions.refuse(agreement=published.form, reason="It asks too much.", by=cast.scope("teacher", after(1)))
    item = of(published.ask(after(2)), "teacher")
    assert item.standing == Standing.DUE
    assert "the head has not answered" in item.why
    with clock.standing_at(clock.at(after(3))):
        actions.answer_refusal(refusal=refusal, decision="Talk on Friday.", by=cast.scope("head", after(3)))
    count = published.ask(after(20))
    assert of(count, "teacher").standing == Standing.BROKEN
    assert "the head answered on 5 March 2026" in of(count, "teacher").why
    assert "too much" not in of(count, "teacher").why
    assert count.measured["refused"] == 1
    published.sign("teacher", after(21))
    assert of(published.ask(after(21)), "teacher").standing == Standing.GOOD


def test_people_on_long_leave_are_set_aside_until_they_are_back(published, cast, after):
    Engagement.objects.filter(person=cast.teacher).update(away_from=after(5), away_until=after(40), away_reason="Maternity leave")
    count = published.ask(after(20))
    assert len(count.items) == 6
    assert count.measured["set_aside"] == 1
    assert of(published.ask(after(41)), "teacher").standing == Standing.BROKEN


def test_a_category_no_form_asks_is_unsigned(world, after):
    world.publish(world.bring(), categories=["employee"])
    item = of(world.ask(after(1)), "governor")
    assert item.standing == Standing.DUE
    assert "No published form asks" in item.why


@pytest.mark.parametrize(
    ("category", "line"),
    [
        ("employee", "staff"),
        ("supply", "staff"),
        ("governor", "governors"),
        ("volunteer", "volunteers_and_trainees"),
        ("trainee", "volunteers_and_trainees"),
    ],
)
def test_each_line_by_itself(published, cast, after, category, line):
    cast.people["somebody"] = place(cast.office, cast.school, "somebody", None, category)
    assert dict(of(published.ask(after(13)), "somebody").lines) == {line: Standing.DUE}
    assert dict(of(published.ask(after(14)), "somebody").lines) == {line: Standing.BROKEN}
    published.sign("somebody", after(15))
    assert dict(of(published.ask(after(15)), "somebody").lines) == {line: Standing.GOOD}
    assert dict(of(published.ask(DAY.replace(year=2027) + timedelta(days=12)), "somebody").lines) == {line: Standing.LAPSING}


def test_a_teacher_who_becomes_a_governor_is_one_item_with_two_lines(published, cast, after):
    published.sign("teacher", after(1))
    with clock.standing_at(clock.at(after(30))):
        people.engage(person=cast.teacher, school=cast.school, category="governor", starts_on=after(30), by=cast.office)
    count = published.ask(after(31))
    item = of(count, "teacher")
    assert dict(item.lines) == {"staff": Standing.GOOD, "governors": Standing.DUE}
    assert item.standing == Standing.DUE
    assert len(count.items) == 7
    published.sign("teacher", after(32))
    assert of(published.ask(after(32)), "teacher").standing == Standing.GOOD


def test_another_schools_signatures_do_not_count(published, cast, after):
    assert not published.ask(after(1), school_id=cast.sister.id).items


def test_the_answer_for_a_past_day_stays_the_same(published, after):
    before = published.ask(after(5))
    published.sign("teacher", after(8))
    published.publish(published.bring(2, after(20), policy=published.form.policy), after(20))
    assert published.ask(after(5)) == before


def test_3500_staff_take_the_same_number_of_queries_as_seven(published, cast, after):
    with CaptureQueriesContext(connection) as few:
        published.ask(after(1))
    now = clock.at(DAY)
    persons = [Person(trust=cast.trust, given=f"P{number}", family="Many", created_at=now) for number in range(3_500)]
    Person.objects.bulk_create(persons)
    Engagement.objects.bulk_create(
        [Engagement(school=cast.school, person=one, category="employee", starts_on=DAY, added_at=now) for one in persons]
    )
    Signature.objects.bulk_create(
        Signature(
            school=cast.school, agreement=published.form, person=one, name_signed=one.name, role_that_day="x", category="employee",
            opened_at=now, signed_at=now, statements=[], fingerprint="f", means="signed_in", token="t",
        )
        for one in persons[:3_000]
    )  # fmt: skip
    with CaptureQueriesContext(connection) as many:
        count = published.ask(after(1))
    assert standings(count) == {Standing.GOOD: 3_000, Standing.DUE: 507}
    assert len(many) == len(few)
    assert len(few) <= 12

"""Four of the five people controls, each asked six ways. The fifth, with its five lines, is in test_people_key_roles."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator

from schoolgate import data
from schoolgate.audit import actions as audit
from schoolgate.audit.models import ChainCheck
from schoolgate.common import clock
from schoolgate.common.actors import system
from schoolgate.contracts.controls import Count, Question, Standing
from schoolgate.people import actions, controls, queries, rules
from schoolgate.people.models import Category

DAY = date(2026, 3, 2)  # a Monday


def params_of(control: str) -> dict:
    """The control's parameters as assurance gives them, settings at their default."""
    loaded = data.load("catalogue/controls.yaml")
    settings = data.load("rules/settings.yaml")["settings"]
    entry = next(one for one in loaded["controls"] if one["id"] == control)
    own = {name: settings[row["setting"]]["default"] if "setting" in row else row["default"] for name, row in entry["parameters"].items()}
    return {name: row["default"] for name, row in loaded["shared_parameters"].items()} | own


def asked(control: str, school, on: date, **more) -> Count:
    """The control's answer for a school on a day, asked at noon of that day."""
    ask = {
        "people.register_confirmed": controls.register_confirmed,
        "people.leaver_reminders_sent": controls.leaver_reminders_sent,
        "people.audit_trail_intact": controls.audit_trail_intact,
        "people.two_step_on": controls.two_step_on,
        "people.key_roles_filled": controls.key_roles_filled,
    }[control]
    question = Question(school.id, school.trust_id, on, params_of(control))
    with clock.standing_at(clock.at(on, 12)):
        return ask(replace(question, **more))


def standings(count: Count) -> set[Standing]:
    return {item.standing for item in count.items}


@pytest.fixture
def on() -> Callable[[date], object]:
    """`with on(day):` does something at nine o'clock of that day."""
    return lambda day: clock.standing_at(clock.at(day, 9))


@pytest.fixture
def world(on, cast):
    """The cast, as everybody joined on 2 March 2026."""
    with on(DAY):
        school = actions.open_school(trust=cast.trust, ref="world", name="World Primary", phase="primary", by=system("test"))
        cast.school = school
        cast.office = queries.scope_of_process("test", cast.trust)
        for name in ("keeper", "teacher", "helper"):
            cast.people[name] = actions.add_person(given=name, family="Example", by=cast.office)
        actions.appoint(person=cast.keeper, role="sbm", school=school, starts_on=DAY, by=cast.office)
        cast.places = {}
        for name, category in (("keeper", "employee"), ("teacher", "employee"), ("helper", "volunteer")):
            place = actions.engage(
                person=cast.people[name], school=school, category=category, starts_on=DAY, employer="World", by=cast.office
            )
            cast.places[name] = place
    return cast


def confirm_all(world, day: date, *, but: tuple[str, ...] = ()) -> None:
    with clock.standing_at(clock.at(day, 10)):
        by = queries.scope_of(world.keeper, day)
        held = {one.category for one in queries.covered_adults(by, world.school.id, day)}
        for category in Category.values:
            if category not in but:
                actions.confirm_register(school=world.school, category=category, none_here=category not in held, by=by)


# ---- people.register_confirmed

REGISTER = "people.register_confirmed"


def test_a_register_nobody_ever_looked_at_gives_no_data(world):
    count = asked(REGISTER, world.school, DAY)
    assert not count.items
    assert count.silent


def test_a_register_confirmed_inside_the_window_is_good_with_we_have_none_counted(world):
    confirm_all(world, DAY)
    count = asked(REGISTER, world.school, DAY + timedelta(days=50))
    assert len(count.items) == 6
    assert standings(count) == {Standing.GOOD}


def test_a_category_about_to_lapse_stays_good_and_warns(world):
    confirm_all(world, DAY)
    assert standings(asked(REGISTER, world.school, DAY + timedelta(days=85))) == {Standing.GOOD}
    assert standings(asked(REGISTER, world.school, DAY + timedelta(days=86))) == {Standing.LAPSING}
    assert standings(asked(REGISTER, world.school, DAY + timedelta(days=100))) == {Standing.LAPSING}


def test_a_category_past_its_hundred_days_is_broken(world):
    confirm_all(world, DAY)
    assert standings(asked(REGISTER, world.school, DAY + timedelta(days=101))) == {Standing.BROKEN}


def test_a_category_never_confirmed_beside_others_is_broken(world):
    confirm_all(world, DAY, but=("volunteer",))
    count = asked(REGISTER, world.school, DAY)
    assert [item.label for item in count.items if item.standing == Standing.BROKEN] == ["Volunteer: 1 on the list"]


def test_a_category_confirmed_late_says_when_it_was_put_right(world):
    confirm_all(world, DAY)
    late = DAY + timedelta(days=110)
    confirm_all(world, late)
    count = asked(REGISTER, world.school, late + timedelta(days=5))
    assert {(item.standing, item.put_right_on) for item in count.items} == {(Standing.LATE, late)}


def test_a_row_without_an_employer_is_due_for_ten_school_days_then_broken_then_late(world, on):
    with on(DAY):
        place = actions.engage(person=world.governor, school=world.school, category="governor", starts_on=DAY, by=world.office)
    confirm_all(world, DAY)
    assert Standing.DUE in standings(asked(REGISTER, world.school, date(2026, 3, 13)))
    assert Standing.BROKEN in standings(asked(REGISTER, world.school, date(2026, 3, 16)))
    with on(date(2026, 3, 20)):
        actions.mend_place(engagement=place, employer="World", starts_on=DAY, by=world.office)
    count = asked(REGISTER, world.school, date(2026, 3, 23))
    assert [item.put_right_on for item in count.items if item.standing == Standing.LATE] == [date(2026, 3, 20)]
    assert Standing.BROKEN in standings(asked(REGISTER, world.school, date(2026, 3, 17))), "a past day reads as it was"


def test_a_row_mended_in_time_leaves_no_trace(world, on):
    with on(DAY):
        place = actions.engage(
            person=world.governor, school=world.school, category="governor", starts_on=None, employer="World", by=world.office
        )
    confirm_all(world, DAY)
    with on(date(2026, 3, 10)):
        actions.mend_place(engagement=place, employer="World", starts_on=DAY, by=world.office)
    assert standings(asked(REGISTER, world.school, date(2026, 3, 11))) == {Standing.GOOD}


# ---- people.leaver_reminders_sent

LEAVERS = "people.leaver_reminders_sent"
LAST = date(2026, 3, 20)  # a Friday; five school days on is Friday 27


def leave(world, name: str, *, told: date = DAY) -> None:
    with clock.standing_at(clock.at(told, 9)):
        actions.end_engagement(engagement=world.places[name], ends_on=LAST, by=world.office)


def send(world, name: str, day: date, answer: str = ""):
    with clock.standing_at(clock.at(day, 9)):
        letter = actions.send_leaver_letter(engagement=world.places[name], by=world.office)
        return actions.answer_leaver_letter(letter=letter, answer=answer, by=world.office) if answer else letter


def test_no_leaver_and_no_statement_give_no_data(world):
    count = asked(LEAVERS, world.school, DAY)
    assert not count.items
    assert count.silent
    assert not count.nil_stands


def test_a_statement_that_nobody_left_stands_in_for_leavers(world):
    count = asked(LEAVERS, world.school, DAY, nil_from=DAY - timedelta(days=90), nil_until=DAY)
    assert count.nil_stands
    assert not asked(LEAVERS, world.school, DAY, nil_from=DAY - timedelta(days=90), nil_until=DAY - timedelta(days=1)).nil_stands


@pytest.mark.parametrize("answer", ["signed", "refused"])
def test_a_leaver_told_in_time_who_signed_or_refused_is_good(world, answer):
    leave(world, "teacher")
    send(world, "teacher", LAST, answer)
    assert standings(asked(LEAVERS, world.school, LAST + timedelta(days=30))) == {Standing.GOOD}


def test_a_last_day_soon_is_due_and_one_far_off_is_not_counted(world):
    leave(world, "teacher")
    assert standings(asked(LEAVERS, world.school, LAST - timedelta(days=14))) == {Standing.DUE}
    assert not asked(LEAVERS, world.school, LAST - timedelta(days=15)).items


def test_a_letter_is_due_until_the_fifth_school_day_and_broken_after(world):
    leave(world, "teacher")
    count = asked(LEAVERS, world.school, date(2026, 3, 27))
    assert [(item.standing, item.due_on) for item in count.items] == [(Standing.DUE, date(2026, 3, 27))]
    assert standings(asked(LEAVERS, world.school, date(2026, 3, 28))) == {Standing.BROKEN}


def test_a_letter_sent_late_says_when_it_was_put_right(world):
    leave(world, "teacher")
    send(world, "teacher", date(2026, 4, 15), "signed")
    count = asked(LEAVERS, world.school, date(2026, 4, 20))
    assert [(item.standing, item.put_right_on) for item in count.items] == [(Standing.LATE, date(2026, 4, 15))]
    assert standings(asked(LEAVERS, world.school, date(2026, 4, 1))) == {Standing.BROKEN}, "a past day reads as it was"


def test_a_letter_without_an_answer_is_owed_one_unless_no_signature_is_asked(world):
    leave(world, "teacher")
    send(world, "teacher", LAST)
    assert standings(asked(LEAVERS, world.school, date(2026, 3, 25))) == {Standing.DUE}
    assert standings(asked(LEAVERS, world.school, date(2026, 4, 25))) == {Standing.BROKEN}
    unsigned = params_of(LEAVERS) | {"ask_for_signature": False}
    assert standings(asked(LEAVERS, world.school, date(2026, 4, 25), params=unsigned)) == {Standing.GOOD}


def test_somebody_who_keeps_another_place_at_the_school_has_not_left(world, on):
    with on(DAY):
        actions.engage(person=world.teacher, school=world.school, category="governor", starts_on=DAY, employer="World", by=world.office)
    leave(world, "teacher")
    assert not asked(LEAVERS, world.school, LAST + timedelta(days=3)).items


def test_a_leaver_is_forgotten_after_twelve_months(world):
    leave(world, "teacher")
    assert asked(LEAVERS, world.school, date(2027, 3, 19)).items
    assert not asked(LEAVERS, world.school, date(2027, 3, 20)).items


# ---- people.audit_trail_intact

TRAIL = "people.audit_trail_intact"


def check(world, day: date, *, broken_at: int | None = None) -> ChainCheck:
    """A check as the nightly job leaves it; a break is written down as the job would write one."""
    with clock.standing_at(clock.at(day, 2)):
        if broken_at is None:
            return audit.check_chain(world.trust.id, by=system("nightly chain check"))
        return ChainCheck.objects.create(
            trust_id=world.trust.id, at=clock.now(), first=1, last=9, entries=broken_at - 1, ok=False, first_bad=broken_at,
            fault=f"Entry {broken_at} was changed.", actor_kind="system", actor_id="nightly chain check",
        )  # fmt: skip


def test_a_trail_never_checked_gives_no_data(world):
    assert not asked(TRAIL, world.school, DAY).items
    assert asked(TRAIL, world.school, DAY).silent


def test_a_check_every_night_is_good(world):
    for back in range(10):
        check(world, DAY + timedelta(days=back))
    count = asked(TRAIL, world.school, DAY + timedelta(days=9))
    assert len(count.items) == 7
    assert standings(count) == {Standing.GOOD}
    assert count.measured["entries covered"] > 0


def test_a_last_check_older_than_36_hours_is_due(world):
    check(world, DAY)
    assert standings(asked(TRAIL, world.school, DAY + timedelta(days=1))) == {Standing.GOOD}, "34 hours"
    assert standings(asked(TRAIL, world.school, DAY + timedelta(days=2))) == {Standing.GOOD, Standing.DUE}


def test_a_last_check_older_than_seven_days_is_broken(world):
    check(world, DAY)
    assert Standing.BROKEN not in standings(asked(TRAIL, world.school, DAY + timedelta(days=6)))
    assert standings(asked(TRAIL, world.school, DAY + timedelta(days=8))) == {Standing.BROKEN}


def test_a_missed_night_made_up_by_the_next_check_is_late(world):
    check(world, DAY)
    check(world, DAY + timedelta(days=2))
    count = asked(TRAIL, world.school, DAY + timedelta(days=2))
    assert [(item.standing, item.put_right_on) for item in count.items] == [
        (Standing.GOOD, None), (Standing.LATE, DAY + timedelta(days=2)), (Standing.GOOD, None),
    ]  # fmt: skip


def test_a_break_is_broken_until_it_is_explained_and_then_late(world, on):
    check(world, DAY)
    found = check(world, DAY + timedelta(days=1), broken_at=3)
    assert Standing.BROKEN in standings(asked(TRAIL, world.school, DAY + timedelta(days=1)))
    with on(DAY + timedelta(days=2)):
        audit.explain_break(found, text="The disk was restored from a backup.", by=world.office.actor)
    check(world, DAY + timedelta(days=3), broken_at=3)
    count = asked(TRAIL, world.school, DAY + timedelta(days=3))
    assert Standing.BROKEN not in standings(count)
    assert {item.put_right_on for item in count.items if item.standing == Standing.LATE} >= {DAY + timedelta(days=2)}


# ---- people.two_step_on

STEP = "people.two_step_on"


def give_sign_in(world, name: str, day: date):
    with clock.standing_at(clock.at(day, 9)):
        return actions.give_sign_in(
            person=world.people[name], email=f"{name}@world.example", password="a long enough password", by=world.office
        )


def switch_on(user, day: date) -> None:
    """As the sign-in library does when somebody enrols."""
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={}, created_at=clock.at(day, 9))


def test_nobody_with_wide_access_gives_no_data(world):
    assert not asked(STEP, world.school, DAY).items
    give_sign_in(world, "teacher", DAY)
    assert not asked(STEP, world.school, DAY).items, "a teacher holds no role with wide access"


def test_a_step_switched_on_in_time_is_good(world):
    switch_on(give_sign_in(world, "keeper", DAY), DAY + timedelta(days=2))
    assert standings(asked(STEP, world.school, DAY + timedelta(days=60))) == {Standing.GOOD}


def test_a_step_not_yet_on_is_due_for_seven_days_and_broken_after(world):
    give_sign_in(world, "keeper", DAY)
    assert standings(asked(STEP, world.school, DAY + timedelta(days=6))) == {Standing.DUE}
    assert standings(asked(STEP, world.school, DAY + timedelta(days=7))) == {Standing.BROKEN}


def test_a_step_switched_on_late_is_late_for_28_days_and_then_good(world):
    late = DAY + timedelta(days=20)
    switch_on(give_sign_in(world, "keeper", DAY), late)
    count = asked(STEP, world.school, late + timedelta(days=27))
    assert [(item.standing, item.put_right_on) for item in count.items] == [(Standing.LATE, late)]
    assert standings(asked(STEP, world.school, late + timedelta(days=28))) == {Standing.GOOD}


def test_recovery_codes_alone_are_no_second_step(world):
    user = give_sign_in(world, "keeper", DAY)
    Authenticator.objects.create(user=user, type=Authenticator.Type.RECOVERY_CODES, data={}, created_at=clock.at(DAY, 9))
    assert standings(asked(STEP, world.school, DAY + timedelta(days=7))) == {Standing.BROKEN}


def test_a_role_across_the_trust_counts_at_every_school(world, on):
    with on(DAY):
        actions.appoint(person=world.teacher, role="trust_comms", starts_on=DAY, by=world.office)
    give_sign_in(world, "teacher", DAY)
    assert len(asked(STEP, world.school, DAY).items) == len(asked(STEP, world.sister, DAY).items) == 1


def test_the_schools_own_second_step_makes_it_not_applicable_for_a_year(world, on):
    give_sign_in(world, "keeper", DAY)
    with on(DAY):
        actions.record_identity_second_step(school=world.school, service="School accounts", by=world.office)
    count = asked(STEP, world.school, date(2027, 3, 2))
    assert not count.items
    assert count.not_applicable
    assert standings(asked(STEP, world.school, date(2027, 3, 3))) == {Standing.BROKEN}


def test_every_control_of_the_package_is_carried():
    mine = {one["id"] for one in data.load("catalogue/controls.yaml")["controls"] if one["id"].startswith("people.")}
    assert mine == {"people.register_confirmed", "people.key_roles_filled", LEAVERS, TRAIL, STEP}
    assert {getattr(controls, one.partition(".")[2]).__name__ for one in mine} == {one.partition(".")[2] for one in mine}
    assert rules.catalogue_number(REGISTER, "reconcile_days") == 100

"""The two controls of assurance itself, six ways each, by actions on the days they happened."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from schoolgate.assurance import actions, catalogue
from schoolgate.assurance.controls import NIGHTLY, exceptions_in_date, system_alive
from schoolgate.assurance.models import AcceptedException, NotApplicable
from schoolgate.common import actions as running
from schoolgate.common import clock
from schoolgate.common.errors import Denied
from schoolgate.contracts import jobs
from schoolgate.contracts.controls import Count, Item, Question, Standing
from schoolgate.contracts.jobs import Job
from schoolgate.notify import actions as notify
from schoolgate.notify.models import Message
from schoolgate.people import actions as people
from schoolgate.policies import actions as policies
from schoolgate.policies.rules import choices

ON = date(2026, 9, 14)
DAY = timedelta(days=1)
CONTROL = "agreements.signed_by_everyone"


def ask(cast, control, on=ON):
    entry = catalogue.controls()[f"assurance.{control.__name__}"]
    settings = {key: row.get("default") for key, row in choices.settings().items()}
    return control(Question(cast.school.id, cast.trust.id, on, catalogue.resolved(entry, settings)))


def standings(count):
    return [item.standing for item in count.items]


def at(day, hour=9):
    return clock.standing_at(clock.at(day, hour))


# ------------------------------------------------------------------ assurance.exceptions_in_date


@pytest.fixture
def broken(cast, answers):
    answers[CONTROL] = Count([Item("A teacher", Standing.BROKEN)])
    with at(ON):
        actions.assess(school=cast.school, on=ON, by=cast.office)


def accept(cast, days=90, owner=None):
    with at(ON):
        return actions.accept_exception(
            school=cast.school,
            control=CONTROL,
            reason="Sheets are printed.",
            owner=owner or cast.sbm,
            ends_on=ON + days * DAY,
            by=cast.scope("head"),
        )


def test_no_data_before_anything_was_read(cast):
    count = ask(cast, exceptions_in_date)
    assert (count.items, count.silent, count.nil_stands) == ([], "No control has been read yet.", "")


def test_none_in_force_is_met_once_controls_were_read(cast, broken):
    assert ask(cast, exceptions_in_date).nil_stands.startswith("No exception is in force")


def test_an_exception_with_owner_approver_and_end_ahead_is_met(cast, broken):
    accept(cast)
    assert standings(ask(cast, exceptions_in_date)) == [Standing.GOOD]


def test_an_exception_that_ends_inside_remind_days_is_due_and_still_counted_good(cast, broken):
    made = accept(cast, days=90)
    assert standings(ask(cast, exceptions_in_date, made.ends_on - 15 * DAY)) == [Standing.GOOD]
    assert standings(ask(cast, exceptions_in_date, made.ends_on - 14 * DAY)) == [Standing.LAPSING]
    assert standings(ask(cast, exceptions_in_date, made.ends_on)) == [Standing.LAPSING]


def test_an_exception_past_its_end_is_broken_until_decided_again(cast, broken):
    made = accept(cast)
    item = ask(cast, exceptions_in_date, made.ends_on + DAY).items[0]
    assert item.standing == Standing.BROKEN
    assert "nobody has decided again" in item.why
    with at(made.ends_on + DAY):
        actions.withdraw_exception(exception=made, by=cast.scope("head", made.ends_on + DAY))
    assert ask(cast, exceptions_in_date, made.ends_on + DAY).items == []


def test_a_newer_exception_takes_the_place_of_one_that_ended(cast, broken):
    made = accept(cast, days=30)
    later = made.ends_on + DAY
    with at(later):
        actions.accept_exception(
            school=cast.school, control=CONTROL, reason="Again.", owner=cast.sbm, ends_on=later + 60 * DAY, by=cast.scope("head", later)
        )
    assert standings(ask(cast, exceptions_in_date, later)) == [Standing.GOOD]


def test_an_owner_who_has_left_breaks_it(cast, broken):
    owner = people.add_person(given="Short", family="Stay", by=cast.office)
    people.engage(person=owner, school=cast.school, category="supply", starts_on=date(2026, 9, 1), ends_on=ON + 5 * DAY, by=cast.office)
    accept(cast, owner=owner)
    assert standings(ask(cast, exceptions_in_date, ON + 5 * DAY)) == [Standing.GOOD]
    item = ask(cast, exceptions_in_date, ON + 6 * DAY).items[0]
    assert (item.standing, item.why) == (Standing.BROKEN, "Its owner has left")


def test_an_end_beyond_the_longest_time_is_broken_when_the_school_shortens_it(cast, broken):
    accept(cast, days=90)
    settings = {key: row.get("default") for key, row in choices.settings().items()} | {"except.max_months": 1}
    params = catalogue.resolved(catalogue.controls()["assurance.exceptions_in_date"], settings)
    item = exceptions_in_date(Question(cast.school.id, cast.trust.id, ON, params)).items[0]
    assert (item.standing, item.why) == (Standing.BROKEN, "Runs longer than 1 month")


def test_not_applicable_records_are_counted_too(cast):
    with at(ON):
        actions.record_not_applicable(
            school=cast.school,
            control="people.two_step_on",
            reason="Trust sign-in.",
            owner=cast.sbm,
            ends_on=ON + 20 * DAY,
            by=cast.scope("head"),
        )
    assert standings(ask(cast, exceptions_in_date)) == [Standing.GOOD]
    assert standings(ask(cast, exceptions_in_date, ON + 6 * DAY)) == [Standing.LAPSING]
    assert standings(ask(cast, exceptions_in_date, ON + 21 * DAY)) == [Standing.BROKEN]


@pytest.mark.parametrize("model", [AcceptedException, NotApplicable])
def test_the_database_itself_refuses_one_person_as_owner_and_approver(cast, model):
    row = {"school": cast.school, "control": CONTROL, "reason": "R", "starts_on": ON, "ends_on": ON, "recorded_at": clock.at(ON)}
    with pytest.raises(IntegrityError, match="two_people"), transaction.atomic():
        model.objects.create(**row, owner=cast.head, approver=cast.head)


@pytest.mark.parametrize("control", ["assurance.exceptions_in_date", "assurance.system_alive"])
def test_nobody_can_record_these_two_as_not_applicable(cast, control):
    with at(ON), pytest.raises(Denied, match="applies to every school"):
        actions.record_not_applicable(
            school=cast.school, control=control, reason="No.", owner=cast.sbm, ends_on=ON + DAY, by=cast.scope("head")
        )


# ------------------------------------------------------------------ assurance.system_alive


@pytest.fixture
def two_jobs(monkeypatch):
    def idle(now: datetime) -> None: ...

    named = {name: Job(name, every, idle) for name, every in ((NIGHTLY, DAY), ("send messages", timedelta(minutes=1)))}
    monkeypatch.setattr(jobs, "_jobs", named)


def run(name, day, hour=6):
    with at(day, hour):
        running.finish_job(running.start_job(name))


@pytest.fixture
def alive(cast, answers, two_jobs, in_force, clauses):
    """A control switched on and read this morning, both jobs run."""
    answers[CONTROL] = Count([Item("A teacher", Standing.GOOD)])
    clause = clauses(in_force(cast.school))["2.1"]
    with at(ON, 6):
        policies.join_clause(clause=clause, controls=[(CONTROL, []), ("conduct.guidance_in_date", [])], by=cast.office)
        actions.assess(school=cast.school, on=ON, by=cast.office)
        running.finish_job(running.start_job(NIGHTLY))
        running.finish_job(running.start_job("send messages"))


def alive_at(cast, hours):
    moment = clock.at(ON, 6) + timedelta(hours=hours)
    with clock.standing_at(moment):
        return ask(cast, system_alive, clock.local_date(moment))


def found(count, words):
    return next(item for item in count.items if words in item.label)


def test_no_data_before_the_first_nightly_run(cast, two_jobs):
    count = ask(cast, system_alive)
    assert (list(count.items), count.silent) == ([], "The system has never completed a nightly run.")


def test_fresh_readings_and_jobs_are_met(cast, alive):
    count = alive_at(cast, 0.01)
    assert standings(count) == [Standing.GOOD] * 3
    assert count.measured["not_carried"] == ["conduct.guidance_in_date"]


@pytest.mark.parametrize(("hours", "standing"), [(36, Standing.GOOD), (37, Standing.DUE), (72, Standing.DUE), (73, Standing.BROKEN)])
def test_a_reading_goes_stale_and_then_counts_as_broken(cast, alive, hours, standing):
    assert found(alive_at(cast, hours), "Reading of").standing == standing


@pytest.mark.parametrize(("hours", "standing"), [(48, Standing.GOOD), (49, Standing.BROKEN)])
def test_a_job_is_dead_after_twice_its_interval(cast, alive, hours, standing):
    assert found(alive_at(cast, hours), NIGHTLY).standing == standing


def test_a_job_late_and_run_again_is_alive_again(cast, alive):
    assert found(alive_at(cast, 60), NIGHTLY).standing == Standing.BROKEN
    run(NIGHTLY, ON + 3 * DAY)
    assert found(alive_at(cast, 73), NIGHTLY).standing == Standing.GOOD


def test_a_job_that_ended_in_an_error_has_not_run_well(cast, alive):
    with at(ON + 3 * DAY, 6):
        running.finish_job(running.start_job(NIGHTLY), error="no room")
    assert found(alive_at(cast, 73), NIGHTLY).standing == Standing.BROKEN


def test_a_job_never_run_is_due_at_first_and_dead_later(cast, two_jobs):
    run(NIGHTLY, ON)
    with clock.standing_at(clock.at(ON, 6) + timedelta(minutes=1)):
        assert found(ask(cast, system_alive), "send messages").standing == Standing.DUE
    with clock.standing_at(clock.at(ON, 6) + timedelta(minutes=3)):
        assert found(ask(cast, system_alive), "send messages").standing == Standing.BROKEN


def test_a_check_that_fails_to_run_is_broken_here(cast, answers, alive):
    answers[CONTROL] = lambda q: 1 / 0
    with at(ON, 7):
        actions.assess(school=cast.school, on=ON, by=cast.office)
    item = found(alive_at(cast, 2), "Reading of")
    assert (item.standing, item.why) == (Standing.BROKEN, "The check failed to run")


@pytest.fixture
def mailed(cast, alive):
    with at(ON, 7):
        notify.queue(
            person_id=cast.teacher.id, trust_id=cast.trust.id, school_id=cast.school.id, template="agreement.to_sign", path="/agreements/",
            address="t@example.org", by_email=True, once="a test",
        )  # fmt: skip
    return Message.objects.get(by=Message.By.EMAIL)


def message(cast, hours):
    return next((item for item in alive_at(cast, hours).items if item.label.startswith("Message")), None)


def test_a_message_not_tried_yet_is_not_judged_for_a_quarter_of_an_hour(cast, mailed):
    assert message(cast, 1.1) is None
    assert message(cast, 1.3).standing == Standing.DUE


def test_a_message_taken_by_the_mail_service_is_good(cast, mailed):
    Message.objects.filter(pk=mailed.pk).update(sent_at=clock.at(ON, 7), tries=1)
    assert message(cast, 2).standing == Standing.GOOD


@pytest.mark.parametrize(("hours", "standing"), [(2, Standing.DUE), (25, Standing.DUE), (25.1, Standing.BROKEN)])
def test_a_message_tried_in_vain_is_due_for_a_day(cast, mailed, hours, standing):
    Message.objects.filter(pk=mailed.pk).update(tries=3)
    assert message(cast, hours).standing == standing


def test_a_message_refused_for_good_is_broken_unless_read_on_screen(cast, mailed):
    Message.objects.filter(pk=mailed.pk).update(tries=1, failed_at=clock.at(ON, 8))
    assert message(cast, 3).standing == Standing.BROKEN
    with at(ON, 9):
        notify.mark_all_read(by=cast.scope("teacher"))
    assert message(cast, 3.5).standing == Standing.GOOD


def test_messages_older_than_seven_days_are_not_counted(cast, mailed):
    assert message(cast, 24 * 7 + 0.9) is not None
    assert message(cast, 24 * 7 + 1.1) is None

"""Rounds of readings: every carried control asked once, failures shown, nothing ever changed afterwards."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from schoolgate.assurance import actions, jobs, queries, rules
from schoolgate.assurance.models import Assessment, EvidenceSet, Reading, VersionTally
from schoolgate.audit.models import Entry
from schoolgate.common import clock
from schoolgate.common.errors import BadInput, Denied, NotFound
from schoolgate.contracts.controls import Count, Item, Standing
from schoolgate.notify.models import Message
from schoolgate.people.models import School
from schoolgate.policies import actions as policies

ON = date(2026, 9, 14)
GOOD, BROKEN = Standing.GOOD, Standing.BROKEN


@pytest.fixture(autouse=True)
def this_morning():
    with clock.standing_at(clock.at(ON, 6, 2)):
        yield


def assess(cast, school=None, on=ON, by=None):
    return actions.assess(school=school or cast.school, on=on, by=by or cast.office)


def states(assessment):
    return {reading.control: reading.state for reading in assessment.readings.all()}


def test_every_carried_control_is_read_once_with_its_records(cast, answers):
    answers["people.register_confirmed"] = Count([Item("Employees", GOOD), Item("Governors", BROKEN, why="Never checked", url="/people/")])
    answers["people.two_step_on"] = Count(silent="Nobody has wide access.")
    assessment = assess(cast)
    assert states(assessment) == {"people.register_confirmed": "broken", "people.two_step_on": "no_data"}
    reading = queries.reading_of(cast.office, cast.school.id, "people.register_confirmed")
    assert (reading.good, reading.counted, reading.on) == (1, 2, ON)
    assert reading.evidence.items[0] == {"label": "Governors", "standing": "broken", "why": "Never checked", "url": "/people/"}
    assert reading.taken_at == assessment.taken_at == clock.at(ON, 6, 2)


def test_a_control_is_asked_with_its_resolved_parameters_and_its_switch_on_day(cast, answers, in_force, clauses):
    asked = []
    answers["agreements.signed_by_everyone"] = lambda q: asked.append(q) or Count()
    version = in_force(cast.school)
    policies.join_clause(clause=clauses(version)["2.1"], controls=[("agreements.signed_by_everyone", [])], by=cast.office)
    assess(cast)
    (question,) = asked
    assert (question.school_id, question.trust_id, question.on) == (cast.school.id, cast.trust.id, ON)
    assert question.params["remind_days"] == 14
    assert question.switched_on == ON
    assert (question.nil_from, question.nil_until) == (None, None)


def test_a_control_that_fails_stops_no_other_and_is_shown_as_failed(cast, answers, caplog):
    def fails(q):
        Reading.objects.get(pk="00000000-0000-0000-0000-000000000000")

    answers |= {"agreements.signed_by_everyone": fails, "people.register_confirmed": Count([Item("Employees", GOOD)])}
    assessment = assess(cast)
    failed = assessment.readings.get(control="agreements.signed_by_everyone")
    assert (failed.state, failed.why, failed.measured) == ("no_data", rules.FAILED_TOLD, {"error": True})
    assert states(assessment)["people.register_confirmed"] == "met"
    assert "agreements.signed_by_everyone failed to run" in caplog.text
    told = Message.objects.filter(template="control.broken")
    assert {message.person_id for message in told} == {cast.administrator.id}
    assert Entry.objects.filter(verb="assessment.taken").count() == 1


def test_what_a_failing_control_wrote_is_undone(cast, answers):
    def writes_and_fails(q):
        School.objects.filter(id=q.school_id).update(name="Changed by a control")
        raise RuntimeError("half way")

    answers["people.register_confirmed"] = writes_and_fails
    assess(cast)
    assert School.objects.get(id=cast.school.id).name == "Alder Park Primary"


def test_the_administrator_hears_of_a_failing_check_once_a_day(cast, answers):
    answers["people.register_confirmed"] = lambda q: 1 / 0
    assess(cast)
    assess(cast)
    assert Message.objects.filter(by=Message.By.SCREEN).count() == 1


def test_with_no_administrator_the_reading_does_not_claim_that_one_was_told(cast, answers):
    answers["people.register_confirmed"] = lambda q: 1 / 0
    assess(cast, school=cast.sister)
    assert Reading.objects.get().why == rules.FAILED_UNTOLD


def test_the_same_records_are_kept_once(cast, answers):
    answers["people.register_confirmed"] = Count([Item("Employees", GOOD)])
    assess(cast)
    assess(cast)
    assert Reading.objects.count() == 2
    assert EvidenceSet.objects.count() == 1


def test_a_reading_of_a_past_day_never_hides_todays(cast, answers):
    answers["people.register_confirmed"] = lambda q: Count([Item("Employees", GOOD if q.on == ON else BROKEN)])
    today = assess(cast)
    assess(cast, on=ON - timedelta(days=40))
    assert queries.latest_assessment(cast.office, cast.school.id) == today


def test_a_day_to_come_cannot_be_read(cast, answers):
    with pytest.raises(BadInput, match="15 September 2026 has not come yet"):
        assess(cast, on=ON + timedelta(days=1))
    assert Assessment.objects.count() == 0


@pytest.mark.parametrize("name", ["teacher", "governor", "contractor"])
def test_only_report_readers_take_readings(cast, answers, name):
    with pytest.raises(Denied, match="Only someone who sees the school's reports"):
        assess(cast, by=cast.scope(name))
    assert Assessment.objects.count() == 0


@pytest.mark.parametrize("name", ["head", "sbm", "dsl"])
def test_head_office_and_safeguarding_lead_take_readings(cast, answers, name):
    assert assess(cast, by=cast.scope(name)).school == cast.school


def test_another_trusts_school_is_not_found(cast, answers):
    with pytest.raises(NotFound):
        assess(cast, by=cast.scope("outsider"))


def test_nothing_is_kept_when_the_audit_trail_cannot_be_written(cast, answers, monkeypatch):
    answers["people.register_confirmed"] = Count([Item("Employees", GOOD)])

    def broken(*_, **__):
        raise DatabaseError("no room")

    monkeypatch.setattr("schoolgate.assurance.actions.audit.record", broken)
    with pytest.raises(DatabaseError):
        assess(cast)
    assert (Assessment.objects.count(), Reading.objects.count(), EvidenceSet.objects.count()) == (0, 0, 0)


def test_each_policy_in_force_is_tallied_with_the_round(cast, answers, in_force, clauses):
    answers["agreements.signed_by_everyone"] = Count([Item("A teacher", BROKEN)])
    version = in_force(cast.school)
    rows = clauses(version)
    policies.join_clause(clause=rows["2.1"], controls=[("agreements.signed_by_everyone", [])], by=cast.office)
    policies.join_clause(clause=rows["2.3"], controls=[("conduct.guidance_in_date", [])], by=cast.office)
    policies.mark_informational(clause=rows["1.1"], reason="It explains.", by=cast.office)
    policies.mark_attested(clause=rows["3.1"], reason="The headteacher, each year", by=cast.office)
    assess(cast)
    tally = VersionTally.objects.get(version_id=version.id)
    assert tally.states == {"informational": 1, "broken": 1, "unjoined": 2, "not_carried": 1, "no_data": 1}


@pytest.mark.parametrize("table", ["assessment", "reading", "evidenceset", "versiontally"])
def test_the_database_refuses_to_change_what_was_read(cast, answers, in_force, table):
    answers["people.register_confirmed"] = Count([Item("Employees", GOOD)])
    in_force(cast.school)
    assess(cast)
    for sql in (f"UPDATE assurance_{table} SET id = id", f"DELETE FROM assurance_{table}"):
        with pytest.raises(DatabaseError, match="keeps history"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_the_nightly_job_reads_every_school_of_every_trust_and_only_once(cast, answers):
    answers["people.register_confirmed"] = Count([Item("Employees", GOOD)])
    jobs.take_nightly_readings(clock.now())
    assert {each.school for each in Assessment.objects.all()} == {cast.school, cast.sister, cast.other_school}
    jobs.take_nightly_readings(clock.now() + timedelta(minutes=5))
    assert Assessment.objects.count() == 3


def test_a_nightly_run_cut_short_goes_on_where_it_stopped(cast, answers):
    assess(cast, school=cast.sister)
    jobs.take_nightly_readings(clock.now() + timedelta(hours=1))
    assert Assessment.objects.filter(school=cast.sister).count() == 1
    assert Assessment.objects.count() == 3
    with clock.standing_at(clock.at(ON + timedelta(days=1), 6, 2)):
        jobs.take_nightly_readings(clock.now())
    assert Assessment.objects.filter(school=cast.sister).count() == 2

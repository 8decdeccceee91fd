"""What people may put beside a reading: exceptions, not-applicable records, nil statements and confirmations."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from schoolgate.assurance import actions, queries
from schoolgate.assurance.models import AcceptedException, Attestation, NilStatement, NotApplicable
from schoolgate.audit.models import Entry
from schoolgate.common import clock
from schoolgate.common.errors import BadInput, Denied, NotFound
from schoolgate.contracts.controls import Count, Item, Standing
from schoolgate.people import actions as people
from schoolgate.policies import actions as policies

ON = date(2026, 9, 14)
CONTROL = "agreements.signed_by_everyone"


@pytest.fixture(autouse=True)
def this_morning():
    with clock.standing_at(clock.at(ON, 9)):
        yield


@pytest.fixture
def broken(cast, answers):
    answers[CONTROL] = Count([Item("A teacher", Standing.BROKEN)])
    actions.assess(school=cast.school, on=ON, by=cast.office)


def accept(cast, by="head", **changes):
    given = {
        "school": cast.school,
        "control": CONTROL,
        "reason": "Paper sheets are being printed.",
        "owner": cast.sbm,
        "ends_on": ON + timedelta(days=30),
    }
    return actions.accept_exception(**{**given, **changes}, by=cast.scope(by) if isinstance(by, str) else by)


def test_an_exception_is_recorded_beside_a_broken_control_and_changes_no_state(cast, broken):
    made = accept(cast)
    assert (made.owner, made.approver_id, made.starts_on) == (cast.sbm, cast.head.id, ON)
    actions.assess(school=cast.school, on=ON, by=cast.office)
    assert queries.reading_of(cast.office, cast.school.id, CONTROL).state == "broken"
    assert queries.exceptions_in_force(cast.office, cast.school.id, ON) == {CONTROL: [made]}
    entry = Entry.objects.get(verb="exception.accepted")
    assert entry.school_id == cast.school.id


@pytest.mark.parametrize(
    ("changes", "error", "sentence"),
    [
        ({"reason": "  "}, BadInput, "Say why"),
        ({"ends_on": ON}, BadInput, "must be after today"),
        ({"ends_on": ON + timedelta(days=366)}, BadInput, "12 months at most. Choose 14 September 2027"),
        ({"starts_on": ON + timedelta(days=40)}, BadInput, "before the start"),
        ({"control": "no.such_control"}, NotFound, "There is no control"),
        ({"control": "people.two_step_on"}, Denied, "has not been read yet"),
    ],
)
def test_an_exception_needs_a_reason_and_an_end_in_time(cast, broken, changes, error, sentence):
    with pytest.raises(error, match=sentence):
        accept(cast, **changes)
    assert AcceptedException.objects.count() == 0


def test_the_setting_decides_how_long_an_exception_may_run(cast, broken):
    policies.choose_setting(key="except.max_months", value=1, reason="Short.", approver="Trust board", by=cast.office)
    with pytest.raises(BadInput, match="1 month at most"):
        accept(cast, ends_on=ON + timedelta(days=60))


def test_owner_and_approver_are_two_people_and_the_owner_works_here(cast, broken):
    with pytest.raises(Denied, match="someone else must own it"):
        accept(cast, owner=cast.head)
    with pytest.raises(Denied, match="no place at this school"):
        accept(cast, owner=cast.sister_head)


@pytest.mark.parametrize("name", ["sbm", "teacher", "governor", "dsl"])
def test_only_the_head_accepts_an_exception(cast, broken, name):
    with pytest.raises(Denied, match="Only the headteacher"):
        accept(cast, by=name)


def test_a_process_cannot_accept_an_exception(cast, broken):
    with pytest.raises(Denied, match="A named person"):
        accept(cast, by=cast.office)


def test_another_trust_finds_no_school_to_accept_for(cast, broken):
    with pytest.raises(NotFound):
        accept(cast, by="outsider", owner=cast.outsider)


def test_only_what_is_broken_can_be_accepted(cast, answers):
    answers[CONTROL] = Count([Item("A teacher", Standing.GOOD)])
    actions.assess(school=cast.school, on=ON, by=cast.office)
    with pytest.raises(Denied, match="is not broken"):
        accept(cast)


def test_an_exception_is_withdrawn_once_and_then_no_longer_shown(cast, broken):
    made = accept(cast)
    actions.withdraw_exception(exception=made, by=cast.scope("head"))
    assert queries.exceptions_in_force(cast.office, cast.school.id, ON) == {}
    with pytest.raises(Denied, match="withdrawn already"):
        actions.withdraw_exception(exception=made, by=cast.scope("head"))
    assert Entry.objects.filter(verb="exception.withdrawn").count() == 1


def test_an_exception_of_another_trust_cannot_be_withdrawn(cast, broken):
    with pytest.raises(NotFound):
        actions.withdraw_exception(exception=accept(cast), by=cast.scope("outsider"))


def not_applicable(cast, control="people.two_step_on", **changes):
    given = {
        "school": cast.school,
        "control": control,
        "reason": "Sign-in is by the trust.",
        "owner": cast.sbm,
        "ends_on": ON + timedelta(days=200),
    }
    return actions.record_not_applicable(**{**given, **changes}, by=cast.scope("head"))


def test_a_not_applicable_record_decides_the_state_until_it_ends(cast, answers):
    answers["people.two_step_on"] = Count([Item("Head", Standing.BROKEN)])
    not_applicable(cast)
    actions.assess(school=cast.school, on=ON, by=cast.office)
    reading = queries.reading_of(cast.office, cast.school.id, "people.two_step_on")
    assert (reading.state, reading.why, reading.counted) == ("not_applicable", "Sign-in is by the trust.", 0)
    later = ON + timedelta(days=201)
    with clock.standing_at(clock.at(later, 9)):
        actions.assess(school=cast.school, on=later, by=cast.office)
    assert queries.reading_of(cast.office, cast.school.id, "people.two_step_on").state == "broken"


def test_where_the_catalogue_says_never_nobody_records_not_applicable(cast, answers):
    with pytest.raises(Denied, match="applies to every school"):
        not_applicable(cast, control="people.register_confirmed")
    assert NotApplicable.objects.count() == 0


def test_a_not_applicable_record_keeps_to_the_longest_time(cast, answers):
    with pytest.raises(BadInput, match="12 months at most"):
        not_applicable(cast, ends_on=ON + timedelta(days=400))


def test_a_withdrawn_not_applicable_record_no_longer_decides(cast, answers):
    answers["people.two_step_on"] = Count([Item("Head", Standing.GOOD)])
    actions.withdraw_not_applicable(record=not_applicable(cast), by=cast.scope("head"))
    actions.assess(school=cast.school, on=ON, by=cast.office)
    assert queries.reading_of(cast.office, cast.school.id, "people.two_step_on").state == "met"


@pytest.fixture
def office_manager(cast):
    return people.appoint(person=cast.sbm, role="office_manager", school=cast.school, starts_on=date(2026, 1, 5), by=cast.office)


def nothing(cast, by="sbm", control="people.leaver_reminders_sent", **changes):
    given = {"covers_from": ON - timedelta(days=90), "covers_to": ON}
    return actions.make_nil_statement(school=cast.school, control=control, **{**given, **changes}, by=cast.scope(by))


def test_a_nil_statement_reaches_the_control_with_its_days(cast, answers, office_manager):
    asked = []
    answers["people.leaver_reminders_sent"] = lambda q: asked.append(q) or Count(nil_stands="Nobody left.")
    nothing(cast)
    actions.assess(school=cast.school, on=ON, by=cast.office)
    assert (asked[0].nil_from, asked[0].nil_until) == (ON - timedelta(days=90), ON + timedelta(days=100))


def test_a_nil_statement_made_later_does_not_reach_an_earlier_day(cast, answers, office_manager):
    asked = []
    answers["people.leaver_reminders_sent"] = lambda q: asked.append(q) or Count()
    nothing(cast)
    actions.assess(school=cast.school, on=ON - timedelta(days=1), by=cast.office)
    assert asked[0].nil_until is None


@pytest.mark.parametrize("name", ["teacher", "governor", "dsl"])
def test_a_nil_statement_is_made_by_whoever_acts_on_the_control(cast, answers, name):
    with pytest.raises(Denied, match="This statement is for the"):
        nothing(cast, by=name)
    assert NilStatement.objects.count() == 0


def test_a_nil_statement_speaks_for_days_that_are_over_and_for_controls_that_take_one(cast, answers, office_manager):
    with pytest.raises(BadInput, match="days that are over"):
        nothing(cast, covers_to=ON + timedelta(days=1))
    with pytest.raises(BadInput, match="before the first"):
        nothing(cast, covers_from=ON, covers_to=ON - timedelta(days=1))
    with pytest.raises(Denied, match="not proved by saying"):
        nothing(cast, control="people.register_confirmed")


@pytest.fixture
def attested(cast, in_force, clauses):
    clause = clauses(in_force(cast.school))["3.1"]
    return policies.mark_attested(clause=clause, reason="The headteacher, each year", by=cast.office)


def attest(cast, clause, by="head", **changes):
    given = {"school": cast.school, "clause": clause, "evidence": "Forum of 3 June, minutes 4.", "stands_until": ON + timedelta(days=300)}
    return actions.attest(**{**given, **changes}, by=cast.scope(by))


def test_a_confirmation_stands_beside_its_clause_with_its_evidence(cast, attested):
    made = attest(cast, attested)
    assert queries.attestations(cast.office, cast.school.id, [attested.id], ON) == {attested.id: made}
    assert queries.attestations(cast.office, cast.school.id, [attested.id], ON - timedelta(days=1)) == {}


@pytest.mark.parametrize(
    ("changes", "error", "sentence"),
    [
        ({"evidence": " "}, BadInput, "Say what you looked at"),
        ({"stands_until": ON}, BadInput, "after today"),
        ({"stands_until": ON + timedelta(days=400)}, BadInput, "12 months at most"),
        ({"by": "teacher"}, Denied, "Only a senior leader"),
        ({"by": "outsider"}, Denied, "not part of a policy in force"),
    ],
)
def test_a_confirmation_names_its_evidence_and_its_end(cast, attested, changes, error, sentence):
    with pytest.raises(error, match=sentence):
        attest(cast, attested, **changes)
    assert Attestation.objects.count() == 0


def test_only_a_clause_that_a_person_confirms_can_be_confirmed(cast, in_force, clauses):
    with pytest.raises(Denied, match="not one that a person confirms"):
        attest(cast, clauses(in_force(cast.school))["2.1"])


def test_statements_and_confirmations_are_never_changed(cast, attested, answers, office_manager):
    attest(cast, attested)
    nothing(cast)
    for table in ("attestation", "nilstatement"):
        with pytest.raises(DatabaseError, match="keeps history"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM assurance_{table}")

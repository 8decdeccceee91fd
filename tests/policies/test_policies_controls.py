"""The controls of this package as the catalogue counts them: met, due, broken, put right, no data, and each line by itself."""

from datetime import date, timedelta

import pytest
from tests.policies.conftest import DAY, TEXT

from schoolgate import data, policytext
from schoolgate.common import clock
from schoolgate.contracts.controls import Count, Question, Standing, carried
from schoolgate.policies import actions, controls, queries
from schoolgate.policies.models import Adoption, ClauseControl, ClauseKind, Policy, PolicyVersion

GOOD, DUE, BROKEN = Standing.GOOD, Standing.DUE, Standing.BROKEN
PARAMS = {"complete_days": 28, "join_days": 14, "decide_days": 30}
OURS = {
    "policies.approved_and_complete": controls.approved_and_complete,
    "policies.clauses_joined": controls.clauses_joined,
    "policies.text_faults_closed": controls.text_faults_closed,
}


def ask(cast, name: str, on: date, school=None) -> Count:
    with clock.standing_at(clock.at(on)):
        return OURS[name](Question((school or cast.school).id, cast.trust.id, on, PARAMS))


def standings(count: Count) -> set[Standing]:
    return {item.standing for item in count.items}


def one(count: Count):
    assert len(count.items) == 1
    return count.items[0]


def complete(cast, version: PolicyVersion, **more) -> PolicyVersion:
    told = {
        "owner_role": "headteacher", "audience": ["employee"], "authors": "Headteacher and clerk", "minute": "7.2",
        "review_on": DAY + timedelta(days=365), "change_summary": "", **more,
    }  # fmt: skip
    return actions.complete_details(version=version, by=cast.scope("clerk"), **told)


def test_the_controls_are_registered_with_the_parameters_of_the_catalogue():
    rows = {row["id"]: row for row in data.load("catalogue/controls.yaml")["controls"]}
    for name, ask_it in OURS.items():
        assert carried()[name] is ask_it
        assert set(rows[name]["parameters"]) <= set(PARAMS)
        assert all(PARAMS[key] == value["default"] for key, value in rows[name]["parameters"].items())
    assert set(controls.LINES) == set(rows["policies.approved_and_complete"]["counts"]["lines"])


@pytest.mark.parametrize("name", OURS)
def test_with_no_policy_in_force_there_is_no_data_and_the_reason(cast, name):
    count = ask(cast, name, DAY)
    assert (list(count.items), count.nil_stands) == ([], "")
    assert count.silent


@pytest.mark.parametrize("name", OURS)
def test_a_draft_is_not_counted(cast, imported, name):
    assert not ask(cast, name, DAY).items


# ------------------------------------------------------------------ approved and complete

COMPLETE = "policies.approved_and_complete"


@pytest.fixture
def live(cast, imported, in_force) -> PolicyVersion:
    with clock.standing_at(clock.at(DAY)):
        complete(cast, imported)
        return in_force(imported)


def test_a_complete_policy_is_met_with_every_line_that_fits_it(cast, live):
    item = one(ask(cast, COMPLETE, DAY))
    assert (item.standing, item.why, item.due_on) == (GOOD, "", None)
    assert item.lines == {"details": GOOD, "approval": GOOD}
    assert str(live.id) in item.url


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("authors", "", "authors"),
        ("audience", [], "audience"),
        ("owner_role", "", "owner role"),
        ("owner_role", "dpo", "live holder"),
        ("review_on", None, "next review date"),
    ],
)
def test_each_missing_detail_is_due_then_broken_then_put_right(cast, live, field, value, words):
    with clock.standing_at(clock.at(DAY)):
        complete(cast, live, **{field: value})
    for days, standing in ((0, DUE), (27, DUE), (28, BROKEN), (300, BROKEN)):
        item = one(ask(cast, COMPLETE, DAY + timedelta(days=days)))
        assert (item.standing, item.lines) == (standing, {"details": standing, "approval": GOOD})
        assert words in item.why
        assert item.due_on == DAY + timedelta(days=28)
    complete(cast, live)
    assert one(ask(cast, COMPLETE, DAY + timedelta(days=300))).standing == GOOD


def test_a_holder_who_has_left_leaves_the_owner_role_empty(cast, live):
    cast.head.appointments.update(ends_on=DAY + timedelta(days=5))
    assert one(ask(cast, COMPLETE, DAY + timedelta(days=5))).standing == GOOD
    assert one(ask(cast, COMPLETE, DAY + timedelta(days=6))).lines == {"details": DUE, "approval": GOOD}


def test_the_approval_line_asks_for_body_date_and_minute(cast, live):
    complete(cast, live, minute="")
    item = one(ask(cast, COMPLETE, DAY + timedelta(days=40)))
    assert (item.lines, "minute" in item.why) == ({"details": GOOD, "approval": BROKEN}, True)
    complete(cast, live)
    PolicyVersion.objects.filter(pk=live.pk).update(approved_on=DAY + timedelta(days=1))
    item = one(ask(cast, COMPLETE, DAY + timedelta(days=2)))
    assert (item.standing, item.lines["approval"]) == (DUE, DUE)
    assert "before the day it came into force" in item.why


@pytest.fixture
def adopted(cast, in_force) -> Adoption:
    """The trust's own text, approved across the trust and adopted by the school."""
    comms = cast.scope("trust_comms")
    with clock.standing_at(clock.at(DAY)):
        version = actions.import_version(document=policytext.read_text(TEXT, "trust.txt"), title="Trust policy", by=comms)
        actions.complete_details(
            version=version, owner_role="trust_comms", audience=["employee"], authors="Trust team", minute="", review_on=date(2027, 3, 1),
            change_summary="", by=comms,
        )  # fmt: skip
        actions.submit(version=version, by=comms)
    PolicyVersion.objects.filter(pk=version.pk).update(  # the cast has no trustee
        state="approved", approved_at=clock.at(DAY), approving_body="Board", approval_minute="1", approved_on=DAY
    )
    with clock.standing_at(clock.at(DAY)):
        actions.bring_into_force(version=version, from_day=DAY, by=comms)
    with clock.standing_at(clock.at(DAY + timedelta(days=50))):
        return adopt(cast, version.policy)


def adopt(cast, policy: Policy, **more) -> Adoption:
    told = {"body": "Governors", "minute": "3", "adopted_on": DAY + timedelta(days=50), "local_changes": "Nothing", **more}
    return actions.adopt(policy=policy, school=cast.school, by=cast.scope("head"), **told)


def test_an_adopted_text_counts_from_the_day_of_its_adoption(cast, adopted):
    assert not ask(cast, COMPLETE, DAY + timedelta(days=49)).items
    item = one(ask(cast, COMPLETE, DAY + timedelta(days=50)))
    assert (item.standing, item.lines) == (GOOD, {"details": GOOD, "approval": GOOD, "adoption": GOOD})
    assert not ask(cast, COMPLETE, DAY + timedelta(days=60), cast.sister).items


@pytest.mark.parametrize(("field", "value"), [("body", ""), ("minute", ""), ("local_changes", "")])
def test_the_adoption_line_asks_for_the_schools_own_decision(cast, adopted, field, value):
    with clock.standing_at(clock.at(DAY + timedelta(days=51))):
        adopt(cast, adopted.policy, **{field: value})
    assert Adoption.objects.count() == 1
    for days, standing in ((77, DUE), (78, BROKEN)):
        assert one(ask(cast, COMPLETE, DAY + timedelta(days=days))).lines == {"details": GOOD, "approval": GOOD, "adoption": standing}
    with clock.standing_at(clock.at(DAY + timedelta(days=90))):
        adopt(cast, adopted.policy)
    assert one(ask(cast, COMPLETE, DAY + timedelta(days=90))).standing == GOOD


def test_an_ended_adoption_no_longer_counts(cast, adopted):
    with clock.standing_at(clock.at(DAY + timedelta(days=70))):
        actions.end_adoption(adoption=adopted, reason="Own text instead", by=cast.scope("head"))
    assert not ask(cast, COMPLETE, DAY + timedelta(days=71)).items
    assert len(ask(cast, COMPLETE, DAY + timedelta(days=60)).items) == 1


def test_from_the_second_version_on_a_summary_of_changes_is_asked_for(cast, live, in_force):
    later = DAY + timedelta(days=100)
    with clock.standing_at(clock.at(later)):
        text = policytext.read_text(TEXT.replace("every day", "twice a day"), "policy.txt")
        second = complete(cast, actions.import_version(document=text, policy=live.policy, by=cast.scope("clerk")))
        second = in_force(second, later)
    assert one(ask(cast, COMPLETE, later + timedelta(days=27))).lines == {"details": GOOD, "approval": GOOD, "change_summary": DUE}
    assert one(ask(cast, COMPLETE, later + timedelta(days=28))).standing == BROKEN
    complete(cast, second, change_summary="Accounts are looked at twice a day.")
    assert one(ask(cast, COMPLETE, later + timedelta(days=28))).lines["change_summary"] == GOOD


# ------------------------------------------------------------------ clauses joined

JOINED = "policies.clauses_joined"


def test_unjoined_clauses_are_due_then_broken_then_put_right(cast, live):
    total = len(queries.clauses_of(cast.scope("head"), live.id))
    for days, standing in ((0, DUE), (13, DUE), (14, BROKEN)):
        count = ask(cast, JOINED, DAY + timedelta(days=days))
        assert len(count.items) == total
        assert standings(count) == {standing}
        assert {item.due_on for item in count.items} == {DAY + timedelta(days=14)}
    for row in queries.clauses_of(cast.scope("clerk"), live.id):
        actions.join_clause(clause=row, controls=[("publishing.two_known_people", [])], by=cast.scope("clerk"))
    assert standings(ask(cast, JOINED, clock.today())) == {GOOD}


def test_the_three_ways_of_carrying_a_clause_count_and_unjoined_ones_come_first(cast, live):
    rows = queries.clauses_of(cast.scope("clerk"), live.id)
    with clock.standing_at(clock.at(DAY)):
        actions.join_clause(clause=rows[0], controls=[("publishing.two_known_people", [])], by=cast.scope("clerk"))
        actions.mark_attested(clause=rows[1], reason="The head, each term", by=cast.scope("clerk"))
        actions.mark_informational(clause=rows[2], reason="An introduction", by=cast.scope("clerk"))
    count = ask(cast, JOINED, DAY)
    good = {item.clause_id for item in count.items if item.standing == GOOD}
    assert good == {rows[0].id, rows[1].id, rows[2].id}
    assert [item.standing for item in count.items] == [DUE] * (len(rows) - 3) + [GOOD] * 3


def test_a_control_that_does_not_exist_breaks_its_clause_at_once(cast, live):
    row = queries.clauses_of(cast.scope("clerk"), live.id)[0]
    with clock.standing_at(clock.at(DAY)):
        actions.join_clause(clause=row, controls=[("publishing.two_known_people", [])], by=cast.scope("clerk"))
    ClauseControl.objects.update(control="publishing.gone")
    item = next(item for item in ask(cast, JOINED, DAY).items if item.clause_id == row.id)
    assert (item.standing, "no control" in item.why) == (BROKEN, True)


def test_a_mark_without_a_person_does_not_count(cast, live):
    row = queries.clauses_of(cast.scope("clerk"), live.id)[0]
    with clock.standing_at(clock.at(DAY)):
        actions.mark_attested(clause=row, reason="The head, each term", by=cast.office)
    assert next(item for item in ask(cast, JOINED, DAY).items if item.clause_id == row.id).standing == DUE


def test_a_reading_of_the_past_does_not_know_later_decisions(cast, live):
    row = queries.clauses_of(cast.scope("clerk"), live.id)[0]
    with clock.standing_at(clock.at(DAY + timedelta(days=20))):
        actions.mark_informational(clause=row, reason="An introduction", by=cast.scope("clerk"))
    for days, standing in ((10, DUE), (19, BROKEN), (20, GOOD)):
        count = ask(cast, JOINED, DAY + timedelta(days=days))
        assert next(item for item in count.items if item.clause_id == row.id).standing == standing


# ------------------------------------------------------------------ text faults

FAULTS = "policies.text_faults_closed"


def test_a_fault_is_due_then_broken_and_each_decision_closes_it(cast, live):
    assert standings(ask(cast, FAULTS, DAY)) == {DUE}
    assert standings(ask(cast, FAULTS, DAY + timedelta(days=29))) == {DUE}
    assert standings(ask(cast, FAULTS, DAY + timedelta(days=30))) == {BROKEN}
    how = ("accept", "correct", "repeat")
    with clock.standing_at(clock.at(DAY + timedelta(days=30))):
        for place, row in enumerate(queries.findings_of(cast.scope("clerk"), live.id)):
            actions.decide_finding(finding=row, decision=how[place % 3], reason="Held elsewhere", by=cast.scope("clerk"))
    assert standings(ask(cast, FAULTS, DAY + timedelta(days=30))) == {GOOD}


def test_citations_are_left_to_their_own_control(cast, in_force):
    text = TEXT + "\n2.3 Records are kept as the Data Protection Act 1998 asks.\n"
    version = actions.import_version(document=policytext.read_text(text, "policy.txt"), school=cast.school, by=cast.scope("clerk"))
    version = in_force(version, clock.today())
    assert "L01" in {row.rule for row in queries.findings_of(cast.scope("clerk"), version.id)}
    counted = {item.label.split()[0] for item in ask(cast, FAULTS, clock.today()).items}
    assert "L01" not in counted
    assert "K02" in counted


def test_a_clean_check_counts_as_one_good_item(cast, imported, in_force):
    imported.findings.all().delete()
    version = in_force(imported, clock.today())
    item = one(ask(cast, FAULTS, clock.today()))
    assert (item.standing, str(version.id) in item.url) == (GOOD, True)


def test_a_version_the_check_never_saw_is_no_data(cast, imported, in_force):
    in_force(imported, clock.today())
    PolicyVersion.objects.update(checked_at=None)
    count = ask(cast, FAULTS, clock.today())
    assert (list(count.items), "has not run" in count.silent) == ([], True)


def test_what_was_to_be_corrected_and_is_still_there_is_broken_until_accepted(cast, imported, in_force):
    by, today = cast.scope("clerk"), clock.today()
    first = queries.findings_of(by, imported.id)
    for row in first:
        actions.decide_finding(finding=row, decision="correct", reason="Next time", by=by)
    in_force(imported, today)
    assert standings(ask(cast, FAULTS, today)) == {GOOD}
    text = policytext.read_text(TEXT.replace("every day", "twice a day"), "policy.txt")
    second = in_force(actions.import_version(document=text, policy=imported.policy, by=by), today)
    count = ask(cast, FAULTS, today)
    assert standings(count) == {BROKEN}
    assert {item.why for item in count.items} == {"Version 1 was to be corrected, and it is still there."}
    for row in queries.findings_of(by, second.id):
        actions.decide_finding(finding=row, decision="accept", reason="The safeguarding policy says it", by=by)
    assert standings(ask(cast, FAULTS, today)) == {GOOD}


# ------------------------------------------------------------------ what others ask


def test_a_control_is_switched_on_the_day_all_of_it_was_true(cast, adopted):
    row = queries.clauses_of(cast.office, adopted.policy.versions.get().id)[0]
    assert queries.switched_on(cast.scope("head"), cast.school.id) == {}
    with clock.standing_at(clock.at(DAY + timedelta(days=10))):
        actions.join_clause(clause=row, controls=[("monitoring.watch_kept", [])], by=cast.scope("trust_comms"))
    assert queries.switched_on(cast.scope("head"), cast.school.id) == {"monitoring.watch_kept": DAY + timedelta(days=50)}
    assert queries.switched_on(cast.office, cast.sister.id) == {}


@pytest.mark.parametrize("name", OURS)
def test_a_reading_costs_the_same_number_of_queries_for_two_policies_as_for_one(cast, live, in_force, name, django_assert_max_num_queries):
    with django_assert_max_num_queries(8) as one_policy:
        ask(cast, name, clock.today())
    text = policytext.read_text(TEXT.replace("every day", "twice a day"), "other.txt")
    in_force(actions.import_version(document=text, school=cast.school, title="Another", by=cast.scope("clerk")), clock.today())
    with django_assert_max_num_queries(len(one_policy)):
        assert len(ask(cast, name, clock.today()).items) > 1


def test_not_every_kind_is_a_control(cast, live):
    assert {row.kind for row in queries.clauses_of(cast.scope("teacher"), live.id)} == {ClauseKind.UNJOINED}

"""The way of a version into force: who may take which step, when, and what two people at once get."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from tests.policies.conftest import DAY, TEXT

from schoolgate import policytext
from schoolgate.audit import actions as audit
from schoolgate.audit.models import Entry
from schoolgate.common import clock
from schoolgate.common.errors import BadInput, Denied, NotFound, SchoolgateError
from schoolgate.policies import actions, queries, rules
from schoolgate.policies.models import PolicyVersion, VersionState

S = VersionState
TODAY = {"body": "Governing body", "minute": "7.2"}


def at(day=DAY):
    return clock.standing_at(clock.at(day))


def second_text() -> policytext.Document:
    return policytext.read_text(TEXT.replace("every day", "twice a day"), "policy.txt")


def test_the_table_leads_every_version_from_draft_to_history():
    assert {
        S.DRAFT: {S.IN_REVIEW},
        S.IN_REVIEW: {S.CHANGES_ASKED, S.APPROVED},
        S.CHANGES_ASKED: {S.IN_REVIEW},
        S.APPROVED: {S.IN_FORCE},
        S.IN_FORCE: {S.SUPERSEDED},
        S.SUPERSEDED: set(),
    } == rules.TRANSITIONS
    diagram = rules.states_diagram()
    assert diagram.startswith("stateDiagram-v2")
    assert all(f"{start} --> {end}:" in diagram for start, ends in rules.TRANSITIONS.items() for end in ends)


CHECKS = {
    rules.check_can_submit: {S.DRAFT, S.CHANGES_ASKED},
    rules.check_can_ask_for_changes: {S.IN_REVIEW},
    rules.check_can_approve: {S.IN_REVIEW},
    rules.check_can_bring_into_force: {S.APPROVED},
    rules.check_can_join: set(S) - {S.SUPERSEDED},
}


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_each_step_is_open_only_in_its_states(cast, imported, check, state):
    imported.state, imported.submitted_by_id = state, cast.clerk.id
    said = rules.refusal(check, imported, cast.scope("head"))
    assert (said == "") == (state in CHECKS[check])
    assert said == "" or said.endswith(".")


WHO = {
    "head": {"submit", "approve", "force"},
    "clerk": {"submit", "force"},
    "teacher": set(),
    "governor": {"approve"},
    "trust_comms": {"submit", "force"},
}


@pytest.mark.parametrize("who", WHO)
def test_each_step_is_for_its_role(cast, imported, who):
    told = {
        "submit": (S.DRAFT, rules.can_submit),
        "approve": (S.IN_REVIEW, rules.can_approve),
        "force": (S.APPROVED, rules.can_bring_into_force),
    }
    allowed = set()
    for name, (state, can) in told.items():
        imported.state = state
        if can(imported, cast.scope(who)):
            allowed.add(name)
    assert allowed == WHO[who]


def test_nobody_approves_what_they_submitted(cast, imported):
    with at():
        actions.submit(version=imported, by=cast.scope("head"))
        with pytest.raises(Denied, match="someone else must decide"):
            actions.approve(version=imported, met_on=DAY, by=cast.scope("head"), **TODAY)
        with pytest.raises(Denied, match="someone else must decide"):
            actions.ask_for_changes(version=imported, wanted="More", by=cast.scope("head"))
    imported.refresh_from_db()
    assert imported.state == S.IN_REVIEW


def test_a_process_never_approves(cast, imported):
    actions.submit(version=imported, by=cast.scope("clerk"))
    with pytest.raises(Denied, match="A named person"):
        actions.approve(version=imported, met_on=DAY, by=cast.office, **TODAY)


def test_changes_are_asked_for_and_the_version_comes_back(cast, imported):
    actions.submit(version=imported, by=cast.scope("clerk"))
    with pytest.raises(BadInput, match="Say what should be changed"):
        actions.ask_for_changes(version=imported, wanted="  ", by=cast.scope("head"))
    sent_back = actions.ask_for_changes(version=imported, wanted="Name the moderator", by=cast.scope("head"))
    assert (sent_back.state, sent_back.changes_wanted, sent_back.changes_asked_by_id) == (
        S.CHANGES_ASKED,
        "Name the moderator",
        cast.head.id,
    )
    again = actions.submit(version=imported, by=cast.scope("clerk"))
    assert (again.state, again.changes_wanted) == (S.IN_REVIEW, "")


def test_unjoined_clauses_are_counted_and_do_not_stop_a_version(cast, imported, in_force):
    with at():
        version = in_force(imported)
    assert version.state == S.IN_FORCE
    entry = Entry.objects.get(verb="policy.in_force")
    assert b'"unjoined":%d' % queries.progress(cast.scope("head"), [version.id])[version.id].unjoined in bytes(entry.payload).replace(
        b" ", b""
    )


def test_a_new_version_takes_the_place_of_the_one_before(cast, imported, in_force):
    with at():
        first = in_force(imported)
    later = DAY + timedelta(days=100)
    with at(later):
        second = in_force(
            actions.import_version(document=second_text(), policy=first.policy, by=cast.scope("clerk")), later, change_summary="Twice"
        )
    first.refresh_from_db()
    assert (first.state, first.in_force_until) == (S.SUPERSEDED, later)
    assert (second.in_force_from, second.change_summary) == (later, "Twice")
    scope = cast.scope("teacher")
    assert [row.number for row in queries.versions_in_force(scope, cast.school.id)] == [2]
    assert [row.number for row in queries.versions_in_force(scope, cast.school.id, later - timedelta(days=1))] == [1]
    assert [row.number for row in queries.versions_in_force(scope, cast.school.id, later)] == [2]
    assert queries.versions_in_force(scope, cast.school.id, DAY - timedelta(days=1)) == []


@pytest.mark.parametrize(
    ("days", "review", "refusal"),
    [
        (1, None, ("from_day", "or earlier")),
        (-1, None, ("from_day", "before the day it was approved")),
        (0, 0, ("review_on", "after the day")),
    ],
)
def test_dates_that_cannot_be_are_refused(cast, imported, days, review, refusal):
    with at():
        actions.submit(version=imported, by=cast.scope("clerk"))
        actions.approve(version=imported, met_on=DAY, by=cast.scope("head"), **TODAY)
        review_on = DAY + timedelta(days=review) if review is not None else None
        with pytest.raises(BadInput, match=refusal[1]) as refused:
            actions.bring_into_force(version=imported, from_day=DAY + timedelta(days=days), review_on=review_on, by=cast.scope("clerk"))
    assert refused.value.field == refusal[0]
    imported.refresh_from_db()
    assert imported.state == S.APPROVED


def test_a_meeting_in_the_future_and_a_body_without_a_name_are_refused(cast, imported):
    with at():
        actions.submit(version=imported, by=cast.scope("clerk"))
        with pytest.raises(BadInput, match="future"):
            actions.approve(version=imported, body="Board", minute="", met_on=DAY + timedelta(days=1), by=cast.scope("head"))
        with pytest.raises(BadInput, match="who approved"):
            actions.approve(version=imported, body=" ", minute="", met_on=DAY, by=cast.scope("head"))


def test_a_version_out_of_reach_is_not_found(cast, imported):
    for name in ("outsider", "sister_head"):
        with pytest.raises(NotFound):
            actions.submit(version=imported, by=cast.scope(name))


@pytest.mark.parametrize("step", ["submit", "approve", "force", "adopt", "details"])
def test_nothing_changes_when_the_log_cannot_be_written(cast, imported, monkeypatch, step):
    with at():
        if step != "submit":
            actions.submit(version=imported, by=cast.scope("clerk"))
        if step == "force":
            actions.approve(version=imported, met_on=DAY, by=cast.scope("head"), **TODAY)
        before = list(PolicyVersion.objects.values())

        def fail(*_args: object, **_more: object) -> None:
            raise RuntimeError("the log is full")

        monkeypatch.setattr(audit, "record", fail)
        acts = {
            "submit": lambda: actions.submit(version=imported, by=cast.scope("clerk")),
            "approve": lambda: actions.approve(version=imported, met_on=DAY, by=cast.scope("head"), **TODAY),
            "force": lambda: actions.bring_into_force(version=imported, from_day=DAY, by=cast.scope("clerk")),
            "adopt": lambda: actions.ask_for_changes(version=imported, wanted="More", by=cast.scope("head")),
            "details": lambda: actions.complete_details(
                version=imported,
                owner_role="headteacher",
                audience=["employee"],
                authors="",
                minute="",
                review_on=None,
                change_summary="",
                by=cast.scope("clerk"),
            ),
        }
        with pytest.raises(RuntimeError):
            acts[step]()
    assert list(PolicyVersion.objects.values()) == before
    imported.policy.refresh_from_db()
    assert imported.policy.owner_role == ""


def both(*acts) -> list[str]:
    """Do things at the same moment in threads of their own; the sentence each got, empty for success."""
    start, said = threading.Barrier(len(acts)), [""] * len(acts)

    def run(place: int) -> None:
        try:
            start.wait(10)
            acts[place]()
        except SchoolgateError as refused:
            said[place] = refused.sentence
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return said


@pytest.mark.django_db(transaction=True)
def test_of_two_approvals_at_once_one_wins_and_the_other_gets_a_sentence(cast, imported):
    actions.submit(version=imported, by=cast.scope("clerk"))
    by, on = cast.scope("head"), clock.today()

    def act() -> None:
        actions.approve(version=imported, met_on=on, by=by, **TODAY)

    said = both(act, act)
    assert sorted(map(bool, said)) == [False, True]
    assert "must be in review" in max(said)
    assert Entry.objects.filter(verb="policy.approved").count() == 1


@pytest.mark.django_db(transaction=True)
def test_approval_and_a_request_for_changes_at_once_leave_one_of_them(cast, imported):
    actions.submit(version=imported, by=cast.scope("clerk"))
    by, on = cast.scope("head"), clock.today()
    said = both(
        lambda: actions.approve(version=imported, met_on=on, by=by, **TODAY),
        lambda: actions.ask_for_changes(version=imported, wanted="More", by=by),
    )
    assert sorted(map(bool, said)) == [False, True]
    imported.refresh_from_db()
    assert imported.state == (S.CHANGES_ASKED if said[0] else S.APPROVED)


@pytest.mark.django_db(transaction=True)
def test_two_versions_brought_into_force_at_once_leave_one_in_force(cast, imported):
    clerk, head, on = cast.scope("clerk"), cast.scope("head"), clock.today()
    second = actions.import_version(document=second_text(), policy=imported.policy, by=clerk)
    for version in (imported, second):
        actions.submit(version=version, by=clerk)
        actions.approve(version=version, met_on=on, by=head, **TODAY)
    said = both(*[lambda v=version: actions.bring_into_force(version=v, from_day=on, by=clerk) for version in (imported, second)])
    assert said == ["", ""]
    states = sorted(PolicyVersion.objects.values_list("state", flat=True))
    assert states == [S.IN_FORCE, S.SUPERSEDED]


@pytest.mark.django_db(transaction=True)
def test_the_same_document_imported_at_once_comes_in_once(cast, document):
    by = cast.scope("clerk")

    def act() -> None:
        actions.import_version(document=document, school=cast.school, by=by)

    said = both(act, act)
    assert sorted(map(bool, said)) == [False, True]
    assert "already here" in max(said)
    assert PolicyVersion.objects.count() == 1

"""Reasons to review early that the system knows from its own records: written down once each, told to whoever decides, closed once."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from tests.conftest import place
from tests.policies.conftest import DAY, TEXT

from schoolgate import policytext
from schoolgate.common import clock
from schoolgate.contracts.jobs import jobs
from schoolgate.notify.models import Message
from schoolgate.people import actions as people
from schoolgate.people import queries as reach
from schoolgate.policies import actions, queries, rules, todo
from schoolgate.policies.models import Clause, EarlyDecision, EarlyReason, PolicyVersion, TextFinding

LATER = DAY + timedelta(days=40)


@pytest.fixture
def live(imported, in_force):
    with clock.standing_at(clock.at(DAY)):
        return in_force(imported)


def run(on=LATER) -> list[EarlyReason]:
    with clock.standing_at(clock.at(on, 6)):
        jobs()["policies.early_reasons"].run(clock.now())
    return list(EarlyReason.objects.order_by("raised_at", "school__ref", "id"))


def told() -> list:
    return list(Message.objects.filter(template="policy.early_reason", by=Message.By.SCREEN).values_list("person_id", flat=True))


def owned_by(version: PolicyVersion, role: str) -> None:
    version.policy.owner_role = role
    version.policy.save(update_fields=["owner_role"])


def test_with_nothing_new_nothing_is_written(live):
    assert run() == []


# ------------------------------------------------------------------ law


def law_changes(version: PolicyVersion, on=LATER) -> None:
    rule = next(iter(sorted(rules.citation_rules())))
    TextFinding.objects.create(
        version=version, clause=version.clauses.get(ref="1.1"), rule=rule, quote="KCSIE 2025", severity="error", message="x",
        found_at=clock.at(on, 5),
    )  # fmt: skip


def test_law_that_changed_after_the_text_came_into_force_is_one_reason_told_once(cast, live):
    owned_by(live, "headteacher")
    law_changes(live)
    (row,) = run()
    assert (row.kind, row.policy_id, row.school_id, row.clause.ref, row.raised_by_id) == (
        "law",
        live.policy_id,
        cast.school.id,
        "1.1",
        None,
    )
    assert "KCSIE 2025" in row.words
    assert row.path == reverse("policies:findings", args=[live.id])
    assert run() == run(LATER + timedelta(days=1)) == [row]
    assert told() == [cast.head.id]
    mail = Message.objects.get(by=Message.By.EMAIL)
    assert (mail.reference, mail.template) == ("", "policy.early_reason")


def test_what_the_text_said_when_it_came_into_force_and_faults_of_the_text_are_no_news(live):
    law_changes(live, DAY)
    TextFinding.objects.create(version=live, rule="Q-OURS", quote="x", severity="warn", message="x", found_at=clock.at(LATER))
    assert run() == []


def test_the_editors_are_told_where_no_owner_may_decide(cast, live):
    owned_by(live, "dsl")
    law_changes(live)
    run()
    assert set(told()) == {cast.head.id, cast.clerk.id}


# ------------------------------------------------------------------ people


def printed(cast, name: str) -> PolicyVersion:
    """A policy that prints somebody's name."""
    text = policytext.read_text(TEXT.replace("Two authorised people", f"Ask {name} first: two authorised people"), "named.txt")
    with clock.standing_at(clock.at(DAY)):
        version = actions.import_version(document=text, school=cast.school, title="Named", by=cast.scope("clerk"))
        actions.submit(version=version, by=cast.scope("clerk"))
        actions.approve(version=version, body="x", minute="1", met_on=DAY, by=cast.scope("head"))
        return actions.bring_into_force(version=version, from_day=DAY, by=cast.scope("clerk"))


@pytest.mark.parametrize("name", ["Dsl Example", "Mrs Example", "Dr. Dsl Example"])
def test_a_role_holder_whom_the_text_names_and_who_holds_it_no_more(cast, name):
    version = printed(cast, name)
    held = reach.roles_of(cast.office, cast.dsl.id)[0]
    ends = DAY + timedelta(days=9)
    with clock.standing_at(clock.at(ends)):
        people.end_appointment(appointment=held, ends_on=ends, why="Moved", by=cast.office)
    assert run(ends) == []
    (row,) = run(ends + timedelta(days=1))
    assert (row.kind, row.clause.ref, row.source) == ("staff", "1.1", f"staff:{held.id.hex}")
    assert "designated safeguarding lead since 11 March 2026" in row.words
    assert "Example" not in row.words
    assert version.policy_id == row.policy_id


def test_a_holder_who_got_the_role_again_or_whom_no_text_names_is_no_reason(cast, live):
    printed(cast, "Dsl Example")
    for person in (cast.dsl, cast.sbm):
        held = reach.roles_of(cast.office, person.id)[0]
        with clock.standing_at(clock.at(DAY + timedelta(days=5))):
            people.end_appointment(appointment=held, ends_on=clock.today(), why="Moved", by=cast.office)
    people.appoint(person=cast.dsl, role="dsl", school=cast.school, starts_on=DAY + timedelta(days=9), by=cast.office)
    assert run() == []


def test_a_new_holder_of_the_owner_role_is_a_reason(cast, live):
    owned_by(live, "clerk")
    starts = DAY + timedelta(days=9)
    people.appoint(person=cast.sbm, role="clerk", school=cast.school, starts_on=starts, by=cast.office)
    (row,) = run()
    assert (row.kind, row.source.startswith("owner:")) == ("staff", True)
    assert set(told()) == {cast.clerk.id, cast.sbm.id}
    assert run() == [row]


# ------------------------------------------------------------------ the trust's text


@pytest.fixture
def chief(cast):
    cast.people["chief"] = place(cast.office, cast.sister, "chief", "trust_ceo", "employee", across_trust=True)
    return cast.people["chief"]


def trust_text(cast, number: int, on, policy=None) -> PolicyVersion:
    text = policytext.read_text(TEXT.replace("every day", f"{number} times a day"), f"trust{number}.txt")
    with clock.standing_at(clock.at(on)):
        version = actions.import_version(document=text, policy=policy, title="" if policy else "Trust policy", by=cast.scope("trust_comms"))
        actions.submit(version=version, by=cast.scope("trust_comms"))
        actions.approve(version=version, body="Board", minute="1", met_on=on, by=cast.scope("chief"))
        return actions.bring_into_force(version=version, from_day=on, change_summary="More", by=cast.scope("trust_comms"))


def adopted(cast, version, on=DAY) -> None:
    for school, head in ((cast.school, "head"), (cast.sister, "sister_head")):
        with clock.standing_at(clock.at(on)):
            actions.adopt(
                policy=version.policy, school=school, body="Governors", minute="1", adopted_on=on, local_changes="Ours", by=cast.scope(head)
            )


def test_a_trust_text_replaced_after_it_was_adopted_is_put_to_each_school(cast, chief):
    first = trust_text(cast, 1, DAY)
    adopted(cast, first)
    assert run() == []
    second = trust_text(cast, 2, DAY + timedelta(days=20), first.policy)
    rows = run()
    assert [(row.kind, row.school_id) for row in rows] == [("trust", cast.school.id), ("trust", cast.sister.id)]
    assert {row.path for row in rows} == {reverse("policies:compare", args=[second.id])}
    assert run() == rows
    assert set(told()) == {cast.head.id, cast.sister_head.id}
    assert [task.count for task in todo.early_reasons_to_decide(cast.scope("head"), LATER)] == [1]
    assert list(todo.early_reasons_to_decide(cast.scope("trust_comms"), LATER)) == []


def test_a_fact_about_a_trust_text_is_asked_told_and_decided_once_for_all_schools(cast, chief):
    first = trust_text(cast, 1, DAY)
    owned_by(first, "trust_comms")
    adopted(cast, first)
    law_changes(first)
    rows = run()
    assert len(rows) == 2
    assert told() == [cast.trust_comms.id]
    (task,) = todo.early_reasons_to_decide(cast.scope("trust_comms"), LATER)
    assert (task.count, "2 schools" in task.title) == (2, True)
    assert list(todo.early_reasons_to_decide(cast.scope("head"), LATER)) == []
    actions.decide_early_reason(reason=rows[0], answer="next", why="It changes little", everywhere=True, by=cast.scope("trust_comms"))
    assert EarlyDecision.objects.count() == 2
    assert list(todo.early_reasons_to_decide(cast.scope("trust_comms"), LATER)) == []


def test_a_school_decides_only_for_itself(cast, chief):
    first = trust_text(cast, 1, DAY)
    adopted(cast, first)
    law_changes(first)
    rows = run()
    own = next(row for row in rows if row.school_id == cast.school.id)
    actions.decide_early_reason(reason=own, answer="next", why="Little", everywhere=True, by=cast.scope("head"))
    assert EarlyDecision.objects.get().school_id == cast.school.id


def test_one_record_makes_one_reason_in_the_database_too(cast, live):
    law_changes(live)
    (row,) = run()
    with pytest.raises(DatabaseError), transaction.atomic():
        EarlyReason.objects.create(
            school=cast.school, policy=live.policy, kind="law", words="again", source=row.source, raised_at=clock.now()
        )
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        EarlyReason.objects.update(words="x")


# ------------------------------------------------------------------ pages


def test_the_page_leads_to_the_record_and_shows_what_was_decided(cast, live, signed_in):
    law_changes(live)
    (row,) = run()
    clerk, address = signed_in("clerk"), reverse("policies:early_reason", args=[row.id])
    page = clerk.get(address).content.decode()
    assert row.path in page
    assert "other school" not in page
    clerk.post(address, {"answer": "nothing", "why": "It is only a new year"})
    page = clerk.get(address).content.decode()
    assert "It was decided on" in page
    assert "<textarea" not in page
    assert "It is only a new year" in page
    assert Clause.objects.get(pk=row.clause_id).ref == "1.1"


def test_the_trust_decides_for_every_school_from_one_page(cast, chief, signed_in):
    first = trust_text(cast, 1, DAY)
    adopted(cast, first)
    law_changes(first)
    row = run()[0]
    client, address = signed_in("trust_comms"), reverse("policies:early_reason", args=[row.id])
    assert "Decide the same for the other school" in client.get(address).content.decode()
    client.post(address, {"answer": "now", "why": "It changes much", "everywhere": "on"})
    assert EarlyDecision.objects.count() == 2


def test_looking_through_the_records_costs_the_same_however_much_there_is(cast, live, django_assert_num_queries):
    law_changes(live)
    with django_assert_num_queries(6):
        queries.known_reasons(cast.office, cast.school, LATER)
    for number in range(1, 5):
        law_changes(live, LATER + timedelta(days=number))
    people.appoint(person=cast.sbm, role="dpo", school=cast.school, starts_on=DAY, by=cast.office)
    with django_assert_num_queries(6):
        assert len(queries.known_reasons(cast.office, cast.school, LATER)) == 5

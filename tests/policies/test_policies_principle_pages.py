"""The pages about the trust's principles, what is asked of whom, two people at once, and what it all costs at 60 schools."""

from datetime import timedelta

import pytest
from django.urls import reverse
from tests.bench.principles_size import PRINCIPLES, mark_as_usual
from tests.policies.conftest import DAY, TEXT
from tests.policies.test_policies_principles import at, ceo, decide, mark, own, trust_text  # noqa: F401  fixtures among them
from tests.policies.test_policies_steps import both

from schoolgate.audit.models import Entry
from schoolgate.common import clock
from schoolgate.contracts.todo import questions
from schoolgate.notify.models import Message
from schoolgate.people import actions as people
from schoolgate.policies import actions, jobs, queries, todo
from schoolgate.policies.models import (
    Alignment,
    Clause,
    ClauseValue,
    DepartureDecision,
    Lineage,
    ParentText,
    Policy,
    PolicyVersion,
    PrincipleMark,
)
from schoolgate.policies.rules.principles import CONTRADICTS

LOOSE = TEXT.replace("within ten school days of joining", "when there is time")


@pytest.fixture
def compared(own):  # noqa: F811  the fixture of that name
    at(DAY, lambda: jobs.suggest_marks(clock.now()))
    return own


def page(client, name: str, *args: object, **query: str) -> str:
    answer = client.get(reverse(f"policies:{name}", args=args), query)
    assert answer.status_code == 200, (name, answer.status_code)
    return " ".join(answer.content.decode().split())


# ------------------------------------------------------------------ a school's pages


def test_before_anything_is_loaded_the_pages_say_what_to_do(cast, imported, signed_in):
    assert "has loaded no text" in page(signed_in("clerk"), "principles", imported.id)
    client = signed_in("clerk")
    assert client.get(reverse("policies:principle", args=[imported.id, "1.1"])).status_code == 302
    assert client.get(reverse("policies:principle_values", args=[imported.id])).status_code == 302
    assert "No text is loaded yet." in page(signed_in("trust_comms"), "principle_map", cast.trust.id)
    assert "nothing to mark" in client.post(reverse("policies:accept_same", args=[imported.id]), follow=True).content.decode()


def test_a_principle_stands_beside_the_school_s_passage_with_the_suggestion(cast, compared, signed_in):
    client = signed_in("clerk")
    listed = page(client, "principles", compared.id)
    assert "4 of 4 principles" in listed
    assert "Accept" in listed
    shown = page(client, "principle", compared.id, "2.1")
    assert "Every adult must sign this policy within ten school days" in shown
    assert "Suggestion: the same." in shown
    assert 'value="2.1"' in shown  # the passage found is ticked
    assert 'name="kind" value="same" checked' not in shown  # but the mark is a person's
    assert client.get(reverse("policies:principle", args=[compared.id, "9.9"])).status_code == 404


def test_one_submit_marks_one_principle_and_leads_to_the_next_unmarked(cast, compared, signed_in):
    client, address = signed_in("clerk"), reverse("policies:principle", args=[compared.id, "1.1"])
    answer = client.post(address, {"kind": "same", "clauses": ["1.1"], "others": "1.2"})
    assert (answer.status_code, answer.url) == (302, reverse("policies:principle", args=[compared.id, "1.2"]))
    row = PrincipleMark.objects.get()
    assert ([one["ref"] for one in row.passages], row.suggested) == (["1.1", "1.2"], "same")
    for sent, sentence in (({"kind": "departs"}, "why your policy departs"), ({}, "How does your policy stand to it"),
                           ({"kind": "same", "others": "7.7"}, "no clause 7.7"),
                           ({"kind": "gap", "gap_on_day": "1", "gap_on_month": "2", "gap_on_year": "2020"}, "closed")):  # fmt: skip
        answer = client.post(reverse("policies:principle", args=[compared.id, "2.2"]), sent)
        assert answer.status_code == 200
        assert sentence in " ".join(answer.content.decode().split()), sent
    assert PrincipleMark.objects.count() == 1


def test_strong_suggestions_are_accepted_with_one_button(cast, compared, signed_in):
    done = signed_in("clerk").post(reverse("policies:accept_same", args=[compared.id]), follow=True).content.decode()
    assert "marked as the same" in done
    assert set(PrincipleMark.objects.values_list("kind", flat=True)) == {"same"}


def test_who_may_only_read_sees_why_they_cannot_mark(cast, compared, signed_in):
    assert "Only someone who edits your school" in page(signed_in("teacher"), "principle", compared.id, "1.1")
    signed_in("teacher").post(reverse("policies:principle", args=[compared.id, "1.1"]), {"kind": "same", "clauses": ["1.1"]})
    assert not PrincipleMark.objects.exists()
    assert signed_in("sister_head").get(reverse("policies:principles", args=[compared.id])).status_code == 404


def test_clauses_are_tagged_on_one_page(cast, compared, signed_in):
    client, address = signed_in("clerk"), reverse("policies:principle_values", args=[compared.id])
    assert "None fits" in client.get(address).content.decode()
    wrong = client.post(address, {"how-1.2": "serves", "serves-1.2": "8.8", "how-1.4": "none"}).content.decode()
    assert "has no principle 8.8" in wrong
    assert 'value="8.8"' in wrong  # what was typed is still there
    assert not ClauseValue.objects.exists()
    client.post(address, {"how-1.2": "serves", "serves-1.2": "1.1, 2.2", "how-1.4": "none", "serves-1.3": "1.2"})
    assert {row.ref: [one["ref"] for one in row.principles] for row in ClauseValue.objects.all()} == {"1.2": ["1.1", "2.2"], "1.4": []}
    assert "serves 1.1, 2.2" in client.get(address).content.decode()


# ------------------------------------------------------------------ the trust's pages


def test_the_trust_loads_a_text_that_is_in_force(cast, own, signed_in):  # noqa: F811
    client, address = signed_in("trust_comms"), reverse("policies:load_parent", args=[cast.trust.id])
    assert "Principles for Social Media" in client.get(address).content.decode()
    client.post(address, {"policy": "none"})
    assert ParentText.objects.order_by("-loaded_at", "-id").first().policy is None
    assert signed_in("outsider").get(address).status_code in (403, 404)
    assert client.get(reverse("policies:load_parent", args=[cast.other_trust.id])).status_code == 404


def loose_school(cast) -> PolicyVersion:
    """The school takes a next version that asks for less than principle 2.1, and the comparison runs."""
    version = Policy.objects.get(school=cast.school).versions.get()
    PolicyVersion.objects.filter(pk=version.pk).update(fingerprint="1" * 64)
    Clause.objects.filter(version=version, ref="2.1").update(text="Adults should sign this policy when there is time.")
    at(DAY, lambda: jobs.suggest_marks(clock.now()))
    return version


def test_an_officer_finds_the_school_that_is_looser_and_asks_it(cast, own, signed_in):  # noqa: F811
    version, client = loose_school(cast), signed_in("trust_comms")
    assert Alignment.objects.get(version=version).verdicts["2.1"] == "looser"
    shown = page(client, "principle_map", cast.trust.id)
    assert "1 place to look at" in shown
    assert "Looser, as suggested" in shown
    assert reverse("policies:principle", args=[version.id, "2.1"]) in shown
    only = page(client, "principle_map", cast.trust.id, show="looser")
    assert reverse("policies:principle", args=[version.id, "1.1"]) not in only
    asked = client.post(reverse("policies:ask_school", args=[cast.school.ref, "2.1"]), {"words": "Is it on purpose?"}, follow=True)
    assert "is asked about principle 2.1" in asked.content.decode()
    assert "Asked on" in page(client, "principle_map", cast.trust.id)
    assert "The trust asks" in page(signed_in("clerk"), "principle", version.id, "2.1")
    assert Entry.objects.filter(verb="principle.asked").count() == 1
    assert "purpose" not in str(Entry.objects.get(verb="principle.asked").facts)


def test_the_owner_of_the_policy_is_told_without_content(cast, own):  # noqa: F811
    Policy.objects.filter(pk=own.policy_id).update(owner_role="headteacher")
    by = cast.scope("trust_comms", DAY)
    at(DAY, lambda: actions.ask_school(school=cast.school, ref="2.2", words="Is it on purpose?", by=by))
    told = Message.objects.filter(template="policy.principle_asked")
    assert {row.person_id for row in told} == {cast.head.id}
    assert {row.path for row in told} == {reverse("policies:principles", args=[own.id])}


def test_what_a_person_marked_as_met_is_not_in_the_filter_but_is_not_hidden(cast, own, signed_in):  # noqa: F811
    version = loose_school(cast)
    mark(cast, version, "2.1", "same", refs=["2.1"])
    shown = page(signed_in("trust_comms"), "principle_map", cast.trust.id)
    assert "No school's policy is looser" in shown.replace("&#x27;", "'")
    assert "1 marked as met by the school, though" in shown


def test_a_departure_is_decided_on_its_page(cast, own, signed_in):  # noqa: F811
    row = mark(cast, own, "2.2", "departs", reason="The deputy decides here", refs=["1.1"])
    address = reverse("policies:principle_departure", args=[row.id])
    assert "The deputy decides here" in signed_in("ceo").get(address).content.decode()
    assert "approves policies for the trust" in signed_in("head").get(address).content.decode()
    signed_in("head").post(address, {"answer": "yes", "why": "Fine"})
    assert not DepartureDecision.objects.exists()
    shown = signed_in("ceo").post(address, {"answer": "no", "why": "The head must decide"}, follow=True).content.decode()
    assert "The head must decide" in shown
    assert not DepartureDecision.objects.get().approved
    assert signed_in("outsider").get(address).status_code == 404


def test_how_the_text_is_taken_is_recorded_on_a_page(cast, own, signed_in):  # noqa: F811
    client, address = signed_in("clerk"), reverse("policies:take_parent", args=[cast.school.ref])
    assert "The trust decides" in client.post(address, {"mode": "advisory", "reason": "We like it"}).content.decode()
    client.post(address, {"mode": "principles", "policy": str(own.policy_id), "reason": "Staff meeting"})
    assert (Lineage.objects.get().policy_id, Lineage.objects.get().mode) == (own.policy_id, "principles")


# ------------------------------------------------------------------ what is asked of whom


def titles(cast, who: str, on=DAY) -> list[str]:
    return [task.title for task in at(on, lambda: list(todo.principles_to_act_on(cast.scope(who, on), on)))]


def test_each_is_asked_for_their_own(cast, own):  # noqa: F811
    assert questions()["policies.principles"] is todo.principles_to_act_on
    assert titles(cast, "clerk") == ["Mark how “Social Media Policy” meets 4 principles of the trust"]
    assert titles(cast, "teacher") == titles(cast, "ceo") == titles(cast, "trust_comms") == titles(cast, "outsider") == []
    mark(cast, own, "2.2", "departs", reason="The deputy decides here")
    assert titles(cast, "ceo") == [f"Decide whether {cast.school} may depart from principle 2.2"]
    assert titles(cast, "trust_comms") == ["Look at 1 place where a school's policy seems looser than a principle"]
    decide(cast, PrincipleMark.objects.get())
    assert titles(cast, "ceo") == titles(cast, "trust_comms") == []
    mark(cast, own, "1.1", "gap", gap_on=DAY + timedelta(days=20))
    by = cast.scope("trust_comms", DAY)
    at(DAY, lambda: actions.ask_school(school=cast.school, ref="1.2", words="Is it on purpose?", by=by))
    assert titles(cast, "clerk") == [
        "Mark how “Social Media Policy” meets 2 principles of the trust",
        "Answer the trust about principle 1.2 and “Social Media Policy”",
        "Close 1 gap between “Social Media Policy” and the trust's principles",
    ]


def test_a_trust_with_a_text_in_force_and_none_loaded_is_asked_to_choose(cast, own):  # noqa: F811
    later = DAY + timedelta(days=1)
    at(later, lambda: actions.load_parent(policy=None, by=cast.office))
    assert titles(cast, "trust_comms", later) == ["Choose the text your schools' policies are held against"]
    assert titles(cast, "clerk", later) == []


# ------------------------------------------------------------------ at once


@pytest.mark.django_db(transaction=True)
def test_of_two_decisions_at_once_one_counts_and_the_other_is_told(cast, own):  # noqa: F811
    row = mark(cast, own, "2.2", "departs", reason="The deputy decides here")
    by = cast.scope("ceo")
    said = both(
        lambda: actions.decide_departure(mark=row, approved=True, why="Yes", by=by),
        lambda: actions.decide_departure(mark=row, approved=False, why="No", by=by),
    )
    assert sorted(map(bool, said)) == [False, True]
    assert "decided already" in max(said)
    assert DepartureDecision.objects.count() == Entry.objects.filter(verb="principle.departure_decided").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_new_mark_and_an_approval_at_once_never_approve_what_was_marked_away(cast, own):  # noqa: F811
    row = mark(cast, own, "2.2", "departs", reason="The deputy decides here")
    by, clerk = cast.scope("ceo"), cast.scope("clerk")
    said = both(
        lambda: actions.decide_departure(mark=row, approved=True, why="Yes", by=by),
        lambda: actions.mark_principle(version=own, ref="2.2", kind="departs", reason="Another reason", by=clerk),
    )
    assert not said[1]
    assert queries.latest_mark(row).reason == "Another reason"
    assert not DepartureDecision.objects.filter(mark__reason="Another reason").exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_keep_one_comparison(cast, own):  # noqa: F811
    said = both(lambda: jobs.suggest_marks(clock.now()), lambda: jobs.suggest_marks(clock.now()))
    assert not any(said)
    assert Alignment.objects.count() == Entry.objects.filter(verb="principles.suggested").count() == 1


# ------------------------------------------------------------------ at the size of a trust


def long_text(trust_text: PolicyVersion) -> None:  # noqa: F811
    """A trust's text of the usual length."""
    last = max(trust_text.clauses.values_list("position", flat=True)) + 1
    Clause.objects.bulk_create(
        Clause(version=trust_text, position=last + n, ref=f"3.{n}", path=["3. More"], text=f"Staff must keep rule {n}.", modality="must")
        for n in range(PRINCIPLES - 4)
    )


def many_schools(cast, trust_text: PolicyVersion, places: range) -> None:  # noqa: F811
    """Schools with a policy of 80 clauses each, compared and marked in bulk: only to measure."""
    now, trust = clock.now(), cast.trust
    mine = list(trust_text.clauses.all())
    for place in places:
        school = people.open_school(trust=trust, ref=f"many-{place:02}", name=f"School {place:02}", phase="primary", by=cast.office.actor)
        policy = Policy.objects.create(trust=trust, school=school, title="Our policy", created_at=now)
        version = PolicyVersion.objects.create(
            policy=policy, number=1, state="in_force", source_name="p", source_sha256="0" * 64, media_type="text/plain",
            fingerprint=f"{place:064}", imported_at=now, approved_at=now, approving_body="Governors", in_force_from=DAY,
        )  # fmt: skip
        Clause.objects.bulk_create(
            Clause(version=version, position=n, ref=f"1.{n}", text=f"At school {place} rule {n} is kept by everybody.", modality="must")
            for n in range(80)
        )
        mark_as_usual(version, trust_text, mine, cast.clerk)


def test_the_map_costs_the_same_queries_at_two_schools_and_at_sixty(
    cast, trust_text, signed_in, django_assert_max_num_queries  # noqa: F811
):  # fmt: skip
    client, address = signed_in("trust_comms"), reverse("policies:principle_map", args=[cast.trust.id])
    long_text(trust_text)
    many_schools(cast, trust_text, range(2))
    client.get(address)
    with django_assert_max_num_queries(30) as few:
        assert client.get(address).status_code == 200
    queried = len(few)
    assert queried > 5
    many_schools(cast, trust_text, range(2, 60))
    with django_assert_max_num_queries(queried):
        shown = client.get(address).content.decode()
    assert shown.count("<tr>") > PRINCIPLES
    scope, today = cast.scope("trust_comms"), clock.today()
    with django_assert_max_num_queries(queried):
        (task,) = todo.principles_to_act_on(scope, today)
    board = queries.principles_board(scope, scope.school_ids, today)  # the list counts from fewer rows; it must find the same places
    assert task.count == sum(one.how in CONTRADICTS for school_id in board.sides for one in board.judged(school_id)) > 60

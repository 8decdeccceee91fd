"""policies.reviewed_on_time and policies.early_review_decided as the catalogue counts them, and the pages behind them."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from tests.policies.conftest import DAY

from schoolgate import data
from schoolgate.common import clock
from schoolgate.common.errors import BadInput, Denied
from schoolgate.common.workingdays import add_days
from schoolgate.contracts.controls import Count, Question, Standing, carried
from schoolgate.contracts.jobs import jobs
from schoolgate.notify.models import Message
from schoolgate.people import actions as people
from schoolgate.policies import actions, controls, queries
from schoolgate.policies.models import EarlyDecision, PolicyReview, PolicyVersion, ReviewSignature
from schoolgate.policies.rules import reviewing

GOOD, DUE, BROKEN, LAPSING, LATE = Standing.GOOD, Standing.DUE, Standing.BROKEN, Standing.LAPSING, Standing.LATE
REVIEWED, EARLY = "policies.reviewed_on_time", "policies.early_review_decided"
SIGNERS = ("headteacher", "coordinator", "link_governor")
PARAMS = {"policy_months": 12, "review_notice_days": 60, "review_signers": list(SIGNERS), "complete_days": 28, "decide_days": 20}
PRINTED = date(2027, 1, 31)  # the last day of the month printed in the policy
SIGNED_BY = {"headteacher": "head", "coordinator": "sbm", "link_governor": "governor"}


@pytest.fixture
def live(imported, in_force):
    with clock.standing_at(clock.at(DAY)):
        return in_force(imported)


def ask(cast, name: str, on: date, **more) -> Count:
    with clock.standing_at(clock.at(on)):
        return carried()[name](Question(cast.school.id, cast.trust.id, on, PARAMS, **more))


def item(cast, on: date, name: str = REVIEWED):
    items = ask(cast, name, on).items
    assert len(items) == 1
    return items[0]


def review(cast, live, on: date, signers=SIGNERS, **more) -> PolicyReview:
    told = {"held_on": on, "outcome": "no_change", "minute": "FGB 7", "note": "", **more}
    with clock.standing_at(clock.at(on)):
        row = actions.record_review(policy=live.policy, school=cast.school, by=cast.scope("clerk"), **told)
    for role in signers:
        sign(cast, row, role, on)
    return row


def sign(cast, row: PolicyReview, role: str, on: date) -> ReviewSignature:
    with clock.standing_at(clock.at(on)):
        return actions.sign_review(review=row, role=role, comment="Read and agreed", by=cast.scope(SIGNED_BY[role], on))


def test_the_controls_are_registered_with_the_parameters_and_lines_of_the_catalogue():
    rows = {row["id"]: row for row in data.load("catalogue/controls.yaml")["controls"]}
    assert carried()[REVIEWED] is controls.reviewed_on_time
    assert carried()[EARLY] is controls.early_review_decided
    assert set(rows[REVIEWED]["parameters"]) <= set(PARAMS)
    assert set(rows[REVIEWED]["counts"]["lines"]) == {"in_date", "signed_off"}
    assert reviewing.signers() == SIGNERS


# ------------------------------------------------------------------ reviewed on time


def test_with_no_policy_in_force_there_is_no_data(cast, imported):
    count = ask(cast, REVIEWED, DAY)
    assert (list(count.items), count.silent) == ([], "No policy is in force.")


def test_a_printed_date_is_good_then_announced_then_broken_then_put_right(cast, live):
    assert live.review_on == PRINTED
    for days, standing in ((61, GOOD), (60, LAPSING), (0, LAPSING), (-1, BROKEN), (-90, BROKEN)):
        found = item(cast, PRINTED - timedelta(days=days))
        assert (found.standing, found.lines, found.due_on) == (standing, {"in_date": standing}, PRINTED)
    late = PRINTED + timedelta(days=10)
    review(cast, live, late)
    assert item(cast, late - timedelta(days=1)).standing == BROKEN
    found = item(cast, late)
    assert (found.standing, found.lines) == (GOOD, {"in_date": GOOD, "signed_off": GOOD})
    assert found.due_on == add_days(late, 12, "months")


def test_an_early_review_does_not_put_the_printed_date_off(cast, live):
    early = DAY + timedelta(days=30)
    review(cast, live, early)
    assert item(cast, early).due_on == PRINTED


@pytest.mark.parametrize("missing", SIGNERS)
def test_a_review_without_every_signature_does_not_move_the_date(cast, live, missing):
    held = PRINTED - timedelta(days=20)
    row = review(cast, live, held, [role for role in SIGNERS if role != missing])
    found = item(cast, held)
    assert (found.due_on, found.standing, found.lines) == (PRINTED, DUE, {"in_date": LAPSING, "signed_off": DUE})
    assert "not signed by" in found.why
    found = item(cast, PRINTED + timedelta(days=1))
    assert found.lines == {"in_date": BROKEN, "signed_off": BROKEN}
    signed = PRINTED + timedelta(days=2)
    sign(cast, row, missing, signed)
    assert item(cast, PRINTED + timedelta(days=1)).standing == BROKEN
    assert (item(cast, signed).standing, item(cast, signed).due_on) == (GOOD, add_days(signed, 12, "months"))


def test_a_policy_without_a_date_has_its_first_days_to_be_given_one(cast, live):
    PolicyVersion.objects.filter(pk=live.pk).update(review_on=None)
    for days, standing in ((0, DUE), (27, DUE), (28, BROKEN)):
        found = item(cast, DAY + timedelta(days=days))
        assert (found.standing, found.lines, found.due_on) == (standing, {"in_date": standing}, None)
        assert "no review date" in found.why
    on = DAY + timedelta(days=40)
    review(cast, live, on)
    assert item(cast, on).standing == GOOD


def test_only_the_holder_of_a_role_signs_for_it_and_once(cast, live):
    row = review(cast, live, DAY, [])
    with pytest.raises(Denied, match="do not hold that role"):
        actions.sign_review(review=row, role="headteacher", comment="Yes", by=cast.scope("clerk"))
    with pytest.raises(BadInput, match="a role that signs"):
        actions.sign_review(review=row, role="dsl", comment="Yes", by=cast.scope("dsl"))
    with pytest.raises(BadInput, match="Write a comment"):
        actions.sign_review(review=row, role="headteacher", comment=" ", by=cast.scope("head"))
    sign(cast, row, "headteacher", DAY)
    with pytest.raises(Denied, match="signed this review already"):
        sign(cast, row, "headteacher", DAY)
    assert ReviewSignature.objects.count() == 1


def test_a_review_is_dated_minuted_and_of_a_policy_that_holds_here(cast, live):
    for more, sentence in (
        ({"held_on": DAY + timedelta(days=1)}, "in the future"), ({"held_on": DAY - timedelta(days=1)}, "before this version"),
        ({"minute": " "}, "Enter the minute"), ({"outcome": "perhaps"}, "whether a change"),
    ):  # fmt: skip
        told = {"held_on": DAY, "outcome": "no_change", "minute": "7", "note": "", **more}
        with clock.standing_at(clock.at(DAY)), pytest.raises(BadInput, match=sentence):
            actions.record_review(policy=live.policy, school=cast.school, by=cast.scope("clerk"), **told)
    with pytest.raises(Denied):
        actions.record_review(
            policy=live.policy, school=cast.school, held_on=DAY, outcome="change", minute="7", note="", by=cast.scope("teacher")
        )
    assert not PolicyReview.objects.exists()


def test_reviews_are_never_rewritten(cast, live):
    review(cast, live, DAY)
    for model, change in ((PolicyReview, {"minute": "x"}), (ReviewSignature, {"comment": "x"})):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            model.objects.update(**change)


# ------------------------------------------------------------------ reminders


@pytest.mark.parametrize(
    ("left", "step"),
    [(61, ""), (60, "before60"), (31, "before60"), (30, "before30"), (8, "before30"), (7, "before7"), (1, "before7"), (0, "before0"),
     (-1, "late0"), (-13, "late0"), (-14, "late1")],
)  # fmt: skip
def test_reminders_come_closer_together(left, step):
    assert reviewing.reminder_step(DAY + timedelta(days=left), DAY, 60) == step


def test_the_owner_is_reminded_once_a_step_and_the_message_says_nothing(cast, live):
    live.policy.owner_role = "headteacher"
    live.policy.save(update_fields=["owner_role"])
    for days, number in ((61, 0), (60, 1), (59, 1), (30, 2), (-1, 3)):
        with clock.standing_at(clock.at(PRINTED - timedelta(days=days))):
            jobs()["policies.review_reminders"].run(clock.now())
        assert Message.objects.filter(by=Message.By.SCREEN).count() == number
    sent = Message.objects.filter(by=Message.By.SCREEN)
    assert set(sent.values_list("person_id", "template", "path", "reference")) == {
        (cast.head.id, "policy.review_due", reverse("policies:reviews", args=[cast.school.ref]), "")
    }


# ------------------------------------------------------------------ early reviews


def reason(cast, live, on: date = DAY, kind: str = "law"):
    with clock.standing_at(clock.at(on)):
        return actions.raise_early_reason(
            policy=live.policy, school=cast.school, kind=kind, words="A new edition came out", by=cast.scope("clerk")
        )


def decide(cast, row, on: date) -> EarlyDecision:
    with clock.standing_at(clock.at(on)):
        return actions.decide_early_reason(reason=row, answer="next", why="It changes little", by=cast.scope("head"))


def test_an_early_reason_is_due_then_broken(cast, live):
    reason(cast, live)
    ends = add_days(DAY, 20, "school_days")
    for on, standing in ((DAY, DUE), (ends - timedelta(days=1), DUE), (ends, BROKEN), (ends + timedelta(days=60), BROKEN)):
        found = item(cast, on, EARLY)
        assert (found.standing, found.due_on) == (standing, ends)


def test_a_closure_gives_an_early_reason_another_day_in_control_and_page(cast, live, signed_in):
    reason(cast, live)
    ends = add_days(DAY, 20, "school_days")
    people.close_day(school=cast.school, day=add_days(DAY, 3, "school_days"), kind="closure", by=cast.office)
    later = add_days(DAY, 21, "school_days")
    assert (item(cast, ends, EARLY).standing, item(cast, ends, EARLY).due_on) == (DUE, later)
    with clock.standing_at(clock.at(ends)):
        page = told(signed_in("head").get(reverse("policies:reviews", args=[cast.school.ref])))
    assert f"{later.day} {later:%B %Y}" in page


def test_a_decision_in_time_is_good_and_a_late_one_stays_late(cast, live):
    ends = add_days(DAY, 20, "school_days")
    decide(cast, reason(cast, live), ends)
    assert item(cast, ends - timedelta(days=1), EARLY).standing == DUE
    assert (item(cast, ends, EARLY).standing, "It changes little" in item(cast, ends, EARLY).why) == (GOOD, True)
    late = ends + timedelta(days=1)
    decide(cast, reason(cast, live, kind="incident"), late)
    found = ask(cast, EARLY, late).items
    assert [(one.standing, one.put_right_on) for one in found] == [(GOOD, None), (LATE, late)]
    assert not ask(cast, EARLY, add_days(DAY, 12, "months")).items


def test_silence_is_no_data_unless_the_owner_says_they_looked(cast, live):
    assert ask(cast, EARLY, DAY).silent
    assert ask(cast, EARLY, DAY).nil_stands == ""
    assert ask(cast, EARLY, DAY, nil_until=DAY).nil_stands
    assert ask(cast, EARLY, DAY, nil_until=DAY - timedelta(days=1)).nil_stands == ""
    reason(cast, live)
    assert ask(cast, EARLY, DAY, nil_until=DAY).nil_stands == ""


def test_it_is_decided_once_by_a_person_with_a_reason(cast, live):
    row = reason(cast, live)
    for more, sentence in (({"answer": "later"}, "Choose what to do"), ({"why": " "}, "Say in a few words")):
        with pytest.raises(BadInput, match=sentence):
            actions.decide_early_reason(reason=row, by=cast.scope("head"), **{"answer": "now", "why": "Yes", **more})
    with pytest.raises(Denied, match="named person"):
        actions.decide_early_reason(reason=row, answer="now", why="Yes", by=cast.office)
    decide(cast, row, DAY)
    with pytest.raises(Denied, match="decided already"):
        decide(cast, row, DAY)
    assert EarlyDecision.objects.count() == 1


# ------------------------------------------------------------------ pages


def told(answer) -> str:
    return answer.content.decode()


def date_in(name: str, day: date) -> dict[str, str]:
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


def test_a_review_is_recorded_and_signed_on_the_pages(cast, live, signed_in):
    today, listed = clock.today(), reverse("policies:reviews", args=[cast.school.ref])
    clerk = signed_in("clerk")
    address = reverse("policies:record_review", args=[cast.school.ref, live.policy_id])
    assert address in told(clerk.get(listed))
    assert "There is a problem" in told(clerk.post(address, {}))
    sent = {**date_in("held_on", today), "outcome": "no_change", "minute": "FGB 7", "note": ""}
    page = told(clerk.post(address, sent, follow=True))
    assert "Still to sign: Headteacher" in page
    row = PolicyReview.objects.get()
    head = signed_in("head")
    assert "Your comment as headteacher" in told(head.get(listed))
    assert "Your comment as" not in told(signed_in("teacher").get(listed))
    signing = reverse("policies:sign_review", args=[row.id])
    assert "Write a comment" in told(head.post(signing, {"role": "headteacher", "comment": ""}, follow=True))
    page = told(head.post(signing, {"role": "headteacher", "comment": "Read and agreed"}, follow=True))
    assert "You have signed the review." in page
    assert "Your comment as headteacher" not in page


def test_an_early_reason_is_raised_and_decided_on_the_pages(cast, live, signed_in):
    clerk, listed = signed_in("clerk"), reverse("policies:reviews", args=[cast.school.ref])
    address = reverse("policies:raise_early", args=[cast.school.ref, live.policy_id])
    assert "Decide what it means" in told(clerk.post(address, {"kind": "law", "words": "A new edition"}, follow=True))
    row = live.policy.early_reasons.get()
    done = clerk.post(reverse("policies:early_reason", args=[row.id]), {"answer": "now", "why": "It changes much"}, follow=True)
    assert "Review now." in told(done)
    assert "Only someone who edits" in told(signed_in("teacher").get(address))
    assert signed_in("sister_head").get(listed).status_code == 404


def test_the_page_and_the_control_cost_the_same_however_many_reviews_there_are(cast, live, django_assert_num_queries):
    scope = cast.scope("head")
    review(cast, live, DAY)
    with django_assert_num_queries(6):
        queries.reviewed(scope, cast.school.id, DAY)
    for days in range(1, 4):
        review(cast, live, DAY + timedelta(days=days))
    people.appoint(person=cast.teacher, role="dpo", school=cast.school, starts_on=DAY, by=cast.office)
    with django_assert_num_queries(6):
        assert len(queries.reviewed(scope, cast.school.id, DAY + timedelta(days=9))[0].reviews) == 4

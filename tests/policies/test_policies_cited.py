"""policies.citations_sound as the catalogue counts it, each line by itself, and the check of texts in force against new law."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from tests.policies.conftest import DAY, TEXT

from schoolgate import data, policytext
from schoolgate.common import clock
from schoolgate.common.workingdays import add_days
from schoolgate.contracts.controls import Count, Item, Question, Standing, carried
from schoolgate.contracts.jobs import jobs
from schoolgate.notify.models import Message
from schoolgate.policies import actions, controls, rules
from schoolgate.policies.models import PolicyVersion

GOOD, DUE, BROKEN, LAPSING = Standing.GOOD, Standing.DUE, Standing.BROKEN, Standing.LAPSING
CONTROL, PARAMS = "policies.citations_sound", {"check_months": 12, "error_days": 30, "remind_days": 14}
CITING = TEXT + "\n2.3 Records are kept as the Data Protection Act 2018 asks.\n"
WRONG = CITING.replace("2018", "1998")
ACT = "Data Protection Act 1998"


@pytest.fixture
def live(cast, in_force):
    def bring(text: str, title: str = "Policy") -> PolicyVersion:
        document = policytext.read_text(text, "p.txt")
        with clock.standing_at(clock.at(DAY)):
            return in_force(actions.import_version(document=document, school=cast.school, title=title, by=cast.scope("clerk")))

    return bring


def ask(cast, on: date) -> Count:
    with clock.standing_at(clock.at(on)):
        return controls.citations_sound(Question(cast.school.id, cast.trust.id, on, PARAMS))


def act(cast, on: date) -> Item:
    return next(item for item in ask(cast, on).items if "Data Protection Act" in item.label)


def put_to_use(cast, version: PolicyVersion, on: date = DAY) -> None:
    with clock.standing_at(clock.at(on)):
        clause = version.clauses.get(ref="2.3")
        actions.join_clause(clause=clause, controls=[("policies.citations_sound", [])], by=cast.scope("clerk"))


def decide(cast, version: PolicyVersion, on: date) -> None:
    with clock.standing_at(clock.at(on)):
        for row in version.findings.filter(quote=ACT):
            actions.decide_finding(finding=row, decision="correct", reason="Cite the Act of 2018", by=cast.scope("clerk"))


def test_the_control_is_registered_with_the_parameters_and_lines_of_the_catalogue():
    row = next(row for row in data.load("catalogue/controls.yaml")["controls"] if row["id"] == CONTROL)
    assert carried()[CONTROL] is controls.citations_sound
    assert {name: told["default"] for name, told in row["parameters"].items()} == {"check_months": 12, "error_days": 30}
    assert set(row["counts"]["lines"]) == {"checked", "in_force", "put_to_use"}


def test_before_a_version_in_force_is_checked_there_is_no_data(cast, live):
    assert ask(cast, DAY).silent == "The law check has not run on a version in force."
    version = live(CITING)
    PolicyVersion.objects.filter(pk=version.pk).update(checked_at=None)
    assert ask(cast, DAY).silent


def test_policies_that_cite_nothing_are_not_applicable(cast, live):
    version = live(TEXT)
    version.findings.filter(rule__in=rules.citation_rules()).delete()
    version.citations.all().delete()
    count = ask(cast, DAY)
    assert (list(count.items), count.silent) == ([], "")
    assert "cite nothing" in count.not_applicable


def test_law_in_order_behind_which_a_control_stands_is_met(cast, live):
    version = live(CITING)
    assert [row.quote for row in version.citations.all() if "Data Protection" in row.quote]
    put_to_use(cast, version)
    item = act(cast, DAY)
    assert (item.standing, item.why) == (GOOD, "")
    assert item.lines == {"checked": GOOD, "in_force": GOOD, "put_to_use": GOOD}
    assert item.clause_id == version.clauses.get(ref="2.3").id


def test_a_repealed_act_is_due_then_broken_then_put_right(cast, live):
    version = live(WRONG)
    put_to_use(cast, version)
    for days, standing in ((0, DUE), (29, DUE), (30, BROKEN), (90, BROKEN)):
        item = act(cast, DAY + timedelta(days=days))
        assert (item.standing, item.lines) == (standing, {"checked": GOOD, "in_force": standing, "put_to_use": GOOD})
    late = DAY + timedelta(days=91)
    decide(cast, version, late)
    assert act(cast, late - timedelta(days=1)).standing == BROKEN
    assert act(cast, late).standing == GOOD


def test_a_finding_that_is_no_error_waits_for_the_next_review(cast, live):
    version = live(WRONG)
    put_to_use(cast, version)
    version.findings.filter(quote=ACT).update(severity="warn")
    assert act(cast, version.review_on).lines["in_force"] == DUE
    assert act(cast, version.review_on + timedelta(days=1)).lines["in_force"] == BROKEN
    with clock.standing_at(clock.at(DAY + timedelta(days=9))):
        actions.record_review(
            policy=version.policy, school=cast.school, held_on=DAY + timedelta(days=9), outcome="no_change", minute="7", note="",
            by=cast.scope("clerk"),
        )  # fmt: skip
    assert act(cast, DAY + timedelta(days=8)).lines["in_force"] == DUE
    assert act(cast, DAY + timedelta(days=9)).lines["in_force"] == BROKEN


def test_a_check_grows_old(cast, live):
    put_to_use(cast, live(CITING))
    lapses = add_days(DAY, 12, "months")
    for on, standing in ((lapses - timedelta(days=15), GOOD), (lapses - timedelta(days=14), LAPSING), (lapses, LAPSING),
                         (lapses + timedelta(days=1), BROKEN)):  # fmt: skip
        item = act(cast, on)
        assert (item.standing, item.lines["checked"], item.lines["put_to_use"]) == (standing, standing, GOOD)


def test_law_that_is_only_named_is_broken_until_something_stands_behind_it(cast, live):
    version = live(CITING)
    assert act(cast, DAY).lines == {"checked": GOOD, "in_force": GOOD, "put_to_use": BROKEN}
    with clock.standing_at(clock.at(DAY + timedelta(days=3))):
        clause = version.clauses.get(ref="2.3")
        actions.mark_informational(clause=clause, reason="Context only", by=cast.scope("clerk"))
    assert act(cast, DAY + timedelta(days=2)).standing == BROKEN
    assert act(cast, DAY + timedelta(days=3)).standing == GOOD


def test_an_act_cited_twice_is_counted_once(cast, live):
    live(CITING + "\n2.4 Staff know the Data Protection Act 2018.\n")
    assert len([item for item in ask(cast, DAY).items if "Data Protection Act" in item.label]) == 1


def test_law_in_order_is_listed_on_the_page_of_findings_with_its_clause(cast, live, signed_in):
    version = live(CITING)
    page = signed_in("clerk").get(reverse("policies:findings", args=[version.id])).content.decode()
    listed = page.partition("Law and guidance in order")[2]
    assert "Data Protection Act 2018" in listed
    assert reverse("policies:clause", args=[version.clauses.get(ref="2.3").id]) in listed


# ------------------------------------------------------------------ new law


def run(on: date) -> None:
    with clock.standing_at(clock.at(on)):
        jobs()["policies.new_law"].run(clock.now())


def test_new_law_data_checks_texts_in_force_again_and_tells_the_owner_once(cast, live):
    version = live(WRONG)
    version.policy.owner_role = "headteacher"
    version.policy.save(update_fields=["owner_role"])
    decide(cast, version, DAY)
    before = set(version.findings.values_list("id", flat=True))
    run(DAY + timedelta(days=1))
    assert not Message.objects.exists()  # checked with this data already
    gone = version.findings.exclude(rule="L01").filter(clause__isnull=True).first()
    gone.delete()  # as if the data had not known it yet
    PolicyVersion.objects.filter(pk=version.pk).update(checked_with="older data")
    for _ in range(2):
        run(DAY + timedelta(days=2))
    version.refresh_from_db()
    assert version.checked_with == rules.law_fingerprint()
    assert clock.local_date(version.checked_at) == DAY + timedelta(days=2)
    assert version.findings.get(rule="L01").decision == "correct"  # what was decided stays
    assert len(set(version.findings.values_list("id", flat=True)) - before) == 1
    sent = Message.objects.filter(by=Message.By.SCREEN)
    assert list(sent.values_list("person_id", "template")) == [(cast.head.id, "policy.law_changed")]


def test_a_month_later_it_is_checked_again_though_the_data_is_the_same(cast, live):
    version = live(CITING)
    run(DAY + timedelta(days=29))
    version.refresh_from_db()
    assert clock.local_date(version.checked_at) == DAY
    run(DAY + timedelta(days=30))
    version.refresh_from_db()
    assert clock.local_date(version.checked_at) == DAY + timedelta(days=30)


def test_a_draft_is_left_to_its_editors(cast, imported):
    PolicyVersion.objects.update(checked_with="older data")
    run(DAY + timedelta(days=40))
    imported.refresh_from_db()
    assert imported.checked_with == "older data"


def test_the_control_costs_the_same_however_much_is_cited(cast, live, django_assert_max_num_queries):
    asking = Question(cast.school.id, cast.trust.id, DAY, PARAMS)
    live(CITING)
    with django_assert_max_num_queries(30) as few:
        controls.citations_sound(asking)
    more_text = CITING + "\n2.4 We follow the Equality Act 2010.\n2.5 We follow the Computer Misuse Act 1990.\n"
    live(more_text, "Another")
    with django_assert_max_num_queries(len(few)) as more:
        controls.citations_sound(asking)
    assert len(more) == len(few)

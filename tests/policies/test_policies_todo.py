"""What policies ask of whom."""

from datetime import timedelta

from tests.policies.conftest import DAY, TEXT

from schoolgate import policytext
from schoolgate.common import clock
from schoolgate.contracts.todo import questions
from schoolgate.policies import actions, todo
from schoolgate.policies.models import Policy


def titles(cast, who, on=DAY) -> list[str]:
    return [task.title.partition(" “")[0] for task in todo.versions_to_act_on(cast.scope(who), on)]


def held(cast, who, on) -> list[str]:
    return [task.title.partition(" “")[0] for task in todo.reviews_to_hold(cast.scope(who), on)]


def test_the_question_is_registered():
    assert questions()["policies.versions"] is todo.versions_to_act_on


def test_each_person_is_asked_for_their_own_step(cast, imported):
    findings = imported.findings.count()
    mend = ["Join 10 clauses of", f"Decide {findings} findings in"]
    assert titles(cast, "clerk") == mend
    assert titles(cast, "teacher") == titles(cast, "sister_head") == titles(cast, "outsider") == []
    actions.submit(version=imported, by=cast.scope("clerk"))
    assert titles(cast, "clerk") == mend
    assert titles(cast, "head") == ["Approve", *mend]
    actions.ask_for_changes(version=imported, wanted="More", by=cast.scope("head"))
    assert titles(cast, "clerk") == [*mend, "Change"]
    actions.submit(version=imported, by=cast.scope("head"))
    assert "Approve" not in titles(cast, "head")


def test_an_approved_version_waits_and_a_review_comes(cast, imported, in_force):
    with clock.standing_at(clock.at(DAY)):
        actions.submit(version=imported, by=cast.scope("clerk"))
        actions.approve(version=imported, body="Governors", minute="", met_on=DAY, by=cast.scope("head"))
        assert "Bring into force" in titles(cast, "clerk")
        actions.bring_into_force(version=imported, from_day=DAY, review_on=DAY + timedelta(days=365), by=cast.scope("clerk"))
    tasks = {task.title.partition(" “")[0]: task for task in todo.versions_to_act_on(cast.scope("clerk"), DAY)}
    assert tasks["Join 10 clauses of"].due_on == DAY + timedelta(days=14)
    assert tasks["Join 10 clauses of"].count == 10
    assert "Review" not in held(cast, "clerk", DAY + timedelta(days=304))
    assert "Review" in held(cast, "clerk", DAY + timedelta(days=305))
    actions.choose_setting(
        key="review.warn_days", value=90, school=cast.school, reason="We meet rarely", approver="Governors", by=cast.scope("head")
    )
    assert "Review" in held(cast, "clerk", DAY + timedelta(days=275))


def test_the_number_of_queries_does_not_grow(cast, imported, django_assert_num_queries):
    scope = cast.scope("clerk")
    for number in range(4):
        text = policytext.read_text(TEXT.replace("every day", f"{number} times a day"), "policy.txt")
        actions.import_version(document=text, school=cast.school, title=f"Policy {number}", by=scope)
    with django_assert_num_queries(4):
        assert len(list(todo.versions_to_act_on(scope, DAY))) == 10


def test_a_school_without_any_policy_is_told_where_to_begin(cast, django_assert_num_queries):
    def first(name: str, queries: int) -> list[str]:
        scope = cast.scope(name)
        with django_assert_num_queries(queries):
            return [one.title for one in todo.first_policy(scope, DAY)]

    assert first("head", 1) == [f"Import a policy of {cast.school.name}"]
    assert first("teacher", 0) == []
    Policy.objects.create(trust=cast.trust, school=cast.school, title="Social Media", created_at=clock.now())
    assert first("head", 1) == []

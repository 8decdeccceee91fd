"""What stands behind a clause: controls, a person, nothing, and how it is taken back."""

import pytest
from tests.policies.conftest import TEXT

from schoolgate import policytext
from schoolgate.audit import actions as audit
from schoolgate.common.errors import BadInput, Denied
from schoolgate.policies import actions, queries, rules
from schoolgate.policies.models import ClauseControl, ClauseKind, FindingDecision


def clause(cast, version, ref):
    return next(row for row in queries.clauses_of(cast.scope("clerk"), version.id) if row.ref == ref)


def test_a_clause_is_joined_changed_and_taken_back(cast, imported):
    by, row = cast.scope("clerk"), clause(cast, imported, "1.1")
    actions.join_clause(clause=row, controls=[("publishing.two_known_people", []), ("people.key_roles_filled", ["holder"])], by=by)
    again = clause(cast, imported, "1.1")
    assert (again.kind, again.decided_by) == (ClauseKind.CONTROL, cast.clerk)
    assert {join.control: join.lines for join in again.joins.all()} == {
        "publishing.two_known_people": [],
        "people.key_roles_filled": ["holder"],
    }
    actions.mark_attested(clause=row, reason="The head, every term", by=by)
    assert (clause(cast, imported, "1.1").kind, ClauseControl.objects.count()) == (ClauseKind.ATTESTED, 0)
    back = actions.unjoin_clause(clause=row, by=by)
    assert (back.kind, back.decided_at, back.decided_by_id, back.reason) == (ClauseKind.UNJOINED, None, None, "")


@pytest.mark.parametrize(
    ("controls", "sentence"),
    [
        ([], "Choose at least one control"),
        ([("publishing.no_such", [])], "no control called"),
        ([("people.key_roles_filled", ["no_such_part"])], "no part called"),
        ([("people.key_roles_filled", []), ("people.key_roles_filled", [])], "chosen twice"),
    ],
)
def test_joins_to_what_does_not_exist_are_refused(cast, imported, controls, sentence):
    with pytest.raises(BadInput, match=sentence):
        actions.join_clause(clause=clause(cast, imported, "1.1"), controls=controls, by=cast.scope("clerk"))
    assert clause(cast, imported, "1.1").kind == ClauseKind.UNJOINED


@pytest.mark.parametrize("reason", ["", "   ", "x" * 301])
def test_a_mark_needs_a_reason_that_can_be_kept(cast, imported, reason):
    for act in (actions.mark_informational, actions.mark_attested):
        with pytest.raises(BadInput) as refused:
            act(clause=clause(cast, imported, "1.4"), reason=reason, by=cast.scope("clerk"))
        assert refused.value.field == "reason"


def test_strong_suggestions_are_accepted_together_and_stay_changeable(cast, imported):
    by = cast.scope("clerk")
    actions.mark_informational(clause=clause(cast, imported, "1.2"), reason="Decided before", by=by)
    strong = {
        row.ref
        for row in imported.clauses.filter(kind=ClauseKind.UNJOINED)
        if row.suggestions and row.suggestions[0]["score"] >= rules.STRONG
    }
    assert queries.strong_suggestions(by, imported.id, rules.STRONG) == len(strong)
    assert strong
    assert "1.2" not in strong
    assert actions.accept_suggestions(version=imported, at_least=rules.STRONG, by=by) == len(strong)
    rows = queries.clauses_of(by, imported.id)
    assert {row.ref for row in rows if row.kind == ClauseKind.CONTROL} == strong
    for row in rows:
        for join in row.joins.all():
            assert next(s["score"] for s in row.suggestions if s["control"] == join.control) >= rules.STRONG
    assert actions.accept_suggestions(version=imported, at_least=rules.STRONG, by=by) == 0
    actions.unjoin_clause(clause=clause(cast, imported, min(strong)), by=by)
    assert queries.progress(by, [imported.id])[imported.id].control == len(strong) - 1


def test_a_next_version_keeps_what_was_decided_about_the_same_words(cast, imported):
    by = cast.scope("clerk")
    actions.join_clause(clause=clause(cast, imported, "1.1"), controls=[("publishing.two_known_people", [])], by=by)
    actions.join_clause(clause=clause(cast, imported, "1.3"), controls=[("monitoring.watch_kept", [])], by=by)
    actions.mark_informational(clause=clause(cast, imported, "1.4"), reason="An introduction", by=by)
    text = policytext.read_text(TEXT.replace("every day", "twice a day"), "policy.txt")
    second = actions.import_version(document=text, policy=imported.policy, by=by)
    assert queries.carrying(by, queries.version(by, second.id)) == queries.Carrying(kept=2, reworded=1)
    assert actions.keep_decisions(version=second, by=by) == 2
    kept = {row.ref: (row.kind, row.reason, [join.control for join in row.joins.all()]) for row in queries.clauses_of(by, second.id)}
    assert kept["1.1"] == (ClauseKind.CONTROL, "", ["publishing.two_known_people"])
    assert kept["1.3"] == (ClauseKind.UNJOINED, "", [])
    assert kept["1.4"] == (ClauseKind.INFORMATIONAL, "An introduction", [])


@pytest.mark.parametrize("who", ["teacher", "governor"])
def test_only_who_edits_policies_joins(cast, imported, in_force, who):
    version = in_force(imported)
    row = clause(cast, version, "1.1")
    with pytest.raises(Denied):
        actions.join_clause(clause=row, controls=[("publishing.two_known_people", [])], by=cast.scope(who))
    with pytest.raises(Denied):
        actions.accept_suggestions(version=version, at_least=0.1, by=cast.scope(who))


def test_nothing_is_joined_when_the_log_cannot_be_written(cast, imported, monkeypatch):
    def fail(*_args: object, **_more: object) -> None:
        raise RuntimeError("the log is full")

    row = clause(cast, imported, "1.1")
    monkeypatch.setattr(audit, "record", fail)
    for act in (
        lambda: actions.join_clause(clause=row, controls=[("publishing.two_known_people", [])], by=cast.scope("clerk")),
        lambda: actions.accept_suggestions(version=imported, at_least=0.1, by=cast.scope("clerk")),
    ):
        with pytest.raises(RuntimeError):
            act()
    assert queries.progress(cast.scope("clerk"), [imported.id])[imported.id].decided == 0
    assert ClauseControl.objects.count() == 0


def test_a_finding_is_decided_with_a_reason_by_who_edits(cast, imported):
    finding = queries.findings_of(cast.scope("clerk"), imported.id)[0]
    with pytest.raises(BadInput, match="Choose what to do"):
        actions.decide_finding(finding=finding, decision="later", reason="x", by=cast.scope("clerk"))
    with pytest.raises(BadInput, match="Say in a few words"):
        actions.decide_finding(finding=finding, decision=FindingDecision.ACCEPT, reason=" ", by=cast.scope("clerk"))
    done = actions.decide_finding(finding=finding, decision=FindingDecision.ACCEPT, reason="Held elsewhere", by=cast.scope("clerk"))
    assert (done.decision, done.reason, done.decided_by_id) == ("accept", "Held elsewhere", cast.clerk.id)
    with pytest.raises(Denied):
        actions.decide_finding(finding=finding, decision=FindingDecision.ACCEPT, reason="x", by=cast.scope("governor"))


def test_search_finds_controls_by_word():
    assert "consents.answers_held" in rules.search("consent")
    assert rules.search("password")[0] == "channels.custody_recorded"
    assert rules.search("") == rules.search("qzxv") == []

"""A document becomes a draft: everything or nothing, once."""

import os
from pathlib import Path

import pytest
from tests.policies.conftest import TEXT

from schoolgate import policytext
from schoolgate.audit import actions as audit
from schoolgate.common.errors import BadInput, Denied, NotFound
from schoolgate.policies import actions, queries, rules
from schoolgate.policies.models import Clause, ClauseKind, Policy, PolicyVersion, TextFinding

SEEDS = Path(__file__).parents[3] / "shared" / "data" / "policies" / "seeds"


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Policy, PolicyVersion, Clause, TextFinding))


def test_an_import_stores_clauses_suggestions_findings_and_what_the_document_says_of_itself(cast, document, imported):
    clauses = queries.clauses_of(cast.scope("clerk"), imported.id)
    assert [(row.ref, row.text) for row in clauses] == [(read.ref, read.text) for read in document.clauses]
    posting = next(row for row in clauses if row.ref == "1.1")
    assert posting.suggestions[0]["control"] == "publishing.two_known_people"
    assert posting.suggestions[0]["score"] >= posting.suggestions[-1]["score"]
    assert posting.suggestions[0]["why"]
    assert {row.kind for row in clauses} == {ClauseKind.UNJOINED}
    assert imported.printed_version == "1"
    assert imported.review_on.isoformat() == "2027-01-31"
    assert imported.facts["approved_by"] == "Governing body"
    assert imported.imported_by == cast.clerk
    assert imported.checked_at is not None
    assert {row.rule for row in queries.findings_of(cast.scope("clerk"), imported.id)} >= {"K02"}


def test_the_fingerprint_depends_on_every_word_and_on_nothing_else(cast, document):
    same = policytext.read_text(TEXT, "another name.txt")
    other = policytext.read_text(TEXT.replace("every day", "each day"), "policy.txt")
    first = actions.import_version(document=document, school=cast.school, by=cast.office)
    second = actions.import_version(document=same, school=cast.sister, by=cast.office)
    third = actions.import_version(document=other, policy=first.policy, by=cast.office)
    assert first.fingerprint == second.fingerprint != third.fingerprint
    assert len(first.fingerprint) == 64


def test_the_same_text_twice_is_refused_by_naming_the_version(cast, document, imported):
    before = counts()
    with pytest.raises(BadInput, match=r"version 1 of “Social Media Policy”.*Open that version") as refused:
        actions.import_version(document=document, policy=imported.policy, by=cast.scope("clerk"))
    assert refused.value.field == "file"
    assert counts() == before


def test_a_second_policy_with_the_same_title_is_refused(cast, document, imported):
    other = policytext.read_text(TEXT.replace("every day", "each day"), "policy.txt")
    with pytest.raises(BadInput, match="already a policy called"):
        actions.import_version(document=other, school=cast.school, by=cast.scope("clerk"))
    assert (
        actions.import_version(document=other, school=cast.school, title="Another title", by=cast.scope("clerk")).policy.title
        == "Another title"
    )


def test_the_next_version_keeps_a_list_of_what_changed(cast, imported):
    text = TEXT.replace("every day", "twice a day").replace("1.4 We are proud of our school and its place in the village.\n", "")
    text = text.replace("2.2 Staff", "2.2 Phones stay in lockers while pupils are in the building.\n2.3 Staff").replace(
        "Version: 1", "Version: 2"
    )
    second = actions.import_version(document=policytext.read_text(text, "policy.txt"), policy=imported.policy, by=cast.scope("clerk"))
    assert second.number == 2
    assert second.differences["from"] == 1
    changes = queries.changes(imported, second)
    kinds = {(change.kind, *change.before, *change.after) for change in changes if change.kind != "kept"}
    assert {("reworded", "1.3", "1.3"), ("added", "2.2"), ("removed", "1.4")} <= kinds
    assert {kind: second.differences[kind] for kind in rules.CHANGES} == rules.change_counts(changes)
    assert sum(rules.change_counts(changes).values()) >= len(queries.clauses_of(cast.scope("clerk"), second.id))


@pytest.mark.parametrize("who", ["teacher", "governor", "contractor"])
def test_only_who_edits_policies_imports(cast, document, who):
    with pytest.raises(Denied, match="edits your school's policies"):
        actions.import_version(document=document, school=cast.school, by=cast.scope(who))
    assert counts() == (0, 0, 0, 0)


def test_a_trust_policy_needs_rights_across_the_trust(cast, document):
    with pytest.raises(Denied, match="the trust's policies"):
        actions.import_version(document=document, by=cast.scope("head"))
    assert actions.import_version(document=document, by=cast.scope("trust_comms")).policy.school is None


def test_another_schools_people_cannot_reach_it(cast, document, imported):
    with pytest.raises(NotFound):
        actions.import_version(document=document, school=cast.other_school, by=cast.scope("head"))
    with pytest.raises(NotFound):
        actions.import_version(document=document, policy=imported.policy, by=cast.scope("outsider"))
    with pytest.raises(NotFound):
        queries.version(cast.scope("sister_head"), imported.id)
    with pytest.raises(NotFound):
        queries.version(cast.scope("teacher"), imported.id)  # a draft


def test_nothing_is_stored_when_the_log_cannot_be_written(cast, document, monkeypatch):
    def fail(*_args: object, **_more: object) -> None:
        raise RuntimeError("the log is full")

    monkeypatch.setattr(audit, "record", fail)
    with pytest.raises(RuntimeError):
        actions.import_version(document=document, school=cast.school, by=cast.scope("clerk"))
    assert counts() == (0, 0, 0, 0)


def seeds() -> list[Path]:
    if not SEEDS.is_dir():
        assert os.environ.get("CI") != "true", f"{SEEDS} is missing"
        return []
    return sorted(SEEDS.glob("*.txt"))


@pytest.mark.parametrize("name", range(5))
def test_real_policies_come_in_whole(cast, name):
    found = seeds()
    if not found:
        pytest.skip("the source policies are not here")
    document = policytext.read_safely(found[name])
    version = actions.import_version(document=document, school=cast.school, by=cast.scope("clerk"))
    stored = queries.clauses_of(cast.scope("clerk"), version.id)
    assert [(row.ref, row.text) for row in stored] == [(row.ref, row.text) for row in document.clauses]
    assert queries.strong_suggestions(cast.scope("clerk"), version.id, rules.STRONG) > 0

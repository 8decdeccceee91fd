"""What was read is put right: each correction with its row and its entry in the log, until the version is submitted."""

import threading
from dataclasses import replace
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction
from tests.policies.conftest import TEXT

from schoolgate import policytext
from schoolgate.audit import actions as audit
from schoolgate.audit.models import Entry
from schoolgate.common.errors import BadInput, Denied, NotFound, Replaced
from schoolgate.policies import actions, queries, reading, rules
from schoolgate.policies.models import Aside, Clause, ClauseKind, PolicyCorrection, PolicyVersion
from schoolgate.policies.rules import corrections


def pieces(version):
    return queries.pieces_of(version)


def place(version, ref: str) -> int:
    return next(at for at, one in enumerate(pieces(version)) if ref in (one.ref, one.text))


def correct(cast, version, ref, how, who="clerk"):
    read = pieces(version)
    at = place(version, ref)
    return actions.correct_reading(version=version, piece=read[at].id, seen=corrections.mark(read, at), how=how, by=cast.scope(who))


def state(version) -> list:
    """Everything a correction can touch, as plain values."""
    version.refresh_from_db()
    joins = {row.ref: sorted(join.control for join in row.joins.all()) for row in version.clauses.all()}
    told = [(one.id, one.aside, one.ref, one.text, one.path, one.modality, one.decision.get("kind")) for one in pieces(version)]
    return [version.fingerprint, told, joins, version.findings.count(), version.facts]


HOWS = {
    "merge": ("1.1", corrections.merge),
    "split": ("1.1", lambda read, at: corrections.split(read, at, read[at].text.index("another"))),
    "number": ("1.1", partial(corrections.number, ref="9")),
    "words": ("1.1", partial(corrections.words, text="Two people must look at every post.")),
    "force": ("1.4", partial(corrections.force, wanted="must")),
    "up": ("1.2", partial(corrections.move, step=-1)),
    "set_aside": ("1.4", partial(corrections.set_aside, kind="heading")),
    "bring_back": ("2. People", corrections.bring_back),
}


def test_the_reading_holds_every_piece_of_the_document_in_order(imported, document):
    read = pieces(imported)
    assert [one.text for one in read if not one.aside] == [one.text for one in document.clauses]
    assert sorted(one.text for one in read if one.aside) == sorted(one.text for one in document.asides)
    texts = [one.text for one in read]
    assert texts.index("1. Posting") < texts.index(document.clauses[-6].text) < texts.index("2. People")
    positions = [*imported.clauses.values_list("position", flat=True), *imported.asides.values_list("position", flat=True)]
    assert sorted(positions) == list(range(len(read)))


@pytest.mark.parametrize("kind", HOWS)
def test_a_correction_changes_the_reading_its_fingerprint_and_the_log_together(cast, imported, kind):
    before, entries = state(imported), Entry.objects.count()
    row = correct(cast, imported, *HOWS[kind])
    after = state(imported)
    assert after[1] != before[1]
    assert (row.fingerprint_before, row.fingerprint_after) == (before[0], after[0])
    assert after[0] == rules.fingerprint(imported.clauses.order_by("position").values_list("ref", "text"))
    assert Entry.objects.count() == entries + 1
    assert Entry.objects.latest("number").verb == "policy.corrected"
    assert row.by == cast.clerk
    positions = [*imported.clauses.values_list("position", flat=True), *imported.asides.values_list("position", flat=True)]
    assert sorted(positions) == list(range(len(positions)))


@pytest.mark.parametrize("kind", HOWS)
def test_nothing_is_changed_when_the_log_cannot_be_written(cast, imported, monkeypatch, kind):
    before = state(imported)

    def fail(*_args: object, **_more: object) -> None:
        raise RuntimeError("the log is full")

    monkeypatch.setattr(audit, "record", fail)
    with pytest.raises(RuntimeError):
        correct(cast, imported, *HOWS[kind])
    assert state(imported) == before
    assert not PolicyCorrection.objects.exists()


@pytest.mark.parametrize("kind", HOWS)
def test_the_last_correction_is_taken_back_with_what_was_decided(cast, imported, kind):
    by = cast.scope("clerk")
    for clause in imported.clauses.filter(ref__in=["1.1", "1.2", "1.4"]):
        actions.join_clause(clause=clause, controls=[("publishing.two_known_people", [])], by=by)
    before = state(imported)
    row = correct(cast, imported, *HOWS[kind])
    actions.undo_correction(correction=row, by=by)
    after = state(imported)
    assert [before[0], *before[2:]] == [after[0], *after[2:]]
    assert [one[1:] for one in before[1]] == [one[1:] for one in after[1]]
    with pytest.raises(Replaced, match="taken back already"):
        actions.undo_correction(correction=row, by=by)
    assert queries.corrections_of(by, imported.id) == []


def test_what_stands_behind_a_clause_is_asked_again_only_when_its_words_change(cast, imported):
    by = cast.scope("clerk")
    actions.join_clause(clause=imported.clauses.get(ref="1.1"), controls=[("publishing.two_known_people", [])], by=by)
    text = imported.clauses.get(ref="1.1").text
    correct(cast, imported, "1.1", partial(corrections.words, text=text.replace(":", ";").upper()))
    assert imported.clauses.get(ref="1.1").kind == ClauseKind.CONTROL
    correct(cast, imported, "1.1", partial(corrections.words, text="Every picture of a child needs consent before it is used."))
    again = imported.clauses.get(ref="1.1")
    assert (again.kind, again.decided_at, again.joins.count()) == (ClauseKind.UNJOINED, None, 0)
    assert again.suggestions != []


def test_a_finding_follows_the_words_it_is_about(cast, imported):
    clause = imported.clauses.get(ref="1.2")
    imported.findings.update(clause=clause)
    correct(cast, imported, "1.1", corrections.merge)
    assert set(imported.findings.values_list("clause__ref", flat=True)) == {"1.1"}
    correct(cast, imported, "1.1", partial(corrections.set_aside, kind="furniture"))
    assert set(imported.findings.values_list("clause", flat=True)) == {None}


@pytest.mark.parametrize(("who", "error"), [("teacher", Denied), ("governor", Denied), ("sister_head", NotFound), ("outsider", NotFound)])
def test_only_who_edits_policies_there_corrects(cast, imported, who, error):
    with pytest.raises(error):
        correct(cast, imported, "1.1", corrections.merge, who)
    with pytest.raises(error):
        actions.correct_facts(version=imported, facts={"owner": "x"}, by=cast.scope(who))
    with pytest.raises(error):
        actions.check_again(version=imported, by=cast.scope(who))


def test_the_text_is_fixed_from_submission_until_it_comes_back(cast, imported):
    row = correct(cast, imported, "1.1", corrections.merge)
    actions.submit(version=imported, by=cast.scope("clerk"))
    for act in (
        lambda: correct(cast, imported, "1.1", corrections.merge),
        lambda: actions.undo_correction(correction=row, by=cast.scope("clerk")),
        lambda: actions.correct_facts(version=imported, facts={"owner": "x"}, by=cast.scope("clerk")),
        lambda: actions.check_again(version=imported, by=cast.scope("clerk")),
    ):
        with pytest.raises(Denied, match="its text is fixed"):
            act()
    actions.ask_for_changes(version=imported, wanted="More", by=cast.scope("head"))
    correct(cast, imported, "1.1", corrections.merge)


def test_corrections_are_never_changed_or_deleted(cast, imported):
    row = correct(cast, imported, "1.1", corrections.merge)
    for harm in (lambda: PolicyCorrection.objects.filter(pk=row.pk).update(about="x"), row.delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            harm()


def test_a_clause_somebody_else_corrected_is_looked_at_again_first(cast, imported):
    read = pieces(imported)
    at = place(imported, "1.2")
    seen = corrections.mark(read, at)
    correct(cast, imported, "1.1", corrections.merge, "head")
    with pytest.raises(Replaced, match="Somebody else"):
        actions.correct_reading(
            version=imported, piece=read[at].id, seen=seen, how=partial(corrections.number, ref="7"), by=cast.scope("clerk")
        )


@pytest.mark.django_db(transaction=True)
def test_of_two_corrections_of_one_clause_at_once_one_stands(cast, imported):
    read = pieces(imported)
    at = place(imported, "1.1")
    seen, barrier, answers = corrections.mark(read, at), threading.Barrier(2), []

    def act(number: str) -> None:
        try:
            barrier.wait(10)
            how = partial(corrections.number, ref=number)
            actions.correct_reading(version=imported, piece=read[at].id, seen=seen, how=how, by=cast.scope("clerk"))
            answers.append(number)
        except Replaced:
            answers.append("replaced")
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=(number,)) for number in ("7", "8")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answers)[1:] == ["replaced"]
    assert Clause.objects.get(pk=read[at].id).ref == min(answers)
    assert PolicyCorrection.objects.count() == 1


# ------------------------------------------------------------------ facts


def test_a_fact_is_marked_as_given_by_a_person_and_taken_back(cast, imported):
    by = cast.scope("clerk")
    before = dict(imported.facts)
    number = actions.correct_facts(version=imported, facts={"owner": "Head", "review_on": "2027-02-28", "version": "1"}, by=by)
    assert number == 2
    imported.refresh_from_db()
    assert (imported.facts["owner"], imported.review_on.isoformat()) == ("Head", "2027-02-28")
    assert set(imported.facts["by_hand"]) == {"owner", "review_on"}
    for row in queries.corrections_of(by, imported.id):
        actions.undo_correction(correction=row, by=by)
    imported.refresh_from_db()
    assert {**imported.facts, "by_hand": {}} == {**before, "by_hand": {}}
    assert imported.review_on.isoformat() == "2027-01-31"


def test_a_corrected_title_is_the_policys_until_it_has_another_version(cast, imported):
    actions.correct_facts(version=imported, facts={"title": "Online Safety Policy"}, by=cast.scope("clerk"))
    imported.policy.refresh_from_db()
    assert imported.policy.title == "Online Safety Policy"


def test_a_fact_there_is_none_of_is_refused(cast, imported):
    with pytest.raises(BadInput, match="no fact called"):
        actions.correct_facts(version=imported, facts={"colour": "blue"}, by=cast.scope("clerk"))


# ------------------------------------------------------------------ checking again


def test_corrected_text_is_checked_again_and_decisions_that_still_stand_are_kept(cast, imported):
    by = cast.scope("clerk")
    for row in queries.findings_of(by, imported.id):
        actions.decide_finding(finding=row, decision="accept", reason="Held elsewhere", by=by)
    text = imported.clauses.get(ref="1.4").text + " The Data Protection Act 1998 applies."
    correct(cast, imported, "1.4", partial(corrections.words, text=text))
    held = imported.findings.count()
    actions.check_again(version=imported, by=by)
    fresh = [row for row in queries.findings_of(by, imported.id) if not row.decision]
    assert fresh[0].clause.ref == "1.4"
    assert "1998" in fresh[0].quote
    assert imported.findings.exclude(decision="").count() == held


def test_submitting_checks_what_was_corrected_since(cast, imported):
    correct(cast, imported, "1.4", partial(corrections.words, text="The Data Protection Act 1998 applies."))
    actions.submit(version=imported, by=cast.scope("clerk"))
    assert imported.findings.filter(quote__contains="1998").exists()


# ------------------------------------------------------------------ the next version


def next_version(cast, imported, text: str = "") -> PolicyVersion:
    document = policytext.read_text(text or TEXT.replace("every day", "twice a day"), "policy.txt")
    return actions.import_version(document=document, policy=imported.policy, by=cast.scope("clerk"))


def test_corrections_are_made_again_for_the_next_version_and_can_be_taken_back(cast, imported):
    by = cast.scope("clerk")
    correct(cast, imported, "1.4", partial(corrections.set_aside, kind="furniture"))
    taken_back = correct(cast, imported, "2.2", partial(corrections.number, ref="8"))
    actions.undo_correction(correction=taken_back, by=by)
    correct(cast, imported, "1.3", partial(corrections.number, ref="9"))
    second = next_version(cast, imported)
    assert "1.4" not in second.clauses.values_list("ref", flat=True)
    assert second.clauses.filter(ref="1.3").exists(), "its words changed, so its number is not corrected again"
    (done,) = queries.corrections_of(by, second.id)
    assert done.repeats.version_id == imported.id
    assert second.fingerprint == rules.fingerprint(second.clauses.order_by("position").values_list("ref", "text"))
    actions.undo_correction(correction=done, by=by)
    assert second.clauses.filter(ref="1.4").exists()
    third = next_version(cast, imported, TEXT.replace("every day", "weekly"))
    assert queries.corrections_of(by, third.id) == []


def test_the_same_file_is_known_again_after_it_was_put_right(cast, imported, document):
    correct(cast, imported, "1.1", corrections.merge)
    with pytest.raises(BadInput, match="already here: it is version 1"):
        actions.import_version(document=document, policy=imported.policy, by=cast.scope("clerk"))


def test_a_fact_given_by_a_person_is_offered_for_the_next_version_and_not_filled_in(cast, imported):
    by = cast.scope("clerk")
    text = TEXT.replace("Policy owner: Headteacher\n", "").replace("every day", "twice a day")
    actions.correct_facts(version=imported, facts={"owner": "The clerk"}, by=by)
    second = queries.version(by, next_version(cast, imported, text).id)
    assert second.facts["owner"] is None
    assert queries.facts_offered(by, second) == {"owner": "The clerk"}


def test_an_aside_is_kept_with_its_kind(imported):
    assert set(Aside.objects.filter(version=imported).values_list("kind", flat=True)) == {"heading"}


def test_what_was_set_aside_stands_in_the_order_of_the_pages(document):
    parts = [("heading", "2. People", 3), ("furniture", "Page 1", 1), ("cover", "For all staff", 1), ("signature", "Signed", None)]
    asides = tuple(policytext.Aside(*part) for part in parts)
    clauses = tuple(replace(one, page=2 if one.ref.startswith(("0", "1")) else 3) for one in document.clauses)
    read = reading.pieces_of(replace(document, clauses=clauses, asides=asides))
    told = [one.text for one in read]
    assert told[:2] == ["Page 1", "For all staff"]
    assert read[told.index("2. People") + 1].ref == "2.1"
    assert told[-1] == "Signed"

"""The rule file itself: complete rows, sources that are known, and what every finding owes its reader."""

import re
from datetime import date
from itertools import pairwise

import pytest

from schoolgate import data
from schoolgate.policytext import check, read_text
from schoolgate.policytext.law.checking import NATIONS
from schoolgate.policytext.law.preparing import prepare
from schoolgate.policytext.law.rulebook import edition_to_cite, rules
from schoolgate.policytext.law.shelf import shelf

TODAY = date(2026, 11, 27)
SHELF = shelf()
SOURCES = data.load("rules/sources.yaml")["sources"]
ROWS = [row for name in ("rules", "document_checks", "core_citations") for row in SHELF[name]]
KINDS = {"pattern", "edition", "reference", "undated", "misdated", "misnamed"}


@pytest.mark.parametrize("row", SHELF["rules"], ids=lambda row: row["id"])
def test_a_rule_is_complete(row):
    assert row.get("kind", "pattern") in KINDS
    assert row["status"] in SHELF["statuses"]
    assert row["confidence"] in ("ok", "part", "unconfirmed")
    assert row["replaced_by"]
    assert row["explain"].endswith((".", ".)"))
    assert set(row["nation"]) <= set(NATIONS)
    assert row["must_fire"]
    assert row["must_stay_silent"]
    assert "effective_from" in row
    assert any(key in row for key in ("pattern", "acts", "guidance")) or row["kind"] in ("misdated", "misnamed")
    assert row.get("kind") != "edition" or row["edition_of"] in SHELF["editions"]
    assert set(row.get("acts", {})) <= {act["title"] for act in SHELF["acts"]}


@pytest.mark.parametrize("row", [*ROWS, *SHELF["editions"].values()], ids=lambda row: row.get("id") or row["title"])
def test_every_source_is_known_and_general_knowledge_is_never_called_certain(row):
    assert set(row.get("sources", ())) <= set(SOURCES)
    if row.get("sources") == ["general"]:
        held = {row.get("confidence"), *(edition["confidence"] for edition in row.get("editions", ()))}
        assert "ok" not in held


@pytest.mark.parametrize("key", SHELF["editions"])
def test_editions_follow_each_other_without_a_gap_and_without_overlap(key):
    spans = sorted((row["in_force_from"], row["in_force_to"]) for row in SHELF["editions"][key]["editions"])
    for (_, ends), (starts, _) in pairwise(spans):
        assert ends is not None
        assert (starts - ends).days == 1
    assert spans[-1][1] is None
    assert str(max(row["year"] for row in SHELF["editions"][key]["editions"])) in (edition_to_cite(key, TODAY) or "")


def test_no_identity_is_used_twice():
    names = [row["id"] for row in ROWS]
    assert len(names) == len(set(names))
    assert len({act["title"] for act in SHELF["acts"]}) == len(SHELF["acts"])


@pytest.fixture(scope="module")
def everything():
    """A document with every example of every rule of England, one to a clause."""
    told = [sentence for row in SHELF["rules"] if "england" in row["nation"] for sentence in row["must_fire"]]
    return read_text("1. All\n" + "".join(f"1.{number} {sentence}\n" for number, sentence in enumerate(told, 1)), "all.txt")


def test_every_finding_has_its_words_its_reason_and_its_remedy(everything):
    texts = {clause.ref: [prepare(clause.text), *map(prepare, clause.path)] for clause in everything.clauses}
    findings = check(everything, on=TODAY).findings
    for finding in findings:
        assert finding.message.endswith((".", ".)"))
        assert finding.replaced_by or finding.rule == "Q04"
        if finding.ref is not None:
            assert finding.quote
            assert any(finding.quote in told for told in texts[finding.ref]), finding
    assert len({finding.rule for finding in findings}) > 120


def test_no_rule_speaks_twice_of_one_clause(everything):
    seen = [(finding.rule, finding.ref) for finding in check(everything, on=TODAY).findings if finding.ref]
    assert len(seen) == len(set(seen))
    once = {rule.id for rule in rules() if rule.report_once}
    told = [rule for rule, _ in seen if rule in once]
    assert len(told) == len(set(told))


def test_an_unread_source_is_said_beside_the_law_and_not_beside_wording(text):
    findings = {
        finding.rule: finding for finding in check(text("1. Law\n1.1 Sites follow Directive 95/46/EC and e-safety.\n"), on=TODAY).findings
    }
    assert "no source has been read" in findings["L48"].message
    assert "no source has been read" not in findings["G33"].message


def test_an_old_edition_is_answered_with_the_one_in_force_on_the_day(text):
    document = text("1. Law\n1.1 Staff read KCSIE 2023.\n1.2 Staff must ask.\n")
    answers = {
        day: next(finding for finding in check(document, on=day).findings if finding.rule == "G01").replaced_by
        for day in (date(2025, 3, 1), TODAY)
    }
    assert "2024 edition" in str(answers[date(2025, 3, 1)])
    assert "2026 edition" in str(answers[TODAY])


@pytest.mark.parametrize(
    "unit",
    [
        "Act ",
        "the 1998 Act and ",
        "Data Protection Act 1998, ",
        "Keeping Children Safe in Education ",
        "KCSIE, DfE, ",
        "WhatsApp users must be at least ",
        "replaced the and ",
        "see appendix ",
        "in section 1.1 of the ",
        "within 24 hours ",
        "report to the ",
        "January 2019 | updated ",
        "not legally allowed ",
        "Children and ",
        "((((",
        "- a",
    ],
)
def test_long_repetition_is_checked_to_its_end(unit):
    """No pattern may take longer than in proportion: one that does makes this test hang."""
    words = unit * (60_000 // len(unit))
    document = read_text(f"1. Use\n1.1 {words}\n1.2 Records follow the Data Protection Act 1998.\n", "long.txt")
    assert "L01" in {finding.rule for finding in check(document, on=TODAY).findings}


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.id)
def test_a_pattern_reads_its_own_words_over_and_over_to_the_end(rule):
    """The worst a pattern can meet is the start of what it looks for, again and again: this hangs for one that goes back too often."""
    row = next(row for row in SHELF["rules"] if row["id"] == rule.id)
    for sentence in row["must_fire"]:
        words = prepare(sentence).split()
        for part in (words, words[:2], words[: len(words) // 2 + 1], words[-3:-1]):
            unit = f"{' '.join(part)} "
            told = (unit * (20_000 // len(unit) + 1))[:20_000]
            for pattern in filter(None, (rule.pattern, rule.guidance, rule.whole)):
                assert sum(1 for _ in pattern.finditer(told)) <= len(told)


def test_patterns_with_a_reference_or_an_edition_name_it():
    for rule in rules():
        if rule.kind == "reference":
            assert rule.pattern is not None
            assert "ref" in rule.pattern.groupindex
        if rule.kind == "edition" and rule.pattern is not None:
            assert "edition" in rule.pattern.groupindex
        if rule.guidance is not None:
            assert re.search(r"[a-z]", rule.guidance.pattern)

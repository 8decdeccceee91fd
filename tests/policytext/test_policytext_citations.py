"""The citation rules hold exactly as the rule file says: its own examples are the tests."""

from datetime import date

import pytest

from schoolgate.policytext import check, read_text
from schoolgate.policytext.law.hits import hits
from schoolgate.policytext.law.preparing import prepare
from schoolgate.policytext.law.rulebook import edition_status, rules, with_edition
from schoolgate.policytext.law.shelf import shelf

TODAY = date(2026, 11, 20)
RULES = shelf()["rules"]
FIRE = [(row, sentence) for row in RULES for sentence in row["must_fire"]]
SILENT = [(row, sentence) for row in RULES for sentence in row["must_stay_silent"]]


def named(pairs):
    return [f"{row['id']}-{number}" for number, (row, _) in enumerate(pairs)]


def fired(sentence: str, *, on: date = TODAY, nation: str = "england", editions=None) -> dict[str, str]:
    """The rules that complain about a sentence, each with its status; a current edition is no complaint."""
    found = hits(prepare(sentence), on=on, nation=nation, editions=editions)
    return {hit.rule.id: hit.status for hit in found if not (hit.rule.edition_of and hit.status == "current")}


@pytest.mark.parametrize(("row", "sentence"), FIRE, ids=named(FIRE))
def test_a_rule_finds_what_it_must_find(row, sentence):
    assert row["id"] in fired(sentence, nation=row["nation"][0])


@pytest.mark.parametrize(("row", "sentence"), SILENT, ids=named(SILENT))
def test_a_rule_stays_silent_where_it_must(row, sentence):
    assert row["id"] not in fired(sentence, nation=row["nation"][0])


@pytest.mark.parametrize("sentence", [*shelf()["must_stay_silent"], shelf()["clean_sample"]])
def test_no_rule_complains_about_good_wording(sentence):
    complaints = [hit.rule.id for hit in hits(prepare(sentence), on=TODAY) if not hit.register]
    assert complaints == []


def test_the_clean_sample_has_no_finding_but_what_it_leaves_out():
    """Absent core law (K) and the absent owner and version (Q) are about what is not there; what is there has no fault."""
    findings = check(read_text(shelf()["clean_sample"], "clean.txt"), on=TODAY).findings
    assert [finding.rule for finding in findings if finding.rule[0] not in "KQ"] == []
    assert {finding.severity for finding in findings if finding.rule[0] == "K"} == {"info"}


@pytest.mark.parametrize("case", shelf()["edition_tests"], ids=lambda case: case["id"])
def test_an_edition_is_judged_by_its_dates(case):
    editions = with_edition(case["add"]) if "add" in case else None
    found = [hit for hit in hits(prepare(case["text"]), on=case["date"], editions=editions) if hit.rule.id == case["rule"]]
    assert [hit.status for hit in found] == [case["expect"]]


@pytest.mark.parametrize("case", shelf()["nation_tests"], ids=lambda case: f"{case['rule']}-{case['nation']}")
def test_a_rule_of_another_nation_is_not_shown(case):
    assert (case["rule"] in fired(case["text"], nation=case["nation"])) == (case["expect"] == "fire")


@pytest.mark.parametrize("case", shelf()["as_at_tests"], ids=lambda case: f"{case['rule']}-{case['date']}")
def test_a_rule_is_silent_before_its_day(case):
    assert (case["rule"] in fired(case["text"], on=case["date"])) == (case["expect"] == "fire")


def test_a_superseded_edition_knows_its_first_stale_day():
    status, since = edition_status("kcsie", 2016, TODAY)
    ends = [row["in_force_to"] for row in shelf()["editions"]["kcsie"]["editions"] if 2016 in (row["year"], *row.get("also_cited_as", ()))]
    assert status == "superseded"
    assert since is not None
    assert (since - max(ends)).days == 1


def test_every_rule_of_the_shelf_is_loaded_once():
    assert [rule.id for rule in rules()] == [row["id"] for row in RULES]
    assert len({rule.id for rule in rules()}) == len(RULES)


def test_curly_quotes_hard_spaces_and_long_dashes_do_not_hide_a_citation():
    assert prepare("Children\u2019s\u00a0Board \u2013 the\n  \u201cLSCB\u201d") == 'Children\'s Board - the "LSCB"'
    assert "L01" in fired("Data\u00a0Protection  Act\n1998")


@pytest.mark.parametrize("number", ["000", "001", "002", "003", "004"])
def test_a_source_policy_meets_exactly_the_rules_it_should(seed, number):
    report = check(seed(number), on=TODAY)
    expected = {row["id"] for row in [*RULES, *shelf()["document_checks"]] if number in row["seed_hits"]}
    expected |= {row["id"] for row in shelf()["core_citations"] if number in row["missing_in"]}
    found = {finding.rule for finding in (*report.findings, *report.register)}
    assert {rule for rule in found if rule[0] != "Q"} == expected


@pytest.mark.parametrize("number", shelf()["seed_expectations"])
def test_a_source_policy_is_as_late_and_as_stale_as_it_was_written_down(seed, number):
    expected = shelf()["seed_expectations"][number]
    findings = check(seed(number), on=TODAY, nation=expected["nation"]).findings
    stale = sorted({finding.sources[0] for finding in findings if finding.rule == "C06"})
    assert stale == (expected["stale_when_signed"] or [])
    assert ("C01" in {finding.rule for finding in findings}) == bool(expected["overdue"])

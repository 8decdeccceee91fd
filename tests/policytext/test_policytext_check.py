"""The check of a whole document: what it lacks, what has passed, where it contradicts itself."""

from datetime import date

import pytest

from schoolgate.policytext import check
from schoolgate.policytext.outline.dates import after_months, first_day, last_day

TODAY = date(2026, 11, 20)
COVER = "Phone policy\nVersion\t2\nPolicy owner\tThe bursar\nApproved\tMay 2026\nNext review\tMay 2027\n\n"


def rules(document, rule, **how) -> list:
    return [finding for finding in check(document, on=how.pop("on", TODAY), **how).findings if finding.rule == rule]


def test_a_complete_cover_is_not_complained_about(text):
    document = text(COVER + "1. Use\n1.1 Staff must ask the designated safeguarding lead.\n")
    found = {finding.rule for finding in check(document, on=TODAY).findings}
    assert not found & {"Q01", "Q02", "C01", "C02"}


def test_missing_owner_version_and_dates_are_each_named(text):
    document = text("Phone policy\n\n1. Use\n1.1 Staff must ask first.\n")
    found = {finding.rule: finding for finding in check(document, on=TODAY).findings}
    assert {"Q01", "Q02", "C02"} <= set(found)
    assert "approved" in found["C02"].message
    assert "review" in found["C02"].message


@pytest.mark.parametrize(("on", "overdue"), [(date(2027, 5, 31), False), (date(2027, 6, 1), True)])
def test_a_review_month_ends_on_its_last_day(text, on, overdue):
    document = text(COVER + "1. Use\n1.1 Staff must ask first.\n")
    assert bool(rules(document, "C01", on=on)) == overdue


def test_a_review_date_is_worked_out_from_approval_and_cycle(text):
    document = text("Phone policy\nApproved: May 2023\n\n1. Use\n1.1 Staff must ask first.\n1.2 The policy is reviewed annually.\n")
    assert rules(document, "C01")[0].message.endswith("It was due by 2024-05-01.")
    assert rules(document, "C02") == []


def test_a_clause_said_twice_points_at_the_first(text):
    words = "Staff must never post pictures of pupils on any account of their own."
    found = rules(text(f"1. Use\n1.1 {words}\n1.2 Staff must ask.\n1.3 {words}\n"), "Q03")
    assert [(finding.ref, "1.1" in finding.message) for finding in found] == [("1.3", True)]


def test_a_reference_to_a_missing_section_is_found(text):
    document = text("1. Use\n1.1 Staff must ask, as set out in section 7.\n1.2 Pupils must ask, see section 1.1.\n")
    assert [(finding.ref, finding.quote) for finding in rules(document, "Q04")] == [("1.1", "in section 7")]


@pytest.mark.parametrize("words", ["under section 89 of the Education Act 2006", "in section 7 'Conduct' of 'Guidance for schools'"])
def test_a_section_of_another_paper_is_not_ours_to_find(text, words):
    assert rules(text(f"1. Use\n1.1 Heads may act {words}.\n1.2 Staff must ask.\n"), "Q04") == []


def test_a_missing_appendix_is_found_and_a_present_one_is_not(text):
    missing = text("1. Use\n1.1 Sites are listed at appendix A.\n1.2 Staff must ask.\n")
    present = text("1. Use\n1.1 Sites are listed at appendix A.\n1.2 Staff must ask.\nAppendix A: Sites\nThe school runs one page.\n")
    assert [finding.ref for finding in rules(missing, "L25")] == ["1.1"]
    assert rules(present, "L25") == []


def test_two_clauses_that_contradict_each_other_are_shown_together(text):
    document = text(
        "1. Use\n1.1 Staff may use personal mobile phones in the classroom during lessons.\n"
        "1.2 Staff must not use personal mobile phones in the classroom during lessons.\n1.3 Parents must not film assemblies.\n"
    )
    assert [(finding.ref, "1.1" in finding.message) for finding in rules(document, "Q05")] == [("1.2", True)]


def test_clauses_about_different_people_do_not_contradict(text):
    document = text(
        "1. Use\n1.1 Staff may use personal mobile phones in the classroom during lessons.\n"
        "1.2 Governors must not use personal mobile phones in the classroom during lessons.\n"
    )
    assert rules(document, "Q05") == []


def test_law_that_had_gone_when_the_policy_was_signed_is_told_apart(text):
    old = text("Phone policy\nApproved: May 2017\n\n1. Law\n1.1 Records are kept under the Data Protection Act 1998.\n")
    late = text("Phone policy\nApproved: May 2019\n\n1. Law\n1.1 Records are kept under the Data Protection Act 1998.\n")
    assert rules(old, "C06") == []
    assert [(finding.ref, finding.effective_from) for finding in rules(late, "C06")] == [("1.1", "2018-05-25")]
    assert [finding.ref for finding in rules(old, "L01")] == ["1.1"]


def test_a_rule_about_one_nation_stays_out_of_another(text):
    document = text("1. Law\n1.1 We follow the procedures of the LSCB.\n")
    assert rules(document, "G03")
    assert rules(document, "G03", nation="wales") == []


def test_an_unknown_nation_is_a_mistake_of_the_caller(text):
    with pytest.raises(ValueError, match="no rules for cornwall"):
        check(text("1. Use\n1.1 Staff must ask.\n"), on=TODAY, nation="cornwall")


def test_the_summary_counts_what_is_listed(text):
    report = check(text("1. Law\n1.1 Records are kept under the Data Protection Act 1998.\n"), on=TODAY)
    written = report.as_json()
    assert written["summary"] == {name: sum(row["severity"] == name for row in written["findings"]) for name in ("error", "warn", "info")}
    assert written["summary"]["error"] >= 1
    assert (written["on"], written["nation"]) == ("2026-11-20", "england")


def test_law_that_is_in_order_is_listed_and_not_complained_about(text):
    report = check(text("1. Law\n1.1 We keep to the Computer Misuse Act 1990.\n"), on=TODAY)
    assert "L31" in {finding.rule for finding in report.register}
    assert "L31" not in {finding.rule for finding in report.findings}


@pytest.mark.parametrize(
    ("stated", "first", "last"),
    [
        ("2018-11-05", date(2018, 11, 5), date(2018, 11, 5)),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("2018", date(2018, 1, 1), date(2018, 12, 31)),
    ],
)
def test_a_stated_date_spans_what_it_can_mean(stated, first, last):
    assert (first_day(stated), last_day(stated)) == (first, last)


def test_months_are_added_by_the_calendar():
    assert after_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert after_months(date(2024, 11, 30), 14) == date(2026, 1, 30)


def test_a_funding_agreement_is_no_agreement_to_sign(text):
    said = text("Records policy\n\nStaff must keep records as our Funding Agreement asks.\n")
    assert "C09" not in {finding.rule for finding in check(said, on=date(2026, 11, 27)).findings}
    said = text("Tablet Agreement\n\nPupils must keep their tablet clean and safe.\n")
    assert "C09" in {finding.rule for finding in check(said, on=date(2026, 11, 27)).findings}

"""Clauses of one document that cannot both hold are found, and what only looks like it is left alone."""

from datetime import date

import pytest

from schoolgate.policytext import check

TODAY = date(2026, 11, 27)
KINDS = {"Q05": "allowed and forbidden", "Q06": "time limits", "Q07": "ages", "Q08": "people to tell", "C03": "review cycles"}


def disagreements(text, *sentences: str) -> list:
    words = "1. Rules\n" + "".join(f"1.{number} {sentence}\n" for number, sentence in enumerate(sentences, 1))
    return [finding for finding in check(text(words), on=TODAY).findings if finding.rule in KINDS]


@pytest.mark.parametrize(
    ("rule", "first", "later"),
    [
        ("Q05", "Staff may use personal mobile phones in the classroom.", "Staff must not use personal mobile phones in the classroom."),
        ("Q05", "Teachers may use their own phones in classrooms.", "Staff must not use personal mobile phones in the classroom."),
        ("Q05", "Pupils are allowed to bring mobile phones to school.", "Pupils must not bring phones to school."),
        ("Q05", "Staff may accept friend requests from parents.", "Staff must never accept friend requests from parents."),
        ("Q05", "Parents may take photographs at school events.", "Parents are not permitted to take photos at school events."),
        ("Q05", "Staff must not post photographs of pupils on social media.", "Staff may post photos of pupils on social media."),
        ("Q06", "Complaints are answered within five working days.", "Complaints will be answered within ten working days."),
        ("Q06", "Breaches are reported to the regulator within 24 hours.", "Breaches must be reported to the regulator within 3 days."),
        ("Q06", "Filtering logs are retained for 6 months.", "Filtering logs are kept for 12 months."),
        ("Q06", "Passwords are changed every term.", "Passwords must be changed every 12 months."),
        ("Q07", "Pupils must be at least 13 to use Instagram.", "Instagram users must be at least 12."),
        ("Q07", "Children under 13 may not have a Facebook account.", "The minimum age for Facebook is 14."),
        ("Q08", "Concerns about a post must be reported to the headteacher.", "Concerns about a post must be reported to the DSL."),
        ("Q08", "The headteacher is responsible for the filtering logs.", "The DSL is responsible for the filtering logs."),
        ("C03", "This policy is reviewed every two years.", "The governing body will review this policy annually."),
    ],
)
def test_two_clauses_that_cannot_both_hold_are_found_at_the_later_one(text, rule, first, later):
    found = disagreements(text, first, later)
    assert [(finding.rule, finding.ref, "1.1" in finding.message) for finding in found] == [(rule, "1.2", True)]
    assert found[0].replaced_by
    assert found[0].quote in later


@pytest.mark.parametrize(
    ("first", "later"),
    [
        ("Staff may use personal phones in the classroom.", "Governors must not use personal phones in the classroom."),
        ("Staff must not use personal phones in lessons.", "Staff may use personal phones in the staff room."),
        ("Staff must not use personal phones.", "Staff may use personal phones only in an emergency."),
        ("Pupils must not post photographs of staff.", "Pupils may post photographs of their own work."),
        ("Pupils may use the internet in lessons.", "Pupils must not use the internet without permission."),
        ("Parents may film the play for themselves.", "Parents must not share film of the play online."),
        ("Breaches go to the regulator within 72 hours.", "Breaches go to the data protection officer within 24 hours."),
        ("Complaints are acknowledged within five working days.", "Complaints are answered within twenty working days."),
        ("An urgent complaint is answered within two days.", "A complaint is answered within ten days."),
        ("Within 24 hours the office replies to parents.", "At weekends the office replies to parents within 72 hours."),
        ("Complaints are answered within 24 hours.", "Complaints are answered within one day."),
        ("CCTV recordings are kept for 30 days.", "Visitor records are kept for six months."),
        ("Pupils must be at least 13 to use Instagram.", "Pupils must be at least 16 to use LinkedIn."),
        ("Staff must not be friends on Facebook with anyone under 18.", "Facebook users must be at least 13."),
        ("Concerns about a pupil go to the DSL.", "Concerns about the headteacher go to the chair of governors."),
        ("Concerns are reported to the DSL.", "The DSL reports concerns to the headteacher."),
        ("Bullying is reported to the class teacher.", "Racist bullying is reported to the headteacher."),
        ("Staff must report breaches to the DPO.", "Staff must report lost devices to the IT manager."),
        ("The headteacher is responsible for filtering.", "The DSL is responsible for filtering reports."),
        ("Filters are reviewed every term.", "This policy is reviewed every year."),
        ("Training is repeated every two years.", "The policy is reviewed every three years."),
        ("The policy is reviewed every year.", "This policy is reviewed annually."),
    ],
)
def test_clauses_that_can_both_hold_are_left_alone(text, first, later):
    assert disagreements(text, first, later) == []


def test_the_same_limit_under_parallel_headings_is_no_disagreement(text):
    words = "1. Verbal warning\n1.1 The note is kept on file for six months.\n"
    words += "2. Written warning\n2.1 The note is kept on file for twelve months.\n"
    assert [finding.rule for finding in check(text(words), on=TODAY).findings if finding.rule in KINDS] == []


def test_what_different_people_sign_is_no_disagreement(text):
    words = "1. Pupil agreement\n1.1 I must not use my own phone to film in the classroom.\n"
    words += "2. Staff agreement\n2.1 I may use my own phone to film in the classroom.\n"
    one_form = words.replace("2. Staff agreement\n2.1", "1.2")
    assert [finding.rule for finding in check(text(words), on=TODAY).findings if finding.rule in KINDS] == []
    assert [finding.rule for finding in check(text(one_form), on=TODAY).findings if finding.rule in KINDS] == ["Q05"]


@pytest.mark.parametrize("number", ["000", "001", "002", "003", "004"])
def test_the_source_policies_disagree_with_themselves_only_about_review(seed, number):
    found = [(finding.rule, finding.ref) for finding in check(seed(number), on=TODAY).findings if finding.rule in KINDS]
    assert found == ([("C03", "13.1")] if number == "000" else [])

"""References that lead nowhere, gaps in numbers, and things said twice."""

from datetime import date

import pytest

from schoolgate.policytext import check, read

TODAY = date(2026, 11, 27)
BODY = "1. Use\n1.1 {}\n1.2 Staff must ask.\n2. Care\n2.1 Pupils must ask.\n"


def found(document, rule: str) -> list[tuple[str | None, str | None]]:
    return [(finding.ref, finding.quote) for finding in check(document, on=TODAY).findings if finding.rule == rule]


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("Staff follow the rules in section 7.", "in section 7"),
        ("Staff follow the rules in the paragraph 2.9.", "in the paragraph 2.9"),
        ("Staff ask first (see 4.2 below).", "see 4.2 below"),
    ],
)
def test_a_section_that_is_not_there_is_found(text, sentence, quote):
    assert found(text(BODY.format(sentence)), "Q04") == [("1.1", quote)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Staff follow the rules in section 2.",
        "Staff follow the rules in section 2.1.",
        "Heads act under section 89 of the Education and Inspections Act 2006.",
        "KCSIE says so in paragraph 140.",
        "The Act says so in section 127.",
        "Staff follow the rules in part 5 of KCSIE.",
        "See page 9 of the handbook.",
    ],
)
def test_a_section_that_is_there_or_elsewhere_is_not_complained_about(text, sentence):
    assert found(text(BODY.format(sentence)), "Q04") == []


def test_a_lettered_section_is_looked_for_where_headings_have_letters(text):
    words = "Section A Use\nStaff must ask, see section {}.\nSection B Care\nPupils must ask their teacher first.\n"
    assert [quote for _, quote in found(text(words.format("D")), "Q04")] == ["see section D"]
    assert found(text(words.format("B")), "Q04") == []


def test_a_page_beyond_the_last_is_found(make_pdf, tmp_path):
    path = tmp_path / "policy.pdf"
    path.write_bytes(make_pdf([["1. Use", "1.1 Staff must ask, see page 9.", "1.2 Pupils must ask, see page 1."]]))
    assert found(read(path), "Q04") == [("1.1", "see page 9")]


@pytest.mark.parametrize(
    "sentence", ["The form is in Appendix 3.", "The form (Annex B) is used.", "See Appendix C.", "Forms are attached as Appendix iv."]
)
def test_an_appendix_that_is_not_there_is_found_however_it_is_named(text, sentence):
    assert len(found(text(BODY.format(sentence.replace("The form is in", "The form is found in"))), "L25")) == 1


@pytest.mark.parametrize(
    "sentence", ["See Annex C of KCSIE.", "See Appendix A to the Code.", "Keeping Children Safe in Education, see annex B."]
)
def test_an_appendix_of_another_paper_is_not_ours_to_find(text, sentence):
    assert found(text(BODY.format(sentence)), "L25") == []


def test_a_gap_in_numbers_is_found_and_a_numbered_lead_in_is_no_gap(text):
    gap = text("1. Use\n1.1 Staff must ask.\n1.3 Pupils must ask.\n2. Care\n2.1 All must ask.\n")
    led = text("1. Use\n1.1 Staff must ask.\n1.2 Staff ask about:\n(a) phones\n(b) cameras\n1.3 Pupils must ask.\n")
    assert found(gap, "C05") == [("1.3", "Pupils must ask.")]
    assert found(led, "C05") == []


def test_a_missing_appendix_letter_is_a_gap(text):
    words = "1. Use\n1.1 Staff must ask.\nAppendix A Forms\nThe form is kept in the office.\n"
    words += "Appendix C Law\nThe law is kept in the office too.\n"
    assert [quote for _, quote in found(text(words), "C05")] == ["Appendix C"]


def test_an_act_listed_twice_is_found_in_a_list_and_not_in_prose(text):
    listed = text("1. Law\nWe follow:\n- Equality Act 2010\n- Human Rights Act 1998\n- the Equality Act (2010)\n")
    prose = text("1. Law\n1.1 Staff follow the Equality Act 2010 in all they post online.\n1.2 The Equality Act 2010 protects pupils.\n")
    assert [quote for _, quote in found(listed, "C04")] == ["Equality Act (2010)"]
    assert found(prose, "C04") == []


def test_a_passage_copied_whole_is_one_finding(text):
    lines = [
        "Passwords are kept secret by all who hold them.",
        "Devices are locked when nobody sits at them.",
        "Files are saved to the school server every single day.",
    ]
    words = "".join(f"{part}. Part\n" + "".join(f"{part}.{number} {line}\n" for number, line in enumerate(lines, 1)) for part in (1, 2))
    assert [ref for ref, _ in found(text(words), "Q03")] == ["2.1"]


def test_the_same_words_for_other_people_are_no_repetition(text):
    words = "Deliberate use of another person's password without leave."
    document = text(f"Sanctions for pupils\nThese are reported:\n- {words}\nSanctions for staff\nThese are reported:\n- {words}\n")
    assert len({clause.actors for clause in document.clauses}) == 2
    assert found(document, "Q03") == []


def test_bullets_under_different_lead_ins_say_different_things(text):
    names = "the full names of pupils beside their pictures"
    words = f"1. Posts\nStaff must never post:\n- {names}\nStaff may always post:\n- {names}\n"
    assert found(text(words), "Q03") == []

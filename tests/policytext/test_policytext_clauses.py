"""What a clause is: numbered paragraphs, bullets, rows and paragraphs; never headings, contents, signatures or page furniture."""

import pytest

from schoolgate.policytext.labels import letters, number_of
from schoolgate.policytext.outline.wording import actors, modality, sentences


def refs(document):
    return [clause.ref for clause in document.clauses]


def test_printed_numbers_are_kept_and_bullets_get_letters(text):
    document = text(
        "1. Posting\n1.1 Staff must ask before posting.\n1.2 Every post must:\n- be kind;\n- be true.\n1.3 Posts may be removed.\n"
    )
    assert refs(document) == ["1.1", "1.2.a", "1.2.b", "1.3"]
    assert document.clauses[1].path == ("1. Posting", "1.2 Every post must:")
    assert document.clauses[1].modality == "must"


def test_a_number_printed_twice_still_names_one_clause_each(text):
    document = text("1. Rules\n1.1 Staff must sign in.\n1.1 Staff must sign out.\n1.2 Pupils may not use phones.\n")
    assert refs(document) == ["1.1", "1.1-2", "1.2"]


def test_a_lead_in_after_other_sentences_stays_in_its_clause_too(text):
    document = text(
        "2. Use\n2.1 We use Facebook. Staff must never:\n- argue with parents;\n- name a pupil.\n2.2 Posts are checked daily.\n"
    )
    assert document.clauses[0].text == "We use Facebook. Staff must never:"
    assert [clause.modality for clause in document.clauses[1:3]] == ["must_not", "must_not"]


def test_a_paragraph_between_two_numbers_is_a_clause_under_the_first(text):
    document = text("1. Use\n1.1 Staff must be polite.\n\nThey should think before they post.\n\n1.2 Staff must be brief.\n")
    assert refs(document) == ["1.1", "1.1.a", "1.2"]
    assert document.clauses[1].text == "They should think before they post."


def test_a_line_broken_by_a_page_is_mended(text):
    document = text("1. Use\n1.1 Staff must never post remarks which may\n\nbring the school into disrepute.\n1.2 Staff must be brief.\n")
    assert document.clauses[0].text == "Staff must never post remarks which may bring the school into disrepute."


def test_paragraphs_wrapped_at_a_fixed_width_are_joined(text):
    lines = (
        "Social media use\n\nStaff must take great care over everything that they post on any account which\n"
        "belongs to the school, because it speaks for everyone who works there and for\nthe pupils.\n\n"
        "Parents should be told where the school can be found online, and the office must\n"
        "keep that list up to date at all times so that nobody is taken in by an account\nthat only pretends to be ours.\n"
    )
    document = text(lines)
    assert len(document.clauses) == 2
    assert document.clauses[0].text.endswith("for the pupils.")


def test_signature_lines_and_contents_are_set_aside_and_not_lost(text):
    document = text(
        "Contents\n1. Scope.....2\n2. Rules.....3\n3. Review.....4\n\n1. Scope\n1.1 This policy applies to all staff.\n"
        "2. Rules\n2.1 Staff must sign.\n\nName: ......................\nSigned: ......................\n"
    )
    assert refs(document) == ["1.1", "2.1"]
    assert [aside.kind for aside in document.asides].count("signature") == 2
    assert [aside.kind for aside in document.asides].count("contents") == 4


def test_residue_of_a_conversion_is_taken_out_of_the_words(text):
    document = text(
        "1. Use\n1.1 [bookmark: _GoBack]Staff must be careful.\n[image: C:\\Users\\A Person\\logo.jpg]\n1.2 Staff must be kind.\n"
    )
    assert document.clauses[0].text == "Staff must be careful."
    assert {aside.text for aside in document.asides if aside.kind == "residue"} == {
        "[bookmark: _GoBack]",
        "[image: C:\\Users\\A Person\\logo.jpg]",
    }


def test_a_policy_without_any_number_counts_its_headings(text):
    document = text("Phone policy\n\nPupils\n\nPupils must hand in their phones.\n\nStaff\n\nStaff may carry a phone.\n")
    assert refs(document) == ["2.a", "3.a"]
    assert [clause.path for clause in document.clauses] == [("Pupils",), ("Staff",)]


def test_rows_with_tabs_are_statements_and_facts(text):
    document = text("Phone policy\nVersion\t2.1\nPolicy owner\tThe bursar\nNext review\tMay 2027\n\n1. Use\n1.1 Staff may carry a phone.\n")
    assert (document.version, document.owner, document.review_on) == ("2.1", "The bursar", "2027-05")
    assert document.clauses[0].text == "Version: 2.1"


def test_lettered_paragraphs_hang_on_the_number_above(text):
    document = text("4. Use\n4.1 Staff must not:\n(a) share a password;\n(b) lend a device.\n4.2 Staff may ask.\n")
    assert refs(document) == ["4.1(a)", "4.1(b)", "4.2"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Staff must tell the DSL.", "must"),
        ("Staff must not share passwords.", "must_not"),
        ("Under no circumstances should staff share pictures.", "must_not"),
        ("Phones are not permitted in class.", "must_not"),
        ("Never give out a home address.", "must_not"),
        ("Staff should keep records.", "should"),
        ("Staff are advised to keep records.", "should"),
        ("Staff should not accept pupils as friends.", "should_not"),
        ("Adults are strongly advised against naming their employer.", "should_not"),
        ("Staff may carry a phone on trips.", "may"),
        ("Phones may only be used in the staff room.", "must"),
        ("The school has a Facebook page.", "declares"),
        ("Check the account every day.", "must"),
    ],
)
def test_force_is_read_from_the_words(words, expected):
    assert modality(words) == expected


@pytest.mark.parametrize(
    ("words", "above", "expected"),
    [
        ("share log-ins", ("Adults should not:",), "should_not"),
        ("not access social networking sites", ("School personnel will:",), "must_not"),
        ("Keep a record", ("We recommend that staff:",), "should"),
        ("Safeguard all children", ("The purpose of the policy is to:",), "declares"),
        ("must tell the head", ("Adults should:",), "must"),
    ],
)
def test_a_fragment_takes_the_force_of_its_lead_in(words, above, expected):
    assert modality(words, above) == expected


@pytest.mark.parametrize(
    ("words", "above", "expected"),
    [
        ("Staff must not photograph pupils.", (), ("staff",)),
        ("Any member of staff may ask.", (), ("staff",)),
        ("Images of pupils must be stored safely.", (), ()),
        ("ensure all staff comply", ("The Headteacher will:",), ("headteacher",)),
        ("Parents and carers should ask first.", (), ("parents",)),
        ("Accounts must be checked by the moderator.", (), ("moderators",)),
        ("The school will reply within a day.", (), ("school",)),
        ("Posts are public.", (), ()),
    ],
)
def test_who_is_bound_is_read_from_the_words(words, above, expected):
    assert actors(words, above) == expected


def test_a_sentence_does_not_end_at_an_abbreviation():
    assert sentences("Use a phone, e.g. Mr. Hill's. Ask first.") == ["Use a phone, e.g. Mr. Hill's.", "Ask first."]


def test_letters_run_from_a_to_aa_and_on():
    assert [letters(index) for index in (0, 25, 26, 51, 52, 701, 702)] == ["a", "z", "aa", "az", "ba", "zz", "aaa"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("6.2. Before opening", ("6.2", "6.2.", "Before opening")),
        ("Section 1: Introduction", ("1", "Section 1:", "Introduction")),
        ("Appendix a - Forms", ("Appendix A", "Appendix a -", "Forms")),
        ("3 Scope", ("3", "3", "Scope")),
        ("1.0 (July 2017)", None),
        ("24 hours is the limit.", None),
        ("3.5% of posts", None),
        ("2018 was a good year", None),
    ],
)
def test_a_number_is_told_from_a_figure(words, expected):
    assert number_of(words) == expected


def test_a_label_with_its_value_heads_nothing(text):
    document = text("Tablet policy\n\nCommittee responsible: Premises\n\nDate shown to staff: May 2020\n\nStaff must sign in.\n")
    assert {clause.path for clause in document.clauses} == {("Tablet policy",)}


@pytest.mark.parametrize(
    ("words", "above", "force"),
    [
        ("Parents are requested not to film the play.", (), "should_not"),
        ("Please don’t film the play.", (), "must_not"),
        ("Please be kind.", (), "must"),
        ("We do not allow staff to film the play.", (), "must_not"),
        ("Rude messages about staff.", ("Note that the school considers these acts inappropriate:",), "must_not"),
        ("Use of quiz games.", (), "declares"),
        ("Obey the librarian.", (), "must"),
        ("Heads of house will be referred to as heads.", (), "declares"),
        ("This leaflet tells you what is and what is not acceptable.", (), "declares"),
    ],
)
def test_polite_and_roundabout_words_have_their_force(words, above, force):
    assert modality(words, above) == force


@pytest.mark.parametrize(
    "rules",
    [
        "Staff must:\n1) lock tablets\n2) not lend them\n3) tell the head of a loss\nPupils will:\n1. ask first\n2. share",
        "Staff must:\n1) lock tablets;\n2) not lend them; and\n3) tell the head of a loss.\nPupils will:\n1. ask first;\n2. share.",
        "Our rules\n1. Lock tablets\n2. Do not lend them\n3. Tell the head of a loss\n4. Ask first\n5. Share",
    ],
)
def test_a_numbered_list_without_full_stops_keeps_every_entry(text, rules):
    assert len(text(f"Tablet Policy\n{rules}\n").clauses) == 5


def test_a_numbered_heading_over_an_empty_section_is_no_clause(text):
    document = text("Tablet Policy\n1. Introduction\n2. Roles\nStaff must sign for a tablet.\n3. Losses\nStaff must report a loss.\n")
    assert [clause.text for clause in document.clauses] == ["Staff must sign for a tablet.", "Staff must report a loss."]


def test_a_table_drawn_with_strokes_is_read_row_by_row(text):
    document = text("Tablet Policy\n\nHead | Must appoint a lead for tablets.\nStaff | Must report a loss on the day.\n")
    assert [clause.text for clause in document.clauses] == [
        "Head: Must appoint a lead for tablets.",
        "Staff: Must report a loss on the day.",
    ]

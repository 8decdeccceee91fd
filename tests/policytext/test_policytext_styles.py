"""House styles: legal numbers, bullets, prose, dos and don'ts, questions, agreements, rules with pictures, tables of roles, appendices."""

import pytest

from schoolgate.policytext.blocks import Block
from schoolgate.policytext.model import Place
from schoolgate.policytext.outline.clauses import cut
from schoolgate.policytext.outline.runs import runs
from schoolgate.policytext.outline.structure import joined, outline


def shape(document):
    return [(clause.ref, clause.path[-1] if clause.path else "", clause.text) for clause in document.clauses]


def set_aside(document, kind):
    return [aside.text for aside in document.asides if aside.kind == kind]


def row(*cells):
    return Block("row", " ".join(filter(None, cells)), cells=cells)


def clauses_of(*blocks):
    return cut(outline(list(blocks)).blocks)[0]


def test_legal_numbers_with_letters_and_an_appendix(text):
    document = text(
        "Staff Social Media Policy\n\n1 Scope\n\n1.1 It applies to all staff.\n\n2 Accounts\n\n2.1 Staff must not:\n(a) "
        "accept pupils as friends;\n"
        "(b) post their pictures.\n2.2 Staff may keep a page, provided that:\n(i) it is private.\n\nAppendix A: Reports\n"
        "A.1 Anyone who sees a breach must tell the head.\n"
    )
    assert [clause.ref for clause in document.clauses] == ["1.1", "2.1(a)", "2.1(b)", "2.2(i)", "A.1"]
    assert document.clauses[1].path == ("2 Accounts", "2.1 Staff must not:")
    assert document.clauses[-1].path == ("Appendix A: Reports",)
    assert [clause.modality for clause in document.clauses] == ["declares", "must_not", "must_not", "may", "must"]


def test_bullets_under_plain_headings(text):
    document = text(
        "Hilltop Primary School\nMobile Phones\n\nPupils\n• Phones are handed in.\n• No phones outside\n\nVisitors\n• "
        "Switch off your phone\n"
    )
    assert shape(document) == [
        ("3.a", "Pupils", "Phones are handed in."),
        ("3.b", "Pupils", "No phones outside"),
        ("4.a", "Visitors", "Switch off your phone"),
    ]


def test_prose_is_cut_where_another_rule_begins(text):
    document = text(
        "Online safety\n\nWe want every child to enjoy the internet. Staff must check each site before the lesson. This "
        "matters because pages change. "
        "Pictures of children must never be put on a personal account. If a child is upset, staff must tell the safeguarding lead.\n"
    )
    assert [clause.text.split()[0] for clause in document.clauses] == ["We", "Pictures", "If"]
    assert document.clauses[0].text.endswith("because pages change.")
    assert [clause.modality for clause in document.clauses] == ["must", "must_not", "must"]


@pytest.mark.parametrize(
    ("paragraph", "starts"),
    [
        ("Staff must lock their screens when they leave a room. They should do this even for a minute, since pupils may walk in.", 1),
        ("Staff must lock their screens when they leave a room. For example, a screen should be locked during the fire drill too.", 1),
        ("Staff must lock their screens when they leave a room. They must also shut the door of any room in which records are kept.", 2),
        ("Phones must be off in lessons. Pupils may use a tablet of the school in the library if the librarian says so beforehand.", 2),
        (
            "Pupils must hand in phones. If a pupil refuses to hand in a phone, the teacher must call the office before the "
            "lesson goes on.",
            2,
        ),
        ("Our library has forty tablets of its own. Many were given by a local firm. They are used by every class in every term.", 1),
        ("Staff must ask first. Pupils must ask first.", 1),
    ],
)
def test_what_only_explains_stays_with_its_rule(paragraph, starts):
    assert len(runs(paragraph)) == starts
    assert " ".join(runs(paragraph)) == paragraph


def test_dos_and_donts_are_two_lists(text):
    document = text(
        "Guide for staff\n\nDo\tDon't\nUse a school account\tUse your own account\nAsk the head first\tAccept pupils as friends\n"
    )
    assert [(clause.path[-1], clause.text, clause.modality) for clause in document.clauses] == [
        ("Do:", "Use a school account", "must"),
        ("Do:", "Ask the head first", "must"),
        ("Don't:", "Use your own account", "must_not"),
        ("Don't:", "Accept pupils as friends", "must_not"),
    ]


def test_questions_are_headings_of_their_answers(text):
    document = text(
        "Guide for parents\n\nWhat is the page for?\nThe page shares news about the school day and events.\n\n"
        "Can I comment?\nYes. Comments must be polite and must not name staff or other people's children.\n"
    )
    assert [(clause.path[-1], clause.modality) for clause in document.clauses] == [
        ("What is the page for?", "declares"),
        ("Can I comment?", "must_not"),
    ]


def test_an_agreement_of_a_pupil(text):
    document = text(
        "Pupil Acceptable Use Agreement\n\nTo keep myself safe:\nI will not share my password.\nI ask before I go online.\n"
        "\nFor the school:\n"
        "I will look after the tablets.\n\nI have read these rules and I agree to keep them.\nName of pupil: ____________  Class: ____\n"
        "Signed: ____________ Date: ______\nParent / carer signature: __________\n"
    )
    assert [clause.path[-1] for clause in document.clauses[:3]] == ["To keep myself safe:", "To keep myself safe:", "For the school:"]
    assert [clause.modality for clause in document.clauses] == ["must_not", "must", "must", "must"]
    assert all(clause.actors == ("pupils",) for clause in document.clauses)
    assert len(set_aside(document, "signature")) == 3


def test_little_pictures_are_bullets(text):
    document = text("Our Internet Rules\n\n😀 I ask before I go online.\n🔒 I keep my password secret.\n🚫 I never share where I live.\n")
    assert [clause.text[0] for clause in document.clauses] == ["I", "I", "I"]
    assert [clause.modality for clause in document.clauses] == ["must", "must", "must_not"]


def test_a_table_of_roles(text):
    document = text(
        "Online Safety Policy\n\nRole\tKey responsibilities\nHeadteacher\tHas overall responsibility for online safety.\n"
        "Governors\tApprove the policy and review how well it works.\nAll staff\tMust report every concern on the same day.\n"
    )
    assert [clause.path[-1] for clause in document.clauses] == ["Role | Key responsibilities"] * 3
    assert document.clauses[1].text == "Governors: Approve the policy and review how well it works."
    assert [clause.actors for clause in document.clauses] == [("headteacher",), ("governors",), ("staff",)]
    assert document.clauses[2].modality == "must"


def test_numbers_that_start_again_in_every_appendix(text):
    document = text(
        "E-Safety Policy\n\n1. Aims\n1.1 We aim to keep pupils safe online.\n\nAppendix A\nRules for the computer room\n1. "
        "No food is allowed.\n"
        "2. Pupils must log off.\n\nAppendix B\nRules for the library\n1. Pupils must be quiet.\n"
    )
    assert [clause.ref for clause in document.clauses] == ["1.1", "Appendix A(1)", "Appendix A(2)", "Appendix B(1)"]
    assert document.clauses[1].path[-1] == "Appendix A Rules for the computer room"


def test_a_numbered_lead_in_among_numbered_sentences(text):
    document = text(
        "Social media\n\n1. The school has a page.\n\n2. Staff:\n\na) must not accept pupils as friends\nb) may use a page "
        "of their own\n\n3. Complaints go to the head.\n"
    )
    assert [clause.ref for clause in document.clauses] == ["1", "2(a)", "2(b)", "3"]
    assert document.clauses[1].path[-1] == "2. Staff:"
    assert "2. Staff:" not in document.clauses[3].path


def test_scottish_and_welsh_words(text):
    document = text(
        "Social Networking Policy\n\nStaff must follow the code of the General Teaching Council for Scotland.\n\nRhaid i "
        "staff ofyn yn gyntaf.\n\n"
        "Rhaid i staff beidio â rhannu lluniau.\n"
    )
    assert [clause.modality for clause in document.clauses] == ["must", "must", "must_not"]


def test_an_item_closes_the_list_below_the_item_before(text):
    document = text(
        "Policy\n\nTeachers will:\n- plan lessons which:\n  - use checked sites\n  - teach pupils to search\n- lock their screen\n"
    )
    assert [clause.path[1:] for clause in document.clauses] == [
        ("Teachers will:", "plan lessons which:"),
        ("Teachers will:", "plan lessons which:"),
        ("Teachers will:",),
    ]


def test_a_lead_in_needs_no_colon(text):
    document = text(
        "Policy\n\nBullying\n\nThe school uses several ways to find out\n• surveys of pupils\n• the school council\n\nIn "
        "answer we will -\n• talk to those involved\n"
    )
    assert [clause.path[-1] for clause in document.clauses] == [
        "The school uses several ways to find out",
        "The school uses several ways to find out",
        "In answer we will -",
    ]


def test_a_form_is_no_clause(text):
    document = text(
        "Complaints\n\nComplaints must be made within a month.\n\nComplaint form\n\nYour name:\n\nAddress:\n\nPostcode:\n\n"
        "Telephone number:\n\n"
        "What would you like us to do?\n\n☐ Please tick if you want a reply\n\nOfficial use\n\nDate received:\n"
    )
    assert [clause.text for clause in document.clauses] == ["Complaints must be made within a month."]
    assert "What would you like us to do?" in set_aside(document, "form")


def test_a_letter_to_be_copied_out_is_a_form(text):
    document = text(
        "Requests\n\nRequests must be answered within a month.\n\nAppendix A\n\nMill Lane\nOldtown\nOT1 2AB\n\nDear Head\n\n"
        "Please send me what you hold about me. You must do so within a month.\n\nYours sincerely\n"
    )
    assert [clause.text for clause in document.clauses] == ["Requests must be answered within a month."]
    assert len(set_aside(document, "form")) == 3


def test_names_of_related_papers_links_and_announcements(text):
    document = text(
        "Policy\n\nPhones must be off in every lesson of the day.\n\nThe following sections set out the rules.\n\nRelated "
        "policies\n\nBehaviour policy\n"
        "Safeguarding policy\n\nUseful links\n\n• Childline www.childline.org.uk\n• The internet helpline\n"
    )
    assert len(document.clauses) == 1
    assert set_aside(document, "reference") == [
        "The following sections set out the rules.",
        "Childline www.childline.org.uk",
        "The internet helpline",
    ]
    assert {"Behaviour policy", "Safeguarding policy"} <= {aside.text for aside in document.asides}


def test_bulleted_papers_under_a_lead_in_are_clauses(text):
    document = text("Policy\n\nLinks\n\nThis policy should be read with the following:\n• Behaviour policy\n• Safeguarding policy\n")
    assert [clause.text for clause in document.clauses] == ["Behaviour policy", "Safeguarding policy"]


def test_a_contents_list_that_ends_in_page_numbers(text):
    lines = "".join(f"• Agreement of year {year} {page}\n" for year, page in zip("abcdef", (3, 4, 6, 6, 8, 11), strict=True))
    document = text(
        f"Policy\n\nStaff must sign the agreement of their year before they use a tablet.\n\nAgreements\n\n{lines}\nUse\n\n"
        f"Tablets must be put back.\n"
    )
    assert len(document.clauses) == 2
    assert len(set_aside(document, "contents")) == 6


def test_see_below_belongs_to_what_it_stands_after(text):
    document = text("Policy\n\nPhones\n\nPhones must be off in every lesson.\n\nSee appendix B.\n\nStaff may carry a phone on trips.\n")
    assert document.clauses[0].text == "Phones must be off in every lesson. See appendix B."
    assert len(document.clauses) == 2


def test_an_address_on_its_own_lines_belongs_to_its_sentence(text):
    document = text(
        "Policy\n\nPeople who are not content may write to:\n\nThe Clerk\nMill Lane\nOldtown\nOT1 2AB\n\nThe clerk must "
        "answer in ten days.\n"
    )
    assert [clause.text for clause in document.clauses] == [
        "People who are not content may write to: The Clerk Mill Lane Oldtown OT1 2AB",
        "The clerk must answer in ten days.",
    ]


def test_large_and_bold_lines_are_headings_and_rank_by_their_look():
    made = clauses_of(
        Block("para", "Phone policy", size=20, bold=True),
        Block("para", "Pupils", size=14, bold=True),
        Block("para", "In lessons:", size=11, bold=True),
        Block("para", "Phones must be off while a lesson is under way.", size=11),
        Block("para", "Phones stay in bags.", size=11, bold=True),
        Block("para", "Staff", size=14, bold=True),
        Block("para", "Staff may carry a phone on trips.", size=11),
    )
    assert [clause.path for clause in made] == [
        ("Phone policy", "Pupils", "In lessons"),
        ("Phone policy", "Pupils", "In lessons"),
        ("Phone policy", "Staff"),
    ]


def test_a_cover_page_is_no_clause():
    shape = outline(
        [
            Block("heading", "Phone policy", level=1, page=1, size=24),
            Block("para", "Be kind, be brave", page=1, size=18),
            Block("para", "Adopted: May 2021", page=1, size=18),
            Block("heading", "Use", level=2, page=2, size=14),
            Block("para", "Phones must be off while any lesson of the day is under way.", page=2, size=11),
        ]
    )
    assert [block.text for block in shape.blocks if block.kind != "heading"] == [
        "Phones must be off while any lesson of the day is under way."
    ]
    assert [aside.text for aside in shape.asides if aside.kind == "cover"] == ["Be kind, be brave", "Adopted: May 2021"]


def test_the_header_of_a_table_of_ticks_and_a_merged_cell():
    made = clauses_of(
        row("Incidents", "Head told", "Parents told", "Warning", "Ban"),
        row("Using the account of another pupil in a lesson", "x", "", "x", ""),
        row("Pupils must never look for, save or pass on:", "pictures that are against the law", "x"),
        row("words that stir up hatred of any group", "x"),
    )
    assert [clause.text.split(":")[0] for clause in made] == [
        "Using the account of another pupil in a lesson | x | x",
        "pictures that are against the law",
        "words that stir up hatred of any group",
    ]
    assert made[0].path == ("Incidents | Head told | Parents told | Warning | Ban",)
    assert made[1].path[-1] == "Pupils must never look for, save or pass on:"


def test_clauses_know_where_they_stand():
    first, second = Place(1, 0.1, 0.2, 0.9, 0.25), Place(1, 0.1, 0.26, 0.5, 0.3)
    other = Place(2, 0.1, 0.1, 0.9, 0.15)
    made = clauses_of(
        Block("para", "Staff must never post remarks about a pupil or a parent which", page=1, places=(first,)),
        Block("para", "could bring the school into disrepute", page=1, places=(second,)),
        Block("para", "or hurt anybody.", page=2, places=(other,)),
    )
    assert made[0].places == (Place(1, 0.1, 0.2, 0.9, 0.3), other)
    assert joined((), (first,)) == (first,)
    assert joined((Place(1, 0.0, 0.1, 0.4, 0.2),), (Place(1, 0.6, 0.1, 1.0, 0.2),)) == (
        Place(1, 0.0, 0.1, 0.4, 0.2),
        Place(1, 0.6, 0.1, 1.0, 0.2),
    )


def test_the_month_of_may_allows_nothing(text):
    document = text("Policy\n\nStaff training took place in May 2023 and on 4 May 2024.\n")
    assert document.clauses[0].modality == "declares"

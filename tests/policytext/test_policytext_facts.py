"""The cover in its many shapes: what a document says about itself, what it leaves unsaid, and where it says two things."""

import pytest

from schoolgate.policytext import Document
from schoolgate.policytext.blocks import Block
from schoolgate.policytext.outline.days import date_in, dates_in
from schoolgate.policytext.outline.evidence import about, pairs_in
from schoolgate.policytext.outline.facts import facts_of
from schoolgate.policytext.outline.structure import outline

BODY = "\n\nPhones\n\nPupils must hand in their phones at the office before the first lesson of the day.\n"


def facts(document: Document) -> dict[str, str]:
    names = ("version", "owner", "approved_on", "approved_by", "review_on")
    return {name: getattr(document, name) for name in names if getattr(document, name)}


@pytest.mark.parametrize(
    ("cover", "expected"),
    [
        ("Adopted: Sept 2019 / Review: Autumn 2021", {"approved_on": "2019-09", "review_on": "2021"}),
        (
            "Ratified by the Full Governing Body on 3rd March 2020",
            {"approved_on": "2020-03-03", "approved_by": "Full Governing Body"},
        ),
        (
            "This policy was approved by the governors on 4 May 2021 and will be reviewed in May 2023.",
            {"approved_on": "2021-05-04", "approved_by": "Governors", "review_on": "2023-05"},
        ),
        ("Date of next review: 21st September 2022", {"review_on": "2022-09-21"}),
        ("Reviewed annually, next due May 2021", {"review_on": "2021-05"}),
        ("Policy written by: Mrs P Lane (Computing Lead)", {"owner": "Mrs P Lane (Computing Lead)"}),
        ("Policy owner: headteacher", {"owner": "headteacher"}),
        ("Version: 2.1\nApproved by: Trust Board", {"version": "2.1", "approved_by": "Trust Board"}),
        ("v1.2 Nov 18", {"version": "1.2"}),
        ("Date approved\nMarch 2020\nApproved by\nWelfare Committee", {"approved_on": "2020-03", "approved_by": "Welfare Committee"}),
        ("Adpoted date: 2013-08-13", {"approved_on": "2013-08-13"}),
        (
            "Approved by: Mrs J. Larch (Chair of Governors), 12 March 2025",
            {"approved_on": "2025-03-12", "approved_by": "Mrs J. Larch (Chair of Governors)"},
        ),
        ("Approved by: FGB        Date: 6 Feb 2024", {"approved_on": "2024-02-06", "approved_by": "FGB"}),
        (
            "Agreed at the meeting of the Local Governing Committee held on 21/3/24.",
            {"approved_on": "2024-03-21", "approved_by": "Local Governing Committee"},
        ),
        (
            "Version | Date | Author\n1.0 | 1 May 2021 | J Reed\n2.0 | 4 May 2023 | P Lark\nRole | Duty\nHead | Must appoint a lead.",
            {"version": "2.0", "owner": "P Lark"},
        ),
        ("Date approved: Not yet approved\nApproved by: pending", {}),
        ("Author/owner: The bursar\nAnticipated review: June 2023", {"owner": "The bursar", "review_on": "2023-06"}),
        ("Date of next review and by whom\nThe board reviews it by 31 August 2024", {"review_on": "2024-08-31"}),
        (
            "Date policy approved by Premises Committee delegated from the full board\nMay 2020\n",
            {"approved_on": "2020-05", "approved_by": "Premises Committee delegated from the full board"},
        ),
        ("Date approved:\n\nApproved by:\n\nPremises Committee\n", {"approved_by": "Premises Committee"}),
        ("Last reviewed: 3/5/21\nNext review due by: 3/5/22", {"approved_on": "2021-05-03", "review_on": "2022-05-03"}),
        ("Date of policy review\tJune 2020\nDate of next review\tJune 2022", {"approved_on": "2020-06", "review_on": "2022-06"}),
        (
            "Agreed by governors: Autumn term 2022\nReview: Autumn term 2024",
            {"approved_on": "2022", "approved_by": "Governors", "review_on": "2024"},
        ),
        ("Approved: Executive – July 2017", {"approved_on": "2017-07", "approved_by": "Executive"}),
        ("Document lead: Mr Hill\nReview date: 2024/25", {"owner": "Mr Hill", "review_on": "2025"}),
    ],
)
def test_facts_are_read_in_many_shapes(text, cover, expected):
    assert facts(text(f"Phone policy\n\n{cover}{BODY}")) == expected


@pytest.mark.parametrize(
    "cover",
    [
        "Reviewed every three years",
        "Date shared with staff: 14th April 2020",
        "Date ratified by governors:\nDate shared with staff: 14th April 2020",
        "To be reviewed by: Learning Committee",
        "Revised November 2019",
        "Keeping Children Safe in Education was updated in September 2020.",
        "Approved by: ....................\nDate: ....................",
    ],
)
def test_nothing_is_invented(text, cover):
    document = text(f"Phone policy\n\n{cover}{BODY}")
    assert facts(document) == {}
    assert {"no_version", "no_owner", "no_approved_on", "no_approved_by", "no_review_on"} <= {one.code for one in document.warnings}


def test_two_days_of_review_are_both_told(text):
    document = text(f"Phone policy\n\nNext review: May 2023{BODY}\nThis policy will be reviewed in September 2022.\n")
    assert document.review_on == "2023-05"
    told = next(one.message for one in document.warnings if one.code == "two_review_on")
    assert "2023-05" in told
    assert "2022-09" in told
    assert "reviewed in September 2022" in told


def test_a_day_and_its_month_do_not_disagree(text):
    document = text(f"Phone policy\n\nApproved: March 2020\nApproved on 12 March 2020 by Governors{BODY}")
    assert document.approved_on == "2020-03-12"
    assert not [one for one in document.warnings if one.code.startswith("two_")]


def test_a_bare_day_of_review_is_in_doubt(text):
    document = text(f"Phone policy\n\nDate of review: January 2018{BODY}")
    assert (document.approved_on, document.review_on) == (None, None)
    assert "unclear_review_on" in {one.code for one in document.warnings}


def test_the_latest_row_of_a_log_of_versions_counts(text):
    log = (
        "Version\tDate\tAmendments\tApproved by\n1.0\tSept 2019\tFirst issue\tHead\n"
        "2.0\t12/10/2022\tRewritten\tTrust Board\n1.1\tOct 2020\tNames\tHead\n"
    )
    document = text(f"Phone policy\n\n{log}{BODY}")
    assert (document.version, document.approved_by) == ("2.0", "Trust Board")
    assert len(document.clauses) == 1
    assert [aside.text.split()[0] for aside in document.asides if aside.kind == "cover"] == ["Version", "1.0", "2.0", "1.1"]


def test_the_fuller_name_of_a_body_is_kept(text):
    document = text(f"Phone policy\n\nTo be ratified by: Full Governing Board\n\nApproved by the FGB July 2020{BODY}")
    assert (document.approved_by, document.approved_on) == ("Full Governing Board", "2020-07")


def test_a_running_footer_is_evidence():
    blocks = [
        Block("heading", "Terms of reference", level=1, page=1),
        Block("para", "The board must meet three times in every year.", page=1),
        Block("furniture", "Agreed 5 October 2020", page=1),
        Block("furniture", "Review Autumn 2021", page=1),
    ]
    shape = outline(blocks)
    found = facts_of(shape.whole, shape.asides)
    assert (found.approved_on, found.review_on) == ("2020-10-05", "2021")


@pytest.mark.parametrize(
    ("words", "title", "organisation"),
    [
        ("Hilltop Primary School\nMobile Phones\n", "Mobile Phones", "Hilltop Primary School"),
        ("E-safety and\nSocial Media policy\n", "E-safety and Social Media policy", None),
        ("Ysgol Gynradd Maesglas\nE-Safety Policy\n", "E-Safety Policy", "Ysgol Gynradd Maesglas"),
        ("Larkrise Federation of Schools\nStaff Code of Conduct\n", "Staff Code of Conduct", "Larkrise Federation of Schools"),
        ("Ashdown Infants' School Social Media Policy\n", "Ashdown Infants' School Social Media Policy", "Ashdown Infants' School"),
        ("Phone policy\nModel policy © Northern Grid for Learning Trust Ltd 2019. All rights reserved\n", "Phone policy", None),
        ("Phone policy\nBorsetshire County Council\n", "Phone policy", None),
        ("Policy title: Phones in school\nRole of School Personnel\n", "Phones in school", None),
    ],
)
def test_title_and_owner_of_the_policy(text, words, title, organisation):
    document = text(f"{words}\n1. Use\n1.1 Phones stay in lockers and School Standards apply.\n1.2 Protecting School Data is for all.\n")
    assert (document.title, document.organisation) == (title, organisation)


def test_a_body_that_is_no_school_is_known_by_how_it_is_named(text):
    said = "Members at Foundry Works must sign in. Guests of Foundry Works sign too. The door of Foundry Works is locked. "
    document = text(f"Code of conduct\n\n{said}Foundry Works is open to all. Foundry Works closes at ten. Tools stay at Foundry Works.\n")
    assert document.organisation == "Foundry Works"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("21st September 2021", "2021-09-21"),
        ("the 3rd of March, 2020", "2020-03-03"),
        ("3/4/20", "2020-04-03"),
        ("09/21/2021", "2021-09-21"),
        ("07.08.2021", "2021-08-07"),
        ("v1.2 Nov 18", "2018-11"),
        ("12 May 21", "2021-05-12"),
        ("Sept. 2019", "2019-09"),
        ("Autumn Term 2021", "2021"),
        ("2020/21", "2020"),
        ("31/02/2020", "2020-02"),
        ("2018-11", "2018-11"),
        ("Education Act 2011", None),
        ("it may 20 times", None),
        ("01392 385555", None),
        ("sections 9.3 to 14.1", None),
    ],
)
def test_days_are_never_finer_than_printed(words, expected):
    assert date_in(words) == expected


def test_a_school_year_ends_in_its_second_year():
    assert date_in("Review: 2023-24", late=True) == "2024"


def test_days_come_in_reading_order():
    assert [day for _, _, day in dates_in("Agreed 05.06.2019, next 7 August 2021")] == ["2019-06-05", "2021-08-07"]


def test_a_line_may_hold_several_labels():
    found = pairs_in("Issue date: Jan 2020 | Review date: Jan 2021 | Version: 3")
    assert [(kind, value) for kind, _, value in found] == [("issued", "Jan 2020"), ("review_on", "Jan 2021"), ("version", "3")]


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("DATE OF NEXT REVIEW:", "review_on"),
        ("Date for review", "review_on"),
        ("Date of review", "review"),
        ("Last updated", "changed"),
        ("Last reviewed", "reviewed"),
        ("Approved by Governors on", "approved"),
        ("To be ratified by", "approver"),
        ("Person responsible", "owner"),
        ("Staff lead", None),
        ("Status", None),
        ("The version of events that a pupil gives", None),
    ],
)
def test_labels_are_known_by_what_they_are_about(label, expected):
    assert about(label) == expected


@pytest.mark.parametrize(
    ("cover", "title"),
    [
        ("Title: Tablet Policy Issued: May 2020 Review: May 2022", "Tablet Policy"),
        ("Fernhill Trust\n\nPolicies and Procedures\n\nTablet Policy", "Tablet Policy"),
        ("eSafety Policy", "eSafety Policy"),
        ("Our rules for tablets - a guide for new pupils and families", "Our rules for tablets - a guide for new pupils and families"),
    ],
)
def test_the_title_is_the_name_of_the_policy_alone(text, cover, title):
    document = text(cover + BODY)
    assert document.title == title
    assert title not in [clause.text for clause in document.clauses]


def test_a_heading_about_the_policy_is_not_its_title(text):
    assert text("Using this policy\n\nPupils must hand in their phones at the office before lessons.\n").title is None


def test_a_new_policy_is_nobody(text):
    assert text("Tablet policy\n\nOwner\n\nNew policy" + BODY).owner is None


@pytest.mark.parametrize(
    ("cover", "organisation"),
    [
        ("Larkrise Primary School & Nursery\n\nTablet Policy", "Larkrise Primary School & Nursery"),
        ("The Federation of Oak Hill and St Mary's Schools\n\nTablet Policy", "Federation of Oak Hill and St Mary's Schools"),
        ("Larkrise Primary School & Nursery's Tablet Policy", "Larkrise Primary School"),
        ("Hazel Grove Academy\n\nTablet Policy\n\n© Hazel Grove Academy 2024", "Hazel Grove Academy"),
        ("Fernhill School\n\nTablet Policy\n\n© Bright Models Academy 2024. Model policy.", "Fernhill School"),
    ],
)
def test_the_school_is_named_in_full(text, cover, organisation):
    assert text(cover + BODY).organisation == organisation


def test_what_a_web_page_puts_around_a_policy_is_no_part_of_it(text):
    page = "Home | About us | Policies | Contact\n\nThis website uses cookies to count visits. Accept all\n\nTablet Policy"
    document = text(page + BODY + "\nBack to top\n\nShare this page\n")
    assert document.title == "Tablet Policy"
    assert [clause.text for clause in document.clauses] == [
        "Pupils must hand in their phones at the office before the first lesson of the day."
    ]
    assert [aside.kind for aside in document.asides].count("furniture") == 4


@pytest.mark.parametrize(
    "rule",
    [
        "Copyright must be respected by all staff.",
        "Cookies: staff must clear them every week.",
        "Our website uses cookies to remember what a visitor chose.",
        "Staff / Pupils / Governors",
        "(c) tell the head of any loss",
    ],
)
def test_a_rule_that_begins_like_a_web_page_is_kept(text, rule):
    document = text(f"Tablet Policy\n\n{rule}{BODY}")
    assert "furniture" not in {aside.kind for aside in document.asides}


def test_a_line_of_dates_and_versions_is_no_menu(text):
    assert text("Tablet Policy\n\nVersion 2 | Approved May 2024 | Review May 2026" + BODY).review_on == "2026-05"


def test_a_contents_list_without_page_numbers_ends_where_its_first_line_comes_again(text):
    document = text(
        "Contents\nPhones\nTablets\nAppendix A\n\nPhones\n\nPupils must hand in phones.\n\nTablets\n\nStaff must lock tablets.\n"
    )
    assert [(clause.path, clause.text) for clause in document.clauses] == [
        (("Phones",), "Pupils must hand in phones."), (("Tablets",), "Staff must lock tablets."),
    ]  # fmt: skip
    assert [aside.text for aside in document.asides if aside.kind == "contents"] == ["Contents", "Phones", "Tablets", "Appendix A"]


def test_words_stay_as_they_are_printed(text):
    sentence = "Approved by the Full Governing Body on 3rd October 2024"
    assert sentence in [clause.text for clause in text(f"Tablet Policy\n\n{sentence}{BODY}").clauses]


def test_a_text_that_asks_nobody_for_anything_is_doubted(text):
    news = "Dear all,\n\nThe book day was a great success.\n\nThe choir sings at the town hall on Monday.\n\nThe coach leaves at eight.\n"
    assert "few_rules" in [warning.code for warning in text(news).warnings]
    assert "few_rules" not in [warning.code for warning in text("Tablet Policy\n\n" + news).warnings]
    assert "few_rules" not in [warning.code for warning in text(news + BODY + BODY).warnings]

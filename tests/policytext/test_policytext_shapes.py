"""Citations as schools write them: every shape of a title, a year and a name that has been seen, and history that is none."""

from datetime import date

import pytest

from schoolgate.policytext import check
from schoolgate.policytext.law.acts import acts_in, bare_acts
from schoolgate.policytext.law.hits import hits, is_change_note
from schoolgate.policytext.law.preparing import mend, prepare

TODAY = date(2026, 11, 27)


def fired(sentence: str, *, on: date = TODAY, nation: str = "england") -> set[str]:
    """The rules that complain about a sentence; what is listed in the register is no complaint."""
    return {hit.rule.id for hit in hits(prepare(sentence), on=on, nation=nation) if not hit.register}


def cited(document, rule: str, **how) -> list[tuple[str | None, str | None]]:
    return [(finding.ref, finding.quote) for finding in check(document, on=TODAY, **how).findings if finding.rule == rule]


@pytest.mark.parametrize(
    "words",
    [
        "‘Keeping Children Safe in Education’, DfE (2018)",
        "Keeping Children Safe in Education | DfE | 2018",
        "Keeping Children Safe in Education: September 2018",
        "Keeping Children Safe in Education (DfE, 1st September 2020)",
        "the September 2021 version of Keeping Children Safe in Education",
        "2018 Keeping Children Safe in Education",
        "the 2019 edition of KCSIE",
        "KCSiE Part 1 (2016)",
        "KCSIE Part One, DfE 2016",
        "KCSIE (Sept. 2021)",
        "KCSIE (DfE, 02/09/2019)",
        "KCSIE2021",
        "KCSIE, which was last updated in September 2018",
        "KCSIE '22",
        "KCSIE 2023-24",
        "DfE (2015) Keeping Children Safe in Education",
        "Keeping Children Safe in Education (DfE 2018, updated 2019)",
        "Keeping Children Save in Education 2021",
        "Keep- ing Children Safe in Edu- cation 2021",
    ],
)
def test_an_old_edition_of_guidance_is_found_however_its_year_is_written(words):
    assert "G01" in fired(f"Staff read {words}.")


@pytest.mark.parametrize(
    "words",
    [
        "KCSIE 2026",
        "KCSIE '26",
        "KCSIE (first issued 2014, updated September 2026)",
        "KCSIE September 2026 (updated from 2025)",
        "KCSIE (September 2026)",
        "KCSIE, and the 12 staff who joined in 2019",
        "KCSIE. The 2019 audit",
        "KCSIE; Working Together to Safeguard Children 2026",
        "KCSIE and the Children Act 2004",
        "KCSIE, approved in 2019",
        "KCSIE training in 2019",
        "KCSIE, which they had in 2019",
    ],
)
def test_a_year_that_belongs_to_something_else_is_not_an_edition(words):
    assert "G01" not in fired(f"Staff read {words}.")


@pytest.mark.parametrize(
    "words",
    [
        "Data Protection Act 1998",
        "Data Protection Act (1998)",
        "Data Protection Act of 1998",
        "Data Protection Act (DPA) 1998",
        "'Data Protection Act' (1998)",
        "Data Protection Act: 1998",
        "Data Protection Act | 1998",
        "Data Protection Acts 1984 and 1998",
        "Data Protection Acts (1984, 1998)",
        "1998 Data Protection Act",
        "data protection act 1998",
        "DATA PROTECTION ACT 1998",
        "Data Protec- tion Act 1998",
        "Data Protetion Act 1998",
        "DPA 1998",
        "DPA (1998)",
    ],
)
def test_an_act_is_found_however_its_year_is_written(words):
    assert "L01" in fired(f"Records follow the {words}.")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("the Data Protection Acts 1984 and 1998", {"L01", "L27"}),
        ("the Data Protection Act 2018 and the Human Rights Act 1998", set()),
        ("the Adoption and Children Act 2002", set()),
        ("the Freedom of Information (Scotland) Act 2002", set()),
        ("the Trade Union and Labour Relations (Consolidation) Act 1992", set()),
        ("the Equalities Act 2010", {"L42"}),
        ("the Childrens Act 1989", {"L42"}),
        ("the Education and Inspections Act 1996", {"L41"}),
        ("the Equality Act", set()),
        ("the Counter Terrorism and Security Act 2015", set()),
        ("General Data Protection Regulation (EU) 2016/679", {"L04"}),
        ("the UK General Data Protection Regulation (EU) 2016/679", set()),
        ("UKCIS advice", set()),
        ("UKCCIS advice", {"G20"}),
        ("Working Together to Safe Guard Children 2015", {"G02"}),
        ("the Prevent Duty Guidance: for England and Wales (March 2015)", {"G13"}),
        ("Keeping Children Safe in Education and Working Together to Safeguard Children 2018", {"G02"}),
        ("the Ofsted outstanding 2012 framework", {"G55"}),
        ("an ISA registered adult", {"G15"}),
        ("the SEND code of practice: 0 to 25 years (2015)", set()),
        ("the Special Educational Needs code of practice: 0-25 (2001)", {"G57"}),
        ("the needs of EYFS children who joined in 2019", set()),
    ],
)
def test_a_citation_sets_off_the_rules_that_fit_and_no_others(words, expected):
    assert fired(f"We follow {words}.") == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "The Data Protection Act 2018 replaced the Data Protection Act 1998.",
        "The 2018 Act, which superseded the Data Protection Act 1998, applies.",
        "The Data Protection Act 2018 replaced the Data Protection Act 1998 and the Data Protection Act 1984.",
        "References to the Data Protection Act 1998 removed.",
        "The Data Protection Act 1998 (now repealed) had eight principles.",
        "The Data Protection Act 1998 has since been replaced.",
        "Updated from KCSIE 2023 to KCSIE 2026.",
        "The partnership, formerly known as the LSCB, sets the procedures.",
        "The Disclosure and Barring Service (previously the Criminal Records Bureau) checks staff.",
    ],
)
def test_history_is_not_complained_about(sentence):
    assert fired(sentence) == set()


@pytest.mark.parametrize(
    "sentence",
    [
        "The 1984 law was replaced by the Data Protection Act 1998.",
        "Paper files were replaced in 2015 and the Data Protection Act 1998 applies to the new ones.",
        "This policy was updated in line with the Data Protection Act 1998.",
    ],
)
def test_old_law_told_as_current_is_no_history(sentence):
    assert "L01" in fired(sentence)


def test_a_version_table_is_history_and_the_clauses_below_are_not(text):
    document = text(
        "Photo policy\nVersion history\n1.0\tMay 2018\tFirst issue under the Data Protection Act 1998\n"
        "1.1\tMay 2020\tUpdated for KCSIE 2019\n\n1. Law\n1.1 Photographs are kept under the Data Protection Act 1998.\n"
    )
    assert [quote for _, quote in cited(document, "L01")] == ["Data Protection Act 1998"]
    assert cited(document, "G01") == []


@pytest.mark.parametrize(
    ("row", "past"),
    [
        ("1.2 | May 2019 | Updated for KCSIE 2018", True),
        ("12/05/2019 | J Smith | Law section revised", True),
        ("2013-11-25 : Changed the name of the lead", True),
        ("Data Protection Act | 1998 | as amended", False),
        ("Keeping Children Safe in Education: September 2019, as updated", False),
        ("May 2019 | Governors approved the policy", False),
    ],
)
def test_a_row_of_a_version_table_starts_with_a_version_or_a_date(row, past):
    assert is_change_note(row) == past


def test_an_act_spoken_of_by_its_year_is_the_one_named_last(text):
    document = text(
        "1. Law\n1.1 The 1998 Act gives rights.\n1.2 Records follow the Data Protection Act 1998.\n"
        "1.3 The 1998 Act gives a right to see them.\n"
        "1.4 We keep the Human Rights Act 1998.\n1.5 The 1998 Act protects speech.\n1.6 The new law replaced the 1998 Act.\n"
    )
    assert cited(document, "L01") == [("1.2", "Data Protection Act 1998"), ("1.3", "1998 Act")]


def test_a_bare_year_of_an_act_nobody_named_is_left_alone(text):
    assert cited(text("1. Law\n1.1 The 1998 Act gives rights.\n1.2 Staff must ask.\n"), "L01") == []


def test_a_title_in_the_lead_in_and_the_year_in_the_bullet_are_one_citation(text):
    document = text("1. Law\nKeeping Children Safe in Education:\n- Part one (2016)\n- the annexes\n")
    assert [quote for _, quote in cited(document, "G01")] == ["Part one (2016)"]


def test_a_title_broken_over_two_entries_of_a_list_is_one_citation(text):
    document = text(
        "1. Law\nWe follow:\n- Keeping Children Safe in\n- Education 2021\n- the Data Protection\n- Act 1998\n- our own rules\n"
    )
    assert [quote for _, quote in cited(document, "G01")] == ["Education 2021"]
    assert [quote for _, quote in cited(document, "L01")] == ["Act 1998"]


def test_a_year_in_the_lead_in_is_the_year_of_the_titles_below_it(text):
    document = text("1. Law\nThe following 2015 guidance applies:\n- Prevent duty guidance\n- Working Together to Safeguard Children\n")
    assert [quote for _, quote in cited(document, "G13")] == ["Prevent duty guidance"]
    assert [quote for _, quote in cited(document, "G02")] == ["Working Together to Safeguard Children"]


def test_titles_run_together_in_one_paragraph_keep_their_own_years():
    told = (
        "Keeping Children Safe in Education (KCSiE): Sept 2020 Guidance for Safer Working Practice (May 2019) Working Together to "
        "Safeguard Children: July 2018 Multi-agency statutory guidance on female genital mutilation: July 2020 Prevent Duty "
        "Guidance: July 2015"
    )
    found = {hit.rule.id: hit.year for hit in hits(prepare(told), on=TODAY)}
    assert found == {"G01": 2020, "G04": 2019, "G02": 2018, "G79": 2020, "G13": 2015}


def test_an_act_without_a_year_is_clear_where_the_document_gives_the_year_once(text):
    bare = text("1. Law\n1.1 Files follow the Data Protection Act.\n1.2 Staff must ask.\n")
    dated = text("1. Law\n1.1 Files follow the Data Protection Act.\n1.2 That is the Data Protection Act 2018.\n")
    assert cited(bare, "L02") == [("1.1", "Data Protection Act")]
    assert cited(dated, "L02") == []


def test_gdpr_is_clear_where_the_document_says_uk_gdpr_once(text):
    assert cited(text("1. Law\n1.1 We follow the UK GDPR.\n1.2 Under GDPR parents may ask.\n"), "L04") == []
    assert cited(text("1. Law\n1.1 We follow our notices.\n1.2 Under GDPR parents may ask.\n"), "L04") == [("1.2", "GDPR")]


def test_a_word_broken_at_a_line_end_is_quoted_as_it_stands():
    mended = mend("The Data Protec- tion Act 1998 and pre- and post-checks")
    assert mended.text == "The Data Protection Act 1998 and pre- and post-checks"
    assert mended.quote(4, 28) == "Data Protec- tion Act 1998"


def test_acts_are_read_with_their_name_and_years():
    found = acts_in("under the Safeguarding Vulnerable Groups (SVG) Act 2006, the Equalities Act 2010 and the Fire Act 1971")
    assert [(act.title, act.years, act.wrong) for act in found] == [
        ("Safeguarding Vulnerable Groups Act", (2006,), False),
        ("Equality Act", (2010,), True),
        (None, (1971,), False),
    ]


def test_the_act_of_a_year_is_read_but_not_an_act_with_a_name():
    assert [year for year, _, _ in bare_acts("the 1998 Act and the Human Rights Act 1998, and that 2018 Act")] == [1998, 2018]

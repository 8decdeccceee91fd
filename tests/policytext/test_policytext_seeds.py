"""The five source policies come apart where they should: obligations, sections, references and what the cover says."""

import re
from collections import defaultdict

import pytest

from schoolgate.policytext import Document, match
from schoolgate.policytext.law.preparing import prepare
from schoolgate.policytext.law.shelf import shelf
from schoolgate.policytext.outline.dates import cycles, first_day, review_due

NUMBERS = ["000", "001", "002", "003", "004"]
SHARE_IN_PLACE = 0.99
# What is no clause: titles and names on covers, headings, signature lines and contents lists. Nothing else is excused.
NO_CLAUSE = {
    "000-14.01": "heading",
    "000-14.07": "signature",
    "000-14.08": "signature",
    "000-14.09": "signature",
    "000-14.10": "form",
    "001-header.01": "heading",
    "001-contents.01": "contents",
    "002-0.01": "heading",
    "003-ttl.01": "heading",
    "004-cov.01": "heading",
}


def words(text: str) -> str:
    return " " + re.sub(r"[\W_]+", " ", text).strip() + " "


def places(document: Document, quote: str) -> list[str]:
    return [clause.ref for clause in document.clauses if words(quote) in words(clause.text)]


def lead_ins(document: Document, quote: str) -> set[str]:
    """The lead-ins that hold a quote: a sentence that says nothing without its list stands once, above all its bullets."""
    return {line for clause in document.clauses for line in clause.path if words(quote) in words(line)}


@pytest.mark.parametrize("number", NUMBERS)
def test_obligations_lie_in_one_clause_each(number, seed, seed_path, obligations):
    """A quote that the policy prints more than once may lie in as many clauses as it has places, and no more."""
    document = seed(number)
    rows = [row for row in obligations(number) if row["id"] not in NO_CLAUSE]
    source = words(re.sub(r"\[(?:bookmark|image):[^\]]*\]", "", seed_path(number).read_text(encoding="utf-8")))
    found = {row["id"]: len(places(document, row["quote_start"]) or lead_ins(document, row["quote_start"])) for row in rows}
    right = [row for row in rows if 1 <= found[row["id"]] <= source.count(words(row["quote_start"]).rstrip())]
    assert len(right) / len(rows) >= SHARE_IN_PLACE


@pytest.mark.parametrize("number", NUMBERS)
def test_what_is_no_clause_is_kept_beside_the_clauses(number, seed, obligations):
    document = seed(number)
    for row in obligations(number):
        if row["id"] in NO_CLAUSE:
            assert NO_CLAUSE[row["id"]] in {aside.kind for aside in document.asides if words(row["quote_start"]) in words(aside.text)}, row[
                "id"
            ]


@pytest.mark.parametrize("number", NUMBERS)
def test_no_clause_swallows_two_sections(number, seed, obligations):
    document = seed(number)
    sections = defaultdict(set)
    for row in obligations(number):
        found = places(document, row["quote_start"])
        if len(found) == 1:
            sections[found[0]].add(row["section"])
    assert {ref: names for ref, names in sections.items() if len(names) > 1} == {}


@pytest.mark.parametrize("number", NUMBERS)
def test_every_clause_has_its_own_reference_and_clean_words(number, seed):
    document = seed(number)
    refs = [clause.ref for clause in document.clauses]
    assert len(set(refs)) == len(refs)
    assert not [
        clause.ref for clause in document.clauses if not clause.text.strip() or "[bookmark" in clause.text or "[image" in clause.text
    ]


@pytest.mark.parametrize("number", NUMBERS)
def test_a_document_survives_json_and_back(number, seed):
    document = seed(number)
    assert Document.from_json(document.as_json()) == document


@pytest.mark.parametrize("number", NUMBERS)
def test_dates_and_review_cycles_are_those_printed(number, seed):
    document, expected = seed(number), shelf()["seed_expectations"][number]
    text = " ".join(prepare(clause.text) for clause in document.clauses)
    assert (first_day(document.approved_on) if document.approved_on else None) == expected["approved"]
    assert list(cycles(text)) == expected["cycle_months"]
    assert review_due(document, text) == expected["review_due"]


def test_the_cover_of_the_trust_policy_is_read(seed):
    document = seed("000")
    assert document.title == "E-safety and Social Media policy"
    assert document.organisation == "REAch2 Academy Trust"
    assert (document.version, document.owner) == ("1.0", "Amy Hanson-Reed, Head of Communications")
    assert (document.approved_on, document.approved_by, document.review_on) == ("2017-07", "Executive", None)
    assert "no_review_on" in {warning.code for warning in document.warnings}


def test_what_a_cover_does_not_say_stays_unsaid(seed):
    document = seed("003")
    assert (document.version, document.owner, document.approved_on, document.approved_by, document.review_on) == (None,) * 5
    assert {"no_version", "no_owner", "no_approved_on", "no_approved_by", "no_review_on"} <= {warning.code for warning in document.warnings}


def test_bullets_under_a_number_run_on_past_z(seed):
    clauses = {clause.ref: clause for clause in seed("000").clauses}
    assert clauses["6.2.a"].text.startswith("The content of any school")
    assert clauses["6.2.z"].text.startswith("Communicate with children and parents")
    assert clauses["6.2.al"].text.startswith("We advise that school email addresses")
    assert clauses["6.2.al"].path == ("6. Use of Social Media in practice", "Principles – Be Responsible and Respectful")


def test_a_contents_list_and_a_missing_number_do_not_confuse_the_sections(seed):
    document = seed("001")
    refs = [clause.ref for clause in document.clauses]
    assert "2.4.4" in refs
    assert "2.4.5" not in refs
    assert next(clause for clause in document.clauses if clause.ref == "2.4.6").path[-1] == "Adults working in schools should not:"
    assert sum(aside.kind == "contents" for aside in document.asides) >= 12
    assert next(clause for clause in document.clauses if clause.ref == "2.3.12").text.endswith("negatively on their professionalism.")


def test_nested_bullets_carry_both_lead_ins(seed):
    clause = next(clause for clause in seed("004").clauses if clause.text.startswith("visit the school regularly"))
    assert clause.path[-2:] == ("The Trustee Board has:", "nominated a link governor to:")
    assert clause.actors == ("governors",)


def test_most_obligations_get_the_force_their_words_have(seed, obligations):
    right = total = 0
    for number in NUMBERS:
        document = seed(number)
        forces = defaultdict(set)
        for row in obligations(number):
            found = places(document, row["quote_start"])
            if len(found) == 1:
                forces[found[0]].add(row["modality"].replace("-", "_"))
        for clause in document.clauses:
            if clause.ref in forces:
                total += 1
                right += clause.modality in forces[clause.ref]
    assert total > 400
    assert right / total >= 0.88


def test_a_source_policy_finds_the_controls_its_obligations_are_joined_to(seed, obligations):
    right = total = 0
    for number in NUMBERS:
        document = seed(number)
        wanted = defaultdict(set)
        for row in obligations(number):
            found = places(document, row["quote_start"])
            if len(found) == 1:
                wanted[found[0]] |= set(filter(None, row["controls"].split(";")))
        for found in match(document):
            if wanted[found.ref]:
                total += 1
                right += bool({one.control for one in found.suggestions} & wanted[found.ref])
    assert right / total >= 0.89

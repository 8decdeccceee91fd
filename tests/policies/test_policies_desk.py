"""The import desk, the findings and the comparison as pages: what each shows, asks and refuses."""

import re
from functools import partial

import pytest
from tests.policies.conftest import TEXT
from tests.policies.test_policies_correcting import correct, next_version, pieces, place
from tests.policies.test_policies_pages import at, date_in, told
from tests.ui.page_checks import faults

from schoolgate import policytext
from schoolgate.common import clock
from schoolgate.policies import actions, queries, rules
from schoolgate.policies.models import ClauseKind, PolicyCorrection
from schoolgate.policies.queries.desk import AT_ONCE
from schoolgate.policies.rules import corrections

PAGE = policytext.Picture(1, "image/png", b"\x89PNG\r\n\x1a\nnot much of a picture", 1000, 1414)


def item(version, ref: str) -> str:
    read = pieces(version)
    where = place(version, ref)
    return f"{read[where].id}:{corrections.mark(read, where)}"


def press(client, version, do: str, ref: str = "", **more: str):
    sent = {"do": do, **({"item": item(version, ref)} if ref else {}), **more}
    return client.post(at("correct", version.id), sent, follow=True)


def refs(version) -> list[str]:
    return list(version.clauses.order_by("position").values_list("ref", flat=True))


# ------------------------------------------------------------------ what was read


def test_the_desk_shows_warnings_then_facts_with_their_source_then_every_piece(cast, signed_in, imported):
    answer = signed_in("clerk").get(at("reading", imported.id))
    page = told(answer)
    assert faults(answer.content) == []
    for one in pieces(imported):
        assert one.text in page
    assert page.index("10 clauses") < page.index("What the document says of itself") < page.index("The clauses")
    assert "Governing body From" in page
    assert "Set aside: Heading 1. Posting" in page


def test_a_missing_fact_is_said_first_and_settled_by_filling_it_in(cast, signed_in):
    text = TEXT.replace("Policy owner: Headteacher\n", "")
    version = actions.import_version(document=policytext.read_text(text, "policy.txt"), school=cast.school, by=cast.scope("clerk"))
    client = signed_in("clerk")
    page = told(client.get(at("reading", version.id)))
    assert page.index("The document names no owner. Fill it in") < page.index("What the document says of itself")
    assert "Owner The document does not say" in page
    sent = {**FACTS, "owner": "The clerk"}
    page = told(client.post(at("facts", version.id), sent, follow=True))
    assert "names no owner" not in page
    assert "The clerk Corrected by Clerk Example" in page


FACTS = {
    "title": "Social Media Policy", "organisation": "Alder Park Primary", "version": "1", "owner": "Headteacher",
    "approved_by": "Governing body", "approved_on_day": "12", "approved_on_month": "1", "approved_on_year": "2026",
}  # fmt: skip


def test_a_month_the_document_gives_stays_when_the_date_is_left_empty(cast, signed_in, imported):
    client = signed_in("clerk")
    assert "the document says January 2027" in told(client.get(at("facts", imported.id)))
    client.post(at("facts", imported.id), {**FACTS, **{name: imported.facts[name] or "" for name in ("title", "organisation", "version")}})
    imported.refresh_from_db()
    assert imported.facts["review_on"] == "2027-01"
    assert not PolicyCorrection.objects.exists()
    wrong = client.post(at("facts", imported.id), {**FACTS, "review_on_day": "31", "review_on_month": "2", "review_on_year": "2027"})
    assert "real date" in told(wrong)


def test_what_was_given_last_time_is_offered_and_used_with_one_button(cast, signed_in, imported):
    actions.correct_facts(version=imported, facts={"owner": "The clerk"}, by=cast.scope("clerk"))
    second = next_version(cast, imported, TEXT.replace("Policy owner: Headteacher\n", "").replace("every day", "weekly"))
    client = signed_in("clerk")
    assert "Last time: The clerk Use it again" in told(client.get(at("reading", second.id)))
    client.post(at("facts", second.id), {"use": "owner"})
    second.refresh_from_db()
    assert second.facts["owner"] == "The clerk"
    assert "Nothing was given" in told(client.post(at("facts", second.id), {"use": "title"}, follow=True))


def test_a_page_picture_is_shown_beside_its_clauses_with_their_places(cast, signed_in):
    read = policytext.read_text(TEXT, "policy.txt")
    box = policytext.Place(1, 0.1, 0.2, 0.5, 0.25)
    placed = tuple(policytext.Clause(c.ref, c.path, c.text, c.modality, c.actors, 1 + n // 5, (box,)) for n, c in enumerate(read.clauses))
    document = policytext.Document(**{**{f: getattr(read, f) for f in read.__dataclass_fields__}, "clauses": placed})
    version = actions.import_version(document=document, pictures=[PAGE], school=cast.school, by=cast.scope("clerk"))
    client = signed_in("clerk")
    page = client.get(at("reading", version.id)).content.decode()
    assert "page 1 of 2" in page
    assert 'x="100" y="283" width="400" height="71"' in page
    answer = client.get(at("picture", version.id, 1))
    assert (answer.content, answer["Content-Type"], answer["X-Content-Type-Options"]) == (PAGE.data, "image/png", "nosniff")
    assert client.get(at("picture", version.id, 2)).status_code == 404
    assert signed_in("outsider").get(at("picture", version.id, 1)).status_code == 404
    assert "part 2 of 2" in told(client.get(at("reading", version.id), {"page": "2"}))  # a page that was not drawn
    assert "part 2 of 2" in told(client.get(at("reading", version.id), {"at": "2.2"}))
    assert "page 1 of 2" in told(client.get(at("reading", version.id), {"page": "nonsense"}))


def test_a_long_reading_costs_as_much_as_a_short_one(cast, signed_in, imported, django_assert_max_num_queries):
    client = signed_in("clerk")
    lines = "\n".join(f"{n // 50 + 1}.{n % 50 + 1} Staff must write report number {n} on every day of the week." for n in range(600))
    document = policytext.read_text(f"Long Policy\n\n{lines}", "long.txt")
    long = actions.import_version(document=document, school=cast.school, title="Long", by=cast.scope("clerk"))
    for name in ("reading", "findings", "clauses", "compare", "version"):
        with django_assert_max_num_queries(60) as short:
            client.get(at(name, imported.id))
        with django_assert_max_num_queries(len(short)):
            assert client.get(at(name, long.id)).status_code == 200
    page = client.get(at("reading", long.id), {"page": "7"}).content.decode()
    assert page.count('name="item"') == AT_ONCE


# ------------------------------------------------------------------ correcting


@pytest.mark.parametrize(
    ("do", "ref", "more", "said"),
    [
        ("merge", "1.1", {}, "Joined into one clause, 1.1."),
        ("merge_back", "1.2", {}, "Joined into one clause, 1.1."),
        ("down", "1.1", {}, "Clause 1.1 is moved."),
        ("aside", "1.4", {"aside": "heading"}, "Clause 1.4 is set aside."),
        ("back", "1. Posting", {}, "It is clause"),
    ],
)
def test_one_press_corrects_and_another_takes_it_back(cast, signed_in, imported, do, ref, more, said):
    client, before = signed_in("clerk"), refs(imported)
    answer = press(client, imported, do, ref, **more)
    assert said in told(answer)
    assert "Check the corrected text and go on" in told(answer)
    assert faults(answer.content) == []
    assert refs(imported) != before
    assert "is taken back" in told(press(client, imported, "undo"))
    assert refs(imported) == before


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"do": "merge"}, "Choose a clause first"),
        ({"do": "nonsense", "item": "1.1"}, "Choose what to do"),
        ({"do": "words", "item": "not an id"}, "Choose a clause first"),
        ({"do": "aside", "item": "1.1", "aside": "nonsense"}, "Choose what it is"),
        ({"do": "split", "item": "1. Posting"}, "This text is set aside"),
        ({"do": "undo"}, "Nothing has been corrected yet"),
        ({"do": "undo", "correction": "nonsense"}, "Choose a clause first"),
        ({"do": "merge", "item": "2.2"}, "last clause"),
    ],
)
def test_a_press_that_makes_no_sense_is_answered_in_a_sentence(cast, signed_in, imported, sent, said):
    known = [one.ref or one.text for one in pieces(imported)]
    if sent.get("item") in known:
        sent = {**sent, "item": item(imported, sent["item"])}
    assert said in told(signed_in("clerk").post(at("correct", imported.id), sent, follow=True))
    assert not PolicyCorrection.objects.exists()


def test_somebody_elses_correction_a_moment_ago_is_said(cast, signed_in, imported):
    old = item(imported, "1.2")
    press(signed_in("head"), imported, "merge", "1.1")
    answer = signed_in("clerk").post(at("correct", imported.id), {"do": "merge", "item": old}, follow=True)
    assert "Somebody else changed this clause a moment ago" in told(answer)


@pytest.mark.parametrize("do", ["words", "number", "split", "binding"])
def test_what_needs_an_answer_first_leads_to_the_page_of_the_clause(cast, signed_in, imported, do):
    clause = imported.clauses.get(ref="1.1")
    answer = signed_in("clerk").post(at("correct", imported.id), {"do": do, "item": item(imported, "1.1")})
    assert answer.url == at("correct_clause", clause.id) + f"#{do}"
    assert f'id="{do}"' in signed_in("clerk").get(answer.url).content.decode()


@pytest.mark.parametrize(
    ("do", "sent", "field", "value"),
    [
        ("words", {"text": "Two people look at every post."}, "text", "Two people look at every post."),
        ("number", {"ref": "7.7"}, "ref", "7.7"),
        ("binding", {"modality": "may"}, "modality", "may"),
        ("split", {"place": "4"}, "text", "Two"),
    ],
)
def test_each_form_of_a_clause_corrects_one_thing(cast, signed_in, imported, do, sent, field, value):
    client, clause = signed_in("clerk"), imported.clauses.get(ref="1.1")
    mark = item(imported, "1.1").partition(":")[2]
    assert faults(client.get(at("correct_clause", clause.id)).content) == []
    answer = client.post(at("correct_clause", clause.id), {"do": do, "mark": mark, **sent}, follow=True)
    assert f"?at={clause.id}" in answer.redirect_chain[0][0]
    clause.refresh_from_db()
    assert getattr(clause, field) == value


@pytest.mark.parametrize(
    ("do", "sent", "said"),
    [
        ("words", {"text": ""}, "Enter the words"),
        ("number", {"ref": "1.2"}, "There is another clause 1.2"),
        ("binding", {}, "Choose"),
        ("split", {}, "Choose where"),
        ("aside", {"aside": "x"}, "Select a valid choice"),
    ],
)
def test_a_correction_that_cannot_stand_is_shown_on_its_form(cast, signed_in, imported, do, sent, said):
    clause = imported.clauses.get(ref="1.1")
    mark = item(imported, "1.1").partition(":")[2]
    answer = signed_in("clerk").post(at("correct_clause", clause.id), {"do": do, "mark": mark, **sent})
    assert said in told(answer)
    assert "There is a problem" in told(answer)
    assert faults(answer.content) == []
    assert not PolicyCorrection.objects.exists()


def test_what_was_corrected_last_time_is_said_and_can_be_taken_back(cast, signed_in, imported):
    correct(cast, imported, "1.4", partial(corrections.set_aside, kind="furniture"))
    second = next_version(cast, imported)
    client = signed_in("clerk")
    page = told(client.get(at("reading", second.id)))
    assert "1 correction is made again, as you corrected last time." in page
    (done,) = queries.corrections_of(cast.scope("clerk"), second.id)
    press(client, second, "undo", correction=str(done.id))
    assert "1.4" in refs(second)


def test_the_end_of_the_desk_checks_the_corrected_text(cast, signed_in, imported):
    client = signed_in("clerk")
    assert "It is right: go on" in told(client.get(at("reading", imported.id)))
    correct(cast, imported, "1.4", partial(corrections.words, text="The Data Protection Act 1998 applies."))
    answer = client.post(at("check", imported.id), follow=True)
    assert "checked again" in told(answer)
    assert imported.findings.filter(quote__contains="1998").exists()


def test_a_submitted_text_is_shown_without_a_way_to_change_it(cast, signed_in, imported):
    actions.submit(version=imported, by=cast.scope("clerk"))
    client = signed_in("clerk")
    for path in (at("reading", imported.id), at("facts", imported.id), at("correct_clause", imported.clauses.first().id)):
        page = told(client.get(path))
        assert "its text is fixed" in page, path
    assert 'name="item"' not in client.get(at("reading", imported.id)).content.decode()
    assert "its text is fixed" in told(press(client, imported, "merge", "1.1"))


# ------------------------------------------------------------------ findings


def test_findings_are_grouped_with_the_words_marked_and_what_to_write_instead(cast, signed_in):
    text = TEXT.replace("We are proud", "As the Data Protection Act 1998 says, we are proud")
    version = actions.import_version(document=policytext.read_text(text, "policy.txt"), school=cast.school, by=cast.scope("clerk"))
    answer = signed_in("clerk").get(at("findings", version.id))
    page = answer.content.decode()
    row = version.findings.get(rule="L01")
    assert f'<mark class="pd-found">{row.quote}</mark>' in page
    assert "Write instead:" in page
    assert faults(answer.content) == []
    assert page.index('id="findings-error"') < page.index(f"finding-{row.id}")


def test_repeats_of_one_rule_are_decided_together(cast, signed_in):
    text = TEXT.replace("We are proud", "The Data Protection Act 1998: we are proud").replace(
        "2.2 Staff", "2.2 The Data Protection Act 1998. Staff"
    )
    version = actions.import_version(document=policytext.read_text(text, "policy.txt"), school=cast.school, by=cast.scope("clerk"))
    rule = "L01"
    client = signed_in("clerk")
    assert "Decide 2 alike together" in told(client.get(at("findings", version.id)))
    bad = client.post(at("decide_rule", version.id), {"rule": rule, f"r{rule}-decision": "correct"})
    assert "There is a problem" in told(bad)
    sent = {"rule": rule, f"r{rule}-rule": rule, f"r{rule}-decision": "correct", f"r{rule}-reason": "In the autumn"}
    assert "2 findings are decided together" in told(client.post(at("decide_rule", version.id), sent, follow=True))
    assert set(version.findings.filter(rule=rule).values_list("decision", "reason")) == {("correct", "In the autumn")}
    assert version.findings.exclude(rule=rule).filter(decision="").exists()


def test_findings_are_shown_by_whether_they_are_decided(cast, signed_in, imported):
    row, *rest = queries.findings_of(cast.scope("clerk"), imported.id)
    actions.decide_finding(finding=row, decision="accept", reason="Held elsewhere", by=cast.scope("clerk"))
    client = signed_in("clerk")
    assert f"Undecided ({len(rest)})" in told(client.get(at("findings", imported.id)))
    assert "Held elsewhere" not in told(client.get(at("findings", imported.id)))
    assert "Held elsewhere" in told(client.get(at("findings", imported.id), {"show": "decided"}))


# ------------------------------------------------------------------ comparing


def test_the_comparison_shows_only_what_changed_with_the_words_marked(cast, signed_in, imported):
    by = cast.scope("clerk")
    actions.join_clause(clause=imported.clauses.get(ref="1.3"), controls=[("monitoring.watch_kept", [])], by=by)
    second = next_version(cast, imported)
    answer = signed_in("clerk").get(at("compare", second.id))
    page = answer.content.decode()
    assert faults(answer.content) == []
    assert "What changed since version 1" in page
    assert re.search(r"<del[^>]*>.*every.*</del>", page)
    assert re.search(r"<ins[^>]*>.*twice a.*</ins>", page)
    assert rules.title_of_control("monitoring.watch_kept") in told(answer)
    assert "proud of our school" not in page
    assert "proud of our school" in told(signed_in("clerk").get(at("compare", second.id), {"show": "all"}))


def test_an_approver_comes_to_the_comparison_first_and_decides_there(cast, signed_in, imported, in_force):
    in_force(imported)
    second = next_version(cast, imported)
    actions.submit(version=second, by=cast.scope("clerk"))
    head = signed_in("head")
    assert at("compare", second.id) in head.get("/").content.decode()
    page = head.get(at("compare", second.id)).content.decode()
    assert at("approve", second.id) in page
    assert at("ask", second.id) in page
    third = next_version(cast, imported, TEXT.replace("every day", "weekly"))
    assert "since version 2" in told(head.get(at("compare", third.id)))
    assert "since version 1" in told(head.get(at("compare", third.id), {"with": "1"}))
    head.post(at("approve", second.id), {"body": "Governors", **date_in("met_on", clock.today())})
    second.refresh_from_db()
    assert second.state == "approved"


def test_a_first_version_has_nothing_to_be_compared_with(cast, signed_in, imported):
    assert "This is the first version" in told(signed_in("clerk").get(at("compare", imported.id)))


def test_decisions_are_offered_to_be_carried_over_and_reworded_clauses_are_asked_again(cast, signed_in, imported):
    by = cast.scope("clerk")
    for ref in ("1.1", "1.3"):
        actions.join_clause(clause=imported.clauses.get(ref=ref), controls=[("publishing.two_known_people", [])], by=by)
    second = next_version(cast, imported)
    client = signed_in("clerk")
    page = told(client.get(at("version", second.id)))
    assert "Carry 1 decision over" in page
    assert "1 clause was reworded, so it is asked again" in page
    client.post(at("keep", second.id))
    assert second.clauses.get(ref="1.1").kind == ClauseKind.CONTROL
    assert second.clauses.get(ref="1.3").kind == ClauseKind.UNJOINED

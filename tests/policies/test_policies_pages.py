"""The pages of this package: what each shows, to whom, and how a refusal is shown."""

import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.policies.conftest import TEXT

from schoolgate import policytext
from schoolgate.common import clock
from schoolgate.policies import actions, queries, rules
from schoolgate.policies.models import Adoption, Clause, ClauseKind, Policy, PolicyVersion
from schoolgate.policies.views.steps import stated


def at(name: str, *args) -> str:
    return reverse(f"policies:{name}", args=args)


def told(response) -> str:
    """The words of a page without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def upload(name: str = "policy.txt", content: bytes = TEXT.encode()) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def date_in(field: str, day) -> dict[str, str]:
    return {f"{field}_day": str(day.day), f"{field}_month": str(day.month), f"{field}_year": str(day.year)}


def clause_of(cast, version, ref="1.1") -> Clause:
    return next(row for row in queries.clauses_of(cast.scope("clerk"), version.id) if row.ref == ref)


# ------------------------------------------------------------------ library and import


def test_an_empty_library_says_what_to_do_next(cast, signed_in):
    assert "Import a document" in told(signed_in("clerk").get(at("list")))
    page = told(signed_in("teacher").get(at("list")))
    assert "no policy here yet" in page
    assert "Import a document" not in page


def test_the_library_shows_drafts_to_editors_and_only_what_holds_to_staff(cast, signed_in, imported, in_force):
    assert "Version 1" in told(signed_in("clerk").get(at("list")))
    assert "Version 1" not in told(signed_in("teacher").get(at("list")))
    in_force(imported)
    assert "Version 1 has been in force since 2 March 2026" in told(signed_in("teacher").get(at("list")))


def test_the_library_costs_the_same_for_many_policies(cast, signed_in, imported, in_force, django_assert_max_num_queries):
    client, scope = signed_in("clerk"), cast.scope("clerk")
    in_force(imported)
    with django_assert_max_num_queries(30) as before:
        client.get(at("list"))
    for number in range(4):
        text = policytext.read_text(TEXT.replace("every day", f"{number} times a day"), "policy.txt")
        actions.import_version(document=text, school=cast.school, title=f"Policy {number}", by=scope)
    with django_assert_max_num_queries(len(before)):
        assert "Policy 3" in told(client.get(at("list")))


def test_an_upload_becomes_a_draft_and_shows_what_was_understood(cast, signed_in):
    answer = signed_in("clerk").post(at("import"), {"place": f"school:{cast.school.id}", "title": "", "file": upload()}, follow=True)
    page = told(answer)
    assert "imported as version 1: 10 clauses were read" in page
    assert "10 clauses were read from policy.txt" in page
    assert "Governing body" in page
    version = PolicyVersion.objects.get()
    assert version.source_name == "policy.txt"
    assert answer.redirect_chain == [(at("reading", version.id), 302)]


BAD = {
    "empty.txt": b"",
    "picture.png": b"\x89PNG\r\n\x1a\n" + bytes(200),
    "binary.txt": b"abc\x00\x01\x02" * 50,
    "broken.docx": b"PK\x03\x04" + bytes(100),
    "broken.pdf": b"%PDF-1.4 nothing here",
    "nothing.html": b"<html><body></body></html>",
    "no-ending": TEXT.encode(),
}


@pytest.mark.parametrize("name", BAD)
def test_a_document_that_cannot_be_read_is_refused_on_the_form_and_nothing_is_stored(cast, signed_in, name):
    client = signed_in("clerk")
    answer = client.post(at("import"), {"place": f"school:{cast.school.id}", "file": upload(name, BAD[name])})
    if PolicyVersion.objects.exists():
        assert name == "no-ending"  # the reader may recognise plain text without its ending
        return
    assert answer.status_code == 200
    page = told(answer)
    assert "There is a problem" in page
    assert "Traceback" not in page
    assert answer.context["form"].errors
    assert not Policy.objects.exists()


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Choose"),
        ({"place": "school:not-a-school"}, "Select a valid choice"),
        ({"place": "trust:"}, "Select a valid choice"),
        ({"title": "x" * 301}, "300"),
    ],
)
def test_a_form_that_is_not_filled_in_stores_nothing(cast, signed_in, sent, sentence):
    whole = {"place": f"school:{cast.school.id}", "file": upload(), **sent} if sent else {}
    answer = signed_in("clerk").post(at("import"), whole)
    assert sentence in told(answer)
    assert not Policy.objects.exists()


def test_where_a_document_belongs_is_never_guessed(cast, signed_in, imported):
    client = signed_in("clerk")
    assert '<option value="" selected>Choose what it is' in client.get(at("import")).content.decode()
    answer = client.post(at("import"), {"place": "", "file": upload()})
    assert answer.context["form"].errors["place"] == ["Answer the question “What is it?”"]
    assert PolicyVersion.objects.count() == 1


def test_another_schools_place_cannot_be_smuggled_in(cast, signed_in):
    answer = signed_in("clerk").post(at("import"), {"place": f"school:{cast.other_school.id}", "file": upload()})
    assert "Select a valid choice" in told(answer)
    assert not Policy.objects.exists()


def test_the_same_document_again_is_an_error_on_the_file(cast, signed_in, imported):
    answer = signed_in("clerk").post(at("import"), {"place": f"policy:{imported.policy_id}", "file": upload()})
    assert "already here: it is version 1" in " ".join(answer.context["form"].errors["file"])
    assert PolicyVersion.objects.count() == 1


def test_a_next_version_goes_to_its_policy(cast, signed_in, imported):
    client = signed_in("clerk")
    assert (
        f'value="policy:{imported.policy_id}" selected'
        in client.get(at("import"), {"place": f"policy:{imported.policy_id}"}).content.decode()
    )
    client.post(at("import"), {"place": f"policy:{imported.policy_id}", "file": upload(content=TEXT.replace("every", "each").encode())})
    assert list(imported.policy.versions.values_list("number", flat=True)) == [1, 2]


# ------------------------------------------------------------------ joining


def test_the_list_filters_and_counts(cast, signed_in, imported):
    actions.mark_informational(clause=clause_of(cast, imported, "1.4"), reason="An introduction", by=cast.scope("clerk"))
    client = signed_in("clerk")
    page = told(client.get(at("clauses", imported.id)))
    assert "1 of 10 decided" in page
    assert "Nothing behind them (9)" in page
    assert "proud of our school" not in page
    shown = told(client.get(at("clauses", imported.id), {"show": "informational"}))
    assert "Information only: An introduction" in shown
    assert "Nothing behind them (9)" in told(client.get(at("clauses", imported.id), {"show": "no such", "page": "x"}))


def test_one_clause_shows_its_words_suggestions_and_promises(cast, signed_in, imported):
    page = told(signed_in("clerk").get(at("clause", clause_of(cast, imported).id)))
    row = rules.catalogue()["publishing.two_known_people"]
    assert row["title"] in page
    assert row["promise"] in page
    assert "Suggested because of" in page
    assert "0 of 10 decided" in page


def test_several_controls_and_parts_of_them_are_joined_from_the_form(cast, signed_in, imported):
    row = clause_of(cast, imported)
    sent = {
        "kind": "control",
        "control": ["publishing.two_known_people", "people.key_roles_filled"],
        "line": ["people.key_roles_filled#holder", "x#y"],
    }
    answer = signed_in("clerk").post(at("clause", row.id), sent)
    again = clause_of(cast, imported)
    assert {join.control: join.lines for join in again.joins.all()} == {
        "publishing.two_known_people": [],
        "people.key_roles_filled": ["holder"],
    }
    assert answer.url == at("clause", clause_of(cast, imported, "1.2").id)


def test_searching_keeps_what_is_ticked_and_changes_nothing(cast, signed_in, imported):
    row = clause_of(cast, imported)
    sent = {"kind": "attested", "control": ["monitoring.watch_kept"], "q": "password", "search": "1"}
    page = signed_in("clerk").post(at("clause", row.id), sent).content.decode()
    assert "channels.custody_recorded" in page
    assert re.search(r'value="monitoring.watch_kept"[^>]* checked', page)
    assert re.search(r'value="attested"[^>]* checked', page)
    assert clause_of(cast, imported).kind == ClauseKind.UNJOINED


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"kind": "control"}, "Choose at least one control"),
        ({"kind": "control", "control": ["no.such"]}, "no control called"),
        ({"kind": "informational", "reason": " "}, "why this clause is information only"),
        ({"kind": "attested"}, "who confirms this clause"),
        ({"kind": "nonsense"}, "Select a valid choice"),
        ({}, "Answer the question"),
    ],
)
def test_a_decision_that_cannot_stand_is_shown_on_the_form(cast, signed_in, imported, sent, sentence):
    row = clause_of(cast, imported)
    answer = signed_in("clerk").post(at("clause", row.id), sent)
    assert answer.status_code == 200
    assert sentence in told(answer)
    assert "There is a problem" in told(answer)
    assert clause_of(cast, imported).kind == ClauseKind.UNJOINED


def test_a_clause_is_marked_and_taken_back_from_the_form(cast, signed_in, imported):
    client, row = signed_in("clerk"), clause_of(cast, imported)
    client.post(at("clause", row.id), {"kind": "attested", "reason": "The head, each term", "list": "1"})
    assert clause_of(cast, imported).reason == "The head, each term"
    client.post(at("clause", row.id), {"kind": "unjoined"})
    assert clause_of(cast, imported).kind == ClauseKind.UNJOINED


def test_strong_suggestions_are_accepted_with_one_button(cast, signed_in, imported):
    client = signed_in("clerk")
    number = queries.strong_suggestions(cast.scope("clerk"), imported.id, rules.STRONG)
    assert f"{number} clause" in told(client.get(at("clauses", imported.id)))
    assert f"{number} clauses are joined" in told(client.post(at("accept", imported.id), follow=True))


# ------------------------------------------------------------------ steps


def test_the_whole_way_from_draft_to_force_through_the_pages(cast, signed_in, imported):
    clerk, head, today = signed_in("clerk"), signed_in("head"), clock.today()
    assert "Submit for review" in told(clerk.get(at("version", imported.id)))
    clerk.post(at("submit", imported.id))
    assert "You submitted this version" not in told(head.get(at("version", imported.id)))
    head.post(at("ask", imported.id), {"wanted": "Name the moderator"})
    assert "Name the moderator" in told(clerk.get(at("version", imported.id)))
    clerk.post(at("submit", imported.id))
    head.post(at("approve", imported.id), {"body": "Governing body", "minute": "7", **date_in("met_on", today)})
    clerk.post(at("details", imported.id), {"owner_role": "headteacher", "audience": ["employee"], "authors": "Clerk", "minute": "7.2"})
    clerk.post(at("force", imported.id), {**date_in("from_day", today), **date_in("review_on", today.replace(year=today.year + 1))})
    imported.refresh_from_db()
    assert (imported.state, imported.approval_minute, imported.in_force_from) == ("in_force", "7.2", today)
    page = told(signed_in("teacher").get(at("version", imported.id)))
    assert "Approved by Governing body (7.2)" in page
    assert "Clerk Example" in page


def test_a_button_that_cannot_be_used_says_why(cast, signed_in, imported):
    head = signed_in("head")
    head.post(at("submit", imported.id))
    page = told(head.get(at("version", imported.id)))
    assert page.count("You submitted this version, so someone else must decide about it.") == 2
    answer = head.post(at("approve", imported.id), {"body": "Governors", **date_in("met_on", clock.today())})
    assert "someone else must decide" in told(answer)
    assert "There is a problem" in told(answer)


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"from_day_day": "31", "from_day_month": "2", "from_day_year": "2026"}, "real date"),
        ({}, "Enter"),
        ({"from_day_day": "x"}, "must include"),
    ],
)
def test_dates_that_cannot_be_read_are_errors_on_the_form(cast, signed_in, imported, sent, sentence):
    actions.submit(version=imported, by=cast.scope("clerk"))
    actions.approve(version=imported, body="Governors", minute="", met_on=clock.today(), by=cast.scope("head"))
    answer = signed_in("clerk").post(at("force", imported.id), sent)
    assert sentence in told(answer)
    imported.refresh_from_db()
    assert imported.state == "approved"


def test_a_step_taken_twice_says_that_it_was_taken(cast, signed_in, imported):
    clerk = signed_in("clerk")
    clerk.post(at("submit", imported.id))
    assert "this version is in review" in told(clerk.post(at("submit", imported.id), follow=True))


def test_a_trust_policy_is_adopted_through_its_page(cast, signed_in):
    comms = cast.scope("trust_comms")
    version = actions.import_version(document=policytext.read_text(TEXT, "trust.txt"), title="Trust policy", by=comms)
    head, today = signed_in("head"), clock.today()
    sent = {"place": str(cast.school.id), "body": "Governors", "minute": "3", "local_changes": "Nothing", **date_in("adopted_on", today)}
    assert "not in force yet" in told(head.post(at("adopt", version.policy_id), sent))
    PolicyVersion.objects.update(state="in_force", approved_at=clock.now(), approving_body="Board", in_force_from=today, approved_on=today)
    assert "now holds at the school" in told(head.post(at("adopt", version.policy_id), sent, follow=True))
    assert Adoption.objects.get().school == cast.school
    assert "Adopted by Alder Park Primary" in told(head.get(at("list")))


# ------------------------------------------------------------------ findings and text


def test_a_finding_is_decided_from_its_own_form(cast, signed_in, imported):
    client = signed_in("clerk")
    row = queries.findings_of(cast.scope("clerk"), imported.id)[0]
    name = f"f{row.id.hex[:12]}"
    assert row.message in told(client.get(at("findings", imported.id))).replace("&#x27;", "'").replace("&amp;", "&")
    wrong = client.post(at("decide", row.id), {f"{name}-decision": "accept", f"{name}-reason": ""})
    assert "There is a problem" in told(wrong)
    answer = client.post(at("decide", row.id), {f"{name}-decision": "accept", f"{name}-reason": "Held elsewhere"})
    onwards = next(other for other in queries.findings_of(cast.scope("clerk"), imported.id) if not other.decision)
    assert answer.url == at("findings", imported.id) + f"#finding-{onwards.id}"
    row.refresh_from_db()
    assert (row.decision, row.reason) == ("accept", "Held elsewhere")


def test_the_text_shows_every_clause_with_its_headings_once(cast, signed_in, imported, in_force):
    in_force(imported)
    page = told(signed_in("contractor").get(at("text", imported.id)))
    for row in queries.clauses_of(cast.scope("clerk"), imported.id):
        assert row.text in page
    assert page.count("1. Posting") == 1


@pytest.mark.parametrize(
    ("iso", "words"),
    [("2026-09-15", "15 September 2026"), ("2018-11", "November 2018"), ("2018", "2018"), ("2026-02-31", "31 February 2026"), (None, "")],
)
def test_a_stated_date_is_shown_as_far_as_the_document_gives_it(iso, words):
    assert stated(iso) == words


def test_markup_in_a_document_is_shown_as_words(cast, signed_in, in_force):
    text = TEXT.replace("We are proud", "We <script>alert(1)</script> are proud")
    version = actions.import_version(document=policytext.read_text(text, "policy.txt"), school=cast.school, by=cast.scope("clerk"))
    for name in ("text", "clauses"):
        page = signed_in("clerk").get(at(name, version.id) + "?show=all").content
        assert b"<script>alert" not in page


# ------------------------------------------------------------------ who may

READ_DRAFT = {
    "clerk": 200,
    "head": 200,
    "governor": 200,
    "trust_comms": 200,
    "teacher": 404,
    "contractor": 404,
    "sister_head": 404,
    "outsider": 404,
}
EDIT = {**READ_DRAFT, "governor": 404}


@pytest.mark.parametrize("who", READ_DRAFT)
def test_a_draft_is_seen_by_those_who_write_or_approve_it(cast, signed_in, imported, who):
    client = signed_in(who)
    for name in ("version", "text", "clauses", "findings"):
        assert client.get(at(name, imported.id)).status_code == READ_DRAFT[who], name
    assert client.get(at("clause", clause_of(cast, imported).id)).status_code == READ_DRAFT[who]
    assert client.get(at("details", imported.id)).status_code == EDIT[who]


@pytest.mark.parametrize("who", ["teacher", "contractor", "sister_head", "outsider"])
@pytest.mark.parametrize("name", ["submit", "accept", "keep", "ask", "approve", "force", "details"])
def test_no_change_can_be_posted_from_outside(cast, signed_in, imported, who, name):
    assert signed_in(who).post(at(name, imported.id), {}).status_code == 404
    imported.refresh_from_db()
    assert imported.state == "draft"


@pytest.mark.parametrize("who", ["governor", "teacher"])
def test_who_may_only_read_cannot_join_a_clause_in_force(cast, signed_in, imported, in_force, who):
    in_force(imported)
    row = clause_of(cast, imported)
    answer = signed_in(who).post(at("clause", row.id), {"kind": "control", "control": ["publishing.two_known_people"]})
    assert "Only someone who edits" in told(answer)
    assert clause_of(cast, imported).kind == ClauseKind.UNJOINED


@pytest.mark.parametrize("name", ["submit", "accept", "keep", "decide"])
def test_changes_are_only_posted(cast, signed_in, imported, name):
    key = queries.findings_of(cast.scope("clerk"), imported.id)[0].id if name == "decide" else imported.id
    assert signed_in("clerk").get(at(name, key)).status_code == 405


def test_an_upload_is_read_once_and_not_left_on_disk(cast, signed_in, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    signed_in("clerk").post(at("import"), {"place": f"school:{cast.school.id}", "file": BytesIO(TEXT.encode())})
    assert list(tmp_path.iterdir()) == []

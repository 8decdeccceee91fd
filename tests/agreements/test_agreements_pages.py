"""The pages of the office and of links, one by one: what they take, what they refuse and what they lead to."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.agreements.test_agreements_check import PDF, QUESTIONS, RIGHT
from tests.agreements.test_agreements_six_ways import join
from tests.ui.page_checks import faults

from schoolgate.agreements import actions, queries
from schoolgate.agreements.models import Agreement, Refusal, Scan, Signature
from schoolgate.common import clock, pdf
from schoolgate.contracts.todo import questions
from schoolgate.people import actions as people


@pytest.fixture
def asking(world):
    """A form with a short check, published yesterday."""
    yesterday = clock.today() - timedelta(days=1)
    world.publish(world.bring(on=yesterday, extra="Staff must not befriend pupils."), yesterday, questions=QUESTIONS)
    return world


def text(response) -> str:
    return response.content.decode()


def ticked(form) -> dict:
    boxes = {f"statement_{number}": "on" for number in range(len(form.statements))}
    answers = {f"question_{number}": str(one["right"]) for number, one in enumerate(form.questions)}
    return {**boxes, **answers, "token": "page", "fingerprint": form.fingerprint}


def test_publishing_writes_the_check_and_the_next_form_starts_from_it(world, cast, signed_in):
    version = world.bring(on=clock.today())
    head, url = signed_in("head"), reverse("agreements:publish", args=[cast.school.id, version.id])
    assert faults(head.get(url).content) == []
    given = {
        "kind": "acceptable_use", "categories": ["employee"], "statements": "I agree.", "one_by_one": "on", "notice": "Web addresses.",
        "roles": ["dsl"], "check0_ask": "Who?", "check0_right": "We", "check0_wrong": "They\nYou", "check0_clause": "1.1",
    }  # fmt: skip
    assert "does not have" in text(head.post(url, {**given, "check0_clause": ""}))
    assert head.post(url, given).status_code == 302
    made = Agreement.objects.get()
    assert (made.kind, made.code, made.roles) == ("code", "acceptable_use", ["dsl"])
    (one,) = made.questions
    assert one["options"][one["right"]] == "We"
    assert sorted(one["options"]) == ["They", "We", "You"]
    second = world.bring(2, clock.today(), policy=version.policy)
    page = text(head.get(reverse("agreements:publish", args=[cast.school.id, second.id])))
    for kept in ("Web addresses.", "Who?", "They\nYou"):
        assert kept in page


def test_a_signature_on_behalf_by_the_page(asking, cast, signed_in):
    url = reverse("agreements:on_behalf", args=[asking.form.id, cast.teacher.id])
    clerk, given = signed_in("clerk"), {**ticked(asking.form), "name": "Teacher Example", "why": "Broken arm", "witness": "Clerk Example"}
    assert faults(clerk.get(url).content) == []
    assert "other than you" in text(clerk.post(url, given))
    assert clerk.post(url, {**given, "witness": "Dsl Example"}).status_code == 302
    made = Signature.objects.get()
    page = text(clerk.get(reverse("agreements:receipt", args=[made.id])))
    assert "Broken arm" in page
    assert "Dsl Example" in page
    assert signed_in("teacher").get(url).status_code == 404


def test_a_paper_form_by_the_page_and_the_look_at_it(asking, cast, signed_in):
    url, today = reverse("agreements:paper", args=[asking.form.id, cast.teacher.id]), clock.today()
    clerk = signed_in("clerk")
    day = {"written_on_day": today.day, "written_on_month": today.month, "written_on_year": today.year}
    given = {**day, "token": "p", "name": "Teacher Example", "ticked": asking.form.statements, "understood": "on", "witness": "Dsl Example"}
    assert faults(clerk.get(url).content) == []
    assert "Choose a file" in text(clerk.post(url, given))
    wrong = SimpleUploadedFile("form.pdf", b"MZ not a picture")
    assert "neither a whole picture nor a PDF" in text(clerk.post(url, {**given, "scan": wrong}))
    assert clerk.post(url, {**given, "scan": SimpleUploadedFile("form.pdf", PDF)}).status_code == 302
    signature = Signature.objects.get()
    assert [task.title for task in questions()["agreements.scans"](cast.scope("head"), today)] == [
        "Check the paper form from Teacher Example"
    ]
    look = reverse("agreements:look", args=[signature.id])
    head = signed_in("head")
    assert faults(head.get(look).content) == []
    assert "what is wrong" in text(head.post(look, {"holds": "no"}))
    assert head.post(look, {"holds": "yes"}).status_code == 302
    assert Scan.objects.get().check_made.holds
    assert list(questions()["agreements.scans"](cast.scope("head"), today)) == []


def test_the_certificate_is_a_pdf_of_ones_own_signature(asking, signed_in):
    made = asking.sign("teacher", clock.today(), answers=RIGHT)
    url = reverse("agreements:certificate", args=[made.id])
    answer = signed_in("teacher").get(url)
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert signed_in("governor").get(url).status_code == 404


def test_where_pdf_cannot_be_drawn_it_says_so(asking, signed_in, monkeypatch):
    def absent(_html):
        raise pdf.NoPdf(pdf.MISSING)

    monkeypatch.setattr(pdf, "made_from", absent)
    made = asking.sign("teacher", clock.today(), answers=RIGHT)
    answer = signed_in("teacher").get(reverse("agreements:certificate", args=[made.id]))
    assert answer.status_code == 503
    assert "Ask whoever runs it" in text(answer)


def test_private_rules_and_undertaking_by_their_pages(asking, cast, signed_in):
    head = signed_in("head")
    rules_page = reverse("agreements:private_rules", args=[cast.school.id])
    assert "no rules for private use yet" in text(head.get(rules_page))
    assert "nothing to put on the sheet" in text(head.post(rules_page, follow=True))
    join(asking, asking.form.version, "1.3", clock.today())
    assert faults(head.get(rules_page).content) == []
    assert "8 people are asked to sign" in text(head.post(rules_page, follow=True))
    assert "These very words are published" in text(head.get(rules_page))
    sheet = Agreement.objects.get(kind="private_rules")
    page = text(signed_in("teacher").get(reverse("agreements:read", args=[sheet.id])))
    assert "Staff must not befriend pupils." in page
    assert "May staff name their employer on a private profile?" in page
    join(asking, asking.form.version, "1.2", clock.today())
    assert "has changed since" in text(head.get(reverse("agreements:people", args=[sheet.id])))
    undertaking = reverse("agreements:undertaking", args=[cast.school.id])
    assert faults(head.get(undertaking).content) == []
    assert "people are asked to sign" in text(head.post(undertaking, {"lines": "I keep confidences.\nAlways."}, follow=True))
    assert "published already" in text(head.post(undertaking, {"lines": "I keep confidences.\nAlways."}))


def test_a_sheet_of_codes_is_shown_once_and_opens_each_persons_text(asking, cast, signed_in):
    head = signed_in("head")
    page = text(head.post(reverse("agreements:link_sheet", args=[asking.form.id])))
    assert page.count("sg-qr") == 7  # all but the head, who can sign in
    assert head.get(reverse("agreements:link_sheet", args=[asking.form.id])).status_code == 405
    key = re.search(r"(?:[0-9A-Z]{5}-){3}[0-9A-Z]{5}", page).group(0)
    assert "Social Media Policy" in text(Client().get(reverse("agreements:link", args=[key])))


def test_refusing_by_link_and_coming_back(asking, cast):
    made = actions.make_link(agreement=asking.form, person=cast.contractor, by=cast.scope("head"))
    stranger, url = Client(), reverse("agreements:link_refuse", args=[made.key])
    assert faults(stranger.get(url).content) == []
    assert "Your reason is sent" in text(stranger.post(url, {"reason": "No."}))
    assert "refused already" in text(stranger.post(url, {"reason": "No."}))
    assert Refusal.objects.get().person == cast.contractor
    assert faults(stranger.get(reverse("agreements:link", args=[made.key])).content) == []
    answer = stranger.post(reverse("agreements:link", args=[made.key]), {**ticked(asking.form), "name": "Contractor Example"})
    assert "Signed:" in text(answer)
    assert stranger.get(url).status_code == 410


def test_asking_first_by_the_page_and_the_answer_on_it(asking, cast, signed_in):
    teacher = signed_in("teacher")
    url = reverse("agreements:ask", args=[asking.form.id])
    assert faults(teacher.get(url).content) == []
    assert teacher.post(url, {"reason": "What is a post?"}).status_code == 302
    asked = Refusal.objects.get()
    clerk = signed_in("clerk")
    assert "Answer a question" in "".join(task.title for task in questions()["agreements.refusals"](cast.scope("clerk"), clock.today()))
    assert clerk.post(reverse("agreements:refusal", args=[asked.id]), {"decision": "Anything others can read."}).status_code == 302
    assert "Anything others can read." in text(teacher.get(reverse("agreements:read", args=[asking.form.id])))


def test_the_desk_notes_an_arrival_and_asks_on_the_to_do_page(asking, cast, signed_in):
    today = clock.today()
    person = people.add_person(given="Odd", family="Job", by=cast.office)
    engagement = people.engage(person=person, school=cast.school, category="supply", starts_on=today, employer="Agency", by=cast.office)
    head, url = signed_in("head"), reverse("agreements:arrive", args=[engagement.id])
    (task,) = questions()["agreements.starts"](cast.scope("head"), today)
    assert task.title == "3 who start must accept the rules"  # nor has the contractor of the cast, nor the firm
    assert "Odd Job arrived" in text(head.post(url, follow=True))
    assert head.post(url).status_code == 302
    assert engagement.arrival.at
    assert head.post(reverse("agreements:arrive", args=[cast.teacher.engagements.get().id])).status_code == 404
    assert queries.expected(cast.office, cast.school.id, today)

"""What cannot be used is answered with one sentence beside the field, and what came too late with a page that says so."""

import re

import pytest
from tests.browser import flows
from tests.browser.bad_files import MADE
from tests.browser.looking import faults, words

pytestmark = pytest.mark.browser

CODE = [
    "Photograph Code", "", "1. Cameras", "1.1 Staff must use school cameras only.", "1.2 Photographs must be deleted within 30 days.",
    "2. Signing", "2.1 All staff must sign this code before they take photographs.",
]  # fmt: skip
GARDEN = ["Garden Code", "", "1. Tools", "1.1 Adults must lock the shed.", "1.2 Adults must count the tools each Friday."]


def listed(page) -> list[str]:
    """Every policy and version the library shows."""
    page.goto("/policies/")
    return [words(card) for card in page.locator("article.sg-card").all()]


@pytest.mark.parametrize("name", MADE)
def test_a_file_that_cannot_be_used_gets_one_sentence_and_leaves_nothing(visit, name):
    make, wanted = MADE[name]
    page = visit("Clerk to the governors")
    library = listed(page)
    flows.upload(page, {"name": name, "mimeType": "application/octet-stream", "buffer": make()}, place=flows.HARBOUR, title="Not a policy")
    beside = page.locator(".govuk-form-group--error", has=page.locator("input[type=file]")).locator(".govuk-error-message")
    assert beside.count() == 1, "the sentence does not stand beside the file field"
    sentence = words(beside)
    assert name in sentence or "This file" in sentence
    for part in wanted:
        assert re.search(part, sentence), sentence
    assert page.locator(".govuk-error-summary a").count() == 1
    assert page.title().startswith("Error: ")
    assert faults(page) == []
    assert listed(page) == library


def open_to_sign(page, title: str) -> None:
    page.goto("/agreements/")
    flows.follow(page, page.get_by_role("link", name=title).first)


def test_a_text_replaced_while_it_was_open_cannot_be_signed(visit):
    clerk, head, governor = visit("Clerk to the governors"), visit("Headteacher"), visit("Link governor")
    flows.in_force(clerk, head, lines=CODE, place=flows.HARBOUR, title="Photograph Code")
    open_to_sign(governor, "Photograph Code")
    later = [*CODE, "2.2 Volunteers must sign this code too."]
    flows.in_force(clerk, head, lines=later, place="The next version of Photograph Code", title="", changed="Volunteers sign too.")
    flows.sign_open_page(governor, "Anjali Bhattacharjee")
    assert words(governor.locator("h1")) == "The policy has changed"
    assert "The policy changed while you were reading" in words(governor.locator("main"))
    assert faults(governor) == []
    flows.follow(governor, governor.get_by_role("button", name=re.compile("Read the new text")))
    assert "Volunteers must sign this code too." in words(governor.locator("main"))
    governor.goto("/agreements/")
    assert "Photograph Code" in words(governor.locator(".sg-task-list"))  # nothing was signed


def test_a_one_time_link_signs_once_and_then_says_so(visit):
    clerk, head, stranger = visit("Clerk to the governors"), visit("Headteacher"), visit(None)
    flows.in_force(clerk, head, lines=GARDEN, place=flows.HARBOUR, title="Garden Code")
    row = clerk.locator("tr", has_text="Owain Prosser").first
    flows.follow(clerk, row.get_by_role("link", name="Other ways to sign"))
    flows.follow(clerk, clerk.get_by_role("link", name="On their own phone"))
    flows.press(clerk, "Make the link")
    address = words(clerk.locator("code").last)
    stranger.goto(address)
    flows.sign_open_page(stranger, "Owain Prosser")
    assert words(stranger.locator("h1")) == "Signed: Garden Code"
    answer = stranger.goto(address)
    assert answer.status == 410
    assert words(stranger.locator("h1")) == "This link cannot be used"
    told = words(stranger.locator("main"))
    assert "used" in told
    assert told.endswith(".")
    assert "Garden Code" not in told  # whoever finds the paper learns nothing
    assert faults(stranger) == []

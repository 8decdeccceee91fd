"""Signing as people do it: at the front desk on a phone, refusing with a reason, and signing again only what changed.

`SCHOOLGATE_SHOTS=folder` keeps a picture of every step.
"""

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page
from tests.browser import flows
from tests.browser.looking import DESKTOP, PHONE, faults, overflow, tab_to, words

from schoolgate.common import clock

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("SCHOOLGATE_SHOTS", "")
GOVERNOR = "Anjali Bhattacharjee"
TITLE = "Rules for the staff room"
FIRST = [
    TITLE, "", "1. The room", "", "1.1 All staff must wash their own cup.", "1.2 The window must be shut at night.",
    "1.3 Staff should not leave papers about pupils on the table.",
]  # fmt: skip
SECOND = [*FIRST[:4], "1.1 All staff must wash their own cup and plate.", *FIRST[5:]]


def seen(page: Page, name: str) -> None:
    """The page has no fault for assistive technology, is no wider than its window, and is kept as a picture where that is asked for."""
    assert faults(page) == []
    assert overflow(page) == 0, f"{page.url} is {overflow(page)} px too wide"
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def test_a_supply_teacher_signs_by_qr_code_at_the_front_desk_on_a_phone(visit):
    head = visit("Headteacher")
    head.goto("/agreements/forms/")
    flows.follow(head, head.get_by_role("link", name=re.compile("^front desk")).first)
    seen(head, "desk-before")
    card = head.locator(".sg-card").filter(has_text="Odette Fairweather")
    assert "has not accepted the rules" in words(card)
    flows.follow(head, card.get_by_role("link").first)
    flows.press(head, "Make the link")
    assert head.locator("svg.sg-qr path").count() == 1
    address = words(head.locator("code").last)
    seen(head, "desk-qr")

    phone = visit(None, PHONE, javascript=False)  # what the code holds, opened by the phone's camera
    phone.goto("/" + address.split("/", 3)[3])
    flows.sign_open_page(phone, "Odette Fairweather")
    assert words(phone.locator("h1")).startswith("Signed: ")
    assert "by one-time link" in words(phone.locator("main"))
    phone.goto("/" + address.split("/", 3)[3])
    assert "This link was used on" in words(phone.locator("main"))

    head.goto("/agreements/forms/")
    flows.follow(head, head.get_by_role("link", name=re.compile("^front desk")).first)
    assert "Odette Fairweather" in words(head.locator("h2", has_text="May start").locator("~ ul").first)
    seen(head, "desk-after")


def test_the_text_behind_a_qr_code_fits_a_phone_and_the_keyboard(visit):
    head = visit("Headteacher")
    head.goto("/agreements/forms/")
    flows.follow(head, head.locator("a[href*='/agreements/forms/']").filter(has_text="Larkfield").first)
    flows.follow(head, head.get_by_role("link", name="Other ways to sign").first)
    seen(head, "ways")
    flows.follow(head, head.get_by_role("link", name="On their own phone"))
    flows.press(head, "Make the link")
    address = words(head.locator("code").last)
    phone = visit(None, PHONE)
    phone.goto("/" + address.split("/", 3)[3])
    seen(phone, "link-phone")
    phone.locator("#sign").evaluate("one => one.scrollIntoView()")
    phone.get_by_label("Your name").fill("Somebody Else")
    flows.press(phone, "Sign")
    assert "There is a problem" in words(phone.locator("main"))
    seen(phone, "link-phone-errors")
    phone.goto(phone.url)
    assert tab_to(phone, "Sign", role="button", most=120)


def test_a_governor_refuses_with_a_reason_and_the_head_answers(visit):
    clerk, head, governor = visit("Clerk to the governors"), visit("Headteacher"), visit("Link governor", PHONE)
    flows.in_force(
        clerk,
        head,
        lines=["Rules for link governors", *FIRST[1:6], "1.3 The kettle must be filled again."],
        place=flows.HARBOUR,
        title="Rules for link governors",
    )
    governor.goto("/agreements/")
    seen(governor, "mine-phone")
    flows.follow(governor, governor.get_by_role("link", name="Rules for link governors"))
    seen(governor, "read-phone")
    flows.follow(governor, governor.get_by_role("link", name="Refuse with a reason"))
    governor.get_by_label("Why do you not sign?").fill("I have no cup in that room.")
    seen(governor, "refuse-phone")
    flows.press(governor, "Send my reason to the head")
    assert "The head has your reason" in flows.said(governor)

    head.goto("/agreements/forms/")
    flows.follow(head, head.get_by_role("link", name=re.compile("Rules for link governors")).first)
    seen(head, "who-has-signed")
    flows.follow(head, head.get_by_role("link", name=re.compile("^Answer the refusal")).first)
    assert "I have no cup in that room." in words(head.locator("main"))
    head.get_by_label("Your answer").fill("Then 1.1 asks nothing of you. Please sign the rest.")
    seen(head, "answer")
    flows.press(head, "Keep my answer")
    governor.goto("/agreements/")
    flows.follow(governor, governor.get_by_role("link", name="Rules for link governors"))
    assert "Then 1.1 asks nothing of you." in words(governor.locator("main"))


def test_when_the_policy_changes_only_the_changed_clauses_are_shown(visit):
    clerk, head, governor = visit("Clerk to the governors"), visit("Headteacher"), visit("Link governor", PHONE, javascript=False)
    flows.in_force(clerk, head, lines=FIRST, place=flows.HARBOUR, title=TITLE)
    governor.goto("/agreements/")
    flows.follow(governor, governor.get_by_role("link", name=TITLE, exact=True))
    flows.sign_open_page(governor, GOVERNOR)
    next_version(clerk, head)
    governor.goto("/agreements/")
    flows.follow(governor, governor.get_by_role("link", name=TITLE, exact=True))
    changed = words(governor.locator("section[aria-labelledby=changed]"))
    assert "1 clause is not as you signed it" in changed
    assert "and plate" in words(governor.locator("ins"))
    assert "window" not in changed
    watched = visit("Link governor", PHONE)
    watched.goto(governor.url)
    seen(watched, "again-phone")
    wide = visit("Link governor", DESKTOP)
    wide.goto(governor.url)
    seen(wide, "again")
    flows.sign_open_page(governor, GOVERNOR)
    assert words(governor.locator("h1")).startswith("Signed: ")


def next_version(clerk: Page, head: Page) -> None:
    """The same policy with one clause changed, imported, approved, in force and asked for."""
    file = {"name": "second.txt", "mimeType": "text/plain", "buffer": "\n".join(SECOND).encode()}
    flows.upload(clerk, file, place=f"The next version of {TITLE}")
    version, today = flows.go_on(clerk), clock.today()
    flows.press(clerk, "Submit for review")
    flows.approve(head, version, body="Full governing board", minute="Item 4", met_on=today)
    flows.bring_into_force(clerk, version, review_on=today + timedelta(days=365), changed="Plates as well as cups.")
    flows.publish(clerk, TITLE)


@pytest.mark.parametrize("path", ["private", "undertaking", "families", "classes", "publish"])
def test_the_pages_of_the_office_hold_on_a_phone(visit, path):
    head = visit("Headteacher", PHONE)
    head.goto("/agreements/forms/")
    seen(head, "forms-phone")
    names = {
        "private": "rules for private use", "undertaking": "confidentiality undertaking", "families": "families", "classes": "classes",
        "publish": "publish the form",
    }  # fmt: skip
    link = head.get_by_role("link", name=re.compile(f"^{names[path]}"))
    if path == "publish" and not link.count():
        pytest.skip("every version in force has its form")
    flows.follow(head, link.first)
    seen(head, f"office-{path}-phone")

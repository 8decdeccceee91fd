"""A parent with a card from school and no sign-in: the key typed on a phone, the words read, each child answered for by name."""

import pytest
from tests.browser import flows
from tests.browser.looking import PHONE, faults, overflow, words

pytestmark = pytest.mark.browser


def sound(page) -> None:
    """The page has no fault for assistive technology and is no wider than its window."""
    assert faults(page) == []
    assert overflow(page) == 0, f"{page.url} is {overflow(page)} px too wide"


def test_a_parent_answers_for_each_child_with_a_card_from_school_without_javascript(visit):
    head = visit("Headteacher")
    head.goto("/agreements/forms/")
    flows.follow(head, head.locator("a[href*='/agreements/families/']").first)
    sound(head)
    flows.follow(head, head.get_by_role("link", name="Make links for parents and carers"))
    sound(head)
    rows = head.locator("tbody tr").all()
    waiting = next(row for row in rows if words(row.locator(".sg-table__value").nth(1)) != "0")
    flows.follow(head, waiting.get_by_role("link"))
    sound(head)
    flows.follow(head, head.locator("a[href*='/guardians/']").first)
    sound(head)
    flows.press(head, "Make the link")
    sound(head)
    name, key = words(head.locator(".sg-card h2")).removeprefix("For "), words(head.locator(".sg-card strong"))

    phone = visit(None, PHONE, javascript=False)
    phone.goto("/agreements/link/")
    phone.get_by_label("Your key").fill(key)
    flows.press(phone, "Read the text")
    assert words(phone.locator("h1")).startswith("Home and school")
    assert name.split()[-1] not in words(phone.locator("main")), "no child is named before the name is typed"
    phone.get_by_label("Your name").fill("Somebody Else")
    flows.press(phone, "Continue")
    assert "does not match the register" in words(phone.locator(".govuk-error-summary"))
    phone.get_by_label("Your name").fill(name)
    flows.press(phone, "Continue")
    flows.press(phone, "Sign and send")
    assert "Choose an answer for" in words(phone.locator(".govuk-error-summary"))
    for choice in phone.get_by_label("I have read it and we will keep it").all():
        choice.check()
    for box in phone.locator("input[type=checkbox]").all():
        box.check()
    address = phone.url
    flows.press(phone, "Sign and send")
    assert words(phone.locator("h1")) == "Your answer is kept"
    phone.goto(address)
    assert "This link was used on" in words(phone.locator("main"))

"""A trust officer finds the school whose policy is looser than the principle, and asks it; the school answers by a mark."""

import pytest
from tests.browser import flows
from tests.browser.looking import PHONE, faults, overflow, tab_to, words

pytestmark = pytest.mark.browser


def seen(page) -> None:
    assert faults(page) == []
    assert overflow(page) == 0, f"{page.url} is {overflow(page)} px too wide"


@pytest.mark.parametrize("javascript", [True, False])
def test_a_trust_officer_finds_the_school_whose_policy_is_looser_than_the_principle(visit, javascript):
    page = visit("Trust head of communications", javascript=javascript)
    page.goto("/policies/")
    tab_to(page, "Schools by principles: whose policy is looser than the trust's")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "1 place to look at" in words(page.locator("main"))
    first = page.locator("#looser + ul li").first
    assert "Looser, as suggested" in words(first)
    assert "Mossbank Academy, principle 2.3" in words(first).replace(" at Mossbank Academy", "")
    assert page.locator("table.pp-map thead th").count() == 4  # the three schools and the principle
    if javascript:
        seen(page)

    flows.follow(page, page.get_by_role("link", name="Only looser or contradicting"))
    cells = page.locator("table.pp-map tbody td")
    assert [words(cell) for cell in cells.all()] == ["Looser, as suggested"]  # a word, not colour alone
    flows.follow(page, cells.first.get_by_role("link"))
    assert words(page.locator("h1")) == "Principle 2.3"
    assert "within ten school days" in words(page.locator("section[aria-labelledby=trust-says]"))
    assert "before term begins in September" in words(page.locator("section[aria-labelledby=school-says]"))
    if javascript:
        seen(page)


def test_the_map_fits_a_phone_and_prints(visit):
    page = visit("Trust head of communications", PHONE)
    page.goto("/policies/")
    flows.follow(page, page.get_by_role("link", name="Schools by principles: whose policy is looser than the trust's"))
    seen(page)
    page.emulate_media(media="print")
    assert overflow(page) == 0
    page.emulate_media(media="screen")


def test_the_officer_asks_the_school_about_it(visit):
    page = visit("Trust head of communications")
    page.goto("/policies/")
    flows.follow(page, page.get_by_role("link", name="Schools by principles: whose policy is looser than the trust's"))
    flows.follow(page, page.get_by_role("link", name="Ask the school: Mossbank Academy, principle 2.3"))
    seen(page)
    flows.press(page, "Ask the school")
    assert "Mossbank Academy is asked about principle 2.3." in flows.said(page)
    assert "Asked on" in words(page.locator("#looser + ul li").first)

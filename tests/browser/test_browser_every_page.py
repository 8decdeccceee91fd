"""Every page a role can reach: no serious fault for assistive technology, no wider than a phone, used by keyboard, without JavaScript."""

import re
from collections import deque
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page
from tests.browser import flows
from tests.browser.looking import DESKTOP, PHONE, faults, overflow, ring, skeleton, tab_to, words

pytestmark = pytest.mark.browser

ROLES = [
    "Headteacher", "Designated safeguarding lead", "School business manager", "Clerk to the governors", "Link governor", "Teacher",
    "Trust head of communications", "Administrator",
]  # fmt: skip
SKIP = ("/account/logout", "/static/", "/download", ".pdf", "/pdf/", "/certificate/", ".csv")  # what is sent as a file is no page
LIMIT = 110  # shapes of page a role; a role that reaches more needs this number looked at
DEAD = "button[type=button]:visible:not([aria-disabled=true])"


@pytest.fixture(scope="session")
def looked_at() -> set[str]:
    """Pages already found to be in order, by how they are built: what two roles both see is judged once."""
    return set()


def shape(path: str) -> str:
    """An address with its ids, names of controls and settings, clause numbers and figures taken out: one page of each shape is enough."""
    path = re.sub(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID", path)
    path = re.sub(r"/(?:[a-z_]+\.[a-z0-9_]+|\d+(?:\.\w+)*)/", "/ID/", path)
    return re.sub(r"=\w+", "=", path)


def crawl(page: Page, site_url: str) -> Iterator[str]:
    """Visit each shape of page reachable by links, once, yielding its path."""
    waiting, seen = deque([("/", "the start")]), set()
    while waiting:
        path, named_on = waiting.popleft()
        if shape(path) in seen:
            continue
        seen.add(shape(path))
        assert len(seen) <= LIMIT, sorted(seen)
        answer = page.goto(path)
        assert answer, path
        assert answer.status == 200, f"{path}, a link on {named_on}, answered {answer.status}"
        yield path
        for link in page.eval_on_selector_all("a[href]", "found => found.map(a => a.href)"):
            parts = urlsplit(link)
            if link.startswith(site_url) and not any(word in parts.path for word in SKIP):
                waiting.append((parts.path + (f"?{parts.query}" if parts.query else ""), path))


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_role_is_free_of_serious_faults(visit, site, looked_at, role):
    page = visit(role)
    wrong, visited = {}, 0
    for path in crawl(page, site.url):
        visited += 1
        built = skeleton(page)
        if built in looked_at:
            continue
        found = faults(page)
        page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        if (wide := overflow(page)) > 0:
            found.append(f"{wide} px wider than a phone")
        page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
        if page.locator("h1").count() != 1:
            found.append("no single main heading")
        if found:
            wrong[path] = found
        else:
            looked_at.add(built)
    assert visited > 8
    assert not wrong, wrong


@pytest.mark.parametrize("role", ["Headteacher", "School business manager", "Teacher"])
def test_every_page_of_a_role_works_without_javascript(visit, site, role):
    page = visit(role, javascript=False)
    for path in crawl(page, site.url):
        assert page.locator("h1").count() == 1, path
        assert page.locator(DEAD).count() == 0, f"{path} has a button that does nothing without JavaScript"


def test_a_policy_is_signed_without_javascript(visit):
    lines = ["Visitor Code", "", "1. At the gate", "1.1 Visitors must wear a badge.", "1.2 Staff must challenge anybody without one."]
    flows.in_force(visit("Clerk to the governors"), visit("Headteacher"), lines=lines, place=flows.HARBOUR, title="Visitor Code")
    page = visit("Designated safeguarding lead", javascript=False)
    page.goto("/agreements/")
    flows.follow(page, page.get_by_role("link", name="Visitor Code"))
    flows.press(page, "Sign")
    assert page.locator(".govuk-error-summary").count() == 1  # an empty form is answered, not ignored
    flows.sign_open_page(page, "Tomasz Wierzbicki")
    assert words(page.locator("h1")) == "Signed: Visitor Code"
    page.goto("/agreements/")
    assert page.locator("a.govuk-task-list__link", has_text="Visitor Code").count() == 0


def test_a_register_is_confirmed_without_javascript(visit):
    page = visit("School business manager", javascript=False)
    page.goto("/people/")
    flows.follow(page, page.get_by_role("link", name="Register of adults"))
    flows.press(page, "Confirm this list")
    assert "onfirmed" in flows.said(page)


def test_pages_before_sign_in_are_free_of_serious_faults(visit):
    page = visit(None, PHONE)
    for path in ["/account/login/", "/account/login/code/", "/account/password/reset/", "/agreements/link/", "/no-such-page/"]:
        page.goto(path)
        assert faults(page) == [], path
        assert overflow(page) <= 0, path


@pytest.mark.parametrize(
    ("role", "path", "name", "kind"),
    [
        ("Teacher", "/", "Skip to main content", "link"),
        ("Clerk to the governors", "/policies/", "Import a document", "button"),
        ("Clerk to the governors", "/policies/import/", "Import", "button"),
        ("Headteacher", "/agreements/", "See who else has signed", "link"),
        ("Headteacher", "/assurance/harbour-lane/", "Take readings now", "button"),
        ("School business manager", "/people/", "Register of adults", "link"),
        ("Headteacher", "/policies/settings/harbour-lane/", "How many days between looks?", "link"),
        ("Headteacher", "/policies/settings/harbour-lane/profile.employer_named/", "Record this answer", "button"),
        ("Headteacher", "/policies/reviews/harbour-lane/", "Record a review", "link"),
        ("Clerk to the governors", "/policies/companions/harbour-lane/", "Add it", "button"),
    ],
)
def test_the_keyboard_reaches_the_main_action_and_shows_where_it_is(visit, role, path, name, kind):
    page = visit(role)
    page.goto(path)
    tab_to(page, name, kind)
    assert ring(page), f"nothing shows that “{name}” has the focus"


def test_n_and_p_move_through_the_broken_clauses(visit):
    page = visit("Headteacher")
    page.goto("/assurance/harbour-lane/")
    flows.follow(page, page.locator(".lp-policies a").first)
    broken = page.locator("article[data-state=broken]").evaluate_all("all => all.map(one => one.id)")
    assert len(broken) > 1, "the demo has too little broken to move between"
    where = "document.activeElement.id"
    page.keyboard.press("n")
    assert page.evaluate(where) == broken[0]
    page.keyboard.press("n")
    assert page.evaluate(where) == broken[1]
    page.keyboard.press("p")
    assert page.evaluate(where) == broken[0]
    page.keyboard.press("p")
    assert page.evaluate(where) == broken[-1]  # round to the end
    assert page.locator(f"#{broken[-1]}").evaluate(
        "one => { const r = one.getBoundingClientRect(); return r.bottom > 0 && r.top < innerHeight; }"
    )
    assert "Broken" in words(page.locator(f"#{broken[-1]}"))

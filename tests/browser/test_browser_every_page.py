"""Every page a role can reach: no serious fault for assistive technology, nothing wider than a phone, usable without JavaScript."""

from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import DESKTOP, PHONE, faults, overflow

pytestmark = pytest.mark.browser

ROLES = ["Headteacher", "School business manager", "Clerk to governors", "Link governor", "Teacher", "Trust head of communications", "Administrator"]
SKIP = ("/account/logout", "/static/", "/download", ".pdf", "/pdf/")
LIMIT = 60  # pages a role; more only repeat the same templates


def shape(path: str) -> str:
    """An address with its ids taken out: one page of each shape is enough."""
    return "/".join("ID" if len(part) == 36 and part.count("-") == 4 else part for part in path.split("/"))


def crawl(page, site_url: str):
    """Visit each shape of page reachable by links, once, yielding its path."""
    waiting, seen = ["/"], set()
    while waiting and len(seen) < LIMIT:
        path = waiting.pop(0)
        if shape(path) in seen:
            continue
        seen.add(shape(path))
        answer = page.goto(path)
        assert answer.status == 200, f"{path} answered {answer.status}"
        yield path
        links = page.eval_on_selector_all("a[href]", "found => found.map(a => a.href)")
        for link in links:
            parts = urlsplit(link)
            if link.startswith(site_url) and not any(word in parts.path for word in SKIP):
                waiting.append(parts.path + (f"?{parts.query}" if parts.query and "state=" in parts.query else ""))


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_role_is_free_of_serious_faults(visit, site, role):
    page = visit(role)
    wrong, visited = {}, 0
    for path in crawl(page, site.url):
        visited += 1
        if found := faults(page):
            wrong[path] = found
        page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        if (wide := overflow(page)) > 0:
            wrong.setdefault(path, []).append(f"{wide} px wider than a phone")
        page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    assert visited > 3
    assert not wrong, wrong


@pytest.mark.parametrize("role", ["Headteacher", "Teacher"])
def test_every_page_of_a_role_works_without_javascript(visit, site, role):
    page = visit(role, javascript=False)
    for path in ["/", "/policies/", "/agreements/"]:
        answer = page.goto(path)
        assert answer.status == 200, path
        assert page.locator("h1").count() == 1, path
        dead = page.locator("button[type=button]:visible:not([aria-disabled=true])").count()
        assert dead == 0, f"{path} has a button that does nothing without JavaScript"


def test_pages_before_sign_in_are_free_of_serious_faults(visit):
    page = visit(None, PHONE)
    for path in ["/account/login/", "/account/login/code/", "/account/password/reset/", "/no-such-page/"]:
        page.goto(path)
        assert faults(page) == [], path
        assert overflow(page) <= 0, path

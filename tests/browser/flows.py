"""The way of a policy from a file to a signature, as people walk it: each step opens the pages its reader would open."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page
from tests.browser.looking import words

from schoolgate.common import clock

HARBOUR = "A new policy of Harbour Lane Primary"
SIGNED = "Everyone has signed the current policy"
ABOUT_SIGNING = re.compile(r"\bsign(?:ed|ing|ature)?\b|\bagree(?:d|ment)?\b", re.IGNORECASE)


def follow(page: Page, link: Locator) -> None:
    """Click what leads to another page and wait until that page is there."""
    with page.expect_navigation():
        link.click()


def press(page: Page, name: str) -> None:
    """Press the button of that name and wait for the page it leads to."""
    button = page.get_by_role("button", name=name, exact=True)
    assert button.count(), f"no button “{name}” on {page.url}: {words(page.locator('main'))[:600]}"
    follow(page, button.first)


def said(page: Page) -> str:
    """What the product says it has just done."""
    return words(page.locator(".govuk-notification-banner").first)


def upload(page: Page, file: Path | dict[str, Any], *, place: str, title: str = "") -> None:
    """The import page with a file chosen and sent."""
    page.goto("/policies/import/")
    option = page.locator("select[name=place] option").filter(has_text=place).first
    page.locator("select[name=place]").select_option(value=option.get_attribute("value"))
    page.locator("input[name=title]").fill(title)
    page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    press(page, "Import")


def go_on(page: Page) -> str:
    """From what was read of a document to its version: there was nothing to put right. The address of the version."""
    assert words(page.locator("h1")) == "Check what was read"
    follow(page, page.get_by_role("button", name=re.compile("go on$")))
    return page.url


def accept_strong(page: Page) -> int:
    """From a version's page: join every clause that has a strong suggestion. How many were joined."""
    follow(page, page.locator("a[href$='/clauses/']").first)
    if not page.get_by_role("button", name="Accept all strong suggestions").count():
        return 0
    press(page, "Accept all strong suggestions")
    return int(re.search(r"\d+", said(page)).group())  # type: ignore[union-attr]


def join_by_hand(page: Page, clauses_url: str) -> str:
    """Join one clause with nothing behind it to the signatures: the first that speaks of signing, or else the last. Its reference."""
    page.goto(f"{clauses_url}?show=unjoined")
    shown = page.locator("article.sg-clause")
    about = shown.filter(has=page.locator(".sg-clause__text").filter(has_text=ABOUT_SIGNING))
    while not about.count() and page.get_by_role("link", name="Next page").count():
        follow(page, page.get_by_role("link", name="Next page"))
    chosen = about.first if about.count() else shown.last
    ref = words(chosen.locator(".sg-clause__ref"))
    follow(page, chosen.locator("a[href*='/clauses/']").first)
    assert words(page.locator("h1")) == f"Clause {ref}"
    page.get_by_label("Controls carry it").check()
    box = page.get_by_role("checkbox", name=SIGNED, exact=True)
    if not box.count():
        page.locator("input[name=q]").fill("signed")
        press(page, "Search")
    box.first.check()
    press(page, "Save and go on")
    assert f"{ref} is decided" in said(page)
    return ref


def fill_date(page: Page, name: str, day: Any) -> None:
    for part in ("day", "month", "year"):
        page.locator(f"input[name={name}_{part}]").fill(str(getattr(day, part)))


def approve(page: Page, version_url: str, *, body: str, minute: str, met_on: Any) -> None:
    page.goto(version_url)
    press(page, "Approve")
    page.get_by_label("Who approved it?").fill(body)
    page.locator("input[name=minute]").fill(minute)
    fill_date(page, "met_on", met_on)
    press(page, "Approve")
    assert "It is approved" in said(page)


def bring_into_force(page: Page, version_url: str, *, review_on: Any, changed: str = "") -> None:
    page.goto(version_url)
    press(page, "Bring into force")
    fill_date(page, "review_on", review_on)
    page.locator("textarea[name=change_summary]").fill(changed)
    press(page, "Bring into force")
    assert "It is in force" in said(page)


def publish(page: Page, title: str) -> str:
    """Publish the form to sign; the address of the page of those who owe it."""
    page.goto("/agreements/forms/")
    follow(page, page.locator("li").filter(has_text=title).get_by_role("link", name=re.compile("publish the form")).first)
    press(page, "Publish the form")
    assert "The form is published" in said(page)
    return page.url


def in_force(clerk: Page, head: Page, *, lines: list[str], place: str, title: str, changed: str = "") -> None:
    """A text imported, approved and brought into force, with its form published. Its first line is its title."""
    upload(clerk, {"name": "code.txt", "mimeType": "text/plain", "buffer": "\n".join(lines).encode()}, place=place, title=title)
    version, today = go_on(clerk), clock.today()
    press(clerk, "Submit for review")
    approve(head, version, body="Full governing board", minute="Item 3", met_on=today)
    bring_into_force(clerk, version, review_on=today + timedelta(days=365), changed=changed)
    publish(clerk, title or lines[0])


def sign_open_page(page: Page, name: str) -> None:
    """Tick everything, answer the short check until it is right, write the name and sign."""
    for attempt in range(5):
        for box in page.locator("#sign input[type=checkbox]").all():
            box.check()
        wrong = page.locator("#sign .govuk-form-group--error") if attempt else page.locator("#sign")
        for field in wrong.locator("fieldset").filter(has=page.locator("input[type=radio]")).all():
            field.locator("input[type=radio]").nth(attempt).check()
        page.get_by_label("Your name").fill(name)
        press(page, "Sign")
        if not page.locator("#sign .govuk-form-group--error input[type=radio]").count():
            return


def sign_everything(page: Page, name: str) -> int:
    """Read and sign whatever waits for this person. How many were signed."""
    for number in range(20):
        page.goto("/agreements/")
        waiting = page.locator("a.govuk-task-list__link")
        if not waiting.count():
            return number
        follow(page, waiting.first)
        sign_open_page(page, name)
        assert words(page.locator("h1")).startswith("Signed: "), words(page.locator("main"))[:600]
    raise AssertionError("more than 20 policies wait for one signature")

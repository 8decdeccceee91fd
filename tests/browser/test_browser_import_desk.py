"""A clerk brings in a document and puts right what was misread by keyboard; an approver then sees what changed."""

import io
import re
from typing import Any

import pytest
import weasyprint
from docx import Document
from playwright.sync_api import Page
from tests.browser import flows
from tests.browser.looking import DESKTOP, PHONE, faults, overflow, words

pytestmark = pytest.mark.browser

HEADINGS = ("1. Posting", "2. People")
LINES = (
    "1.1 Two authorised people must be behind every post. One writes it and another approves it.",
    "1.2 Each official account must be looked at every day,",
    "1.3 weekends included, by somebody on the rota.",
    "2.1 Every adult must sign this policy within ten school days of joining, as the Data Protection Act 1998 says.",
    "2.2 Staff must not be friends with pupils on private accounts.",
    "2.3 Harbour Lane Primary, {title}, 2026",
)


def word_file(title: str, *, every: str = "every day", lines: tuple[str, ...] = LINES) -> dict[str, Any]:
    """A policy as a school's Word file."""
    made = Document()
    made.add_heading(title, 0)
    for line in lines:
        if line.startswith(("1.1", "2.1")):
            made.add_heading(HEADINGS[int(line[0]) - 1], 1)
        made.add_paragraph(line.format(title=title).replace("every day", every))
    kept = io.BytesIO()
    made.save(kept)
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    return {"name": f"{title}.docx", "mimeType": kind, "buffer": kept.getvalue()}


def pdf_file(title: str) -> dict[str, Any]:
    """The same as a PDF of two pages."""
    parts = [f"<h1>{title}</h1>"]
    for line in LINES:
        if line.startswith("2.1"):
            parts.append('<h2 style="break-before: page">2. People</h2>')
        elif line.startswith("1.1"):
            parts.append("<h2>1. Posting</h2>")
        parts.append(f"<p>{line.format(title=title)}</p>")
    return {"name": f"{title}.pdf", "mimeType": "application/pdf", "buffer": weasyprint.HTML(string="".join(parts)).write_pdf()}


def refs(page: Page) -> list[str]:
    return page.locator(".pd-piece__ref").all_inner_texts()


def choose(page: Page, ref: str) -> None:
    """Press k up to the top and j down again until the clause with this number is chosen."""
    page.evaluate("document.activeElement.blur()")
    for letter in "k" * 20 + "j" * 20:
        now = page.locator(".pd-piece:has(:checked) .pd-piece__ref")
        if now.count() and words(now) == ref:
            return
        page.keyboard.press(letter)
    raise AssertionError(f"the keys never come to clause {ref}: {refs(page)}")


def key(page: Page, letter: str) -> str:
    """Press a letter that leads to another page; what that page says was done."""
    with page.expect_navigation():
        page.keyboard.press(letter)
    return flows.said(page) if page.locator(".govuk-notification-banner").count() else ""


def sound(page: Page) -> None:
    """No serious fault, and no wider than a phone."""
    assert faults(page) == []
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    assert overflow(page) <= 0
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})


def test_a_word_file_is_put_right_with_the_keyboard_alone(visit):
    page = visit("Clerk to the governors")
    flows.upload(page, word_file("Desk Code"), place=flows.HARBOUR, title="Desk Code")
    sound(page)
    before = refs(page)
    choose(page, "1.2")
    assert "Joined into one clause, 1.2" in key(page, "m")
    assert "1.3" not in refs(page)
    assert page.evaluate("document.activeElement.name") == "item", "the clause just corrected has the focus"
    assert "is taken back" in key(page, "u")
    assert refs(page) == before
    choose(page, "2.3")
    page.locator("#aside-kind").select_option("furniture")
    assert "Clause 2.3 is set aside" in key(page, "x")
    assert "Running header or footer" in words(page.locator(".pd-piece:has(:checked)"))
    assert "It is clause 2.3 now" in key(page, "c")
    choose(page, "2.2")
    key(page, "n")
    assert page.url.endswith("#number")
    sound(page)
    page.locator("#id_ref").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("2.4")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "has its new number" in flows.said(page)
    assert "2.4" in refs(page)
    choose(page, "1.1")
    key(page, "s")
    page.locator("#split input[type=radio]").first.focus()
    page.keyboard.press("Space")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "Clause 1.1 is two clauses now" in flows.said(page)
    assert "1.1-2" in refs(page)
    page.keyboard.press("?")
    assert page.locator("[data-desk-help]").get_attribute("open") is not None
    sound(page)


def test_a_pdf_is_shown_beside_pictures_of_its_pages(visit):
    page = visit("Clerk to the governors")
    flows.upload(page, pdf_file("Paper Code"), place=flows.HARBOUR, title="Paper Code")
    assert "page 1 of 2" in words(page.locator("#clauses"))
    picture = page.locator(".pd-paper__image")
    assert picture.evaluate("one => one.complete && one.naturalWidth") >= 500
    sound(page)
    flows.follow(page, page.get_by_role("link", name="Next page"))
    assert "page 2 of 2" in words(page.locator("#clauses"))
    assert "2.1" in refs(page)
    assert page.locator(".pd-paper__image").evaluate("one => one.complete && one.naturalWidth") >= 500


def test_a_reading_is_put_right_without_javascript(visit):
    page = visit("Clerk to the governors", javascript=False)
    flows.upload(page, word_file("Plain Code"), place=flows.HARBOUR, title="Plain Code")
    page.locator(".pd-piece", has_text="Each official account").locator("input").check()
    flows.press(page, "Join next m")
    assert "Joined into one clause, 1.2" in flows.said(page)
    flows.press(page, "Undo u")
    assert "is taken back" in flows.said(page)
    flows.follow(page, page.get_by_role("link", name="Correct clause 1.2", exact=True))
    page.locator("#id_text").fill("Each official account must be looked at every day.")
    flows.press(page, "Save the words")
    assert "The words of clause 1.2 are corrected" in flows.said(page)
    flows.press(page, "Check the corrected text and go on")
    assert "checked again" in flows.said(page)


def decide_all(page: Page, version: str) -> None:
    page.goto(f"{version}findings/")
    sound(page)
    assert page.locator("mark", has_text="1998").count()
    for _ in range(60):
        if "0 of" in words(page.locator(".sg-lead")):
            return
        waiting = page.locator("article.pd-finding details")
        waiting.first.locator("summary").click()
        waiting.first.get_by_label("Accept as it stands").check()
        waiting.first.locator("input[type=text]").fill("It is dealt with in the safeguarding policy")
        flows.follow(page, waiting.first.get_by_role("button", name="Save the decision"))
    raise AssertionError("findings are left undecided")


def test_the_approver_sees_first_what_changed_and_corrections_are_made_again(visit):
    clerk, head = visit("Clerk to the governors"), visit("Headteacher")
    flows.upload(clerk, word_file("Changing Code"), place=flows.HARBOUR, title="Changing Code")
    choose(clerk, "2.3")
    clerk.locator("#aside-kind").select_option("furniture")
    key(clerk, "x")
    version = flows.go_on(clerk)
    decide_all(clerk, version)
    clerk.goto(version)
    flows.press(clerk, "Submit for review")

    second = word_file("Changing Code", every="twice a day")
    flows.upload(clerk, second, place="The next version of Changing Code")
    assert "as you corrected last time" in words(clerk.locator("main"))
    assert "2.3" not in refs(clerk)
    later = flows.go_on(clerk)
    flows.press(clerk, "Submit for review")

    head.goto("/")
    flows.follow(head, head.locator(f"a[href='{later.replace(head.url.rstrip('/'), '')}compare/']").first)
    assert words(head.locator("h1")) == "What changed since version 1"
    sound(head)
    changed = head.locator("article.pd-change")
    assert changed.count() == 1
    assert "every" in words(changed.locator("del"))
    assert re.search(r"twice a", words(changed.locator("ins")))
    flows.follow(head, head.get_by_role("link", name="Show everything"))
    assert head.locator("article.pd-change").count() > 3
    flows.follow(head, head.get_by_role("button", name="Approve"))
    assert words(head.locator("h1")) == "Approve this version"

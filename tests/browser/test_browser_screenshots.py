"""The pictures in the README and the guides: taken from the demo, named where they are used, and none left lying about.

`SCHOOLGATE_WRITE_SHOTS=1` writes those that a page names to docs/screenshots; otherwise all go to a temporary folder.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader
from tests.browser import flows
from tests.browser.looking import DESKTOP, PATIENCE, PHONE

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "docs" / "screenshots"
PRINTED = "printed-policy.png"
MOST_BYTES = 250_000
NAMED = re.compile(r"screenshots/([\w-]+\.png)")


def living_policy(page: Page) -> None:
    page.goto("/assurance/harbour-lane/")
    flows.follow(page, page.locator(".lp-policies a").first)


def signing(page: Page) -> None:
    """The end of the text and the form under it."""
    page.goto("/agreements/")
    flows.follow(page, page.locator("a.govuk-task-list__link").filter(has_text="Larkfield Trust"))
    page.locator("#sign").evaluate("one => one.scrollIntoView()")


def home(page: Page) -> None:
    page.goto("/")


def trust(page: Page) -> None:
    page.goto("/assurance/trust/")


def joining(page: Page) -> None:
    """A clause of the draft that waits at the school just starting, with what it could be joined to."""
    page.goto("/policies/")
    flows.follow(page, page.locator("article.sg-card a[href*='/versions/']").filter(has_not_text="Read it").last)
    flows.follow(page, page.locator("a[href$='/clauses/']").first)
    page.goto(page.url.partition("?")[0] + "?show=control")
    addresses = page.locator("article.sg-clause a[href*='/clauses/']").evaluate_all("all => all.map(one => one.href)")
    for address in addresses:
        page.goto(address)
        if page.locator("input[name=control]").first.is_checked():
            return
    raise AssertionError("no clause of the draft carries what was suggested for it first")


PICTURES: dict[str, tuple[str, tuple[int, int], Callable[[Page], None]]] = {
    "living-policy.png": ("Headteacher", (DESKTOP[0], 1280), living_policy),
    "sign-on-a-phone.png": ("Clerk to the governors", (PHONE[0], 840), signing),
    "home.png": ("Headteacher", DESKTOP, home),
    "trust.png": ("Trust head of communications", DESKTOP, trust),
    "joining.png": ("Trust head of communications", (DESKTOP[0], 1400), joining),
}


def used() -> set[str]:
    """The pictures that the README and the guides show."""
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    return {name for page in pages for name in NAMED.findall(page.read_text(encoding="utf-8"))}


def folder_for(name: str, otherwise: Path) -> Path:
    """Where a picture goes: among the kept ones only when asked to and when some page shows it."""
    if os.environ.get("SCHOOLGATE_WRITE_SHOTS") != "1" or name not in used():
        return otherwise
    KEPT.mkdir(exist_ok=True)
    return KEPT


@pytest.mark.parametrize("name", PICTURES)
def test_the_picture_can_be_taken_and_is_small(visit, tmp_path, name):
    role, size, go = PICTURES[name]
    page = visit(role, size)
    go(page)
    folder = folder_for(name, tmp_path)
    page.mouse.move(0, 0)
    page.screenshot(path=folder / name, animations="disabled", caret="hide")
    assert 5_000 < (folder / name).stat().st_size < MOST_BYTES


def test_the_printed_policy_can_be_made_and_drawn(visit, tmp_path):
    page = visit("Headteacher")
    living_policy(page)
    answer = page.request.get(page.get_by_role("link", name="Save as PDF").evaluate("one => one.href"), timeout=PATIENCE)
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/pdf"
    printed = tmp_path / "printed.pdf"
    printed.write_bytes(answer.body())
    assert len(PdfReader(printed).pages) > 1
    if not shutil.which("pdftoppm"):
        pytest.skip("the PDF is made; pdftoppm, which would draw its first page, is not installed")
    target = folder_for(PRINTED, tmp_path) / PRINTED
    subprocess.run(["pdftoppm", "-png", "-singlefile", "-r", "70", printed, target.with_suffix("")], check=True)
    assert target.stat().st_size < MOST_BYTES


def test_every_picture_that_is_kept_is_used_and_every_picture_used_is_kept():
    kept = {file.name for file in KEPT.glob("*")}
    assert used() == kept
    assert kept <= {*PICTURES, PRINTED}, "a picture that no test takes grows old unseen"
    assert all(file.stat().st_size < MOST_BYTES for file in KEPT.glob("*"))

"""A new head sets up a school on an empty installation, from a list of staff and a Word file, in one sitting."""

import base64
import hmac
import os
import re
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from tests.browser import flows
from tests.browser.conftest import Site, free_port, running, wait_until_healthy
from tests.browser.looking import DESKTOP, PATIENCE, PHONE, faults, overflow, words
from tests.browser.test_browser_import_desk import word_file

pytestmark = pytest.mark.browser

SCHOOL, HEAD = "Alder Park Primary", "head@alder.example"
STAFF = """external_id,given,family,email,category,job_title,employer,starts_on
E1,Mara,Example,head@alder.example,employee,Headteacher,Alder Park Primary,2026-09-01
E2,Jo,Quill,jo@alder.example,employee,Office manager,Alder Park Primary,2026-09-01
E3,Sam,Birch,sam@alder.example,employee,Teacher,Alder Park Primary,2026-09-01
G1,Lee,Marsh,lee@alder.example,governor,Chair,Alder Park Primary,2026-09-01
"""


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An installation on which one command has opened a school, and nothing else was done."""
    home, port = tmp_path_factory.mktemp("new"), free_port()
    url, mail = f"http://127.0.0.1:{port}", home / "mail"
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("SCHOOLGATE_", "DJANGO_", "DATABASE_URL"))}
    env = inherited | {
        "SCHOOLGATE_HOME": str(home), "SCHOOLGATE_URL": url, "SCHOOLGATE_EMAIL_FOLDER": str(mail),
        "SCHOOLGATE_EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
    }  # fmt: skip
    with running(["serve", "--port", str(port), "--workers", "1"], env):
        wait_until_healthy(url)
        told = ["--ref", "alder-park", "--phase", "primary", "--head", "Mara Example", "--email", HEAD]
        subprocess.run([sys.executable, "-m", "schoolgate.cli", "people", "open", SCHOOL, *told], env=env, check=True)
        yield Site(url, home, {})


@pytest.fixture
def page(chromium: Browser, empty: Site) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": DESKTOP[0], "height": DESKTOP[1]}, base_url=empty.url, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def code_in(mail: Path) -> str:
    """The code in the one letter that has left."""
    letter = next(mail.iterdir()).read_text()
    return re.search(r"Your code is:\s+(\S+)", letter)[1]  # type: ignore[index]


def second_step(page: Page) -> None:
    """Who may do what a head may signs in with a second step: an app on the telephone that knows this secret."""
    flows.follow(page, page.get_by_role("link", name="Set up an app").or_(page.get_by_role("button", name="Set up an app")))
    sound(page)
    page.locator("input[name=code]").fill(totp_code(str(page.locator(".sg-secret").text_content())))
    flows.press(page, "Set up the app")


def totp_code(secret: str) -> str:
    """The six numbers an app would show now (RFC 6238)."""
    made = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), "sha1")
    start = made[-1] & 15
    return f"{(int.from_bytes(made[start : start + 4]) & 0x7FFFFFFF) % 1_000_000:06}"


def sound(page: Page) -> None:
    assert faults(page) == []
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    assert overflow(page) <= 0
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})


def staff_file() -> dict[str, Any]:
    return {"name": "staff.csv", "mimeType": "text/csv", "buffer": STAFF.encode()}


def test_a_new_head_sets_up_a_school_in_one_sitting(page, empty):
    page.goto("/account/login/")
    flows.follow(page, page.get_by_role("button", name="E-mail me a code"))
    page.locator("input[name=email]").fill(HEAD)
    flows.press(page, "Send the code")
    page.locator("input[name=code]").fill(code_in(empty.home / "mail"))
    flows.press(page, "Sign in")
    second_step(page)
    page.goto("/")
    sound(page)
    assert f"Import a policy of {SCHOOL}" in words(page.locator("main"))  # a school that has nothing yet is told where to begin

    page.goto("/people/")
    flows.follow(page, page.get_by_role("link", name="Register of adults"))
    flows.follow(page, page.get_by_role("link", name=re.compile("import a list", re.IGNORECASE)).first)
    page.locator("input[type=file]").set_input_files(staff_file())
    flows.press(page, "Look at the changes")
    sound(page)
    flows.press(page, "Save these changes")
    assert "3 new, 1 changed" in flows.said(page)  # the head was known by her address

    flows.upload(page, word_file("Social Media Policy"), place=SCHOOL, title="Social Media Policy")
    sound(page)
    version = flows.go_on(page)
    flows.accept_strong(page)
    page.goto(version)
    assert "Social Media Policy" in words(page.locator("main"))
    sound(page)
    page.goto("/")
    asked = words(page.locator("main"))
    assert "of “Social Media Policy”, version 1" in asked
    assert f"Import a policy of {SCHOOL}" not in asked

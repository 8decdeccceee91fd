"""A real Chromium against the real server with the demo trust in it: nothing here touches the records but through pages."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from tests.browser.looking import DESKTOP, PATIENCE


@dataclass(frozen=True)
class Site:
    """A running Schoolgate and who can sign in to it."""

    url: str
    home: Path
    sign_ins: dict[str, tuple[str, str]]  # role title -> e-mail, password


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_healthy(url: str, seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{url} did not become healthy in {seconds} s")


@contextmanager
def running(command: list[str], env: dict[str, str]) -> Iterator[subprocess.Popen]:
    process = subprocess.Popen([sys.executable, "-m", "schoolgate.cli", *command], env=env, start_new_session=True)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            process.wait(5)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo trust, made once and served by the real web server."""
    home, port = tmp_path_factory.mktemp("demo"), free_port()
    url = f"http://127.0.0.1:{port}"
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("SCHOOLGATE_", "DJANGO_", "DATABASE_URL"))}
    env = {**inherited, "SCHOOLGATE_DEMO_HOME": str(home)}
    subprocess.run(
        [sys.executable, "-m", "schoolgate.cli", "demo", "--no-serve", "--port", str(port)], env=env, check=True, stdout=subprocess.DEVNULL
    )
    env |= {"SCHOOLGATE_HOME": str(home), "SCHOOLGATE_DEMO": "yes", "SCHOOLGATE_URL": url}
    with running(["serve", "--port", str(port), "--workers", "1"], env):
        wait_until_healthy(url)
        lines = (line.split("\t") for line in (home / "sign_ins.tsv").read_text().splitlines())
        yield Site(url, home, {role: (email, password) for role, email, password in lines})


@pytest.fixture(scope="session")
def cookies() -> dict[str, Any]:
    """What each person's browser holds once they have signed in: each goes through the sign-in page once a session."""
    return {}


@pytest.fixture
def visit(chromium: Browser, site: Site, cookies: dict[str, Any]) -> Iterator:
    """`visit("Headteacher")` is a page in a browser of that person's own, signed in through the sign-in page. None is a stranger."""
    contexts: list[BrowserContext] = []

    def start(role: str | None, size: tuple[int, int] = DESKTOP, javascript: bool = True) -> Page:
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]}, java_script_enabled=javascript, base_url=site.url,
            reduced_motion="reduce", storage_state=cookies.get(role or ""),
        )  # fmt: skip
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        if role and role not in cookies:
            sign_in(page, *site.sign_ins[role])
            cookies[role] = context.storage_state()
        return page

    yield start
    for context in contexts:
        context.close()


def sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/account/login/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/account/login" not in url)

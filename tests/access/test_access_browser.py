"""Signing in with a real Chromium under the strict content policy: a passkey from a virtual key, and the pages at both widths."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings as django_settings
from playwright.sync_api import Page
from tests.access.access_steps import PASSWORD, code_now

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
STATUS = "server responded with a status of 40"  # said of every page that is refused: not a fault
PICTURES = os.environ.get("ACCESS_PICTURES", "")  # a folder to keep a picture of every page in
KEY = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def place(live_server, settings) -> str:
    """The address of a running server. Passkeys know a host by name, so it is called localhost."""
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    settings.CSRF_TRUSTED_ORIGINS = []
    return live_server.url.replace("127.0.0.1", "localhost")


@pytest.fixture
def page(chromium) -> Iterator[Page]:
    """A fresh browser window that fails the test when the content policy stopped anything or a script broke."""
    window = chromium.new_context(viewport={"width": 1280, "height": 900})
    opened, faults = window.new_page(), []
    opened.on("console", lambda line: faults.append(line.text) if line.type == "error" and STATUS not in line.text else None)
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.set_default_timeout(15_000)
    yield opened
    window.close()
    assert not faults


def with_key(page: Page) -> str:
    """Put a virtual passkey into the browser."""
    wire = page.context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    page.wire = wire
    return wire.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})["authenticatorId"]


def enter(page: Page, place: str, email: str, password: str = PASSWORD) -> None:
    page.goto(f"{place}/account/login/")
    page.get_by_label("E-mail address").fill(email)
    page.locator("input[name=password]").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_a_passkey_is_set_up_and_signs_in_by_itself(place, page, with_sign_in):
    with_key(page)
    enter(page, place, with_sign_in("head"))
    page.get_by_role("button", name="Set up a passkey").click()
    page.get_by_label("Name of the passkey").fill("my phone")
    page.get_by_label("Use it instead of my password").check()
    page.get_by_role("button", name="Set up the passkey").click()
    page.wait_for_url("**/recovery-codes/")
    look(page, "recovery codes")
    page.get_by_role("button", name="I have kept them safe").click()
    page.wait_for_url(f"{place}/")
    kept = Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN)
    assert kept.wrap().name == "my phone"
    assert kept.wrap().is_passwordless
    page.context.clear_cookies(name=django_settings.SESSION_COOKIE_NAME)
    page.goto(f"{place}/account/login/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{place}/")
    assert page.locator("h1").inner_text()


def test_a_passkey_is_asked_for_after_the_password(place, page, with_sign_in):
    with_key(page)
    email = with_sign_in("teacher")
    enter(page, place, email)
    page.get_by_role("button", name="Set up a passkey").click()
    page.get_by_role("button", name="Set up the passkey").click()
    page.wait_for_url("**/recovery-codes/")
    page.goto(f"{place}/account/2fa/webauthn/")
    look(page, "passkeys")
    page.goto(f"{place}/account/2fa/")
    look(page, "second step set up")
    page.context.clear_cookies(name=django_settings.SESSION_COOKIE_NAME)
    enter(page, place, email)
    page.wait_for_url("**/authenticate/")
    look(page, "second step")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{place}/")


def test_a_passkey_that_is_not_there_is_told_in_words(place, page, with_sign_in):
    key = with_key(page)
    page.wire.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": False})
    page.goto(f"{place}/account/login/")
    assert not page.get_by_text("The passkey could not be used").is_visible()
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_text("The passkey could not be used").wait_for()


def test_an_authenticator_app_is_set_up_by_keyboard(place, page, with_sign_in):
    enter(page, place, with_sign_in("head"))
    page.get_by_role("button", name="Set up an app").focus()
    page.keyboard.press("Enter")
    page.get_by_text("I cannot scan the picture").click()
    secret = page.locator("details code").inner_text().replace(" ", "")
    assert page.locator("img[alt^='A picture']").evaluate("picture => picture.naturalWidth") > 0
    page.get_by_label("Code").fill(code_now(secret))
    page.keyboard.press("Enter")
    page.wait_for_url("**/recovery-codes/")


PAGES = (
    "/account/login/", "/account/login/code/", "/account/password/reset/", "/account/password/reset/done/", "/account/inactive/",
    "/account/password/reset/key/a-b/", "/account/password/reset/key/done/", "/account/3rdparty/login/error/",
    "/account/3rdparty/login/cancelled/", "/nothing/", "/account/2fa/", "/account/2fa/totp/activate/", "/account/2fa/webauthn/add/",
    "/account/2fa/webauthn/", "/account/2fa/recovery-codes/generate/", "/account/password/change/", "/account/logout/",
    "/account/reauthenticate/",
)  # fmt: skip


def test_every_sign_in_page_fits_both_widths_and_has_one_heading(place, page, with_sign_in, settings):
    settings.DEMO = True
    enter(page, place, "nobody@example.org", "not right")
    look(page, "wrong password")
    page.goto(f"{place}/account/login/code/")
    page.get_by_label("E-mail address").fill("nobody@example.org")
    page.get_by_role("button", name="Send the code").click()
    look(page, "code on its way")
    page.context.clear_cookies()
    enter(page, place, with_sign_in("head"))
    page.wait_for_url(f"{place}/")
    cookies = page.context.cookies()
    for path in PAGES:
        signed_in_page = path.startswith(("/account/2fa", "/account/password/change", "/account/logout", "/account/rea"))
        page.context.clear_cookies()
        page.context.add_cookies(cookies if signed_in_page else [])
        page.goto(place + path)
        look(page, path.strip("/").replace("/", "-") or "home")


def look(page: Page, name: str) -> None:
    """One heading, a title that says it, nothing wider than the window, at both widths."""
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.locator("h1").count() == 1, name
        assert page.locator("h1").inner_text() in page.title(), name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
        assert "allauth" not in page.locator("body").inner_text().lower(), name
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)

"""The components page in a real Chromium, under the strict content policy: at both widths, by keyboard, printed and without JavaScript."""

import threading
from collections.abc import Callable, Iterator
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
WIDTHS = (1280, 320)
PROCESSORS = ["django.template.context_processors.request", "schoolgate.ui.context.page"]


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Silent(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """No line for each request."""


def carry_a_full_frame(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: hangs on the request what the product's own middleware would."""

    def frame(request: HttpRequest) -> HttpResponse:
        request.place, request.person_name = "Beechwood Primary School", "Amina Okafor"
        request.navigation = [{"text": text, "url": f"/{text}/", "active": text == "Policy"} for text in ("To do", "Policy", "Posts")]
        request.person_menu = [{"text": "Your account", "url": "/me/"}]
        request.footer_links = [{"text": "Help", "url": "/help/"}]
        return answer(request)

    return frame


@pytest.fixture
def address(settings) -> Iterator[str]:
    """Where the components page is served with the strict policy and no database."""
    settings.ROOT_URLCONF = "tests.ui.frame_urls"
    settings.MIDDLEWARE = ["csp.middleware.CSPMiddleware", "django.middleware.csrf.CsrfViewMiddleware", f"{__name__}.carry_a_full_frame"]
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "OPTIONS": {**settings.TEMPLATES[0]["OPTIONS"], "context_processors": PROCESSORS}}]
    server = make_server("127.0.0.1", 0, StaticFilesHandler(get_wsgi_application()), Server, Silent)
    worker = threading.Thread(target=server.serve_forever, daemon=True)
    worker.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    worker.join()


@pytest.fixture(scope="module")
def browser(chromium: Browser) -> Browser:
    return chromium


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """`visit(path, width, **options)` opens a page and fails the test if the page complained to the console."""
    complaints: list[str] = []
    opened = []

    def go(path: str = "/components/", width: int = 1280, **options: Any) -> Page:
        page = browser.new_page(viewport={"width": width, "height": 900}, **options)
        page.on("console", lambda line: complaints.append(line.text) if line.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address + path)
        opened.append(page)
        return page

    yield go
    for page in opened:
        page.close()
    assert complaints == []


def serious(page: Page) -> list[str]:
    violations = Axe().run(page).response["violations"]
    return [f"{found['id']}: {found['nodes'][0]['html'][:120]}" for found in violations if found["impact"] in {"serious", "critical"}]


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_is_accessible_and_does_not_scroll_sideways(visit, width):
    page = visit(width=width)
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_with_every_error_is_accessible_and_leads_to_the_first_error(visit, width):
    page = visit(width=width)
    page.click("text=Save the account")
    page.wait_for_selector(".govuk-error-summary")
    assert page.title().startswith("Error: ")
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.click(".govuk-error-summary a >> nth=0")
    assert page.evaluate("document.activeElement.id") == "id_name"


@pytest.mark.parametrize("width", [360, 641, 768, 1024, 1232, 1920])
def test_at_every_width_the_page_keeps_its_margins(visit, width):
    page = visit(width=width)
    page.click("text=The same as a table")
    lefts = page.eval_on_selector_all(".govuk-width-container", "all => all.map(e => e.getBoundingClientRect().left)")
    assert min(lefts) >= 15
    assert len(set(lefts)) == 1, "header, page and footer stand on one line"
    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("width", WIDTHS)
def test_every_control_is_big_enough_for_a_finger(visit, width):
    page = visit(width=width)
    small = page.eval_on_selector_all(
        "button, summary, select, input:not([type=hidden]), .govuk-button",
        "all => all.filter(e => e.offsetParent && (e.offsetHeight < 24 || e.offsetWidth < 24)).map(e => e.outerHTML.slice(0, 80))",
    )
    assert small == []


def test_our_typeface_is_used_and_nothing_comes_from_elsewhere(visit, address):
    asked: list[str] = []
    page = visit()
    page.on("request", lambda request: asked.append(request.url))
    page.reload(wait_until="networkidle")
    assert page.evaluate("document.fonts.check('16px \"Atkinson Hyperlegible\"')")
    assert len([url for url in asked if url.endswith(".woff2")]) == 2
    assert [url for url in asked if not url.startswith(address)] == []


def test_the_menu_of_the_person_opens_and_closes_by_keyboard(visit):
    page = visit()
    page.focus(".sg-person summary")
    page.keyboard.press("Enter")
    assert page.is_visible("text=Sign out")
    page.keyboard.press("Escape")
    assert not page.is_visible("text=Sign out")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_n_and_p_move_through_what_is_broken_and_come_round_again(visit):
    page = visit()
    at = "document.activeElement.closest('.sg-clause')?.id"
    seen = []
    for key in "njnpk":
        page.keyboard.press(key)
        seen.append(page.evaluate(at))
    assert seen == ["clause-4.3", "clause-4.4", "clause-4.3", "clause-4.4", "clause-4.3"]


def test_a_letter_typed_into_a_field_moves_nothing(visit):
    page = visit()
    page.focus("#id_name")
    page.keyboard.type("napkin")
    assert page.input_value("#id_name") == "napkin"
    assert page.evaluate("document.activeElement.id") == "id_name"


def test_a_question_is_asked_before_what_cannot_be_undone(visit):
    page = visit()
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.click("text=Close the account")
    assert asked == ["Close this account now?"]
    assert "?close" not in page.url


def test_a_denied_button_can_be_reached_and_does_nothing(visit):
    page = visit()
    page.focus("button[aria-disabled=true]")
    page.keyboard.press("Enter")
    assert page.url.endswith("/components/")
    assert page.evaluate("document.activeElement.textContent") == "Publish"


@pytest.mark.parametrize("width", WIDTHS)
def test_everything_is_there_without_javascript(visit, width):
    page = visit(width=width, java_script_enabled=False)
    assert page.is_visible("nav[aria-label=Main] a >> text=Posts")
    page.click(".sg-person summary")
    page.click("text=Sign out")
    assert page.text_content("p") == "Signed out"


def test_the_shown_password_is_shown_and_hidden_again(visit):
    page = visit()
    page.fill("#id_password", "a long enough one")
    page.click("button[aria-controls=id_password]")
    assert page.get_attribute("#id_password", "type") == "text"
    page.click("button[aria-controls=id_password]")
    assert page.get_attribute("#id_password", "type") == "password"


def test_nothing_is_told_by_colour_alone_in_forced_colours(visit):
    page = visit(forced_colors="active")
    assert serious(page) == []
    words = page.locator(".sg-key .sg-state__words").all_text_contents()
    assert words == ["Met", "Due", "Broken", "No data", "Not applicable", "Not carried by this version"]
    assert page.locator(".sg-key .sg-state__icon").first.bounding_box()["width"] > 8


def test_paper_carries_the_facts_and_leaves_out_what_only_a_screen_can_do(visit):
    page = visit()
    page.emulate_media(media="print")
    assert page.is_visible("text=This page was made on 6 March 2026")
    assert page.is_visible(".sg-clause >> nth=0")
    for gone in (".sg-navigation", ".sg-person", ".govuk-pagination", ".sg-button-form button >> nth=0"):
        assert not page.is_visible(gone)


def test_nothing_moves_for_someone_who_asked_for_stillness(visit):
    page = visit(reduced_motion="reduce")
    durations = page.eval_on_selector_all("*", "all => [...new Set(all.map(e => getComputedStyle(e).transitionDuration))]")
    assert durations == ["0s"]

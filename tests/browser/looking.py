"""What a browser test can ask of a page: faults for assistive technology, width, what the keyboard reaches, and the words on it."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

DESKTOP, PHONE = (1280, 900), (320, 640)
PATIENCE = 60_000  # ms to wait for a page: a loaded machine is slow, a broken page never comes
AXE = Axe()


def faults(page: Page) -> list[str]:
    """Serious and critical faults axe finds on the page as it stands."""
    found = AXE.run(page).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found if v["impact"] in {"serious", "critical"}]


def overflow(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


SKELETON = """() => {
    const address = ["href", "action", "value", "datetime", "src", "content", "nonce", "d", "for", "id"];
    const wording = name => name.startsWith("aria-label") || name.includes("by") || name === "title";
    const told = a => wording(a.name) ? a.name : `${a.name}=${a.value}`;
    const attributes = one => [...one.attributes].filter(a => !address.includes(a.name)).map(told);
    const words = one => one.childElementCount ? "" : one.textContent.trim() ? "+" : "-";
    return [...document.querySelectorAll("*")].map(one => `${one.tagName} ${attributes(one).sort()} ${words(one)}`)
        .filter((line, place, all) => line !== all[place - 1]).join("\\n");
}"""


def skeleton(page: Page) -> str:
    """How the page is built, without its words: two pages with one skeleton have the same faults, or none."""
    return str(page.evaluate(SKELETON))


def squeezed(text: str) -> str:
    """Words alone, as an eye sees them: runs of white space are one space."""
    return re.sub(r"\s+", " ", text.replace("\u200b", "")).strip()


def words(found: Locator) -> str:
    return squeezed(found.inner_text())


def tab_to(page: Page, name: str, role: str = "link", most: int = 80) -> int:
    """Press Tab until the named link or button has the focus; how many presses it took. Fails when it is never reached."""
    wanted = page.get_by_role(role, name=name).first  # type: ignore[arg-type]
    handle = wanted.element_handle()
    for presses in range(1, most + 1):
        page.keyboard.press("Tab")
        if handle.evaluate("one => one === document.activeElement"):
            return presses
    raise AssertionError(f"{most} presses of Tab never reach the {role} “{name}” on {page.url}")


def ring(page: Page) -> bool:
    """Whether the thing in focus looks different from when it is not."""
    return bool(
        page.evaluate(
            """() => { const one = document.activeElement, look = () => { const s = getComputedStyle(one);
                return [s.outlineStyle, s.outlineWidth, s.boxShadow, s.backgroundColor, s.borderColor].join(); };
                const focused = look(); one.blur(); const plain = look(); one.focus(); return focused !== plain; }"""
        )
    )

"""A page saved from a website: the article kept; menus, banners, breadcrumbs, side columns and footers set aside."""

import re

from lxml import etree

_NEVER = {
    "script",
    "style",
    "noscript",
    "template",
    "svg",
    "iframe",
    "object",
    "head",
    "select",
    "button",
    "textarea",
    "canvas",
    "audio",
    "video",
}
_ROUND = {"nav", "footer", "aside", "dialog"}
_ROLES = {"navigation", "banner", "contentinfo", "search", "complementary", "dialog", "alertdialog", "menu", "menubar", "toolbar"}
_CLASSES = re.compile(
    r"(?:^|[-_])(?:nav|navbar|navigation|menu|breadcrumbs?|side-?bar|skip-?(?:link|to-content|nav)|pagination|pager|masthead|"
    r"cookies?|cookie[-_]?(?:banner|bar|notice|consent|popup|message)|gdpr[-_]?\w{1,12}|popup|modal|toolbar|advert|adverts|"
    r"share[-_]?(?:buttons?|links?|bar|this|daddy)|sharedaddy|social[-_]?(?:links?|icons?|share|sharing|bar|buttons?)|addtoany|"
    r"related[-_]?(?:posts?|links?|pages?)|newsletter|site[-_]?(?:header|footer)|page[-_]?footer|footer|search[-_]?(?:form|box|bar)|"
    r"back[-_]?to[-_]?top|print[-_]?(?:link|button))(?:$|[-_])",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # Letters that XML does not allow; a reference can make them.
_MAIN = ("//main", "//*[@role='main']", "//*[@itemprop='articleBody']", "//article")
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_MOST_OF_IT = 0.5
_ENOUGH = 200


def article_of(body: etree._Element) -> list[str]:
    """Cut a page down to its article, in place, and give back the texts that were set aside."""
    _unshown(body)
    aside: list[str] = []
    for menu in _menus(body):
        _cut(menu, aside)
    _without_round(body, lengths(body), length(body), aside)
    main = _main(body)
    if main is None:
        return aside
    title = next(body.iter("h1"), None) if next(main.iter("h1"), None) is None else None
    for step in [main, *(above for above in main.iterancestors() if above is not body)]:
        for beside in [*step.itersiblings(preceding=True), *step.itersiblings()]:
            _cut(beside, aside, keep=title)
    return aside


def length(element: etree._Element) -> int:
    """How many letters an element holds, spaces not counted."""
    return sum(len(piece.strip()) for piece in element.itertext())


def _menus(body: etree._Element) -> list[etree._Element]:
    """The lists of nothing but links that stand before the title of the page."""
    found: list[etree._Element] = []
    for element in body.iter("ul", "ol", "h1"):
        if element.tag == "h1":
            return found
        inside = any(above in found for above in element.iterancestors("ul", "ol"))
        links = list(element.iter("a"))
        if not inside and len(links) > 2 and len(found) < 20 and sum(map(length, links)) == length(element):
            found.append(element)
    return []


def lengths(body: etree._Element) -> dict[etree._Element, int]:
    """The length of every element, reckoned from the innermost outwards."""
    found: dict[etree._Element, int] = {}
    for element in reversed(list(body.iter())):
        own = len((element.text or "").strip()) if isinstance(element.tag, str) else 0
        found[element] = own + sum(found[child] + len((child.tail or "").strip()) for child in element)
    return found


def words(element: etree._Element) -> str:
    """The words of an element with single spaces between them."""
    return " ".join(" ".join(element.itertext()).split())


def _unshown(body: etree._Element) -> None:
    """Take out what no reader of the page sees."""
    for element in list(body.iter()):
        if not isinstance(element.tag, str) or element is body:
            continue
        if element.tag in _NEVER or element.get("hidden") is not None or _HIDDEN.search(element.get("style", "")):
            _remove(element)


def _without_round(parent: etree._Element, known: dict[etree._Element, int], total: int, aside: list[str]) -> None:
    for child in list(parent):
        if known[child] < _MOST_OF_IT * total and _round(child):
            _cut(child, aside)
        elif child.tag not in _HEADINGS:
            _without_round(child, known, total, aside)


def _round(element: etree._Element) -> bool:
    """Whether an element stands round the article: by its tag, role or class."""
    names = element.get("class", "").split()[:20]
    return (
        element.tag in _ROUND
        or element.get("role", "").lower() in _ROLES
        or (element.tag == "header" and next(element.iter("h1"), None) is None)
        or (element.tag in ("div", "section", "ul", "ol", "p", "a", "form", "span") and any(_CLASSES.search(name[:80]) for name in names))
    )


def _main(body: etree._Element) -> etree._Element | None:
    """The element that holds the article; None where the page does not say, or where it would lose most of the words."""
    total = length(body)
    for path in _MAIN:
        found = [element for element in body.xpath(f".{path}") if isinstance(element, etree._Element)]
        best = max(found, key=length, default=None) if len(found) < 20 else None
        if best is not None and length(best) >= max(_MOST_OF_IT * total, min(_ENOUGH, total)):
            return best
    return None


def _cut(element: etree._Element, aside: list[str], keep: etree._Element | None = None) -> None:
    """Set an element aside, except the one heading that names the page."""
    if keep is not None and (element is keep or keep in element.iter("h1")):
        for child in [other for other in element if other is not keep]:
            _cut(child, aside, keep)
        return
    text = words(element)
    if text:
        aside.append(text)
    _remove(element)


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is None:
        return
    tail = UNSEEN.sub("", element.tail or "")
    before = element.getprevious()
    if tail and before is not None:
        before.tail = UNSEEN.sub("", before.tail or "") + tail
    elif tail:
        parent.text = UNSEEN.sub("", parent.text or "") + tail
    parent.remove(element)

"""What must be true of the HTML of every page, whatever it shows."""

from itertools import pairwise

from lxml import html

NEEDS_LABEL = "//input[not(@type='hidden')]|//select|//textarea"
POINTS_AT_IDS = ("aria-describedby", "aria-labelledby", "aria-controls", "for")


def read(text: str | bytes) -> html.HtmlElement:
    return html.document_fromstring(text if isinstance(text, str) else text.decode())


def faults(text: str | bytes, whole_page: bool = True) -> list[str]:
    """Sentences about what is wrong with the page; none for a good one."""
    tree = read(text)
    found = [f"repeated id {name}" for name in repeated(tree.xpath("//@id"))]
    found += [f"inline style on <{element.tag}>" for element in tree.xpath("//*[@style]")]
    found += [f"<{element.tag}> in the page" for element in tree.xpath("//style|//script[not(@src)]")]
    found += [f"{name} on <{element.tag}>" for element in tree.iter() for name in element.attrib if name.startswith("on")]
    found += [f"no label for {field.get('name')}" for field in tree.xpath(NEEDS_LABEL) if not is_labelled(tree, field)]
    found += dangling(tree)
    found += [f"no token in the form for {form.get('action')}" for form in tree.xpath("//form") if lacks_token(form)]
    found += [f"picture without words: {html.tostring(picture)[:60]!r}" for picture in tree.xpath("//svg") if is_wordless(picture)]
    if whole_page:
        found += headings(tree)
        found += [] if tree.get("lang") == "en-GB" else ["no language"]
        found += [] if tree.xpath("//main[@id='main-content']") else ["no main part"]
    return found


def repeated(names: list[str]) -> set[str]:
    return {name for name in names if names.count(name) > 1}


def is_labelled(tree: html.HtmlElement, field: html.HtmlElement) -> bool:
    return bool(
        field.get("aria-label") or [label for label in tree.xpath("//label") if field.get("id") and label.get("for") == field.get("id")]
    )


def dangling(tree: html.HtmlElement) -> list[str]:
    known = set(tree.xpath("//@id"))
    return [
        f"{attribute} points at {name}, which is not there"
        for attribute in POINTS_AT_IDS
        for value in tree.xpath(f"//@{attribute}")
        for name in value.split()
        if name not in known
    ]


def lacks_token(form: html.HtmlElement) -> bool:
    return form.get("method", "get").lower() == "post" and not form.xpath(".//input[@name='csrfmiddlewaretoken']")


def is_wordless(picture: html.HtmlElement) -> bool:
    return picture.get("aria-hidden") != "true" and not picture.get("aria-labelledby") and not picture.get("aria-label")


def headings(tree: html.HtmlElement) -> list[str]:
    levels = [int(element.tag[1]) for element in tree.xpath("//main//h1|//main//h2|//main//h3|//main//h4")]
    found = [] if levels.count(1) == 1 else [f"{levels.count(1)} headings of level 1"]
    return found + [f"level {after} after level {before}" for before, after in pairwise(levels) if after > before + 1]

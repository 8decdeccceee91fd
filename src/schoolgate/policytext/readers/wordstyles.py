"""What the styles of a Word file say about a paragraph: its name, list, outline level, weight and size."""

from dataclasses import dataclass, field

from lxml import etree

from schoolgate.policytext.readers.wordparts import W, switched, value, whole


@dataclass(frozen=True, slots=True)
class Style:
    """What a style says about itself; None where it is silent. ``base`` is the style it is based on, ``size`` is in points."""

    key: str = ""
    name: str = ""
    base: str | None = None
    number: str | None = None
    level: int | None = None
    outline: int | None = None
    bold: bool | None = None
    hidden: bool | None = None
    size: float | None = None


@dataclass(slots=True)
class Styles:
    """All styles of a document by their key, the one used where a paragraph names none, and the usual size of letters."""

    by_key: dict[str, Style] = field(default_factory=dict)
    usual: str | None = None
    size: float = 0.0
    chains: dict[str, list[Style]] = field(default_factory=dict)

    def chain(self, key: str | None) -> list[Style]:
        """A style and those it is based on, nearest first; a circle ends where it closes. Without a key, the usual style."""
        key = key if key in self.by_key else self.usual
        if key is None:
            return []
        if key not in self.chains:
            found: list[Style] = []
            step: str | None = key
            while step in self.by_key and self.by_key[step] not in found and len(found) < 40:
                found.append(self.by_key[step])
                step = self.by_key[step].base
            self.chains[key] = found
        return self.chains[key]


def read_styles(root: etree._Element | None) -> Styles:
    """The styles of a document from its styles part, which may be missing."""
    found = Styles()
    if root is None:
        return found
    for element in root.iter(f"{W}style"):
        style = _style(element)
        found.by_key[style.key] = style
        if element.get(f"{W}type") == "paragraph" and element.get(f"{W}default") in ("1", "true", "on"):
            found.usual = style.key
    found.size = _points(root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")) or 0.0
    return found


def _style(element: etree._Element) -> Style:
    properties, letters = element.find(f"{W}pPr"), element.find(f"{W}rPr")
    return Style(
        key=element.get(f"{W}styleId", ""),
        name=(value(element, "name") or "").lower(),
        base=value(element, "basedOn"),
        number=value(properties, "numPr", "numId"),
        level=whole(value(properties, "numPr", "ilvl")),
        outline=whole(value(properties, "outlineLvl")),
        bold=switched(letters, "b"),
        hidden=switched(letters, "vanish"),
        size=_points(letters),
    )


def _points(letters: etree._Element | None) -> float | None:
    half = whole(value(letters, "sz"))
    return half / 2 if half and 0 < half < 1000 else None


def look(letters: etree._Element | None, chain: list[Style], character: list[Style], usual: float) -> tuple[bool, bool, float]:
    """Whether letters are bold and hidden, and their size: from themselves, their character style, the paragraph's styles."""
    steps = [*character, *chain]
    bold, hidden, size = switched(letters, "b"), switched(letters, "vanish"), _points(letters)
    if bold is None:
        bold = next((step.bold for step in steps if step.bold is not None), False)
    if hidden is None:
        hidden = next((step.hidden for step in steps if step.hidden is not None), False)
    if size is None:
        size = next((step.size for step in steps if step.size is not None), usual)
    return bold, hidden, size

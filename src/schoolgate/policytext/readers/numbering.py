"""The numbers Word prints but does not store: worked out from numbering.xml, style by style and level by level.

Word keeps a paragraph's list (numId) and level (ilvl), on the paragraph or on its style or on a style that one is based on. The list points
to an abstract list whose levels say how a number looks ("%1.%2"). Lists that share an abstract list share its counters, unless one of
them says where to start again.
"""

from dataclasses import dataclass, field

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is numbered.

    ``restart`` is the level (from 1) after which it starts again; None means any higher one, 0 never.
    """

    start: int = 1
    look: str = "decimal"
    text: str = ""
    style: str | None = None
    legal: bool = False
    restart: int | None = None


@dataclass(slots=True)
class Style:
    """What a paragraph style says about itself; ``base`` is the style it is based on."""

    name: str = ""
    base: str | None = None
    number: str | None = None
    level: int | None = None
    outline: int | None = None
    bold: bool = False


@dataclass(slots=True)
class Numbering:
    """All lists of a document, and how far each has counted."""

    abstract: dict[str, dict[int, Level]] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    starts: dict[str, dict[int, int]] = field(default_factory=dict)
    changed: dict[str, dict[int, Level]] = field(default_factory=dict)
    styles: dict[str, Style] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    begun: set[tuple[str, int]] = field(default_factory=set)

    def chain(self, style: str | None) -> list[Style]:
        """A style and those it is based on, nearest first; a circle ends where it closes."""
        found: list[Style] = []
        seen: set[str] = set()
        while style and style not in seen and style in self.styles:
            seen.add(style)
            found.append(self.styles[style])
            style = self.styles[style].base
        return found

    def place(self, number: str | None, level: int | None, style: str | None) -> tuple[str, int] | None:
        """The list and level of a paragraph, from itself or its styles; None when it is in no list."""
        chain = self.chain(style)
        if number is None:
            number = next((step.number for step in chain if step.number is not None), None)
            if level is None:
                level = next((step.level for step in chain if step.level is not None), None)
        if number is None or number == "0" or number not in self.lists:
            return None
        if level is None:
            level = self._level_of_style(number, style)
        return number, level

    def _level_of_style(self, number: str, style: str | None) -> int:
        levels = self.abstract.get(self.lists[number], {})
        return next((depth for depth, level in levels.items() if style and level.style == style), 0)

    def levels(self, number: str) -> dict[int, Level]:
        """The levels of a list, with its own changes laid over those of its abstract list."""
        return {**self.abstract.get(self.lists[number], {}), **self.changed.get(number, {})}

    def next(self, number: str, depth: int) -> tuple[str, str]:
        """Count one paragraph on and return its number as printed and its look ("decimal", "bullet", ...)."""
        levels = self.levels(number)
        level = levels.get(depth, Level())
        counts = self.counts.setdefault(self.lists[number], {})
        start = self.starts.get(number, {}).get(depth)
        if start is not None and (number, depth) not in self.begun:
            counts[depth] = start - 1
        self.begun.add((number, depth))
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [step for step in counts if step > depth]:
            restart = levels.get(deeper, Level()).restart
            if restart is None or (restart and depth < restart):
                del counts[deeper]
        return _printed(levels, level, counts, depth), level.look


def _printed(levels: dict[int, Level], level: Level, counts: dict[int, int], depth: int) -> str:
    text = level.text
    if level.look in ("bullet", "none"):
        return text if level.look == "bullet" else ""
    for step in range(depth + 1):
        own = levels.get(step, Level())
        value = counts.get(step, own.start)
        text = text.replace(f"%{step + 1}", shown(value, "decimal" if level.legal else own.look))
    return text.strip()


def shown(value: int, look: str) -> str:
    """A number in one of Word's looks: decimal, letters or Roman, small or capital."""
    if look in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1) if value > 0 else ""
        return letter.upper() if look == "upperLetter" else letter
    if look in ("lowerRoman", "upperRoman"):
        roman = _roman(value)
        return roman.upper() if look == "upperRoman" else roman
    if look in ("bullet", "none"):
        return ""
    return f"{value:02}" if look == "decimalZero" else str(value)


def _roman(value: int) -> str:
    made = ""
    for size, mark in _ROMAN:
        while value >= size:
            made += mark
            value -= size
    return made


def read_numbering(numbering: etree._Element | None, styles: etree._Element | None) -> Numbering:
    """The lists and styles of a document from its two XML parts; either may be missing."""
    found = Numbering()
    for element in styles.iter(f"{W}style") if styles is not None else ():
        found.styles[element.get(f"{W}styleId", "")] = _style(element)
    if numbering is None:
        return found
    links: dict[str, str] = {}
    for element in numbering.iter(f"{W}abstractNum"):
        key = element.get(f"{W}abstractNumId", "")
        found.abstract[key] = {int(level.get(f"{W}ilvl", "0")): _level(level) for level in element.iter(f"{W}lvl")}
        link = value(element, "numStyleLink")
        if link:
            links[key] = link
    for element in numbering.iter(f"{W}num"):
        _list(found, element)
    for key, style in links.items():
        number = found.styles.get(style, Style()).number
        if number in found.lists and found.lists[number] != key:
            found.abstract[key] = found.abstract.get(found.lists[number], {})
    return found


def value(element: etree._Element | None, *names: str) -> str | None:
    """The w:val of a descendant found step by step; None where a step is missing."""
    for name in names:
        if element is None:
            return None
        element = element.find(f"{W}{name}")
    return element.get(f"{W}val") if element is not None else None


def whole(text: str | None) -> int | None:
    """A whole number, or None where the text is not one."""
    return int(text) if text is not None and text.lstrip("-").isdigit() else None


def _style(element: etree._Element) -> Style:
    properties = element.find(f"{W}pPr")
    bold = element.find(f"{W}rPr/{W}b")
    return Style(
        name=(value(element, "name") or "").lower(),
        base=value(element, "basedOn"),
        number=value(properties, "numPr", "numId"),
        level=whole(value(properties, "numPr", "ilvl")),
        outline=whole(value(properties, "outlineLvl")),
        bold=bold is not None and bold.get(f"{W}val", "1") not in ("0", "false"),
    )


def _level(element: etree._Element) -> Level:
    start = whole(value(element, "start"))
    return Level(
        start=1 if start is None else start,
        look=value(element, "numFmt") or "decimal",
        text=value(element, "lvlText") or "",
        style=value(element, "pStyle"),
        legal=element.find(f"{W}isLgl") is not None,
        restart=whole(value(element, "lvlRestart")),
    )


def _list(found: Numbering, element: etree._Element) -> None:
    key = element.get(f"{W}numId", "")
    found.lists[key] = value(element, "abstractNumId") or ""
    for override in element.iter(f"{W}lvlOverride"):
        depth = int(override.get(f"{W}ilvl", "0"))
        start = whole(value(override, "startOverride"))
        if start is not None:
            found.starts.setdefault(key, {})[depth] = start
        level = override.find(f"{W}lvl")
        if level is not None:
            found.changed.setdefault(key, {})[depth] = _level(level)

"""What the styles of an OpenDocument text say: the weight, size and visibility of letters, and how list levels are numbered."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml import etree

from schoolgate.policytext.readers.numerals import shown, told

_BASE = "urn:oasis:names:tc:opendocument:xmlns:"
OFFICE, STYLE, TEXT, TABLE, DRAW = (f"{{{_BASE}{name}:1.0}}" for name in ("office", "style", "text", "table", "drawing"))
_FO = f"{{{_BASE}xsl-fo-compatible:1.0}}"
_LOEXT = "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_LOOKS = {
    "1": "decimal",
    "a": "lowerLetter",
    "A": "upperLetter",
    "i": "lowerRoman",
    "I": "upperRoman",
    "1st": "ordinal",
    "One": "cardinalText",
    "First": "ordinalText",
}
_DEEPEST = 10


@dataclass(frozen=True, slots=True)
class ListLevel:
    """How one level of a list is numbered. ``pattern`` is the number as printed, with "%2%" for the number of level 2."""

    look: str = ""
    start: int = 1
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class _Look:
    parent: str = ""
    bold: bool | None = None
    size: float | None = None
    hidden: bool | None = None


@dataclass(slots=True)
class Sheets:
    """The styles of a document by name."""

    lists: dict[str, dict[int, ListLevel]] = field(default_factory=dict)
    outline: dict[int, ListLevel] = field(default_factory=dict)
    looks: dict[tuple[str, str], _Look] = field(default_factory=dict)
    size: float = 0.0

    def look(self, family: str, name: str | None) -> tuple[bool | None, float | None, bool | None]:
        """Whether a style makes letters bold, their size in points, and whether it hides them; None where it says nothing."""
        bold, size, hidden = None, None, None
        for _ in range(40):
            own = self.looks.get((family, name or ""))
            if own is None:
                break
            bold = own.bold if bold is None else bold
            size = own.size if size is None else size
            hidden = own.hidden if hidden is None else hidden
            name = own.parent
        return bold, size, hidden


def read_sheets(roots: Iterable[etree._Element | None]) -> Sheets:
    """The styles in the parts of a document; a later part adds to an earlier one."""
    found = Sheets()
    for root in roots:
        if root is None:
            continue
        for style in root.iter(f"{TEXT}list-style"):
            found.lists[style.get(f"{STYLE}name", "")] = _levels(style)
        for style in root.iter(f"{TEXT}outline-style"):
            found.outline = _levels(style)
        for style in root.iter(f"{STYLE}style"):
            found.looks[style.get(f"{STYLE}family", ""), style.get(f"{STYLE}name", "")] = _look(style)
        for style in root.iter(f"{STYLE}default-style"):
            if style.get(f"{STYLE}family") == "paragraph":
                found.size = _look(style).size or 0.0
    return found


def _look(style: etree._Element) -> _Look:
    letters = style.find(f"{STYLE}text-properties")
    if letters is None:
        return _Look(style.get(f"{STYLE}parent-style-name", ""))
    weight, points = letters.get(f"{_FO}font-weight"), re.fullmatch(r"(\d{1,3}(?:\.\d{1,3})?)pt", letters.get(f"{_FO}font-size", ""))
    display = letters.get(f"{TEXT}display")
    return _Look(
        style.get(f"{STYLE}parent-style-name", ""),
        None if weight is None else weight in ("bold", "600", "700", "800", "900"),
        float(points[1]) if points else None,
        None if display is None else display == "none",
    )


def whole(text: str | None, usual: int) -> int:
    """A whole number of a size that means something, else the usual one."""
    return int(text) if text is not None and re.fullmatch(r"-?[0-9]{1,9}", text) else usual


def _levels(style: etree._Element) -> dict[int, ListLevel]:
    return {
        min(max(whole(level.get(f"{TEXT}level"), 1), 1), _DEEPEST): _level(level)
        for level in style
        if level.tag in (f"{TEXT}list-level-style-number", f"{TEXT}outline-level-style")
    }


def _level(level: etree._Element) -> ListLevel:
    format_ = level.get(f"{STYLE}num-format", "").partition(",")[0]
    zeros = re.fullmatch(r"(0{1,8})1", format_)
    look = "0" * len(zeros[1]) if zeros else _LOOKS.get(format_, "decimal" if format_ else "")
    number = min(max(whole(level.get(f"{TEXT}level"), 1), 1), _DEEPEST)
    pattern = level.get(f"{_LOEXT}num-list-format")
    if pattern is None:
        first = number - min(max(whole(level.get(f"{TEXT}display-levels"), 1), 1), number) + 1
        inner = ".".join(f"%{step}%" for step in range(first, number + 1)) if look else ""
        pattern = f"{level.get(f'{STYLE}num-prefix', '')}{inner}{level.get(f'{STYLE}num-suffix', '')}"
    return ListLevel(look, whole(level.get(f"{TEXT}start-value"), 1), pattern[:200])


@dataclass(slots=True)
class Counters:
    """How far each list has counted. ``roots`` says which list another goes on from; ``last`` the latest list of each style."""

    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    roots: dict[str, str] = field(default_factory=dict)
    last: dict[str, str] = field(default_factory=dict)
    made: int = 0

    def open(self, element: etree._Element, style: str) -> str:
        """The key under which a list counts: its own, or that of the list it goes on from."""
        self.made += 1
        own = element.get(f"{_XML}id") or f"#{self.made}"
        before = element.get(f"{TEXT}continue-list")
        if before is None and element.get(f"{TEXT}continue-numbering") == "true":
            before = self.last.get(style)
        root = self.roots.get(before, before) if before else own
        self.roots[own] = root
        self.last[style] = own
        return root

    def next(self, key: str, levels: dict[int, ListLevel], depth: int, start: int | None) -> str:
        """Count one paragraph on at a level (from 1) and return the number as printed; empty for a bullet."""
        counts = self.counts.setdefault(key, {})
        for above in range(1, depth):
            counts.setdefault(above, levels.get(above, ListLevel()).start)
        own = levels.get(depth, ListLevel())
        counts[depth] = counts.get(depth, own.start - 1) + 1 if start is None else start
        for deeper in [step for step in counts if step > depth]:
            del counts[deeper]

        def number(found: re.Match[str]) -> str:
            step = int(found[1])
            level = levels.get(step, ListLevel())
            return shown(counts.get(step, level.start), level.look) if step <= depth and level.look else ""

        return told(re.sub(r"%(\d{1,2})%", number, own.pattern).strip())

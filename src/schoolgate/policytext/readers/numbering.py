"""The numbers Word prints but does not store: worked out from numbering.xml, style by style and level by level.

Word keeps a paragraph's list (numId) and level (ilvl), on the paragraph or on its style or on a style that one is based on. The list points
to an abstract list whose levels say how a number looks ("%1.%2"). Lists that share an abstract list share its counters, unless one of
them says where to start again.
"""

import re
from dataclasses import dataclass, field

from lxml import etree

from schoolgate.policytext.readers.numerals import shown, told
from schoolgate.policytext.readers.wordparts import W, value, whole
from schoolgate.policytext.readers.wordstyles import Style, Styles

_DEEPEST = 8


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
class Numbering:
    """All lists of a document, and how far each has counted."""

    styles: Styles = field(default_factory=Styles)
    abstract: dict[str, dict[int, Level]] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    starts: dict[str, dict[int, int]] = field(default_factory=dict)
    changed: dict[str, dict[int, Level]] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    begun: set[tuple[str, int]] = field(default_factory=set)

    def place(self, number: str | None, level: int | None, style: str | None) -> tuple[str, int] | None:
        """The list and level of a paragraph, from itself or its styles; None when it is in no list."""
        chain = self.styles.chain(style)
        if number is None:
            number = next((step.number for step in chain if step.number is not None), None)
        if number is None or number not in self.lists or number == "0":
            return None
        if level is None:
            level = self._level_of(number, chain)
        return number, min(max(level, 0), _DEEPEST)

    def _level_of(self, number: str, chain: list[Style]) -> int:
        """The level a style says, or the one that names the style; the nearest style that settles it counts."""
        named = {level.style: depth for depth, level in self.levels(number).items() if level.style}
        for step in chain:
            if step.level is not None:
                return step.level
            if step.key in named:
                return named[step.key]
        return 0

    def levels(self, number: str) -> dict[int, Level]:
        """The levels of a list, with its own changes laid over those of its abstract list."""
        levels = self.abstract.get(self.lists[number], {})
        return {**levels, **self.changed[number]} if number in self.changed else levels

    def next(self, number: str, depth: int) -> tuple[str, str]:
        """Count one paragraph on and return its number as printed and its look ("decimal", "bullet", ...)."""
        levels = self.levels(number)
        level = levels.get(depth, Level())
        counts = self.counts.setdefault(self.lists[number], {})
        for step, start in self.starts.get(number, {}).items():
            if step <= depth and (number, step) not in self.begun:
                self.begun.add((number, step))
                counts[step] = start - (step == depth)
        for above in range(depth):  # A level that begins below one never used counts that one as used.
            counts.setdefault(above, levels.get(above, Level()).start)
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [step for step in counts if step > depth]:
            restart = levels.get(deeper, Level()).restart
            if restart is None or (restart and depth < restart):
                del counts[deeper]
        return _printed(levels, level, counts, depth), level.look


def _printed(levels: dict[int, Level], level: Level, counts: dict[int, int], depth: int) -> str:
    def number(found: re.Match[str]) -> str:
        step = int(found[1]) - 1
        own = levels.get(step, Level())
        if step > depth or (step == depth and level.look in ("bullet", "none")):
            return ""
        return shown(counts.get(step, own.start), "decimal" if level.legal else own.look)

    return told(re.sub(r"%([1-9])", number, level.text).strip()) if level.look != "bullet" else level.text


def read_numbering(numbering: etree._Element | None, styles: Styles) -> Numbering:
    """The lists of a document from its numbering part, which may be missing, and its styles."""
    found = Numbering(styles)
    if numbering is None:
        return found
    links: dict[str, str] = {}
    for element in numbering.iter(f"{W}abstractNum"):
        key = element.get(f"{W}abstractNumId", "")
        found.abstract[key] = {_depth(level): _level(level) for level in element.iterchildren(f"{W}lvl")}
        link = value(element, "numStyleLink")
        if link:
            links[key] = link
    for element in numbering.iter(f"{W}num"):
        _list(found, element)
    for key, link in links.items():
        number = found.styles.by_key.get(link, Style()).number
        if number in found.lists and found.lists[number] != key:
            found.abstract[key] = found.abstract.get(found.lists[number], {})
    return found


def _depth(element: etree._Element) -> int:
    return min(max(whole(element.get(f"{W}ilvl")) or 0, 0), _DEEPEST)


def _level(element: etree._Element) -> Level:
    start = whole(value(element, "start"))
    return Level(
        start=0 if start is None else start,
        look=_look(element),
        text=(value(element, "lvlText") or "")[:200],
        style=value(element, "pStyle"),
        legal=element.find(f"{W}isLgl") is not None,
        restart=whole(value(element, "lvlRestart")),
    )


def _look(element: etree._Element) -> str:
    """The look of a level. Word's own pattern ("001, 002, ...") stands beside a plainer look for programs that do not know it."""
    for format_ in element.iter(f"{W}numFmt"):
        pattern = re.match(r"0*1(?=,|$)", format_.get(f"{W}format", ""))
        if pattern:
            return "0" * (len(pattern[0]) - 1) or "decimal"
        if format_.get(f"{W}val") not in (None, "custom"):
            return format_.get(f"{W}val", "decimal")
    return "decimal"


def _list(found: Numbering, element: etree._Element) -> None:
    key = element.get(f"{W}numId", "")
    found.lists[key] = value(element, "abstractNumId") or ""
    for override in element.iter(f"{W}lvlOverride"):
        depth = _depth(override)
        start = whole(value(override, "startOverride"))
        if start is not None:
            found.starts.setdefault(key, {})[depth] = start
        level = override.find(f"{W}lvl")
        if level is not None:
            found.changed.setdefault(key, {})[depth] = _level(level)

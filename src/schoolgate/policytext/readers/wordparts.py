"""The parts of a Word file, found by their relationships, and small questions put to their XML."""

import posixpath
import re
from dataclasses import dataclass, field

from lxml import etree

from schoolgate.policytext.archive import Archive
from schoolgate.policytext.errors import Unreadable

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_STRICT = (
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"),
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
)
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_USUAL = "word/document.xml"


@dataclass(frozen=True, slots=True)
class WordFile:
    """An opened Word file: its main part and, by relationship id, the kind and place of the parts it refers to."""

    archive: Archive
    main: str
    related: dict[str, tuple[str, str]] = field(default_factory=dict)

    def tree(self, part: str) -> etree._Element:
        """One part as a tree; the names of the strict kind of file are turned into the usual ones."""
        return self.archive.tree(part, _STRICT)

    def parts(self, kind: str) -> list[str]:
        """The parts of one kind ("header", "styles") that are in the file, in the order of their names."""
        return sorted({part for found, part in self.related.values() if found == kind and self.archive.has(part)})

    def only(self, kind: str) -> etree._Element | None:
        """The tree of the one part of a kind; None where the file has none."""
        found = self.parts(kind)
        return self.tree(found[0]) if found else None


def open_word(archive: Archive) -> WordFile:
    """Find the main part and what belongs to it. Raises Unreadable where the file has no main part."""
    main = next((part for kind, part in _related(archive, "").values() if kind == "officeDocument" and archive.has(part)), _USUAL)
    if not archive.has(main):
        raise Unreadable(f"{archive.name} is damaged: its main part is missing. Open it in Word and save it again.")
    related = _related(archive, main)
    for kind in ("numbering", "styles", "footnotes", "endnotes"):
        related.setdefault(kind, (kind, f"word/{kind}.xml"))
    listed = {part for _, part in related.values()}
    for part in archive.names():
        running = re.fullmatch(r"word/(header|footer)\d*\.xml", part)
        if running and part not in listed:
            related[part] = (running[1], part)
    return WordFile(archive, main, related)


def _related(archive: Archive, part: str) -> dict[str, tuple[str, str]]:
    folder, name = posixpath.split(part)
    listing = posixpath.join(folder, "_rels", f"{name}.rels")
    if not archive.has(listing):
        return {}
    found: dict[str, tuple[str, str]] = {}
    for row in archive.tree(listing, _STRICT).iter(_RELATIONSHIP):
        if row.get("TargetMode") != "External":
            place = posixpath.normpath(posixpath.join("/", folder, row.get("Target", ""))).lstrip("/")
            found[row.get("Id", "")] = (row.get("Type", "").rpartition("/")[2], place)
    return found


def value(element: etree._Element | None, *names: str) -> str | None:
    """The w:val of a descendant found step by step; None where a step is missing."""
    for name in names:
        if element is None:
            return None
        element = element.find(f"{W}{name}")
    return element.get(f"{W}val") if element is not None else None


def whole(text: str | None) -> int | None:
    """A whole number of a size that means something in a document, or None where the text is not one."""
    return int(text) if text is not None and re.fullmatch(r"-?[0-9]{1,9}", text) else None


def switched(element: etree._Element | None, name: str) -> bool | None:
    """Whether a property such as bold is on; None where nothing is said about it."""
    mark = element.find(f"{W}{name}") if element is not None else None
    return None if mark is None else mark.get(f"{W}val", "1") not in ("0", "false", "off")

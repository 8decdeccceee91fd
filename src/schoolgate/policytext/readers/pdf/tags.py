"""What a tagged PDF says of itself: which marked words are a heading, a paragraph, a list item or a cell of a table."""

import ctypes
import re
from dataclasses import replace

import pypdfium2.raw as pdfium

from schoolgate.policytext.readers.pdf.shapes import Tag

_MOST_NODES = 20_000
_DEEPEST = 60
_HEADING = re.compile(r"^H([1-6])?$")
_PARAGRAPHS = {"P", "LI", "LBody", "Lbl", "TOCI", "Caption", "BlockQuote", "Note", "Title", "Div", "Sect"}
_CELLS = {"TD", "TH"}
_CONTENTS = {"TOC", "TOCI"}


class _Walk:
    """Goes through the tree of one page and notes the tag of every marked content number."""

    def __init__(self) -> None:
        self.tags: dict[int, Tag] = {}
        self.nodes = 0
        self.buffer = ctypes.create_string_buffer(64)

    def kind(self, element: pdfium.FPDF_STRUCTELEMENT) -> str:
        length = pdfium.FPDF_StructElement_GetType(element, self.buffer, 64)
        return self.buffer.raw[: max(0, min(length, 64) - 2)].decode("utf-16-le", "ignore")

    def visit(self, element: pdfium.FPDF_STRUCTELEMENT, above: Tag, depth: int) -> None:
        self.nodes += 1
        if depth > _DEEPEST or self.nodes > _MOST_NODES:
            return
        tag = self.tag(self.kind(element), above)
        for index in range(pdfium.FPDF_StructElement_CountChildren(element)):
            child = pdfium.FPDF_StructElement_GetChildAtIndex(element, index)
            if child:
                self.visit(child, tag, depth + 1)
                continue
            number = pdfium.FPDF_StructElement_GetChildMarkedContentID(element, index)
            if number >= 0:
                self.tags[number] = tag

    def tag(self, kind: str, above: Tag) -> Tag:
        if kind == "Table":
            return replace(above, paragraph=self.nodes, cell=(self.nodes, 0, 0))
        if kind == "TR" and above.cell:
            return replace(above, paragraph=self.nodes, cell=(above.cell[0], self.nodes, 0))
        if kind in _CELLS and above.cell:
            return replace(above, paragraph=self.nodes, cell=(*above.cell[:2], self.nodes))
        heading = _HEADING.match(kind)
        if heading:
            return replace(above, kind="heading", level=int(heading[1] or 1), paragraph=self.nodes)
        if kind in _CONTENTS:
            return replace(above, kind="contents", level=0, paragraph=self.nodes)
        if kind == "LI" and above.kind != "contents":
            return replace(above, paragraph=self.nodes, item=self.nodes)
        if kind in _PARAGRAPHS and above.kind != "heading":
            return above if kind in ("Lbl", "LBody") else replace(above, paragraph=self.nodes)
        return above


def tags_of(page: pdfium.FPDF_PAGE) -> dict[int, Tag]:
    """The tag of every marked content number of a page; empty where the file is not tagged."""
    tree = pdfium.FPDF_StructTree_GetForPage(page)
    if not tree:
        return {}
    walk = _Walk()
    try:
        for index in range(min(pdfium.FPDF_StructTree_CountChildren(tree), _MOST_NODES)):
            element = pdfium.FPDF_StructTree_GetChildAtIndex(tree, index)
            if element:
                walk.visit(element, Tag(), 0)
    finally:
        pdfium.FPDF_StructTree_Close(tree)
    return walk.tags


def is_running(item: pdfium.FPDF_PAGEOBJECT) -> bool:
    """Whether an object is marked as an artifact of the page: a running header, a footer or a page number."""
    buffer = (pdfium.FPDF_WCHAR * 32)()
    length = ctypes.c_ulong()
    for index in range(min(pdfium.FPDFPageObj_CountMarks(item), 8)):
        mark = pdfium.FPDFPageObj_GetMark(item, index)
        if not pdfium.FPDFPageObjMark_GetName(mark, buffer, 64, length) or _said(buffer, length.value) != "Artifact":
            continue
        if pdfium.FPDFPageObjMark_GetParamStringValue(mark, b"Type", buffer, 64, length):
            return _said(buffer, length.value) == "Pagination"
    return False


def _said(buffer: ctypes.Array[ctypes.c_ushort], length: int) -> str:
    return "".join(map(chr, buffer[: max(0, length // 2 - 1)]))

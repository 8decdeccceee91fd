"""The pages of a PDF, each turned the right way up, with its letters, its strokes and the share that pictures cover."""

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pypdfium2
import pypdfium2.raw as pdfium

from schoolgate.policytext.errors import Unreadable
from schoolgate.policytext.model import Place
from schoolgate.policytext.readers.pdf.letters import is_pale, pieces_of
from schoolgate.policytext.readers.pdf.shapes import Page, Piece, Stroke
from schoolgate.policytext.readers.pdf.tags import tags_of

MOST_PAGES = 300
_MOST_OBJECTS = 20_000
_MOST_STROKES = 4_000
_DEEPEST = 2
_THIN = 4.5
_LARGEST_SIDE = 15_000.0
_SPOT = (1.5, 14.0)
_MOST_SPOTS = 400
_FAR = 60.0

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Frame:
    """The edges of a page in the coordinates of the file, and how many quarter turns the file asks for when it is shown."""

    left: float
    bottom: float
    right: float
    top: float
    shown: int

    def place(self, turn: int) -> Callable[[float, float, float, float], Box]:
        """The way from the file's coordinates to points from the upper left, for text that runs in the direction ``turn``."""
        left, bottom, right, top = self.left, self.bottom, self.right, self.top
        ways: tuple[Callable[[float, float, float, float], Box], ...] = (
            lambda x1, y1, x2, y2: (x1 - left, top - y1, x2 - left, top - y2),
            lambda x1, y1, x2, y2: (y2 - bottom, x1 - left, y1 - bottom, x2 - left),
            lambda x1, y1, x2, y2: (right - x2, y2 - bottom, right - x1, y1 - bottom),
            lambda x1, y1, x2, y2: (top - y1, right - x2, top - y2, right - x1),
        )
        return ways[turn]

    def back(self, turn: int, box: Box) -> Box:
        """The box in the file's coordinates (left, top, right, bottom) that ``place`` put there."""
        x1, y1, x2, y2 = box
        if turn == 0:
            return x1 + self.left, self.top - y1, x2 + self.left, self.top - y2
        if turn == 1:
            return y1 + self.left, x2 + self.bottom, y2 + self.left, x1 + self.bottom
        if turn == 2:
            return self.right - x2, y2 + self.bottom, self.right - x1, y1 + self.bottom
        return self.right - y2, self.top - x1, self.right - y1, self.top - x2

    def size(self, turn: int) -> tuple[float, float]:
        """Width and height of the page for text that runs in the direction ``turn``."""
        wide, high = self.right - self.left, self.top - self.bottom
        return (high, wide) if turn % 2 else (wide, high)

    def shown_place(self, page: int, turn: int, box: Box) -> Place:
        """Where a box that was read in the direction ``turn`` stands on the page as it is shown."""
        x1, y1, x2, y2 = self.place(self.shown)(*self.back(turn, box))
        wide, high = self.size(self.shown)
        edges = (x1 / wide, y1 / high, x2 / wide, y2 / high)
        return Place(page, *(round(min(1.0, max(0.0, edge)), 4) for edge in edges))


@contextmanager
def opened(data: bytes, name: str) -> Iterator[pypdfium2.PdfDocument]:
    """An open PDF. Raises Unreadable when it is locked, damaged, has no pages or too many."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as problem:
        if problem.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise Unreadable(f"{name} is locked with a password. Remove the password and save it again.") from problem
        raise Unreadable(f"{name} is damaged or cut short and cannot be read as PDF. Fetch the file again and retry.") from problem
    try:
        count = len(document)
        if count < 1:
            raise Unreadable(f"{name} is damaged or cut short: it holds no page. Fetch the file again and retry.")
        yield document
    finally:
        document.close()


def check_length(count: int, name: str) -> None:
    """Refuse a PDF of more pages than a policy has."""
    if count > MOST_PAGES:
        raise Unreadable(f"{name} has {count} pages, more than the {MOST_PAGES} we read. Give only the pages of the policy.")


def pages_of(document: pypdfium2.PdfDocument, name: str) -> Iterator[tuple[Page, Frame]]:
    """The pages of an open PDF in turn. Raises Unreadable for one that is damaged or holds too many letters."""
    for index in range(len(document)):
        page = pdfium.FPDF_LoadPage(document, index)
        if not page:
            raise Unreadable(f"{name} is damaged: its page {index + 1} cannot be read. Fetch the file again and retry.")
        try:
            yield _page(page, index + 1, name)
        finally:
            pdfium.FPDF_ClosePage(page)


def frame_of(page: pdfium.FPDF_PAGE) -> Frame:
    """The edges of a page; those of A4 where the file gives none or impossible ones."""
    box = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page, box)
    turns = pdfium.FPDFPage_GetRotation(page) % 4
    sides = (box.right - box.left, box.top - box.bottom)
    if not all(1.0 <= side <= _LARGEST_SIDE for side in sides):
        return Frame(0.0, 0.0, 595.0, 842.0, turns)
    return Frame(box.left, box.bottom, box.right, box.top, turns)


def _page(page: pdfium.FPDF_PAGE, number: int, name: str) -> tuple[Page, Frame]:
    frame = frame_of(page)
    turn, pieces = pieces_of(page, name, tags_of(page), frame.place, frame.back)
    width, height = frame.size(turn)
    drawn = _Drawn(frame.place(turn))
    drawn.collect(page, pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject, (1.0, 0.0, 0.0, 1.0, 0.0, 0.0), 0)
    inside = [piece for piece in pieces if _shown(piece, width, height, drawn.panels)]
    inside += _spotted(inside, drawn.spots)
    shown = Page(number, width, height, inside, drawn.strokes, min(1.0, drawn.pictured / (width * height)), turn)
    return shown, frame


def _shown(piece: Piece, width: float, height: float, panels: list[Box]) -> bool:
    """Whether a reader of the page sees a piece: it lies on the page, and white letters lie on something darker."""
    x, y = (piece.left + piece.right) / 2, (piece.top + piece.bottom) / 2
    if not (0 <= x <= width and 0 <= y <= height):
        return False
    return not piece.pale or any(left <= x <= right and top <= y <= bottom for left, top, right, bottom in panels)


class _Drawn:
    """The strokes and pictures of a page, those inside groups included."""

    def __init__(self, place: Callable[[float, float, float, float], Box]) -> None:
        self.place = place
        self.strokes: list[Stroke] = []
        self.panels: list[Box] = []
        self.spots: list[tuple[Box, bool]] = []
        self.pictured = 0.0
        self.seen = 0
        self.edges = [ctypes.c_float() for _ in range(4)]

    def collect(self, owner: object, count: Callable, get: Callable, matrix: tuple[float, ...], depth: int) -> None:
        """Look at each object of a page or a group; more than any policy draws are left alone."""
        total = count(owner)
        if total > _MOST_OBJECTS:
            return
        for index in range(total):
            item = get(owner, index)
            self.seen += 1
            if self.seen > _MOST_OBJECTS or len(self.strokes) > _MOST_STROKES or not item:
                return
            kind = pdfium.FPDFPageObj_GetType(item)
            if kind == pdfium.FPDF_PAGEOBJ_PATH:
                self.path(item, self.box(item, matrix))
            elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
                x1, y1, x2, y2 = self.box(item, matrix)
                self.pictured += abs((x2 - x1) * (y2 - y1))
                self.panels.append((x1, y1, x2, y2))
            elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
                own = pdfium.FS_MATRIX()
                pdfium.FPDFPageObj_GetMatrix(item, own)
                inner = _times((own.a, own.b, own.c, own.d, own.e, own.f), matrix)
                self.collect(item, pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject, inner, depth + 1)

    def box(self, item: pdfium.FPDF_PAGEOBJECT, matrix: tuple[float, ...]) -> Box:
        left, bottom, right, top = self.edges
        pdfium.FPDFPageObj_GetBounds(item, left, bottom, right, top)
        a, b, c, d, e, f = matrix
        corners = [(a * x + c * y + e, b * x + d * y + f) for x in (left.value, right.value) for y in (bottom.value, top.value)]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        return self.place(min(xs), max(ys), max(xs), min(ys))

    def path(self, item: pdfium.FPDF_PAGEOBJECT, box: Box) -> None:
        """A thin shape is one stroke; a bigger one is the frame of a box where its edge is drawn, and a panel where it is filled."""
        x1, y1, x2, y2 = box
        wide, high = x2 - x1, y2 - y1
        if high <= _THIN and wide > max(6.0, 3 * high):
            self.strokes.append(Stroke(True, (y1 + y2) / 2, x1, x2))
        elif wide <= _THIN and high > max(2.0, wide):
            self.strokes.append(Stroke(False, (x1 + x2) / 2, y1, y2))
        elif wide > 3 * _THIN and high > 2 * _THIN:
            filled, edged = _mode(item)
            if edged:
                self.strokes += [Stroke(True, y1, x1, x2), Stroke(True, y2, x1, x2), Stroke(False, x1, y1, y2), Stroke(False, x2, y1, y2)]
            if filled and not is_pale(item):
                self.panels.append(box)
        if _SPOT[0] <= min(wide, high) and max(wide, high) <= _SPOT[1] and abs(wide - high) <= 0.25 * max(wide, high):
            self.spots.append((box, _mode(item)[0] and not is_pale(item)))


def _mode(item: pdfium.FPDF_PAGEOBJECT) -> tuple[bool, bool]:
    """Whether a shape is filled, and whether its edge is drawn."""
    filled, edged = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(item, filled, edged)
    return bool(filled.value), bool(edged.value)


def _spotted(pieces: list[Piece], spots: list[tuple[Box, bool]]) -> list[Piece]:
    """Bullets and tick boxes that are drawn, not written: small shapes just before the first word of a line."""
    found = []
    for (left, top, right, bottom), filled in spots[:_MOST_SPOTS]:
        middle = (top + bottom) / 2
        level = [piece for piece in pieces if piece.top < middle < piece.base + 0.1 * piece.size and abs(piece.left - left) < _FAR]
        after = min((piece for piece in level if piece.left >= right), key=lambda piece: piece.left, default=None)
        if after is None or any(piece.left < left and piece.right > left - after.size for piece in level):
            continue
        if after.left - right < 3 * after.size and bottom - top < 1.4 * after.size:
            sign = "•" if filled and bottom - top < 0.65 * after.size else "☐"
            found.append(replace(after, text=sign, left=left, right=right, bold=False, spaced=True, symbol=False, raised=False))
    return found


def _times(first: tuple[float, ...], second: tuple[float, ...]) -> tuple[float, ...]:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m

"""From a page of a PDF to the pieces of words on it, where each stands, how big and how heavy it is."""

import ctypes
import math
import re
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

import pypdfium2.raw as pdfium

from schoolgate.policytext.errors import Unreadable
from schoolgate.policytext.readers.pdf.shapes import Piece, Tag
from schoolgate.policytext.readers.pdf.tags import is_running

Box = tuple[float, float, float, float]
Placing = Callable[[int], Callable[[float, float, float, float], Box]]
Back = Callable[[int, Box], Box]

MOST_LETTERS_A_PAGE = 60_000
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\u200b": "", "\ufeff": "", "\u2011": "-"}
)
_SPACES = {0, 9, 10, 13, 32, 160, 0x2002, 0x2003, 0x2009, 0x202F, 0x3000}
_HYPHENS = {2, 0xAD, 0x2010, 0xFFFE}
SOFT = "\u00ad"
_BOLD = re.compile(r"bold|black|heavy|semibold|demi", re.IGNORECASE)
_SYMBOLS = re.compile(r"wingding|symbol|webding|dingbat|marlett", re.IGNORECASE)
_BOXES = {"o": "☐", "¨": "☐", "q": "☐", "þ": "☑", "ý": "☒", "x": "☒", "ü": "✓"}
_FORCED_BOLD = 1 << 18
_NEAR = 0.15  # of the size of a letter: a wider gap parts two words
_BACK = 0.5
_PALE = 245
_SMALLER = 0.9
_ASCENT = 0.85  # of the size of a letter: what its box holds at the least above and below its line
_DESCENT = 0.25
_STEP = 0.25  # of the size of a letter: boxes that differ more are on another level
_LEANING = 0.08  # of a quarter turn: a line that leans more is a watermark


def is_pale(item: pdfium.FPDF_PAGEOBJECT) -> bool:
    """Whether an object is filled with white, or nearly."""
    colours = [ctypes.c_uint() for _ in range(4)]
    return bool(pdfium.FPDFPageObj_GetFillColor(item, *colours)) and all(colour.value > _PALE for colour in colours[:3])


class Look(NamedTuple):
    """How the letters of one text object look, and the tag of its marked content."""

    size: float
    angle: float
    bold: bool
    symbol: bool
    running: bool
    tag: Tag | None
    pale: bool


class _Looks:
    """Size, weight and tag of the text objects of one page, each asked for once."""

    def __init__(self, text: pdfium.FPDF_TEXTPAGE, tags: dict[int, Tag]) -> None:
        self.text = text
        self.tags = tags
        self.known: dict[int, Look] = {}
        self.fonts: dict[int, tuple[bool, bool]] = {}
        self.matrix = pdfium.FS_MATRIX()
        self.size = ctypes.c_float()

    def of(self, item: pdfium.FPDF_PAGEOBJECT, index: int) -> Look:
        key = ctypes.addressof(item.contents)
        if key not in self.known:
            font = pdfium.FPDFTextObj_GetFont(item)
            heavy, symbol = self.font(font) if font else (False, False)
            outlined = pdfium.FPDFTextObj_GetTextRenderMode(item) == 2
            tag = self.tags.get(pdfium.FPDFPageObj_GetMarkedContentID(item))
            self.known[key] = Look(*self.height(item, index), heavy or outlined, symbol, is_running(item), tag, is_pale(item))
        return self.known[key]

    def height(self, item: pdfium.FPDF_PAGEOBJECT, index: int) -> tuple[float, float]:
        """The size of the letters in points and the angle their line runs at; slanted letters on a level line have none."""
        pdfium.FPDFTextObj_GetFontSize(item, self.size)
        pdfium.FPDFText_GetMatrix(self.text, index, self.matrix)
        return abs(self.size.value) * math.hypot(self.matrix.c, self.matrix.d), math.atan2(self.matrix.b, self.matrix.a)

    def font(self, font: pdfium.FPDF_FONT) -> tuple[bool, bool]:
        key = ctypes.addressof(font.contents)
        if key not in self.fonts:
            buffer = ctypes.create_string_buffer(128)
            pdfium.FPDFFont_GetBaseFontName(font, buffer, 128)
            name = buffer.value.decode("utf-8", "ignore")
            heavy = (
                bool(_BOLD.search(name)) or pdfium.FPDFFont_GetWeight(font) >= 600 or bool(pdfium.FPDFFont_GetFlags(font) & _FORCED_BOLD)
            )
            self.fonts[key] = (heavy, bool(_SYMBOLS.search(name)))
        return self.fonts[key]


def pieces_of(page: pdfium.FPDF_PAGE, name: str, tags: dict[int, Tag], place: Placing, back: Back) -> tuple[int, list[Piece]]:
    """The direction most of a page's text runs in, and its pieces in the order of the file; text that runs otherwise is a piece a line."""
    text = pdfium.FPDFText_LoadPage(page)
    if not text:
        return 0, []
    try:
        count = pdfium.FPDFText_CountChars(text)
        if count > MOST_LETTERS_A_PAGE:
            raise Unreadable(f"{name} holds more than {MOST_LETTERS_A_PAGE:,} letters on one page. Give the policy as docx or plain text.")
        turn = _turn(text, count)
        gathering = _Gathering(text, tags, place(turn), turn)
        pieces = gathering.gather(count)
        for other in sorted(gathering.others):
            aside = _Gathering(text, tags, place(other), other).gather(count)
            for row in _levels(aside):
                pieces.append(_sideways(row, place(turn)(*back(other, _around(row)))))
        return turn, pieces
    finally:
        pdfium.FPDFText_ClosePage(text)


def _levels(pieces: list[Piece]) -> list[list[Piece]]:
    rows: list[list[Piece]] = []
    for piece in pieces:
        if rows and abs(rows[-1][-1].base - piece.base) < 0.3 * piece.size and piece.left - rows[-1][-1].right < 1.5 * piece.size:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return rows


def _around(row: list[Piece]) -> Box:
    return row[0].left, min(piece.top for piece in row), row[-1].right, max(piece.bottom for piece in row)


def _sideways(row: list[Piece], box: Box) -> Piece:
    """Words that run up or down the page, as one piece in the place they take on it."""
    text = "".join((" " if index and piece.spaced else "") + piece.text for index, piece in enumerate(row))
    first, (left, top, right, bottom) = row[0], box
    return Piece(text, left, right, top, bottom, (top + bottom) / 2, first.size, first.bold, True, False, first.running, first.tag)


def _turn(text: pdfium.FPDF_TEXTPAGE, count: int) -> int:
    """Quarter turns of most of the letters, from a sample of them."""
    step = max(1, count // 60)
    turns = Counter(_quarter(pdfium.FPDFText_GetCharAngle(text, index)) for index in range(0, count, step))
    return turns.most_common(1)[0][0] if turns else 0


def _quarter(angle: float) -> int:
    return round(angle / (math.pi / 2)) % 4 if angle >= 0 else 0


class _Gathering:
    """Letters of one page on their way into pieces."""

    def __init__(self, text: pdfium.FPDF_TEXTPAGE, tags: dict[int, Tag], place: Callable, turn: int) -> None:
        self.text = text
        self.looks = _Looks(text, tags)
        self.place = place
        self.turn = turn
        self.others: set[int] = set()
        self.pieces: list[Piece] = []
        self.x, self.y = ctypes.c_double(), ctypes.c_double()

    def gather(self, count: int) -> list[Piece]:
        """Read every letter once; a piece ends at a space, a gap or a step to another line."""
        box, code_of, box_of, place = pdfium.FS_RECTF(), pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox, self.place
        text, spaced, into = self.text, True, ctypes.byref(box)
        open_piece: Piece | None = None
        letters: list[str] = []
        right = top = foot = size = 0.0
        last: Box | None = None
        for index in range(count):
            code = code_of(text, index)
            if code in _SPACES:
                spaced = True
                continue
            box_of(text, index, into)
            here = place(box.left, box.top, box.right, box.bottom)
            if here == last and letters:
                letters.append(chr(code))  # One sign that stands for two letters gives both the same box.
                continue
            gap, last = here[0] - right, here
            if (
                open_piece is None
                or spaced
                or gap > _NEAR * size
                or gap < -_BACK * size
                or abs(here[1] - top) + abs(here[3] - foot) > _STEP * size
            ):
                self.close(open_piece, letters, right)
                open_piece, letters = self.begin(index, here, spaced and (open_piece is None or gap > 0.05 * size or gap < 0)), []
                size = open_piece.size if open_piece else 0.0
            if open_piece is not None:
                letters.append("-" + SOFT if code in _HYPHENS else chr(code))
            right, top, foot, spaced = here[2], here[1], here[3], False
        self.close(open_piece, letters, right)
        return self.pieces

    def begin(self, index: int, here: tuple[float, float, float, float], spaced: bool) -> Piece | None:
        """A new piece at a letter; None for letters that lean (a watermark) or have no size."""
        item = pdfium.FPDFText_GetTextObject(self.text, index)
        if not item:
            return None
        look = self.looks.of(item, index)
        turns = look.angle / (math.pi / 2)
        if abs(turns - round(turns)) > _LEANING or look.size <= 0.5 or not all(map(math.isfinite, (look.size, *here))):
            return None
        if round(turns) % 4 != self.turn:
            self.others.add(round(turns) % 4)
            return None
        x, y = self.x, self.y
        pdfium.FPDFText_GetCharOrigin(self.text, index, x, y)
        base = self.place(x.value, y.value, x.value, y.value)[1]
        top, bottom = min(here[1], base - _ASCENT * look.size), max(here[3], base + _DESCENT * look.size)
        piece = Piece("", here[0], here[2], top, bottom, base, look.size, look.bold, spaced, False, look.running, look.tag)
        piece.symbol, piece.pale = look.symbol, look.pale
        self.raise_from(piece)
        return piece

    def raise_from(self, piece: Piece) -> None:
        """A small piece that stands right behind a bigger one, a little higher or lower, belongs to its line."""
        last = self.pieces[-1] if self.pieces else None
        if last is None or piece.size > _SMALLER * last.size or abs(piece.base - last.base) > 0.6 * last.size:
            return
        if -0.2 * last.size <= piece.left - last.right <= 0.4 * last.size and abs(piece.base - last.base) > 0.1 * last.size:
            piece.raised = piece.base < last.base
            piece.base = last.base

    def close(self, piece: Piece | None, letters: list[str], right: float) -> None:
        if piece is None or not letters:
            return
        text = "".join(letters)
        if piece.symbol:
            text = text.translate(_LIGATURES)
            text = _BOXES.get(text, "•" if len(text) == 1 else text)
        piece.text = text if text.isascii() and text.isprintable() else _cleaned(text)
        piece.right = max(right, piece.left)
        if piece.text.strip():
            self.pieces.append(piece)


def _cleaned(text: str) -> str:
    """Letters as they are written one by one; what shows nothing is gone, and a sign of a symbol font is a bullet."""
    spelt = text.translate(_LIGATURES)
    return "".join("•" if "\ue000" <= letter <= "\uf8ff" else letter for letter in spelt if letter.isprintable() or letter == SOFT)

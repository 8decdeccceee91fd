"""Plain text into blocks: bullets, numbers, tab tables and paragraphs that may be wrapped over several lines."""

import codecs
import re
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise

from charset_normalizer import from_bytes

from schoolgate.policytext.blocks import Block
from schoolgate.policytext.errors import Unreadable
from schoolgate.policytext.labels import BULLET, letter_of, number_of

_BOLD = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_MISREAD = re.compile(
    "[\u00c2\u00c3][\u0080-\u00bf\u0152-\u0192\u2013-\u2122]|\u00e2[\u20ac\u201a\u2020-\u2026\u02c6][\u0080-\u00bf\u0152-\u02dc\u2013-\u2122]"
)
_STRAY = re.compile("[\udc80-\udcff]")
_OLD = {"cp1252", "iso8859-1", "iso8859-15", "iso8859-2", "cp1250", "cp1251", "mac-roman", "utf-16", "cp437", "cp850"}
MOST_LETTERS = 1_000_000
_NARROWEST = 50
_LABELLED = re.compile(
    r"^\s*(?:Section |Appendix |[-·•*]\s|"
    r"\((?:[a-z]{1,2}|[ivx]{1,5}|\d{1,2})\)\s|(?:[a-z]|[ivx]{1,5}|\d{1,2})(?:[.)]\s|\)(?=[A-Z]))|\d{1,3}(?:\.\d{1,3}){1,6}\s)"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text: its words, how far it is indented (a tab counts four), whether empty space stands before it, and its page."""

    text: str
    indent: int = 0
    gap: bool = False
    page: int | None = None


def decode(data: bytes, name: str, declared: str | None = None) -> str:
    """The text of a file in UTF-8, UTF-16 with a mark, the encoding it declares, or the likeliest older one.

    Letters that were once read in the wrong encoding ("â€™") are put right. Raises Unreadable for bytes that are not text.
    """
    return _MISREAD.sub(_reread, _decoded(data, name, declared))


def limited(text: str, name: str) -> str:
    """The text as it is. Raises Unreadable for one so long that no policy is in it, before anything is made of it."""
    if len(text) > MOST_LETTERS:
        raise Unreadable(f"{name} holds {len(text):,} letters, more than the {MOST_LETTERS:,} we read. Give one policy at a time.")
    return text


def _reread(found: re.Match[str]) -> str:
    try:
        return found[0].encode("cp1252").decode("utf-8")
    except UnicodeError:
        return found[0]


def _decoded(data: bytes, name: str, declared: str | None) -> str:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _strict(data, encoding, name)
    if b"\x00" in data:
        raise Unreadable(f"{name} is not a text file: it holds binary data. Give the policy as docx, odt, pdf or plain text.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        mixed = _mixed(data)
        if mixed is not None:
            return mixed
    with suppress(UnicodeDecodeError, LookupError):
        if declared and codecs.lookup(declared).name in _OLD:
            return data.decode(declared)
    best = from_bytes(data[:200_000], cp_isolation=["cp1252", "iso8859_15", "mac_roman"]).best()
    if best is None:
        raise Unreadable(f"{name} is not readable text: its letters are in no encoding we know. Save it again as UTF-8 text.")
    return _strict(data, best.encoding, name)


def _mixed(data: bytes) -> str | None:
    """UTF-8 with a few letters of an older Windows encoding pasted in; None where it is no such thing."""
    text = data.decode("utf-8", "surrogateescape")
    strays = _STRAY.findall(text)
    sound = sum(ord(letter) > 127 for letter in text) - len(strays)
    if len(strays) > sound or not sound:
        return None
    return _STRAY.sub(lambda found: bytes([ord(found[0]) - 0xDC00]).decode("cp1252", "replace"), text)


def _strict(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeError as problem:
        place = getattr(problem, "start", 0)
        raise Unreadable(f"{name} is not readable text: the letters break off at byte {place}. Save it again as UTF-8 text.") from problem


def lines_of(text: str, page: int | None = None) -> list[Line]:
    """The non-empty lines of a text."""
    found: list[Line] = []
    gap = True
    for raw in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        line = raw.expandtabs(1) if not raw.strip("\t ") else raw
        if not line.strip():
            gap = True
            continue
        indent = sum(4 if mark == "\t" else 1 for mark in line[: len(line) - len(line.lstrip())])
        tail = "\t" if line.rstrip(" ").endswith("\t") else ""
        found.append(Line(_BOLD.sub(r"\2", line.strip()) + tail, indent, gap, page))
        gap = False
    return found


def wrapped(lines: list[Line]) -> bool:
    """Whether paragraphs run over several lines: many full lines are followed straight away by one that starts in lower case."""
    pairs = list(pairwise(lines))
    full = [pair for pair in pairs if 45 <= len(pair[0].text) <= 130 and not pair[1].gap]
    carried = [pair for pair in full if pair[1].text[:1].islower()]
    return len(full) >= 4 and len(carried) >= 0.25 * len(full)


def unwrap(lines: list[Line]) -> list[Line]:
    """Lines joined into paragraphs, for text that was broken at a fixed width."""
    if not lines:
        return []
    width = sorted(len(line.text) for line in lines)[int(len(lines) * 0.9)]
    joined = [lines[0]]
    previous = lines[0]
    for line in lines[1:]:
        if _continues(previous, line, joined[-1].text, width):
            glue = "" if re.search(r"\w-$", joined[-1].text) and line.text[:1].islower() else " "
            joined[-1] = Line(joined[-1].text + glue + line.text, joined[-1].indent, joined[-1].gap, joined[-1].page)
        else:
            joined.append(line)
        previous = line
    return joined


def _continues(previous: Line, line: Line, so_far: str, width: int) -> bool:
    if "\t" in line.text or BULLET.match(line.text) or _LABELLED.match(line.text):
        return False
    ended = bool(re.search(r"[.!?:;][\"'’”)]*$", previous.text))
    if line.text[:1].islower() and not ended:
        return True
    if line.gap or width < _NARROWEST:
        return False
    room = width - len(previous.text)
    first_word = line.text.split()[0]
    return room <= len(first_word) + 3 if ended else room <= max(len(first_word) + 8, 0.25 * width)


def blocks_from(lines: list[Line]) -> list[Block]:
    """The blocks of a text whose lines are whole paragraphs."""
    blocks: list[Block] = []
    stack: list[tuple[int, str]] = []
    tabled = _tabled(lines)
    for place, line in enumerate(lines):
        if place in tabled:
            stack.clear()
            blocks.append(Block("row", " ".join(tabled[place]), page=line.page, gap=line.gap, cells=tabled[place]))
            continue
        bullet = BULLET.match(line.text)
        if bullet:
            level = _level(stack, line.indent, bullet["glyph"])
            blocks.append(_item(line, line.text[bullet.end() :], level))
            continue
        block = _paragraph(line)
        if block.kind != "item":
            stack.clear()
        blocks.append(block)
    return blocks


def _tabled(lines: list[Line]) -> dict[int, tuple[str, ...]]:
    """The cells of lines that are rows of a table drawn with strokes: at least two one below the other, divided into as many parts."""
    cells = [tuple(cell.strip() for cell in line.text.strip("| \t").split("|")) if "|" in line.text else () for line in lines]
    pairs = [place for place, (row, below) in enumerate(pairwise(cells)) if len(row) > 1 and len(row) == len(below)]
    return {row: cells[row] for place in pairs for row in (place, place + 1) if any(re.search(r"\w", cell) for cell in cells[row])}


def _level(stack: list[tuple[int, str]], indent: int, glyph: str) -> int:
    """How deep a bullet is: deeper when it is further in, or when its mark is new at the same place."""
    while stack and stack[-1][0] > indent:
        stack.pop()
    marks = [mark for place, mark in stack if place == indent]
    if not marks:
        stack.append((indent, glyph))
    elif glyph in marks:
        while stack[-1][1] != glyph:
            stack.pop()
    else:
        stack.append((indent, glyph))
    return len(stack) - 1


def _item(line: Line, text: str, level: int) -> Block:
    number = number_of(text)
    if number and "." in number[0]:
        return Block("para", number[2], number[0], number[1], page=line.page, gap=line.gap)
    return Block("item", text.strip(), level=level, page=line.page, gap=line.gap)


def _paragraph(line: Line) -> Block:
    cells = tuple(cell.strip() for cell in re.split(r"\t+", line.text) if cell.strip())
    number = number_of(line.text.strip())
    if "\t" in line.text and not number:
        return Block("row", " ".join(cells), page=line.page, gap=line.gap, cells=cells)
    if number:
        return Block("para", number[2].strip(), number[0], number[1], page=line.page, gap=line.gap, cells=cells if len(cells) > 1 else ())
    letter = letter_of(line.text)
    if letter:
        return Block("item", letter[1], printed=letter[0], page=line.page, gap=line.gap)
    return Block("para", line.text, page=line.page, gap=line.gap)


def read(data: bytes, name: str) -> tuple[list[Block], int | None]:
    """The blocks of a plain text file; it has no pages unless form feeds divide it."""
    text = limited(decode(data, name), name)
    pages = text.rstrip("\f\n ").split("\f")
    lines = [line for number, page in enumerate(pages, 1) for line in lines_of(page, number if len(pages) > 1 else None)]
    return blocks_from(unwrap(lines) if wrapped(lines) else lines), len(pages) if len(pages) > 1 else None

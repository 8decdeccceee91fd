"""Rich Text Format taken apart: its control words followed, its paragraphs and table cells given back with what is said of them."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from schoolgate.policytext.errors import Unreadable
from schoolgate.policytext.readers.wordtext import picture

_TOKEN = re.compile(r"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n\x00]+|([^\\{}\r\n\x00]+)|\\")
_DEEPEST = 5_000
_SPECIAL = {
    "tab": "\t",
    "line": "\n",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "endash": "–",
    "emdash": "—",
    "bullet": "•",
    "emspace": " ",
    "enspace": " ",
    "qmspace": " ",
}
_SIGNS = {"~": "\u00a0", "_": "-", "-": "", "\n": "\n", "\r": "\n", "\t": "\t", "\\": "\\", "{": "{", "}": "}"}
_RUNNING = {"header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf"}
_SKIPPED = {
    *("pict", "fldinst", "colortbl", "object", "nonshppict", "shpinst", "sp", "xe", "tc", "rxe", "txe", "bkmkstart", "bkmkend"),
    *("annotation", "atnid", "atnauthor", "template", "filetbl", "revtbl", "listtable", "listoverridetable", "generator"),
    *("ftnsep", "ftnsepc", "ftncn", "aftnsep", "aftnsepc", "aftncn", "datafield", "themedata", "nonesttables", "formfield", "pn"),
}
_CHARSETS = {
    0: 1252,
    77: 10000,
    128: 932,
    129: 949,
    134: 936,
    136: 950,
    161: 1253,
    162: 1254,
    177: 1255,
    178: 1256,
    186: 1257,
    204: 1251,
    238: 1250,
}
_SYMBOLS = 2


@dataclass(slots=True)
class State:
    """What holds inside one group: where its words go, and how they look."""

    to: str = "body"
    bold: bool = False
    size: float = 12.0
    hidden: bool = False
    font: int = 0
    skip: int = 1


@dataclass(slots=True)
class Line:
    """One paragraph or table cell: its words, the number or bullet printed before it, its list level, style and look.

    ``end`` says what ended it: par, cell or row.
    """

    text: str = ""
    listed: str = ""
    level: int = 0
    style: int = 0
    outline: int | None = None
    in_table: bool = False
    bold: bool = False
    size: float = 0.0
    end: str = "par"
    above: tuple[bool, ...] = ()
    header: bool = False


@dataclass(slots=True)
class Rtf:
    """The reader of one file: what has been declared so far, and the paragraph that is growing."""

    name: str
    codepage: int = 1252
    fonts: dict[int, tuple[int, str]] = field(default_factory=dict)
    styles: dict[int, str] = field(default_factory=dict)
    running: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    title: str = ""
    line: Line = field(default_factory=Line)
    words: list[tuple[str, bool, float]] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)
    raw: bytearray = field(default_factory=bytearray)
    state: State = field(default_factory=State)
    stack: list[State] = field(default_factory=list)
    entry: int = 0
    unshown: int = 0
    starred: bool = False
    merged: list[bool] = field(default_factory=list)
    next_merged: bool = False
    header: bool = False

    def lines(self, text: str) -> Iterator[Line]:
        """The paragraphs and cells of a file in order. Raises Unreadable where groups nest without end."""
        place = 0
        while place < len(text):
            found = _TOKEN.match(text, place)
            if found is None:
                break
            place = found.end()
            word, number, byte, sign, brace, plain = found.groups()
            if byte is not None:
                self._byte(int(byte, 16))
                continue
            self._flush()
            if word is not None:
                if word == "bin":
                    place += max(int(number or 0), 0)
                yield from self._control(word, None if number is None else int(number))
            elif brace == "{":
                self._open()
            elif brace == "}":
                self._close()
            elif sign is not None:
                self._sign(sign)
            elif plain is not None:
                self._say(plain)
        self._flush()
        if any(words.strip() for words, _, _ in self.words):
            yield self._ended("par")

    def _open(self) -> None:
        if len(self.stack) > _DEEPEST:
            raise Unreadable(f"{self.name} was refused: its groups stand one inside another without end. Save it again in Word.")
        self.stack.append(self.state)
        self.state = replace(self.state)
        self.unshown, self.starred = 0, False

    def _close(self) -> None:
        done, self.state = self.state.to, self.stack.pop() if self.stack else State()
        self.unshown, self.starred = 0, False
        if done in ("running", "note", "title") and self.state.to != done:
            text = " ".join(_mended("".join(self.aside)).split())
            self.aside.clear()
            if done == "title":
                self.title = text
            elif text:
                (self.running if done == "running" else self.notes).append(text)

    def _sign(self, sign: str) -> None:
        if sign == "*":
            self.starred = True
        elif sign in "\r\n":
            self._say("\n")
        else:
            self._say(_SIGNS.get(sign, ""))

    def _byte(self, value: int) -> None:
        if self.unshown:
            self.unshown -= 1
        else:
            self.raw.append(value)

    def _flush(self) -> None:
        if not self.raw:
            return
        data, charset = bytes(self.raw), self.fonts.get(self.state.font, (0, ""))[0]
        self.raw.clear()
        if charset == _SYMBOLS and self.state.to in ("body", "listed"):
            text = "".join(map(self._picture, data))
        else:
            text = data.decode(_codec(_CHARSETS.get(charset, self.codepage) if charset else self.codepage), "replace")
        self._put(text)

    def _picture(self, value: int) -> str:
        return picture(chr(0xF000 + value), self.fonts[self.state.font][1]) if value > 32 else " "

    def _say(self, text: str) -> None:
        if self.unshown:
            shown = text[self.unshown :]
            self.unshown = max(self.unshown - len(text), 0)
            text = shown
        if text:
            self._put(text if text.isascii() else text.encode("latin-1").decode(_codec(self.codepage), "replace") if _latin(text) else text)

    def _put(self, text: str) -> None:
        to = self.state.to
        if to == "font":
            charset, name = self.fonts.get(self.entry, (0, ""))
            self.fonts[self.entry] = (charset, name + text)
        elif to == "style":
            self.styles[self.entry] = (self.styles.get(self.entry, "") + text)[:80]
        elif to in ("running", "note", "title"):
            self.aside.append(text)
        elif to == "listed":
            self.line.listed += text
        elif to == "body" and not self.state.hidden:
            self.words.append((text, self.state.bold, self.state.size))

    def _control(self, word: str, number: int | None) -> Iterator[Line]:
        if word in ("par", "sect", "page", "nestcell", "cell", "row") and self.state.to in ("body", "listed"):
            yield self._ended(word if word in ("cell", "row") else "par")
        elif word in ("par", "cell", "line") and self.state.to in ("running", "note"):
            self.aside.append(" ")
        elif word == "u":
            self._put(chr((number or 0) % 65536))
            self.unshown = self.state.skip
        elif word in _SPECIAL:
            self._put(_SPECIAL[word])
        elif not self._destination(word):
            self._letters(word, number)
            self._paragraph(word, number)
            self._declared(word, number)

    def _destination(self, word: str) -> bool:
        """Follow a word that says where the words of its group go; whether it was one."""
        to = self.state.to
        if word in _RUNNING:
            self.state.to = "running"
        elif word in ("footnote", "endnote"):
            self.state.to = "note" if to == "body" else to
        elif word in ("listtext", "pntext"):
            self.state.to = "listed" if to == "body" else to
        elif word == "fonttbl":
            self.state.to = "font"
        elif word == "stylesheet":
            self.state.to = "style"
        elif word in ("info", *_SKIPPED):
            self.state.to = "skip"
        elif word == "title" and to == "skip":
            self.state.to = "title"
        elif word in ("shptxt", "nesttableprops", "fldrslt"):
            self.state.to = "body" if word == "shptxt" else to
        elif self.starred:
            self.starred = False
            if to == "style":
                return False
            self.state.to = "skip"
        else:
            return False
        self.starred = False
        return True

    def _letters(self, word: str, number: int | None) -> None:
        on = number != 0
        if word == "b":
            self.state.bold = on
        elif word == "fs":
            self.state.size = min(max(number or 24, 2), 400) / 2
        elif word in ("v", "deleted"):
            self.state.hidden = on
        elif word == "f":
            self.state.font = number or 0
        elif word == "uc":
            self.state.skip = min(max(number or 0, 0), 10)
        elif word == "plain":
            self.state.bold, self.state.size, self.state.hidden = False, 12.0, False

    def _paragraph(self, word: str, number: int | None) -> None:
        if word == "pard":
            self.line = Line(listed=self.line.listed, in_table=False)
        elif word == "intbl":
            self.line.in_table = True
        elif word == "ilvl":
            self.line.level = min(max(number or 0, 0), 8)
        elif word == "s" and self.state.to != "style":
            self.line.style = number or 0
        elif word == "outlinelevel":
            self.line.outline = number
        elif word == "trowd":
            self.merged, self.next_merged, self.header = [], False, False
        elif word == "clvmrg":
            self.next_merged = True
        elif word == "cellx" and len(self.merged) < 200:
            self.merged.append(self.next_merged)
            self.next_merged = False
        elif word == "trhdr":
            self.header = True

    def _declared(self, word: str, number: int | None) -> None:
        if word == "ansicpg":
            self.codepage = number or 1252
        elif word == "mac":
            self.codepage = 10000
        elif word in ("pc", "pca"):
            self.codepage = 437 if word == "pc" else 850
        elif self.state.to == "font" and word == "f":
            self.entry = number or 0
        elif self.state.to == "font" and word == "fcharset":
            self.fonts[self.entry] = (number or 0, self.fonts.get(self.entry, (0, ""))[1])
        elif self.state.to == "style" and word in ("s", "cs", "ds", "ts"):
            self.entry = (number or 0) if word == "s" else -1

    def _ended(self, how: str) -> Line:
        """The paragraph that just ended; the next one keeps its properties until they are reset."""
        told = [piece for piece in self.words if piece[0].strip()]
        text = _mended("".join(text for text, _, _ in self.words))
        done = replace(
            self.line,
            text=text,
            listed=_mended(self.line.listed),
            end=how,
            bold=bool(told) and all(bold for _, bold, _ in told),
            size=max(told, key=lambda piece: len(piece[0]))[2] if told else 0.0,
            above=tuple(self.merged),
            header=self.header,
        )
        self.words.clear()
        self.line.listed = ""
        return done


def _mended(text: str) -> str:
    """Letters that were written as two halves made whole; a half without its other half is shown as unknown."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _latin(text: str) -> bool:
    return all(ord(letter) < 256 for letter in text)


def _codec(page: int) -> str:
    name = {10000: "mac_roman", 65001: "utf-8"}.get(page, f"cp{page}")
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "cp1252"

"""The words of a Word paragraph as they are shown: insertions kept, deletions and hidden words gone, fields by their results."""

import re
from dataclasses import dataclass, field

from lxml import etree

from schoolgate.policytext.readers.wordparts import W, switched, value
from schoolgate.policytext.readers.wordstyles import Style, Styles, look

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATHS = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_NAMES = (
    "del",
    "moveFrom",
    "instrText",
    "delText",
    "txbxContent",
    "pPr",
    "rPr",
    "sdtPr",
    "footnoteReference",
    "rt",
    "drawing",
    "pict",
    "object",
)
_SKIPPED = {f"{W}{name}" for name in _NAMES}
_BOXES = {"\uf06f", "\uf0a8", "\uf071", "\uf072", "\uf02a"}
_TICKED = {"\uf0fe", "\uf052", "\uf053", "\uf0fd", "\uf054"}
_BULLETS = {"\uf0b7", "\uf0a7", "\uf0d8", "\uf076", "\uf06e", "\uf09f"}
_MARKS = {
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
}


@dataclass(slots=True)
class Field:
    """A field that is open: what it computes, and whether its result has begun."""

    code: str = ""
    shown: bool = False


@dataclass(slots=True)
class Spoken:
    """What a paragraph says, how it looks, and whether it is a line of a contents list. ``gone`` means that none of it is shown."""

    text: str = ""
    bold: bool = False
    size: float = 0.0
    contents: bool = False
    gone: bool = False


@dataclass(slots=True)
class _Run:
    text: str
    bold: bool
    size: float


@dataclass(slots=True)
class Speaker:
    """Reads paragraph after paragraph; fields may run over several of them."""

    styles: Styles = field(default_factory=Styles)
    fields: list[Field] = field(default_factory=list)
    chain: list[Style] = field(default_factory=list)
    runs: list[_Run] = field(default_factory=list)
    contents: bool = False

    def say(self, paragraph: etree._Element, chain: list[Style]) -> Spoken:
        """The words of one paragraph whose styles are given."""
        self.chain, self.runs, self.contents = chain, [], False
        if any(step.outline is not None for step in chain) and not chain[0].name.startswith("toc"):
            self.fields = [open_ for open_ in self.fields if not _lists_contents(open_)]
        self._walk(paragraph)
        self.fields = [open_ for open_ in self.fields if open_.shown]
        told = [run for run in self.runs if run.text.strip()]
        text = "".join(run.text for run in self.runs)
        mark = paragraph.find(f"{W}pPr/{W}rPr")
        hidden = look(mark, chain, [], 0.0)[1]
        return Spoken(
            text,
            bool(told) and all(run.bold for run in told),
            max(told, key=lambda run: len(run.text)).size if told else 0.0,
            self.contents,
            not told and hidden,
        )

    def _walk(self, element: etree._Element) -> None:
        for child in element:
            if child.tag in _SKIPPED:
                continue
            if child.tag == f"{W}r":
                self._run(child)
            elif child.tag == f"{W}sdt":
                self._control(child)
            elif child.tag == f"{W}fldSimple":
                self._simple(child)
            elif child.tag == f"{_MC}AlternateContent":
                self._walk(chosen(child))
            elif child.tag == _MATHS:
                self.runs.append(_Run(child.text or "", False, 0.0))
            else:
                self._walk(child)

    def _control(self, element: etree._Element) -> None:
        """The words of a content control; its prompt ("Click here to enter text") is none of the document's."""
        content = element.find(f"{W}sdtContent")
        if content is not None and not switched(element.find(f"{W}sdtPr"), "showingPlcHdr"):
            self._walk(content)

    def _simple(self, element: etree._Element) -> None:
        self.fields.append(Field(element.get(f"{W}instr", ""), True))
        self._walk(element)
        self.fields.pop()

    def _run(self, run: etree._Element) -> None:
        letters = run.find(f"{W}rPr")
        style = value(letters, "rStyle")
        bold, hidden, size = look(letters, self.chain, self.styles.chain(style) if style in self.styles.by_key else [], self.styles.size)
        pieces: list[str] = []
        for child in run:
            self._piece(child, pieces)
        text = "".join(pieces)
        if text and not hidden:
            self.runs.append(_Run(text, bold, size))

    def _piece(self, child: etree._Element, pieces: list[str]) -> None:
        if child.tag == f"{W}fldChar":
            pieces.append(self._turn(child))
        elif child.tag == f"{W}instrText":
            if self.fields and not self.fields[-1].shown:
                self.fields[-1].code = f"{self.fields[-1].code}{child.text or ''}"[:400]
        elif any(not open_.shown for open_ in self.fields):
            return
        elif child.tag == f"{W}t":
            pieces.append(child.text or "")
            self.contents = self.contents or (bool((child.text or "").strip()) and any(map(_lists_contents, self.fields)))
        elif child.tag in _MARKS:
            pieces.append(_MARKS[child.tag])
        elif child.tag == f"{W}sym":
            pieces.append(symbol(child))
        elif child.tag == f"{_MC}AlternateContent":
            for inner in chosen(child):
                self._piece(inner, pieces)
        elif child.tag == f"{W}ruby":
            base = child.find(f"{W}rubyBase")
            pieces.extend(text.text or "" for text in (base.iter(f"{W}t") if base is not None else ()))

    def _turn(self, mark: etree._Element) -> str:
        """Begin, show or end a field; a tick box is a field whose state stands in its beginning."""
        kind = mark.get(f"{W}fldCharType")
        if kind == "begin":
            self.fields.append(Field())
            box = mark.find(f"{W}ffData/{W}checkBox")
            if box is not None:
                ticked = switched(box, "checked")
                return "☒" if (switched(box, "default") if ticked is None else ticked) else "☐"
        elif kind == "separate" and self.fields:
            self.fields[-1].shown = True
        elif kind == "end" and self.fields:
            self.fields.pop()
        return ""


def _lists_contents(open_: Field) -> bool:
    return bool(re.match(r"\s*(?:TOC|INDEX|TOA)\b", open_.code))


def chosen(element: etree._Element) -> etree._Element:
    """The one variant of alternative content that is read: the newest, or the fallback where that is all there is."""
    choice = element.find(f"{_MC}Choice")
    fallback = element.find(f"{_MC}Fallback")
    picked = choice if choice is not None and len(choice) else fallback
    return element if picked is None else picked


def symbol(element: etree._Element) -> str:
    """A letter of a picture font: tick boxes and bullets are kept as such, any other picture says nothing."""
    code = element.get(f"{W}char", "")
    if not re.fullmatch(r"[0-9A-Fa-f]{1,4}", code):
        return ""
    place = int(code, 16)
    return picture(chr(place if place >= 0xF000 else place + 0xF000), element.get(f"{W}font", ""))


def picture(letter: str, font: str) -> str:
    """A letter of a picture font, in the range from U+F000: a tick box or a bullet is kept as such, any other says nothing."""
    if "wingdings" not in font.lower():
        return "•" if letter == "\uf0b7" else ""
    if letter in _BOXES:
        return "☐"
    if letter in _TICKED:
        return "☒"
    return "•" if letter in _BULLETS else "✓" if letter == "\uf0fc" else ""

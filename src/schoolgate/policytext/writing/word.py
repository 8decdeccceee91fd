"""A policy as a Word document: headings as headings and the language told, so that it can be read aloud, and read back."""

import io
import re
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

from schoolgate.policytext.archive import Archive
from schoolgate.policytext.errors import Unreadable
from schoolgate.policytext.model import Document, Source
from schoolgate.policytext.writing import stamp
from schoolgate.policytext.writing.lines import Line, lines_of

STAMP = "customXml/item1.xml"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_REL = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_THEN = (1980, 1, 1, 0, 0, 0)  # the same words make the same bytes
_WORD = re.compile(r">([A-Za-z0-9+/=]+)</policy>")
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_STYLE_OF = {"title": "Title", "fact": "Cover", "lead_in": "LeadIn", "clause": "Clause"}


def word(document: Document, more: Sequence[tuple[str, str]] = ()) -> bytes:
    """The bytes of a Word file of a policy, with the clauses packed into a part of their own."""
    title = document.title or document.source.name
    parts = {
        "[Content_Types].xml": _CONTENT_TYPES,
        "_rels/.rels": _ROOT_RELATIONS,
        "word/document.xml": _body(document, more),
        "word/_rels/document.xml.rels": _RELATIONS,
        "word/styles.xml": _STYLES,
        "word/footer1.xml": _FOOTER,
        "docProps/core.xml": _CORE.format(title=_safe(title)),
        STAMP: f'{_HEAD}<policy xmlns="urn:schoolgate:policy">{stamp.packed(document, more)}</policy>',
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _THEN), text.encode("utf-8"), zipfile.ZIP_DEFLATED)
    return made.getvalue()


def read_back(archive: Archive, source: Source) -> Document | None:
    """The document a Word file was written from; None where it was not written by us, or was changed since."""
    for name in archive.names():
        if not re.fullmatch(r"customXml/item\d{1,3}\.xml", name):
            continue
        found = _WORD.search(archive.xml(name).decode("utf-8", "replace"))
        kept = stamp.unpacked(found[1], source) if found else None
        if kept is not None:
            document, more = kept
            return document if _seen(archive) == [_line(line) for line in lines_of(document, more)] else None
    return None


def _seen(archive: Archive) -> list[str]:
    """The words of each paragraph of a Word file that has nothing but plain paragraphs; nothing of any other."""
    try:
        body = archive.tree("word/document.xml").find(f"{{{_W}}}body")
    except Unreadable:
        return []
    if body is None or any(child.tag not in (f"{{{_W}}}p", f"{{{_W}}}sectPr") for child in body):
        return []
    return [_words(paragraph) for paragraph in body.findall(f"{{{_W}}}p")]


def _words(paragraph: object) -> str:
    marks = {f"{{{_W}}}tab": "\t", f"{{{_W}}}br": "\n"}
    return "".join(
        (one.text or "") if one.tag == f"{{{_W}}}t" else marks.get(one.tag, "")
        for one in paragraph.iter()  # type: ignore[attr-defined]
        if one.getparent().tag != f"{{{_W}}}tabs"
    )


def _line(line: Line) -> str:
    """A line as its paragraph says it."""
    text = _NOT_XML.sub("", line.text)
    return f"{_NOT_XML.sub('', line.label)}{': ' if line.kind == 'fact' else chr(9)}{text}" if line.label else text


def _body(document: Document, more: Sequence[tuple[str, str]]) -> str:
    paragraphs = "".join(_paragraph(line) for line in lines_of(document, more))
    section = (
        '<w:sectPr><w:footerReference w:type="default" r:id="rId2"/><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1304" w:right="1304" w:bottom="1304" w:left="1304" w:header="708" w:footer="708" w:gutter="0"/></w:sectPr>'
    )
    return f'{_HEAD}<w:document xmlns:w="{_W}" xmlns:r="{_R}"><w:body>{paragraphs}{section}</w:body></w:document>'


def _paragraph(line: Line) -> str:
    style = f"Heading{line.level}" if line.kind == "heading" else _STYLE_OF[line.kind]
    label = ""
    if line.label:
        between = "<w:r><w:tab/></w:r>" if line.kind == "clause" else _run(": ")
        label = _run(line.label, bold=True) + between
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{label}{_run(line.text)}</w:p>'


def _run(text: str, bold: bool = False) -> str:
    look = "<w:rPr><w:b/></w:rPr>" if bold else ""
    inside = "<w:br/>".join(
        "<w:tab/>".join(f'<w:t xml:space="preserve">{_safe(piece)}</w:t>' for piece in one.split("\t")) for one in text.split("\n")
    )
    return f"<w:r>{look}{inside}</w:r>"


def _safe(text: str) -> str:
    return escape(_NOT_XML.sub("", text))


def _style(name: str, title: str, look: str, words: str = "", after: str = "") -> str:
    based = '<w:basedOn w:val="Normal"/>' if name != "Normal" else ""
    default = ' w:default="1"' if name == "Normal" else ""
    return (
        f'<w:style w:type="paragraph"{default} w:styleId="{name}"><w:name w:val="{title}"/>{based}{after}<w:qFormat/>'
        f"<w:pPr>{look}</w:pPr><w:rPr>{words}</w:rPr></w:style>"
    )


_SIZES = (32, 28, 26, 24, 24)
_HEADINGS = "".join(
    _style(
        f"Heading{level}", f"heading {level}", f'<w:keepNext/><w:spacing w:before="280" w:after="100"/><w:outlineLvl w:val="{level - 1}"/>',
        f'<w:b/><w:sz w:val="{size}"/>',
    )
    for level, size in enumerate(_SIZES, 1)
)  # fmt: skip
_STYLES = (
    f'{_HEAD}<w:styles xmlns:w="{_W}"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:cs="Arial"/>'
    '<w:sz w:val="24"/><w:lang w:val="en-GB"/></w:rPr></w:rPrDefault></w:docDefaults>'
    + _style("Normal", "Normal", '<w:spacing w:after="140" w:line="288" w:lineRule="auto"/>')
    + _style("Title", "Title", '<w:spacing w:after="240"/>', '<w:b/><w:sz w:val="44"/>')
    + _style("Cover", "Cover", '<w:spacing w:after="40"/>')
    + _style("LeadIn", "Lead in", '<w:keepNext/><w:spacing w:before="120" w:after="100"/>')
    + _style("Clause", "Clause", '<w:tabs><w:tab w:val="left" w:pos="1134"/></w:tabs><w:ind w:left="1134" w:hanging="1134"/>')
    + _HEADINGS
    + "</w:styles>"
)
_FOOTER = (
    f'{_HEAD}<w:ftr xmlns:w="{_W}"><w:p><w:pPr><w:jc w:val="right"/></w:pPr><w:r><w:t xml:space="preserve">Page </w:t></w:r>'
    '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple></w:p></w:ftr>'
)
_CONTENT_TYPES = (
    f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_TYPE}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
    f'<Override PartName="/word/footer1.xml" ContentType="{_TYPE}.footer+xml"/>'
    '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
)
_ROOT_RELATIONS = (
    f'{_HEAD}<Relationships xmlns="{_REL}"><Relationship Id="rId1" Type="{_R}/officeDocument" Target="word/document.xml"/>'
    '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" '
    'Target="docProps/core.xml"/></Relationships>'
)
_RELATIONS = (
    f'{_HEAD}<Relationships xmlns="{_REL}"><Relationship Id="rId1" Type="{_R}/styles" Target="styles.xml"/>'
    f'<Relationship Id="rId2" Type="{_R}/footer" Target="footer1.xml"/>'
    f'<Relationship Id="rId3" Type="{_R}/customXml" Target="../customXml/item1.xml"/></Relationships>'
)
_CORE = (
    f'{_HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title><dc:language>en-GB</dc:language></cp:coreProperties>'
)

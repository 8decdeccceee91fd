"""Word files written out by hand, so that a test shows every mark that matters."""

import io
import zipfile

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORDML = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_SPACES = f'xmlns:w="{W}" xmlns:r="{_REL}" ' + " ".join(
    f'xmlns:{name}="http://schemas.{place}"'
    for name, place in (
        ("mc", "openxmlformats.org/markup-compatibility/2006"),
        ("wps", "microsoft.com/office/word/2010/wordprocessingShape"),
        ("w14", "microsoft.com/office/word/2010/wordml"),
        ("wp", "openxmlformats.org/drawingml/2006/wordprocessingDrawing"),
        ("a", "openxmlformats.org/drawingml/2006/main"),
        ("v", "microsoft.com/vml"),
    )
)
_KINDS = {
    "numbering": "numbering",
    "styles": "styles",
    "footnotes": "footnotes",
    "endnotes": "endnotes",
    "header": "header",
    "footer": "footer",
}
STYLES = """<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>"""


def run(text: str, looks: str = "") -> str:
    """A run of words with run properties."""
    return f'<w:r>{f"<w:rPr>{looks}</w:rPr>" if looks else ""}<w:t xml:space="preserve">{text}</w:t></w:r>'


def para(text: str, level: int | None = None, number: int | None = None, style: str = "", more: str = "") -> str:
    """A paragraph of plain words, or of runs where the text holds marks, with its list, level and style."""
    placed = (f'<w:ilvl w:val="{level}"/>' if level is not None else "") + (f'<w:numId w:val="{number}"/>' if number is not None else "")
    properties = (f'<w:pStyle w:val="{style}"/>' if style else "") + (f"<w:numPr>{placed}</w:numPr>" if placed else "") + more
    words = text if text.startswith("<") or not text else run(text)
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{words}</w:p>"


def level(depth: int, look: str, text: str, *, start: int | None = 1, more: str = "") -> str:
    """One level of an abstract list."""
    begin = f'<w:start w:val="{start}"/>' if start is not None else ""
    return f'<w:lvl w:ilvl="{depth}">{begin}<w:numFmt w:val="{look}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>'


def abstract(key: int, *levels: str, head: str = "") -> str:
    """An abstract list of levels."""
    return f'<w:abstractNum w:abstractNumId="{key}"><w:multiLevelType w:val="multilevel"/>{head}{"".join(levels)}</w:abstractNum>'


def num(key: int, to: int, overrides: str = "") -> str:
    """A list that uses an abstract list."""
    return f'<w:num w:numId="{key}"><w:abstractNumId w:val="{to}"/>{overrides}</w:num>'


def begins(depth: int, start: int) -> str:
    """A list's own start at one level."""
    return f'<w:lvlOverride w:ilvl="{depth}"><w:startOverride w:val="{start}"/></w:lvlOverride>'


def style(key: str, properties: str = "", base: str = "", name: str = "", kind: str = "paragraph", letters: str = "") -> str:
    """A style with paragraph properties."""
    based = f'<w:basedOn w:val="{base}"/>' if base else ""
    inner = (f"<w:pPr>{properties}</w:pPr>" if properties else "") + (f"<w:rPr>{letters}</w:rPr>" if letters else "")
    return f'<w:style w:type="{kind}" w:styleId="{key}"><w:name w:val="{name or key}"/>{based}{inner}</w:style>'


def table(*rows: list[str] | str, looks: str = "") -> str:
    """A table; a cell is a string of paragraphs, or of a whole w:tc."""
    made = "".join(row if isinstance(row, str) else line(*row) for row in rows)
    return f'<w:tbl><w:tblPr>{looks}</w:tblPr><w:tblGrid><w:gridCol w:w="3000"/><w:gridCol w:w="3000"/></w:tblGrid>{made}</w:tbl>'


def line(*cells: str, looks: str = "") -> str:
    """A row of a table."""
    held = [cell if cell.startswith(("<w:tc>", "<w:sdt>")) else f"<w:tc>{cell}</w:tc>" for cell in cells]
    return f"<w:tr><w:trPr>{looks}</w:trPr>{''.join(held)}</w:tr>"


def word(body: str, numbering: str = "", styles: str = "", **parts: str) -> bytes:
    """A whole Word file. Further parts are named as in ``footnotes`` or ``header1``; others by their path, with a slash."""
    given = {"numbering": numbering, "styles": STYLES + styles, **parts}
    roots = {"footnotes": "footnotes", "endnotes": "endnotes", "header": "hdr", "footer": "ftr"}
    files = {"word/document.xml": f"<w:document {_SPACES}><w:body>{body}</w:body></w:document>"}
    kinds, links = [("/word/document.xml", f"{_WORDML}.document.main+xml")], []
    for name, xml in given.items():
        kind = name.rstrip("0123456789")
        if kind not in _KINDS or not xml:
            files[name] = xml
            continue
        root = roots.get(kind, kind)
        files[f"word/{name}.xml"] = f"<w:{root} {_SPACES}>{xml}</w:{root}>"
        kinds.append((f"/word/{name}.xml", f"{_WORDML}.{_KINDS[kind]}+xml"))
        links.append(f'<Relationship Id="{name}" Type="{_REL}/{kind}" Target="{name}.xml"/>')
    files.pop("numbering", None)
    overrides = "".join(f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in kinds)
    package = "http://schemas.openxmlformats.org/package/2006"
    defaults = {"rels": "application/vnd.openxmlformats-package.relationships+xml", "xml": "application/xml", "html": "text/html"}
    known = "".join(f'<Default Extension="{ending}" ContentType="{kind}"/>' for ending, kind in defaults.items())
    files["[Content_Types].xml"] = f'<Types xmlns="{package}/content-types">{known}{overrides}</Types>'
    main = f'<Relationship Id="a" Type="{_REL}/officeDocument" Target="word/document.xml"/>'
    files.setdefault("_rels/.rels", f'<Relationships xmlns="{package}/relationships">{main}</Relationships>')
    files.setdefault("word/_rels/document.xml.rels", f'<Relationships xmlns="{package}/relationships">{"".join(links)}</Relationships>')
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(name, files[name])
    return held.getvalue()

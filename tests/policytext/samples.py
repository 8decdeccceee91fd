"""Small sound policies of every kind, rich in the marks of their format, to be damaged by the fuzzer."""
# ruff: noqa: E501  whole marks of a format read better on one line

import io
import zipfile

from tests.policytext.wordmaker import abstract, begins, level, line, num, para, run, style, table, word

_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_SPACES = " ".join(
    f'xmlns:{name}="{_ODF}:{place}:1.0"'
    for name, place in (
        ("office", "office"),
        ("text", "text"),
        ("table", "table"),
        ("style", "style"),
        ("draw", "drawing"),
        ("fo", "xsl-fo-compatible"),
    )
)
_LIST = (
    '<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>'
    '<text:list-level-style-number text:level="2" style:num-format="a" style:num-suffix=")" text:display-levels="2" text:start-value="3"/>'
    '<text:list-level-style-bullet text:level="3" text:bullet-char="•"/></text:list-style>'
)
_BOLD = (
    '<style:style style:name="B" style:family="paragraph"><style:text-properties fo:font-weight="bold" fo:font-size="14pt"/></style:style>'
)


def docx_samples() -> list[bytes]:
    """Word files with lists, styles, tables, fields, changes and notes."""
    numbers = abstract(
        1, level(0, "decimal", "%1."), level(1, "decimal", "%1.%2"), level(2, "lowerLetter", "(%3)"), level(3, "bullet", "•")
    )
    numbers += abstract(2, head='<w:numStyleLink w:val="Ours"/>') + num(1, 1) + num(2, 1, begins(0, 4)) + num(3, 2)
    styles = style("H1", '<w:numPr><w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="0"/>', "Normal", "heading 1")
    styles += style("Ours", '<w:numPr><w:numId w:val="1"/></w:numPr>', kind="numbering") + style("Toc", name="toc 1", base="H1")
    field = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>REF a</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    body = para("Phone policy", style="H1") + para("Staff must ask.", 1, 1) + para("be kind,", 2, 1) + para("Pupils may not.", 0, 2)
    body += para(field + run("2.1", "<w:b/><w:sz w:val='30'/>") + '<w:r><w:fldChar w:fldCharType="end"/></w:r>') + para(
        "Aims\t2", style="Toc"
    )
    merged = '<w:tc><w:tcPr><w:gridSpan w:val="2"/><w:vMerge w:val="restart"/></w:tcPr><w:p/></w:tc>'
    body += table(
        line(para("Role"), para("Duty"), looks="<w:tblHeader/>"), [para("Head"), para("reads reports", 0, 3)], [merged, table([para("a")])]
    )
    body += "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:p/></w:sdtContent></w:sdt>"
    body += para(
        '<w:ins w:id="1"><w:r><w:t>new</w:t><w:br/><w:tab/><w:sym w:font="Wingdings" w:char="F0A8"/></w:r></w:ins>' + run(" words")
    )
    notes = f'<w:footnote w:id="2">{para("See the handbook.")}</w:footnote>'
    return [word(body, numbers, styles, footnotes=notes, header1=para("Alder School"))]


def odt_samples() -> list[bytes]:
    """OpenDocument texts with lists, headings, tables and notes."""
    text = (
        '<text:h text:outline-level="1">Phone policy</text:h><text:p text:style-name="B">Rules</text:p>'
        '<text:list xml:id="a" text:style-name="L1"><text:list-item><text:p>Staff must ask.</text:p><text:list><text:list-item text:start-value="5">'
        "<text:p>be kind,</text:p></text:list-item></text:list></text:list-item></text:list>"
        '<text:list text:continue-list="a" text:style-name="L1"><text:list-item><text:p>Pupils<text:s text:c="3"/>may not.<text:tab/>x'
        "<text:note><text:note-body><text:p>See the handbook.</text:p></text:note-body></text:note></text:p></text:list-item></text:list>"
        "<table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>Role</text:p></table:table-cell></table:table-row>"
        '</table:table-header-rows><table:table-row><table:table-cell table:number-columns-spanned="2" table:number-columns-repeated="3">'
        "<text:p>Head</text:p></table:table-cell><table:covered-table-cell/><table:table-cell><text:p>reads</text:p></table:table-cell>"
        "</table:table-row></table:table><text:p><draw:frame><draw:text-box><text:p>Ask first.</text:p></draw:text-box></draw:frame></text:p>"
        "<text:table-of-content><text:index-body><text:p>Aims 2</text:p></text:index-body></text:table-of-content>"
    )
    content = f"<office:document-content {_SPACES}><office:automatic-styles>{_LIST}{_BOLD}</office:automatic-styles>"
    content += f"<office:body><office:text>{text}</office:text></office:body></office:document-content>"
    outline = '<text:outline-style><text:outline-level-style text:level="1" style:num-format="1"/></text:outline-style>'
    styles = (
        f"<office:document-styles {_SPACES}><office:styles>{outline}</office:styles><style:header><text:p>Alder</text:p></style:header>"
    )
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", content)
        archive.writestr("styles.xml", f"{styles}</office:document-styles>")
    return [held.getvalue()]


def rtf_samples() -> list[bytes]:
    """Rich text with lists, a table, notes and older letters."""
    return [
        rb"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Arial;}{\f1\fcharset2 Wingdings;}}{\stylesheet{\s1\outlinelevel0 heading 1;}}"
        rb"{\info{\title Phones}}{\header Alder School\par}\pard\s1\b\fs40 Phone policy\par\pard\plain "
        rb"{\listtext 1.1\tab}\ls1\ilvl1 Staff must ask \'97 always\u8217?.\par{\listtext\f1\'a8\tab}Pupils may {\deleted not}{\v hidden}.\par"
        rb"{\footnote See the handbook.}\trowd\trhdr\clvmgf\cellx100\cellx200\intbl Role\cell Duty\cell\row"
        rb"\trowd\clvmrg\cellx100\cellx200\intbl Head\cell reads\line reports\cell\row\pard"
        rb"{\field{\*\fldinst REF a}{\fldrslt 2.1}}{\*\unknown x}\bin3 abc\uc2\u55357??\u56832??\par}"
    ]


def html_samples() -> list[bytes]:
    """A page with a menu, lists, tables and terms, one saved by Word, one by a web editor."""
    return [
        b"<!doctype html><html><head><title>x</title></head><body><nav><ul><li><a href='/'>Home</a></li></ul></nav><main><h1>Phone policy</h1>"
        b"<p><strong>Rules</strong></p><ol start=3 type=a><li>Staff must ask.<ul><li value=7>be kind</li></ul></li></ol><dl><dt>Phone</dt>"
        b"<dd>any device</dd></dl><table><thead><tr><th>Role<th>Duty</tr></thead><tr><td rowspan=2>Head<td colspan=2>reads<tr><td>writes</table>"
        b"<pre>a\n b</pre><input type=checkbox> I agree<br>Name: x</main><div class='cookie-banner'>Cookies</div><footer>Alder</footer></body></html>",
        b"<html><body><p class=MsoListParagraph style='mso-list:l0 level2 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>1.1<span>&nbsp; "
        b"</span></span><![endif]>Staff must ask.<o:p></o:p></p><ol class='lst-kix_a-1 start' start=2><li>Pupils may not.</li></ol></body></html>",
    ]


def md_samples() -> list[bytes]:
    """Markdown with front matter, tables, nested lists and tasks."""
    return [
        b"---\ntitle: Phones\nreview date: May 2027\n---\n\nPhone policy\n============\n\n1. Staff must ask.\n   - be kind\n     - [ ] be true\n2. No\n\n"
        b"| Role | Duty |\n|---|---|\n| Head | reads |\n\n> quoted *words* **bold** `code` [link](http://a.b)\n\n<div>raw <b>html</b></div>\n\n## Aims\n"
    ]


def rst_samples() -> list[bytes]:
    """reStructuredText with lists, tables, notes and directives."""
    return [
        b"Phone policy\n============\n\n:Version: 2\n\n1. Staff must ask.\n2. Pupils may not.\n\n   a) be kind\n\n   b) be true\n\n* point\n\n"
        b"+------+-------+\n| Role | Duty  |\n+======+=======+\n| Head | reads |\n+------+-------+\n\n=====  =====\nA      B\n=====  =====\n1      2\n=====  "
        b"=====\n\n.. note:: Ask *first*.\n\n.. [1] A note [1]_ and |x|.\n\n.. |x| replace:: word\n\nTerm\n   meaning\n\n.. contents::\n\nAims\n----\n\ntext\n"
    ]


def txt_samples() -> list[bytes]:
    """Plain text with typed numbers, bullets, tabs and pages."""
    return [
        "PHONE POLICY\n\nNext review: May 2027\n\n1. Use\n1.1 Staff must ask before they use a phone in\nany room where pupils are, and\nat any time.\n"
        "(a) be kind\n• be true\n  – always\nRole\tDuty\nHead\treads\n\fAppendix A: Forms\n\nSigned ........ Date ........\n".encode()
    ]


SAMPLES = {
    "docx": docx_samples,
    "odt": odt_samples,
    "rtf": rtf_samples,
    "html": html_samples,
    "md": md_samples,
    "rst": rst_samples,
    "txt": txt_samples,
}

"""Files made to use up time or memory. Each is read or refused with a sentence, by the safe way, within its limits."""

import io
import os
import time
import zipfile
from pathlib import Path

import pytest
from tests.policytext.wordmaker import abstract, level, num, para, style, table, word

from schoolgate.policytext import Unreadable, read_safely

SECONDS = 14  # the ten seconds a file may take, and what starting and ending its process costs on a busy machine
ODT = "urn:oasis:names:tc:opendocument:xmlns"


def odt(body: str, styles: str = "") -> bytes:
    spaces = " ".join(f'xmlns:{name}="{ODT}:{name}:1.0"' for name in ("office", "text", "table", "style"))
    content = f"<office:document-content {spaces}><office:automatic-styles>{styles}</office:automatic-styles>"
    content += f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    return zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content})


def zipped(parts: dict[str, str | bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED)
    return held.getvalue()


def laughing(many: int) -> str:
    """Replacements in reStructuredText, each twice the one before."""
    return (
        "Rules\n=====\n\nStaff |a0|.\n\n"
        + "".join(f".. |a{n}| replace:: |a{n + 1}| |a{n + 1}|\n" for n in range(many))
        + f".. |a{many}| replace:: ask\n"
    )


def table_of(rows: int) -> str:
    return table(*([para(f"Role {row}"), para(f"Duty {row}")] for row in range(rows)))


RULE = para("Staff must ask.")
BOMBS = {
    "docx, an endless table": lambda: word(table_of(60_000)),
    "docx, a table in a table in a table": lambda: word("<w:tbl><w:tr><w:tc>" * 80 + RULE + "</w:tc></w:tr></w:tbl>" * 80),
    "docx, controls in controls": lambda: word("<w:sdt><w:sdtContent>" * 120 + RULE + "</w:sdtContent></w:sdt>" * 120),
    "docx, marks too deep for XML": lambda: word("<w:ins>" * 100_000 + "</w:ins>" * 100_000),
    "docx, a million spans": lambda: word(
        table(f'<w:tr><w:tc><w:tcPr><w:gridSpan w:val="1000000000"/></w:tcPr>{RULE}</w:tc><w:tc>{RULE}</w:tc></w:tr>' * 3)
    ),
    "docx, a million paragraphs": lambda: word(para("", 0, 1) * 900_000, abstract(1, level(0, "decimal", "%1.")) + num(1, 1)),
    "docx, numbers beyond counting": lambda: word(
        "".join(para(f"Staff must ask {n}.", 0, 1) for n in range(9)),
        abstract(1, level(0, "upperRoman", "%1" * 90, start=999_999_999)) + num(1, 1),
    ),
    "docx, styles in a circle": lambda: word(para("Staff must ask.", style="A"), "", style("A", base="B") + style("B", base="A")),
    "docx, a long chain of styles": lambda: word(
        para("Staff must ask.", style="S9000") * 500, "", "".join(style(f"S{n + 1}", base=f"S{n}") for n in range(9_001))
    ),
    "docx, fields that never end": lambda: word(para('<w:r><w:fldChar w:fldCharType="begin"/></w:r>' * 20_000) + RULE * 3),
    "docx, one endless word": lambda: word(para("a" * 400_000) + RULE),
    "docx, ten thousand relationships": lambda: word(
        RULE,
        **{
            "word/_rels/document.xml.rels": "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>"
            + "".join(f"<Relationship Id='r{n}' Type='x/header' Target='../word/h{n}.xml'/>" for n in range(10_000))
            + "</Relationships>"
        },
    ),
    "docx, a file that holds itself": lambda: word(
        RULE + '<w:altChunk r:id="c"/>' * 1_000,
        **{
            "word/_rels/document.xml.rels": "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>"
            "<Relationship Id='c' Type='x/aFChunk' Target='document.xml'/></Relationships>"
        },
    ),
    "docx, a page put in a thousand times": lambda: word(
        RULE + '<w:altChunk r:id="c"/>' * 1_000,
        **{
            "word/_rels/document.xml.rels": "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>"
            "<Relationship Id='c' Type='x/aFChunk' Target='p.html'/></Relationships>",
            "word/p.html": "<p>Staff must ask.</p>" * 9_000,
        },
    ),
    "odt, lists in lists": lambda: odt(
        "<text:list><text:list-item>" * 100 + "<text:p>Staff must ask.</text:p>" + "</text:list-item></text:list>" * 100
    ),
    "odt, spaces without end": lambda: odt('<text:p>Staff must<text:s text:c="999999999"/>ask.</text:p>' * 900),
    "odt, columns without end": lambda: odt(
        '<table:table><table:table-row><table:table-cell table:number-columns-repeated="999999999"><text:p>Staff must ask.</text:p>'
        "</table:table-cell><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row></table:table>"
    ),
    "odt, a million items": lambda: odt("<text:list>" + "<text:list-item><text:p>a</text:p></text:list-item>" * 600_000 + "</text:list>"),
    "rtf, groups in groups": lambda: b"{\\rtf1 " + b"{" * 1_000_000 + b"Staff must ask." + b"}" * 1_000_001,
    "rtf, a million rows": lambda: b"{\\rtf1 " + b"\\trowd\\cellx1\\intbl a\\cell b\\cell\\row " * 300_000 + b"}",
    "rtf, cells without end": lambda: b"{\\rtf1 \\trowd" + b"\\cellx9" * 500_000 + b"\\intbl a" + b"\\cell b" * 500_000 + b"\\row}",
    "rtf, bytes that are not there": lambda: b"{\\rtf1 Staff must ask.\\par\\bin999999999 x}",
    "rtf, one endless word": lambda: b"{\\rtf1 " + b"\\'e9" * 2_000_000 + b"}",
    "html, lists in lists": lambda: b"<html><body>" + b"<ul><li>Staff" * 200_000,
    "html, spans in spans": lambda: b"<html><body><p>" + b"<span>a" * 300_000,
    "html, spans of a thousand million": lambda: (
        b"<table>" + b"<tr><td colspan=1000000000 rowspan=1000000000>Head<td>reads reports</tr>" * 3_000 + b"</table>"
    ),
    "html, a million items": lambda: b"<html><body><ol>" + b"<li>Staff must ask" * 1_000_000,
    "html, tables in tables": lambda: b"<html><body>" + b"<table><tr><td>a" * 50_000,
    "html, meanings in meanings": lambda: b"<html><body>" + b"<dl><dt>Phone</dt><dd><dd>\nany device</ol>" * 27 + b"<p>Staff must ask.",
    "html, headers round the article": lambda: b"<html><body>" + b"<div class='nav menu'>" * 200 + b"<p>Staff must ask.</p>" * 20_000,
    "html, a thousand mains": lambda: b"<html><body>" + b"<main><article><p>Staff must ask.</p>" * 100_000,
    "html, references": lambda: b"<html><body><p>" + b"&#11;&amp;" * 900_000,
    "md, quotes in quotes": lambda: b"> " * 200_000 + b"Staff must ask.\n",
    "md, lists in lists": lambda: b"".join(b"  " * n + b"- Staff must ask.\n" for n in range(3_000)),
    "md, brackets": lambda: b"Staff must ask. " + b"[" * 300_000 + b"](" * 300_000,
    "md, stars": lambda: b"Staff must ask. " + b"*a **b " * 200_000,
    "md, references to references": lambda: b"".join(b"[a%d]: /b\n" % n for n in range(20_000)) + b"Staff must ask [a1] [a2].\n" * 500,
    "md, back-ticks": lambda: b"".join(b"`" * n + b"a" for n in range(1, 2_000)),
    "md, a table without end": lambda: b"|" + b"a|" * 20_000 + b"\n|" + b"-|" * 20_000 + b"\n" + b"|b" * 20_000 + b"\n",
    "md, front matter without end": lambda: b"---\n" + b"label: value\n" * 400_000,
    "rst, laughing": lambda: laughing(40).encode(),
    "rst, lists in lists": lambda: b"Rules\n=====\n\n" + b"".join(b"  " * n + b"* Staff must ask.\n\n" for n in range(900)),
    "rst, a million stars": lambda: b"Rules\n=====\n\n" + b"*a `b |c " * 100_000,
    "rst, contents of contents": lambda: b"Rules\n=====\n\n.. contents::\n\nAims\n----\n\n" * 500 + b"Staff must ask.\n",
    "rst, a table without end": lambda: b"== ==\n" + b"a  b\n" * 20_000 + b"== ==\n",
    "rst, headings without end": lambda: b"".join(b"Rule %d\n%s\n\nStaff must ask.\n\n" % (n, b"=" * 12) for n in range(3_000)),
    "txt, tabs": lambda: b"Staff must ask.\n" + b"\t" * 2_000_000 + b"x\n",
    "txt, a million bullets": lambda: "• Staff must ask.\n".encode() * 1_000_000,
    "txt, one endless line": lambda: b"1.1 Staff must ask " * 1_000_000,
    "txt, pages": lambda: b"Staff must ask.\f" * 1_000_000,
    "txt, bullets ever deeper": lambda: b"".join(b" " * (n % 300) + b"- Staff must ask.\n" for n in range(4_000)),
    "txt, strange letters": lambda: bytes(range(128, 256)) * 40_000,
}


def sentence_about(path: Path) -> str:
    """Why a file cannot be read; empty where it can."""
    try:
        assert read_safely(path).clauses
    except Unreadable as reason:
        return str(reason)
    return ""


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_read_or_refused_in_time(tmp_path, name):
    path = tmp_path / f"policy.{name.partition(',')[0]}"
    path.write_bytes(BOMBS[name]())
    started = time.monotonic()
    sentence = sentence_about(path)
    assert time.monotonic() - started < SECONDS
    assert not sentence or sentence.startswith(path.name)
    assert "made the reader stop" not in sentence
    assert "is damaged and cannot be read as" not in sentence


FETCHING = {
    "include": ".. include:: secret.txt\n",
    "literal include": ".. include:: secret.txt\n   :literal:\n",
    "code include": ".. code::\n   :file: secret.txt\n",
    "table from a file": ".. csv-table::\n   :file: secret.txt\n",
    "table from an address": ".. csv-table::\n   :url: file:///secret.txt\n",
    "raw file": ".. raw:: html\n   :file: secret.txt\n",
    "picture": ".. image:: secret.txt\n",
    "mathematics": ".. math::\n\n   \\input{secret.txt}\n",
}


@pytest.mark.parametrize("how", FETCHING)
def test_a_restructured_text_fetches_nothing(tmp_path, monkeypatch, how):
    monkeypatch.chdir(tmp_path)
    Path("secret.txt").write_text("The head's password must never be told.")
    Path("policy.rst").write_text(f"Policy\n======\n\nStaff must ask.\n\n{FETCHING[how]}\n")
    document = read_safely(Path("policy.rst").absolute())
    assert "password" not in str(document.as_json())


def test_a_page_is_read_without_fetching_what_it_names(tmp_path):
    """A pipe nobody writes to would hold up any program that opened it."""
    os.mkfifo(tmp_path / "pipe")
    links = f'<link rel=stylesheet href="file://{tmp_path}/pipe"><img src="file://{tmp_path}/pipe"><iframe src="file://{tmp_path}/pipe"></iframe>'
    (tmp_path / "policy.html").write_text(f"<html><head>{links}</head><body>{links}<p>Staff must ask.</p></body></html>")
    assert [clause.text for clause in read_safely(tmp_path / "policy.html").clauses] == ["Staff must ask."]

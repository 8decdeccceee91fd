"""One policy in every format we read: the same clauses come out of each."""

from pathlib import Path

import docx
import pytest
from odfdo import Document as Odt
from odfdo import Header, List, Paragraph, Row, Table

from schoolgate.policytext import read
from schoolgate.policytext.formats import FORMATS

STATEMENTS = ["Staff must ask before they post.", "Pupils should not use phones in class.", "be kind to everyone", "be true"]


def statements(document) -> list[str]:
    return [clause.text for clause in document.clauses if clause.text in STATEMENTS]


def forces(document) -> list[str]:
    return [clause.modality for clause in document.clauses if clause.text in STATEMENTS]


def check_policy(document, media_type: str) -> None:
    assert document.source.media_type == media_type
    assert document.title == "Social media policy"
    assert statements(document) == STATEMENTS
    assert forces(document) == ["must", "should_not", "must", "must"]
    assert document.review_on == "2027-05"


def test_a_word_document_is_read(tmp_path):
    word = docx.Document()
    word.add_heading("Social media policy", 0)
    table = word.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Next review", "May 2027"
    word.add_heading("Rules", 1)
    word.add_paragraph(STATEMENTS[0])
    word.add_paragraph(STATEMENTS[1])
    word.add_paragraph("Every post must:")
    word.add_paragraph(STATEMENTS[2], style="List Bullet")
    word.add_paragraph(STATEMENTS[3], style="List Bullet")
    word.sections[0].footer.paragraphs[0].text = "Printed copies may be old"
    word.save(tmp_path / "policy.docx")
    document = read(tmp_path / "policy.docx")
    check_policy(document, FORMATS[".docx"].media_type)
    assert [aside.text for aside in document.asides if aside.kind == "furniture"] == ["Printed copies may be old"]
    assert document.clauses[-1].path[-2:] == ("Rules", "Every post must:")


def test_deleted_words_of_a_tracked_change_are_gone_and_inserted_ones_stand(tmp_path):
    word = docx.Document()
    paragraph = word.add_paragraph("Staff must ")
    for tag, words in (("ins", "never "), ("del", "always ")):
        run = word.add_paragraph(words).runs[0]._r
        change = docx.oxml.OxmlElement(f"w:{tag}")
        run.getparent().remove(run)
        change.append(run)
        paragraph._p.append(change)
    paragraph.add_run("post pictures of pupils.")
    word.save(tmp_path / "policy.docx")
    assert read(tmp_path / "policy.docx").clauses[0].text == "Staff must never post pictures of pupils."


def test_an_opendocument_text_is_read(tmp_path):
    odt = Odt("text")
    body = odt.body
    body.clear()
    body.append(Header(1, "Social media policy"))
    table = Table("facts")
    table.append_row(Row())
    table.set_values([["Next review", "May 2027"]])
    body.append(table)
    body.append(Header(2, "Rules"))
    body.append(Paragraph(STATEMENTS[0]))
    body.append(Paragraph(STATEMENTS[1]))
    body.append(Paragraph("Every post must:"))
    body.append(List(STATEMENTS[2:]))
    odt.save(str(tmp_path / "policy.odt"))
    check_policy(read(tmp_path / "policy.odt"), FORMATS[".odt"].media_type)


def test_a_pdf_is_read_with_its_pages_and_without_its_running_lines(tmp_path, make_pdf):
    rules = [["Social media policy", "Next review: May 2027", "Rules", *STATEMENTS[:1]], [STATEMENTS[1], "Every post must:"]]
    rules.append([f"- {STATEMENTS[2]}", f"- {STATEMENTS[3]}"])
    pages = [[*lines, "Alder Park School", f"Page {number} of 3"] for number, lines in enumerate(rules, 1)]
    (tmp_path / "policy.pdf").write_bytes(make_pdf(pages))
    document = read(tmp_path / "policy.pdf")
    check_policy(document, "application/pdf")
    assert document.source.pages == 3
    assert next(clause.page for clause in document.clauses if clause.text == STATEMENTS[1]) == 2
    assert not any("Page" in clause.text or "Alder" in clause.text for clause in document.clauses)


def test_a_rich_text_file_is_read(tmp_path):
    lines = ["Social media policy", "Next review: May 2027", "", "Rules", "", *STATEMENTS[:2], "Every post must:"]
    lines += [f"\\'b7\\tab {line}" for line in STATEMENTS[2:]]
    (tmp_path / "policy.rtf").write_text(r"{\rtf1\ansi\deff0{\fonttbl{\f0 Arial;}}" + "\\par\n".join(lines) + "\\par}")
    check_policy(read(tmp_path / "policy.rtf"), "application/rtf")


HTML = f"""<!doctype html><html><head><title>x</title><style>p {{color: red}}</style></head><body><nav>Home | Policies</nav>
<h1>Social media policy</h1><table><tr><td>Next review</td><td>May 2027</td></tr></table>
<h2>Rules</h2><p>{STATEMENTS[0]}</p><p>{STATEMENTS[1]}</p><p>Every post must:</p>
<ul><li>{STATEMENTS[2]}</li><li>{STATEMENTS[3]}</li></ul><script>alert("no clause")</script></body></html>"""


def test_a_web_page_is_read_without_its_scripts_and_menus(tmp_path):
    (tmp_path / "policy.html").write_text(HTML)
    document = read(tmp_path / "policy.html")
    check_policy(document, "text/html")
    assert not any("alert" in clause.text or "Home" in clause.text for clause in document.clauses)


def test_markdown_is_read_with_its_front_matter(tmp_path):
    bullets = "\n".join(f"- {line}" for line in STATEMENTS[2:])
    (tmp_path / "policy.md").write_text(
        f"---\ntitle: Social media policy\nreview date: May 2027\nlayout: page\n---\n\n## Rules\n\n{STATEMENTS[0]}\n\n{STATEMENTS[1]}\n\n"
        f"Every post must:\n\n{bullets}\n"
    )
    check_policy(read(tmp_path / "policy.md"), "text/markdown")


def test_a_numbered_list_in_markdown_keeps_its_numbers(tmp_path):
    (tmp_path / "policy.md").write_text("# Phone policy\n\n1. Staff must ask first.\n2. Pupils may not bring phones.\n")
    assert [clause.ref for clause in read(tmp_path / "policy.md").clauses] == ["1", "2"]


def test_restructured_text_is_read(tmp_path):
    bullets = "\n".join(f"- {line}" for line in STATEMENTS[2:])
    (tmp_path / "policy.rst").write_text(
        f"Social media policy\n===================\n\nNext review: May 2027\n\nRules\n-----\n\n{STATEMENTS[0]}\n\n{STATEMENTS[1]}\n\n"
        f"Every post must:\n\n{bullets}\n"
    )
    check_policy(read(tmp_path / "policy.rst"), "text/x-rst")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_plain_text_is_read_in_the_encodings_schools_send(tmp_path, encoding):
    lines = [
        "Social media policy",
        "Next review: May 2027",
        "",
        "Rules",
        "",
        *STATEMENTS[:2],
        "Every post must:",
        *(f"• {line}" for line in STATEMENTS[2:]),
    ]
    lines.append("Costs above £5 – the head’s decision – must be agreed.")
    (tmp_path / "policy.txt").write_bytes("\r\n".join(lines).encode(encoding))
    document = read(tmp_path / "policy.txt")
    check_policy(document, "text/plain")
    assert "£5 – the head’s" in document.clauses[-1].text


@pytest.mark.parametrize("ending", sorted(set(FORMATS) - {".doc", ".htm", ".markdown"}))
def test_every_format_has_a_test_here(ending):
    """A format added without a test of its own is found out by its name."""
    source = Path(__file__).read_text(encoding="utf-8")
    assert f"policy{ending}" in source

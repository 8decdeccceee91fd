"""Markdown, reStructuredText and plain text: their lists, tables, notes and facts."""

import pytest

from schoolgate.policytext.blocks import Block
from schoolgate.policytext.readers import markup, plain


def told(found: list[Block]) -> list[tuple[str, str, str]]:
    return [(block.kind, block.printed, block.text) for block in found if block.text]


def md(text: str) -> list[Block]:
    return markup.read_markdown(text.encode(), "policy.md")[0]


def rst(text: str) -> list[Block]:
    return markup.read_rst(text.encode(), "policy.rst")[0]


def txt(text: str) -> list[Block]:
    return plain.read(text.encode(), "policy.txt")[0]


def test_headings_of_both_kinds_and_nested_lists_of_markdown():
    found = md("Rules\n=====\n\nUse\n---\n\n3. Staff must ask.\n   - be kind\n     - [ ] be true\n4. Pupils may not.\n")
    assert told(found) == [
        ("heading", "", "Rules"),
        ("heading", "", "Use"),
        ("para", "3.", "Staff must ask."),
        ("item", "", "be kind"),
        ("item", "", "be true"),
        ("para", "4.", "Pupils may not."),
    ]
    assert [block.level for block in found if block.text] == [1, 2, 0, 1, 2, 0]


def test_tables_notes_struck_words_and_template_lines_of_markdown():
    found = md(
        "{% include top.html %}\n\n| Role | Duty |\n|---|---|\n| Head | reads |\n\nStaff must[^1] ask ~~never~~ first.\n\n[^1]: See *it*.\n"
    )
    assert [block.cells for block in found if block.kind == "row"] == [("Head", "reads")]
    assert told(found) == [
        ("furniture", "", "Role | Duty"),
        ("row", "", "Head reads"),
        ("para", "", "Staff must ask first."),
        ("note", "", "See *it*."),
    ]


def test_web_marks_inside_markdown_are_read_and_scripts_are_not():
    assert told(md("<div>Staff <b>must</b> ask.</div>\n\n<script>alert(1)</script>\n\n<!-- no -->\n")) == [("para", "", "Staff must ask.")]


def test_facts_terms_notes_and_tables_of_restructured_text():
    found = rst(
        "Phones\n======\n\n:Version: 2\n\nStaff must ask [1]_.\n\nPhone\n   any device\n\n1. First\n2. Second\n\n   a) be kind\n\n"
        "=====  =====\nRole   Duty\n=====  =====\nHead   reads\n=====  =====\n\n.. note:: Ask first.\n\n.. [1] See the handbook.\n"
    )
    assert [block.cells for block in found if block.cells] == [("Version", "2"), ("Phone", "any device"), ("Head", "reads")]
    assert ("para", "", "Staff must ask .") in told(found)
    assert ("para", "2.", "Second") in told(found)
    assert any(block.kind == "note" and "See the handbook." in block.text for block in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.1\tStaff must ask.", ("para", "1.1", "Staff must ask.")),
        ("  (a) be kind", ("item", "(a)", "be kind")),
        ("\t• be true", ("item", "", "be true")),
        ("☐ I will ask first.", ("item", "", "I will ask first.")),
        ("Role\tHead", ("row", "", "Role Head")),
    ],
)
def test_typed_marks_of_plain_text(text, expected):
    assert told(txt(text)) == [expected]


def test_form_feeds_of_plain_text_are_pages():
    blocks, pages = plain.read(b"Rules\n\nStaff must ask.\n\fPupils may not.\n\f\n", "policy.txt")
    assert pages == 2
    assert [block.page for block in blocks] == [1, 1, 2]


def test_lines_broken_at_a_width_are_joined():
    lines = "Every member of staff must ask the head before they use a telephone in\nany room of the school where there are pupils, and\n"
    found = txt("Rules\n\n" + (lines + "must write down at once why they did so and when it was.\n\n") * 4)
    assert [block.text.count("must") for block in found if block.text != "Rules"] == [2] * 4


def test_fields_on_the_cover_of_restructured_text_are_rows_broken_ones_too():
    found = rst("Phone policy\n============\n\n:Author: Mr Lane\n:Version: ===  =====\n:Next review: May 2026\n\nStaff must ask.\n")
    assert [block.cells for block in found if block.kind == "row"] == [("Author", "Mr Lane"), ("Next review", "May 2026")]
    assert found[-1].text == "Staff must ask."

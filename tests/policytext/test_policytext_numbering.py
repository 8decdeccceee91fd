"""Word prints numbers it does not store; the reader works out the same ones."""

from pathlib import Path

import docx
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from schoolgate.policytext import read
from schoolgate.policytext.readers.numerals import shown

MULTI = """<w:abstractNum {ns} w:abstractNumId="90"><w:multiLevelType w:val="multilevel"/>
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>{style}<w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2.%3"/></w:lvl>
<w:lvl w:ilvl="3"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="(%4)"/></w:lvl>
</w:abstractNum>"""


class Word:
    """A Word document under construction, with lists of several levels."""

    def __init__(self, style: str = "") -> None:
        self.document = docx.Document()
        self.numbering = self.document.part.numbering_part.element
        first = self.numbering.find(qn("w:num"))
        first.addprevious(parse_xml(MULTI.format(ns=nsdecls("w"), style=style)))
        self.list(number=91)

    def list(self, number: int, start: int | None = None) -> None:
        restart = f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{start}"/></w:lvlOverride>' if start else ""
        self.numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="90"/>{restart}</w:num>'))

    def add(self, text: str, level: int | None = None, number: int = 91, style: str | None = None) -> None:
        paragraph = self.document.add_paragraph(text, style=style)
        if level is not None:
            number_of(paragraph._p.get_or_add_pPr(), level, number)

    def save(self, path: Path) -> Path:
        self.document.save(path)
        return path


def number_of(properties, level: int | None, number: int) -> None:
    holder = OxmlElement("w:numPr")
    for tag, value in (("w:ilvl", level), ("w:numId", number)):
        if value is not None:
            child = OxmlElement(tag)
            child.set(qn("w:val"), str(value))
            holder.append(child)
    properties.append(holder)


def test_multilevel_numbers_come_out_as_printed(tmp_path):
    word = Word()
    word.add("Posting", 0)
    word.add("Staff must ask before they post.", 1)
    word.add("Every post must be checked by a second person.", 1)
    word.add("The second person must not be the author of the post.", 2)
    word.add("a photograph of a pupil, or", 3)
    word.add("the name of a pupil.", 3)
    word.add("Replies", 0)
    word.add("Comments must be answered within one school day.", 1)
    clauses = read(word.save(tmp_path / "policy.docx")).clauses
    assert [clause.ref for clause in clauses] == ["1.1", "1.2", "1.2.1", "1.2.1(a)", "1.2.1(b)", "2.1"]
    assert clauses[-1].path == ("2. Replies",)


def test_numbers_that_come_from_a_style_are_found(tmp_path):
    """The list stands on Heading 1, and a style based on it inherits list and level."""
    word = Word(style='<w:pStyle w:val="Heading1"/>')
    heading = word.document.styles["Heading 1"]
    number_of(heading.element.get_or_add_pPr(), None, 91)
    child = word.document.styles.add_style("Section title", 1)
    child.base_style = heading
    word.add("Posting", style="Heading 1")
    word.add("Staff must ask before they post.", 1)
    word.add("Replies", style="Section title")
    word.add("Comments must be answered.", 1)
    clauses = read(word.save(tmp_path / "policy.docx")).clauses
    assert [clause.ref for clause in clauses] == ["1.1", "2.1"]
    assert clauses[1].path == ("2. Replies",)


def test_a_list_that_starts_again_starts_where_it_says(tmp_path):
    word = Word()
    word.list(number=92, start=7)
    word.add("Posting", 0)
    word.add("Staff must ask before they post.", 1)
    word.add("Replies", 0, number=92)
    word.add("Comments must be answered.", 1, number=92)
    assert [clause.ref for clause in read(word.save(tmp_path / "policy.docx")).clauses] == ["1.1", "7.1"]


def test_lists_that_share_a_pattern_count_on_together(tmp_path):
    word = Word()
    word.list(number=92)
    word.add("Posting", 0)
    word.add("Staff must ask before they post.", 1)
    word.add("Comments must be answered.", 1, number=92)
    assert [clause.ref for clause in read(word.save(tmp_path / "policy.docx")).clauses] == ["1.1", "1.2"]


def test_a_paragraph_taken_out_of_its_list_has_no_number(tmp_path):
    word = Word()
    word.add("Posting", 0)
    word.add("Staff must ask before they post.", 1)
    word.add("This paragraph stands outside the list and says that posts are checked.", 1, number=0)
    refs = [clause.ref for clause in read(word.save(tmp_path / "policy.docx")).clauses]
    assert refs[0] == "1.1"
    assert "1.2" not in refs


@pytest.mark.parametrize(
    ("value", "look", "expected"),
    [
        (4, "decimal", "4"),
        (4, "decimalZero", "04"),
        (28, "lowerLetter", "bb"),
        (3, "upperLetter", "C"),
        (14, "lowerRoman", "xiv"),
        (49, "upperRoman", "XLIX"),
        (3, "bullet", ""),
    ],
)
def test_numbers_take_every_look_of_word(value, look, expected):
    assert shown(value, look) == expected

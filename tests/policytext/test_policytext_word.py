"""What stands in a Word file beside plain paragraphs, and what of it is read."""

import pytest
from tests.policytext.wordmaker import abstract, level, line, num, para, run, style, table, word

from schoolgate.policytext.blocks import Block
from schoolgate.policytext.readers import docx

WHO = 'w:id="9" w:author="a" w:date="2026-01-01T00:00:00Z"'
DELETED_MARK = f"<w:rPr><w:del {WHO}/></w:rPr>"


def gone(words: str) -> str:
    return f"<w:del {WHO}><w:r><w:delText>{words}</w:delText></w:r></w:del>"


def blocks(body: str, *args: str, **parts: str) -> list[Block]:
    return docx.read(word(body, *args, **parts), "policy.docx")[0]


def texts(found: list[Block], *kinds: str) -> list[str]:
    return [block.text for block in found if block.text and block.kind in (kinds or ("para", "item", "row", "heading"))]


def cell(*paragraphs: str, looks: str = "") -> str:
    return f"<w:tc><w:tcPr>{looks}</w:tcPr>{''.join(paragraphs)}</w:tc>"


def field(code: str, *result: str) -> str:
    """A field in the long form, whose result is given in runs."""
    marks = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")]
    return f'{marks[0]}<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>{marks[1]}{"".join(result)}{marks[2]}'


def box(words: str) -> str:
    """A text box as Word writes it: once for new programs and once more for old ones."""
    inner = f"<w:txbxContent>{para(words)}</w:txbxContent>"
    return (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:anchor><a:graphic><a:graphicData><wps:wsp><wps:txbx>"
        f"{inner}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:shape><v:textbox>{inner}</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def test_a_text_box_is_read_once_and_after_its_paragraph():
    assert texts(blocks(para(run("Staff must ask.") + box("Ask first.")))) == ["Staff must ask.", "Ask first."]


def test_an_old_text_box_is_read_too():
    old = f"<w:r><w:pict><v:shape><v:textbox><w:txbxContent>{para('Ask first.')}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    assert texts(blocks(para(run("Staff must ask.") + old))) == ["Staff must ask.", "Ask first."]


def test_a_footnote_leaves_its_sentence_but_is_not_lost():
    note = f'<w:footnote w:type="separator" w:id="0"/><w:footnote w:id="2">{para("See the staff handbook.")}</w:footnote>'
    body = para(run("Staff must ask") + '<w:r><w:footnoteReference w:id="2"/></w:r>' + run(" first."))
    found = blocks(body, footnotes=note)
    assert texts(found) == ["Staff must ask first."]
    assert texts(found, "note") == ["See the staff handbook."]


def test_the_results_of_fields_are_shown_and_not_their_codes():
    body = para(run("The ") + field("DOCPROPERTY Company", run("school")) + run(" keeps rule ") + field("REF _R1", run("2.1")) + run("."))
    assert texts(blocks(body)) == ["The school keeps rule 2.1."]


def test_a_field_in_the_code_of_another_is_not_shown():
    body = para(field(f"IF {field('PAGE', run('3'))} = 3", run("Staff must ask.")))
    assert texts(blocks(body)) == ["Staff must ask."]


def test_a_field_that_never_ends_hides_nothing_after_its_paragraph():
    begun = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>REF a</w:instrText></w:r>'
    assert texts(blocks(para(begun) + para("Staff must ask."))) == ["Staff must ask."]


def test_lines_of_a_contents_field_are_contents_whatever_their_style():
    opened, closed = field("TOC \\o", "|").split("|")
    body = para(opened + run("1 Aims\t2")) + para(run("2 Rules\t3")) + para(closed) + para("Staff must ask.")
    found = blocks(body)
    assert texts(found, "contents") == ["1 Aims\t2", "2 Rules\t3"]
    assert texts(found) == ["Staff must ask."]


def test_a_contents_field_that_never_ends_stops_at_a_heading():
    opened = field("TOC \\o", "|").split("|")[0]
    heads = style("H1", '<w:outlineLvl w:val="0"/>', name="heading 1")
    found = blocks(para(opened + run("Aims 2")) + para("Aims", style="H1") + para("Staff must ask."), "", heads)
    assert texts(found) == ["Aims", "Staff must ask."]


def test_links_controls_and_wrappers_give_their_words():
    body = para(
        run("Staff ")
        + f"<w:hyperlink>{run('must')}</w:hyperlink>"
        + f"<w:sdt><w:sdtPr/><w:sdtContent>{run(' ask')}</w:sdtContent></w:sdt>"
        + f"<w:smartTag>{run(' first')}</w:smartTag><w:ins {WHO}>{run(', always')}</w:ins>"
        + f'<w:moveFrom {WHO}>{run(" moved")}</w:moveFrom><w:r><w:commentReference w:id="1"/></w:r>.'
    )
    assert texts(blocks(body)) == ["Staff must ask first, always"]


def test_a_prompt_nobody_filled_in_is_no_text():
    prompt = f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('Click here')}</w:sdtContent></w:sdt>"
    assert texts(blocks(para(run("Name: ") + prompt))) == ["Name:"]


def test_controls_round_paragraphs_rows_and_cells_are_looked_into():
    def control(inner: str) -> str:
        return f"<w:sdt><w:sdtPr/><w:sdtContent>{inner}</w:sdtContent></w:sdt>"

    body = control(para("Staff must ask.")) + table(control(line(control(cell(para("Head"))), cell(para("reads it")))))
    assert texts(blocks(body)) == ["Staff must ask.", "Head reads it"]


def test_tick_boxes_of_every_kind_are_kept():
    legacy = '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:checked/></w:checkBox></w:ffData></w:fldChar></w:r>'
    legacy += '<w:r><w:instrText>FORMCHECKBOX</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    symbol = '<w:r><w:sym w:font="Wingdings" w:char="F0A8"/></w:r>'
    found = blocks(para(run("Yes ") + legacy) + para(run("No ") + symbol) + para(symbol + run(" I will ask first.")))
    assert texts(found) == ["Yes ☒", "No ☐", "I will ask first."]
    assert found[-1].kind == "item"


def test_a_paragraph_whose_mark_was_deleted_runs_into_the_next():
    body = para(run("Staff must "), more=DELETED_MARK) + para("ask first.")
    assert texts(blocks(body)) == ["Staff must ask first."]


def test_a_deleted_rule_is_not_counted():
    numbers = abstract(1, level(0, "decimal", "%1.")) + num(1, 1)
    body = para("Staff must ask.", 0, 1) + para(gone("Old rule."), 0, 1, more=DELETED_MARK) + para("Pupils must ask.", 0, 1)
    assert [block.printed for block in blocks(body, numbers)] == ["1.", "2."]


def test_a_deleted_row_is_gone():
    body = table(line(para("Head"), para("reads"), looks=f"<w:del {WHO}/>"), [para("Deputy"), para("writes")])
    assert texts(blocks(body)) == ["Deputy writes"]


def test_hidden_words_are_not_read():
    body = para(run("Staff must ask.") + run(" Secret.", "<w:vanish/>") + run(" Always.", '<w:vanish w:val="0"/>'))
    assert texts(blocks(body)) == ["Staff must ask. Always."]


def test_a_header_row_is_set_aside():
    body = table(line(para("Role"), para("Duty"), looks="<w:tblHeader/>"), [para("Head"), para("reads reports")])
    found = blocks(body)
    assert texts(found) == ["Head reads reports"]
    assert texts(found, "furniture") == ["Role | Duty"]


def test_a_name_that_spans_rows_is_said_in_each():
    body = table(
        [cell(para("Head"), looks='<w:vMerge w:val="restart"/>'), cell(para("reads reports"))],
        [cell(para(""), looks="<w:vMerge/>"), cell(para("signs letters"))],
    )
    assert [block.cells for block in blocks(body) if block.cells] == [("Head", "reads reports"), ("Head", "signs letters")]


def test_a_number_alone_in_the_first_cell_is_the_number_of_the_row():
    numbers = abstract(1, level(0, "decimal", "1.%1")) + num(1, 1)
    body = table(*([para("", 0, 1), para(words)] for words in ("Staff must ask.", "Pupils must ask.")))
    assert [(block.label, block.text) for block in blocks(body, numbers)] == [("1.1", "Staff must ask."), ("1.2", "Pupils must ask.")]


def test_a_table_in_a_cell_is_read_row_by_row():
    inner = table([para("Head"), para("reads reports")], [para("Deputy"), para("signs letters")])
    body = table([cell(para("Who does what"), inner, para(""))], [para("Office"), para("files them")])
    assert texts(blocks(body)) == ["Who does what", "Head reads reports", "Deputy signs letters", "Office files them"]


def test_outline_levels_make_headings_and_body_level_unmakes_them():
    heads = style("Ours", '<w:outlineLvl w:val="1"/>') + style("H1", '<w:outlineLvl w:val="0"/>', name="heading 1")
    body = para("Rules", style="Ours") + para("Staff must ask.", style="H1", more='<w:outlineLvl w:val="9"/>')
    assert [(block.kind, block.level) for block in blocks(body, "", heads)] == [("heading", 2), ("para", 0)]


def test_weight_and_size_come_from_run_or_style():
    styles = style("Big", letters='<w:b/><w:sz w:val="40"/>') + style("Strong", kind="character", letters="<w:b/>")
    body = para("Rules.", style="Big") + para(run("Rules.", '<w:rStyle w:val="Strong"/><w:sz w:val="23"/>'))
    body += para(run("Rules.", '<w:b w:val="0"/>'), style="Big")
    assert [(block.bold, block.size) for block in blocks(body, "", styles)] == [(True, 20.0), (True, 11.5), (False, 20.0)]


def test_headers_of_all_sections_are_furniture_once():
    found = blocks(para("Staff must ask."), header1=para("Alder School"), header2=para("Alder School"), footer1=para("Version 2"))
    assert texts(found, "furniture") == ["Alder School", "Version 2"]


def test_a_page_put_in_whole_is_read():
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="c" Target="page.html" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/aFChunk"/></Relationships>'
    )
    parts = {"word/_rels/document.xml.rels": rels, "word/page.html": "<html><body><p>Pupils must ask.</p></body></html>"}
    assert texts(blocks(para("Staff must ask.") + '<w:altChunk r:id="c"/>', **parts)) == ["Staff must ask.", "Pupils must ask."]


def test_what_the_file_says_of_itself_is_set_aside():
    core = '<p:coreProperties xmlns:p="p" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Phones</dc:title></p:coreProperties>'
    assert texts(blocks(para("Staff must ask."), **{"docProps/core.xml": core}), "property") == ["Title: Phones"]


def test_damage_in_what_the_file_says_of_itself_loses_nothing():
    assert texts(blocks(para("Staff must ask."), **{"docProps/core.xml": "<a"})) == ["Staff must ask."]


@pytest.mark.parametrize("where", ["word/document2.xml", "docs/main.xml"])
def test_the_main_part_may_stand_anywhere(where):
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" '
        f'Target="/{where}" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument"/></Relationships>'
    )
    main = f'<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:body>{para("Staff must ask.")}</w:body></w:document>'
    assert texts(blocks(para("Old."), **{"_rels/.rels": rels, where: main})) == ["Staff must ask."]


def test_lines_of_one_numbered_paragraph_count_once():
    numbers = abstract(1, level(0, "decimal", "%1.")) + num(1, 1)
    broken = "<w:r><w:t>Staff must ask</w:t><w:br/><w:t>first.</w:t></w:r>"
    found = blocks(para(broken, 0, 1) + para("Pupils must ask.", 0, 1), numbers)
    assert [(block.printed, block.text) for block in found] == [("1.", "Staff must ask first."), ("2.", "Pupils must ask.")]


def test_a_typed_letter_before_a_tab_is_an_item():
    found = blocks(para("<w:r><w:t>(a)</w:t><w:tab/><w:t>ask first,</w:t></w:r>"))
    assert [(block.kind, block.printed, block.text) for block in found] == [("item", "(a)", "ask first,")]

"""PDF pages whose source is known: what was written comes out again, in the order a reader takes it in."""

import io

import pytest
from pypdf import PdfReader, PdfWriter
from weasyprint import HTML

from schoolgate.policytext.blocks import Block
from schoolgate.policytext.readers.pdf import read

WORDS = [
    "The office keeps a list of every account that speaks in the school’s name, and checks the list at the start of each term.",
    "Staff must ask the head before they open an account for a club, a trip or a team, and say who will look after it when they leave.",
    "Pictures of pupils are posted only where the family has agreed, and never with a full name beside the face.",
    "Anyone who sees a worrying message tells the safeguarding lead the same day and does not answer it alone.",
    "Passwords are kept in the office safe and are changed whenever a member of staff who knew them moves on.",
    "Parents are asked to raise a complaint with the school before they write about it on a public page.",
]
STYLE = "@page{size:A4;margin:22mm 20mm} body{font:10.5pt/1.35 'DejaVu Serif'} h1{font-size:20pt} h2{font-size:13pt} td{vertical-align:top}"
PLAIN_HEADINGS = "h1,h2{bookmark-level:none}"


def pdf_of(body: str, style: str = "", *, tagged: bool = False) -> bytes:
    """A PDF of a web page, by default without an outline or tags, so that only the look of the page is left to go by."""
    page = HTML(string=f"<html lang=en><style>{STYLE}{'' if tagged else PLAIN_HEADINGS}{style}</style><body>{body}</body></html>")
    return page.write_pdf(pdf_variant="pdf/ua-1") if tagged else page.write_pdf()


def blocks_of(body: str, style: str = "", *, tagged: bool = False) -> list[Block]:
    return read(pdf_of(body, style, tagged=tagged), "policy.pdf")[0]


def paragraphs(words: list[str]) -> str:
    return "".join(f"<p>{text}</p>" for text in words)


def texts(blocks: list[Block], *kinds: str) -> list[str]:
    return [block.text for block in blocks if block.kind in (kinds or ("heading", "para", "item", "row"))]


def headings(blocks: list[Block]) -> list[tuple[str, int, bool]]:
    return [(block.text, block.level, block.sure) for block in blocks if block.kind == "heading"]


@pytest.mark.parametrize("tagged", [False, True])
def test_columns_are_read_one_after_the_other_between_what_stands_across_the_page(tagged):
    long = [f"{first} {second}" for first, second in zip(WORDS, WORDS[1:] + WORDS[:1], strict=True)]
    body = f"<h1>Social media</h1><p>{long[0]}</p><div class=c><h2>Accounts</h2>{paragraphs(long)}</div><h2>Afterwards</h2><p>{long[1]}</p>"
    blocks = blocks_of(body, ".c{columns:2;column-gap:8mm;text-align:justify;hyphens:auto}", tagged=tagged)
    assert texts(blocks) == ["Social media", long[0], "Accounts", *long, "Afterwards", long[1]]
    sure = tagged
    assert headings(blocks) == [("Social media", 1, sure), ("Accounts", 2, sure), ("Afterwards", 2, sure)]


def test_a_box_beside_the_text_is_read_whole_and_leaves_the_text_whole():
    style = ".s{float:right;width:52mm;border:1px solid;padding:3mm;margin-left:6mm;font-size:9pt}"
    side = ["The office manager keeps the page.", "The head approves each post.", "Ring the office on any school day."]
    long = [f"{first} {second}" for first, second in zip(WORDS, WORDS[2:] + WORDS[:2], strict=True)]
    found = texts(blocks_of(f"<h1>Posting</h1><div class=s>{paragraphs(side)}</div>{paragraphs(long)}", style))
    assert sorted(found) == sorted(["Posting", *side, *long])
    assert [text for text in found if text in side] == side
    assert [text for text in found if text in long] == long
    first = found.index(side[0])
    assert found[first : first + 3] == side


def test_running_lines_are_set_aside_though_they_change_sides_and_numbers_and_headings_are_not():
    style = (
        "@page{@top-left{content:'Alder Park School'}@bottom-right{content:'Page ' counter(page) ' of ' counter(pages)}}"
        "@page:left{@top-left{content:''}@top-right{content:'Alder Park School'}@bottom-left{content:'policy_v3.docx'}}"
        "@page:first{@top-left{content:''}} h2{break-before:page}"
    )
    body = "<h1>Phones</h1>" + "".join(f"<h2>Rules for year {number}</h2><p>{text}</p>" for number, text in enumerate(WORDS, 1))
    blocks = blocks_of(body, style)
    assert texts(blocks) == ["Phones", *(text for number, words in enumerate(WORDS, 1) for text in (f"Rules for year {number}", words))]
    assert texts(blocks, "furniture") == ["Page 1 of 7", "Alder Park School", "policy_v3.docx Page 2 of 7"]
    assert [block.page for block in blocks if block.kind == "para"] == [2, 3, 4, 5, 6, 7]


RULED = ".r{border-collapse:collapse;width:100%} .r td{border:1px solid #333;padding:4px}"
UNDERLINED = ".r{border-collapse:collapse;width:100%} .r td{border-bottom:1px solid #999;padding:4px}"
BARE = ".r td{padding:3px 14px 8px 0}"


@pytest.mark.parametrize(
    ("style", "tagged"), [(RULED, False), (UNDERLINED, False), (BARE, False), (BARE, True)], ids=["ruled", "underlined", "bare", "tagged"]
)
def test_a_table_is_rows_of_whole_cells_and_an_empty_cell_is_left_out(style, tagged):
    rows = [(f"Role {letter}", words, "Daily" if letter in "BDF" else "") for letter, words in zip("ABCDEF", WORDS, strict=True)]
    html = "".join("<tr>" + "".join(f"<td class=w{place}>{cell}</td>" for place, cell in enumerate(row)) + "</tr>" for row in rows)
    fixed = ".w0,.w2{white-space:nowrap}"
    blocks = blocks_of(f"<h1>Roles</h1><table class=r>{html}</table><p>{WORDS[0]}</p>", style + fixed, tagged=tagged)
    assert [block.cells for block in blocks if block.kind == "row"] == [tuple(cell for cell in row if cell) for row in rows]
    assert texts(blocks)[-1] == WORDS[0]


def test_a_cover_table_of_two_columns_is_rows_and_a_repeated_header_row_is_read_once():
    facts = [("Date of approval", "May 2026"), ("Approved by", "Full governing board"), ("Next review", "May 2027")]
    cover = "".join(f"<tr><td>{name}</td><td>{value}</td></tr>" for name, value in facts)
    steps = [(str(number), f"Form {chr(65 + number // 26)}{chr(65 + number % 26)}: {WORDS[number % 6]}") for number in range(40)]
    log = "".join(f"<tr><td>{number}</td><td>{text}</td></tr>" for number, text in steps)
    table = f"<table class=r><thead><tr><td>Step</td><td>What to do</td></tr></thead>{log}</table>"
    blocks = blocks_of(
        f"<h1>Roles</h1><table>{cover}</table><h2>Log</h2>{table}", RULED + "td{padding:2px 30px 2px 0} tr{break-inside:avoid}"
    )
    cells = [block.cells for block in blocks if block.kind == "row"]
    assert cells[:3] == facts
    assert cells[3:] == [("Step", "What to do"), *steps]
    assert max(block.page or 0 for block in blocks) > 1


def test_hanging_numbers_bullets_letters_and_tick_boxes():
    numbered = "".join(f"<p>1.{number}</p><p>{text}</p>" for number, text in enumerate(WORDS, 1))
    bullets = f"<ul><li>ask first</li><li>{WORDS[1]}<ul><li>{WORDS[2]}</li><li>keep it short</li></ul></li><li>log out</li></ul>"
    letters = f"<ol style='list-style-type:lower-alpha'><li>{WORDS[3]}</li><li>be kind</li></ol>"
    boxes = "<p>☐ I agree to the rules above.</p><p>☐ I do not agree.</p>"
    style = ".n{display:grid;grid-template-columns:14mm 1fr} .n p{margin:0 0 2mm 0}"
    blocks = blocks_of(f"<h2>1. Rules</h2><div class=n>{numbered}</div><p>Staff must:</p>{bullets}{letters}{boxes}", style)
    assert [(block.label, block.text) for block in blocks if block.label] == [
        ("1", "Rules"),
        *((f"1.{number}", text) for number, text in enumerate(WORDS, 1)),
    ]
    items = [(block.level, block.printed, block.text) for block in blocks if block.kind == "item"]
    assert items == [
        (0, "", "ask first"),
        (0, "", WORDS[1]),
        (1, "", WORDS[2]),
        (1, "", "keep it short"),
        (0, "", "log out"),
        (0, "a.", WORDS[3]),
        (0, "b.", "be kind"),
        (0, "", "I agree to the rules above."),
        (0, "", "I do not agree."),
    ]


def test_footnotes_stand_at_the_end_and_their_marks_are_gone_from_the_text():
    notes = [f"See the guidance of the regulator, edition {letter}." for letter in "abc"]
    body = "".join(f"<p>{text}<span class=f>{note}</span></p>" for text, note in zip(WORDS, notes, strict=False))
    blocks = blocks_of(
        f"<h1>Data</h1>{body}<p>Held from the 1<sup>st</sup> to the 22<sup>nd</sup>.</p>", ".f{float:footnote;font-size:8.5pt}"
    )
    assert texts(blocks) == ["Data", *WORDS[:3], "Held from the 1st to the 22nd.", *notes]
    assert not any(block.label for block in blocks)


def test_a_table_of_contents_is_told_with_dots_and_without():
    titles = [text[:48].strip() for text in WORDS]
    dotted = "".join(f"<p data-p={number + 2}>{title}</p>" for number, title in enumerate(titles))
    spread = "".join(f"<p><span>{title}</span><span>{number + 2}</span></p>" for number, title in enumerate(titles))
    style = ".d p::after{content:leader('.') attr(data-p)} .e p{display:flex;justify-content:space-between}"
    body = f"<h1>Safety</h1><div class=d>{dotted}</div><p>{WORDS[0]}</p><div class=e>{spread}</div><p>{WORDS[1]}</p>"
    blocks = blocks_of(body, style)
    assert len(texts(blocks, "contents")) == 12
    assert texts(blocks) == ["Safety", WORDS[0], WORDS[1]]


def test_divided_words_are_mended_real_hyphens_stay_and_spaced_letters_close_up():
    words = [text.replace("account", "e-safety account").replace("message", "cyber-bullying message") for text in WORDS]
    style = ".n{width:58mm;hyphens:auto} .s{letter-spacing:.35em;font-size:16pt;font-weight:bold}"
    blocks = blocks_of(f"<p class=s>SOCIAL MEDIA POLICY</p><div class=n>{paragraphs(words)}</div>", style)
    assert texts(blocks) == ["SOCIAL MEDIA POLICY", *words]


def test_a_paragraph_that_goes_on_over_the_page_is_one_block_with_two_places():
    long = " ".join(WORDS * 9)
    blocks = blocks_of(f"<h1>Long</h1><p>{long}</p><p>{long}</p>")
    assert texts(blocks, "para") == [long, long]
    crossing = next(block for block in blocks if len({place.page for place in block.places}) == 2)
    assert [place.page for place in crossing.places] == [1, 2]
    assert crossing.places[0].bottom > 0.85
    assert crossing.places[1].top < 0.15


def test_a_place_is_where_the_words_stand_on_the_page_as_shown():
    style = "@page{size:A4 landscape;margin:0} .p{position:absolute;left:99mm;top:105mm;font:12pt/1 'DejaVu Sans'}"
    data = pdf_of(f"<div class=p>{WORDS[5][:40]}</div>", style)
    writer = PdfWriter(PdfReader(io.BytesIO(data)))
    for turned in (0, 90, 180):
        held = io.BytesIO()
        writer.write(held)
        block = next(block for block in read(held.getvalue(), "policy.pdf")[0] if block.kind != "furniture")
        assert block.text == WORDS[5][:40].strip()
        middle = ((block.places[0].left + block.places[0].right) / 2, (block.places[0].top + block.places[0].bottom) / 2)
        left, top = block.places[0].left, block.places[0].top
        if turned == 0:
            assert (left, top) == pytest.approx((1 / 3, 0.5), abs=0.02)
            upright = middle
        elif turned == 90:
            assert middle == pytest.approx((1 - upright[1], upright[0]), abs=0.01)
        else:
            assert middle == pytest.approx((1 - upright[0], 1 - upright[1]), abs=0.01)
        writer.pages[0].rotate(90)


def test_words_turned_on_their_side_and_leaning_ones():
    style = (
        "@page{margin:20mm} .side{position:absolute;left:-10mm;top:120mm;transform:rotate(-90deg);transform-origin:0 0;white-space:nowrap}"
        ".mark{position:absolute;left:30mm;top:120mm;transform:rotate(-45deg);font-size:60pt;color:#ddd}"
    )
    blocks = blocks_of(f"<div class=side>Kept by the office</div><div class=mark>DRAFT</div>{paragraphs(WORDS)}", style)
    assert [text for text in texts(blocks) if text in WORDS] == WORDS
    assert "Kept by the office" in texts(blocks)
    assert not any("DRAFT" in block.text for block in blocks)


def test_words_that_nobody_can_see_are_not_read():
    blocks = blocks_of(
        f"<p>{WORDS[0]}</p><p style='color:#fff'>Hidden words</p><h2 class=b>Seen words</h2>", ".b{background:#246;color:#fff}"
    )
    assert texts(blocks)[:2] == [WORDS[0], "Seen words"]


def test_bullets_and_tick_boxes_that_are_drawn_are_read_as_if_they_were_written():
    sign = "content:'';display:inline-block;width:{0}pt;height:{0}pt;margin-right:8pt;"
    style = (
        f"div{{padding-left:20pt;text-indent:-12pt}} .d::before{{{sign.format(4)}background:#000;border-radius:2pt}}"
        f".b::before{{{sign.format(8)}border:1px solid}}"
    )
    body = (
        "<p>Staff must:</p>"
        + "".join(f"<div class=d>{text}</div>" for text in WORDS[:3])
        + "<div class=b>I agree.</div><div class=b>I do not.</div>"
    )
    blocks = blocks_of(body, style)
    assert [(block.kind, block.text) for block in blocks] == [
        ("para", "Staff must:"),
        *(("item", text) for text in WORDS[:3]),
        ("item", "I agree."),
        ("item", "I do not."),
    ]


def test_columns_that_go_on_with_a_few_lines_on_the_next_page_stay_columns():
    long = [f"{first} {second} Rule {number}." for number, (first, second) in enumerate(zip(WORDS * 3, WORDS[1:] * 4, strict=False))]
    blocks = blocks_of(
        f"<h1>Rules</h1><div class=c>{paragraphs(long)}</div>", ".c{columns:2;column-gap:9mm} @page{size:A4;margin:20mm 20mm 128mm}"
    )
    assert texts(blocks) == ["Rules", *long]
    assert {place.page for block in blocks for place in block.places} >= {1, 2}


def test_a_line_of_two_sizes_does_not_end_its_paragraph():
    body = f"<p>{WORDS[0]} <small style='font-size:8pt'>{WORDS[1]}</small> {WORDS[2]}</p>"
    assert texts(blocks_of(body)) == [f"{WORDS[0]} {WORDS[1]} {WORDS[2]}"]

"""Web pages as schools save them: the article is read, and what stands round it is set aside."""

import pytest

from schoolgate.policytext.blocks import Block
from schoolgate.policytext.readers import html

RULES = "".join(f"<p>Staff must keep rule number {number} of this school at all times.</p>" for number in range(6))


def blocks(page: str | bytes) -> list[Block]:
    return html.read(page if isinstance(page, bytes) else page.encode(), "policy.html")[0]


def told(found: list[Block], *kinds: str) -> list[str]:
    return [block.text for block in found if block.kind in (kinds or ("heading", "para", "item", "row"))]


@pytest.mark.parametrize(
    "chrome",
    [
        "<nav><ul><li><a href='/'>Home page</a></li></ul></nav>",
        "<div class='breadcrumbs'><a href='/'>Home page</a></div>",
        "<div role='navigation'>Home page</div>",
        "<aside>Home page</aside>",
        "<header><p>Home page</p></header>",
        "<footer>Home page</footer>",
        "<div class='cookie-banner'><h2>Home page</h2></div>",
        "<div class='widget-area sidebar'>Home page</div>",
        "<ul class='share-buttons'><li>Home page</li></ul>",
        "<a class='skip-link' href='#main'>Home page</a>",
        "<ul><li><a href='/'>Home</a> </li><li></li><li><a href='/a'>page</a></li><li><a href='/b'></a></li></ul>",
    ],
)
def test_what_stands_round_an_article_is_set_aside(chrome):
    found = blocks(f"<html><body>{chrome}<div><h1>Phone policy</h1>{RULES}</div></body></html>")
    assert len(told(found)) == 7
    assert told(found, "furniture") == ["Home page"]


def test_the_main_part_is_kept_with_the_title_that_stands_before_it():
    page = (
        f"<html><body><div>Ring us</div><div><h1>Phone policy</h1><p>12 May</p></div><main>{RULES}</main><div>Find us</div></body></html>"
    )
    found = blocks(page)
    assert told(found)[0] == "Phone policy"
    assert len(told(found)) == 7
    assert set(told(found, "furniture")) == {"Ring us", "12 May", "Find us"}


def test_an_article_that_is_wrapped_in_a_menu_class_is_not_lost():
    assert len(told(blocks(f"<html><body><div class='page menu sidebar'>{RULES}</div></body></html>"))) == 6


def test_a_section_about_cookies_or_sharing_is_read():
    section = "<section id='cookies'><h2>Cookies</h2><p>We keep none.</p></section>"
    assert told(blocks(f"<html><body>{section}<section class='sharing'>{RULES}</section></body></html>"))[:2] == [
        "Cookies",
        "We keep none.",
    ]


def test_what_nobody_sees_is_not_read():
    unseen = "<p hidden>Secret</p><p style='display: none'>Secret</p><script>Secret</script><noscript>Secret</noscript>"
    assert "Secret" not in " ".join(block.text for block in blocks(f"<html><body>{unseen}{RULES}</body></html>"))


def test_a_list_of_links_down_the_page_is_contents():
    links = "".join(f"<li><a href='#s{n}'>Part {n}</a></li>" for n in range(4))
    assert told(blocks(f"<html><body><ul>{links}</ul>{RULES}</body></html>"), "contents") == [f"Part {n}" for n in range(4)]


def test_a_list_of_links_to_the_law_is_read():
    links = "".join(f"<li><a href='http://law/{n}'>Act {n}</a></li>" for n in range(4))
    assert told(blocks(f"<html><body><h1>Phones</h1>{RULES}<ul>{links}</ul></body></html>"), "item") == [f"Act {n}" for n in range(4)]


def test_numbers_of_lists_are_as_the_browser_prints_them():
    page = "<ol start=3><li>Staff must ask.<ol type=i><li>be kind</li><li>be true</li></ol></li><li value=9>Pupils may not.</li></ol>"
    found = blocks(f"<html><body>{page}</body></html>")
    assert [(block.printed, block.level, block.text) for block in found] == [
        ("3.", 0, "Staff must ask."),
        ("(i)", 1, "be kind"),
        ("(ii)", 1, "be true"),
        ("9.", 0, "Pupils may not."),
    ]


def test_a_term_and_its_meaning_are_a_row():
    found = blocks("<html><body><dl><dt>Phone</dt><dd>any device that rings</dd><dt>Pupil</dt><dd>any child</dd></dl></body></html>")
    assert [block.cells for block in found] == [("Phone", "any device that rings"), ("Pupil", "any child")]


def test_meanings_that_are_never_closed_are_read_once():
    found = blocks("<html><body>" + "<dl><dt>Phone</dt><dd><dd>any device</ol>" * 12 + "</body></html>")
    assert sum("any device" in block.text for block in found) == 12


def test_tables_have_headers_and_names_that_reach_over_rows():
    page = (
        "<table><thead><tr><th>Role<th>Duty</tr></thead><tr><td rowspan=2>Head<td>reads reports<tr><td>signs letters"
        "<tr><td>Deputy<td><ul><li>files</li><li>posts</li></ul></table>"
    )
    found = blocks(f"<html><body>{page}</body></html>")
    assert told(found, "furniture") == ["Role | Duty"]
    assert [block.cells for block in found if block.cells] == [
        ("Head", "reads reports"),
        ("Head", "signs letters"),
        ("Deputy", "files posts"),
    ]


def test_a_table_that_holds_the_whole_page_is_layout():
    assert len(told(blocks(f"<html><body><table><tr><td>{RULES}<p>One</p><td>Two</table></body></html>"))) == 8


def test_a_page_saved_by_word_keeps_its_numbers():
    def listed(level: int, number: str, words: str) -> str:
        mark = f"<![if !supportLists]><span style='mso-list:Ignore'>{number}<span style='font:7.0pt'>&nbsp;&nbsp; </span></span><![endif]>"
        return f"<p class=MsoListParagraph style='mso-list:l0 level{level} lfo1'>{mark}{words}<o:p></o:p></p>"

    page = listed(1, "1.", "Staff must ask.") + listed(2, "1.1", "Always.") + listed(3, "(a)", "be kind") + listed(1, "·", "be true")
    found = blocks(f"<html><body><p class=MsoToc1>Aims 2</p>{page}</body></html>")
    assert [(block.kind, block.label, block.printed, block.text) for block in found] == [
        ("contents", None, "", "Aims 2"),
        ("para", "1", "1.", "Staff must ask."),
        ("para", "1.1", "1.1", "Always."),
        ("item", None, "(a)", "be kind"),
        ("item", None, "", "be true"),
    ]


def test_a_page_saved_by_a_web_editor_keeps_its_levels():
    page = "<ul class='lst-kix_ab1-0 start'><li>Staff must ask</li></ul><ul class='lst-kix_ab1-1 start'><li>always</li></ul>"
    assert [block.level for block in blocks(f"<html><body>{page}</body></html>")] == [0, 1]


def test_a_strong_line_is_a_heading_and_a_strong_sentence_is_not():
    found = blocks("<html><body><p><strong>Our rules</strong></p><p><b>Staff must ask.</b></p><p><b>Note</b> this.</p></body></html>")
    assert [(block.kind, block.bold) for block in found] == [("heading", True), ("para", True), ("para", False)]


def test_tick_boxes_of_a_form_are_items():
    found = blocks("<html><body><p><input type=checkbox> I will ask first.</p><p><input type=checkbox checked> I agree.</p></body></html>")
    assert [(block.kind, block.text) for block in found] == [("item", "I will ask first."), ("item", "I agree.")]


@pytest.mark.parametrize(
    "data",
    [
        "<meta charset=windows-1252><p>The head’s £5 – rule</p>".encode("cp1252"),
        "<p>The head’s £5 – rule</p>".encode(),
        "<p>The head’s £5 – rule</p>".encode("utf-16"),
        "<meta charset=utf-8><p>The head’s £5 – rule</p>".encode().decode("cp1252").encode(),
        "<p>The head’s £5 ".encode() + "– rule</p>".encode("cp1252"),
    ],
    ids=["declared", "usual", "wide", "read twice", "mixed"],
)
def test_letters_survive_the_encodings_of_websites(data):
    assert told(blocks(data)) == ["The head’s £5 – rule"]


def test_letters_no_xml_allows_are_dropped():
    assert told(blocks("<html><body><nav>a</nav>Staff&#11; must<nav>b</nav> ask&#x1F;.<p>Rule\x0b</p></body></html>"))[-1] == "Rule"

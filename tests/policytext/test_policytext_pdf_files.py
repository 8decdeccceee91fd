"""PDF files in trouble, pictures of pages, and the same policy in two formats."""

import base64
import io
import re
import zlib
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from PIL import Image
from pypdf import PdfReader, PdfWriter
from tests.policytext.conftest import shared_file
from weasyprint import HTML

from schoolgate.policytext import Document, Limits, Unreadable, page_pictures, read, read_safely
from schoolgate.policytext.readers.pdf.pictures import MOST_PICTURES

SHOWN = b"BT /F1 11 Tf 60 700 Td (Staff must ask before they post.) Tj ET "
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def pdf_of(objects: list[bytes]) -> bytes:
    """A PDF of the given objects, the first of them its root."""
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)


def stream(data: bytes, entries: bytes = b"") -> bytes:
    packed = zlib.compress(data, 9)
    return b"<< /Length %d /Filter /FlateDecode %s >>\nstream\n%s\nendstream" % (len(packed), entries, packed)


def page_of(content: bytes, *more: bytes, box: bytes = b"[0 0 595 842]", resources: bytes = b"") -> bytes:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox %s /Contents 5 0 R /Resources << /Font << /F1 3 0 R >> %s >> >>" % (box, resources)
    pages = b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>"
    return pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", pages, FONT, page, stream(content), *more])


def laughing() -> bytes:
    """Groups of ten groups of ten groups, eight deep."""
    more = [
        stream(
            b"/X Do " * 10 if number < 7 else SHOWN,
            b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> /XObject << /X %d 0 R >> >>"
            % (7 + number),
        )
        for number in range(8)
    ]
    return page_of(SHOWN + b"/X Do " * 10, *more, resources=b"/XObject << /X 6 0 R >>")


BOMBS = {
    "a stream that unpacks to far too many letters": lambda: page_of(
        b"BT /F1 11 Tf 60 700 Td " + b"(Staff must ask.) Tj 0 -1 Td " * 4_000_000 + b"ET"
    ),
    "millions of strokes": lambda: page_of(SHOWN + b"10 10 m 20 20 l S " * 4_000_000),
    "groups of groups": laughing,
    "a grid of more cells than any table": lambda: page_of(
        SHOWN + b"".join(b"0 %d m 595 %d l S %d 0 m %d 842 l S " % (at, at, at, at) for at in range(0, 595, 2))
    ),
    "letters all over a giant page": lambda: page_of(
        b"BT /F1 6 Tf " + b"".join(b"1 0 0 1 %d %d Tm (ab cd) Tj " % (n * 7919 % 14000, n * 104729 % 14000) for n in range(20_000)) + b"ET",
        box=b"[0 0 14000 14000]",
    ),
    "a page as big as a town": lambda: page_of(SHOWN, box=b"[0 0 1e12 1e12]"),
    "sizes beyond number": lambda: page_of(b"BT /F1 1e38 Tf 1e38 0 0 1e38 60 700 Tm (Staff must ask before they post.) Tj ET"),
    "pages that hold themselves": lambda: pdf_of(
        [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 200 >>"]
    ),
    "dots without end": lambda: page_of(b"BT /F1 1 Tf 0 700 Td (Staff must ask " + b". " * 100_000 + b") Tj ET"),
}


def outcome(path: Path) -> bool:
    """Whether a file gave a document or a sentence about itself. Anything else is an error that breaks the test."""
    try:
        return bool(read_safely(path, limits=Limits(seconds=5)).clauses)
    except Unreadable as reason:
        return str(reason).startswith(path.name)


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_read_or_refused_within_the_limits(tmp_path, bomb):
    """The limits themselves are held by the reading process; here a file that passes them is a document, any other one sentence."""
    path = tmp_path / "policy.pdf"
    path.write_bytes(bomb())
    assert outcome(path)


def test_a_pdf_locked_only_against_change_is_read(tmp_path, make_pdf):
    writer = PdfWriter(PdfReader(io.BytesIO(make_pdf([["Staff must ask before they post."]]))))
    writer.encrypt("", owner_password="secret", algorithm="AES-256")
    held = io.BytesIO()
    writer.write(held)
    (tmp_path / "policy.pdf").write_bytes(held.getvalue())
    assert [clause.text for clause in read(tmp_path / "policy.pdf").clauses] == ["Staff must ask before they post."]


def test_a_page_of_more_letters_than_paper_holds_is_refused_and_not_read_in_part(tmp_path):
    lines = b"(Staff must ask before they post.) Tj 0 -6 Td " * 2_000
    (tmp_path / "policy.pdf").write_bytes(page_of(b"BT /F1 5 Tf 20 13990 Td " + lines + b"ET", box=b"[0 0 595 14000]"))
    with pytest.raises(Unreadable, match=r"^policy\.pdf holds more than 60,000 letters on one page"):
        read(tmp_path / "policy.pdf")


def speckled(width: int, height: int) -> str:
    """An address that holds a picture no page format can pack small."""
    held = io.BytesIO()
    noise = bytes((n * n * 31 + n * 7919) % 251 for n in range(width * height))
    Image.frombytes("L", (width, height), noise).save(held, "PNG")
    return "data:image/png;base64," + base64.b64encode(held.getvalue()).decode()


@pytest.fixture
def half_scanned(tmp_path) -> Path:
    picture = f"<div><img src='{speckled(500, 700)}'></div>"
    body = f"<p>Staff must ask before they post.</p>{picture}<p>Pupils may not bring phones into the hall.</p>"
    style = "@page{size:A4;margin:20mm} div{break-before:page;break-after:page} img{width:170mm;height:240mm}"
    HTML(string=f"<style>{style}</style>{body}").write_pdf(tmp_path / "policy.pdf")
    return tmp_path / "policy.pdf"


def test_a_page_that_is_only_a_picture_is_said_and_the_rest_is_read(half_scanned):
    document = read_safely(half_scanned)
    assert [clause.text for clause in document.clauses] == [
        "Staff must ask before they post.",
        "Pupils may not bring phones into the hall.",
    ]
    cautions = [caution for caution in document.warnings if caution.code == "picture_page"]
    assert len(cautions) == 1
    assert "Page 2" in cautions[0].message
    assert Document.from_json(document.as_json()) == document


def test_a_large_picture_among_the_words_is_said_and_a_small_one_is_not(tmp_path):
    large, small = (f"<img src='{speckled(300, 240)}' style='width:{width}mm;height:{width}mm'>" for width in (150, 40))
    body = f"<p>Staff must ask before they post.</p>{large}<p style='break-before:page'>Pupils may not bring phones.</p>{small}"
    HTML(string=f"<style>@page{{size:A4;margin:20mm}}</style>{body}").write_pdf(tmp_path / "policy.pdf")
    cautions = [caution for caution in read(tmp_path / "policy.pdf").warnings if caution.code.endswith("_picture")]
    assert [(caution.code, caution.message[:6]) for caution in cautions] == [("large_picture", "Page 1")]


def test_every_page_has_its_picture_sharp_and_small(half_scanned):
    first, second, third = page_pictures(half_scanned, width=800)
    assert [(picture.page, picture.width, picture.height) for picture in (first, second, third)] == [(n, 800, 1131) for n in (1, 2, 3)]
    assert (first.media_type, second.media_type) == ("image/png", "image/webp")
    assert all(len(picture.data) < 200_000 for picture in (first, second, third))
    assert len(first.data) < 120_000
    page = Image.open(io.BytesIO(first.data)).convert("L")
    assert page.size == (800, 1131)
    assert page.getpixel((5, 5)) == 255
    inked = page.crop((75, 75, 400, 120))
    assert min(inked.tobytes()) < 80


def test_a_page_shown_on_its_side_is_drawn_as_it_is_shown(tmp_path, make_pdf):
    writer = PdfWriter(PdfReader(io.BytesIO(make_pdf([["Staff must ask before they post."]]))))
    writer.pages[0].rotate(90)
    writer.write(tmp_path / "policy.pdf")
    (picture,) = page_pictures(tmp_path / "policy.pdf", width=842)
    assert (picture.width, picture.height) == (842, 595)


def test_pictures_of_what_has_no_pages_of_a_locked_file_and_of_a_long_one(tmp_path, make_pdf):
    (tmp_path / "policy.txt").write_text("Staff must ask.")
    assert page_pictures(tmp_path / "policy.txt") == ()
    writer = PdfWriter(PdfReader(io.BytesIO(make_pdf([["Staff must ask."]]))))
    writer.encrypt("secret", algorithm="AES-256")
    writer.write(tmp_path / "policy.pdf")
    with pytest.raises(Unreadable, match="locked with a password"):
        page_pictures(tmp_path / "policy.pdf")
    (tmp_path / "long.pdf").write_bytes(make_pdf([["Staff must ask."]] * (MOST_PICTURES + 5)))
    assert len(page_pictures(tmp_path / "long.pdf", width=60)) == MOST_PICTURES


def plain(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).strip().lower()


@pytest.mark.parametrize(
    "name",
    [
        "newstead-pre-school/safeguarding_children",
        "newstead-pre-school/disciplinary",
        "farset-labs-belfast/child_protection",
        "farset-labs-belfast/social_media",
    ],
)
def test_a_policy_printed_as_pdf_has_the_clauses_of_its_source(tmp_path, name):
    source = re.sub(
        r"\A---\n.*?\n---\n", "", shared_file("data", "policies", "real", f"{name}.md").read_text(encoding="utf-8"), flags=re.DOTALL
    )
    (tmp_path / "policy.md").write_text(source, encoding="utf-8")
    style = "@page{size:A4;margin:24mm 22mm;@bottom-center{content:'Page ' counter(page)}} body{font:11pt/1.3 'DejaVu Sans'}"
    HTML(string=f"<style>{style}</style>{MarkdownIt('commonmark').enable('table').render(source)}").write_pdf(tmp_path / "policy.pdf")
    wanted, found = ([plain(clause.text) for clause in read(tmp_path / f"policy.{ending}").clauses] for ending in ("md", "pdf"))
    assert len(wanted) > 15
    assert found == wanted

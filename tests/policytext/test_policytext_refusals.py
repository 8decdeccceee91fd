"""Files that are refused: each with one plain sentence that names the file, what is wrong and what to do."""

import io
import struct
import zipfile

import docx
import pytest
from pypdf import PdfReader, PdfWriter

from schoolgate.policytext import Unreadable, read, read_text
from schoolgate.policytext.formats import MOST_BYTES
from schoolgate.policytext.readers.pdf import MOST_PAGES

WORD = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
BODY = WORD + b"<w:body><w:p><w:r><w:t>Staff must ask.</w:t></w:r></w:p></w:body></w:document>"
ODT = b'<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"/>'


def word_bytes() -> bytes:
    held = io.BytesIO()
    word = docx.Document()
    word.add_paragraph("Staff must ask before they post anything about the school.")
    word.save(held)
    return held.getvalue()


def zipped(parts: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", how) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return held.getvalue()


def as_docx(**parts: bytes) -> bytes:
    return zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": BODY, **parts})


def refusal(tmp_path, name: str, data: bytes) -> str:
    """The sentence with which a file is refused; it must be one sentence or two about this file, never a trace."""
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(Unreadable) as caught:
        read(path)
    sentence = str(caught.value)
    assert sentence.startswith(name)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert "Traceback" not in sentence
    return sentence


def test_a_sound_small_word_file_is_not_refused(tmp_path):
    (tmp_path / "policy.docx").write_bytes(as_docx())
    assert read(tmp_path / "policy.docx").clauses[0].text == "Staff must ask."


def test_an_empty_file_is_refused(tmp_path):
    assert "is empty" in refusal(tmp_path, "policy.txt", b"")
    assert "is empty" in refusal(tmp_path, "policy.docx", b" \n")


def test_a_text_of_headings_only_is_refused(tmp_path):
    assert "no statements" in refusal(tmp_path, "policy.md", b"# Social media policy\n")


@pytest.mark.parametrize(
    ("name", "data", "found"),
    [
        ("policy.pdf", word_bytes(), "a Word document"),
        ("policy.docx", b"%PDF-1.7 and so on", "a PDF"),
        ("policy.txt", b"%PDF-1.7 and so on", "a PDF"),
        ("policy.docx", b"\x89PNG\r\n\x1a\n rest", "a picture"),
        ("policy.odt", word_bytes(), "a Word document"),
        ("policy.rtf", b"Staff must ask.", "plain text"),
        ("policy.html", b"Staff must ask.", "plain text"),
        ("policy.docx", zipped({"readme.txt": b"hello"}), "a zip archive"),
        ("policy.md", b"\x00\x01\x02\x03", "not a document"),
    ],
)
def test_a_file_that_is_not_what_its_ending_says_is_refused(tmp_path, name, data, found):
    assert found in refusal(tmp_path, name, data)


@pytest.mark.parametrize("name", ["policy.xlsx", "policy.exe", "policy", "policy.docm"])
def test_an_unknown_kind_is_refused_with_the_kinds_we_read(tmp_path, name):
    assert "docx" in refusal(tmp_path, name, word_bytes())


def test_a_file_over_the_size_we_take_is_refused(tmp_path):
    assert "25 MB" in refusal(tmp_path, "policy.txt", b"a" * (MOST_BYTES + 1))


def test_a_text_longer_than_any_policy_is_refused():
    with pytest.raises(Unreadable, match="letters"):
        read_text("Staff must ask. " * 140_000, "policy.txt")


def test_a_pdf_with_a_password_is_refused(tmp_path, make_pdf):
    writer = PdfWriter(PdfReader(io.BytesIO(make_pdf([["Staff must ask before they post."]]))))
    writer.encrypt("secret", algorithm="AES-256")
    held = io.BytesIO()
    writer.write(held)
    assert "password" in refusal(tmp_path, "policy.pdf", held.getvalue())


def test_a_word_file_with_a_password_is_refused(tmp_path):
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le")
    assert "password" in refusal(tmp_path, "policy.docx", locked)


def test_an_odt_with_a_password_is_refused(tmp_path):
    parts = {
        "mimetype": b"application/vnd.oasis.opendocument.text",
        "content.xml": b"\x8f\x12",
        "META-INF/manifest.xml": b"<manifest:manifest xmlns:manifest='x'><manifest:encryption-data/></manifest:manifest>",
    }
    assert "password" in refusal(tmp_path, "policy.odt", zipped(parts, zipfile.ZIP_STORED))


def test_a_zip_entry_marked_as_locked_is_refused(tmp_path):
    data = bytearray(as_docx())
    place = data.index(b"PK\x01\x02")
    data[place + 8] |= 1
    assert "password" in refusal(tmp_path, "policy.docx", bytes(data))


def test_a_scan_without_words_is_refused(tmp_path, make_pdf):
    assert "scan" in refusal(tmp_path, "policy.pdf", make_pdf([[], []]))


def test_a_pdf_of_ten_thousand_pages_is_refused(tmp_path, make_pdf):
    assert f"10000 pages, more than the {MOST_PAGES}" in refusal(tmp_path, "policy.pdf", make_pdf([["Staff must ask."]] * 10_000))


def test_a_pdf_cut_short_is_refused(tmp_path, make_pdf):
    assert "cut short" in refusal(tmp_path, "policy.pdf", make_pdf([["Staff must ask before they post."]])[:150])


def test_a_word_file_cut_short_is_refused(tmp_path):
    data = word_bytes()
    assert "cut short" in refusal(tmp_path, "policy.docx", data[: len(data) // 2])


def test_a_word_file_with_a_damaged_part_is_refused(tmp_path):
    data = bytearray(as_docx())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        place = archive.getinfo("word/document.xml").header_offset
    for offset in range(place + 50, place + 70):
        data[offset] ^= 0xFF
    assert "damaged" in refusal(tmp_path, "policy.docx", bytes(data))


def test_word_xml_that_is_not_well_formed_is_refused(tmp_path):
    assert "not well formed" in refusal(tmp_path, "policy.docx", as_docx(**{"word/document.xml": b"<w:document><w:body>"}))


def test_an_rtf_cut_short_is_refused(tmp_path):
    assert "cut short" in refusal(tmp_path, "policy.rtf", b"{\\rtf1 Staff must ask")


def test_a_zip_that_unpacks_to_too_much_is_refused(tmp_path):
    parts = {f"word/media/{number}.bin": b"\0" * 900_000 for number in range(200)}
    assert "unpack to" in refusal(tmp_path, "policy.docx", as_docx(**parts))


def test_a_zip_packed_too_tightly_is_refused(tmp_path):
    assert "tightly" in refusal(tmp_path, "policy.docx", as_docx(**{"word/media/a.bin": b"\0" * 30_000_000}))


def test_a_zip_with_too_many_parts_is_refused(tmp_path):
    parts = {f"word/media/{number}.bin": b"" for number in range(2001)}
    assert "parts" in refusal(tmp_path, "policy.docx", as_docx(**parts))


def test_a_zip_inside_the_zip_is_refused(tmp_path):
    assert "another archive" in refusal(tmp_path, "policy.docx", as_docx(**{"word/media/inner.zip": b"PK"}))


def test_parts_that_share_bytes_are_refused(tmp_path):
    """Two directory entries point at one stored part, the trick of an overlapping bomb."""
    data = bytearray(as_docx(**{"word/styles.xml": b"<a/>"}))
    first, second = data.index(b"PK\x01\x02"), data.rindex(b"PK\x01\x02")
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    assert "overlap" in refusal(tmp_path, "policy.docx", bytes(data))


def test_a_part_that_lies_about_its_size_is_refused(tmp_path):
    data = bytearray(as_docx(**{"word/document.xml": BODY.replace(b"ask", b"ask" * 50_000)}))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
    place = -1
    for _ in range(names.index("word/document.xml") + 1):
        place = data.index(b"PK\x01\x02", place + 1)
    data[place + 24 : place + 28] = struct.pack("<I", 100)
    assert "damaged" in refusal(tmp_path, "policy.docx", bytes(data))


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;">]>' + BODY.replace(b"ask", b"&c;")
OUTSIDE = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>' + BODY.replace(b"ask", b"&b;")


@pytest.mark.parametrize("xml", [LAUGHS, OUTSIDE, LAUGHS.decode().encode("utf-16")], ids=["laughs", "outside", "wide letters"])
def test_xml_entities_in_a_word_file_are_refused(tmp_path, xml):
    assert "entities" in refusal(tmp_path, "policy.docx", as_docx(**{"word/document.xml": xml}))


def test_xml_entities_in_an_odt_are_refused(tmp_path):
    parts = {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b'<!DOCTYPE a [<!ENTITY b "ha">]>' + ODT}
    assert "entities" in refusal(tmp_path, "policy.odt", zipped(parts, zipfile.ZIP_STORED))


def test_an_opendocument_sheet_under_a_text_ending_is_refused(tmp_path):
    parts = {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": ODT}
    assert "not a text document" in refusal(tmp_path, "policy.odt", zipped(parts, zipfile.ZIP_STORED))


def test_entities_in_a_web_page_are_refused(tmp_path):
    assert "entities" in refusal(tmp_path, "policy.html", b'<!DOCTYPE html [<!ENTITY b "ha">]><html><p>Staff must ask. &b;</p></html>')


def test_letters_that_break_off_are_refused(tmp_path):
    assert "break off" in refusal(tmp_path, "policy.txt", b"\xff\xfe" + "Staff must ask.".encode("utf-16-le") + b"\x00")


def test_an_old_word_file_without_libreoffice_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "save it as docx" in refusal(tmp_path, "policy.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"))


def test_a_restructured_text_cannot_fetch_other_files(tmp_path):
    (tmp_path / "secret.txt").write_text("The head's password must never be told.")
    (tmp_path / "policy.rst").write_text("Policy\n======\n\nStaff must ask.\n\n.. include:: secret.txt\n\n.. raw:: html\n\n   <b>x</b>\n")
    assert [clause.text for clause in read(tmp_path / "policy.rst").clauses] == ["Staff must ask."]


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(Unreadable, match="does not exist"):
        read(tmp_path / "none.txt")
    with pytest.raises(Unreadable, match="is a folder"):
        read(tmp_path)


def test_more_statements_than_any_policy_has_are_refused():
    with pytest.raises(Unreadable, match="statements, more than"):
        read_text("Rules\n\n" + "- Staff must ask.\n" * 5_001, "policy.txt")

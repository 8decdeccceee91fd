"""Files nobody should bring, made on the spot: (bytes, name) with the words the refusal must have."""

import io
import zipfile

from pypdf import PdfWriter

PAGES = 10_000


def pdf(pages: int, password: str = "") -> bytes:
    """A PDF of empty pages, as a scan without text is to a reader; locked when there is a password."""
    writer, out = PdfWriter(), io.BytesIO()
    for _ in range(pages):
        writer.add_blank_page(width=200, height=300)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    writer.write(out)
    return out.getvalue()


def pdf_of_many_pages() -> bytes:
    """10,000 pages in half a megabyte, written by hand: a library would take seconds."""
    out, places = io.BytesIO(b"%PDF-1.4\n"), []
    out.seek(0, io.SEEK_END)
    kids = " ".join(f"{number} 0 R" for number in range(3, PAGES + 3))
    bodies = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Count {PAGES}/Kids[{kids}]>>"]
    bodies += ["<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 300]>>"] * PAGES
    for number, body in enumerate(bodies, 1):
        places.append(out.tell())
        out.write(f"{number} 0 obj{body}endobj\n".encode())
    start = out.tell()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"trailer<</Size {len(places) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n"
    out.write(f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{table}{end}".encode())
    return out.getvalue()


def zip_bomb() -> bytes:
    """A Word document whose main part is 300 MB of spaces."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        with packed.open("word/document.xml", "w", force_zip64=True) as part:
            for _ in range(300):
                part.write(b" " * 2**20)
    return out.getvalue()


def office_lock() -> bytes:
    """The start of a Word document locked with a password: an old container that names its encrypted package."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(512)


MADE = {
    "empty.docx": (lambda: b"", ["empty", "[Cc]hoose th"]),
    "lying.docx": (lambda: pdf(1), ["its content is a PDF", "Save it again"]),
    "locked.pdf": (lambda: pdf(1, "secret"), ["password", "Remove the password"]),
    "locked.docx": (office_lock, ["password", "Remove the password"]),
    "scanned.pdf": (lambda: pdf(3), ["no text", "Give the original"]),
    "bomb.docx": (zip_bomb, ["refused", "unpack"]),
    "setup.exe": (lambda: b"MZ" + bytes(range(256)) * 8, ["of a kind we do not read", "Save the policy as"]),
    "endless.pdf": (pdf_of_many_pages, ["10000 pages", "Give only the pages"]),
    "broken.txt": (lambda: b"The policy says \x81\x8d\x8f\x90\x9d" * 60 + bytes(20), ["not", "Save it again|Give the policy"]),
}

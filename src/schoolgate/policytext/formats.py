"""Which reader a file needs: its ending says what it claims to be, its first bytes what it is, and the two must agree."""

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import PurePath

from schoolgate.policytext.blocks import Block
from schoolgate.policytext.errors import Unreadable
from schoolgate.policytext.model import Picture

MOST_BYTES = 25 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file: its media type, what its bytes must look like, and the module and function that read it.

    ``pictures`` is the module that draws its pages, where it has any. Modules are named, not imported: loading every reader takes longer
    than reading most policies.
    """

    title: str
    media_type: str
    looks: tuple[str, ...]
    reader: str
    function: str = "read"
    pictures: str = ""


_TEXTS = ("text", "html")
_TEMPLATES = (".docm", ".dotx", ".dotm", ".dot")
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMATS = {
    ".docx": Format("a Word document", _WORD, ("docx",), "docx"),
    ".doc": Format("an old Word document", "application/msword", ("ole",), "word97"),
    ".odt": Format("an OpenDocument text", "application/vnd.oasis.opendocument.text", ("odt",), "odt"),
    ".pdf": Format("a PDF", "application/pdf", ("pdf",), "pdf", pictures="pdf.pictures"),
    ".rtf": Format("a Rich Text file", "application/rtf", ("rtf",), "rtf"),
    ".html": Format("a web page", "text/html", ("html",), "html"),
    ".htm": Format("a web page", "text/html", ("html",), "html"),
    ".md": Format("a Markdown text", "text/markdown", _TEXTS, "markup", "read_markdown"),
    ".markdown": Format("a Markdown text", "text/markdown", _TEXTS, "markup", "read_markdown"),
    ".rst": Format("a reStructuredText", "text/x-rst", _TEXTS, "markup", "read_rst"),
    ".txt": Format("a plain text", "text/plain", _TEXTS, "plain"),
}
_KINDS = {
    "docx": "a Word document (docx)",
    "odt": "an OpenDocument text (odt)",
    "pdf": "a PDF",
    "rtf": "a Rich Text file (rtf)",
    "html": "a web page (html)",
    "ole": "an old Office document (doc)",
    "zip": "a zip archive",
    "image": "a picture",
    "text": "plain text",
    "binary": "not a document",
}
_IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM", b"RIFF")
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|div|p|h[1-6]|ul|ol|table|article|section|main|br)\b[^>]*>", re.IGNORECASE)


def parse(data: bytes, name: str) -> tuple[list[Block], str, int | None]:
    """The blocks of a file, its media type and its pages. Raises Unreadable, in a sentence, for anything that is not a policy document."""
    chosen = _chosen(data, name)
    module = import_module(f"schoolgate.policytext.readers.{chosen.reader}")
    with _refusing(name, chosen):
        blocks, pages = getattr(module, chosen.function)(data, name)
    return blocks, chosen.media_type, pages


def draw(data: bytes, name: str, width: int) -> tuple[Picture, ...]:
    """Pictures of the pages of a file, none where its format has no pages. Raises Unreadable as ``parse`` does."""
    chosen = _chosen(data, name)
    if not chosen.pictures:
        return ()
    module = import_module(f"schoolgate.policytext.readers.{chosen.pictures}")
    with _refusing(name, chosen):
        made: tuple[Picture, ...] = module.pictures(data, name, width)
    return made


@contextmanager
def _refusing(name: str, chosen: Format) -> Iterator[None]:
    """Whatever a reader trips over in a damaged file is said in one sentence."""
    try:
        yield
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError) as problem:
        raise Unreadable(f"{name} is damaged and cannot be read as {chosen.title}. Open it and save it again.") from problem


def _chosen(data: bytes, name: str) -> Format:
    """The format of a file, once its size, its ending and its first bytes agree with it."""
    if len(data) > MOST_BYTES:
        raise Unreadable(
            f"{name} has {len(data) / 2**20:.0f} MB, more than the {MOST_BYTES // 2**20} MB we take. Make its pictures smaller."
        )
    if not data.strip():
        raise Unreadable(f"{name} is empty. Choose the file that holds the policy.")
    ending = PurePath(name).suffix.lower()
    kind = sniff(data)
    if ending in _TEMPLATES:
        raise Unreadable(
            f"{name} is a Word template or holds macros, which we do not open. Save the policy as a plain Word document (docx)."
        )
    if ending not in FORMATS:
        known = ", ".join(sorted({suffix.lstrip(".") for suffix in FORMATS} - {"htm", "markdown"}))
        raise Unreadable(f"{name} is of a kind we do not read. Save the policy as one of: {known}.")
    chosen = FORMATS[ending]
    if ending in (".docx", ".doc") and kind == "ole" and _locked(data):
        raise Unreadable(f"{name} is locked with a password. Remove the password and save it again.")
    if kind not in chosen.looks:
        raise Unreadable(
            f"{name} says it is {chosen.title} but its content is {_KINDS[kind]}. Save it again in the right format, or correct its ending."
        )
    return chosen


def sniff(data: bytes) -> str:
    """What the bytes are: docx, odt, zip, pdf, rtf, ole, html, image, text or binary."""
    if data.startswith(b"PK\x03\x04"):
        return _zipped(data)
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "ole"
    if data.lstrip()[:5] == b"{\\rtf":
        return "rtf"
    if data.startswith(_IMAGES):
        return "image"
    if _HTML.search(data[:65_536]):
        return "html"
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    return "binary" if b"\x00" in data[:65_536] and not marked else "text"


def _zipped(data: bytes) -> str:
    """A zip that cannot be listed is told from its first part, so that a cut-short docx is called damaged, not a lie."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError):
        return (
            "odt"
            if b"opendocument.text" in data[:200]
            else "docx"
            if b"[Content_Types].xml" in data[:200_000] or b"word/" in data[:200_000]
            else "zip"
        )
    if "[Content_Types].xml" in names and any(part.startswith("word/") for part in names):
        return "docx"
    return "odt" if "content.xml" in names and b"opendocument" in data[:200] else "zip"


def _locked(data: bytes) -> bool:
    return "EncryptedPackage".encode("utf-16-le") in data

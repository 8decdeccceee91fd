"""Whether what the public finds is the version in force: fetched, and its clauses compared with ours by their fingerprint."""

import hashlib
import tempfile
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.urls import reverse
from lxml import etree
from lxml import html as markup

from schoolgate import policytext
from schoolgate.policies import fetching, rules
from schoolgate.policies.fetching import Fetched, Unfetchable
from schoolgate.policies.models import CopyFound

_ENDINGS = {
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/msword": ".doc",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
    "text/html": ".html",
    "text/markdown": ".md",
    "text/plain": ".txt",
}


@dataclass(frozen=True, slots=True)
class Known:
    """By what a right copy is known: fingerprints of its clauses, and SHA-256 of files that hold it."""

    fingerprints: Collection[str]
    files: Collection[str]


@dataclass(frozen=True, slots=True)
class Told:
    """What a check found, in the words the record keeps."""

    found: CopyFound
    told: str = ""
    fingerprint: str = ""
    sha256: str = ""


def of_our_page(school: str, policy_id: object, right: str) -> Told:
    """Fetch our public page of a policy as anybody would, compare its clauses, and download every file it offers."""
    page = fetching.fetch_own(reverse("policies:public_policy", args=[school, policy_id]))
    sha256 = hashlib.sha256(page.data).hexdigest()
    if page.absent:
        return Told(CopyFound.MISSING, "The public page does not show it.", sha256=sha256)
    if page.status != 200:
        return Told(CopyFound.FAILED, f"The public page answered {page.status} instead of showing it.", sha256=sha256)
    clauses, files = read_page(page.data)
    fingerprint = rules.fingerprint(clauses)
    if fingerprint != right:
        return Told(CopyFound.OTHER, "The public page shows other words than the version in force.", fingerprint, sha256)
    for path in files:
        answer = fetching.fetch_own(path)
        if answer.status != 200 or not answer.data:
            return Told(
                CopyFound.FAILED, f"A file on the public page could not be downloaded: it answered {answer.status}.", fingerprint, sha256
            )
    return Told(CopyFound.SAME, "", fingerprint, sha256)


def read_page(data: bytes) -> tuple[list[tuple[str, str]], list[str]]:
    """The clauses on our public page, reference and words in order, and the addresses of the files it offers."""
    root = markup.document_fromstring(data.decode("utf-8"), parser=etree.HTMLParser(encoding="utf-8", no_network=True))
    clauses = [
        (_words(one, "sg-clause__ref"), _words(one, "sg-clause__text")) for one in root.xpath("//div[contains(@class, 'sg-clause')]")
    ]
    return clauses, [str(path) for path in root.xpath("//a[@download]/@href")]


def _words(clause: etree._Element, name: str) -> str:
    return "".join(text for part in clause.xpath(f".//*[@class='{name}']") for text in part.itertext())


def of_address(address: str, known: Known, fetch: Callable[[str], Fetched] = fetching.fetch) -> Told:
    """Fetch a school's own copy and compare it: the very file, or a file whose clauses have the fingerprint of the version in force."""
    try:
        answer = fetching.fetch_own(_path(address)) if fetching.is_ours(address) else fetch(address)
    except Unfetchable as reason:
        return Told(CopyFound.FAILED, str(reason)[:300])
    sha256 = hashlib.sha256(answer.data).hexdigest()
    if answer.absent:
        return Told(CopyFound.MISSING, "There is nothing at the address any more.", sha256=sha256)
    if answer.status != 200 or not answer.data:
        return Told(CopyFound.FAILED, f"The address answered {answer.status} instead of handing out the policy.", sha256=sha256)
    if sha256 in known.files:
        return Told(CopyFound.SAME, sha256=sha256)
    try:
        read = _read(answer, address)
    except policytext.Unreadable:
        return Told(
            CopyFound.FAILED, "What is at the address cannot be read as a policy. Record the address of the file itself.", sha256=sha256
        )
    fingerprint = rules.fingerprint((clause.ref, clause.text) for clause in read.clauses)
    if fingerprint in known.fingerprints:
        return Told(CopyFound.SAME, "", fingerprint, sha256)
    return Told(CopyFound.OTHER, "The copy at the address has other words than the version in force.", fingerprint, sha256)


def _path(address: str) -> str:
    parts = urlsplit(address)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _read(answer: Fetched, address: str) -> policytext.Document:
    """A stranger's file, read in the limited process. Its kind is told by the server, else by the end of the address."""
    ending = _ENDINGS.get(answer.media_type) or Path(urlsplit(address).path).suffix.lower() or ".html"
    with tempfile.TemporaryDirectory(prefix="schoolgate-copy-") as folder:
        path = Path(folder) / f"copy{ending[:10]}"
        path.write_bytes(answer.data)
        return policytext.read_safely(path)

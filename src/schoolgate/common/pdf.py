"""A page as a PDF, with WeasyPrint. Its drawing libraries come from the operating system and may be absent: then it says so."""

import importlib
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders

from schoolgate.common.errors import SchoolgateError

MISSING = (
    "This machine lacks the libraries that draw PDF files (Pango and HarfBuzz). "
    "Ask whoever runs it to install libpango-1.0-0, libpangoft2-1.0-0 and libharfbuzz-subset0. "
    "Until then, print the page from your browser and save it as PDF."
)
OURS = "static:"


class NoPdf(SchoolgateError):
    """PDF files cannot be made on this machine."""


@cache
def _weasyprint() -> Any:
    # Loaded when first needed: it takes half a second and asks the operating system for its libraries.
    try:
        return importlib.import_module("weasyprint")
    except OSError:
        raise NoPdf(MISSING) from None


def can_draw() -> bool:
    """Whether this machine can make PDF files."""
    try:
        _weasyprint()
    except NoPdf:
        return False
    return True


def made_from(html: str) -> bytes:
    """The PDF of a whole HTML document. It may fetch nothing but our own static files, written `static:path`. NoPdf where it cannot."""
    weasyprint = _weasyprint()
    fetcher = _own_files_only(weasyprint.urls)
    return weasyprint.HTML(string=html, base_url=OURS, url_fetcher=fetcher).write_pdf(pdf_variant="pdf/ua-1")


def _own_files_only(urls: Any) -> Any:
    """A fetcher that reads our static files and nothing else: no network, no file of the machine."""

    class OwnFiles(urls.URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            path = finders.find(url.removeprefix(OURS)) if url.startswith(OURS) else None
            if not path:
                raise ValueError(f"The PDF asked for {url}, and only our own files may be read")
            kind = "text/css" if path.endswith(".css") else "application/octet-stream"
            return urls.URLFetcherResponse(url, Path(path).read_bytes(), {"Content-Type": kind})

    return OwnFiles()

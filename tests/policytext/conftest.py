"""Documents to read: the five source policies where they are at hand, and files of every kind made on the spot."""

import csv
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from schoolgate.policytext import Document, read, read_text

SHARED = Path(__file__).resolve().parents[3] / "shared"
SEEDS = {
    "000": "reach2-e-safety-social-media-2017.txt",
    "001": "weston-all-saints-social-media-2016.txt",
    "002": "beechwood-primary-social-media.txt",
    "003": "ict-social-media-acceptable-use-agreement-swgfl-style.txt",
    "004": "trust-internet-social-networking-2018.txt",
}


def shared_file(*parts: str) -> Path:
    """A file of the shared material. Absent, it skips the test; in continuous integration it fails it."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        sentence = f"{path.name} is not at hand"
        if os.environ.get("CI") == "true":
            pytest.fail(sentence)
        pytest.skip(sentence)
    return path


@pytest.fixture
def seed_path() -> Callable[[str], Path]:
    return lambda number: shared_file("data", "policies", "seeds", SEEDS[number])


@pytest.fixture
def seed(seed_path) -> Callable[[str], Document]:
    return lambda number: read(seed_path(number))


@pytest.fixture
def obligations() -> Callable[[str], list[dict[str, str]]]:
    """The obligations read out of one source policy, each with the first words of the text it came from."""

    def of(number: str) -> list[dict[str, str]]:
        with shared_file("catalogue", "obligations.csv").open(encoding="utf-8", newline="") as stream:
            return [row for row in csv.DictReader(stream) if row["seed"] == number]

    return of


@pytest.fixture
def text() -> Callable[[str], Document]:
    """Read a plain text given in the test."""
    return lambda words: read_text(words, "policy.txt")


_PDF_ESCAPES = str.maketrans({"(": r"\(", ")": r"\)"})


def pdf_bytes(pages: list[list[str]]) -> bytes:
    """A small PDF with the given lines on each page, made by hand so that nothing about it is hidden."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for lines in pages:
        shown = " ".join(f"({line.translate(_PDF_ESCAPES)}) Tj 0 -16 Td" for line in lines)
        content = f"BT /F1 11 Tf 60 780 Td {shown} ET"
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects)} 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    out = "%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    start = len(out)
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return out.encode("latin-1")


@pytest.fixture
def make_pdf() -> Callable[[list[list[str]]], bytes]:
    return pdf_bytes

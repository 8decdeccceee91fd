"""Tables to download: CSV that a spreadsheet opens as text and never runs."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from io import StringIO
from typing import Any

RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A cell that begins with one of these is run as a formula by some spreadsheet."""


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """The rows under their headings in UTF-8 with a mark that says so, one line each; dates as 2026-11-02."""
    written = StringIO()
    out = csv.writer(written, lineterminator="\r\n")
    out.writerow([plain(cell) for cell in head])
    out.writerows([plain(cell) for cell in row] for row in rows)
    return written.getvalue().encode("utf-8-sig")


def plain(cell: Any) -> str:
    """One cell as text. An apostrophe before a formula makes it words; None is empty."""
    text = "" if cell is None else cell.isoformat() if isinstance(cell, date) else str(cell)
    return f"'{text}" if text.lstrip(" ").startswith(RUNS) else text

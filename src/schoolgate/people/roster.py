"""Reads a plain CSV list of adults, one row a place at one school. Pure: no database, no clock.

    external_id,given,family,email,category,job_title,employer,starts_on,ends_on

Headings may be in any order and any case. A file that cannot be read as such a list is refused whole, with BadInput; a row that
cannot be used is listed with its line and what to do, and the other rows go on. Accepted rows and listed rows add up to the rows read.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO

from schoolgate.common.errors import BadInput

COLUMNS = ("external_id", "given", "family", "email", "category", "job_title", "employer", "starts_on", "ends_on")
NEEDED = ("external_id", "given", "family", "category")
LONGEST = {"external_id": 100, "given": 100, "family": 100, "email": 254, "job_title": 120, "employer": 200}
MOST_BYTES = 20_000_000
LONGEST_LINE = 20_000
"""Bytes in one line: far more than the longest row of nine fields."""

CATEGORIES = {
    "employee": "employee", "staff": "employee", "employed": "employee",
    "governor": "governor", "trustee": "governor", "governor or trustee": "governor",
    "supply": "supply", "supply staff": "supply", "agency": "supply",
    "trainee": "trainee", "student teacher": "trainee",
    "volunteer": "volunteer",
    "contractor": "contractor", "contractor's worker": "contractor",
}  # fmt: skip
"""What a file may call a category, in lower case, and the key it is kept by (people.models.Category)."""

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})\Z", re.ASCII)
_BRITISH = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})\Z", re.ASCII)
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>.]+(\.[^@\s,;<>.]+)+\Z")
_UNPRINTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufffd]")
_SAVE_AS = "Open it in your spreadsheet program and save it as “CSV UTF-8”."
_SIGNS = {b"PK\x03\x04": "an Excel workbook or a zip file", b"\xd0\xcf\x11\xe0": "an old Excel workbook", b"%PDF": "a PDF"}


@dataclass(frozen=True, slots=True)
class Row:
    """One usable row. `line` is where it stands in the file, counted from 1. An empty text or date was not given."""

    line: int
    external_id: str
    given: str
    family: str
    category: str
    email: str = ""
    job_title: str = ""
    employer: str = ""
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A row that was not taken, with what to do about it. `category` is empty where it could not be read."""

    line: int
    reason: str
    category: str = ""


@dataclass(slots=True)
class Roster:
    """A file as read: `rows` and `listed` add up to `rows_in`."""

    rows: list[Row] = field(default_factory=list)
    listed: list[Listed] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    rows_in: int = 0


def read(file: BinaryIO, name: str = "The file") -> Roster:
    """Read a roster from an open binary file, a line at a time. BadInput when the file as a whole cannot be used."""
    counted = _Counted(name)
    reader = csv.reader(_first(counted.lines(file), counted), delimiter=counted.delimiter, strict=True)
    roster = Roster()
    try:
        header = _header(next(reader, []), name, roster)
        for cells in reader:
            if any(cell.strip() for cell in cells):
                _take(cells, header, reader.line_num, roster)
    except csv.Error as fault:
        raise BadInput(f"{name}, line {reader.line_num or 1}: the quotation marks or line ends are wrong ({fault}). {_SAVE_AS}") from fault
    if not roster.rows_in:
        raise BadInput(f"{name} has headings but no people. Add one row for each person and try again.")
    _refuse_duplicates(roster)
    return roster


class _Counted:
    """Where reading stands: bytes so far, and the delimiter the first line uses."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.delimiter = ","
        self.bytes = 0

    def lines(self, file: BinaryIO) -> Iterator[str]:
        """The lines as text; BadInput with the line number for what is no text in UTF-8, too long or too much."""
        number = 0
        while raw := file.readline(LONGEST_LINE + 1):
            number += 1
            self.bytes += len(raw)
            self._check(raw, number)
            try:
                yield raw.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError as fault:
                raise BadInput(f"{self.name}, line {number}: a letter is not written in UTF-8. {_SAVE_AS}") from fault

    def _check(self, raw: bytes, number: int) -> None:
        if number == 1:
            sign = next((meaning for start, meaning in _SIGNS.items() if raw.startswith(start)), "")
            if sign:
                raise BadInput(f"{self.name} is {sign}, not a CSV file. {_SAVE_AS}")
            if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
                raise BadInput(f"{self.name}, line 1: the file is written in UTF-16, not UTF-8. {_SAVE_AS}")
        if b"\x00" in raw:
            raise BadInput(f"{self.name}, line {number}: this is not a text file. {_SAVE_AS}")
        if len(raw) > LONGEST_LINE:
            raise BadInput(f"{self.name}, line {number}: the line is longer than {LONGEST_LINE:,} letters. {_SAVE_AS}")
        if self.bytes > MOST_BYTES:
            raise BadInput(
                f"{self.name} is larger than {MOST_BYTES // 1_000_000} MB. A list of people is smaller: check that it is the right file."
            )


def _first(lines: Iterator[str], counted: _Counted) -> Iterator[str]:
    """The same lines, after looking at the first for the delimiter. Spreadsheets of other languages write semicolons."""
    first = next(lines, None)
    if first is None or not first.strip():
        rest = first is not None and any(line.strip() for line in lines)
        said = "line 1: the headings are missing; the first line must name the columns" if rest else "is empty"
        raise BadInput(f"{counted.name}{',' if rest else ''} {said}. Start with the line: {','.join(COLUMNS)}")
    counted.delimiter = max(",;\t", key=first.count) if "," not in first else ","
    return _chain(first, lines)


def _chain(first: str, rest: Iterable[str]) -> Iterator[str]:
    yield first
    yield from rest


def _header(cells: list[str], name: str, roster: Roster) -> list[str]:
    """The column each cell belongs to, "" for one that is not read. BadInput when a needed column is missing or named twice."""
    header = [re.sub(r"[\s_-]+", "_", cell.strip().lower()) for cell in cells]
    missing = [column for column in NEEDED if column not in header]
    if missing:
        needed = ", ".join(missing)
        raise BadInput(f"{name}, line 1: the heading is missing for {needed}. Start with the line: {','.join(COLUMNS)}")
    twice = sorted({column for column in header if column in COLUMNS and header.count(column) > 1})
    if twice:
        raise BadInput(f"{name}, line 1: the heading {twice[0]} is there twice. Take one of the two columns out.")
    unknown = [cell.strip() for cell, column in zip(cells, header, strict=True) if column not in COLUMNS and cell.strip()]
    if unknown:
        roster.warnings.append(f"Columns that were not read: {', '.join(unknown)}.")
    return [column if column in COLUMNS else "" for column in header]


def _take(cells: list[str], header: list[str], line: int, roster: Roster) -> None:
    """Put one line among the rows, or among the listed with the reason."""
    roster.rows_in += 1
    while len(cells) > len(header) and not cells[-1].strip():
        cells.pop()  # spreadsheets fill short rows up with empty cells
    given = dict.fromkeys(COLUMNS, "") | {column: cell.strip() for column, cell in zip(header, cells, strict=False) if column}
    category = CATEGORIES.get(given["category"].lower().replace("’", "'"), "")
    try:
        if len(cells) != len(header):
            said = f"there are {len(cells)} fields where the headings name {len(header)}"
            raise BadInput(f"{said}. Put quotation marks around a text with a comma in it.")
        roster.rows.append(_row(given, category, line))
    except BadInput as fault:
        roster.listed.append(Listed(line, f"Line {line}: {fault.sentence}", category))


def _row(given: dict[str, str], category: str, line: int) -> Row:
    """A usable row, or BadInput with what to do."""
    for column, text in given.items():
        if _UNPRINTED.search(text):
            raise BadInput(f"{column} holds a character that cannot be printed. Type the text again.")
        if len(text) > LONGEST.get(column, LONGEST_LINE):
            raise BadInput(f"{column} is longer than {LONGEST[column]} letters. Shorten it.")
    if not given["external_id"]:
        raise BadInput("external_id is empty. Give each person the number your staff system knows them by.")
    if not given["given"] and not given["family"]:
        raise BadInput("the name is empty. Fill in given and family.")
    if not category:
        said = f"“{given['category']}” is no category" if given["category"] else "category is empty"
        raise BadInput(f"{said}. Use employee, governor, supply, trainee, volunteer or contractor.")
    if given["email"] and not _EMAIL.match(given["email"]):
        raise BadInput(f"“{given['email']}” is not an e-mail address. Mend it or leave it empty.")
    starts_on, ends_on = day_of(given["starts_on"], "starts_on"), day_of(given["ends_on"], "ends_on")
    if starts_on and ends_on and ends_on < starts_on:
        raise BadInput(f"ends_on ({given['ends_on']}) is before starts_on ({given['starts_on']}). Check both dates.")
    return Row(
        line, given["external_id"], given["given"], given["family"], category,
        given["email"].lower(), given["job_title"], given["employer"], starts_on, ends_on,
    )  # fmt: skip


def day_of(text: str, column: str) -> date | None:
    """A date written as 2026-09-01 or 01/09/2026, None when empty, BadInput for anything else."""
    if not text:
        return None
    iso, british = _ISO.match(text), _BRITISH.match(text)
    parts = iso.groups() if iso else british.groups()[::-1] if british else None
    try:
        if parts and 1900 <= int(parts[0]) <= 2200:
            return date(*(int(part) for part in parts))
    except ValueError:
        pass  # a day that is not in the calendar gets the same answer
    raise BadInput(f"{column} “{text}” is not a date. Write it as 2026-09-01 or 01/09/2026.")


def _refuse_duplicates(roster: Roster) -> None:
    """List every row of a number that is given twice in one category, or to two people: nobody can say which of them is right.

    One person may be in two categories, such as a teacher who is also a governor, with the same name in both.
    """
    by_id: dict[str, list[Row]] = defaultdict(list)
    for row in roster.rows:
        by_id[row.external_id].append(row)
    wrong: dict[int, str] = {}
    for external_id, rows in by_id.items():
        if len(rows) == 1:
            continue
        lines = " and ".join(str(row.line) for row in rows) if len(rows) < 4 else f"{rows[0].line}, {rows[1].line} and {len(rows) - 2} more"
        if len({(row.given, row.family, row.email) for row in rows}) > 1:
            said = f"external_id {external_id} is given to different people on lines {lines}. Give each person their own."
        elif len({row.category for row in rows}) < len(rows):
            said = f"external_id {external_id} is there more than once, on lines {lines}. Keep one of them."
        else:
            continue
        wrong |= {row.line: said for row in rows}
    roster.listed += [Listed(row.line, f"Line {row.line}: {wrong[row.line]}", row.category) for row in roster.rows if row.line in wrong]
    roster.listed.sort(key=lambda listed: listed.line)
    roster.rows = [row for row in roster.rows if row.line not in wrong]

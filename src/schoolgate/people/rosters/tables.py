"""Folders, zip files and single files of comma-separated rows, read a line at a time and never further than a roster can be long."""

import csv
import re
import zipfile
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from schoolgate.common.errors import BadInput

MOST_BYTES = 200_000_000
"""Bytes in all files together, unpacked: ten times a trust of 60 schools."""

MOST_RATIO = 200
MOST_FILES = 100
LONGEST_LINE = 20_000
_SAVE_AS = "Export it again as CSV in UTF-8."
_DATED = re.compile(r"[^a-z0-9]")

ZIP = b"PK\x03\x04"

Opener = Callable[[], BinaryIO]


@dataclass(frozen=True, slots=True)
class Files:
    """The CSV files of one roster by their names in lower case, ``.csv`` left off."""

    name: str
    openers: Mapping[str, Opener]

    def __contains__(self, table: str) -> bool:
        return table in self.openers


@dataclass(frozen=True, slots=True)
class Table:
    """One file: the place of each column that was asked for, and its rows with the lines they stand on."""

    name: str
    places: Mapping[str, int]
    width: int
    rows: Iterator[tuple[int, list[str]]]

    def getter(self, column: str) -> Callable[[Sequence[str]], str]:
        """Reads one column of a row; a column the file does not have reads as empty."""
        place = self.places.get(column)
        return (lambda cells: cells[place].strip() if place < len(cells) else "") if place is not None else (lambda cells: "")


def open_files(path: Path) -> Files:
    """The CSV files of a folder, a zip or one file alone. BadInput where there is none or they are too many or too large."""
    if path.is_dir():
        found = {one.stem.lower(): _file_opener(one) for one in sorted(path.iterdir()) if one.suffix.lower() == ".csv"}
        return _checked(Files(path.name, found))
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except OSError as fault:
        raise BadInput(f"{path} cannot be read ({(fault.strerror or 'unknown reason').lower()}). Check the path and try again.") from fault
    if start == ZIP:
        return files_in_zip(path.read_bytes() if path.stat().st_size <= MOST_BYTES else b"", path.name)
    return Files(path.name, {path.stem.lower(): _file_opener(path)})


def is_roster(path: Path) -> bool:
    """Whether a path is a folder or a zip, as rosters of several files are; a list of adults is one CSV file."""
    if path.is_dir():
        return True
    try:
        with path.open("rb") as file:
            return file.read(4) == ZIP
    except OSError:
        return False  # whoever reads it next says why


def _file_opener(path: Path) -> Opener:
    return lambda: path.open("rb")


def files_in_zip(data: bytes, name: str) -> Files:
    """The CSV files in a zip, at its top or in one folder. A zip that is damaged, locked or a bomb is refused with BadInput."""
    try:
        archive = zipfile.ZipFile(BytesIO(data))
        members = [
            member
            for member in archive.infolist()
            if member.filename.lower().endswith(".csv") and "__macosx" not in member.filename.lower()
        ]
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as fault:
        raise BadInput(
            f"{name} is not a zip file we can open. Export the roster again, "
            "or open the list in your spreadsheet program and save it as “CSV UTF-8”."
        ) from fault
    for member in members:
        if member.flag_bits & 1:
            raise BadInput(f"{name} is locked with a password. Export the roster without one.")
        if member.file_size > MOST_RATIO * max(member.compress_size, 1) and member.file_size > 1_000_000:
            raise BadInput(f"{name} was refused: {member.filename} unpacks to far more than a roster holds. Export the roster again.")
    if sum(member.file_size for member in members) > MOST_BYTES:
        raise BadInput(f"{name} unpacks to more than {MOST_BYTES // 1_000_000} MB. Export one year of the roster only.")
    found = {Path(member.filename).stem.lower(): _member_opener(archive, member) for member in members}
    if len(found) < len(members):
        raise BadInput(f"{name} holds two files of one name. Put one roster into a zip.")
    return _checked(Files(name, found))


def _member_opener(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Opener:
    return lambda: archive.open(member)  # type: ignore[return-value]


def _checked(files: Files) -> Files:
    if not files.openers:
        raise BadInput(
            f"{files.name} holds no CSV file (an Excel workbook is not one). Choose the folder or zip that your system exported."
        )
    if len(files.openers) > MOST_FILES:
        raise BadInput(f"{files.name} holds {len(files.openers)} CSV files, more than a roster has. Choose the folder of one export.")
    return files


def plain_name(heading: str) -> str:
    """A heading as it is compared: small letters and digits only, so that "SIS ID", "sisId" and "Sis_Id" are one."""
    return _DATED.sub("", heading.lower())


def open_table(files: Files, table: str, columns: Mapping[str, Sequence[str]], needed: Sequence[str] = ()) -> Table:
    """A file ready to be read. ``columns`` gives each column's possible headings; BadInput when one that is needed is missing."""
    name, opener = f"{table}.csv", files.openers[table]
    with closing(_cells(opener, name)) as rows:
        header = [plain_name(cell) for cell in next(rows, (1, []))[1]]
    places: dict[str, int] = {}
    for column, headings in columns.items():
        known = [plain_name(heading) for heading in headings]
        at = next((header.index(heading) for heading in known if heading in header), None)
        if at is not None:
            places[column] = at
        elif column in needed:
            raise BadInput(f"{name}, line 1: the heading {headings[0]} is missing. {_SAVE_AS}")
    return Table(name, places, len(header), islice(_cells(opener, name), 1, None))


def _cells(opener: Opener, name: str) -> Generator[tuple[int, list[str]], None, None]:
    """The rows of a file that hold something, each with its line. The file is closed at the end, or when nobody reads on."""
    with opener() as file:
        reader = csv.reader(_lines(file, name), strict=True)
        try:
            for cells in reader:
                if any(cells):
                    yield reader.line_num, cells
        except csv.Error as fault:
            said = f"{name}, line {reader.line_num or 1}: the quotation marks or line ends are wrong ({fault})."
            raise BadInput(f"{said} {_SAVE_AS}") from fault


def _lines(file: BinaryIO, name: str) -> Iterator[str]:
    """The lines as text; BadInput with the line number for what is no text in UTF-8, or too long."""
    number = total = 0
    while raw := file.readline(LONGEST_LINE + 1):
        number += 1
        total += len(raw)
        if len(raw) > LONGEST_LINE:
            raise BadInput(f"{name}, line {number}: the line is longer than {LONGEST_LINE:,} letters. {_SAVE_AS}")
        if b"\x00" in raw or total > MOST_BYTES:
            raise BadInput(f"{name}, line {number}: this is not a list of people in UTF-8, or it is far too long. {_SAVE_AS}")
        try:
            yield raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as fault:
            raise BadInput(f"{name}, line {number}: a letter is not written in UTF-8. {_SAVE_AS}") from fault

"""Guards for the zipped formats (docx, odt): nothing is unpacked before its size, number and kind are known to be reasonable."""

import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from schoolgate.policytext.errors import Unreadable

MOST_ENTRIES = 2_000
MOST_UNPACKED = 150 * 1024 * 1024
MOST_RATIO = 200
RATIO_FROM = 1024 * 1024
_NESTED = re.compile(r"\.(?:zip|7z|rar|gz|tgz|bz2|xz|jar|tar)$", re.IGNORECASE)
_DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Archive:
    """The parts of a zipped document that passed the guards, read one at a time."""

    name: str
    handle: zipfile.ZipFile

    def has(self, part: str) -> bool:
        """Whether the archive holds the part."""
        return part in self.handle.NameToInfo

    def names(self) -> list[str]:
        """The names of all parts, in order."""
        return sorted(self.handle.NameToInfo)

    def xml(self, part: str) -> bytes:
        """One XML part. Raises Unreadable when it is damaged or declares entities, which no office program writes."""
        data = self.part(part)
        plain = data.replace(b"\x00", b"") if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in data[:64] else data
        if _DOCTYPE.search(plain):
            raise Unreadable(
                f"{self.name} was refused: its part {part} declares XML entities, which no policy needs. Save it again in Word."
            )
        return data

    def tree(self, part: str, renamed: Sequence[tuple[bytes, bytes]] = ()) -> etree._Element:
        """One XML part as a tree, with the names in ``renamed`` exchanged for others before it is parsed.

        Raises Unreadable when it is not well formed, MemoryError when it does not fit.
        """
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
        )
        data = self.xml(part)
        for old, new in renamed:
            data = data.replace(old, new)
        try:
            return etree.fromstring(data, parser)
        except etree.XMLSyntaxError as problem:
            if problem.code == etree.ErrorTypes.ERR_NO_MEMORY:
                raise MemoryError from problem
            raise Unreadable(f"{self.name} is damaged: its part {part} is not well formed. Open it and save it again.") from problem

    def part(self, part: str) -> bytes:
        """The bytes of one part. Raises Unreadable when it is missing or damaged."""
        try:
            with self.handle.open(part) as stream:
                data = stream.read(MOST_UNPACKED + 1)
        except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, OSError) as problem:
            raise Unreadable(f"{self.name} is damaged: its part {part} cannot be read. Open it in Word and save it again.") from problem
        if len(data) > MOST_UNPACKED:
            raise Unreadable(f"{self.name} was refused: its part {part} unpacks to more than {MOST_UNPACKED // 2**20} MB.")
        return data


def open_archive(data: bytes, name: str) -> Archive:
    """Open a zipped document after checking what it would unpack to. Raises Unreadable for a bomb, a lock or damage."""
    try:
        handle = zipfile.ZipFile(io.BytesIO(data))
        entries = handle.infolist()
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, NotImplementedError) as problem:
        raise Unreadable(f"{name} is damaged or cut short: its zip wrapper cannot be opened. Fetch the file again and retry.") from problem
    if len(entries) > MOST_ENTRIES:
        raise Unreadable(f"{name} was refused: it holds {len(entries)} parts, more than {MOST_ENTRIES}. Save it again in Word.")
    if len({entry.filename for entry in entries}) != len(entries):
        raise Unreadable(f"{name} was refused: two of its parts have the same name. Save it again in Word.")
    _check_sizes(entries, name)
    _check_overlap(entries, name)
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise Unreadable(f"{name} is locked with a password. Remove the password and save it again.")
        if _NESTED.search(entry.filename):
            raise Unreadable(f"{name} was refused: it holds another archive, {entry.filename}. Remove it and save again.")
    return Archive(name, handle)


def _check_sizes(entries: list[zipfile.ZipInfo], name: str) -> None:
    total = sum(entry.file_size for entry in entries)
    if total > MOST_UNPACKED:
        raise Unreadable(
            f"{name} was refused: it would unpack to {total // 2**20} MB, more than {MOST_UNPACKED // 2**20} MB. "
            "Remove its pictures and save it again."
        )
    for entry in entries:
        if entry.file_size > RATIO_FROM and entry.file_size > MOST_RATIO * max(entry.compress_size, 1):
            raise Unreadable(f"{name} was refused: its part {entry.filename} is packed suspiciously tightly. Save it again in Word.")


def _check_overlap(entries: list[zipfile.ZipInfo], name: str) -> None:
    """Parts that share bytes are the mark of a bomb; this Python does not check for them itself."""
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise Unreadable(f"{name} was refused: its parts overlap one another. Save it again in Word.")
        end = entry.header_offset + 30 + len(entry.filename.encode("utf-8", "replace")) + entry.compress_size

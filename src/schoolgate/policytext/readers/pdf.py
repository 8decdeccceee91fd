"""PDF into blocks: text page by page, running headers and footers set aside, lines joined into paragraphs."""

import io
import re
from collections import Counter

from pypdf import PdfReader
from pypdf.errors import DependencyError, PyPdfError

from schoolgate.policytext.blocks import Block
from schoolgate.policytext.errors import Unreadable
from schoolgate.policytext.readers import plain
from schoolgate.policytext.readers.plain import Line

MOST_PAGES = 300
_EDGE = 3
_PAGE_NUMBER = re.compile(r"^(?:page\s*)?(?:[-–|]\s*)?\d{1,3}(?:\s*(?:of|/)\s*\d{1,3})?(?:\s*[-–|])?$|^page\s*\|?\s*\d+", re.IGNORECASE)


def read(data: bytes, name: str) -> tuple[list[Block], int | None]:
    """The blocks of a PDF and how many pages it has. Raises Unreadable when it is locked, damaged, too long or only pictures."""
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable(f"{name} is locked with a password. Remove the password and save it again.")
        count = len(reader.pages)
        if count > MOST_PAGES:
            raise Unreadable(f"{name} has {count} pages, more than the {MOST_PAGES} we read. Give only the pages of the policy.")
        pages = [plain.lines_of(page.extract_text(), number) for number, page in enumerate(reader.pages, 1)]
    except DependencyError as problem:
        raise Unreadable(f"{name} is locked in a way we cannot open. Remove the password and save it again.") from problem
    except (
        PyPdfError,
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
        RecursionError,
        OSError,
        ZeroDivisionError,
        AssertionError,
    ) as problem:
        raise Unreadable(f"{name} is damaged or cut short and cannot be read as PDF. Fetch the file again and retry.") from problem
    if sum(len(line.text) for page in pages for line in page) < 20:
        raise Unreadable(
            f"{name} has no text in its {count} pages, only pictures of it (a scan). Give the original, or run text recognition on it."
        )
    return _blocks(pages), count


def _blocks(pages: list[list[Line]]) -> list[Block]:
    running = _running(pages)
    kept: list[Line] = []
    furniture: dict[str, Block] = {}
    for page in pages:
        for place, line in enumerate(page):
            edge = place < _EDGE or place >= len(page) - _EDGE
            if edge and (_PAGE_NUMBER.match(line.text) or _shape(line.text) in running):
                furniture.setdefault(_shape(line.text), Block("furniture", line.text, page=line.page))
            else:
                kept.append(line)
    return [*plain.blocks_from(plain.unwrap(kept)), *furniture.values()]


def _shape(text: str) -> str:
    return re.sub(r"\d+", "#", " ".join(text.split())).lower()


def _running(pages: list[list[Line]]) -> set[str]:
    """Lines that stand at the top or foot of many pages."""
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({_shape(line.text) for line in (*page[:_EDGE], *page[-_EDGE:])})
    return {text for text, times in seen.items() if times >= max(3, 0.4 * len(pages))}

"""Rich Text Format into blocks."""

from striprtf.striprtf import rtf_to_text

from schoolgate.policytext.blocks import Block
from schoolgate.policytext.errors import Unreadable
from schoolgate.policytext.readers import plain


def read(data: bytes, name: str) -> tuple[list[Block], int | None]:
    """The blocks of an RTF file. Word writes its bullets and numbers into the text of the file, so they are read as printed."""
    if not data.rstrip(b"\x00 \r\n\t").endswith(b"}"):
        raise Unreadable(f"{name} is cut short: it does not end as an RTF file does. Fetch the file again and retry.")
    try:
        text = rtf_to_text(data.decode("latin-1"), encoding="cp1252", errors="replace")
    except (ValueError, IndexError, KeyError, UnicodeError, LookupError) as problem:
        raise Unreadable(f"{name} is damaged and cannot be read as RTF. Open it in Word and save it as docx.") from problem
    return plain.blocks_from(plain.lines_of(text)), None

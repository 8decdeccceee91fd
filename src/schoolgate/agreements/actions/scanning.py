"""Scans of paper forms, judged by their content: a picture is drawn anew without what it carried along, a PDF is kept byte for byte.

Nothing of them is ever shown inside a page: they are handed out as downloads. Pure.
"""

import hashlib
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from schoolgate.common.errors import BadInput

MOST_BYTES = 10 * 2**20
MOST_PIXELS = 60_000_000
MOST_SIDE = 3_000
"""A page scanned at 250 dots an inch; more shows nothing more of a signature."""

PDF, JPEG = "application/pdf", "image/jpeg"
SUFFIX = {PDF: "pdf", JPEG: "jpg"}
FIELD = "scan"
WHAT_WE_TAKE = "Choose a photograph (JPEG or PNG) or a PDF of the signed form."


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is kept of a file."""

    media_type: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def checked(content: bytes) -> Evidence:
    """What may be kept of these bytes. BadInput says what is wrong with them and what to do."""
    if not content:
        raise BadInput(f"The file is empty. {WHAT_WE_TAKE}", FIELD)
    if len(content) > MOST_BYTES:
        raise BadInput(f"The file is larger than {MOST_BYTES // 2**20} MB. Scan it again with fewer dots an inch.", FIELD)
    if content.startswith(b"%PDF-"):
        if b"%%EOF" not in content[-2048:]:
            raise BadInput("The PDF is cut off: its end is missing. Scan the form again.", FIELD)
        return Evidence(PDF, content)
    return _drawn_anew(content)


ENDS = {b"\x89PNG": b"IEND", b"\xff\xd8\xff": b"\xff\xd9"}
"""How a whole PNG and a whole JPEG begin and end. Pillow cannot be trusted to refuse a torn one: drawing PDFs turns that off."""


def _is_torn(content: bytes) -> bool:
    end = next((end for start, end in ENDS.items() if content.startswith(start)), None)
    return end is not None and end not in content[-1024:]


def _drawn_anew(content: bytes) -> Evidence:
    try:
        if _is_torn(content):
            raise ValueError("the end of the picture is missing")
        with Image.open(BytesIO(content), formats=("PNG", "JPEG")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise BadInput("The picture has too many dots. Scan it again with fewer dots an inch.", FIELD)
            picture.thumbnail((MOST_SIDE, MOST_SIDE))
            kept = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise BadInput(f"The file is neither a whole picture nor a PDF. {WHAT_WE_TAKE}", FIELD) from None
    plain = Image.new("RGB", kept.size)
    plain.paste(kept)
    drawn = BytesIO()
    plain.save(drawn, "JPEG", quality=85)
    return Evidence(JPEG, drawn.getvalue())

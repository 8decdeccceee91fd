"""Pictures of the pages of a PDF, for a person to see beside what was read of it."""

import io

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from schoolgate.policytext.errors import Unreadable
from schoolgate.policytext.model import Picture
from schoolgate.policytext.readers.pdf.pages import frame_of, opened

MOST_PICTURES = 200
_TALLEST = 6  # times the width; a longer page is made smaller
_COLOURS = 32
_WHITE = 240  # choosing few colours dulls the paper; from here up it is white again
_LARGEST = 120_000
_QUALITIES = (40, 20, 5)


def pictures(data: bytes, name: str, width: int) -> tuple[Picture, ...]:
    """One picture a page, ``width`` points wide, of at most the first 200 pages. Raises Unreadable as reading the file does."""
    with opened(data, name) as document:
        return tuple(_picture(document, index, width, name) for index in range(min(len(document), MOST_PICTURES)))


def _picture(document: pypdfium2.PdfDocument, index: int, width: int, name: str) -> Picture:
    page = pdfium.FPDF_LoadPage(document, index)
    if not page:
        raise Unreadable(f"{name} is damaged: its page {index + 1} cannot be shown. Fetch the file again and retry.")
    try:
        frame = frame_of(page)
        wide, high = frame.size(frame.shown)
        scale = min(width / wide, _TALLEST * width / high)
        image = _drawn(page, max(1, round(wide * scale)), max(1, round(high * scale)))
    finally:
        pdfium.FPDF_ClosePage(page)
    media_type, packed = _packed(image)
    return Picture(index + 1, media_type, packed, image.width, image.height)


def _drawn(page: pdfium.FPDF_PAGE, width: int, height: int) -> Image.Image:
    bitmap = pypdfium2.PdfBitmap.new_native(width, height, pdfium.FPDFBitmap_BGR)
    bitmap.fill_rect((255, 255, 255, 255), 0, 0, width, height)
    pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, pdfium.FPDF_ANNOT)
    return bitmap.to_pil().convert("RGB")


def _packed(image: Image.Image) -> tuple[str, bytes]:
    """PNG in few colours, which keeps text sharp and small; WebP for pages that are mostly photograph."""
    few = image.quantize(_COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.putpalette([255 if tone >= _WHITE else tone for tone in few.getpalette() or []])
    packed = _saved(few, "PNG")
    if len(packed) <= _LARGEST:
        return "image/png", packed
    for quality in _QUALITIES:
        packed = _saved(image, "WEBP", quality=quality, method=2)
        if len(packed) <= _LARGEST:
            break
    return "image/webp", packed


def _saved(image: Image.Image, kind: str, **options: int) -> bytes:
    held = io.BytesIO()
    image.save(held, kind, **options)
    return held.getvalue()

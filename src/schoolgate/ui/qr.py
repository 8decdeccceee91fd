"""QR codes drawn by the server as SVG: black on white whatever the page around them, so that every phone reads them."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

QUIET = 4
"""Empty modules around the code, as ISO/IEC 18004 asks for."""


def svg(text: str, title: str) -> SafeString:
    """The QR code of a text. `title` is what a screen reader says of it."""
    code: QRCode = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return format_html(
        '<svg class="sg-qr" viewBox="0 0 {side} {side}" role="img" aria-label="{title}" shape-rendering="crispEdges">'
        '<rect width="{side}" height="{side}" fill="#fff"/><path d="{path}" fill="#000"/></svg>',
        side=len(rows), title=title, path=path,
    )  # fmt: skip

"""QR codes: every module that should be dark is drawn, with its empty border, and a name for who cannot see it."""

import re

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

from schoolgate.ui import qr

ADDRESS = "https://gate.example.org/agreements/link/ABCDE-FGHJK-MNPQR-STVWX/"


def drawn(svg: str) -> set[tuple[int, int]]:
    return {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", svg)}


def test_what_is_drawn_is_the_code_of_the_address():
    code = QRCode(error_correction=ERROR_CORRECT_M, border=4)
    code.add_data(ADDRESS)
    code.make(fit=True)
    rows = code.get_matrix()
    dark = {(x, y) for y, row in enumerate(rows) for x, one in enumerate(row) if one}
    svg = qr.svg(ADDRESS, "Sign here")
    assert drawn(svg) == dark
    assert f'viewBox="0 0 {len(rows)} {len(rows)}"' in svg
    assert min(x for x, _ in dark) == min(y for _, y in dark) == 4
    for x, y in ((4, 4), (len(rows) - 11, 4), (4, len(rows) - 11)):  # the three corners a phone looks for
        assert {(x + step, y) for step in range(7)} <= dark


def test_it_has_a_name_and_nothing_of_the_title_can_break_out():
    svg = qr.svg(ADDRESS, '"><script>')
    assert 'role="img"' in svg
    assert "<script" not in svg
    assert drawn(qr.svg("another", "x")) != drawn(svg)

"""Pieces beside each other joined into stretches of a line, with the spaces the file forgot or put in too many."""

import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from statistics import median

from schoolgate.policytext.readers.pdf.letters import SOFT
from schoolgate.policytext.readers.pdf.shapes import Line, Piece

_WORD_GAP = 0.15
_STRETCH_GAP = 1.1
_SAME_LINE = 0.35
_CLEAR = 0.45
_WIDER = 1.6
_ALIGNED = 3.0  # points within which edges count as one
_FEWEST_ALIGNED = 3
_LETTERED = 0.6
_FEWEST_LETTERED = 6
_FEWEST_EVEN = 2
_GOOD_PART = 0.2


def stretches(pieces: Iterable[Piece], page: int) -> list[Line]:
    """The pieces of a page, or of a cell, as stretches of text without a wide gap, from the top and from the left."""
    rows = rows_of(pieces)
    wide = [_after_wide_gaps(row) for row in rows]
    starts = Counter(place for row in wide for place in {round(piece.left / _ALIGNED) for piece in row})
    aligned = {id(piece) for row in wide for piece in row if _together(starts, round(piece.left / _ALIGNED)) >= _FEWEST_ALIGNED}
    return [line for row in rows for line in _divided(row, aligned, page)]


def _together(starts: Counter[int], place: int) -> int:
    return starts[place] + max(starts[place - 1], starts[place + 1])


def _after_wide_gaps(row: list[Piece]) -> list[Piece]:
    """Pieces after a gap that is plainly wider than the other spaces of its level: where several stand under each other, cells begin."""
    gaps = [piece.left - last.right for last, piece in pairwise(row)]
    if len(gaps) < 2:
        return []
    usual = median(gap for gap in gaps if gap > 0) if any(gap > 0 for gap in gaps) else 0.0
    return [piece for gap, piece in zip(gaps, row[1:], strict=True) if gap > max(_CLEAR * piece.size, _WIDER * usual)]


def rows_of(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """Pieces that stand on one level, from the left; the levels from the top."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: (piece.base, piece.left)):
        near = next(
            (row for row in reversed(rows[-4:]) if abs(row[0].base - piece.base) <= _SAME_LINE * min(row[0].size, piece.size)), None
        )
        if near is None:
            rows.append([piece])
        else:
            near.append(piece)
    return [_once(sorted(row, key=lambda piece: piece.left)) for row in rows]


def _once(row: list[Piece]) -> list[Piece]:
    """A piece printed twice over itself, as a shadow or to look bold, is read once."""
    kept = row[:1]
    for last, piece in pairwise(row):
        if piece.text != last.text or abs(piece.left - last.left) > 0.25 * piece.size:
            kept.append(piece)
    return kept


def _divided(row: list[Piece], aligned: set[int], page: int) -> list[Line]:
    """A level cut where a gap is wider than any space between words."""
    groups: list[list[Piece]] = [row[:1]]
    lettered = _is_lettered(row)
    for last, piece in pairwise(row):
        room = piece.left - max(one.right for one in groups[-1][-3:])
        wide = _STRETCH_GAP * max(last.size, piece.size) * (2 if lettered else 1)
        if room > wide or (id(piece) in aligned and not lettered) or _dots(last.text) != _dots(piece.text):
            groups.append([])
        groups[-1].append(piece)
    return [line_of(group, page) for group in groups]


def _dots(text: str) -> bool:
    return len(text) > 3 and not text.strip("._…")


def line_of(pieces: list[Piece], page: int) -> Line:
    """One stretch of text made of its pieces."""
    text, marks = _text(pieces)
    big = _main(pieces)
    letters = [piece for piece in pieces if any(map(str.isalnum, piece.text))] or pieces
    left, right = pieces[0].left, max(piece.right for piece in pieces)
    first = next((index for index in range(1, len(pieces)) if pieces[index].spaced), len(pieces))
    return Line(
        text,
        left,
        right,
        min(piece.top for piece in pieces),
        max(piece.bottom for piece in pieces),
        big.base,
        big.size,
        page,
        all(piece.bold for piece in letters),
        next((piece.tag for piece in pieces if piece.tag), None),
        [(text, left, right)],
        marks,
        pieces[first - 1].right - left,
        pieces[first].left if first < len(pieces) else right,
    )


def _main(pieces: list[Piece]) -> Piece:
    """A piece with the size the line is set in: the biggest that a good part of its letters have."""
    letters: Counter[float] = Counter()
    for piece in pieces:
        letters[round(piece.size, 1)] += len(piece.text) if not piece.raised else 0
    least = _GOOD_PART * letters.total()
    size = max((size for size, count in letters.items() if count >= least), default=0.0)
    return next((piece for piece in pieces if round(piece.size, 1) == size and not piece.raised), pieces[0])


def joined(parts: list[Line]) -> Line:
    """Stretches of one level and column, from the left, as one line."""
    if len(parts) == 1:
        return parts[0]
    big = max(parts, key=lambda part: len(part.text))
    return Line(
        " ".join(part.text for part in parts),
        parts[0].left,
        max(part.right for part in parts),
        min(part.top for part in parts),
        max(part.bottom for part in parts),
        big.base,
        big.size,
        big.page,
        all(part.bold for part in parts if any(map(str.isalnum, part.text))),
        next((part.tag for part in parts if part.tag), None),
        _cells(parts),
        [mark for part in parts for mark in part.marks],
        parts[0].first_word,
        parts[0].second if " " in parts[0].text else parts[1].left,
    )


def _cells(parts: list[Line]) -> list[tuple[str, float, float]]:
    """The stretches of a line; but words driven apart evenly, to fill a narrow column, are one."""
    gaps = [part.left - last.right for last, part in pairwise(parts)]
    words = len(gaps) >= _FEWEST_EVEN and all(part.text.count(" ") < 2 for part in parts)
    if words and max(gaps) < min(2 * min(gaps), 3 * parts[0].size):
        return [(" ".join(part.text for part in parts), parts[0].left, parts[-1].right)]
    return [(part.text, part.left, part.right) for part in parts]


def levels(parts: Iterable[Line]) -> list[Line]:
    """Stretches of one column joined where they stand on one level, from the top."""
    rows: list[list[Line]] = []
    for part in sorted(parts, key=lambda part: (part.base, part.left)):
        if rows and abs(rows[-1][0].base - part.base) <= _SAME_LINE * min(rows[-1][0].size, part.size):
            rows[-1].append(part)
        else:
            rows.append([part])
    return [joined(sorted(row, key=lambda part: part.left)) for row in rows]


def _text(pieces: list[Piece]) -> tuple[str, list[str]]:
    """The words of a stretch and the raised marks in it, which point to notes."""
    if _is_lettered(pieces):
        return _closed_up(pieces), []
    words: list[str] = []
    marks: list[str] = []
    last: Piece | None = None
    for piece in pieces:
        if last is not None and _apart(last, piece):
            words.append(" ")
        if piece.raised and last is not None and re.fullmatch(r"\d{1,3}|[*†‡§]{1,3}", piece.text):
            marks.append(piece.text)
            words.append(f"\x01{piece.text}\x02")
        else:
            words.append(piece.text)
        last = piece
    return _tidy("".join(words)), marks


def _apart(last: Piece, piece: Piece) -> bool:
    if piece.raised:
        return False
    return piece.spaced or piece.left - last.right > _WORD_GAP * min(last.size, piece.size)


def _tidy(text: str) -> str:
    """A hyphen the file marks as its own stands only where it ends a line; others of that kind are not shown."""
    inner = text[:-1].replace("-" + SOFT, "-").replace(SOFT, "") if text.endswith(SOFT) else text.replace("-" + SOFT, "-").replace(SOFT, "")
    return inner + SOFT if text.endswith(SOFT) else inner


def _is_lettered(pieces: list[Piece]) -> bool:
    single = sum(len(piece.text) == 1 and piece.text.isalpha() for piece in pieces)
    return single >= _FEWEST_LETTERED and single >= _LETTERED * len(pieces)


def _closed_up(pieces: list[Piece]) -> str:
    """Words set with space between their letters: parted where the file holds spaces, or where the gap is much wider than the usual one."""
    if 0 < sum(piece.spaced for piece in pieces[1:]) < 0.5 * len(pieces):
        return pieces[0].text + "".join((" " if piece.spaced else "") + piece.text for piece in pieces[1:])
    gaps = [piece.left - last.right for last, piece in pairwise(pieces)]
    usual = max(median(gaps), 0.02 * pieces[0].size)
    parts = [pieces[0].text]
    for gap, piece in zip(gaps, pieces[1:], strict=True):
        parts.append((" " if gap > 1.8 * usual else "") + piece.text)
    return "".join(parts)

"""Two versions of a text, clause by clause: what was kept, reworded, moved, added, removed, and where only dates or names changed."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from schoolgate.policytext.comparing.pairing import Pair, pair_up
from schoolgate.policytext.comparing.pieces import ADDED, REMOVED, SAME, Pieces, only_dates_or_names, ordinary_words, pieces_of
from schoolgate.policytext.comparing.units import Unit, units_of
from schoolgate.policytext.model import Clause

KINDS = ("kept", "moved", "dates_or_names", "reworded", "added", "removed")


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one statement, or of neighbours that were cut differently.

    ``kind`` is one of KINDS: kept (the same words), moved (the same words at another place), dates_or_names (nothing but dates or names
    differ), reworded, added or removed. ``before`` and ``after`` are references in the old and the new text. ``moved`` says that a reworded
    statement changed its place as well. ``lead_in`` marks the words above a list ("Staff must:"), under the reference of its first item.
    ``pieces`` are the words as ("same" | "removed" | "added", words).
    """

    kind: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    moved: bool
    lead_in: bool
    pieces: Pieces

    def as_json(self) -> dict[str, Any]:
        """The change as plain dicts and lists."""
        row = asdict(self)
        return {**row, "before": list(self.before), "after": list(self.after), "pieces": [list(piece) for piece in self.pieces]}


COVER = "cover"
"""The reference of what stands on a cover, which is no clause but may change all the same: a date, a body, a name."""


def cover_of(texts: Iterable[str]) -> tuple[Clause, ...]:
    """The lines of a cover in the shape of clauses, to stand before the clauses of a text that is compared."""
    return tuple(Clause(COVER, (), text, "declares") for text in texts)


def compare(before: Sequence[Clause], after: Sequence[Clause]) -> tuple[Change, ...]:
    """Every change from one text to the next, in the order of the new text; what was removed stands where it stood.

    Case, punctuation, spacing and where a paragraph was cut are not differences: a Word file and its own PDF are the same text.
    """
    old, new = units_of(before), units_of(after)
    pairs = pair_up(old, new)
    moved = _moved(pairs)
    ordinary = ordinary_words(unit.text for unit in (*old, *new))
    return tuple(_change(pair, id(pair) in moved, old, new, ordinary) for pair in _in_order(pairs))


def _change(pair: Pair, moved: bool, old: Sequence[Unit], new: Sequence[Unit], ordinary: frozenset[str]) -> Change:
    olds, news = [old[place] for place in pair.before], [new[place] for place in pair.after]
    was, now = " ".join(unit.text for unit in olds), " ".join(unit.text for unit in news)
    lead_in = all(unit.lead_in for unit in (*olds, *news))
    refs = (tuple(dict.fromkeys(unit.ref for unit in olds)), tuple(dict.fromkeys(unit.ref for unit in news)))
    if not olds:
        return Change("added", *refs, False, lead_in, ((ADDED, now),))
    if not news:
        return Change("removed", *refs, False, lead_in, ((REMOVED, was),))
    pieces = pieces_of(was, now)
    if all(kind == SAME for kind, _ in pieces):
        return Change("moved" if moved else "kept", *refs, moved, lead_in, pieces)
    return Change("dates_or_names" if only_dates_or_names(pieces, ordinary) else "reworded", *refs, moved, lead_in, pieces)


def _moved(pairs: Sequence[Pair]) -> set[int]:
    """Pairs out of the common order: all but the longest run that keeps the order of both texts."""
    both = sorted((pair for pair in pairs if pair.before and pair.after), key=lambda pair: pair.after[0])
    tails: list[int] = []
    ends: list[int] = []
    came_from: list[int | None] = []
    for index, pair in enumerate(both):
        length = bisect_left(tails, pair.before[0])
        came_from.append(ends[length - 1] if length else None)
        tails[length : length + 1] = [pair.before[0]]
        ends[length : length + 1] = [index]
    kept: set[int] = set()
    step = ends[-1] if ends else None
    while step is not None:
        kept.add(step)
        step = came_from[step]
    return {id(pair) for index, pair in enumerate(both) if index not in kept}


def _in_order(pairs: Sequence[Pair]) -> Iterator[Pair]:
    """By the new text; each removed statement after the one it followed in the old text."""
    follower: dict[int, list[Pair]] = {}
    by_old = {place: pair for pair in pairs for place in pair.before}
    first: list[Pair] = []
    for pair in sorted((pair for pair in pairs if not pair.after), key=lambda pair: pair.before[0]):
        place = pair.before[0] - 1
        while place >= 0 and not by_old[place].after:
            place -= 1
        (follower.setdefault(id(by_old[place]), []) if place >= 0 else first).append(pair)
    yield from first
    for pair in sorted((pair for pair in pairs if pair.after), key=lambda pair: pair.after[0]):
        yield pair
        yield from follower.get(id(pair), ())

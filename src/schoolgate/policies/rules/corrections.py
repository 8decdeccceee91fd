"""What a person may put right in a reading, as plain values. A correction puts one run of pieces in the place of another.

Because every correction is a run before and a run after, taking one back and doing it again in the next version need no rules of their own.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from schoolgate.common.errors import BadInput, Replaced
from schoolgate.common.ids import new_id
from schoolgate.policies.models import CorrectionKind as Kind
from schoolgate.policies.rules import same_words
from schoolgate.policytext.outline.wording import actors, modality

FORCES = {
    "must": "Must",
    "must_not": "Must not",
    "should": "Should",
    "should_not": "Should not",
    "may": "May",
    "declares": "States something",
}
ASIDES = {
    "heading": "Heading",
    "furniture": "Running header or footer",
    "signature": "Signature or form to fill in",
    "contents": "Contents list",
    "cover": "Cover",
    "note": "Footnote",
    "residue": "Left over from a conversion",
    "property": "Kept in the file, not printed",
}
LONGEST = 5_000
"""Letters of one clause, so that a whole document is not pasted into it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a reading in its order: a clause, or (``aside`` says of which kind) text that was set aside.

    ``decision`` is what stands behind a clause, carried along untouched: it belongs to the words, not to the reading.
    """

    id: str
    text: str
    aside: str = ""
    ref: str = ""
    path: tuple[str, ...] = ()
    modality: str = ""
    actors: tuple[str, ...] = ()
    page: int | None = None
    places: tuple[Mapping[str, Any], ...] = ()
    decision: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The piece as it is kept in a correction."""
        told: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return told

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "Piece":
        lists = {name: tuple(told[name]) for name in ("path", "actors", "places")}
        return cls(**{**told, **lists})


@dataclass(frozen=True, slots=True)
class Correction:
    """From `start` on, the pieces `after` stand where `before` stood."""

    kind: Kind
    about: str
    start: int
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]

    def applied(self, pieces: Sequence[Piece]) -> list[Piece]:
        """The whole reading with this correction in it."""
        return [*pieces[: self.start], *self.after, *pieces[self.start + len(self.before) :]]


def mark(pieces: Sequence[Piece], at: int) -> str:
    """What a page shows of a piece and its neighbours, in a few letters: tells whether anybody changed it meanwhile."""
    near = [pieces[place].id for place in (at - 1, at + 1) if 0 <= place < len(pieces)]
    one = pieces[at]
    told = json.dumps([one.id, one.text, one.ref, one.modality, one.aside, near])
    return hashlib.sha256(told.encode()).hexdigest()[:12]


def find(pieces: Sequence[Piece], key: str, seen: str) -> int:
    """Where a piece stands. Replaced where it is gone, or where it is not what the person saw when they asked."""
    at = next((place for place, one in enumerate(pieces) if one.id == key), None)
    if at is None or mark(pieces, at) != seen:
        raise Replaced("Somebody else changed this clause a moment ago. Look at it as it is now, then correct it.")
    return at


# ------------------------------------------------------------------ what a person may do


def merge(pieces: Sequence[Piece], at: int) -> Correction:
    """A clause and the next one become one. What was set aside between them stays, after it."""
    first = _clause(pieces, at)
    end = next((place for place in range(at + 1, len(pieces)) if not pieces[place].aside), None)
    if end is None:
        raise BadInput("This is the last clause, so there is none after it to join it to.")
    second = pieces[end]
    text = f"{first.text.rstrip()} {second.text.lstrip()}"
    if len(text) > LONGEST:
        raise BadInput(f"Together they would be longer than {LONGEST:,} letters. Leave them as two clauses.")
    whole = replace(first, text=text, places=(*first.places, *second.places), **_read(text, first.path))
    before = tuple(pieces[at : end + 1])
    return Correction(Kind.MERGE, first.ref, at, before, (whole, *before[1:-1]))


def merge_back(pieces: Sequence[Piece], at: int) -> Correction:
    """A clause becomes the end of the one before it."""
    _clause(pieces, at)
    first = next((place for place in range(at - 1, -1, -1) if not pieces[place].aside), None)
    if first is None:
        raise BadInput("This is the first clause, so there is none before it to join it to.")
    return merge(pieces, first)


def split(pieces: Sequence[Piece], at: int, place: int) -> Correction:
    """A clause becomes two; the second begins at a letter of its text."""
    one = _clause(pieces, at)
    head, tail = one.text[:place].rstrip(), one.text[place:].lstrip()
    if not head or not tail or (place, tail) not in [(point, one.text[point:]) for point in starts(one.text)]:
        raise BadInput("Choose where the second clause begins.", "place")
    first = replace(one, text=head, **_read(head, one.path))
    ref = free_ref(one.ref, (other.ref for other in pieces))
    second = Piece(str(new_id()), tail, ref=ref, path=one.path, page=one.page, places=one.places, **_read(tail, one.path))
    return Correction(Kind.SPLIT, one.ref, at, (one,), (first, second))


def starts(text: str) -> list[int]:
    """Every place where a second clause could begin: the first letter of each word but the first."""
    return [found.start() for found in re.finditer(r"(?<=\s)\S", text)]


def ends_a_part(text: str, place: int) -> bool:
    """Whether a sentence or a part of a list ends just before a place, so that it is offered first."""
    return bool(re.search(r"[.!?;:][\"'’”)]*\s+$", text[:place])) or bool(
        re.match(r"[•●▪◦–-]\s|\(?(?:\d{1,2}|[a-z]|[ivx]{2,4})[.)]\s", text[place:])
    )


def number(pieces: Sequence[Piece], at: int, ref: str) -> Correction:
    """A clause gets the number that stands on paper."""
    one, wanted = _clause(pieces, at), " ".join(ref.split())
    if not wanted or len(wanted) > 60:
        raise BadInput("Give the number as it stands on paper, in at most 60 letters.", "ref")
    if wanted == one.ref:
        raise BadInput(f"It has the number {wanted} already.", "ref")
    if any(other.ref == wanted for other in pieces if not other.aside):
        raise BadInput(f"There is another clause {wanted}. Give that one its right number first.", "ref")
    return Correction(Kind.NUMBER, one.ref, at, (one,), (replace(one, ref=wanted),))


def words(pieces: Sequence[Piece], at: int, text: str) -> Correction:
    """The words of a clause as they stand on paper."""
    one, told = _clause(pieces, at), " ".join(text.split())
    if not told:
        raise BadInput("Type the words as they stand on paper. To leave the clause out, set it aside.", "text")
    if len(told) > LONGEST:
        raise BadInput(f"A clause has at most {LONGEST:,} letters. Split it into several.", "text")
    if told == one.text:
        raise BadInput("These are the words it has already.", "text")
    by_hand = one.modality != modality(one.text, one.path)  # a force that a person gave stays
    read = {"actors": actors(told, one.path)} if by_hand else _read(told, one.path)
    return Correction(Kind.WORDS, one.ref, at, (one,), (replace(one, text=told, **read),))


def force(pieces: Sequence[Piece], at: int, wanted: str) -> Correction:
    """How binding a clause is, where its words were misread."""
    one = _clause(pieces, at)
    if wanted not in FORCES:
        raise BadInput("Choose how binding the clause is.", "modality")
    if wanted == one.modality:
        raise BadInput(f"It is read as “{FORCES[wanted].lower()}” already.", "modality")
    return Correction(Kind.FORCE, one.ref, at, (one,), (replace(one, modality=wanted),))


def move(pieces: Sequence[Piece], at: int, step: int) -> Correction:
    """A clause changes places with the piece before (-1) or after it (1)."""
    one, other = _clause(pieces, at), at + step
    if not 0 <= other < len(pieces):
        raise BadInput("It cannot be moved further.")
    first = min(at, other)
    before = (pieces[first], pieces[first + 1])
    return Correction(Kind.MOVE, one.ref, first, before, before[::-1])


def set_aside(pieces: Sequence[Piece], at: int, kind: str) -> Correction:
    """A clause is no statement at all. As a heading it stands above the clauses that follow under the same headings."""
    one = _clause(pieces, at)
    if kind not in ASIDES:
        raise BadInput("Choose what it is.", "aside")
    if sum(not other.aside for other in pieces) == 1:
        raise BadInput("It is the only clause, and a policy needs at least one.")
    gone = replace(one, aside=kind)
    below = _under(pieces, at, one.path) if kind == "heading" else []
    after = [other if other.aside else replace(other, path=(*other.path, one.text)) for other in below]
    return Correction(Kind.SET_ASIDE, one.ref, at, (one, *below), (gone, *after))


def bring_back(pieces: Sequence[Piece], at: int) -> Correction:
    """Text that was set aside becomes a clause, with the number it had or the next free one."""
    one = pieces[at]
    if not one.aside:
        raise BadInput("It is a clause already.")
    above = next((other for other in reversed(pieces[:at]) if not other.aside), None)
    path = one.path or (above.path if above else ())
    path = tuple(line for line in path if line != one.text)
    taken = {other.ref for other in pieces if not other.aside}
    ref = one.ref if one.ref and one.ref not in taken else free_ref(above.ref if above else "0", taken)
    back = replace(one, aside="", ref=ref, path=path, **({} if one.modality else _read(one.text, path)))
    below = _under(pieces, at, (*path, one.text)) if one.aside == "heading" else []
    after = [other if other.aside else replace(other, path=path) for other in below]
    return Correction(Kind.BRING_BACK, ref, at, (one, *below), (back, *after))


def _clause(pieces: Sequence[Piece], at: int) -> Piece:
    if pieces[at].aside:
        raise BadInput("This text is set aside. Make a clause of it first.")
    return pieces[at]


def _read(text: str, path: Sequence[str]) -> dict[str, Any]:
    return {"modality": modality(text, path), "actors": actors(text, path)}


def _under(pieces: Sequence[Piece], at: int, path: tuple[str, ...]) -> list[Piece]:
    """The pieces straight after a place, up to the last clause that stands under just these headings."""
    end = at
    for place in range(at + 1, len(pieces)):
        if not pieces[place].aside and pieces[place].path != path:
            break
        end = end if pieces[place].aside else place
    return list(pieces[at + 1 : end + 1])


def free_ref(ref: str, taken: Iterable[str]) -> str:
    """The next reference after one that nobody has: 3.1-2, 3.1-3 and so on, as a number printed twice is told apart."""
    held, stem = set(taken), re.sub(r"-\d+$", "", ref)[:50]
    counted = 2
    while f"{stem}-{counted}" in held:
        counted += 1
    return f"{stem}-{counted}"


# ------------------------------------------------------------------ taking back, and doing it again


def take_back(pieces: Sequence[Piece], about: str, before: Sequence[Piece], after: Sequence[Piece]) -> Correction:
    """What stood there before. Replaced where something of it was changed since.

    What was decided meanwhile about the same words stays; a clause whose words come back gets back what was decided about them.
    """
    size = len(after)
    ids = [one.id for one in after]
    at = next((place for place in range(len(pieces) - size + 1) if [one.id for one in pieces[place : place + size]] == ids), None)
    if at is None or [_shown(one) for one in pieces[at : at + size]] != [_shown(one) for one in after]:
        raise Replaced("This clause was corrected again since. Take the later correction back first.")
    now = {one.id: one for one in pieces[at : at + size]}
    restored = tuple(replace(one, decision=_decision(one, now.get(one.id))) for one in before)
    taken = {other.ref for other in (*pieces[:at], *pieces[at + size :]) if not other.aside}
    lost = next((one.ref for one in restored if not one.aside and one.ref in taken), None)
    if lost:
        raise Replaced(f"Another clause has the number {lost} now. Give that one another number first.")
    return Correction(Kind.UNDO, about, at, tuple(pieces[at : at + size]), restored)


def _shown(one: Piece) -> list[Any]:
    return [one.text, one.aside, one.ref, one.path, one.modality]


def _decision(before: Piece, now: Piece | None) -> Mapping[str, Any]:
    same = now is not None and same_words(now.text) == same_words(before.text)
    return now.decision if now is not None and same else before.decision


def again(pieces: Sequence[Piece], kind: Kind, before: Sequence[Piece], after: Sequence[Piece]) -> Correction | None:
    """The correction of an earlier version done to this reading, where the same words stand here; None where they do not."""
    at = _found_again(pieces, before[0])
    if at is None:
        return None
    try:
        return _AGAIN[kind](pieces, at, before, after)
    except BadInput:
        return None


def _found_again(pieces: Sequence[Piece], wanted: Piece) -> int | None:
    told = same_words(wanted.text)
    found = [place for place, one in enumerate(pieces) if bool(one.aside) == bool(wanted.aside) and same_words(one.text) == told]
    same_number = [place for place in found if pieces[place].ref == wanted.ref]
    return next(iter(same_number or found), None)


def _merge_again(pieces: Sequence[Piece], at: int, before: Sequence[Piece], after: Sequence[Piece]) -> Correction | None:
    made = merge(pieces, at)
    return made if same_words(made.before[-1].text) == same_words(before[-1].text) else None


def _split_again(pieces: Sequence[Piece], at: int, before: Sequence[Piece], after: Sequence[Piece]) -> Correction | None:
    place = [0, *starts(pieces[at].text)][len(after[0].text.split())]
    return split(pieces, at, place)


def _move_again(pieces: Sequence[Piece], at: int, before: Sequence[Piece], after: Sequence[Piece]) -> Correction | None:
    beside = pieces[at + 1] if at + 1 < len(pieces) else None
    if beside is None or same_words(beside.text) != same_words(before[1].text):
        return None
    pair = (pieces[at], beside)
    return Correction(Kind.MOVE, pair[0].ref or pair[1].ref, at, pair, pair[::-1])


_AGAIN: dict[Kind, Callable[[Sequence[Piece], int, Sequence[Piece], Sequence[Piece]], Correction | None]] = {
    Kind.MERGE: _merge_again,
    Kind.SPLIT: _split_again,
    Kind.MOVE: _move_again,
    Kind.NUMBER: lambda pieces, at, before, after: number(pieces, at, after[0].ref),
    Kind.WORDS: lambda pieces, at, before, after: words(pieces, at, after[0].text),
    Kind.FORCE: lambda pieces, at, before, after: force(pieces, at, after[0].modality),
    Kind.SET_ASIDE: lambda pieces, at, before, after: set_aside(pieces, at, after[0].aside),
    Kind.BRING_BACK: lambda pieces, at, before, after: bring_back(pieces, at),
}

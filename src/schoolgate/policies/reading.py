"""A reading as plain values: from a document just read, or from the rows of a version, and back to a document for the engine."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from schoolgate import policytext
from schoolgate.common.ids import new_id
from schoolgate.policies.models import Aside, Clause, PolicyVersion
from schoolgate.policies.rules.corrections import Piece
from schoolgate.policytext.outline.days import dates_in
from schoolgate.policytext.outline.facts import fact_line

FACTS = {
    "title": "Title",
    "organisation": "School or trust",
    "version": "Version",
    "owner": "Owner",
    "approved_on": "Approved on",
    "approved_by": "Approved by",
    "review_on": "Next review",
}
DATES = ("approved_on", "review_on")
BY_HAND = "by_hand"
FIRST = ("property", "cover", "contents")


def read_file(path: Path) -> tuple[policytext.Document, tuple[policytext.Picture, ...]]:
    """A stranger's file as clauses, and its pages as pictures where its format has pages. Raises Unreadable in one sentence.

    A file whose words can be read but whose pages cannot be drawn has no pictures: the words are what counts.
    """
    document = policytext.read_safely(path)
    if not document.source.pages:
        return document, ()
    try:
        return document, policytext.page_pictures(path)
    except policytext.Unreadable:
        return document, ()


def pieces_of(document: policytext.Document) -> list[Piece]:
    """What was read, clauses and what was set aside, in the order of the document.

    The reader keeps no place for what it set aside. A heading goes before the first clause under it; other text goes by its page,
    else a cover and contents before everything and the rest after it. At one place they stand by page, then as the reader names them.
    """
    slots: dict[int, list[Piece]] = {}
    after_heading = 0
    for read in document.asides:
        at = _slot(document.clauses, read, after_heading)
        after_heading = at if read.kind == "heading" else after_heading
        slots.setdefault(at, []).append(Piece(str(new_id()), read.text, aside=read.kind, page=read.page))
    pieces: list[Piece] = []
    for place, clause in enumerate(document.clauses):
        pieces += _by_page(slots.get(place, []))
        boxes = tuple(asdict(box) for box in clause.places)
        pieces.append(
            Piece(
                str(new_id()), clause.text, ref=clause.ref, path=clause.path, modality=clause.modality, actors=clause.actors,
                page=clause.page, places=boxes,
            )
        )  # fmt: skip
    return pieces + _by_page(slots.get(len(document.clauses), []))


def _by_page(pieces: Iterable[Piece]) -> list[Piece]:
    return sorted(pieces, key=lambda one: one.page or 0)


def _slot(clauses: Sequence[policytext.Clause], aside: policytext.Aside, after: int) -> int:
    """Before which clause a text that was set aside stands."""
    end = len(clauses)
    if aside.kind == "heading":
        under = next((place for place in range(after, end) if aside.text in clauses[place].path), None)
        if under is not None:
            return under
        return next((place for place in range(after, end) if (clauses[place].page or 0) >= (aside.page or 0)), end) if aside.page else after
    if aside.page is not None:
        last = aside.page if aside.kind not in FIRST else aside.page - 1
        return next((place for place in range(end) if (clauses[place].page or 0) > last), end)
    return 0 if aside.kind in FIRST else end


def pieces_from(clauses: Iterable[Clause], asides: Iterable[Aside]) -> list[Piece]:
    """The same from the rows of a version, joins fetched along."""
    placed = [(row.position, _clause_piece(row)) for row in clauses] + [(row.position, aside_piece(row)) for row in asides]
    return [piece for _, piece in sorted(placed, key=lambda pair: pair[0])]


def _clause_piece(row: Clause) -> Piece:
    decision = {
        "suggestions": row.suggestions,
        "suggested_kind": str(row.suggested_kind),
        "kind": str(row.kind),
        "reason": row.reason,
        "decided_at": row.decided_at.isoformat() if row.decided_at else None,
        "decided_by": str(row.decided_by_id) if row.decided_by_id else None,
        "joins": [[join.control, join.lines] for join in row.joins.all()],
    }
    return Piece(
        str(row.id), row.text, ref=row.ref, path=tuple(row.path), modality=row.modality, actors=tuple(row.actors), page=row.page,
        places=tuple(row.places), decision=decision,
    )  # fmt: skip


def aside_piece(row: Aside) -> Piece:
    """A text that was set aside; one that was a clause before still knows its number and what stood behind it."""
    if row.was:
        return replace(Piece.from_json(row.was), id=str(row.id), text=row.text, aside=row.kind, page=row.page)
    return Piece(str(row.id), row.text, aside=row.kind, page=row.page)


def clause_row(version: PolicyVersion, piece: Piece, position: int) -> Clause:
    """A clause as it is stored, with what stands behind it but its joins."""
    told = piece.decision
    return Clause(
        id=UUID(piece.id), version=version, position=position, ref=piece.ref, path=list(piece.path), text=piece.text,
        modality=piece.modality, actors=list(piece.actors), page=piece.page, places=[dict(box) for box in piece.places],
        suggestions=told.get("suggestions", []), suggested_kind=told.get("suggested_kind", "unjoined"),
        kind=told.get("kind", "unjoined"), reason=told.get("reason", ""),
        decided_at=datetime.fromisoformat(told["decided_at"]) if told.get("decided_at") else None,
        decided_by_id=UUID(told["decided_by"]) if told.get("decided_by") else None,
    )  # fmt: skip


def aside_row(version: PolicyVersion, piece: Piece, position: int) -> Aside:
    was = piece.as_json() if piece.ref else {}
    return Aside(id=UUID(piece.id), version=version, position=position, kind=piece.aside, text=piece.text, page=piece.page, was=was)


def engine_clauses(pieces: Iterable[Piece]) -> tuple[policytext.Clause, ...]:
    return tuple(
        policytext.Clause(
            one.ref, one.path, one.text, one.modality, one.actors, one.page, tuple(policytext.Place(**box) for box in one.places)
        )
        for one in pieces
        if not one.aside
    )


def _boxes(one: Piece) -> tuple[policytext.Place, ...]:
    return tuple(policytext.Place(**box) for box in one.places)


def document_of(version: PolicyVersion, pieces: Sequence[Piece]) -> policytext.Document:
    """The document as it stands after corrections, for the engine to check and match."""
    said = {name: version.facts.get(name) for name in FACTS}
    source = policytext.Source(version.source_name, version.source_sha256, version.media_type, version.facts.get("pages"))
    asides = tuple(policytext.Aside(one.aside, one.text, one.page) for one in pieces if one.aside)
    return policytext.Document(source=source, clauses=engine_clauses(pieces), asides=asides, **said)


# ------------------------------------------------------------------ facts of the cover


def where_said(name: str, value: str | None, pieces: Iterable[Piece]) -> Piece | None:
    """The piece that states a fact, a line that is nothing but the fact before a sentence that mentions it."""
    if not value:
        return None
    said = [one for one in pieces if _states(name, value, one)]
    return min(said, key=lambda one: (fact_line(one.text) is None, one.aside == "furniture", len(one.text)), default=None)


def _states(name: str, value: str, one: Piece) -> bool:
    if name in DATES:
        return value in [iso for _, _, iso in dates_in(one.text)]
    return " ".join(value.lower().split()) in " ".join(one.text.lower().split())


def by_hand(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts a person put right: {name: {at, read}}, `read` being what the document was understood to say."""
    told: dict[str, Any] = facts.get(BY_HAND, {})
    return told


def offered(facts: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, str]:
    """What a person gave for the version before where this document is silent: offered, never filled in by itself."""
    given = {name: before.get(name) for name in by_hand(before)}
    return {name: str(value) for name, value in given.items() if value and not facts.get(name) and name not in by_hand(facts)}

"""The import desk: what was read, page by page, and what people put right in it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db.models import Q

from schoolgate.common.errors import NotFound
from schoolgate.people.access import Scope
from schoolgate.policies import reading
from schoolgate.policies.models import Aside, Clause, CorrectionKind, PolicyCorrection, PolicyPage, PolicyVersion
from schoolgate.policies.queries.library import one, versions_for, versions_in_reach
from schoolgate.policies.rules.corrections import Piece

AT_ONCE = 40
"""Pieces on one page of the desk, where the document itself has no pages."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of the desk: its pieces in order with one neighbour on each side, and the picture of the page where there is one."""

    number: int
    of: int
    pieces: list[Piece]  # the neighbours included
    shown: range  # places in `pieces` that belong to the page
    picture: PolicyPage | None


def pieces_of(version: PolicyVersion) -> list[Piece]:
    """The whole reading of a version in order, in three queries."""
    return reading.pieces_from(version.clauses.prefetch_related("joins"), version.asides.all())


def outline_of(version: PolicyVersion) -> list[Piece]:
    """The same without what stands behind the clauses: a correction asks for that only where it changes something."""
    fields = ("position", "id", "text", "ref", "path", "modality", "actors", "page", "places")
    placed = [(row.position, reading.aside_piece(row)) for row in version.asides.all()]
    for position, key, text, ref, path, force, who, page, places in version.clauses.order_by().values_list(*fields):
        piece = Piece(
            str(key), text, ref=ref, path=tuple(path), modality=force, actors=tuple(who), page=page, places=tuple(places)
        )  # fmt: skip
        placed.append((position, piece))
    return [piece for _, piece in sorted(placed, key=itemgetter(0))]


def with_decisions(version: PolicyVersion, pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Pieces of a version with what stands behind those that are clauses now."""
    rows = version.clauses.filter(pk__in=[one.id for one in pieces]).prefetch_related("joins")
    held = {one.id: one.decision for one in reading.pieces_from(rows, ())}
    return tuple(replace(one, decision=held.get(one.id, one.decision)) for one in pieces)


def leaf(version: PolicyVersion, asked: str | None, about: str = "") -> Leaf:
    """One page of the desk by its number (the nearest there is), or the one with a piece on it (its id or reference) where one is named."""
    clauses = Clause.objects.filter(version=version).order_by().values_list("position", "page", "id", "ref")
    asides = Aside.objects.filter(version=version).order_by().values_list("position", "page", "id")
    layout = sorted(
        [(place, page, {str(key), ref}) for place, page, key, ref in clauses] + [(place, page, {str(key)}) for place, page, key in asides],
        key=itemgetter(0),
    )
    ranges = list(_pages([page for _, page, _ in layout]))
    number = int(asked) if asked and asked.isdecimal() else 1
    if about:
        place = next((place for place, (_, _, names) in enumerate(layout) if about in names), 0)
        number = next((count for count, span in enumerate(ranges, 1) if place in span), 1)
    number = min(max(number, 1), len(ranges))
    span = ranges[number - 1]
    first, last = max(span.start - 1, 0), min(span.stop, len(layout) - 1)
    near = Q(position__gte=layout[first][0], position__lte=layout[last][0])
    pieces = reading.pieces_from(version.clauses.filter(near).prefetch_related("joins"), version.asides.filter(near))
    pages = {page for _, page, _ in layout[span.start : span.stop] if page}
    picture = PolicyPage.objects.filter(version=version, number=max(pages)).defer("picture").first() if pages else None
    return Leaf(number, len(ranges), pieces, range(span.start - first, span.stop - first), picture)


def _pages(pages: Sequence[int | None]) -> Iterator[range]:
    """Places that stand on one page of the document, or so many at once where it has none."""
    if not any(pages):
        for start in range(0, max(len(pages), 1), AT_ONCE):
            yield range(start, min(start + AT_ONCE, len(pages)))
        return
    start, now = 0, 0
    for place, page in enumerate(pages):
        if page and page > now:
            if now:
                yield range(start, place)
                start = place
            now = page
    yield range(start, len(pages))


def picture(scope: Scope, version_id: UUID, number: int) -> PolicyPage:
    """The picture of one page of a version in reach."""
    found = PolicyPage.objects.filter(versions_in_reach(scope, "version__"), version_id=version_id, number=number).first()
    if found is None:
        raise NotFound("There is no such page in your reach")
    return found


def corrections_of(scope: Scope, version_id: UUID) -> list[PolicyCorrection]:
    """What was put right in a version, newest first; what was taken back is left out."""
    rows = PolicyCorrection.objects.filter(versions_in_reach(scope, "version__"), version_id=version_id)
    kept = rows.exclude(kind=CorrectionKind.UNDO).filter(undone_by__isnull=True)
    return list(kept.select_related("by").defer("before").order_by("-number"))


def correction(scope: Scope, correction_id: UUID) -> PolicyCorrection:
    rows = PolicyCorrection.objects.filter(versions_in_reach(scope, "version__")).select_related("version__policy")
    return one(rows, correction_id, "correction")


def to_repeat(before: PolicyVersion) -> list[PolicyCorrection]:
    """Corrections of a version that still stand, oldest first: what the next version is read with."""
    rows = PolicyCorrection.objects.filter(version=before, undone_by__isnull=True)
    return list(rows.exclude(kind__in=[CorrectionKind.UNDO, CorrectionKind.FACT]).order_by("number"))


def facts_offered(scope: Scope, found: PolicyVersion) -> dict[str, str]:
    """What a person gave about the version before where this document is silent."""
    before = versions_for(scope).filter(policy_id=found.policy_id, number__lt=found.number).order_by("-number").first()
    return reading.offered(found.facts, before.facts) if before else {}


def pieces_that_say(version: PolicyVersion, facts: dict[str, Any]) -> dict[str, Piece | None]:
    """Where the document states each fact of its cover."""
    clauses = version.clauses.order_by().only("id", "version_id", "position", "ref", "text", "path", "page").iterator()
    texts = [Piece(str(row.id), row.text, ref=row.ref, page=row.page) for row in clauses]
    texts += [Piece(str(row.id), row.text, aside=row.kind, page=row.page) for row in version.asides.order_by()]
    return {name: reading.where_said(name, facts.get(name), texts) for name in reading.FACTS}

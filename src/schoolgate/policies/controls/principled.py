"""policies.trust_principles_met: the school's policy lines up with the text its trust holds it against."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.urls import reverse

from schoolgate.common import clock
from schoolgate.contracts.controls import Count, Item, Question, Standing, control
from schoolgate.policies import queries
from schoolgate.policies.controls.held import BROKEN, DUE, GOOD, LAPSING, reader, waiting
from schoolgate.policies.models import MarkKind
from schoolgate.policies.rules import principles
from schoolgate.policies.rules.principles import Judged, Parent, Side

WORST = (BROKEN, DUE, LAPSING, GOOD)


@control("policies.trust_principles_met")
def trust_principles_met(q: Question) -> Count:
    """Each principle is met, departed from with approval, or has a date; and each clause of the school names the principles it serves."""
    scope = reader(q)
    board = queries.principles_at(scope, q.school_id, q.on)
    parent, side = board.parent, board.sides[q.school_id]
    if side.stand_alone:
        return Count(not_applicable=f"Recorded as a stand-alone school with no parent text: {side.stand_alone}")
    if parent is None:
        return Count(silent="The trust has loaded no text for its schools' policies to be held against.")
    found = principles.judged(parent, side, q.on, int(q.params["mark_days"]))
    review_on = queries.next_review(scope, side.version, q.on) if side.version and _has_gap(found) else None
    limits = {one.principle.key: principles.gap_limit(one.principle.since, int(q.params["align_days"]), review_on) for one in found}
    items = [_principle_item(one, side, limits[one.principle.key]) for one in found]
    items += _clause_items(parent, side, found, q)
    return Count(items, silent="The trust's text holds no principle that binds this school.")


def _has_gap(found: Iterable[Judged]) -> bool:
    return any(one.mark is not None and one.mark.kind == MarkKind.GAP for one in found)


def _principle_item(one: Judged, side: Side, limit: date) -> Item:
    mark = one.mark
    lines = {"matched": GOOD if mark or side.adoption else one.standing}
    why = one.why
    if mark is not None and mark.gap_on is not None:
        timely = mark.gap_on <= limit
        lines["gaps_dated"] = GOOD if timely else BROKEN
        why += "" if timely else f" That is later than {clock.in_words(limit)}, the last day allowed."
    if side.adoption:
        lines["values_tagged"] = GOOD  # the school's clause is the principle itself
    standing = next(each for each in WORST if each in (one.standing, *lines.values()))
    return Item(
        f"Principle {one.principle.ref}: {one.principle.text[:120]}", standing, why=_evidence(one, why), url=_url(one, side),
        due_on=one.due_on, clause_id=_clause_of(one, side), lines=lines,
    )  # fmt: skip


def _evidence(one: Judged, why: str) -> str:
    """The mark with the school's clauses and who made it; the lineage of a text is in its versions."""
    if one.mark is None:
        return why
    refs = ", ".join(passage["ref"] for passage in one.mark.passages)
    by = f"{f'Clause {refs} of the school. ' if refs else ''}Marked by {one.mark.marked_by}."
    return f"{why} {by}"


def _url(one: Judged, side: Side) -> str:
    if side.adoption or side.version is None:
        return reverse("policies:clause", args=[one.principle.clause_id])
    return reverse("policies:principle", args=[side.version.id, one.principle.ref])


def _clause_of(one: Judged, side: Side) -> UUID | None:
    """The school's clause that answers a principle, as it stands in the version in force; its own clause where it adopted the text."""
    if side.adoption:
        return one.principle.clause_id
    first = one.mark.passages[0]["key"] if one.mark and one.mark.passages else ""
    return next((row.id for row in side.clauses if row.key == first), None)


def _clause_items(parent: Parent, side: Side, found: list[Judged], q: Question) -> list[Item]:
    """Each clause of the school's own text: it names a principle it serves, or that none fits."""
    if side.version is None:
        return []
    since = max(parent.changed_on, side.version.in_force_from or q.on)
    days, url = int(q.params["mark_days"]), reverse("policies:principle_values", args=[side.version.id])
    told = principles.tagged(parent, side, found)
    items = []
    for row in side.clauses:
        refs = told[row.key]
        standing: Standing = waiting(since, days, q.on) if refs is None else GOOD
        why = "Nobody has said which principle it serves." if refs is None else f"Serves {', '.join(refs)}." if refs else "None fits."
        due_on = since + timedelta(days=days) if refs is None else None
        items.append(
            Item(f"Clause {row.ref}", standing, why=why, url=url, due_on=due_on, clause_id=row.id, lines={"values_tagged": standing})
        )
    return items

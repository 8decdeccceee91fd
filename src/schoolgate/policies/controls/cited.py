"""policies.citations_sound: law and guidance that policies in force cite are checked, in date, and put to use."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.urls import reverse

from schoolgate.common import clock
from schoolgate.common.workingdays import add_days
from schoolgate.contracts.controls import Count, Item, Question, Standing, control
from schoolgate.policies import queries, rules
from schoolgate.policies.controls.held import BROKEN, DUE, GOOD, LAPSING, Held, reader, versions_held
from schoolgate.policies.models import Citation, Clause, ClauseKind, FindingDecision, PolicyReview, TextFinding

REMIND = 14
"""remind_days of the catalogue where the question brings none."""


@dataclass(frozen=True, slots=True)
class _Cited:
    """What one version cites in the same words, counted once: the rows that are in order and those that are findings."""

    held: Held
    rows: list[Citation | TextFinding]

    @property
    def findings(self) -> list[TextFinding]:
        return [row for row in self.rows if isinstance(row, TextFinding)]


@control("policies.citations_sound")
def citations_sound(q: Question) -> Count:
    """Each citation of each version in force passes its three lines."""
    scope = reader(q)
    held = {one.version.id: one for one in versions_held(q) if one.version.checked_at and clock.local_date(one.version.checked_at) <= q.on}
    if not held:
        return Count(silent="The law check has not run on a version in force.")
    rows: list[Citation | TextFinding] = [*queries.citations_in(scope, held)]
    rows += [row for row in queries.findings_in(scope, held) if row.rule in rules.citation_rules()]
    clauses = {row.id: row for row in queries.clauses_in_force(scope, held)}
    reviews = queries.reviews_at(scope, q.school_id)
    items = [_item(one, clauses, reviews.get(one.held.version.policy_id, []), q) for one in _once(rows, held, q.on)]
    return Count(items, not_applicable="" if items else "The law check ran, and the policies in force cite nothing.")


def _once(rows: Iterable[Citation | TextFinding], held: Mapping[UUID, Held], on: date) -> list[_Cited]:
    """By version and the words that cite: two rules may have something to say about one citation."""
    grouped: dict[tuple[UUID, str], list[Citation | TextFinding]] = defaultdict(list)
    for row in rows:
        if clock.local_date(row.found_at) <= on:
            grouped[row.version_id, rules.same_words(row.quote) or row.rule].append(row)
    return [_Cited(held[key[0]], found) for key, found in grouped.items()]


def _item(cited: _Cited, clauses: Mapping[UUID, Clause], reviews: list[PolicyReview], q: Question) -> Item:
    version = cited.held.version
    in_force = [_in_force(row, cited.held, reviews, q) for row in cited.findings]
    used = any(_in_use(clauses.get(row.clause_id), q.on) for row in cited.rows if row.clause_id)
    lines = {
        "checked": _checked(cited.held, q),
        "in_force": next((one for one in (BROKEN, DUE) if one in in_force), GOOD),
        "put_to_use": GOOD if used else BROKEN,
    }
    standing = next(one for one in (BROKEN, DUE, LAPSING, GOOD) if one in lines.values())
    first = cited.rows[0]
    return Item(
        f"{first.quote or first.rule} in {version.policy.title}", standing, why=_why(cited, lines),
        url=reverse("policies:findings", args=[version.id]), clause_id=first.clause_id, lines=lines,
    )  # fmt: skip


def _why(cited: _Cited, lines: Mapping[str, Standing]) -> str:
    told = {
        "checked": "The check is old, or grows old soon.",
        "in_force": cited.findings[0].message if cited.findings else "",
        "put_to_use": "No control is behind the clause that cites it, and it is not marked as information only.",
    }
    return " ".join(told[line] for line, standing in lines.items() if standing != GOOD)


def _checked(held: Held, q: Question) -> Standing:
    """The check stands for check_months; the last remind_days of them are announced."""
    checked_at = held.version.checked_at
    lapses = add_days(clock.local_date(checked_at), int(q.params["check_months"]), "months") if checked_at else q.on
    if q.on > lapses:
        return BROKEN
    return LAPSING if q.on >= lapses - timedelta(days=int(q.params.get("remind_days", REMIND))) else GOOD


def _in_force(row: TextFinding, held: Held, reviews: Iterable[PolicyReview], q: Question) -> Standing:
    """A finding is decided; an error has error_days for that, any other finding until the next review of the policy."""
    if row.decision != FindingDecision.OPEN and row.decided_at and clock.local_date(row.decided_at) <= q.on:
        return GOOD
    found_on = clock.local_date(row.found_at)
    if any(found_on <= one.held_on and clock.local_date(one.recorded_at) <= q.on for one in reviews):
        return BROKEN  # a review was held with the finding open
    if row.severity == "error":
        return DUE if (q.on - found_on).days < int(q.params["error_days"]) else BROKEN
    review_on = held.version.review_on
    return DUE if review_on is None or q.on <= review_on else BROKEN


def _in_use(clause: Clause | None, on: date) -> bool:
    """Joined to a control, or marked as context only (information, or confirmed by a person) with a reason."""
    if clause is None or clause.decided_at is None or clock.local_date(clause.decided_at) > on:
        return False
    if clause.kind == ClauseKind.CONTROL:
        return bool(clause.joins.all())
    return clause.kind in (ClauseKind.INFORMATIONAL, ClauseKind.ATTESTED) and bool(clause.reason)

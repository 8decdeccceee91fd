"""What every control of this package asks first: which versions hold at the school on the day, and since when."""

from datetime import date

from schoolgate.contracts.controls import Question, Standing
from schoolgate.people.access import Scope, process_scope
from schoolgate.policies import queries
from schoolgate.policies.rules.knowing import Held

__all__ = ["BROKEN", "DUE", "GOOD", "LAPSING", "Held", "reader", "versions_held", "waiting"]

DUE, GOOD, BROKEN, LAPSING = Standing.DUE, Standing.GOOD, Standing.BROKEN, Standing.LAPSING


def reader(q: Question) -> Scope:
    """The scope a reading is taken with: one school."""
    return process_scope("readings", q.trust_id, [q.school_id])


def versions_held(q: Question) -> list[Held]:
    """Versions in force at the school on the day, and since when."""
    return queries.held_at(reader(q), [q.school_id], q.on)[q.school_id]


def waiting(since: date, days: int, on: date) -> Standing:
    """Owed: due while fewer than so many days have passed, broken after."""
    return DUE if (on - since).days < days else BROKEN

"""What every control of this package asks first: which versions hold at the school on the day, and since when."""

from dataclasses import dataclass
from datetime import date

from schoolgate.common import clock
from schoolgate.contracts.controls import Question, Standing
from schoolgate.people.access import Scope, process_scope
from schoolgate.policies import queries
from schoolgate.policies.models import Adoption, PolicyVersion

DUE, GOOD, BROKEN, LAPSING = Standing.DUE, Standing.GOOD, Standing.BROKEN, Standing.LAPSING


@dataclass(frozen=True, slots=True)
class Held:
    """A version in force at the school on the day, the adoption that brought it there, and the day from which it held here."""

    version: PolicyVersion
    adoption: Adoption | None
    since: date


def reader(q: Question) -> Scope:
    """The scope a reading is taken with: one school."""
    return process_scope("readings", q.trust_id, [q.school_id])


def versions_held(q: Question) -> list[Held]:
    """Versions in force on the day. A trust text holds here from its adoption or, if later, from its own first day."""
    scope = reader(q)
    adoptions = {row.policy_id: row for row in queries.adoptions_at(scope, q.school_id, q.on)}
    found = []
    for version in queries.versions_in_force(scope, q.school_id, q.on):
        adoption = adoptions.get(version.policy_id)
        began = version.in_force_from or q.on
        taken = (adoption.adopted_on or clock.local_date(adoption.adopted_at)) if adoption else began
        found.append(Held(version, adoption, max(began, taken)))
    return found


def waiting(since: date, days: int, on: date) -> Standing:
    """Owed: due while fewer than so many days have passed, broken after."""
    return DUE if (on - since).days < days else BROKEN

"""policies.companions_current: every document a policy tells people to read is there, in date, and opens."""

from django.urls import reverse

from schoolgate.common import clock
from schoolgate.contracts.controls import Count, Item, Question, control
from schoolgate.policies import queries
from schoolgate.policies.controls.held import reader, versions_held
from schoolgate.policies.models import Companion
from schoolgate.policies.rules import companions


@control("policies.companions_current")
def companions_current(q: Question) -> Count:
    """Each listed companion has an edition in date that opened when it was last tried."""
    scope = reader(q)
    listed = [row for row in queries.companions_of(scope, q.school_id) if clock.local_date(row.added_at) <= q.on]
    silent = "No policy in force has had its companions listed."
    if not listed or not versions_held(q):
        return Count(silent=silent)
    url = reverse("policies:companions", args=[queries.school(scope, q.school_id).ref])
    return Count([_item(row, url, q) for row in listed], silent=silent)


def _item(row: Companion, url: str, q: Question) -> Item:
    standing, why, due_on = companions.stands(row, q.on, q.params)
    return Item(row.title, standing, why=why, url=url, due_on=due_on, clause_id=row.clause_id)

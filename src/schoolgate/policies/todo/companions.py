"""Documents that policies tell people to read: missing, out of date or not tried, for those who keep the policies of a school."""

from collections.abc import Iterable
from datetime import date

from django.urls import reverse

from schoolgate.contracts.controls import Standing
from schoolgate.contracts.todo import Task, todo
from schoolgate.people.access import Scope
from schoolgate.people.permissions import Permission
from schoolgate.policies import queries
from schoolgate.policies.rules import companions

OWED = (Standing.BROKEN, Standing.DUE, Standing.LAPSING)


@todo("policies.companions")
def companions_to_mend(scope: Scope, today: date) -> Iterable[Task]:
    """How many companions of a school are not in order, as policies.companions_current counts them."""
    if Permission.POLICY_EDIT in scope.across_trust or not scope.may_anywhere(Permission.POLICY_EDIT):
        return
    params = companions.parameters()
    for school, rows in queries.companions_at(scope, scope.schools_where(Permission.POLICY_EDIT), today):
        told = [(why, due) for standing, why, due in (companions.stands(row, today, params) for row in rows) if standing in OWED]
        if told:
            ends = [due for _, due in told if due]
            named = "1 companion document" if len(told) == 1 else f"{len(told)} companion documents"
            yield Task(
                f"Put {named} in order ({school.name})", reverse("policies:companions", args=[school.ref]), min(ends, default=None),
                told[0][0], len(told),
            )  # fmt: skip

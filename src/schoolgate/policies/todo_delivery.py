"""What is asked of whoever sees to the public page and the bodies: seven queries, however many schools and policies."""

from collections.abc import Iterable
from datetime import date

from django.urls import reverse

from schoolgate.contracts.todo import Task, todo
from schoolgate.people import queries as people
from schoolgate.people.access import Scope
from schoolgate.people.permissions import Permission
from schoolgate.policies import delivering, queries
from schoolgate.policies.delivering import Delivery


@todo("policies.readers")
def readers_to_reach(scope: Scope, today: date) -> Iterable[Task]:
    """Public copies that are old, missing or failing, and bodies that have not received the version in force."""
    reach = scope.schools_where(Permission.POLICY_EDIT)
    if not reach:
        return []
    schools = {row.id: row for row in people.schools(scope)}
    tasks: list[Task] = []
    for one in queries.deliveries(scope, reach, today):
        school = schools[one.school_id]
        named = f"“{one.version.policy.title}” ({school.name})"
        tasks += _tasks(one, named, reverse("policies:readers", args=[school.ref]), today)
    return tasks


def _tasks(one: Delivery, named: str, url: str, today: date) -> Iterable[Task]:
    params = delivering.parameters()
    check = one.last_check
    if one.public and ((check and check.told) or (one.address and not check)):
        why = check.told if check else "It has not been fetched and compared yet."
        yield Task(f"Put version {one.version.number} of {named} on the public page", url, delivering.page_due(one, params), why)
    if one.missing:
        bodies = ", ".join(delivering.title_of_body(body).lower() for body in one.missing)
        title = f"Let the {bodies} have version {one.version.number} of {named}"
        yield Task(title, url, delivering.body_due(one, params), "No receipt is recorded.", len(one.missing))

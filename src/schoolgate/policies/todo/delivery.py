"""What is asked of whoever sees to the public page and the bodies: eight queries, however many schools and policies."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse

from schoolgate.contracts.todo import Task, todo
from schoolgate.people import queries as people
from schoolgate.people.access import Scope
from schoolgate.people.models import School
from schoolgate.policies import queries
from schoolgate.policies.rules import delivering
from schoolgate.policies.rules.delivering import Delivery


@todo("policies.readers")
def readers_to_reach(scope: Scope, today: date) -> Iterable[Task]:
    """Public copies that are old, missing or failing, and bodies that have not received the version in force."""
    roles = delivering.who_acts()
    reach = queries.schools_seen_to(scope, roles, today) if scope.roles & roles else []
    if not reach:
        return []
    by_school: dict[UUID, list[Delivery]] = defaultdict(list)
    for one in queries.deliveries(scope, reach, today):
        by_school[one.school_id].append(one)
    params, tasks = delivering.parameters(), []
    for school in people.schools(scope).filter(id__in=by_school):
        held, url = by_school[school.id], reverse("policies:readers", args=[school.ref])
        tasks += [*_pages(held, school, url, params), *_bodies(held, school, url, params)]
    return tasks


def _pages(held: Iterable[Delivery], school: School, url: str, params: Mapping[str, Any]) -> Iterator[Task]:
    """Copies that a person must see to: found wrong, or at an address of the school's own and not fetched yet."""
    owed = [one for one in held if one.public and ((one.last_check and one.last_check.told) or (one.address and not one.last_check))]
    if owed:
        check = owed[0].last_check
        why = check.told if check else "It has not been fetched and compared yet."
        due_on = min(delivering.page_due(one, params) for one in owed)
        yield Task(f"Put {_named(owed, school)} on the public page", url, due_on, why, len(owed))


def _bodies(held: Iterable[Delivery], school: School, url: str, params: Mapping[str, Any]) -> Iterator[Task]:
    owed = [one for one in held if one.missing]
    if owed:
        missing = list(dict.fromkeys(body for one in owed for body in one.missing))
        bodies = " and the ".join(delivering.title_of_body(body).lower() for body in missing)
        due_on = min(delivering.body_due(one, params) for one in owed)
        count = sum(len(one.missing) for one in owed)
        yield Task(f"Let the {bodies} have {_named(owed, school)}", url, due_on, "No receipt is recorded.", count)


def _named(owed: Sequence[Delivery], school: School) -> str:
    if len(owed) == 1:
        return f"version {owed[0].version.number} of “{owed[0].version.policy.title}” ({school.name})"
    return f"{len(owed)} policies of {school.name}"

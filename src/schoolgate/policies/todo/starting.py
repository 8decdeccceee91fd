"""A school without any policy yet: the first thing to do there."""

from collections.abc import Iterable
from datetime import date

from django.urls import reverse

from schoolgate.contracts.todo import Task, todo
from schoolgate.people.access import Scope
from schoolgate.policies import queries


@todo("policies.first_policy")
def first_policy(scope: Scope, today: date) -> Iterable[Task]:
    """Each school that has brought in no policy and taken none of its trust's, for those who may. One query."""
    for school in queries.schools_without_policy(scope):
        why = "Bring the document as it is: Word, PDF or a web page. Until then no page can show how it is kept."
        yield Task(f"Import a policy of {school.name}", reverse("policies:import"), None, why)

"""policies.shared_with_readers: the public page has the version in force, and every body it is addressed to has received it."""

from collections.abc import Iterator

from django.urls import reverse

from schoolgate.contracts.controls import Count, Item, Question, Standing, control
from schoolgate.policies import queries
from schoolgate.policies.controls.held import reader
from schoolgate.policies.rules import delivering
from schoolgate.policies.rules.delivering import Delivery


@control("policies.shared_with_readers")
def shared_with_readers(q: Question) -> Count:
    """Each policy in force counts once for the public page and once for each body it is addressed to."""
    scope = reader(q)
    held = queries.deliveries(scope, [q.school_id], q.on)
    if not held:
        return Count(silent="No policy is in force.")
    url = reverse("policies:readers", args=[queries.school(scope, q.school_id).ref])
    items = [item for one in held for item in _items(one, url, q)]
    return Count(items, silent="Every policy is marked as not public, and none is addressed to a body.")


def _items(one: Delivery, url: str, q: Question) -> Iterator[Item]:
    named = f"{one.version.policy.title}, version {one.version.number}"
    if one.public:
        standing, why = delivering.page_stands(one, q.on, q.params)
        due_on = None if standing == Standing.GOOD else delivering.page_due(one, q.params)
        yield Item(f"{named}: public page", standing, why=why, url=url, due_on=due_on, lines={"public_page": standing})
    for body in one.bodies:
        standing, why = delivering.body_stands(one, body, q.on, q.params)
        due_on = None if standing == Standing.GOOD else delivering.body_due(one, q.params)
        label = f"{named}: {delivering.title_of_body(body).lower()}"
        yield Item(label, standing, why=why, url=url, due_on=due_on, lines={"reader_bodies": standing})

"""The demo year is told by calling actions, and is the same every time it is told."""

from datetime import date

import pytest
from django.db import transaction

from schoolgate.audit.models import ChainHead
from schoolgate.cli.telling import tell
from schoolgate.common import clock
from schoolgate.policies.models import Clause
from schoolgate.policies.models import PolicyVersion as Version


class Undone(Exception):
    """Ends a telling without keeping it."""


def told_once(today: date) -> tuple[set[tuple[str, int, bytes]], list[str], int]:
    """The ends of the log's chains, every version's fingerprint, and the number of clauses; then nothing of it is kept."""
    try:
        with transaction.atomic():
            tell(today, lambda done, total: None)
            ends = {(str(head.trust_id), head.number, bytes(head.hash)) for head in ChainHead.objects.all()}
            found = ends, sorted(Version.objects.values_list("fingerprint", flat=True)), Clause.objects.count()
            raise Undone
    except Undone:
        return found


@pytest.mark.django_db
def test_the_demo_year_is_the_same_every_time():
    today = clock.today()  # once: midnight may pass between the two
    first, second = told_once(today), told_once(today)
    assert first[1:] == second[1:]
    assert first[0] == second[0], "the log of the second telling differs: something in it is left to chance"
    assert max(number for _, number, _ in first[0]) > 500

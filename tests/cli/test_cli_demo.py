"""The demo year is told by calling actions, and is the same every time it is told."""

import re
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction

from schoolgate.audit.models import Entry
from schoolgate.cli.telling import tell
from schoolgate.common import clock
from schoolgate.policies.models import Clause
from schoolgate.policies.models import PolicyVersion as Version

# The end of a question that says itself in which order its rows come.
ORDERED = re.compile(r"^(SELECT .*? ORDER BY (?:(?!ORDER BY|\bUNION\b).)*?)( LIMIT \d+.*)?$", re.DOTALL)
PLAIN = re.compile(r"^SELECT (?:(?!ORDER BY|\bUNION\b).)*$", re.DOTALL)


class Undone(Exception):
    """Ends a telling without keeping it."""


def shuffled(execute: Callable[..., Any], statement: str, parameters: object, many: bool, context: object) -> Any:
    """Rows that a question leaves tied, or in no order at all, in an order left to chance: a database may give any."""
    if found := ORDERED.match(statement):
        if found[1].count("(") == found[1].count(")"):
            statement = f"{found[1]}, RANDOM(){found[2] or ''}"
    elif PLAIN.match(statement) and " LIMIT " not in statement:
        statement = f"{statement} ORDER BY RANDOM()"
    return execute(statement, parameters, many, context)


def told_once(today: date) -> tuple[list[str], list[str], int]:
    """The log, every version's fingerprint, and the number of clauses; then nothing of it is kept."""
    try:
        with transaction.atomic(), connection.execute_wrapper(shuffled) if connection.vendor == "sqlite" else nullcontext():
            tell(today, lambda done, total: None)
            log = [bytes(one.payload).decode() for one in Entry.objects.order_by("trust_id", "number")]
            found = log, sorted(Version.objects.values_list("fingerprint", flat=True)), Clause.objects.count()
            raise Undone
    except Undone:
        return found


@pytest.mark.django_db
def test_the_demo_year_is_the_same_every_time():
    today = clock.today()  # once: midnight may pass between the two
    first, second = told_once(today), told_once(today)
    differing = [(one, other) for one, other in zip(first[0], second[0], strict=True) if one != other]
    assert not differing[:1], "the log of the second telling differs: something in it is left to chance"
    assert first[1:] == second[1:]
    assert len(first[0]) > 500

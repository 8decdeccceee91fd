"""A short policy and the steps that bring it into force."""

from collections.abc import Callable
from datetime import date

import pytest

from schoolgate import policytext
from schoolgate.common import clock
from schoolgate.policies import actions
from schoolgate.policies.models import PolicyVersion

TEXT = """Alder Park Primary
Social Media Policy

Version: 1
Policy owner: Headteacher
Approved by: Governing body, 12 January 2026
Next review date: January 2027

1. Posting

1.1 Two authorised people must be behind every post: one writes it and another approves it.
1.2 Staff must check that every child in a picture has consent before it is used.
1.3 Each official account must be looked at every day, weekends included.
1.4 We are proud of our school and its place in the village.

2. People

2.1 Every adult must sign this policy within ten school days of joining.
2.2 Staff must not be friends with pupils on private accounts.
"""
DAY = date(2026, 3, 2)  # a Monday


@pytest.fixture
def document() -> policytext.Document:
    return policytext.read_text(TEXT, "policy.txt")


@pytest.fixture
def imported(cast, document) -> PolicyVersion:
    """A draft of the school's own policy, imported by the clerk."""
    with clock.standing_at(clock.at(DAY)):
        return actions.import_version(document=document, school=cast.school, by=cast.scope("clerk"))


@pytest.fixture
def in_force(cast) -> Callable[..., PolicyVersion]:
    """`in_force(version, from_day=..)` takes a draft the whole way: the clerk submits, the head approves."""

    def bring(version: PolicyVersion, from_day: date = DAY, **more: object) -> PolicyVersion:
        actions.submit(version=version, by=cast.scope("clerk"))
        actions.approve(version=version, body="Governing body", minute="7.2", met_on=from_day, by=cast.scope("head"))
        return actions.bring_into_force(version=version, from_day=from_day, by=cast.scope("clerk"), **more)

    return bring

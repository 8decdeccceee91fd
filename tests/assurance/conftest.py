"""A school with a policy in force, made by calling actions, and a way to answer a control as a test likes."""

from collections.abc import Callable
from datetime import date

import pytest

from schoolgate import policytext
from schoolgate.common import clock
from schoolgate.people import actions as people
from schoolgate.policies import actions as policies
from schoolgate.policies import queries
from schoolgate.policies.models import PolicyVersion

TEXT = """Social Media Policy

1. Purpose

1.1 This policy explains how our school uses social media.

2. Agreement

2.1 All staff must sign the agreement before they use a school account.

2.2 Governors must look at the register of staff each term.

2.3 Staff must not befriend pupils online.

3. Review

3.1 The headteacher must confirm each year that parents were asked.

3.2 The policy must be reviewed every two years.
"""
IN_FORCE = date(2026, 3, 2)
NOW = clock.at(date(2026, 9, 14), 6, 2)


@pytest.fixture
def in_force(cast) -> Callable[..., PolicyVersion]:
    """`in_force(school, text)` imports, approves and brings into force; school None is the trust's own. Nothing is joined."""

    def make(school=None, text: str = TEXT, title: str = "Social media policy") -> PolicyVersion:
        with clock.standing_at(clock.at(IN_FORCE, 8)):
            document = policytext.read_text(text, name="policy.txt")
            version = policies.import_version(document=document, school=school, title=title, by=cast.office)
            version = policies.submit(version=version, by=cast.office)
            approver = _approver(cast, school)
            version = policies.approve(version=version, body="Governing body", minute="12/3", met_on=IN_FORCE, by=approver)
            return policies.bring_into_force(version=version, from_day=IN_FORCE, review_on=date(2028, 3, 1), by=cast.office)

    return make


def _approver(cast, school):
    """The head of the school, or for a trust policy its chief executive."""
    if school is not None:
        return cast.scope("head" if school == cast.school else "sister_head", IN_FORCE)
    if "ceo" not in cast.people:
        cast.people["ceo"] = people.add_person(given="Ceo", family="Example", email="ceo@example.org", by=cast.office)
        people.appoint(person=cast.ceo, role="trust_ceo", starts_on=date(2026, 1, 5), by=cast.office)
    return cast.scope("ceo", IN_FORCE)


@pytest.fixture
def clauses(cast):
    """`clauses(version)` maps each printed ref to its clause."""
    return lambda version: {clause.ref: clause for clause in queries.clauses_in_force(cast.office, [version.id])}


@pytest.fixture
def answers(monkeypatch) -> dict[str, object]:
    """The carried controls are exactly those put in here: id to a Count, or to a function of the question."""
    given: dict[str, object] = {}

    def carried():
        return {ref: (answer if callable(answer) else (lambda q, answer=answer: answer)) for ref, answer in sorted(given.items())}

    for name in ("actions", "living", "controls", "boards"):
        monkeypatch.setattr(f"schoolgate.assurance.{name}.carried", carried)
    return given

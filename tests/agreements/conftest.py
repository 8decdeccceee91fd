"""A policy in force, its form, and people who open and sign it, all through actions."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest

from schoolgate import policytext
from schoolgate.agreements import actions, controls, rules
from schoolgate.agreements.models import Agreement, Signature
from schoolgate.common import clock
from schoolgate.contracts.controls import Count, Question
from schoolgate.people.models import Category
from schoolgate.policies import actions as policies
from schoolgate.policies import queries as policy_queries
from schoolgate.policies.models import Policy, PolicyVersion

TEXT = """Alder Park Primary
Social Media Policy

Version: {number}
Policy owner: Headteacher
Approved by: Governing body, 12 January 2026
Next review date: January 2027

1. Posting

1.1 Two authorised people must be behind every post: one writes it and another approves it.
1.2 Staff must check that every child in a picture has consent before it is used.
1.3 {extra}

2. People

2.1 Every adult must sign this policy within ten school days of joining.
"""
DAY = date(2026, 3, 2)  # a Monday, long after everybody joined
EVERYBODY = list(Category.values)


class World:
    """The doings of one school, each on a given day."""

    def __init__(self, cast) -> None:
        self.cast = cast
        self.form: Agreement | None = None

    def scope(self, name: str, on: date):
        return self.cast.scope(name, on)

    def bring(self, number: int = 1, on: date = DAY, policy: Policy | None = None, extra: str = "", title: str = "") -> PolicyVersion:
        """A version from import to in force on one day."""
        version = self.bring_to_approval(number, on, policy, extra, title)
        with clock.standing_at(clock.at(on, 8)):
            return policies.bring_into_force(version=version, from_day=on, by=self.cast.scope("clerk"))

    def bring_to_approval(self, number: int, on: date, policy: Policy | None, extra: str = "", title: str = "") -> PolicyVersion:
        """A version from import to approved: the clerk submits, the head approves."""
        clerk, head = self.cast.scope("clerk"), self.cast.scope("head")
        text = TEXT.format(number=number, extra=extra or f"Each account must be looked at every day of year {number}.")
        with clock.standing_at(clock.at(on, 8)):
            document = policytext.read_text(text, "policy.txt")
            school = None if policy else self.cast.school
            version = policies.import_version(document=document, policy=policy, school=school, title=title, by=clerk)
            policies.submit(version=version, by=clerk)
            return policies.approve(version=version, body="Governing body", minute="7.2", met_on=on, by=head)

    def publish(self, version: PolicyVersion, on: date = DAY, name: str = "head", **changes) -> Agreement:
        given = {"school": self.cast.school, "categories": EVERYBODY, "statements": list(rules.STATEMENTS)}
        with clock.standing_at(clock.at(on, 8, 30)):
            self.form = actions.publish(version=version, by=self.scope(name, on), **{**given, **changes})
        return self.form

    def sign(self, who: str, on: date = DAY, form: Agreement | None = None, **changes) -> Signature:
        form, person, scope = form or self.form, self.cast.people[who], self.scope(who, on)
        given = {
            "name": person.name, "statements": list(form.statements), "token": f"{who}-{on}", "fingerprint": form.fingerprint,
        }  # fmt: skip
        with clock.standing_at(clock.at(on, 10)):
            actions.open_text(agreement=form, person=person, by=scope.actor)
        with clock.standing_at(clock.at(on, 10, 5)):
            return actions.sign(agreement=form, by=scope, **{**given, **changes})

    def ask(self, on: date, school_id: UUID | None = None, **changes) -> Count:
        """The control's answer on a day, with the settings of the school as assurance would resolve them."""
        school_id = school_id or self.cast.school.id
        params = {**rules.params_from(policy_queries.settings_for(self.cast.office, school_id)), **changes}
        with clock.standing_at(clock.at(on, 18)):
            return controls.signed_by_everyone(Question(school_id, self.cast.trust.id, on, params))


@pytest.fixture
def world(cast) -> World:
    return World(cast)


@pytest.fixture
def published(world) -> World:
    """Version 1 is in force since DAY and everybody is asked to sign it."""
    world.publish(world.bring())
    return world


@pytest.fixture
def after() -> Callable[[int], date]:
    return lambda days: DAY + timedelta(days=days)

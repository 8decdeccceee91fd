"""Every day: owners are reminded of reviews, texts checked against the law, reasons to review early written down, public copies fetched."""

from datetime import datetime, timedelta

from schoolgate import policytext
from schoolgate.common import clock
from schoolgate.contracts.jobs import job
from schoolgate.people import queries as people
from schoolgate.policies import actions, queries


@job("policies.review_reminders", every=timedelta(days=1))
def remind_of_reviews(_now: datetime) -> None:
    """School by school. Run twice on a day it sends nothing the second time."""
    for scope in people.scopes_of_process("review reminders"):
        for school in people.schools(scope):
            actions.remind_of_reviews(school=school, by=scope)


@job("policies.new_law", every=timedelta(days=1))
def check_for_new_law(_now: datetime) -> None:
    """Check versions in force again where the law data is another than they were checked with, or the check is a month old."""
    for scope in people.scopes_of_process("law check"):
        for version in queries.in_force_everywhere(scope):
            actions.check_for_new_law(version=version, by=scope)


@job("policies.principles", every=timedelta(minutes=5))
def suggest_marks(_now: datetime) -> None:
    """Compare each school's text with the trust's where one of them is new, or the engine is. It takes seconds for each pair."""
    for scope in people.scopes_of_process("comparison of policies"):
        for parent, version in queries.to_align(scope, policytext.engine_print()):
            actions.suggest_marks(parent=parent, version=version, by=scope)


@job("policies.early_reasons", every=timedelta(days=1))
def write_down_reasons(_now: datetime) -> None:
    """Write down what the records know that suggests reviewing a policy early. Run twice it writes nothing the second time."""
    for scope in people.scopes_of_process("early reasons"):
        for school in people.schools(scope):
            actions.raise_known_reasons(school=school, by=scope)


@job("policies.public_copies", every=timedelta(days=1))
def check_public_copies(_now: datetime) -> None:
    """Fetch the copies the public finds that owe a check, and compare them. Run twice on a day it fetches nothing the second time."""
    for scope in people.scopes_of_process("public copies"):
        actions.check_public_copies(schools=people.schools(scope), today=clock.today(), by=scope)

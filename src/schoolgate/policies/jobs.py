"""Every day: remind the owners of policies whose review is near or past."""

from datetime import datetime, timedelta

from schoolgate.contracts.jobs import job
from schoolgate.people import queries as people
from schoolgate.policies import actions


@job("policies.review_reminders", every=timedelta(days=1))
def remind_of_reviews(_now: datetime) -> None:
    """School by school. Run twice on a day it sends nothing the second time."""
    for trust in people.trusts():
        scope = people.scope_of_process("review reminders", trust)
        for school in people.schools(scope):
            actions.remind_of_reviews(school=school, by=scope)

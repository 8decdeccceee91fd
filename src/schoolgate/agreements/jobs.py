"""Every day: remind those who have not signed, each after the school's own number of days, and note who left without signing."""

from datetime import datetime, timedelta

from schoolgate.agreements import actions, queries
from schoolgate.contracts.jobs import job
from schoolgate.people import queries as people


@job("agreements.remind", every=timedelta(days=1))
def remind(now: datetime) -> None:
    """Send reminders that are due, school by school. Run twice on a day it sends nothing the second time."""
    for scope in people.scopes_of_process("signature reminders"):
        for form in queries.forms_published(scope, scope.school_ids):
            actions.remind_when_due(agreement=form, by=scope)


@job("agreements.left_unsigned", every=timedelta(days=1))
def left_unsigned(now: datetime) -> None:
    """Note who has left with a form unsigned. Run twice on a day it notes nothing the second time."""
    for scope in people.scopes_of_process("leavers who have not signed"):
        actions.note_who_left_unsigned(by=scope)

"""Every minute: send what is due."""

from datetime import datetime, timedelta

from schoolgate.contracts.jobs import job
from schoolgate.notify import actions


@job("notify.deliver", every=timedelta(minutes=1))
def deliver(now: datetime) -> None:
    """Send the mails that are due."""
    actions.deliver_due(now)

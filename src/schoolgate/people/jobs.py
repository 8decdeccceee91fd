"""Periodic work of this package."""

from datetime import datetime, timedelta

from schoolgate.contracts.jobs import job
from schoolgate.people import actions


@job("people.forget_uploads", every=timedelta(hours=6))
def forget_uploads(_now: datetime) -> None:
    """Throw away rosters that were looked at and never confirmed."""
    actions.forget_uploads()

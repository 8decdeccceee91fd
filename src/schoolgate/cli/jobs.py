"""Housekeeping of the worker itself."""

from datetime import datetime, timedelta

from schoolgate.cli.work import KEEP_RUNS
from schoolgate.common import actions
from schoolgate.contracts.jobs import job


@job("forget old job runs", every=timedelta(days=1))
def forget_old_runs(now: datetime) -> None:
    """Rows about jobs older than a month are of no use to any reading."""
    actions.forget_old_runs(now - KEEP_RUNS)

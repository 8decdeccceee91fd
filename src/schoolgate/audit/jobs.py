"""Every night each chain is recomputed, against its head and against the checkpoint kept beside the key."""

from datetime import datetime, timedelta

from schoolgate.audit import actions
from schoolgate.common.actors import system
from schoolgate.contracts.jobs import job


@job("audit.check_chains", every=timedelta(days=1))
def check_chains(_now: datetime) -> None:
    """Keep one ChainCheck for each chain."""
    actions.check_all_chains(by=system("nightly chain check"))

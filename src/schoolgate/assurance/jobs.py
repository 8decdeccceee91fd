"""Readings by night, and what they say about policies."""

from datetime import datetime, timedelta

from schoolgate.assurance import actions, queries
from schoolgate.assurance.controls import NIGHTLY
from schoolgate.common import clock
from schoolgate.contracts.jobs import job
from schoolgate.people import queries as people
from schoolgate.people.access import process_scope

EVERY = timedelta(hours=24)
FRESH = timedelta(hours=20)  # a school read this recently is passed over, so that a run cut short goes on where it stopped


@job(NIGHTLY, every=EVERY)
def take_nightly_readings(now: datetime) -> None:
    """Read every control at every school that has no round from the last hours. Each school is a transaction of its own."""
    for school in queries.schools_without_reading_since(now - FRESH):
        by = process_scope(NIGHTLY, school.trust_id, [school.id])
        actions.assess(school=school, on=clock.local_date(now), by=by)


@job("assurance.long_broken", every=timedelta(days=1))
def report_long_broken(_now: datetime) -> None:
    """Promises broken for long are reasons to review their policies. Run twice it writes nothing the second time."""
    for by in people.scopes_of_process("long broken promises"):
        for school in people.schools(by):
            actions.report_long_broken(school=school, by=by)

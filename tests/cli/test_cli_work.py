"""The worker: jobs are claimed once, failures are facts, and an idle scheduler cannot pass for a healthy one."""

from datetime import timedelta

import pytest

from schoolgate.cli import work
from schoolgate.common import actions, clock, queries
from schoolgate.common.models import JobRun
from schoolgate.contracts import jobs as contract
from schoolgate.contracts.jobs import Job

pytestmark = pytest.mark.django_db(transaction=True)  # the queue opens and closes connections of its own


@pytest.fixture
def one_job(monkeypatch):
    """Only this job exists; it notes each run."""
    ran = []
    job = Job("sweep", timedelta(hours=1), ran.append)
    monkeypatch.setattr(work, "jobs", lambda: {"sweep": job})
    return ran


def test_a_due_job_is_claimed_once_in_each_stretch():
    now = clock.now()
    hour = timedelta(hours=1)
    assert actions.claim_job("sweep", hour, now)
    assert not actions.claim_job("sweep", hour, now)
    assert not actions.claim_job("sweep", hour, now + timedelta(minutes=59))
    assert actions.claim_job("sweep", hour, now + hour)


def test_looking_once_runs_the_job_and_writes_it_down(one_job):
    work.look_once()
    assert len(one_job) == 1
    assert queries.last_good_runs()["sweep"] <= clock.now()
    assert queries.last_heartbeat("worker") is not None
    work.look_once()
    assert len(one_job) == 1


def test_a_failing_job_leaves_its_error_and_no_good_run(monkeypatch):
    def fall(now):
        raise ZeroDivisionError("the ladder slipped")

    monkeypatch.setattr(work, "jobs", lambda: {"fall": Job("fall", timedelta(hours=1), fall)})
    work.look_once()
    run = JobRun.objects.get(job="fall")
    assert "the ladder slipped" in run.error
    assert "fall" not in queries.last_good_runs()


def test_every_registered_job_has_a_rhythm_of_a_month_at_most():
    assert contract.jobs()
    assert all(timedelta(0) < job.every <= timedelta(days=31) for job in contract.jobs().values())

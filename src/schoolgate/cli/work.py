"""The worker: one process that runs what is due and what was put off, and says that it is alive. Safe to run twice."""

import logging
import threading
import traceback
from datetime import datetime, timedelta

from django.db import close_old_connections
from django_tasks import task
from django_tasks_db.management.commands.db_worker import Worker

from schoolgate.common import actions, clock
from schoolgate.contracts.jobs import jobs

PROCESS = "worker"
TICK = 1.0  # seconds between two looks
KEEP_RUNS = timedelta(days=30)

log = logging.getLogger(__name__)


@task()
def run_job(name: str) -> None:
    """Run one periodic job and write down how it went. A failing job is a fact on the page about the system, not a dead worker."""
    run = actions.start_job(name)
    try:
        jobs()[name].run(clock.now())
    except Exception:  # the worker loop is the one place that catches everything
        log.exception("The job %s failed", name)
        actions.finish_job(run, traceback.format_exc())
    else:
        actions.finish_job(run)


def put_due_jobs_in_line(now: datetime) -> list[str]:
    """Claim every job whose time has come and hand it to the task queue; returns the names claimed by this process."""
    claimed = [job for job in jobs().values() if actions.claim_job(job.name, job.every, now)]
    for job in claimed:
        run_job.enqueue(job.name)
    return [job.name for job in claimed]


def look_once() -> None:
    """One round: sign of life, what is due, what waits in the queue."""
    actions.beat(PROCESS)
    put_due_jobs_in_line(clock.now())
    drain = Worker(
        queue_names=["*"], interval=0, batch=True, backend_name="default", startup_delay=False,
        max_tasks=None, worker_id=PROCESS, excluded_queue_names=[],
    )  # fmt: skip
    drain.run()


def work(stop: threading.Event) -> None:
    """Go on until told to stop. A database that is away for a while does not end the worker: it waits and looks again."""
    while not stop.is_set():
        try:
            look_once()
        except Exception:
            log.exception("The worker could not look for work; it tries again")
        close_old_connections()
        stop.wait(TICK)

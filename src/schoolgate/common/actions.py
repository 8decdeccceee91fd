"""What the running installation writes about itself: sign of life, and which job ran when."""

from datetime import datetime, timedelta

from django.db import transaction

from schoolgate.common import clock
from schoolgate.common.models import Heartbeat, JobRun, JobSlot

ERROR_LENGTH = 2000


def beat(process: str) -> None:
    """A process says that it is alive."""
    Heartbeat.objects.update_or_create(process=process, defaults={"at": clock.now()})


def claim_job(job: str, every: timedelta, now: datetime) -> bool:
    """True for exactly one of any number of workers, once in each stretch of `every`."""
    JobSlot.objects.get_or_create(job=job, defaults={"next_at": now})
    return JobSlot.objects.filter(job=job, next_at__lte=now).update(next_at=now + every) == 1


@transaction.atomic
def start_job(job: str) -> JobRun:
    """A run begins; if the process dies in it, the row stays without an end and says so."""
    return JobRun.objects.create(job=job, started_at=clock.now())


@transaction.atomic
def finish_job(run: JobRun, error: str = "") -> None:
    """A run ends, well or with an error."""
    run.finished_at = clock.now()
    run.error = error[:ERROR_LENGTH]
    run.save(update_fields=["finished_at", "error"])


@transaction.atomic
def forget_old_runs(before: datetime) -> int:
    """Drop run rows that no reading looks at any more."""
    return JobRun.objects.filter(started_at__lt=before).delete()[0]

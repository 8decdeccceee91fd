"""Questions about the running installation."""

from datetime import datetime

from django.db.models import Max, Q

from schoolgate.common.models import Heartbeat, JobRun


def last_good_runs() -> dict[str, datetime]:
    """When each job last ended without an error."""
    ended = JobRun.objects.filter(Q(finished_at__isnull=False), error="")
    return dict(ended.values_list("job").annotate(last=Max("finished_at")))


def last_heartbeat(process: str) -> datetime | None:
    """When a process last said that it is alive; None if it never did."""
    return Heartbeat.objects.filter(process=process).values_list("at", flat=True).first()

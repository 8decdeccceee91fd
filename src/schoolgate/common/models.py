"""Facts about the running installation itself: which job ran when, and whether the worker is alive."""

from django.db import models


class JobRun(models.Model):
    """One run of one periodic job. Append-only but for its end; the last row of a name says how the job is doing."""

    job = models.CharField(max_length=80)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)  # null while it runs, or when the process died in it
    error = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["job", "-started_at"])]

    def __str__(self) -> str:
        return f"{self.job} at {self.started_at:%Y-%m-%d %H:%M}"


class Heartbeat(models.Model):
    """The worker's last sign of life, one row a process."""

    process = models.CharField(max_length=80, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.process} at {self.at:%Y-%m-%d %H:%M}"


class JobSlot(models.Model):
    """When a periodic job may next be started: two workers claim it by a conditional update, and one of them wins."""

    job = models.CharField(max_length=80, primary_key=True)
    next_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.job} from {self.next_at:%Y-%m-%d %H:%M}"

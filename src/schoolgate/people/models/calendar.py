"""When a school is open: its terms, and the days inside them on which pupils are not in."""

from django.db import models
from django.db.models import F, Q

from schoolgate.common import clock
from schoolgate.common.ids import new_id
from schoolgate.people.models.register import School


class Term(models.Model):
    """A stretch of the school's own calendar in which pupils are in, from its first day to its last. A half-term break divides two rows."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="terms")
    name = models.CharField(max_length=60)
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["school", "starts_on"], name="term_starts_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="term_ends_after_start"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def audit_label(self) -> str:
        return f"term {self.name}"


class ClosedDay(models.Model):
    """A day inside a term on which pupils are not in: a training day, or a closure such as snow or an election."""

    class Kind(models.TextChoices):
        TRAINING = "training", "Training day"
        CLOSURE = "closure", "Closed"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="closed_days")
    day = models.DateField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    reason = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["school", "day"], name="day_closed_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.day}"

    @property
    def audit_label(self) -> str:
        return f"{self.kind} {self.day}"

    @property
    def label(self) -> str:
        """What the button that opens the day again says."""
        return f"Open {clock.in_words(self.day)} again"

"""What people say instead of signing, when somebody arrived, and who left without having signed."""

from django.db import models
from django.db.models import Q

from schoolgate.agreements.models.forms import Agreement
from schoolgate.common.ids import new_id
from schoolgate.people.models import Engagement, Person, School


class Ask(models.TextChoices):
    REFUSES = "refuses", "Refuses to sign"
    ASKS = "asks", "Asks before signing"


class Refusal(models.Model):
    """Someone declined to sign, or asked something first: their words, and what was answered."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="refusals")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="refusals")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="refusals")
    kind = models.CharField(max_length=10, choices=Ask.choices, default=Ask.REFUSES)
    reason = models.TextField()
    refused_at = models.DateTimeField()
    decision = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")  # null: a process

    class Meta:
        ordering = ["refused_at"]
        constraints = [
            models.CheckConstraint(condition=Q(decided_at__isnull=True) | ~Q(decision=""), name="refusal_decision_is_written"),
            models.UniqueConstraint(
                fields=["agreement", "person", "kind"], condition=Q(decided_at__isnull=True), name="one_refusal_to_answer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.refused_at:%Y-%m-%d}"

    @property
    def is_refusal(self) -> bool:
        """Declined, and not only asked."""
        return self.kind == Ask.REFUSES

    @property
    def audit_label(self) -> str:
        return f"{'refusal' if self.is_refusal else 'question'} {str(self.id)[:8]}"


class Arrival(models.Model):
    """The front desk saw somebody come in on the first day of a short engagement. Append-only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="arrivals")
    engagement = models.OneToOneField(Engagement, on_delete=models.PROTECT, related_name="arrival")
    at = models.DateTimeField()
    by_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")  # null: a process

    def __str__(self) -> str:
        return f"arrived {self.at:%Y-%m-%d %H:%M}"

    @property
    def audit_label(self) -> str:
        return f"arrival {str(self.id)[:8]}"


class LeftUnsigned(models.Model):
    """A note that somebody's last day came and a form that asked them was not signed. Append-only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="left_unsigned")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="left_unsigned")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    left_on = models.DateField()
    noted_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "left unsigned"
        constraints = [models.UniqueConstraint(fields=["agreement", "person", "left_on"], name="left_unsigned_is_noted_once")]

    def __str__(self) -> str:
        return f"left {self.left_on} unsigned"

    @property
    def audit_label(self) -> str:
        return f"left unsigned {str(self.id)[:8]}"

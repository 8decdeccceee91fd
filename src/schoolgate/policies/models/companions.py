"""The documents that policies tell people to read beside them: where each is, its edition, and whether it opened. Rows are only added."""

from django.db import models

from schoolgate.common.ids import new_id
from schoolgate.people.models import Person, School
from schoolgate.policies.models.documents import Clause


class Companion(models.Model):
    """A document that a school's policies name, or that somebody added by hand."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="companions")
    title = models.CharField(max_length=200)
    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, null=True, blank=True, related_name="+")  # the first that names it
    outside = models.BooleanField(default=False)  # not the school's own: its edition is looked up yearly
    yearly = models.BooleanField(default=False)  # of a kind that is renewed every year, such as safeguarding
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["title"]
        constraints = [models.UniqueConstraint(fields=["school", "title"], name="companion_listed_once")]

    def __str__(self) -> str:
        return self.title

    @property
    def audit_label(self) -> str:
        return f"companion {self.title}"


class CompanionEdition(models.Model):
    """What is in force of a companion: where it is, who owns it, from when it holds and when it is reviewed. The latest row counts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    companion = models.ForeignKey(Companion, on_delete=models.PROTECT, related_name="editions")
    where = models.CharField(max_length=500)
    owner_role = models.CharField(max_length=60, blank=True)
    dated = models.DateField()
    review_on = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["recorded_at"]
        indexes = [models.Index(fields=["school", "companion"])]

    def __str__(self) -> str:
        return f"{self.companion_id} of {self.dated}"

    @property
    def audit_label(self) -> str:
        return "edition of a companion"


class CompanionCheck(models.Model):
    """Somebody tried to open a companion where it is said to be."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    companion = models.ForeignKey(Companion, on_delete=models.PROTECT, related_name="checks")
    opened = models.BooleanField()
    checked_at = models.DateTimeField()
    checked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["checked_at"]
        indexes = [models.Index(fields=["school", "companion"])]

    def __str__(self) -> str:
        return f"{self.companion_id} {'opened' if self.opened else 'did not open'}"

    @property
    def audit_label(self) -> str:
        return "check of a companion"

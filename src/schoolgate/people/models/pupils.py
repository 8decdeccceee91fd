"""Pupils, their guardians, and who is whose."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from schoolgate.common.ids import new_id
from schoolgate.people.models.register import Person, School, Trust


class Pupil(models.Model):
    """A child or young person on roll at one school, from a day to a day. Ends are inclusive.

    ``year`` is N, R or 1 to 13, empty where the roster does not say. ``known_as`` is the name the school calls them by, where it is another
    than ``given``: screening looks for both. ``looked_after`` is for the safeguarding lead alone (permission consent.protected).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    trust = models.ForeignKey(Trust, on_delete=models.PROTECT, related_name="pupils")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="pupils")
    external_id = models.CharField(max_length=100)  # the key in the roster
    given = models.CharField(max_length=100)
    family = models.CharField(max_length=100)
    known_as = models.CharField(max_length=100, blank=True)
    year = models.CharField(max_length=2, blank=True)
    born_on = models.DateField(null=True, blank=True)  # null: the roster did not say
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)  # null: no end known
    looked_after = models.BooleanField(default=False)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["family", "given"]
        indexes = [models.Index(fields=["school", "year", "family"])]
        constraints = [
            models.UniqueConstraint(fields=["trust", "external_id"], name="one_pupil_per_external_id"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="pupil_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name the school calls the pupil by, with the family name."""
        return f"{self.known_as or self.given} {self.family}".strip()

    @property
    def audit_label(self) -> str:
        # Never the name: the trail must outlive an erasure.
        return f"pupil {str(self.id)[:8]}"

    def on_roll(self, on: date) -> bool:
        """On roll on that day."""
        return (self.starts_on is None or self.starts_on <= on) and (self.ends_on is None or self.ends_on >= on)


class Guardian(models.Model):
    """A parent or carer: whoever may answer for a pupil. One guardian may have children at several schools of the trust."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    trust = models.ForeignKey(Trust, on_delete=models.PROTECT, related_name="guardians")
    external_id = models.CharField(max_length=100)
    given = models.CharField(max_length=100)
    family = models.CharField(max_length=100)
    email = models.EmailField(blank=True)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["family", "given"]
        constraints = [models.UniqueConstraint(fields=["trust", "external_id"], name="one_guardian_per_external_id")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """First and family name."""
        return f"{self.given} {self.family}".strip()

    @property
    def audit_label(self) -> str:
        return f"guardian {str(self.id)[:8]}"


class Guardianship(models.Model):
    """A guardian answers for a pupil."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="guardianships")
    guardian = models.ForeignKey(Guardian, on_delete=models.PROTECT, related_name="guardianships")
    relation = models.CharField(max_length=40, blank=True)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pupil", "guardian"], name="guardian_named_once")]

    def __str__(self) -> str:
        return f"{self.guardian_id} for {self.pupil_id}"

    @property
    def audit_label(self) -> str:
        return f"guardian {str(self.guardian_id)[:8]} of pupil {str(self.pupil_id)[:8]}"

    @property
    def limit(self) -> "GuardianLimit | None":
        """The last word on whether the guardian may answer for the pupil; limits fetched along. None: as the roster says."""
        return max(self.limits.all(), key=lambda one: (one.at, one.id), default=None)

    @property
    def may_answer(self) -> bool:
        """Nothing recorded keeps the guardian from answering for the pupil."""
        return self.limit is None or self.limit.kind == GuardianLimit.Kind.NONE


class GuardianLimit(models.Model):
    """What the school knows of whether a guardian may answer for a pupil. Append-only: the last row decides, and lifts one before it."""

    class Kind(models.TextChoices):
        NONE = "none", "May answer for the child"
        NO_RESPONSIBILITY = "no_responsibility", "Has no parental responsibility"
        RESTRICTED = "restricted", "A court order or another restriction"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="guardian_limits")
    guardianship = models.ForeignKey(Guardianship, on_delete=models.PROTECT, related_name="limits")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    note = models.CharField(max_length=200, blank=True)  # where the order is kept, never what it says
    at = models.DateTimeField()
    by_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")  # null: a process

    class Meta:
        indexes = [models.Index(fields=["school", "guardianship"])]

    def __str__(self) -> str:
        return str(self.kind)

    @property
    def audit_label(self) -> str:
        return f"limit {str(self.id)[:8]}"

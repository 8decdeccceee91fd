"""The log as stored. No foreign keys, so that nothing done to a record can touch what was said about it."""

import json
from functools import cached_property
from typing import Any

from django.db import models

from schoolgate.audit import rules


class Entry(models.Model):
    """One fact with its author. `payload` is what was hashed; the fields below `hash` are copies of parts of it, to search by."""

    trust_id = models.UUIDField()  # rules.INSTALLATION for what belongs to no trust
    number = models.BigIntegerField()  # from 1 without a gap in each trust
    at = models.DateTimeField()
    payload = models.BinaryField()
    previous = models.BinaryField()
    hash = models.BinaryField()
    verb = models.CharField(max_length=rules.LENGTHS["verb"])
    school_id = models.UUIDField(null=True)
    actor_kind = models.CharField(max_length=rules.LENGTHS["actor_kind"])
    actor_id = models.CharField(max_length=rules.LENGTHS["actor_id"])
    subject_kind = models.CharField(max_length=rules.LENGTHS["subject_kind"])
    subject_id = models.CharField(max_length=rules.LENGTHS["subject_id"])

    class Meta:
        verbose_name = "audit entry"
        verbose_name_plural = "audit entries"
        constraints = [models.UniqueConstraint(fields=["trust_id", "number"], name="audit_entry_one_number")]
        indexes = [
            models.Index(fields=["trust_id", "school_id", "-number"], name="audit_entry_school"),
            models.Index(fields=["subject_kind", "subject_id"], name="audit_entry_subject"),
            models.Index(fields=["trust_id", "actor_id", "-number"], name="audit_entry_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.verb}"

    @cached_property
    def said(self) -> dict[str, Any]:
        """The payload read back."""
        return json.loads(bytes(self.payload))

    @property
    def actor_label(self) -> str:
        """Who did it, as the log may show it."""
        return self.said["words"]["actor"]

    @property
    def from_where(self) -> str:
        """The address or device class it came from, empty for a process."""
        return self.said["words"]["from"]

    @property
    def subject_label(self) -> str:
        """What it was done to, as the log may show it."""
        return self.said["words"]["subject"]

    @property
    def why(self) -> str:
        """The reason given, if any."""
        return self.said["words"]["why"]

    @property
    def facts(self) -> dict[str, Any]:
        """Ids, hashes, numbers and dates that belong to it."""
        return self.said["words"]["facts"]


class ChainHead(models.Model):
    """Where each chain ends. Locked while a chain grows, so numbers have no gap; it can only go forward."""

    trust_id = models.UUIDField(primary_key=True)
    number = models.BigIntegerField(default=0)
    hash = models.BinaryField(default=rules.GENESIS)

    def __str__(self) -> str:
        return f"{self.trust_id} ends at {self.number}"


class ChainCheck(models.Model):
    """One verification of one chain and what it found. Append-only."""

    trust_id = models.UUIDField()
    at = models.DateTimeField()
    first = models.BigIntegerField()  # 1, or 0 when there was nothing to read
    last = models.BigIntegerField()  # the number the chain's head gave
    entries = models.BigIntegerField()  # how many were sound, up to the first bad one
    ok = models.BooleanField()
    first_bad = models.BigIntegerField(null=True)
    fault = models.TextField(blank=True)
    actor_kind = models.CharField(max_length=rules.LENGTHS["actor_kind"])
    actor_id = models.CharField(max_length=rules.LENGTHS["actor_id"])

    class Meta:
        indexes = [models.Index(fields=["trust_id", "-at"], name="audit_chaincheck_trust")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ok=True, fault="") | (models.Q(ok=False) & ~models.Q(fault="")),
                name="audit_chaincheck_fault_is_said",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.trust_id} at {self.at:%Y-%m-%d %H:%M}: {self.fault or 'sound'}"


class ChainExplanation(models.Model):
    """What a person found out about a break: the break stays on record, this stands beside it. Append-only."""

    check_id = models.BigIntegerField(db_index=True)  # the ChainCheck explained
    at = models.DateTimeField()
    text = models.TextField()
    actor_kind = models.CharField(max_length=rules.LENGTHS["actor_kind"])
    actor_id = models.CharField(max_length=rules.LENGTHS["actor_id"])

    def __str__(self) -> str:
        return f"explanation of check {self.check_id}"

"""The outbox: messages queued in the same transaction as the fact, sent later, retried, and visible when late.

A row names a template and a place to look; it never holds a name, a word of a report or any other content.
"""

from django.db import models
from django.db.models import Q

from schoolgate.common.ids import new_id


class Message(models.Model):
    """One message to one person, by e-mail or on screen. Persons are named by id: this package knows no one."""

    class By(models.TextChoices):
        EMAIL = "email", "E-mail"
        SCREEN = "screen", "On screen"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    trust_id = models.UUIDField(db_index=True)
    school_id = models.UUIDField(null=True, blank=True)
    person_id = models.UUIDField(db_index=True)
    by = models.CharField(max_length=10, choices=By.choices)
    address = models.EmailField(blank=True)
    template = models.CharField(max_length=80)  # a key of notify.rules.TEMPLATES
    reference = models.CharField(max_length=80, blank=True)  # a case or task reference that means nothing to an outsider
    path = models.CharField(max_length=300)  # where to look, after signing in
    queued_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)  # taken by the mail service, or shown on screen: never "received"
    read_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)  # given up
    last_error = models.CharField(max_length=300, blank=True)
    once = models.CharField(max_length=160, unique=True)  # the same reminder is queued once

    class Meta:
        ordering = ["-queued_at"]
        indexes = [models.Index(fields=["next_try_at"], condition=Q(sent_at__isnull=True, failed_at__isnull=True), name="message_waiting")]
        constraints = [models.CheckConstraint(condition=~Q(by="email") | ~Q(address=""), name="mail_has_an_address")]

    def __str__(self) -> str:
        return f"{self.template} to {self.person_id}"

    @property
    def audit_label(self) -> str:
        return f"message {self.template}"

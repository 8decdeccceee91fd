"""What people are asked to sign, and their signatures. Signatures are facts: once made they cannot be changed or removed
(migration 0002 has the database refuse it)."""

from django.db import models
from django.db.models import Q

from schoolgate.common.ids import new_id
from schoolgate.people.models import Person, School
from schoolgate.policies.models import Policy, PolicyVersion


class Agreement(models.Model):
    """The form published at one school for one version: who is asked, and the statements they tick one by one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="agreements")
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="agreements")
    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="agreements")
    categories = models.JSONField(default=list)  # people.models.Category values
    statements = models.JSONField(default=list)
    minor_change = models.CharField(max_length=300, blank=True)  # why earlier signatures still stand; empty = sign again
    published_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)  # a later version took its place

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "version"], name="one_form_per_version_and_school"),
            models.UniqueConstraint(fields=["school", "policy"], condition=Q(closed_at__isnull=True), name="one_open_form_per_policy"),
        ]
        indexes = [models.Index(fields=["school", "closed_at"])]

    def __str__(self) -> str:
        return f"agreement {self.id}"

    @property
    def open(self) -> bool:
        """No later form has taken its place."""
        return self.closed_at is None

    @property
    def audit_label(self) -> str:
        return f"agreement to {self.version.audit_label}"


class Means(models.TextChoices):
    SIGNED_IN = "signed_in", "Signed in"
    LINK = "link", "One-time link"


class Opening(models.Model):
    """When a person opened the full text, before signing it. Append-only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="openings")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["agreement", "person"])]

    def __str__(self) -> str:
        return f"opened {self.at:%Y-%m-%d %H:%M}"


class Signature(models.Model):
    """Who signed, in what role, when, what they had read and each thing they agreed to. Append-only (database triggers)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="signatures")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="signatures")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="signatures")
    name_signed = models.CharField(max_length=200)
    role_that_day = models.CharField(max_length=120)
    category = models.CharField(max_length=20)
    opened_at = models.DateTimeField()
    signed_at = models.DateTimeField()
    statements = models.JSONField()
    fingerprint = models.CharField(max_length=64)
    means = models.CharField(max_length=20, choices=Means.choices)
    token = models.CharField(max_length=64)  # the page's own token: the same page sent twice makes one signature

    class Meta:
        indexes = [models.Index(fields=["school", "agreement"]), models.Index(fields=["person", "-signed_at"])]
        constraints = [models.UniqueConstraint(fields=["agreement", "person", "token"], name="one_signature_per_page_sent")]

    def __str__(self) -> str:
        return f"signature of {self.signed_at:%Y-%m-%d}"

    @property
    def audit_label(self) -> str:
        return f"signature {str(self.id)[:8]}"


class Refusal(models.Model):
    """Someone declined to sign, with their reason, and what the head decided."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="refusals")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="refusals")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="refusals")
    reason = models.TextField()
    refused_at = models.DateTimeField()
    decision = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")  # null: a process

    class Meta:
        ordering = ["refused_at"]
        constraints = [
            models.CheckConstraint(condition=Q(decided_at__isnull=True) | ~Q(decision=""), name="refusal_decision_is_written"),
            models.UniqueConstraint(fields=["agreement", "person"], condition=Q(decided_at__isnull=True), name="one_refusal_to_answer"),
        ]

    def __str__(self) -> str:
        return f"refusal of {self.refused_at:%Y-%m-%d}"

    @property
    def audit_label(self) -> str:
        return f"refusal {str(self.id)[:8]}"


class SigningLink(models.Model):
    """A link that lets one person without a sign-in read and sign one agreement, once. Only its hash is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="signing_links")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="links")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"link until {self.ends_at:%Y-%m-%d}"

    @property
    def audit_label(self) -> str:
        return f"signing link {str(self.id)[:8]}"

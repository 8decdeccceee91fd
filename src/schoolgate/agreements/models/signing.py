"""Signatures and what went before them. They are facts: once made they cannot be changed or removed (the migrations have the database
refuse it). Signing again adds a row and keeps the old one."""

from django.db import models
from django.db.models import Q

from schoolgate.agreements.models.forms import Agreement
from schoolgate.common.ids import new_id
from schoolgate.people.models import Person, School


class Means(models.TextChoices):
    SIGNED_IN = "signed_in", "signed in"
    LINK = "link", "by one-time link"
    ON_BEHALF = "on_behalf", "entered for them, before a witness"
    PAPER = "paper", "on paper"


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


class Understanding(models.Model):
    """How often a person has tried the short check of a form since they last signed it. The answers are kept nowhere."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="understandings")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    attempts = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "person"], name="one_check_per_form_and_person")]

    def __str__(self) -> str:
        return f"{self.attempts} attempts"


class Signature(models.Model):
    """Who signed, in what role, when, what they had read and each thing they agreed to. Append-only.

    ``signed_at`` is when the person signed: server time, or for paper the date written on it. ``entered_at`` is when somebody else put it
    in, on paper or on their behalf; it was not known before. ``opened_at`` is empty where a paper form does not say.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="signatures")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="signatures")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="signatures")
    name_signed = models.CharField(max_length=200)
    register_name = models.CharField(max_length=201, blank=True)  # as the register had it that day
    role_that_day = models.CharField(max_length=120)
    category = models.CharField(max_length=20)
    opened_at = models.DateTimeField(null=True, blank=True)
    signed_at = models.DateTimeField()
    statements = models.JSONField()
    check_passed_at = models.DateTimeField(null=True, blank=True)  # the short check of understanding; null: there was none
    check_attempts = models.PositiveIntegerField(default=0)
    fingerprint = models.CharField(max_length=64)
    means = models.CharField(max_length=20, choices=Means.choices)
    for_firm = models.CharField(max_length=200, blank=True)  # a contractor's contact accepted for this firm as well
    entered_at = models.DateTimeField(null=True, blank=True)
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    witness = models.CharField(max_length=200, blank=True)
    could_not_sign = models.CharField(max_length=300, blank=True)  # why somebody else entered it
    token = models.CharField(max_length=64)  # the page's own token: the same page sent twice makes one signature

    class Meta:
        indexes = [models.Index(fields=["school", "agreement"]), models.Index(fields=["person", "-signed_at"])]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "person", "token"], name="one_signature_per_page_sent"),
            models.CheckConstraint(
                condition=~Q(means=Means.ON_BEHALF) | (~Q(witness="") & ~Q(could_not_sign="") & Q(entered_at__isnull=False)),
                name="on_behalf_says_why_and_who_saw",
            ),
            models.CheckConstraint(condition=~Q(means=Means.PAPER) | Q(entered_at__isnull=False), name="paper_says_when_entered"),
        ]

    def __str__(self) -> str:
        return f"signature of {self.signed_at:%Y-%m-%d}"

    @property
    def audit_label(self) -> str:
        return f"signature {str(self.id)[:8]}"


class Scan(models.Model):
    """The picture or PDF of a paper form: its bytes and their SHA-256. Append-only. Handed out as a download, never shown in a page."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="scans")
    signature = models.OneToOneField(Signature, on_delete=models.PROTECT, related_name="scan")
    media_type = models.CharField(max_length=40)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    kept_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.media_type} {self.sha256[:8]}"

    @property
    def audit_label(self) -> str:
        return f"scan {self.sha256[:8]}"


class ScanCheck(models.Model):
    """Somebody else looked at a scan and said whether it shows the signature that was entered. Append-only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="scan_checks")
    scan = models.OneToOneField(Scan, on_delete=models.PROTECT, related_name="check_made")
    holds = models.BooleanField()
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")  # null: a process

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(holds=True) | ~Q(note=""), name="a_scan_that_fails_says_why")]

    def __str__(self) -> str:
        return "holds" if self.holds else "does not hold"

    @property
    def audit_label(self) -> str:
        return f"check of scan {str(self.scan_id)[:8]}"


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

"""Where the public finds a policy, whether the copy there is the right one, and who received it. Rows are only added."""

from django.db import models
from django.db.models import Q

from schoolgate.common.ids import new_id
from schoolgate.people.models import Person, School
from schoolgate.policies.models.documents import Policy, PolicyVersion


class ReaderBody(models.TextChoices):
    """Bodies a policy may be addressed to (catalogue, policies.shared_with_readers)."""

    GOVERNORS = "governors", "Governors"
    TRUSTEES = "trustees", "Trustees"
    REGIONAL_BOARD = "regional_board", "Regional board"
    COUNCIL = "council", "Council"


class PublicPlace(models.Model):
    """Where the public finds a policy of a school: on our public page (`address` empty), at an address of the school's own, or nowhere.

    The latest row counts; a policy without any is on our public page from the day it comes into force.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="public_places")
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="public_places")
    shown = models.BooleanField()
    address = models.CharField(max_length=500, blank=True)
    reason = models.CharField(max_length=300, blank=True)  # why it is not public
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["recorded_at", "id"]
        indexes = [models.Index(fields=["school", "policy"])]
        constraints = [
            models.CheckConstraint(condition=Q(shown=True) | ~Q(reason=""), name="not_public_has_a_reason"),
            models.CheckConstraint(condition=Q(shown=True) | Q(address=""), name="not_public_has_no_address"),
        ]

    def __str__(self) -> str:
        return f"{self.policy_id} at {self.school_id}: {'public' if self.shown else 'not public'}"

    @property
    def audit_label(self) -> str:
        return f"public place of {self.policy.title}"


class CopyFound(models.TextChoices):
    """What a check of the public copy found."""

    SAME = "same", "The copy is the version in force"
    OTHER = "other", "The copy has other words"
    MISSING = "missing", "There is no copy"
    FAILED = "failed", "The copy could not be fetched or read"


class PublicCheck(models.Model):
    """The copy that the public finds was fetched and compared with the version in force. A machine does this; nobody types it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="public_checks")
    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="public_checks")
    address = models.CharField(max_length=500, blank=True)  # of the school's own; empty: our public page
    found = models.CharField(max_length=10, choices=CopyFound.choices)
    told = models.CharField(max_length=300, blank=True)  # what was wrong, in a sentence
    fingerprint = models.CharField(max_length=64, blank=True)  # of the clauses that were found there
    sha256 = models.CharField(max_length=64, blank=True)  # of the bytes that were found there
    checked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")  # null: the daily check

    class Meta:
        ordering = ["checked_at", "id"]
        indexes = [models.Index(fields=["school", "version", "checked_at"])]
        constraints = [models.CheckConstraint(condition=Q(found="same") | ~Q(told=""), name="failed_check_says_why")]

    def __str__(self) -> str:
        return f"{self.version_id} at {self.school_id}: {self.found}"

    @property
    def audit_label(self) -> str:
        return f"check of the public copy of {self.version.policy.title}"


class ReaderChoice(models.Model):
    """Which bodies a policy is addressed to. The latest row counts; without any it is addressed to none."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="reader_choices")
    bodies = models.JSONField(default=list)  # values of ReaderBody
    chosen_at = models.DateTimeField()
    chosen_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["chosen_at", "id"]
        indexes = [models.Index(fields=["policy", "chosen_at"])]

    def __str__(self) -> str:
        return f"{self.policy_id}: {', '.join(self.bodies)}"

    @property
    def audit_label(self) -> str:
        return f"readers of {self.policy.title}"


class ReceiptMeans(models.TextChoices):
    MEETING = "meeting", "It was before a meeting"
    SENT = "sent", "It was sent"


class ReaderReceipt(models.Model):
    """A body received a version: at a meeting with a minute, or sent to an address.

    `school` is empty where the trust put its own policy before a body of the whole trust: that counts at every school that holds it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="reader_receipts", null=True, blank=True)
    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="receipts")
    body = models.CharField(max_length=20, choices=ReaderBody.choices)
    means = models.CharField(max_length=10, choices=ReceiptMeans.choices)
    received_on = models.DateField()
    minute = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["recorded_at", "id"]
        indexes = [models.Index(fields=["school", "version"]), models.Index(fields=["version"])]
        constraints = [
            models.CheckConstraint(condition=~Q(means="meeting") | ~Q(minute=""), name="receipt_of_a_meeting_has_its_minute"),
            models.CheckConstraint(condition=~Q(means="sent") | ~Q(address=""), name="receipt_by_sending_has_its_address"),
        ]

    def __str__(self) -> str:
        return f"{self.body} received {self.version_id}"

    @property
    def audit_label(self) -> str:
        return f"receipt of {self.version.policy.title}"


class ReceiptUndone(models.Model):
    """A receipt was wrong: by whom and why it counts no more. The receipt itself stays."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    receipt = models.OneToOneField(ReaderReceipt, on_delete=models.PROTECT, related_name="undone")
    reason = models.CharField(max_length=300)
    undone_at = models.DateTimeField()
    undone_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="undone_receipt_has_a_reason")]

    def __str__(self) -> str:
        return f"{self.receipt_id} undone"

    @property
    def audit_label(self) -> str:
        return "receipt undone"


class AdoptedFrom(models.Model):
    """A version came in a bundle of another school or trust: whose it was, which version, and its fingerprint there."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.OneToOneField(PolicyVersion, on_delete=models.PROTECT, related_name="adopted_from")
    trust = models.CharField(max_length=200)
    school = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=300)
    number = models.PositiveIntegerField()
    printed_version = models.CharField(max_length=60, blank=True)
    fingerprint = models.CharField(max_length=64)
    exported_on = models.DateField()
    trail = models.JSONField(default=list)  # where they had it from, oldest first: the same facts again
    settings = models.JSONField(default=list)  # [{key, value}] the text was written for there
    bundle_sha256 = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["recorded_at", "id"]

    def __str__(self) -> str:
        return f"{self.version_id} from {self.school or self.trust}"

    @property
    def audit_label(self) -> str:
        return f"bundle of {self.title}"

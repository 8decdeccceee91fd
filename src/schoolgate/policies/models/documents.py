"""Documents, their versions, their clauses, and what each clause is joined to."""

from django.db import models
from django.db.models import Q

from schoolgate.common.ids import new_id
from schoolgate.people.models import Person, School, Trust


class Policy(models.Model):
    """A document of the trust (school empty) or of one school. At most one of its versions is in force."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    trust = models.ForeignKey(Trust, on_delete=models.PROTECT, related_name="policies")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="policies", null=True, blank=True)
    title = models.CharField(max_length=300)
    owner_role = models.CharField(max_length=60, blank=True)
    audience = models.JSONField(default=list)  # categories of adult and reader bodies
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["title"]
        indexes = [models.Index(fields=["school"]), models.Index(fields=["trust"])]

    def __str__(self) -> str:
        return self.title

    @property
    def audit_label(self) -> str:
        return f"policy {self.title}"


class VersionState(models.TextChoices):
    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    CHANGES_ASKED = "changes_asked", "Changes asked for"
    APPROVED = "approved", "Approved"
    IN_FORCE = "in_force", "In force"
    SUPERSEDED = "superseded", "Superseded"


class PolicyVersion(models.Model):
    """One text of a policy, as read from the school's own document and put right by people until it is submitted.

    From then on the text never changes; its state and what stands behind its clauses do.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=20, choices=VersionState.choices, default=VersionState.DRAFT)
    printed_version = models.CharField(max_length=60, blank=True)  # as the document calls itself
    source_name = models.CharField(max_length=255)
    source_sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=120)
    fingerprint = models.CharField(max_length=64)  # SHA-256 of the clauses: what a signature binds to
    authors = models.CharField(max_length=300, blank=True)
    review_on = models.DateField(null=True, blank=True)  # null: the document gives none
    change_summary = models.TextField(blank=True)
    differences = models.JSONField(default=dict)  # beside the version before: {from, then a count of each kind of change}; {} for the first
    warnings = models.JSONField(default=list)
    facts = models.JSONField(default=dict)  # what the document says of itself; "by_hand" says which of them a person put right
    imported_at = models.DateTimeField()
    imported_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")  # null: a process
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    changes_wanted = models.TextField(blank=True)  # what the reviewer asked for; kept until the next time it is submitted
    changes_asked_at = models.DateTimeField(null=True, blank=True)
    changes_asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approving_body = models.CharField(max_length=200, blank=True)
    approval_minute = models.CharField(max_length=200, blank=True)
    approved_on = models.DateField(null=True, blank=True)  # the day of the meeting
    in_force_from = models.DateField(null=True, blank=True)
    in_force_until = models.DateField(null=True, blank=True)  # the day the next version took over: no longer in force on it
    checked_at = models.DateTimeField(null=True, blank=True)  # when the text and law check last ran
    checked_with = models.CharField(max_length=64, blank=True)  # SHA-256 of the law data it ran with

    class Meta:
        ordering = ["policy", "number"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "number"], name="version_number_once"),
            models.UniqueConstraint(fields=["policy"], condition=Q(state="in_force"), name="one_version_in_force"),
            models.CheckConstraint(condition=Q(approved_at__isnull=True) | ~Q(approving_body=""), name="approval_names_its_body"),
            models.CheckConstraint(
                condition=~Q(state="in_force") | Q(approved_at__isnull=False, in_force_from__isnull=False), name="in_force_was_approved"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy_id} version {self.number}"

    @property
    def audit_label(self) -> str:
        return f"version {self.number} of {self.policy.title}"


class Adoption(models.Model):
    """One school's own decision to take a trust policy as its own. A school with its own text on the subject says so instead."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="adoptions")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="adoptions")
    body = models.CharField(max_length=200, blank=True)
    minute = models.CharField(max_length=200, blank=True)
    adopted_on = models.DateField(null=True, blank=True)
    local_changes = models.TextField(blank=True)
    adopted_at = models.DateTimeField()
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["policy", "school"], condition=Q(ended_on__isnull=True), name="adopted_once")]

    def __str__(self) -> str:
        return f"{self.school_id} adopts {self.policy_id}"

    @property
    def audit_label(self) -> str:
        return f"adoption of {self.policy.title}"


class ClauseKind(models.TextChoices):
    """How a clause is carried. Nothing is dropped silently: unjoined is a state of its own."""

    UNJOINED = "unjoined", "Not joined yet"
    CONTROL = "control", "Carried by controls"
    ATTESTED = "attested", "Confirmed by a named person"
    INFORMATIONAL = "informational", "Information only"


class ClauseUse(models.TextChoices):
    """Whose use of social media a clause is about."""

    OFFICIAL = "official", "Official use"
    PERSONAL = "personal", "Personal use"
    BOTH = "both", "Both"


class Clause(models.Model):
    """One statement of the school's own text."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="clauses")
    position = models.PositiveIntegerField()
    ref = models.CharField(max_length=60)
    path = models.JSONField(default=list)
    text = models.TextField()
    modality = models.CharField(max_length=20)
    actors = models.JSONField(default=list)
    page = models.PositiveIntegerField(null=True, blank=True)
    places = models.JSONField(default=list)  # boxes on the pages, [{page, left, top, right, bottom}] as shares of the page
    suggestions = models.JSONField(default=list)  # [{control, score, why, lines}], best first, as the matcher gave them
    suggested_kind = models.CharField(max_length=20, choices=ClauseKind.choices, default=ClauseKind.UNJOINED)
    kind = models.CharField(max_length=20, choices=ClauseKind.choices, default=ClauseKind.UNJOINED)
    reason = models.CharField(max_length=300, blank=True)  # why informational, or who confirms what how often
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    use = models.CharField(max_length=10, choices=ClauseUse.choices, blank=True)
    use_set_at = models.DateTimeField(null=True, blank=True)
    use_set_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["version", "position"]
        indexes = [models.Index(fields=["version"], condition=Q(kind="unjoined"), name="clauses_unjoined")]
        constraints = [
            models.CheckConstraint(condition=Q(use="") | Q(use_set_at__isnull=False), name="use_of_a_clause_was_set"),
            models.UniqueConstraint(fields=["version", "ref"], name="clause_ref_once"),
            models.UniqueConstraint(fields=["version", "position"], name="clause_position_once"),
            models.CheckConstraint(condition=Q(kind="unjoined") | Q(decided_at__isnull=False), name="joined_clause_was_decided"),
            models.CheckConstraint(condition=~Q(kind="informational") | ~Q(reason=""), name="informational_has_a_reason"),
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def audit_label(self) -> str:
        return f"clause {self.ref}"


class ClauseControl(models.Model):
    """A clause joined to a control by the control's text id; `lines` empty means the whole control."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    clause = models.ForeignKey(Clause, on_delete=models.CASCADE, related_name="joins")
    control = models.CharField(max_length=80)
    lines = models.JSONField(default=list)

    class Meta:
        ordering = ["control"]
        constraints = [models.UniqueConstraint(fields=["clause", "control"], name="clause_joined_once")]
        indexes = [models.Index(fields=["control"])]

    def __str__(self) -> str:
        return self.control

"""Reviews of policies: what was found, who signed, and the reasons to review early. Rows are added and never changed."""

from django.db import models
from django.db.models import Q

from schoolgate.common.ids import new_id
from schoolgate.people.models import Person, School
from schoolgate.policies.models.documents import Clause, Policy, PolicyVersion


class ReviewOutcome(models.TextChoices):
    NO_CHANGE = "no_change", "No change needed"
    CHANGE = "change", "A change is needed"


class PolicyReview(models.Model):
    """A school looked at a policy that holds there. It is complete once every role that must take part has signed it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="policy_reviews")
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="reviews")
    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="reviews")
    held_on = models.DateField()
    outcome = models.CharField(max_length=20, choices=ReviewOutcome.choices)
    minute = models.CharField(max_length=200)
    note = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["held_on", "recorded_at"]
        indexes = [models.Index(fields=["school", "policy", "held_on"])]

    def __str__(self) -> str:
        return f"review of {self.policy_id} on {self.held_on}"

    @property
    def audit_label(self) -> str:
        return f"review of {self.policy.title}"


class ReviewSignature(models.Model):
    """One role's dated signature under a review, with what its holder has to say."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    review = models.ForeignKey(PolicyReview, on_delete=models.PROTECT, related_name="signatures")
    role = models.CharField(max_length=60)
    comment = models.CharField(max_length=1000)
    signed_at = models.DateTimeField()
    signed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["signed_at"]
        indexes = [models.Index(fields=["school", "review"])]
        constraints = [models.UniqueConstraint(fields=["review", "role"], name="review_signed_once_by_a_role")]

    def __str__(self) -> str:
        return f"{self.role} signed {self.review_id}"

    @property
    def audit_label(self) -> str:
        return f"signature of {self.role}"


class EarlyKind(models.TextChoices):
    TECHNOLOGY = "technology", "A new platform or technology"
    LAW = "law", "A change of law or guidance"
    INCIDENT = "incident", "A serious incident"
    RESEARCH = "research", "A finding of research"
    SUGGESTION = "suggestion", "A suggestion, request or complaint"
    STAFF = "staff", "A change of staff"
    DEPARTURES = "departures", "A clause was departed from several times"
    TRUST = "trust", "The trust's text changed"
    BROKEN = "broken", "A promise has been broken for long"


class EarlyAnswer(models.TextChoices):
    NOW = "now", "Review now"
    NEXT = "next", "Change at the next review"
    NOTHING = "nothing", "No action"


class EarlyReason(models.Model):
    """Something that suggests reviewing a policy before its time.

    `source` names the record the system knows it from, so that one fact is written down once; empty where a person wrote it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="early_reasons")
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="early_reasons")
    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=20, choices=EarlyKind.choices)
    words = models.CharField(max_length=1000)
    source = models.CharField(max_length=120, blank=True)
    path = models.CharField(max_length=300, blank=True)  # the page of that record
    raised_at = models.DateTimeField()
    raised_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["raised_at"]
        indexes = [models.Index(fields=["school", "raised_at"])]
        constraints = [
            models.UniqueConstraint(fields=["school", "policy", "source"], condition=~Q(source=""), name="early_reason_known_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.policy_id}"

    @property
    def audit_label(self) -> str:
        return f"reason to review {self.policy.title} early"


class EarlyDecision(models.Model):
    """What somebody decided about a reason to review early, and why."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    reason = models.OneToOneField(EarlyReason, on_delete=models.PROTECT, related_name="decision")
    answer = models.CharField(max_length=20, choices=EarlyAnswer.choices)
    why = models.CharField(max_length=300)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["school", "reason"])]

    def __str__(self) -> str:
        return f"{self.answer} for {self.reason_id}"

    @property
    def audit_label(self) -> str:
        return "decision about a reason to review early"

"""A trust's text beside its schools' own: what was loaded, how each school takes it, what the comparison suggests and what people marked.

Rows are only added. A principle and a passage are known by their words (see principles.key_of), so that a mark outlives a new version of
either text as long as the words do.
"""

from django.db import models
from django.db.models import Q

from schoolgate.common.ids import new_id
from schoolgate.people.models import Person, School, Trust
from schoolgate.policies.models.documents import Policy, PolicyVersion


class ParentText(models.Model):
    """A trust holds its schools' policies against one of its own policies, or (no policy) against none. The latest row counts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    trust = models.ForeignKey(Trust, on_delete=models.PROTECT, related_name="parent_texts")
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    loaded_at = models.DateTimeField()
    loaded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["loaded_at", "id"]
        indexes = [models.Index(fields=["trust", "loaded_at"])]

    def __str__(self) -> str:
        return f"parent text of {self.trust_id}"

    @property
    def audit_label(self) -> str:
        return f"parent text {self.policy.title}" if self.policy else "no parent text"


class Mode(models.TextChoices):
    """How a school takes the trust's text."""

    WORD_FOR_WORD = "word_for_word", "Word for word"
    PRINCIPLES = "principles", "By principle"
    ADVISORY = "advisory", "As advice"
    STAND_ALONE = "stand_alone", "Not at all: a stand-alone school with no parent text"


class Lineage(models.Model):
    """How a school's own text descends from the trust's: which policy answers it, and in which mode. The latest row of a school counts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="lineages")
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, null=True, blank=True, related_name="+")  # the school's own
    parent = models.ForeignKey(Policy, on_delete=models.PROTECT, null=True, blank=True, related_name="+")  # the trust's
    mode = models.CharField(max_length=20, choices=Mode.choices)
    reason = models.CharField(max_length=300)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["recorded_at", "id"]
        indexes = [models.Index(fields=["school", "recorded_at"])]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="lineage_has_a_reason"),
            models.CheckConstraint(
                condition=Q(mode="stand_alone", parent__isnull=True, policy__isnull=True)
                | (~Q(mode="stand_alone") & Q(parent__isnull=False)),
                name="lineage_names_its_parent",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.school_id} takes {self.parent_id} {self.mode}"

    @property
    def audit_label(self) -> str:
        return "how the trust's text is taken"


class Alignment(models.Model):
    """What the comparison suggests for two exact texts, with the engine it was made by. A person decides; this only suggests."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    parent_version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    fingerprint = models.CharField(max_length=64)  # SHA-256 of both texts
    engine = models.CharField(max_length=64)  # SHA-256 of the code and data that compared
    verdicts = models.JSONField(default=dict)  # {ref of the principle: same, stricter, looser or missing}
    rows = models.JSONField(default=dict)  # {ref: {likeness, why, school: [refs], nearest: [refs]}}
    keys = models.JSONField(default=list)  # of the words of the school's clauses, so that a map need not read them all
    suggested_at = models.DateTimeField()

    class Meta:
        ordering = ["suggested_at", "id"]
        indexes = [models.Index(fields=["school", "version"])]
        constraints = [models.UniqueConstraint(fields=["version", "parent_version", "fingerprint", "engine"], name="aligned_once")]

    def __str__(self) -> str:
        return f"{self.version_id} beside {self.parent_version_id}"

    @property
    def audit_label(self) -> str:
        return "suggestions beside the trust's principles"


class MarkKind(models.TextChoices):
    SAME = "same", "The same"
    STRICTER = "stricter", "Stricter"
    OTHER_WORDS = "other_words", "Met in other words"
    DEPARTS = "departs", "Departs from it"
    GAP = "gap", "A gap, to be put right by a date"


class PrincipleMark(models.Model):
    """How a named person says a school's text stands to one principle. The latest mark of a principle counts while the words stand."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="principle_marks")
    parent_version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    ref = models.CharField(max_length=60)  # as printed in that version of the parent
    key = models.CharField(max_length=32)  # of the principle's words
    passages = models.JSONField(default=list)  # the school's clauses that answer it: [{ref, key}]
    kind = models.CharField(max_length=20, choices=MarkKind.choices)
    reason = models.CharField(max_length=300, blank=True)
    gap_on = models.DateField(null=True, blank=True)  # the last day on which the gap may stand
    suggested = models.CharField(max_length=20, blank=True)  # what the comparison said then
    marked_at = models.DateTimeField()
    marked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["marked_at", "id"]
        indexes = [models.Index(fields=["school", "key", "marked_at"])]
        constraints = [
            models.CheckConstraint(condition=~Q(kind="departs") | ~Q(reason=""), name="departure_has_a_reason"),
            models.CheckConstraint(
                condition=Q(kind="gap", gap_on__isnull=False) | (~Q(kind="gap") & Q(gap_on__isnull=True)), name="gap_has_a_date"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.kind}"

    @property
    def audit_label(self) -> str:
        return f"mark of principle {self.ref}"


class DepartureDecision(models.Model):
    """Whether the trust approves a departure from one of its principles: by somebody other than whoever marked it, once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    mark = models.OneToOneField(PrincipleMark, on_delete=models.PROTECT, related_name="decision")
    approved = models.BooleanField()
    why = models.CharField(max_length=300)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["school", "mark"])]

    def __str__(self) -> str:
        return f"{self.mark_id} {'approved' if self.approved else 'refused'}"

    @property
    def audit_label(self) -> str:
        return "decision about a departure"


class ClauseValue(models.Model):
    """Which principles a clause of a school's own text serves, or that none fits. The latest row for the clause's words counts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    ref = models.CharField(max_length=60)
    key = models.CharField(max_length=32)  # of the clause's words
    principles = models.JSONField(default=list)  # [{ref, key}]; empty: none fits
    tagged_at = models.DateTimeField()
    tagged_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["tagged_at", "id"]
        indexes = [models.Index(fields=["school", "key"])]

    def __str__(self) -> str:
        return f"{self.ref} serves {len(self.principles)}"

    @property
    def audit_label(self) -> str:
        return f"values of clause {self.ref}"


class PrincipleQuestion(models.Model):
    """The trust asks a school about one principle. A later mark of that principle answers it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    parent_version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    ref = models.CharField(max_length=60)
    key = models.CharField(max_length=32)
    words = models.CharField(max_length=500)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["asked_at", "id"]
        indexes = [models.Index(fields=["school", "key"])]

    def __str__(self) -> str:
        return f"question about {self.ref}"

    @property
    def audit_label(self) -> str:
        return f"question about principle {self.ref}"

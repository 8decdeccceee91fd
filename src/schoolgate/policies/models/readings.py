"""What was read beside the clauses, what people put right in it, and what the checks found."""

from django.db import models
from django.db.models import Q

from schoolgate.common.ids import new_id
from schoolgate.people.models import Person
from schoolgate.policies.models.documents import Clause, PolicyVersion


class Aside(models.Model):
    """Text of a document that is not a clause. It shares the row of positions with the clauses, so that everything is read in order."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="asides")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)  # as the reader names it: heading, contents, signature, furniture, cover or residue
    text = models.TextField()
    page = models.PositiveIntegerField(null=True, blank=True)
    was = models.JSONField(default=dict)  # the clause it was before a person set it aside; {} where the reader did

    class Meta:
        ordering = ["version", "position"]
        constraints = [models.UniqueConstraint(fields=["version", "position"], name="aside_position_once")]

    def __str__(self) -> str:
        return self.text[:60]


class PolicyPage(models.Model):
    """A picture of one page of the document, to lay beside the clauses read from it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="pages")
    number = models.PositiveIntegerField()
    media_type = models.CharField(max_length=40)
    picture = models.BinaryField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta:
        ordering = ["version", "number"]
        constraints = [models.UniqueConstraint(fields=["version", "number"], name="policy_page_once")]

    def __str__(self) -> str:
        return f"page {self.number} of {self.version_id}"


class CorrectionKind(models.TextChoices):
    """What a person did to a reading, worded as it is told afterwards."""

    MERGE = "merge", "Joined two clauses into one"
    SPLIT = "split", "Cut a clause in two"
    NUMBER = "number", "Gave a clause another number"
    WORDS = "words", "Corrected words"
    FORCE = "force", "Changed how binding a clause is"
    MOVE = "move", "Moved a clause"
    SET_ASIDE = "set_aside", "Set a clause aside"
    BRING_BACK = "bring_back", "Made a clause of it"
    FACT = "fact", "Corrected a fact about the document"
    UNDO = "undo", "Took a correction back"


class PolicyCorrection(models.Model):
    """One correction of what was read: what stood there before and what after. Rows are added and never changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="corrections")
    number = models.PositiveIntegerField()  # counts within the version
    kind = models.CharField(max_length=20, choices=CorrectionKind.choices)
    about = models.CharField(max_length=60)  # reference of the clause, or name of the fact
    before = models.JSONField()  # the pieces that stood there, or {name of the fact: value}
    after = models.JSONField()
    fingerprint_before = models.CharField(max_length=64)
    fingerprint_after = models.CharField(max_length=64)
    undoes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="undone_by")
    repeats = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")  # done by itself, as last time
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")  # null: a process

    class Meta:
        ordering = ["version", "number"]
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="correction_number_once"),
            models.CheckConstraint(
                condition=Q(kind="undo", undoes__isnull=False) | (~Q(kind="undo") & Q(undoes__isnull=True)),
                name="undo_names_what_it_undoes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"

    @property
    def audit_label(self) -> str:
        return f"correction of {self.about}"


class FindingDecision(models.TextChoices):
    OPEN = "", "Undecided"
    CORRECT = "correct", "Correct in the next version"
    ACCEPT = "accept", "Accept as it stands"
    REPEAT = "repeat", "Linked as a repeat"


class TextFinding(models.Model):
    """A fault the text or law check found in a version, and what was decided about it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="findings")
    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="findings", null=True, blank=True)  # null: the whole text
    rule = models.CharField(max_length=20)
    severity = models.CharField(max_length=10)
    quote = models.TextField(blank=True)
    message = models.TextField()
    replaced_by = models.TextField(blank=True)
    sources = models.JSONField(default=list)  # ids of rules/sources.yaml
    effective_from = models.CharField(max_length=10, blank=True)  # the first day on which the words were out of date, where that is known
    found_at = models.DateTimeField()
    decision = models.CharField(max_length=20, choices=FindingDecision.choices, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["version", "rule"]
        indexes = [models.Index(fields=["version"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(decision="") | (Q(decided_at__isnull=False) & ~Q(reason="")), name="finding_decision_has_reason"
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule} in {self.version_id}"

    @property
    def audit_label(self) -> str:
        return f"finding {self.rule}"


class Citation(models.Model):
    """Law or guidance that a version cites and that was in order when the text was last checked; what is not is a finding."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="citations")
    clause = models.ForeignKey(Clause, on_delete=models.CASCADE, related_name="citations", null=True, blank=True)  # null: the whole text
    rule = models.CharField(max_length=20)
    quote = models.TextField()
    message = models.TextField()
    sources = models.JSONField(default=list)  # ids of rules/sources.yaml
    found_at = models.DateTimeField()

    class Meta:
        ordering = ["version", "rule"]
        indexes = [models.Index(fields=["version"])]

    def __str__(self) -> str:
        return self.quote

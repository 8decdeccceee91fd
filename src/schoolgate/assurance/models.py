"""Readings of controls, and the only things a person may add beside them: exceptions, not-applicable records, nil statements."""

from django.db import models
from django.db.models import F, Q

from schoolgate.common.ids import new_id
from schoolgate.people.models import Person, School


class Assessment(models.Model):
    """One round of readings of every control at one school. A page shows the last finished round and its age."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="assessments")
    on = models.DateField()  # the date the controls were asked about
    taken_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["school", "-on", "-taken_at"])]

    def __str__(self) -> str:
        return f"assessment of {self.taken_at:%Y-%m-%d %H:%M}"

    @property
    def audit_label(self) -> str:
        return f"assessment of {self.on}"


class EvidenceSet(models.Model):
    """The items behind readings, kept once however many nights they stay the same. Append-only."""

    id = models.CharField(max_length=64, primary_key=True)  # SHA-256 of the items
    items = models.JSONField(default=list)  # [{label, standing, why, url, due_on, lines, clause_id}]: worst first, at most 200

    def __str__(self) -> str:
        return self.id[:12]


class Reading(models.Model):
    """What one control showed at one school on one date, with the records behind it. Append-only (database triggers).

    `state` is one of contracts.controls.State. A control this version does not carry has no reading.
    `measured` holds `standings` (how many items stand how), `window`, what the control measured, and `error` when it failed to run.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="readings")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="readings")
    control = models.CharField(max_length=80)
    on = models.DateField()
    taken_at = models.DateTimeField()
    state = models.CharField(max_length=20)
    good = models.PositiveIntegerField()
    counted = models.PositiveIntegerField()
    lines = models.JSONField(default=dict)  # line -> {state, good, counted}
    by_clause = models.JSONField(default=dict)  # clause id -> {state, good, counted, lines}, for per-clause controls
    why = models.TextField(blank=True)
    evidence = models.ForeignKey(EvidenceSet, on_delete=models.PROTECT, related_name="+")
    measured = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["school", "control", "-taken_at"])]
        constraints = [models.UniqueConstraint(fields=["assessment", "control"], name="one_reading_per_control_and_round")]

    def __str__(self) -> str:
        return f"{self.control} {self.state}"


class VersionTally(models.Model):
    """How many clauses of one policy version showed which state in one round: what the pages across schools add up. Append-only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="tallies")
    version_id = models.UUIDField()
    states = models.JSONField(default=dict)  # what a clause shows (rules.Shown) -> number of clauses

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assessment", "version_id"], name="one_tally_per_version_and_round")]

    def __str__(self) -> str:
        return f"tally of {self.version_id}"


class AcceptedException(models.Model):
    """A dated row that explains a broken control. It never changes the state: the page shows both side by side."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="exceptions")
    control = models.CharField(max_length=80)
    reason = models.TextField()
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    approver = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "exception"
        db_table = "assurance_exception"
        indexes = [models.Index(fields=["school", "control"])]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="exception_ends_after_start"),
            models.CheckConstraint(condition=~Q(reason=""), name="exception_has_a_reason"),
            models.CheckConstraint(condition=~Q(owner=F("approver")), name="exception_needs_two_people"),
        ]

    def __str__(self) -> str:
        return f"exception on {self.control} until {self.ends_on}"

    @property
    def audit_label(self) -> str:
        return f"exception on {self.control}"


class NotApplicable(models.Model):
    """A named person's record that the question of a control cannot arise here, with a reason and an end."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="not_applicable")
    control = models.CharField(max_length=80)
    reason = models.TextField()
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    approver = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["school", "control"])]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="not_applicable_ends_after_start"),
            models.CheckConstraint(condition=~Q(reason=""), name="not_applicable_has_a_reason"),
            models.CheckConstraint(condition=~Q(owner=F("approver")), name="not_applicable_needs_two_people"),
        ]

    def __str__(self) -> str:
        return f"{self.control} not applicable until {self.ends_on}"

    @property
    def audit_label(self) -> str:
        return f"not applicable: {self.control}"


class NilStatement(models.Model):
    """'I looked, there was nothing from A to B', for one control and one school. Append-only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="nil_statements")
    control = models.CharField(max_length=80)
    covers_from = models.DateField()
    covers_to = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["school", "control", "-covers_to"])]
        constraints = [models.CheckConstraint(condition=Q(covers_to__gte=F("covers_from")), name="nil_statement_covers_a_stretch")]

    def __str__(self) -> str:
        return f"nothing from {self.covers_from} to {self.covers_to}"

    @property
    def audit_label(self) -> str:
        return f"nil statement for {self.control}"


class Attestation(models.Model):
    """A named person's dated confirmation, with evidence, of a clause or control no record can show. Append-only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="attestations")
    control = models.CharField(max_length=80, blank=True)
    clause_id = models.UUIDField(null=True, blank=True)  # an attested clause, by id
    evidence = models.TextField()
    confirmed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    stands_until = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["school", "control"]), models.Index(fields=["school", "clause_id"])]

    def __str__(self) -> str:
        return f"confirmed {self.confirmed_at:%Y-%m-%d}"

    @property
    def audit_label(self) -> str:
        return f"attestation {str(self.id)[:8]}"

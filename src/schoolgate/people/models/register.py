"""Trusts, schools, the grown-ups the policies bind, and the roles they hold from a day to a day."""

from datetime import date, datetime

from django.db import models
from django.db.models import F, Q

from schoolgate.common.ids import new_id


class Nation(models.TextChoices):
    ENGLAND = "england", "England"
    WALES = "wales", "Wales"
    SCOTLAND = "scotland", "Scotland"
    NORTHERN_IRELAND = "northern_ireland", "Northern Ireland"


class Phase(models.TextChoices):
    NURSERY = "nursery", "Nursery"
    PRIMARY = "primary", "Primary"
    MIDDLE = "middle", "Middle"
    SECONDARY = "secondary", "Secondary"
    ALL_THROUGH = "all_through", "All-through"
    SPECIAL = "special", "Special"
    POST_16 = "post_16", "16 plus"


class Trust(models.Model):
    """The body that runs one or more schools. A stand-alone school is a trust of one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    ref = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

    @property
    def audit_label(self) -> str:
        return f"trust {self.ref}"


class School(models.Model):
    """One school. `ref` is what people type on the command line; `urn` is the number in the national register."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    trust = models.ForeignKey(Trust, on_delete=models.PROTECT, related_name="schools")
    ref = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    urn = models.CharField(max_length=8, null=True, blank=True, unique=True)  # null: not yet in the register; "" would collide
    phase = models.CharField(max_length=20, choices=Phase.choices)
    nation = models.CharField(max_length=20, choices=Nation.choices, default=Nation.ENGLAND)
    opened_on = models.DateField(null=True, blank=True)  # null: not known

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def audit_label(self) -> str:
        return f"school {self.ref}"


class Person(models.Model):
    """Someone the policies bind or who acts in the product. Known by name inside their trust and by id outside it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    trust = models.ForeignKey(Trust, on_delete=models.PROTECT, related_name="persons")
    given = models.CharField(max_length=100)
    family = models.CharField(max_length=100)
    email = models.EmailField(blank=True)
    external_id = models.CharField(max_length=100, blank=True)  # the key in the roster the person came from
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["family", "given"]
        constraints = [
            models.UniqueConstraint(fields=["trust", "external_id"], condition=~Q(external_id=""), name="one_person_per_external_id"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}".strip()

    @property
    def audit_label(self) -> str:
        # Never the name: the trail must outlive an erasure.
        return f"person {str(self.id)[:8]}"


class Category(models.TextChoices):
    """The categories of adult a policy binds (catalogue people.register_confirmed)."""

    EMPLOYEE = "employee", "Employee"
    GOVERNOR = "governor", "Governor or trustee"
    SUPPLY = "supply", "Supply staff"
    TRAINEE = "trainee", "Trainee"
    VOLUNTEER = "volunteer", "Volunteer"
    CONTRACTOR = "contractor", "Contractor's worker"


class Engagement(models.Model):
    """A person's place on one school's register, in one category, from a day to a day. Ends are inclusive.

    `starts_on` and `employer` may be missing on an imported row: the register shows such rows until they are mended, and
    `completed_at` says when both were there.
    Long leave sets a person aside with a reason and a return date.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="engagements")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="engagements")
    category = models.CharField(max_length=20, choices=Category.choices)
    job_title = models.CharField(max_length=120, blank=True)
    employer = models.CharField(max_length=200, blank=True)
    starts_on = models.DateField(null=True, blank=True)  # null: the roster did not say
    ends_on = models.DateField(null=True, blank=True)  # null: no end known
    away_from = models.DateField(null=True, blank=True)
    away_until = models.DateField(null=True, blank=True)
    away_reason = models.CharField(max_length=200, blank=True)
    added_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True, blank=True)  # null: still without an employer or a first day

    class Meta:
        indexes = [models.Index(fields=["school", "category"]), models.Index(fields=["person", "school"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="engagement_ends_after_start",
            ),
            models.CheckConstraint(condition=Q(away_from__isnull=True) | ~Q(away_reason=""), name="long_leave_has_a_reason"),
            models.UniqueConstraint(fields=["school", "person", "category"], condition=Q(ends_on__isnull=True), name="one_open_engagement"),
        ]

    def __str__(self) -> str:
        return f"{self.get_category_display()} at {self.school_id}"

    @property
    def audit_label(self) -> str:
        return f"{self.category} {str(self.person_id)[:8]}"

    @property
    def complete(self) -> bool:
        """Has the employer and the first day that every row of the register needs."""
        return bool(self.employer) and self.starts_on is not None

    def active(self, on: date) -> bool:
        """On the register on that day."""
        return (self.starts_on is None or self.starts_on <= on) and (self.ends_on is None or self.ends_on >= on)

    def away(self, on: date) -> bool:
        """Set aside by long leave on that day."""
        return self.away_from is not None and self.away_from <= on and (self.away_until is None or on <= self.away_until)


class Appointment(models.Model):
    """A role of rules/roles.yaml held by a person from a day to a day, at one school or (school empty) across the trust."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    trust = models.ForeignKey(Trust, on_delete=models.PROTECT, related_name="appointments")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="appointments", null=True, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=60)
    deputy = models.BooleanField(default=False)  # stands in for the holder
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    minute = models.CharField(max_length=200, blank=True)  # the minute that made a governor's appointment
    minute_at = models.DateTimeField(null=True, blank=True)  # when the minute was written down here
    delegated_power = models.CharField(max_length=200, blank=True)
    delegated_on = models.DateField(null=True, blank=True)
    delegation_minute = models.CharField(max_length=200, blank=True)
    delegation_at = models.DateTimeField(null=True, blank=True)  # when the delegation was written down here
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["school", "role"]), models.Index(fields=["person"]), models.Index(fields=["trust", "role"])]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="appointment_ends_after_start"),
            models.CheckConstraint(condition=Q(minute="") | Q(minute_at__isnull=False), name="minute_has_its_moment"),
            models.CheckConstraint(
                condition=Q(delegation_at__isnull=True)
                | (~Q(delegated_power="") & ~Q(delegation_minute="") & Q(delegated_on__isnull=False)),
                name="delegation_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} from {self.starts_on}"

    @property
    def audit_label(self) -> str:
        return f"{self.role} {str(self.person_id)[:8]}"

    def live(self, on: date) -> bool:
        return self.starts_on <= on and (self.ends_on is None or self.ends_on >= on)


class RoleDuties(models.Model):
    """The written duties of a role in a school's own words. Without one the role's description in rules/roles.yaml stands. Append-only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="role_duties")
    role = models.CharField(max_length=60)
    version = models.CharField(max_length=60)
    text = models.TextField()
    written_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "role duties"
        constraints = [models.UniqueConstraint(fields=["school", "role", "version"], name="one_text_per_version_of_duties")]

    def __str__(self) -> str:
        return f"{self.role} {self.version}"


class DutiesAcceptance(models.Model):
    """The holder of an appointment accepted one version of the written duties. Append-only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="acceptances")
    version = models.CharField(max_length=60)  # RoleDuties.version, or rules.STANDARD_DUTIES
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["appointment", "version"], name="duties_are_accepted_once")]

    def __str__(self) -> str:
        return f"{self.version} accepted {self.at:%Y-%m-%d}"


class Absence(models.Model):
    """A day or days on which a person cannot be reached at school; their deputy stands in."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="absences")
    starts_on = models.DateField()
    ends_on = models.DateField()
    marked_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="absence_ends_after_start")]

    def __str__(self) -> str:
        return f"{self.starts_on} to {self.ends_on}"


class RegisterCheck(models.Model):
    """A named person (or an import they ran) confirmed one category of the register. 'We have none' counts too."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="register_checks")
    category = models.CharField(max_length=20, choices=Category.choices)
    at = models.DateTimeField()
    by_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")  # null: an import by a process
    imported = models.BooleanField(default=False)
    none_here = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["school", "category", "-at"])]

    def __str__(self) -> str:
        return f"{self.category} checked {self.at:%Y-%m-%d}"


class RequiredRole(models.Model):
    """How one school carries one role its policies rely on: here, by the trust's named holder, or struck out with a reason.

    A new row replaces the one before from `confirmed_at` on; rows are never changed.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="required_roles")
    role = models.CharField(max_length=60)
    held_by = models.ForeignKey(Appointment, on_delete=models.PROTECT, null=True, blank=True, related_name="+")  # across the trust
    struck_out = models.CharField(max_length=300, blank=True)  # the reason; empty = required
    confirmed_at = models.DateTimeField()
    by_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")  # null: a process

    class Meta:
        indexes = [models.Index(fields=["school", "role", "-confirmed_at"])]
        constraints = [models.CheckConstraint(condition=Q(held_by__isnull=True) | Q(struck_out=""), name="struck_out_is_held_by_nobody")]

    def __str__(self) -> str:
        return self.role


class LeaverLetter(models.Model):
    """The continuing-duties letter to somebody who leaves: sent, then signed or refused."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="leaver_letters")
    engagement = models.OneToOneField(Engagement, on_delete=models.PROTECT, related_name="leaver_letter")
    version = models.CharField(max_length=60)
    sent_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(signed_at__isnull=True) | Q(refused_at__isnull=True), name="letter_has_one_answer")
        ]

    def __str__(self) -> str:
        return f"letter {self.version} of {self.sent_at:%Y-%m-%d}"

    @property
    def audit_label(self) -> str:
        return f"leaver's letter {self.version}"

    @property
    def answered_at(self) -> datetime | None:
        """When it was signed or refused."""
        return self.signed_at or self.refused_at


class IdentitySecondStep(models.Model):
    """The administrator recorded that the school's own identity service asks everyone for a second step. Stands for a year."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="identity_second_steps")
    service = models.CharField(max_length=120)
    at = models.DateTimeField()
    by_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["school", "-at"])]

    def __str__(self) -> str:
        return f"{self.service} at {self.at:%Y-%m-%d}"


class RosterUpload(models.Model):
    """A roster between its preview and its confirmation. Thrown away when confirmed, replaced, or a day old."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="+", null=True, blank=True)  # null: of the whole trust
    by_person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "by_person"], name="one_waiting_roster_each"),
            models.UniqueConstraint(fields=["by_person"], condition=Q(school__isnull=True), name="one_waiting_trust_roster_each"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def audit_label(self) -> str:
        return f"roster {str(self.id)[:8]}"  # a file name may hold a person's

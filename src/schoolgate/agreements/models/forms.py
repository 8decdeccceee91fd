"""What people are asked to sign: a form bound to one version of a policy, or to a sheet the school made of its own words."""

from datetime import date

from django.db import models
from django.db.models import Q

from schoolgate.common import clock
from schoolgate.common.ids import new_id
from schoolgate.people.models import School
from schoolgate.policies.models import Policy, PolicyVersion


class Kind(models.TextChoices):
    """What a form asks people to sign, each counted by a control of its own."""

    POLICY = "policy", "The policy itself"
    CODE = "code", "A companion code"
    PRIVATE_RULES = "private_rules", "Rules for private use"
    UNDERTAKING = "undertaking", "Confidentiality undertaking"
    FAMILY = "family", "The part of families"
    PUPIL = "pupil", "Pupils’ own rules"


BOUND_KINDS = (Kind.POLICY, Kind.CODE)
"""Read in the words of the version itself; all others are read from a sheet."""

ADULT_KINDS = (Kind.POLICY, Kind.CODE, Kind.PRIVATE_RULES, Kind.UNDERTAKING)


class Code(models.TextChoices):
    """Companion codes (catalogue agreements.linked_codes_signed, codes_by_role)."""

    ACCEPTABLE_USE = "acceptable_use", "ICT acceptable use"
    CONDUCT_CODE = "conduct_code", "Staff conduct code or handbook"
    SAFEGUARDING = "safeguarding", "Safeguarding"
    EQUALITY = "equality", "Equality"
    EMAIL = "email", "Internal e-mail"


class Sheet(models.Model):
    """A text to sign that is not a policy document: the private-use rules as this school has set them, the confidentiality undertaking,
    or the plain words of a version for families or pupils. Never changed: a new text is a new sheet."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="sheets")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    title = models.CharField(max_length=300)
    parts = models.JSONField(default=list)  # [{title, lines: [{ref, text}]}]
    answers = models.JSONField(default=list)  # the settings behind the rules: [{key, question, answer}]
    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="sheets")
    band = models.CharField(max_length=20, blank=True)  # pupils: the ages the words are for
    reading_age = models.FloatField(null=True, blank=True)  # years; null: too short to tell
    fingerprint = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["school", "kind"])]

    def __str__(self) -> str:
        return self.title

    @property
    def audit_label(self) -> str:
        return f"{self.kind} sheet of {self.made_at:%Y-%m-%d}"


class Agreement(models.Model):
    """The form published at one school: what is read, who is asked, and the statements they agree to.

    ``categories`` says who is asked; ``roles``, where given, narrows that to the holders of one of them. ``questions`` are the short
    check of understanding: [{ask, options, right, clause}].
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="agreements")
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.POLICY)
    code = models.CharField(max_length=20, choices=Code.choices, blank=True)  # which companion code
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="agreements", null=True, blank=True)
    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="agreements", null=True, blank=True)
    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="agreements", null=True, blank=True)
    categories = models.JSONField(default=list)  # people.models.Category values
    roles = models.JSONField(default=list)  # keys of rules/roles.yaml
    statements = models.JSONField(default=list)
    one_by_one = models.BooleanField(default=True)  # each statement has a box of its own
    notice = models.TextField(blank=True)  # acceptable use: what the school monitors, accepted by a statement of its own
    questions = models.JSONField(default=list)
    minor_change = models.CharField(max_length=300, blank=True)  # why earlier signatures still stand; empty = sign again
    published_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)  # a later version took its place

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "version"], condition=Q(kind__in=BOUND_KINDS), name="one_form_per_version_and_school"
            ),
            models.UniqueConstraint(
                fields=["school", "policy"], condition=Q(closed_at__isnull=True, kind__in=BOUND_KINDS), name="one_open_form_per_policy"
            ),
            models.UniqueConstraint(
                fields=["school", "kind"],
                condition=Q(closed_at__isnull=True, kind__in=(Kind.PRIVATE_RULES, Kind.UNDERTAKING)),
                name="one_open_sheet_form_per_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=BOUND_KINDS, version__isnull=False, policy__isnull=False, sheet__isnull=True)
                | (~Q(kind__in=BOUND_KINDS) & Q(sheet__isnull=False)),
                name="a_form_has_one_text",
            ),
            models.CheckConstraint(condition=Q(kind=Kind.CODE) ^ Q(code=""), name="a_code_says_which"),
        ]
        indexes = [models.Index(fields=["school", "closed_at"])]

    def __str__(self) -> str:
        return f"agreement {self.id}"

    @property
    def open(self) -> bool:
        """No later form has taken its place."""
        return self.closed_at is None

    @property
    def subject(self) -> str:
        """What stays the same from one form to the one that takes its place."""
        return f"{self.kind}:{self.policy_id or ''}:{self.sheet.band if self.sheet else ''}"

    @property
    def title(self) -> str:
        """What is signed, as people call it."""
        return self.sheet.title if self.sheet else self.version.policy.title if self.version else ""

    @property
    def edition(self) -> str:
        """Which text of it: the number of the version, or the day the sheet was made."""
        if self.sheet or not self.version:
            made = clock.local_date(self.sheet.made_at if self.sheet else self.published_at)
            return f"text of {clock.in_words(made)}"
        return f"version {self.version.number}"

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the words: what a signature binds to."""
        return self.sheet.fingerprint if self.sheet else self.version.fingerprint if self.version else ""

    @property
    def since(self) -> date:
        """The first day on which this text could be signed."""
        published = clock.local_date(self.published_at)
        return max(published, (self.version.in_force_from if self.version else None) or published)

    @property
    def audit_label(self) -> str:
        return f"agreement to {self.version.audit_label}" if self.version else f"agreement to {self.kind}"

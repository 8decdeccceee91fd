"""What families answered to their part of the policy, and how classes went through their own rules. All append-only."""

from django.db import models
from django.db.models import Q

from schoolgate.agreements.models.forms import Agreement
from schoolgate.common.ids import new_id
from schoolgate.people.models import Guardian, Person, Pupil, School


class Answer(models.TextChoices):
    ASKED = "asked", "Asked"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined after a conversation"
    UNREACHABLE = "unreachable", "Could not be reached"
    TALK = "talk", "Asks to talk first"


class FamilyAnswer(models.Model):
    """A family was asked, or answered, through one of its pupils. A decline carries what was said in the conversation."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="family_answers")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="family_answers")
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="+")
    guardian = models.ForeignKey(Guardian, on_delete=models.PROTECT, null=True, blank=True, related_name="+")  # null: not one person
    answer = models.CharField(max_length=20, choices=Answer.choices)
    conversation = models.TextField(blank=True)
    at = models.DateTimeField()
    by_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")  # null: a process

    class Meta:
        indexes = [models.Index(fields=["school", "agreement"])]
        constraints = [
            models.CheckConstraint(condition=~Q(answer=Answer.DECLINED) | ~Q(conversation=""), name="a_decline_has_its_conversation")
        ]

    def __str__(self) -> str:
        return f"{self.answer} on {self.at:%Y-%m-%d}"

    @property
    def audit_label(self) -> str:
        return f"family answer {str(self.id)[:8]}"


class ClassRound(models.Model):
    """A class was taken through the pupils' rules on a day, in words for its age, and agreed them."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="class_rounds")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="class_rounds")
    year = models.CharField(max_length=2, blank=True)  # the class, as the roster has it: people.Pupil.year
    taken_on = models.DateField()
    at = models.DateTimeField()
    by_person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")  # null: a process

    class Meta:
        indexes = [models.Index(fields=["school", "year"])]

    def __str__(self) -> str:
        return f"year {self.year} on {self.taken_on}"

    @property
    def audit_label(self) -> str:
        return f"class round {str(self.id)[:8]}"


class PupilMark(models.Model):
    """One pupil in a class round where each signs for themself: signed, or absent that day. The absent are caught up in a later round."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="pupil_marks")
    round = models.ForeignKey(ClassRound, on_delete=models.PROTECT, related_name="marks")
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="+")
    signed = models.BooleanField()  # False: absent

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "pupil"], name="a_pupil_is_marked_once_a_round")]

    def __str__(self) -> str:
        return "signed" if self.signed else "absent"


class FamilyLink(models.Model):
    """A link with which one guardian answers for each of their children at a school, once. Only the key's hash is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="family_links")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="family_links")
    guardian = models.ForeignKey(Guardian, on_delete=models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    mailed = models.BooleanField(default=False)  # sent to the guardian's own address; else given on paper
    opened_at = models.DateTimeField(null=True, blank=True)
    wrong_names = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)
    used_with = models.CharField(max_length=64, blank=True)  # the page's own token: the same page sent twice is one answer

    class Meta:
        indexes = [models.Index(fields=["school", "agreement", "guardian"])]
        constraints = [
            models.CheckConstraint(condition=Q(used_at__isnull=True) | ~Q(used_with=""), name="a_used_family_link_says_by_which_page")
        ]

    def __str__(self) -> str:
        return f"family link until {self.ends_at:%Y-%m-%d}"

    @property
    def audit_label(self) -> str:
        return f"family link {str(self.id)[:8]}"


class FamilySignature(models.Model):
    """What stands behind an answer a guardian gave by a link: the name they typed, what they agreed to and the text. Append-only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="family_signatures")
    answer = models.OneToOneField(FamilyAnswer, on_delete=models.PROTECT, related_name="signature")
    link = models.ForeignKey(FamilyLink, on_delete=models.PROTECT, related_name="signatures")
    name_signed = models.CharField(max_length=201)
    register_name = models.CharField(max_length=201)  # as the register had it that day
    statements = models.JSONField(default=list)
    fingerprint = models.CharField(max_length=64)
    opened_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"family signature {str(self.id)[:8]}"

    @property
    def audit_label(self) -> str:
        return f"family signature {str(self.id)[:8]}"

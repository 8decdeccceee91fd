"""What a trust or a school chose where policies leave a word or a number open."""

from django.db import models

from schoolgate.common.ids import new_id
from schoolgate.people.models import Person, School, Trust


class SettingChoice(models.Model):
    """A recorded choice for a setting of rules/settings.yaml: the trust's (school empty) or one school's. The latest row counts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    trust = models.ForeignKey(Trust, on_delete=models.PROTECT, related_name="setting_choices")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="setting_choices", null=True, blank=True)
    key = models.CharField(max_length=80)
    value = models.JSONField()
    reason = models.CharField(max_length=300, blank=True)
    approver = models.CharField(max_length=200, blank=True)
    asks_trust = models.BooleanField(default=False)  # a departure that counts only once the trust has agreed
    chosen_at = models.DateTimeField()
    chosen_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["school", "key", "-chosen_at"]), models.Index(fields=["trust", "key", "-chosen_at"])]

    def __str__(self) -> str:
        return self.key

    @property
    def audit_label(self) -> str:
        return f"setting {self.key}"


class SettingAnswer(models.Model):
    """What the trust answered to a school that asked to depart from it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    choice = models.OneToOneField(SettingChoice, on_delete=models.PROTECT, related_name="answer")
    agreed = models.BooleanField()
    why = models.CharField(max_length=300)
    answered_at = models.DateTimeField()
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["school", "choice"])]

    def __str__(self) -> str:
        return f"{'agreed' if self.agreed else 'refused'} {self.choice_id}"

    @property
    def audit_label(self) -> str:
        return "answer to a school that departs from the trust"

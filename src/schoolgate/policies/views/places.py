"""Where settings are looked at, and who chose what counts there."""

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from schoolgate.people.access import Scope
from schoolgate.people.models import School
from schoolgate.people.permissions import Permission
from schoolgate.policies.models import Policy
from schoolgate.policies.rules import settling
from schoolgate.policies.rules.settling import Settled


@dataclass(frozen=True, slots=True)
class Place:
    """Where settings are looked at: one school, or (no school) the trust."""

    name: str
    school: School | None
    trust_id: UUID

    def url(self, key: str = "") -> str:
        kind, arg = ("school", self.school.ref) if self.school else ("trust", self.trust_id)
        return reverse(f"policies:setting_{kind}", args=[arg, key]) if key else reverse(f"policies:settings_{kind}", args=[arg])


def place_of(policy: Policy, scope: Scope) -> Place | None:
    """Where the settings of a policy are, for whoever may see them there."""
    if not scope.may(Permission.SETTING_VIEW, policy.school_id):
        return None
    return Place(policy.school.name if policy.school else "", policy.school, policy.trust_id)


def source(one: Settled) -> str:
    if one.locked:
        return "Fixed for everybody."
    if one.own:
        return "Your school chose this."
    if one.trust:
        return "The trust chose this."
    return f"This is the {settling.NOT_CHOSEN}."

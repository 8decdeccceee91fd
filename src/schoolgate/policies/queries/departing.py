"""Where schools depart from the trust: what waits for its answer, what was answered, and who answers."""

from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from schoolgate.common import clock
from schoolgate.common.errors import NotFound
from schoolgate.people import queries as people
from schoolgate.people.access import Scope
from schoolgate.people.models import Appointment, Person, School
from schoolgate.people.permissions import Permission
from schoolgate.people.rules import known_roles, permissions_of, works_across_trust
from schoolgate.policies.models import SettingChoice
from schoolgate.policies.rules import choices


def _asked(scope: Scope) -> QuerySet[SettingChoice]:
    """What schools in reach put to the trust."""
    rows = SettingChoice.objects.filter(
        asks_trust=True, trust_id=scope.trust_id, school_id__in=scope.schools_where(Permission.SETTING_VIEW)
    )
    return rows.select_related("school", "chosen_by", "answer__answered_by")


def _overtaken() -> Exists:
    """The school has chosen again since."""
    later = SettingChoice.objects.filter(school_id=OuterRef("school_id"), key=OuterRef("key"))
    return Exists(later.filter(Q(chosen_at__gt=OuterRef("chosen_at")) | Q(chosen_at=OuterRef("chosen_at"), id__gt=OuterRef("id"))))


def departures_waiting(scope: Scope) -> list[SettingChoice]:
    """What waits for the trust's answer, oldest first: one query. What a school has chosen anew since waits no more."""
    return list(_asked(scope).filter(~_overtaken(), answer__isnull=True).order_by("chosen_at", "id"))


def departures_answered(scope: Scope, since: date) -> list[SettingChoice]:
    """What the trust answered since a day, newest first: one query."""
    return list(_asked(scope).filter(answer__answered_at__gte=clock.at(since, 0)).order_by("-answer__answered_at", "-id"))


def departures_told(scope: Scope, since: date) -> list[SettingChoice]:
    """Where a school's own body approved that it differs and the trust only hears of it, since a day, newest first: one query."""
    keys = [key for key, told in choices.settings().items() if choices.trust_may_approve(told)]
    rows = SettingChoice.objects.filter(
        asks_trust=False, trust_id=scope.trust_id, school_id__in=scope.schools_where(Permission.SETTING_VIEW), key__in=keys,
        chosen_at__gte=clock.at(since, 0),
    )  # fmt: skip
    return list(rows.exclude(approver="").select_related("school", "chosen_by").order_by("-chosen_at", "-id"))


def departure(scope: Scope, choice_id: UUID) -> SettingChoice:
    found = _asked(scope).filter(pk=choice_id).first()
    if found is None:
        raise NotFound("There is no such question in your reach")
    return found


def departure_at(scope: Scope, key: str, of: School) -> SettingChoice | None:
    """What a school has put to the trust about one setting and waits for."""
    return _asked(scope).filter(~_overtaken(), answer__isnull=True, key=key, school=of).first()


def is_overtaken(choice: SettingChoice) -> bool:
    return SettingChoice.objects.filter(_overtaken(), pk=choice.pk).exists()


def able(scope: Scope, permission: Permission, school_id: UUID | None, on: date) -> list[Person]:
    """Who holds a permission through a role at one school, or (no school) across the trust, on a day, each once."""
    roles = [role for role in known_roles() if permission in permissions_of(role)]
    across = [role for role in roles if works_across_trust(role)]
    at = Q(school_id=school_id) & ~Q(role__in=across) if school_id else Q(school_id__isnull=True) | Q(role__in=across)
    held = Appointment.objects.filter(people.live(on), at, trust_id=scope.trust_id, role__in=roles).select_related("person")
    return list({row.person_id: row.person for row in held.order_by("starts_on", "id")}.values())

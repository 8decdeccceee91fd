"""Who may see pupils and guardians, and what may be done about them."""

from datetime import date
from uuid import UUID

from schoolgate.common import clock
from schoolgate.common.errors import BadInput, Denied
from schoolgate.people.access import Scope
from schoolgate.people.models import GuardianLimit
from schoolgate.people.permissions import Permission
from schoolgate.people.rules.register import allowed

NOT_FOR_PUPILS = "Only someone who keeps the register or records picture consents may see pupils."
SEES_PUPILS = (Permission.USER_MANAGE, Permission.CONSENT_RECORD, Permission.CONSENT_PROTECTED)
LIMITS_GUARDIANS = (Permission.USER_MANAGE, Permission.CONSENT_PROTECTED)
NOT_PROTECTED = "Only the safeguarding lead may see or change this."


def check_can_see_pupils(by: Scope, school_id: UUID) -> None:
    """Pupils and their families are for those who keep the register, record consents, or protect a child."""
    if not any(by.may(permission, school_id) for permission in SEES_PUPILS):
        raise Denied(NOT_FOR_PUPILS)


def can_see_pupils(by: Scope, school_id: UUID) -> bool:
    return allowed(check_can_see_pupils, by, school_id)


def check_can_protect(by: Scope, school_id: UUID) -> None:
    """Whether a child is looked after is known to the safeguarding lead alone (permission consent.protected)."""
    by.require(Permission.CONSENT_PROTECTED, school_id, NOT_PROTECTED)


def can_protect(by: Scope, school_id: UUID) -> bool:
    return allowed(check_can_protect, by, school_id)


def check_last_day(starts_on: date | None, ends_on: date) -> None:
    """A last day cannot come before the first."""
    if starts_on and ends_on < starts_on:
        raise BadInput(f"The last day must be {clock.in_words(starts_on)}, the first day, or later.", "ends_on")


def check_can_limit_guardian(by: Scope, school_id: UUID, *, now: str, wanted: str) -> None:
    """Whoever keeps the register or protects a child says who may answer; only the safeguarding lead lifts a restriction."""
    if not can_limit_guardian(by, school_id):
        raise Denied("Only someone who keeps the register, or the safeguarding lead, says who may answer for a pupil.")
    if now == GuardianLimit.Kind.RESTRICTED and wanted != now and not by.may(Permission.CONSENT_PROTECTED, school_id):
        raise Denied("Only the safeguarding lead may lift a restriction.")


def can_limit_guardian(by: Scope, school_id: UUID) -> bool:
    return any(by.may(permission, school_id) for permission in LIMITS_GUARDIANS)
